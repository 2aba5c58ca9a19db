/** A decompressor's view of the stage below it: a window of bytes that slides forward. */
import type { ByteStage } from './byte-source.ts';

const CAPACITY = 256 * 1024;

export class Intake {
  readonly #stage: ByteStage;
  readonly #bytes = new Uint8Array(CAPACITY);
  #from = 0;
  #to = 0;
  /** The stage below has no more: each question would cost a read. */
  #isOver = false;
  /** Offset, in the bytes of the stage below, of the next byte to be taken. */
  position = 0;

  constructor(stage: ByteStage) {
    this.#stage = stage;
  }

  /** Bytes at hand. */
  get length(): number {
    return this.#to - this.#from;
  }

  /** True if `count` bytes (at most 256 KiB) are at hand, after reading on as far as needed. */
  async want(count: number): Promise<boolean> {
    while (this.length < count) {
      if (this.#isOver) return false;
      if (this.#from > 0) {
        this.#bytes.copyWithin(0, this.#from, this.#to);
        this.#to -= this.#from;
        this.#from = 0;
      }
      const got = await this.#stage.fill(this.#bytes.subarray(this.#to));
      this.#isOver = got === 0;
      this.#to += got;
    }
    return true;
  }

  /** The byte `offset` after the next one; it must be at hand. */
  byte(offset: number): number {
    return this.#bytes[this.#from + offset] ?? 0;
  }

  /** Little-endian 32 bits, likewise. */
  word(offset: number): number {
    const low = this.byte(offset) | (this.byte(offset + 1) << 8) | (this.byte(offset + 2) << 16);
    return (low | (this.byte(offset + 3) << 24)) >>> 0;
  }

  /** The next `count` bytes at hand, in place: valid until `want` is called again. */
  view(count: number): Uint8Array {
    return this.#bytes.subarray(this.#from, this.#from + count);
  }

  /** Moves on past bytes at hand. */
  advance(count: number): void {
    this.#from += count;
    this.position += count;
  }

  /** Moves on past `count` bytes, at hand or not; false if the stage ends before. */
  async skip(count: number): Promise<boolean> {
    let left = count;
    while (left > 0) {
      if (!(await this.want(1))) return false;
      const step = Math.min(left, this.length);
      this.advance(step);
      left -= step;
    }
    return true;
  }
}
