/** Compressed blocks on their way to being read, in order: decoded on the spot, or ahead by somebody else. */
import { allocate } from '../../wasm.ts';
import { BLOCK_LIMIT, BLOCK_ROOM, type BlockDecoder, blockDecoder } from './nfcapd-compression.ts';

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
export type BlockQueues = (compression: number) => BlockQueue;

/** Decodes what it is given at once. */
export class DirectQueue implements BlockQueue {
  readonly room = 1;
  readonly #memory = allocate(2 * BLOCK_ROOM);
  readonly #stored = new Uint8Array(this.#memory.buffer, 0, BLOCK_LIMIT);
  readonly plain = new DataView(this.#memory.buffer, BLOCK_ROOM, BLOCK_LIMIT);
  readonly #decode: BlockDecoder;
  #produced = -1;

  constructor(compression: number) {
    this.#decode = blockDecoder(compression, this.#memory);
  }

  push(source: Uint8Array, from: number, to: number): void {
    this.#stored.set(source.subarray(from, to));
    this.#produced = this.#decode(0, to - from, BLOCK_ROOM, BLOCK_ROOM + BLOCK_LIMIT);
  }

  take(): number {
    return this.#produced;
  }

  clear(): void {}
}
