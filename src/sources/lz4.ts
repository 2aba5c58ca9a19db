/**
 * LZ4 frames (lz4_Frame_format.md of the LZ4 project, 1.6.4), one after another, skippable ones between them: blocks
 * that may refer to those before, with their checksums (xxHash, 32 bits). The kernel decodes and checks blocks, in its
 * memory. Left out: dictionaries, and the legacy frame.
 */

import { borrowKernel, type RecordsKernel, returnKernel } from '../rows/records-kernel.ts';
import { AT } from '../schema/records-memory.ts';
import { type Decoder, framed, magicOf } from './decoder.ts';
import type { Intake } from './intake.ts';

const MAGIC = 0x184d2204;
/** The hashes of the kernel: that of a frame's content, and that of what is read at once. */
const CONTENT = 0;
const PIECE = 1;
/** How far a match may reach back, into blocks before. */
const HISTORY = 64 * 1024;
const UNCOMPRESSED = 0x8000_0000;

export function isLz4(head: Uint8Array): boolean {
  return magicOf(head) === MAGIC;
}

/** Flags: version 01 | independent | block checksum | content size | content checksum | reserved | dictionary. */
export const readLz4 = framed(MAGIC, async function* (intake) {
  if (!(await intake.want(7))) return 'truncated-compression';
  const flags = intake.byte(4);
  const largest = (intake.byte(5) >>> 4) & 7;
  const descriptorBytes = 2 + ((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0);
  if (!(await intake.want(4 + descriptorBytes + 1))) return 'truncated-compression';
  const kernel = borrowKernel();
  try {
    kernel.bytes.set(intake.view(4 + descriptorBytes).subarray(4), AT.text);
    const sum = hashOf(kernel, AT.text, AT.text + descriptorBytes);
    const isSound = ((sum >>> 8) & 0xff) === intake.byte(4 + descriptorBytes);
    // A dictionary is not at hand; its matches would be wrong.
    if (flags >>> 6 !== 1 || largest < 4 || (flags & 0x01) !== 0 || !isSound) return 'compression-error';
    intake.advance(4 + descriptorBytes + 1);
    return yield* readBlocks(intake, new Window(kernel, 1 << (8 + 2 * largest)), flags);
  } finally {
    returnKernel(kernel);
  }
});

async function* readBlocks(intake: Intake, window: Window, flags: number): ReturnType<Decoder> {
  const isLinked = (flags & 0x20) === 0;
  const hasBlockChecksum = (flags & 0x10) !== 0;
  const hasContentChecksum = (flags & 0x04) !== 0;
  for (;;) {
    if (!(await intake.want(4))) return 'truncated-compression';
    const header = intake.word(0);
    intake.advance(4);
    if (header === 0) break;
    const stored = header & ~UNCOMPRESSED;
    if (stored > window.blockBytes) return 'compression-error';
    if (!(await window.load(intake, stored))) return 'truncated-compression';
    if (hasBlockChecksum) {
      if (!(await intake.want(4))) return 'truncated-compression';
      if (window.storedSum(stored) !== intake.word(0)) return 'compression-error';
      intake.advance(4);
    }
    const block = window.decode(stored, header >= UNCOMPRESSED, isLinked, hasContentChecksum);
    if (block === null) return 'compression-error';
    yield block;
  }
  if (!hasContentChecksum) return null;
  if (!(await intake.want(4))) return 'truncated-compression';
  if (window.contentSum() !== intake.word(0)) return 'compression-error';
  intake.advance(4);
  return null;
}

/** Of a frame: what the block before left, and behind it the current block. */
class Window {
  readonly packed: Uint8Array;
  readonly #kernel: RecordsKernel;
  readonly #bytes: Uint8Array;
  /** Bytes of blocks before that a match may refer to. */
  #history = 0;

  constructor(
    kernel: RecordsKernel,
    readonly blockBytes: number,
  ) {
    const { bytes } = kernel;
    this.#kernel = kernel;
    this.packed = bytes.subarray(AT.input, AT.input + blockBytes);
    this.#bytes = bytes.subarray(AT.plain, AT.plain + HISTORY + blockBytes);
    kernel.calls.beginHash(CONTENT);
  }

  /** Takes a block's stored bytes from the intake, which holds less at once; false if it ends before. */
  async load(intake: Intake, stored: number): Promise<boolean> {
    let loaded = 0;
    while (loaded < stored) {
      if (!(await intake.want(1))) return false;
      const count = Math.min(intake.length, stored - loaded);
      this.packed.set(intake.view(count), loaded);
      intake.advance(count);
      loaded += count;
    }
    return true;
  }

  /** The checksum of the current stored block. */
  storedSum(stored: number): number {
    return hashOf(this.#kernel, this.packed.byteOffset, this.packed.byteOffset + stored);
  }

  /** The checksum of the content of all blocks that were decoded `isSummed`. */
  contentSum(): number {
    return this.#kernel.calls.endHash(CONTENT) >>> 0;
  }

  /** The block's bytes, on their own; null if it is broken. */
  decode(stored: number, isPlain: boolean, isLinked: boolean, isSummed: boolean): Uint8Array | null {
    const from = this.#history;
    let to = from + stored;
    if (isPlain) this.#bytes.set(this.packed.subarray(0, stored), from);
    else {
      const packed = this.packed.byteOffset;
      const first = this.#bytes.byteOffset;
      const limit = first + from + this.blockBytes;
      const made = this.#kernel.calls.decodeLz4(packed, packed + stored, first, first + from, limit);
      if (made < 0) return null;
      to = from + made;
    }
    const base = this.#bytes.byteOffset;
    if (isSummed) this.#kernel.calls.addToHash(CONTENT, base + from, base + to);
    const block = this.#bytes.slice(from, to);
    if (isLinked) {
      const kept = Math.min(HISTORY, to);
      this.#bytes.copyWithin(0, to - kept, to);
      this.#history = kept;
    }
    return block;
  }
}

/** The xxHash of bytes in the kernel's memory. */
function hashOf({ calls }: RecordsKernel, from: number, to: number): number {
  calls.beginHash(PIECE);
  calls.addToHash(PIECE, from, to);
  return calls.endHash(PIECE) >>> 0;
}
