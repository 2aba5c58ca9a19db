/**
 * A stream of bytes as whole blocks in place, in the kernel's memory, say: they are read straight to where they will lie, as
 * many as the block wanted has and the head of the next, so that hardly a byte is copied.
 */
import type { FlowSource } from '../flow-reading.ts';

/** Read at least at once: blocks may be small. Also what is copied at most, to the beginning of the room. */
const LEAST_BYTES = 64 * 1024;
/** Of the next block, so that its head costs no reading of its own. */
const HEAD_BYTES = 12;

export class BlockIntake {
  /** Where the bytes that `take` gave begin. */
  at = 0;
  /** Offset in the input of the next byte to be taken. */
  position = 0;
  readonly #source: FlowSource;
  readonly #first: number;
  #from: number;
  #to: number;

  /** Reads into `bytes` from `first` on. */
  constructor(
    source: FlowSource,
    readonly bytes: Uint8Array,
    first = 0,
  ) {
    this.#source = source;
    this.#first = first;
    this.#from = first;
    this.#to = first;
  }

  /**
   * Reads the next `count` bytes (no more than a block has), which stay until the next call. False if the input ends
   * before; what is left of it is then `rest`.
   */
  async next(count: number): Promise<boolean> {
    if (this.#to - this.#from < count && !(await this.#read(count))) return false;
    this.at = this.#from;
    this.#from += count;
    this.position += count;
    return true;
  }

  get rest(): number {
    return this.#to - this.#from;
  }

  /** Reads until there are so many bytes. */
  async #read(count: number): Promise<boolean> {
    this.bytes.copyWithin(this.#first, this.#from, this.#to);
    this.#to -= this.#from - this.#first;
    this.#from = this.#first;
    const wanted = this.#first + Math.max(count + HEAD_BYTES, LEAST_BYTES);
    while (this.rest < count) {
      const got = await this.#source.fill(this.bytes.subarray(this.#to, wanted), true);
      if (got === 0) return false;
      this.#to += got;
    }
    return true;
  }
}
