/** A window of a stage's bytes that slides forward: what is in it is looked at, taken, or handed on. */
import type { ByteStage } from './byte-source.ts';

const CAPACITY = 256 * 1024;
/** Who only looks reads no more than this, or what is looked at. */
const LOOK_BYTES = 4096;

export class Intake {
  readonly #fill: ByteStage['fill'];
  #bytes = new Uint8Array(0);
  #from = 0;
  #to = 0;
  /** The stage below has no more: each question would cost a read. */
  #isOver = false;
  /** Offset, in the bytes of the stage below, of the next byte to be taken. */
  position = 0;

  constructor(fill: ByteStage['fill']) {
    this.#fill = fill;
  }

  /** Bytes at hand. */
  get length(): number {
    return this.#to - this.#from;
  }

  /** True if `count` bytes are at hand, after reading on as far as needed, and perhaps up to `most`. */
  async want(count: number, most = CAPACITY): Promise<boolean> {
    while (this.length < count) {
      if (this.#isOver) return false;
      this.#makeRoom(Math.max(count, CAPACITY));
      const got = await this.#fill(this.#bytes.subarray(this.#to, Math.max(count, most)));
      this.#isOver = got === 0;
      this.#to += got;
    }
    return true;
  }

  /** Moves what is at hand to the start of room for so many bytes. */
  #makeRoom(bytes: number): void {
    if (this.#from === 0 && this.#bytes.length >= bytes) return;
    const room = this.#bytes.length < bytes ? new Uint8Array(bytes) : this.#bytes;
    room.set(this.#bytes.subarray(this.#from, this.#to));
    this.#bytes = room;
    this.#to -= this.#from;
    this.#from = 0;
  }

  /** The next `count` bytes (fewer at the end), which stay to be taken. */
  async peek(count: number): Promise<Uint8Array> {
    await this.want(count, LOOK_BYTES);
    return this.view(Math.min(count, this.length));
  }

  async fill(target: Uint8Array, onTheSpot?: boolean): Promise<number> {
    if (this.length === 0) return this.#fill(target, onTheSpot);
    const count = Math.min(this.length, target.length);
    target.set(this.view(count));
    this.advance(count);
    return count;
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
