/**
 * Zstandard (RFC 8878): frames one after another, skippable frames between them. Frames are cut into blocks here,
 * so that what a hostile window costs is bounded and a cut is told from an error; the blocks go to node:zlib where
 * this Node has Zstandard, else to fzstd. Left out: dictionaries.
 */
import * as zlib from 'node:zlib';
import { Decompress, decompress } from 'fzstd';
import type { SourceDamage } from './byte-source.ts';
import { type Closing, type Decoder, NOTHING } from './decoder.ts';
import { Engine, type ZlibStream } from './engine.ts';
import type { Intake } from './intake.ts';

const MAGIC = 0xfd2fb528;
/** The largest window that the zstd tool itself accepts unasked, with --long. */
const MAX_WINDOW_BYTES = 128 * 1024 * 1024;
const MAX_BLOCK_BYTES = 128 * 1024;

export function isZstd(head: Uint8Array): boolean {
  if (head.length < 4) return false;
  const magic = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0, true);
  return magic === MAGIC || isSkippable(magic);
}

export const readZstd: Decoder = async function* (intake, closing) {
  while (await intake.want(1)) {
    if (!(await intake.want(4))) return 'truncated-compression';
    const magic = intake.word(0);
    if (isSkippable(magic)) {
      if (!(await intake.want(8))) return 'truncated-compression';
      if (!(await intake.skip(8 + intake.word(4)))) return 'truncated-compression';
    } else if (magic === MAGIC) {
      const damage = yield* readFrame(intake, closing);
      if (damage !== null) return damage;
      yield NOTHING;
    } else {
      return 'compression-error';
    }
  }
  return null;
};

function isSkippable(magic: number): boolean {
  return magic >>> 4 === 0x184d2a5;
}

async function* readFrame(
  intake: Intake,
  closing: Closing,
): AsyncGenerator<Uint8Array, SourceDamage | null, undefined> {
  if (!(await intake.want(6))) return 'truncated-compression';
  const descriptor = intake.byte(4);
  const headerBytes = frameHeaderBytes(descriptor);
  if (!(await intake.want(headerBytes))) return 'truncated-compression';
  if (windowBytes(intake, descriptor) > MAX_WINDOW_BYTES) return 'compression-error';

  const decoder = openFrame();
  closing.release = () => decoder.close();
  const checksumBytes = descriptor & 4 ? 4 : 0;
  let lead = headerBytes;
  try {
    for (let last = false; !last; ) {
      if (!(await intake.want(lead + 3))) return 'truncated-compression';
      // Three bytes: last block (1 bit), type (2 bits), size (21 bits).
      const header = intake.word(lead) & 0xffffff;
      const type = (header >>> 1) & 3;
      const size = header >>> 3;
      last = (header & 1) === 1;
      if (type === 3 || size > MAX_BLOCK_BYTES) return 'compression-error';
      // A run-length block stores its one byte.
      const stored = lead + 3 + (type === 1 ? 1 : size) + (last ? checksumBytes : 0);
      if (!(await intake.want(stored))) return 'truncated-compression';
      decoder.push(intake.view(stored), last);
      for (let chunk = await decoder.next(); chunk !== null; chunk = await decoder.next()) yield chunk;
      if (decoder.failure !== null) return 'compression-error';
      intake.advance(stored);
      lead = 0;
    }
  } finally {
    decoder.close();
  }
  return null;
}

/**
 * Decodes one frame that says how much it holds, all of it at once, to `target`; returns how many bytes it made, -1 if it is
 * broken, or holds more than there is room for.
 */
export function decodeZstd(frame: Uint8Array, target: Uint8Array): number {
  const content = contentBytes(frame);
  if (content === null || content === 0 || content > target.length || !isOneFrame(frame)) return -1;
  const native: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  try {
    const made = isDecompress(native)
      ? native(frame, { maxOutputLength: target.length })
      : decompress(frame.slice());
    if (made.length > target.length) return -1;
    target.set(made);
    return made.length;
  } catch {
    return -1;
  }
}

// The type definitions of Node 20 do not know it.
function isDecompress(value: unknown): value is (frame: Uint8Array, options: object) => Uint8Array {
  return typeof value === 'function';
}

/** True if the frame's blocks end where the bytes end. */
function isOneFrame(frame: Uint8Array): boolean {
  const descriptor = frame[4];
  let at = frameHeaderBytes(descriptor);
  for (let last = false; !last; ) {
    if (at + 3 > frame.length) return false;
    const header = frame[at] | (frame[at + 1] << 8) | (frame[at + 2] << 16);
    const type = (header >>> 1) & 3;
    if (type === 3 || header >>> 3 > MAX_BLOCK_BYTES) return false;
    last = (header & 1) === 1;
    at += 3 + (type === 1 ? 1 : header >>> 3);
  }
  return at + (descriptor & 4 ? 4 : 0) === frame.length;
}

/** What a frame says that it holds; null if it does not say, or is none. */
function contentBytes(frame: Uint8Array): number | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const descriptor = frame[4] ?? 0;
  if (frame.length < frameHeaderBytes(descriptor) || view.getUint32(0, true) !== MAGIC) return null;
  // No dictionary is at hand.
  if ((descriptor & 3) !== 0) return null;
  const flag = descriptor >>> 6;
  const isSingle = (descriptor & 0x20) !== 0;
  const at = isSingle ? 5 : 6;
  if (flag === 0) return isSingle ? frame[at] : null;
  if (flag === 1) return view.getUint16(at, true) + 256;
  return flag === 2 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}

/** Magic, descriptor, then window, dictionary id and content size as the descriptor says. */
function frameHeaderBytes(descriptor: number): number {
  const isSingle = (descriptor & 0x20) !== 0;
  const contentFlag = descriptor >>> 6;
  const contentBytes = contentFlag === 0 ? (isSingle ? 1 : 0) : 1 << contentFlag;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  return 5 + (isSingle ? 0 : 1) + dictionaryBytes + contentBytes;
}

function windowBytes(intake: Intake, descriptor: number): number {
  if ((descriptor & 0x20) === 0) {
    const byte = intake.byte(5);
    const base = 2 ** (10 + (byte >>> 3));
    return base + (base / 8) * (byte & 7);
  }
  // A single segment: the window is the content, whose size stands behind the dictionary id.
  const at = 5 + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  const flag = descriptor >>> 6;
  if (flag === 0) return intake.byte(at);
  if (flag === 1) return (intake.byte(at) | (intake.byte(at + 1) << 8)) + 256;
  return flag === 2 ? intake.word(at) : intake.word(at) + intake.word(at + 4) * 2 ** 32;
}

/** Decodes one frame, block by block; the first block comes with the frame's header. */
interface FrameDecoder {
  push(block: Uint8Array, last: boolean): void;
  next(): Promise<Uint8Array | null>;
  readonly failure: string | null;
  close(): void;
}

function openFrame(): FrameDecoder {
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  return isFactory(create) ? new NativeFrame(create()) : new ScriptFrame();
}

// The type definitions of Node 20 do not know it.
function isFactory(value: unknown): value is () => ZlibStream {
  return typeof value === 'function';
}

class NativeFrame implements FrameDecoder {
  readonly #engine: Engine;
  #last = false;

  constructor(stream: ZlibStream) {
    this.#engine = new Engine(stream);
  }

  get failure(): string | null {
    return this.#engine.failure;
  }

  push(block: Uint8Array, last: boolean): void {
    this.#last = last;
    this.#engine.push(block);
  }

  async next(): Promise<Uint8Array | null> {
    const chunk = await this.#engine.next();
    if (chunk !== null || !this.#last || this.#engine.failure !== null || this.#engine.ended) return chunk;
    this.#last = false;
    this.#engine.finish();
    return this.#engine.next();
  }

  close(): void {
    this.#engine.close();
  }
}

class ScriptFrame implements FrameDecoder {
  failure: string | null = null;
  #chunks: Uint8Array[] = [];
  readonly #decompress = new Decompress((chunk) => {
    if (chunk.length > 0) this.#chunks.push(chunk);
  });

  push(block: Uint8Array, last: boolean): void {
    try {
      // A copy: the decoder keeps what it cannot use yet.
      this.#decompress.push(block.slice(), last);
    } catch {
      this.failure = 'INVALID';
    }
  }

  async next(): Promise<Uint8Array | null> {
    return this.#chunks.shift() ?? null;
  }

  close(): void {
    this.#chunks = [];
  }
}
