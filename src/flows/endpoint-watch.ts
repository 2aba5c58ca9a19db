/**
 * The listed endpoints, among which both ends of every flow record are looked for. Filled from the pool list before the
 * records come, and then with the addresses of names in the logs, as they come.
 *
 * Prefixes are kept by length: an address is looked up once per length, cut to that length. Nearly all answers are "no", and a
 * small field of bits gives most of them, in the kernel.
 */
import { maskWords } from '../address.ts';
import { totalOf } from '../order.ts';
import { grown } from '../packets/columns.ts';
import type { ListedField } from '../rows/sieve.ts';
import { AddressTable } from './address-table.ts';

const ADDRESS_BITS = 128;
const MOST_ADDRESSES = 1 << 22;
const FIRST_SLOTS = 1 << 12;
/** Bits of the field for each prefix: one "no" in sixteen is left to the table. */
const FIELD_BITS = 16;

export class EndpointWatch {
  /** By length, from single addresses to the widest prefix. */
  private readonly lengths: PrefixLength[] = [];

  /** Endpoints added, those that were known counted again. */
  size = 0;

  /**
   * Adds an endpoint; port 0 stands for all of the address. With a `length` (of 128 bits, IPv4 as ::ffff:a.b.c.d) it
   * stands for every address with these first bits.
   */
  add(words: ArrayLike<number>, port: number, length = ADDRESS_BITS): void {
    let kept = this.lengths.find((each) => each.length === length);
    if (kept === undefined) {
      kept = new PrefixLength(length);
      this.lengths.push(kept);
      this.lengths.sort((a, b) => b.length - a.length);
    }
    if (kept.add(words, port)) this.size++;
  }

  has(w0: number, w1: number, w2: number, w3: number, port: number): boolean {
    const lengths = this.lengths;
    for (let i = 0; i < lengths.length; i++) if (lengths[i].has(w0, w1, w2, w3, port)) return true;
    return false;
  }

  /** Addresses and prefixes kept: when there are more, `fields` has more to say. */
  get kept(): number {
    return totalOf(this.lengths, ({ kept }) => kept);
  }

  /** For the kernel, which is to tell addresses that are not listed (kernel/records/sieve.ts). */
  fields(): ListedField[] {
    return this.lengths.map(({ field: { mask0, mask1, mask3, shift, bits } }) => ({
      masks: [mask0, mask1, mask3],
      shift,
      bits,
    }));
  }

  /** Is some port of this address listed? */
  hasAddress(w0: number, w1: number, w2: number, w3: number): boolean {
    const lengths = this.lengths;
    for (let i = 0; i < lengths.length; i++) if (lengths[i].find(w0, w1, w2, w3) >= 0) return true;
    return false;
  }
}

/** Which addresses may begin with a listed prefix of one length. */
export class PrefixField {
  readonly mask0: number;
  readonly mask1: number;
  readonly mask2: number;
  readonly mask3: number;
  /** Leaves of a hash as many bits as tell a bit of the field. */
  readonly shift: number;

  constructor(
    length: number,
    readonly bits: Int32Array,
  ) {
    const masks = Int32Array.from(maskWords([-1, -1, -1, -1], length));
    [this.mask0, this.mask1, this.mask2, this.mask3] = masks;
    this.shift = Math.clz32(bits.length * 32 - 1);
  }

  /** The kernel looks for the same bit (kernel/records/sieve.ts). */
  mark(w0: number, w1: number, w3: number): void {
    const folded = Math.imul((w1 & this.mask1) ^ (w0 & this.mask0), 0x85ebca77);
    const bit = Math.imul((w3 & this.mask3) ^ folded, 0x9e3779b1) >>> this.shift;
    this.bits[bit >>> 5] |= 1 << (bit & 31);
  }
}

/** Prefixes of one length. */
export class PrefixLength {
  private readonly addresses = new AddressTable(MOST_ADDRESSES);
  /** By address: 1 if every port counts. */
  private whole = new Uint8Array(this.addresses.capacity);
  field: PrefixField;
  /** Address number * 65536 + port, plus one; 0 if empty; at most half full. */
  private places = new Float64Array(FIRST_SLOTS);
  private placeCount = 0;

  constructor(readonly length: number) {
    this.field = emptyField(length, this.addresses.capacity);
  }

  get kept(): number {
    return this.addresses.size;
  }

  /** False if there is no room for more. */
  add(words: ArrayLike<number>, port: number): boolean {
    const { mask0, mask1, mask2, mask3 } = this.field;
    const address = this.addresses.add(
      words[0] & mask0,
      words[1] & mask1,
      words[2] & mask2,
      words[3] & mask3,
    );
    if (address < 0) return false;
    if (this.whole.length < this.addresses.capacity) this.grow();
    this.field.mark(words[0], words[1], words[3]);
    if (port === 0) this.whole[address] = 1;
    else this.addPlace(address * 65536 + port + 1);
    return true;
  }

  has(w0: number, w1: number, w2: number, w3: number, port: number): boolean {
    const address = this.find(w0, w1, w2, w3);
    if (address < 0) return false;
    return this.whole[address] === 1 || this.places[this.slot(address * 65536 + port + 1)] !== 0;
  }

  /** Number of the address, or -1. */
  find(w0: number, w1: number, w2: number, w3: number): number {
    const { mask0, mask1, mask2, mask3 } = this.field;
    return this.addresses.find(w0 & mask0, w1 & mask1, w2 & mask2, w3 & mask3);
  }

  private grow(): void {
    this.whole = grown(this.whole, new Uint8Array(this.addresses.capacity));
    this.field = emptyField(this.length, this.whole.length);
    const words = new Int32Array(4);
    for (let address = 0; address < this.addresses.size; address++) {
      this.addresses.words(address, words);
      this.field.mark(words[0], words[1], words[3]);
    }
  }

  private slot(place: number): number {
    const mask = this.places.length - 1;
    let slot = Math.imul((place % 4294967296) | 0, 0x9e3779b1) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    while (this.places[slot] !== 0 && this.places[slot] !== place) slot = (slot + 1) & mask;
    return slot;
  }

  private addPlace(place: number): void {
    const slot = this.slot(place);
    if (this.places[slot] === place) return;
    this.places[slot] = place;
    this.placeCount++;
    if (this.placeCount * 2 <= this.places.length) return;
    const old = this.places;
    this.places = new Float64Array(old.length * 2);
    for (const each of old) if (each !== 0) this.places[this.slot(each)] = each;
  }
}

/** A field for so many prefixes. */
function emptyField(length: number, prefixes: number): PrefixField {
  return new PrefixField(length, new Int32Array((prefixes * FIELD_BITS) / 32));
}
