/**
 * Zstandard (RFC 8878): frames one after another, skippable frames between them. Frames are cut into blocks here,
 * so that what a hostile window costs is bounded and a cut is told from an error; the blocks go to node:zlib where
 * this Node has Zstandard, else to fzstd. Left out: dictionaries.
 */
import * as zlib from 'node:zlib';
import { Decompress, decompress } from 'fzstd';
import { framed, isSkippable, magicOf } from './decoder.ts';
import { Engine, type ZlibStream } from './engine.ts';

const MAGIC = 0xfd2fb528;
/** The largest window that the zstd tool itself accepts unasked, with --long. */
const MAX_WINDOW_BYTES = 128 * 1024 * 1024;
const MAX_BLOCK_BYTES = 128 * 1024;

export function isZstd(head: Uint8Array): boolean {
  return magicOf(head) === MAGIC || isSkippable(magicOf(head));
}

export const readZstd = framed(MAGIC, async function* (intake, closing) {
  if (!(await intake.want(6))) return 'truncated-compression';
  const descriptor = intake.byte(4);
  const headerBytes = frameHeaderBytes(descriptor);
  if (!(await intake.want(headerBytes))) return 'truncated-compression';
  if (windowBytes(intake.view(headerBytes)) > MAX_WINDOW_BYTES) return 'compression-error';

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
});

/**
 * Decodes one frame that says how much it holds, all of it at once, to `target`; returns how many bytes it made, -1 if it is
 * broken, or holds more than there is room for.
 */
export function decodeZstd(frame: Uint8Array, target: Uint8Array): number {
  // No dictionary is at hand.
  if (!isOneFrame(frame) || (frame[4] & 3) !== 0) return -1;
  const content = contentBytes(frame);
  if (content === null || content === 0 || content > target.length) return -1;
  const native: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  try {
    const made = isThere<(frame: Uint8Array, options: object) => Uint8Array>(native)
      ? native(frame, { maxOutputLength: target.length })
      : decompress(frame.slice());
    if (made.length > target.length) return -1;
    target.set(made);
    return made.length;
  } catch {
    return -1;
  }
}

/** True of a function that this Node has; the type definitions of Node 20 do not know it. */
function isThere<Known extends (...given: never[]) => unknown>(value: unknown): value is Known {
  return typeof value === 'function';
}

/** True if the blocks of a frame end where the bytes end. */
function isOneFrame(frame: Uint8Array): boolean {
  const descriptor = frame[4] ?? 0;
  if (frame.length < frameHeaderBytes(descriptor) || magicOf(frame) !== MAGIC) return false;
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

/** What a frame says that it holds, behind its dictionary id; null if it does not say. */
function contentBytes(frame: Uint8Array): number | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const flag = frame[4] >>> 6;
  const isSingle = (frame[4] & 0x20) !== 0;
  if (flag === 0 && !isSingle) return null;
  const bytes = 1 << flag;
  const at = frameHeaderBytes(frame[4]) - bytes;
  if (bytes === 1) return frame[at];
  if (bytes === 2) return view.getUint16(at, true) + 256;
  return bytes === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}

/** Magic, descriptor, then window, dictionary id and content size as the descriptor says. */
function frameHeaderBytes(descriptor: number): number {
  const isSingle = (descriptor & 0x20) !== 0;
  const contentFlag = descriptor >>> 6;
  const contentBytes = contentFlag === 0 ? (isSingle ? 1 : 0) : 1 << contentFlag;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  return 5 + (isSingle ? 0 : 1) + dictionaryBytes + contentBytes;
}

/** Of a single segment the window is the content. */
function windowBytes(header: Uint8Array): number {
  if ((header[4] & 0x20) !== 0) return contentBytes(header) ?? 0;
  const base = 2 ** (10 + (header[5] >>> 3));
  return base + (base / 8) * (header[5] & 7);
}

/** Decodes one frame, block by block; the first block comes with the frame's header. */
type FrameDecoder = Pick<Engine, 'push' | 'next' | 'failure' | 'close'>;

function openFrame(): FrameDecoder {
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  return isThere<() => ZlibStream>(create) ? new Engine(create()) : new ScriptFrame();
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
