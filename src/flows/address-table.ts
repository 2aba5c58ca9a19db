/**
 * HOT. IP addresses to small numbers, in order of first appearance: open addressing over four-word keys. What belongs
 * to an address is the owner's columns under its number. Nothing is allocated per look-up.
 */
import { grown } from '../packets/columns.ts';

const FIRST_CAPACITY = 1 << 10;

export class AddressTable {
  /** Addresses kept. */
  size = 0;
  private readonly maximum: number;
  private readonly seed = (Math.random() * 0x100000000) | 0;
  private keys = new Int32Array(FIRST_CAPACITY * 4);
  /** Number + 1, or 0 if empty; at most half full. */
  private index = new Int32Array(FIRST_CAPACITY * 2);

  constructor(maximum: number) {
    this.maximum = maximum;
  }

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

  private hash(w0: number, w1: number, w2: number, w3: number): number {
    let hash = Math.imul(w3 ^ this.seed, 0x9e3779b1);
    hash = Math.imul((hash ^ (hash >>> 15)) + w2, 0x85ebca77);
    hash = Math.imul((hash ^ (hash >>> 13)) + w1, 0xc2b2ae3d);
    hash = Math.imul((hash ^ (hash >>> 16)) + w0, 0x27d4eb2f);
    return hash ^ (hash >>> 15);
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
