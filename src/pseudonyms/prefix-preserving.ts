/**
 * Addresses to addresses of the same family, one to one, so that two which share their first n bits share exactly n bits
 * afterwards: Crypto-PAn (Xu, Fan, Ammar, Moon, 2002) with AES-128, for IPv4 over 32 and for IPv6 over 128 bits. Networks stay
 * recognisable as networks; which ones they are takes the key.
 */
import { type Cipher, createCipheriv } from 'node:crypto';

const BLOCK = 16;

export class PrefixPreserving {
  readonly #cipher: Cipher;
  readonly #pad: Buffer;
  /** One block for each bit of the address: its first bits, then the pad. */
  readonly #blocks = Buffer.alloc(128 * BLOCK);

  /** `key` is 32 bytes: the AES key, and what the pad is made of. */
  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new RangeError('a key of 32 bytes is wanted');
    this.#cipher = createCipheriv('aes-128-ecb', key.subarray(0, 16), null);
    this.#cipher.setAutoPadding(false);
    this.#pad = this.#cipher.update(key.subarray(16));
  }

  /** Maps the 4 or 16 bytes of an address to as many. */
  map(address: Uint8Array): Uint8Array {
    const bits = address.length * 8;
    for (let bit = 0; bit < bits; bit++) {
      const at = bit * BLOCK;
      this.#pad.copy(this.#blocks, at);
      const whole = bit >>> 3;
      for (let i = 0; i < whole; i++) this.#blocks[at + i] = address[i];
      const mask = 0xff00 >>> (bit & 7);
      this.#blocks[at + whole] = (address[whole] & mask & 0xff) | (this.#pad[whole] & ~mask & 0xff);
    }
    const flips = this.#cipher.update(this.#blocks.subarray(0, bits * BLOCK));
    const mapped = Uint8Array.from(address);
    for (let bit = 0; bit < bits; bit++) mapped[bit >>> 3] ^= (flips[bit * BLOCK] >>> 7) << (7 - (bit & 7));
    return mapped;
  }
}
