/**
 * Heads of HTTP/2 to their fields (HPACK, RFC 7541): one decoder a direction, which remembers what earlier heads have named. What
 * it remembers and what it gives out are bounded: a few bytes may stand for a field of kilobytes, and for many of them.
 */
import { textOf } from './bytes.ts';
import { CODE_LENGTHS, type Field, STATIC_TABLE } from './hpack-tables.ts';

/** The dynamic table: what it holds before anybody says otherwise (RFC 9113 6.5.2), and what nobody may exceed here. */
const DEFAULT_TABLE_BYTES = 4096;
const MOST_TABLE_BYTES = 64 * 1024;
/** What an entry costs beside its bytes (RFC 7541 4.1). */
const ENTRY_COST = 32;
/** Bytes of all fields of a head that are given out; the rest is passed over. */
const MOST_HEAD_BYTES = 64 * 1024;
const END_OF_STRING = 256;
const LONGEST_CODE = 30;

/** The codes by length: the first of each, and where its symbol stands among all, shortest codes first (they are canonical). */
const SYMBOLS = CODE_LENGTHS.map((length, symbol) => ({ length, symbol })).sort(
  (a, b) => a.length - b.length || a.symbol - b.symbol,
);
const FIRST_CODES: number[] = [];
const FIRST_PLACES: number[] = [];
for (let length = 0, code = 0, place = 0; length <= LONGEST_CODE; length++) {
  FIRST_CODES.push(code);
  FIRST_PLACES.push(place);
  const count = CODE_LENGTHS.filter((each) => each === length).length;
  place += count;
  code = (code + count) * 2;
}
FIRST_PLACES.push(SYMBOLS.length);

export class HpackDecoder {
  /** Heads of which a part was passed over. */
  tooLong = 0;
  /** Entries of the dynamic table, the oldest first; those before `oldest` are forgotten. */
  private entries: Field[] = [];
  private oldest = 0;
  private tableBytes = 0;
  private most = DEFAULT_TABLE_BYTES;
  private at = 0;

  /** The fields of a head, whose block is all of `bytes[0, to)`; null if that is none. Nothing can be read behind that. */
  decode(bytes: Uint8Array, to: number): ReadonlyMap<string, string> | null {
    const fields = new Map<string, string>();
    let room = MOST_HEAD_BYTES;
    this.at = 0;
    while (this.at < to) {
      const first = bytes[this.at];
      if ((first & 0xe0) === 0x20) {
        const most = this.number(bytes, to, 5);
        if (most < 0 || most > MOST_TABLE_BYTES) return null;
        this.most = most;
        this.forget(0);
        continue;
      }
      const field = this.field(bytes, to, first);
      if (field === null) return null;
      const [name, value] = field;
      room -= name.length + value.length + ENTRY_COST;
      if (room < 0) continue;
      const earlier = fields.get(name);
      fields.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
    }
    if (room < 0) this.tooLong++;
    return fields;
  }

  /** RFC 7541 6.1 and 6.2: an index; or a name, maybe by index, and a value, which the table may take up. */
  private field(bytes: Uint8Array, to: number, first: number): Field | null {
    if (first >= 0x80) return this.entry(this.number(bytes, to, 7));
    const isKept = first >= 0x40;
    const index = this.number(bytes, to, isKept ? 6 : 4);
    const name = index === 0 ? this.string(bytes, to)?.toLowerCase() : this.entry(index)?.[0];
    const value = name === undefined ? null : this.string(bytes, to);
    if (name === undefined || value === null) return null;
    const field: Field = [name, value];
    if (isKept) this.keep(field);
    return field;
  }

  private entry(index: number): Field | null {
    if (index <= 0) return null;
    if (index <= STATIC_TABLE.length) return STATIC_TABLE[index - 1];
    const place = this.entries.length - (index - STATIC_TABLE.length);
    return place >= this.oldest ? this.entries[place] : null;
  }

  private keep(field: Field): void {
    const cost = costOf(field);
    this.forget(cost);
    if (cost > this.most) return;
    this.entries.push(field);
    this.tableBytes += cost;
  }

  /** Makes room for so many bytes (RFC 7541 4.4). */
  private forget(wanted: number): void {
    while (this.oldest < this.entries.length && this.tableBytes + wanted > this.most)
      this.tableBytes -= costOf(this.entries[this.oldest++]);
    if (this.oldest * 2 <= this.entries.length) return;
    this.entries = this.entries.slice(this.oldest);
    this.oldest = 0;
  }

  /** RFC 7541 5.1: a number whose first `bits` stand in the byte; -1 if it is none, or too large for any table or text here. */
  private number(bytes: Uint8Array, to: number, bits: number): number {
    const full = (1 << bits) - 1;
    let value = bytes[this.at++] & full;
    if (value < full) return value;
    for (let shift = 0; shift <= 21 && this.at < to; shift += 7) {
      const byte = bytes[this.at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return -1;
  }

  /** RFC 7541 5.2: a length and so many bytes, coded by Huffman if the first bit says so. */
  private string(bytes: Uint8Array, to: number): string | null {
    if (this.at >= to) return null;
    const isCoded = bytes[this.at] >= 0x80;
    const length = this.number(bytes, to, 7);
    const from = this.at;
    if (length < 0 || from + length > to) return null;
    this.at = from + length;
    return isCoded ? uncoded(bytes, from, this.at) : textOf(bytes, from, this.at, 'latin1');
  }
}

function costOf([name, value]: Field): number {
  return name.length + value.length + ENTRY_COST;
}

/** What Huffman's code says; null if a code is none, or the end is not padded with ones. */
function uncoded(bytes: Uint8Array, from: number, to: number): string | null {
  const said: number[] = [];
  let code = 0;
  let length = 0;
  for (let at = from; at < to; at++) {
    for (let bit = 7; bit >= 0; bit--) {
      code = code * 2 + ((bytes[at] >> bit) & 1);
      length++;
      const place = FIRST_PLACES[length] + code - FIRST_CODES[length];
      if (place < FIRST_PLACES[length + 1]) {
        const { symbol } = SYMBOLS[place];
        if (symbol === END_OF_STRING) return null;
        said.push(symbol);
        code = 0;
        length = 0;
      } else if (length === LONGEST_CODE) return null;
    }
  }
  return length < 8 && code === 2 ** length - 1 ? Buffer.from(said).toString('latin1') : null;
}
