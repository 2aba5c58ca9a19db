/** Compressed blocks on their way to being read, in order: decoded on the spot, or ahead by somebody else. */
import { BLOCK_LIMIT, type BlockDecoder } from './nfcapd-compression.ts';

export interface BlockQueue {
  /** Blocks that may wait, 1 or more; with so many the oldest has to be taken before the next is pushed. */
  readonly room: number;
  /** Appends source[from, to), of which a copy is kept if need be. */
  push(source: Uint8Array, from: number, to: number): void;
  /** Takes the oldest: its bytes are then in `plain` until the next `push`; returns how many, -1 where it is broken. */
  take(): number;
  readonly plain: DataView;
  /** Forgets what waits. */
  clear(): void;
}

/** Makes a queue for blocks of this compression (nfcapd-compression.ts). */
export type BlockQueues = (compression: number, decode: BlockDecoder) => BlockQueue;

/** Decodes what it is given at once. */
export class DirectQueue implements BlockQueue {
  readonly room = 1;
  readonly #bytes = new Uint8Array(BLOCK_LIMIT);
  readonly plain = new DataView(this.#bytes.buffer);
  readonly #decode: BlockDecoder;
  #produced = -1;

  constructor(decode: BlockDecoder) {
    this.#decode = decode;
  }

  push(source: Uint8Array, from: number, to: number): void {
    this.#produced = this.#decode(source, from, to, this.#bytes);
  }

  take(): number {
    return this.#produced;
  }

  clear(): void {}
}
