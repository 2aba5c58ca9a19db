/**
 * HOT. Zstandard frames (RFC 8878) in memory to bytes in one bounded buffer: no window of its own, no allocation for
 * what a header claims, twice as fast as the package that the other sources use for streams. Left out: dictionaries;
 * checksums are passed over, for nfdump writes none.
 */
import { FseTable, HuffmanTable } from './zstd-entropy.ts';

const MAGIC = 0xfd2fb528;
const MOST_BLOCK = 128 * 1024;
/** Zeros on both sides of a block, so that reading bits needs no test. */
const PADDING = 32;
/** Short copies are made four bytes at a time and may write beyond their end: what comes next overwrites that. */
const SLACK = 16;
const LONG_RUN = 64;

const LITERAL_LOG = 9;
const OFFSET_LOG = 8;
const MATCH_LOG = 9;

/** Baselines and further bits of literal length and match length codes (3.1.1.3.2.1.1). */
const LITERAL_BASE = new Int32Array(36);
const LITERAL_BITS = Uint8Array.from([
  ...new Array<number>(16).fill(0),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
]);
const MATCH_BASE = new Int32Array(53);
const MATCH_BITS = Uint8Array.from([
  ...new Array<number>(32).fill(0),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  4,
  5,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
]);
for (let code = 1; code < 36; code++)
  LITERAL_BASE[code] = LITERAL_BASE[code - 1] + (1 << LITERAL_BITS[code - 1]);
MATCH_BASE[0] = 3;
for (let code = 1; code < 53; code++) MATCH_BASE[code] = MATCH_BASE[code - 1] + (1 << MATCH_BITS[code - 1]);

/** Counts of the tables that need not be written (3.1.1.3.2.2). */
const LITERAL_COUNTS = [
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1,
  -1,
];
const OFFSET_COUNTS = [
  1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
];
const MATCH_COUNTS = [
  1,
  4,
  3,
  2,
  2,
  2,
  2,
  2,
  2,
  ...new Array<number>(37).fill(1),
  -1,
  -1,
  -1,
  -1,
  -1,
  -1,
  -1,
];

/** Decodes frames. One instance keeps its tables and buffers between calls: 300 kB. */
export class Zstd {
  #target: Uint8Array = new Uint8Array(0);
  #output: DataView = new DataView(new ArrayBuffer(0));
  #out = 0;
  /** Where the frame's output begins: matches do not reach before it. */
  #frameAt = 0;
  readonly #block = new Uint8Array(MOST_BLOCK + 2 * PADDING);
  readonly #input = new DataView(this.#block.buffer);
  readonly #literals = new Uint8Array(MOST_BLOCK + 2 * PADDING);
  readonly #literalView = new DataView(this.#literals.buffer);
  #literalCount = 0;
  readonly #huffman = new HuffmanTable();
  readonly #literalTable = new FseTable(LITERAL_LOG);
  readonly #offsetTable = new FseTable(OFFSET_LOG);
  readonly #matchTable = new FseTable(MATCH_LOG);
  #offset1 = 1;
  #offset2 = 4;
  #offset3 = 8;

  /** Decodes source[from, to) into `target` from its start. Returns the bytes produced, or -1 where it is broken. */
  decode(source: Uint8Array, from: number, to: number, target: Uint8Array): number {
    this.#target = target;
    this.#output = new DataView(target.buffer, target.byteOffset, target.length);
    this.#out = 0;
    const view = new DataView(source.buffer, source.byteOffset, source.length);
    let at = from;
    do {
      if (at + 8 > to) return -1;
      const magic = view.getUint32(at, true);
      if (magic >>> 4 === 0x184d2a5) at += 8 + view.getUint32(at + 4, true);
      else if (magic === MAGIC) at = this.#frame(source, view, at + 4, to);
      else return -1;
      if (at < 0 || at > to) return -1;
    } while (at < to);
    return this.#out;
  }

  #frame(source: Uint8Array, view: DataView, from: number, to: number): number {
    const descriptor = view.getUint8(from);
    const isSingle = (descriptor & 0x20) !== 0;
    const sizeFlag = descriptor >> 6;
    if ((descriptor & 0x0b) !== 0) return -1; // a dictionary, or a reserved bit
    let at = from + 1 + (isSingle ? 0 : 1) + (sizeFlag === 0 ? (isSingle ? 1 : 0) : 1 << sizeFlag);
    this.#frameAt = this.#out;
    this.#offset1 = 1;
    this.#offset2 = 4;
    this.#offset3 = 8;
    this.#huffman.isKnown = false;
    this.#literalTable.isKnown = false;
    this.#offsetTable.isKnown = false;
    this.#matchTable.isKnown = false;
    for (let isLast = false; !isLast; ) {
      if (at + 3 > to) return -1;
      const header = view.getUint8(at) | (view.getUint16(at + 1, true) << 8);
      const type = (header >> 1) & 3;
      const size = header >> 3;
      isLast = (header & 1) === 1;
      at += 3;
      if (size > MOST_BLOCK || type === 3) return -1;
      const stored = type === 1 ? 1 : size;
      if (at + stored > to) return -1;
      if (type !== 2) {
        if (size > this.#target.length - this.#out) return -1;
        if (type === 1) this.#target.fill(source[at], this.#out, this.#out + size);
        else this.#target.set(source.subarray(at, at + size), this.#out);
        this.#out += size;
      } else {
        this.#block.set(source.subarray(at, at + size), PADDING);
        this.#block.fill(0, PADDING + size, 2 * PADDING + size);
        if (!this.#compressed(PADDING, PADDING + size)) return -1;
      }
      at += stored;
    }
    return at + ((descriptor & 4) !== 0 ? 4 : 0);
  }

  #compressed(from: number, to: number): boolean {
    const at = this.#readLiterals(from, to);
    return at >= 0 && this.#sequences(at, to);
  }

  // Low two bits: raw, one byte repeated, compressed, compressed with the tree before. Next two: sizes of the sizes.
  #readLiterals(from: number, to: number): number {
    if (from >= to) return -1;
    const view = this.#input;
    const first = view.getUint8(from);
    const type = first & 3;
    const format = (first >> 2) & 3;
    if (type < 2) {
      const headerBytes = format === 1 ? 2 : format === 3 ? 3 : 1;
      const word = view.getUint32(from, true);
      const size = format === 1 ? (word & 0xffff) >> 4 : format === 3 ? (word & 0xffffff) >> 4 : first >> 3;
      const at = from + headerBytes;
      const stored = type === 1 ? 1 : size;
      if (size > MOST_BLOCK || at + stored > to) return -1;
      if (type === 1) this.#literals.fill(this.#block[at], 0, size);
      else this.#literals.set(this.#block.subarray(at, at + size));
      this.#literalCount = size;
      return at + stored;
    }
    const bits = format < 2 ? 10 : format === 2 ? 14 : 18;
    const headerBytes = format < 2 ? 3 : format === 2 ? 4 : 5;
    const size = (view.getUint32(from, true) >>> 4) & ((1 << bits) - 1);
    const sizeBit = 4 + bits;
    const stored = (view.getUint32(from + (sizeBit >> 3), true) >>> (sizeBit & 7)) & ((1 << bits) - 1);
    let at = from + headerBytes;
    const end = at + stored;
    if (end > to || size > MOST_BLOCK || size === 0) return -1;
    if (type === 2) {
      at = this.#huffman.read(view, at, end);
      if (at < 0) return -1;
    } else if (!this.#huffman.isKnown) return -1;
    this.#literalCount = size;
    if (format === 0) return this.#huffmanStream(at, end, 0, size) ? end : -1;
    // Four streams: the sizes of three, the fourth is the rest.
    const quarter = (size + 3) >> 2;
    const at1 = at + 6;
    const at2 = at1 + view.getUint16(at, true);
    const at3 = at2 + view.getUint16(at + 2, true);
    const at4 = at3 + view.getUint16(at + 4, true);
    if (at4 > end || quarter * 3 > size) return -1;
    const isRead =
      this.#huffmanStream(at1, at2, 0, quarter) &&
      this.#huffmanStream(at2, at3, quarter, 2 * quarter) &&
      this.#huffmanStream(at3, at4, 2 * quarter, 3 * quarter) &&
      this.#huffmanStream(at4, end, 3 * quarter, size);
    return isRead ? end : -1;
  }

  /** Decodes literals[first, last) from the bits of [from, to), which are read from their end. */
  #huffmanStream(from: number, to: number, first: number, last: number): boolean {
    const mark = to > from ? this.#block[to - 1] : 0;
    if (mark === 0) return false;
    const view = this.#input;
    const literals = this.#literals;
    const { entries, bits } = this.#huffman;
    const mask = (1 << bits) - 1;
    const start = from * 8;
    let bit = (to - 1) * 8 + 31 - Math.clz32(mark) - bits;
    for (let i = first; i < last; i++) {
      const entry = entries[(view.getInt32(bit >> 3, true) >>> (bit & 7)) & mask];
      literals[i] = entry;
      bit -= entry >> 8;
      // One code too many reaches below the first bit; no more than that is read beyond it.
      if (bit + bits < start) return false;
    }
    return bit + bits === start;
  }

  #sequences(from: number, to: number): boolean {
    if (from >= to) return false;
    const view = this.#input;
    let at = from + 1;
    let count = view.getUint8(from);
    if (count >= 128) {
      if (count < 255) {
        count = ((count - 128) << 8) + view.getUint8(at);
        at += 1;
      } else {
        count = view.getUint16(at, true) + 0x7f00;
        at += 2;
      }
    }
    if (count === 0) return at === to && this.#copyLiterals(0);
    if (at >= to) return false;
    const modes = view.getUint8(at++);
    if ((modes & 3) !== 0) return false;
    at = this.#table(this.#literalTable, modes >> 6, LITERAL_COUNTS, 6, at, to, LITERAL_LOG, 35);
    if (at >= 0)
      at = this.#table(this.#offsetTable, (modes >> 4) & 3, OFFSET_COUNTS, 5, at, to, OFFSET_LOG, 31);
    if (at >= 0) at = this.#table(this.#matchTable, (modes >> 2) & 3, MATCH_COUNTS, 6, at, to, MATCH_LOG, 52);
    if (at < 0 || at >= to || this.#block[to - 1] === 0) return false;
    const used = this.#execute(at, to, count);
    return used >= 0 && this.#copyLiterals(used);
  }

  /** Modes: given by the format, one symbol, written out, that of the block before. */
  #table(
    table: FseTable,
    mode: number,
    counts: readonly number[],
    log: number,
    from: number,
    to: number,
    mostLog: number,
    mostSymbol: number,
  ): number {
    if (mode === 0) return table.build(counts, counts.length, log) ? from : -1;
    if (mode === 3) return table.isKnown ? from : -1;
    if (mode === 2) return table.read(this.#input, from, to, mostLog, mostSymbol);
    if (from >= to || this.#block[from] > mostSymbol) return -1;
    table.useSymbol(this.#block[from]);
    return from + 1;
  }

  /** Runs the sequences whose bits stand in [from, to), read from their end; returns the literals used, or -1. */
  #execute(from: number, to: number, count: number): number {
    const view = this.#input;
    const target = this.#target;
    const output = this.#output;
    const literals = this.#literals;
    const literalView = this.#literalView;
    const literalCount = this.#literalCount;
    const literalEntries = this.#literalTable.entries;
    const offsetEntries = this.#offsetTable.entries;
    const matchEntries = this.#matchTable.entries;
    const room = target.length;
    const safeOut = room - SLACK;
    const frameAt = this.#frameAt;
    const start = from * 8;
    let offset1 = this.#offset1;
    let offset2 = this.#offset2;
    let offset3 = this.#offset3;
    let out = this.#out;
    let used = 0;
    let bit = (to - 1) * 8 + 31 - Math.clz32(this.#block[to - 1]);
    bit -= this.#literalTable.log;
    let literalState = bitsAt(view, bit, this.#literalTable.log);
    bit -= this.#offsetTable.log;
    let offsetState = bitsAt(view, bit, this.#offsetTable.log);
    bit -= this.#matchTable.log;
    let matchState = bitsAt(view, bit, this.#matchTable.log);
    for (let i = count; ; ) {
      const literalEntry = literalEntries[literalState];
      const offsetEntry = offsetEntries[offsetState];
      const matchEntry = matchEntries[matchState];
      const offsetCode = offsetEntry & 0xff;
      // The output is shorter than 2^23: no offset has more bits.
      if (offsetCode > 24) return -1;
      bit -= offsetCode;
      const offsetValue = (1 << offsetCode) + bitsAt(view, bit, offsetCode);
      const matchCode = matchEntry & 0xff;
      let length = MATCH_BASE[matchCode];
      if (matchCode >= 32) {
        bit -= MATCH_BITS[matchCode];
        length += bitsAt(view, bit, MATCH_BITS[matchCode]);
      }
      const literalCode = literalEntry & 0xff;
      let run = LITERAL_BASE[literalCode];
      if (literalCode >= 16) {
        bit -= LITERAL_BITS[literalCode];
        run += bitsAt(view, bit, LITERAL_BITS[literalCode]);
      }
      let distance: number;
      if (offsetValue > 3) {
        distance = offsetValue - 3;
        offset3 = offset2;
        offset2 = offset1;
        offset1 = distance;
      } else {
        // One of the last three offsets; without literals the newest makes no sense, and all move by one.
        const place = run === 0 ? offsetValue : offsetValue - 1;
        distance = place === 0 ? offset1 : place === 1 ? offset2 : place === 2 ? offset3 : offset1 - 1;
        if (place > 1) offset3 = offset2;
        if (place > 0) {
          offset2 = offset1;
          offset1 = distance;
        }
      }
      if (bit < start || run > literalCount - used || run + length > room - out) return -1;
      if (run <= 16 && out <= safeOut) {
        output.setInt32(out, literalView.getInt32(used));
        if (run > 4) {
          output.setInt32(out + 4, literalView.getInt32(used + 4));
          if (run > 8) {
            output.setInt32(out + 8, literalView.getInt32(used + 8));
            output.setInt32(out + 12, literalView.getInt32(used + 12));
          }
        }
      } else if (run > LONG_RUN) target.set(literals.subarray(used, used + run), out);
      else for (let n = 0; n < run; n++) target[out + n] = literals[used + n];
      out += run;
      used += run;
      if (distance <= 0 || distance > out - frameAt) return -1;
      const end = out + length;
      let match = out - distance;
      if (end <= safeOut) {
        if (distance < 4) {
          // The match overlaps what it produces: its pattern is laid out once, then copied from there.
          const pattern = distance === 3 ? 6 : 4;
          for (let n = 0; n < pattern; n++) target[out + n] = target[match + n];
          match = out;
          out += pattern;
        }
        while (out < end) {
          output.setInt32(out, output.getInt32(match));
          out += 4;
          match += 4;
        }
        out = end;
      } else {
        while (out < end) target[out++] = target[match++];
      }
      if (--i === 0) break;
      let bits = (literalEntry >> 8) & 0xff;
      bit -= bits;
      literalState = (literalEntry >>> 16) + bitsAt(view, bit, bits);
      bits = (matchEntry >> 8) & 0xff;
      bit -= bits;
      matchState = (matchEntry >>> 16) + bitsAt(view, bit, bits);
      bits = (offsetEntry >> 8) & 0xff;
      bit -= bits;
      offsetState = (offsetEntry >>> 16) + bitsAt(view, bit, bits);
      if (bit < start) return -1;
    }
    if (bit !== start) return -1;
    this.#offset1 = offset1;
    this.#offset2 = offset2;
    this.#offset3 = offset3;
    this.#out = out;
    return used;
  }

  /** Literals behind the last sequence. */
  #copyLiterals(used: number): boolean {
    const rest = this.#literalCount - used;
    if (rest > this.#target.length - this.#out) return false;
    this.#target.set(this.#literals.subarray(used, used + rest), this.#out);
    this.#out += rest;
    return true;
  }
}

/** `count` bits (at most 25) at bit offset `bit`, the lowest first. */
function bitsAt(view: DataView, bit: number, count: number): number {
  return (view.getInt32(bit >> 3, true) >>> (bit & 7)) & ((1 << count) - 1);
}
