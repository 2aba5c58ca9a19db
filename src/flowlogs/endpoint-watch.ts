/**
 * HOT. Which endpoints are listed: the question asked of both ends of every flow record. Filled before the records
 * come, from the pool list and from names that logs tie to addresses.
 */
import { AddressTable } from './address-table.ts';

const MOST_ADDRESSES = 1 << 22;
const FIRST_SLOTS = 1 << 12;

export class EndpointWatch {
  readonly #addresses = new AddressTable(MOST_ADDRESSES);
  /** By address: 1 where every port counts. */
  #whole = new Uint8Array(this.#addresses.capacity);
  /** Address number * 65536 + port, plus one; 0 where empty; at most half full. */
  #places = new Float64Array(FIRST_SLOTS);
  #placeCount = 0;

  /** Endpoints added, those that were known counted again. */
  size = 0;

  /** Adds an endpoint; port 0 stands for all of the address. */
  add(words: ArrayLike<number>, port: number): void {
    const address = this.#addresses.add(words[0] | 0, words[1] | 0, words[2] | 0, words[3] | 0);
    if (address < 0) return;
    this.size++;
    if (this.#whole.length < this.#addresses.capacity) {
      const whole = new Uint8Array(this.#addresses.capacity);
      whole.set(this.#whole);
      this.#whole = whole;
    }
    if (port === 0) this.#whole[address] = 1;
    else this.#addPlace(address * 65536 + port + 1);
  }

  has(w0: number, w1: number, w2: number, w3: number, port: number): boolean {
    const address = this.#addresses.find(w0, w1, w2, w3);
    if (address < 0) return false;
    return this.#whole[address] === 1 || this.#places[this.#slot(address * 65536 + port + 1)] !== 0;
  }

  #slot(place: number): number {
    const mask = this.#places.length - 1;
    let slot = Math.imul((place % 4294967296) | 0, 0x9e3779b1) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    while (this.#places[slot] !== 0 && this.#places[slot] !== place) slot = (slot + 1) & mask;
    return slot;
  }

  #addPlace(place: number): void {
    const slot = this.#slot(place);
    if (this.#places[slot] === place) return;
    this.#places[slot] = place;
    this.#placeCount++;
    if (this.#placeCount * 2 <= this.#places.length) return;
    const old = this.#places;
    this.#places = new Float64Array(old.length * 2);
    for (const each of old) if (each !== 0) this.#places[this.#slot(each)] = each;
  }
}
