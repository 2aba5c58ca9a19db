/**
 * HOT. IP addresses to small numbers, in order of first appearance: open addressing over four-word keys. What belongs
 * to an address is the owner's columns under its number. Nothing is allocated per look-up.
 */
import { randomBytes } from 'node:crypto';
import { grown } from '../packets/columns.ts';

const FIRST_CAPACITY = 1 << 10;

export class AddressTable {
  /** Addresses kept. */
  size = 0;
  private readonly key0 = randomWord();
  private readonly key1 = randomWord();
  private keys = new Int32Array(FIRST_CAPACITY * 4);
  /** Number + 1, or 0 if empty; at most half full. */
  private index = new Int32Array(FIRST_CAPACITY * 2);

  constructor(private readonly maximum: number) {}

  /** Numbers that columns must have room for. */
  get capacity(): number {
    return this.keys.length >> 2;
  }

  /** The address's number, or -1 if it is not kept. */
  find(w0: number, w1: number, w2: number, w3: number): number {
    const index = this.index;
    const words = this.keys;
    const mask = index.length - 1;
    let slot = this.hash(w0, w1, w2, w3) & mask;
    for (let entry = index[slot]; entry !== 0; entry = index[slot]) {
      const at = (entry - 1) << 2;
      if (words[at + 3] === w3 && words[at + 2] === w2 && words[at + 1] === w1 && words[at] === w0)
        return entry - 1;
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  /** The address's number, given if it is new; -1 if the table is full. */
  add(w0: number, w1: number, w2: number, w3: number): number {
    const known = this.find(w0, w1, w2, w3);
    if (known >= 0 || this.size >= this.maximum) return known;
    if (this.size === this.capacity) this.grow();
    const number = this.size++;
    const at = number << 2;
    this.keys[at] = w0;
    this.keys[at + 1] = w1;
    this.keys[at + 2] = w2;
    this.keys[at + 3] = w3;
    this.insert(number);
    return number;
  }

  /** Writes the words of a number to `target[0..3]`. */
  words(number: number, target: Int32Array): void {
    for (let i = 0; i < 4; i++) target[i] = this.keys[number * 4 + i];
  }

  /** HalfSipHash-1-3 of the 16 bytes: who does not know the key cannot aim addresses at one place. */
  private hash(w0: number, w1: number, w2: number, w3: number): number {
    let v0 = this.key0;
    let v1 = this.key1;
    let v2 = v0 ^ 0x6c796765;
    let v3 = v1 ^ 0x74656462;
    // Four words, their length, and three rounds more, whose word is 0.
    for (let i = 0; i < 8; i++) {
      const word = i === 0 ? w0 : i === 1 ? w1 : i === 2 ? w2 : i === 3 ? w3 : i === 4 ? 0x10000000 : 0;
      v3 ^= word;
      v0 = (v0 + v1) | 0;
      v2 = (v2 + v3) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (((v0 << 16) | (v0 >>> 16)) + v3) | 0;
      v2 = (v2 + v1) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = ((v2 << 16) | (v2 >>> 16)) ^ (i === 4 ? 0xff : 0);
      v0 ^= word;
    }
    return v1 ^ v3;
  }

  private insert(number: number): void {
    const words = this.keys;
    const at = number << 2;
    const mask = this.index.length - 1;
    let slot = this.hash(words[at], words[at + 1], words[at + 2], words[at + 3]) & mask;
    while (this.index[slot] !== 0) slot = (slot + 1) & mask;
    this.index[slot] = number + 1;
  }

  private grow(): void {
    this.keys = grown(this.keys, new Int32Array(this.keys.length * 2));
    this.index = new Int32Array(this.index.length * 2);
    for (let number = 0; number < this.size; number++) this.insert(number);
  }
}

function randomWord(): number {
  return randomBytes(4).readInt32LE();
}
