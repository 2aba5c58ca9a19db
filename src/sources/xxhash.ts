/** xxHash of 32 bits with seed 0 (xxhash_spec.md of the xxHash project, 0.1.1), piece by piece: the checksum of LZ4. */

const PRIME_1 = 0x9e3779b1;
const PRIME_2 = 0x85ebca77;
const PRIME_3 = 0xc2b2ae3d;
const PRIME_4 = 0x27d4eb2f;
const PRIME_5 = 0x165667b1;
const STRIPE = 16;

const rotated = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));
const round = (lane: number, word: number): number =>
  Math.imul(rotated((lane + Math.imul(word, PRIME_2)) | 0, 13), PRIME_1);

export class XxHash32 {
  #lane1 = (PRIME_1 + PRIME_2) | 0;
  #lane2 = PRIME_2 | 0;
  #lane3 = 0;
  #lane4 = -PRIME_1 | 0;
  #length = 0;
  /** Bytes that do not fill a stripe yet. */
  readonly #rest = new Uint8Array(STRIPE);
  #restBytes = 0;

  static of(bytes: Uint8Array): number {
    const hash = new XxHash32();
    hash.add(bytes);
    return hash.digest();
  }

  add(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let at = 0;
    if (this.#restBytes > 0) {
      at = Math.min(STRIPE - this.#restBytes, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#restBytes);
      this.#restBytes += at;
      if (this.#restBytes < STRIPE) return;
      this.#stripes(this.#rest, 0, STRIPE);
      this.#restBytes = 0;
    }
    const end = at + ((bytes.length - at) & -STRIPE);
    this.#stripes(bytes, at, end);
    this.#rest.set(bytes.subarray(end));
    this.#restBytes = bytes.length - end;
  }

  /** The hash of all that was added, 0 to 2^32 - 1. */
  digest(): number {
    const isLong = this.#length >= STRIPE;
    let hash = isLong
      ? rotated(this.#lane1, 1) +
        rotated(this.#lane2, 7) +
        rotated(this.#lane3, 12) +
        rotated(this.#lane4, 18)
      : PRIME_5;
    // The length counts modulo 2^32.
    hash = (hash + (this.#length % 2 ** 32)) | 0;
    const rest = this.#rest;
    let at = 0;
    for (; at + 4 <= this.#restBytes; at += 4) {
      const word = rest[at] | (rest[at + 1] << 8) | (rest[at + 2] << 16) | (rest[at + 3] << 24);
      hash = Math.imul(rotated((hash + Math.imul(word, PRIME_3)) | 0, 17), PRIME_4);
    }
    for (; at < this.#restBytes; at++) {
      hash = Math.imul(rotated((hash + Math.imul(rest[at], PRIME_5)) | 0, 11), PRIME_1);
    }
    hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
    hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  #stripes(bytes: Uint8Array, from: number, to: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = from; at < to; at += STRIPE) {
      this.#lane1 = round(this.#lane1, view.getUint32(at, true));
      this.#lane2 = round(this.#lane2, view.getUint32(at + 4, true));
      this.#lane3 = round(this.#lane3, view.getUint32(at + 8, true));
      this.#lane4 = round(this.#lane4, view.getUint32(at + 12, true));
    }
  }
}
