/**
 * bzip2 streams (bzip2 1.0.8; format as the `bzip2 Format Specification` of J. Tsai describes it) to bytes, a block at a
 * time: Huffman groups, move-to-front, run lengths, inverse Burrows-Wheeler transform, checksums of blocks and streams.
 * Blocks begin at any bit, and say nothing of their length. Left out: randomised blocks, which no program has written
 * since 1997.
 */

const BLOCK_STEP = 100_000;
const MAX_CODE_BITS = 20;
const GROUP = 50;
const RUN_A = 0;
const RUN_B = 1;

const CRC_TABLE = new Int32Array(256);
for (let i = 0; i < 256; i++) {
  let crc = i << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  CRC_TABLE[i] = crc;
}

/** What stood next in a stream. */
export const BLOCK = 0; // its bytes wait to be drained
const STREAM_END = 1;
export const SHORT = 2; // the bytes end before it does
export const BROKEN = 3;
type Bzip2Step = typeof BLOCK | typeof STREAM_END | typeof SHORT | typeof BROKEN;

/** A block in compressed form is shorter: 900,000 symbols of 20 bits, its tables, and what is read ahead. */
export const LONGEST_BLOCK = 2_400_000;

/** Decodes bzip2 streams. One instance keeps its tables between calls: 4 MB. */
export class Bzip2 {
  #source: Uint8Array = new Uint8Array(0);
  #at = 0;
  #to = 0;
  #bits = 0;
  #bitCount = 0;
  /** Bits asked for beyond the end. */
  #isShort = false;
  readonly #next = new Uint32Array(9 * BLOCK_STEP);
  readonly #starts = new Int32Array(256);
  readonly #order = new Uint8Array(256);
  readonly #selectors = new Uint8Array(18_002);
  readonly #lengths = new Uint8Array(258);
  /** By table: symbols in order of their codes; by code length, the largest code and what to take off for its rank. */
  readonly #symbols = [0, 1, 2, 3, 4, 5].map(() => new Uint16Array(258));
  readonly #limits = [0, 1, 2, 3, 4, 5].map(() => new Int32Array(MAX_CODE_BITS + 2));
  readonly #bases = [0, 1, 2, 3, 4, 5].map(() => new Int32Array(MAX_CODE_BITS + 2));

  // Position of the inverse transform in the current block.
  #left = 0;
  #place = 0;
  #equal = 0;
  #last = -1;
  /** Copies of `#last` that did not fit. */
  #copies = 0;
  #crc = 0;
  #expected = 0;
  /** Of the stream: its largest block, and the checksums of its blocks together. */
  #limit = 0;
  #combined = 0;

  /** Offset of the next byte that was not taken. */
  get at(): number {
    return this.#at;
  }

  /** Decodes whole streams source[from, to) into `target` from its start. Returns the bytes produced, or -1. */
  decode(source: Uint8Array, from: number, to: number, target: Uint8Array): number {
    this.load(source, from, to);
    let out = 0;
    do {
      if (!this.begin()) return -1;
      let step = this.next();
      for (; step === BLOCK; step = this.next()) {
        out = this.drain(target, out);
        if (this.isPending || out < 0) return -1;
      }
      if (step !== STREAM_END) return -1;
    } while (this.#at < to);
    return out;
  }

  /** The bytes to go on with are source[from, to): what comes behind those that were taken. */
  load(source: Uint8Array, from: number, to: number): void {
    this.#source = source;
    this.#at = from;
    this.#to = to;
    this.#isShort = false;
  }

  /** Reads a stream's header; false if there is none, or only a part of it. */
  begin(): boolean {
    this.#bitCount = 0;
    this.#bits = 0;
    this.#combined = 0;
    // 'BZh' and the block size in 100 kB.
    if (this.#readBits(24) !== 0x425a68) return false;
    const level = this.#readBits(8) - 0x30;
    this.#limit = level * BLOCK_STEP;
    return level >= 1 && level <= 9;
  }

  /** Reads the next block, or the end of the stream, after which bytes are whole again. */
  next(): Bzip2Step {
    const high = this.#readBits(24);
    const low = this.#readBits(24);
    if (this.#isShort) return SHORT;
    if (high === 0x177245 && low === 0x385090) {
      const combined = (this.#readBits(16) << 16) | this.#readBits(16);
      if (this.#isShort) return SHORT;
      this.#bitCount = 0;
      this.#bits = 0;
      return combined === this.#combined ? STREAM_END : BROKEN; // end of stream: square root of pi
    }
    if (high !== 0x314159 || low !== 0x265359) return BROKEN;
    const isRead = this.#block();
    if (this.#isShort) return SHORT;
    return isRead ? BLOCK : BROKEN;
  }

  /** True while the current block has bytes that are not drained. */
  get isPending(): boolean {
    return this.#left > 0 || this.#copies > 0;
  }

  /** The next `count` bits, at most 24. */
  #readBits(count: number): number {
    while (this.#bitCount < count) {
      if (this.#at >= this.#to) {
        this.#isShort = true;
        return -1;
      }
      this.#bits = ((this.#bits & 0xffffff) << 8) | this.#source[this.#at++];
      this.#bitCount += 8;
    }
    this.#bitCount -= count;
    return (this.#bits >>> this.#bitCount) & ((1 << count) - 1);
  }

  #block(): boolean {
    this.#expected = (this.#readBits(16) << 16) | this.#readBits(16);
    if (this.#readBits(1) !== 0) return false;
    const origin = this.#readBits(24);
    const alphabet = this.#readAlphabet();
    const groups = this.#readBits(3);
    const selectorCount = this.#readBits(15);
    if (alphabet === 0 || groups < 2 || groups > 6 || selectorCount < 1) return false;
    if (!this.#readSelectors(groups, selectorCount)) return false;
    for (let group = 0; group < groups; group++) {
      if (!this.#readTable(group, alphabet + 2)) return false;
    }
    const size = this.#readSymbols(alphabet + 1, Math.min(selectorCount, 18_002), this.#limit);
    if (size < 0 || origin >= size || this.#isShort) return false;
    this.#unsort(size, origin);
    return true;
  }

  /** The bytes in use, as a map of maps, into `#order`; returns how many. */
  #readAlphabet(): number {
    const ranges = this.#readBits(16);
    let count = 0;
    for (let range = 0; range < 16; range++) {
      if ((ranges & (0x8000 >> range)) === 0) continue;
      const map = this.#readBits(16);
      if (this.#isShort) return 0;
      for (let i = 0; i < 16; i++) if ((map & (0x8000 >> i)) !== 0) this.#order[count++] = range * 16 + i;
    }
    return count;
  }

  /** Which table codes each group of fifty symbols, move-to-front coded in unary. */
  #readSelectors(groups: number, count: number): boolean {
    const front = [0, 1, 2, 3, 4, 5];
    for (let i = 0; i < count; i++) {
      let place = 0;
      while (this.#readBits(1) === 1) if (++place >= groups) return false;
      if (this.#isShort) return false;
      const table = front[place];
      front.copyWithin(1, 0, place);
      front[0] = table;
      // More than a block can use are allowed by the format and read over.
      if (i < this.#selectors.length) this.#selectors[i] = table;
    }
    return true;
  }

  #readTable(table: number, symbolCount: number): boolean {
    const lengths = this.#lengths;
    let length = this.#readBits(5);
    for (let i = 0; i < symbolCount; i++) {
      for (;;) {
        if (length < 1 || length > MAX_CODE_BITS || this.#isShort) return false;
        if (this.#readBits(1) === 0) break;
        length += this.#readBits(1) === 0 ? 1 : -1;
      }
      lengths[i] = length;
    }
    const symbols = this.#symbols[table];
    const limits = this.#limits[table];
    const bases = this.#bases[table];
    let code = 0;
    let rank = 0;
    for (let bits = 1; bits <= MAX_CODE_BITS; bits++) {
      bases[bits] = code - rank;
      for (let i = 0; i < symbolCount; i++) {
        if (lengths[i] !== bits) continue;
        symbols[rank++] = i;
        code++;
      }
      limits[bits] = code;
      if (code > 1 << bits) return false;
      code <<= 1;
    }
    return true;
  }

  #readSymbols(end: number, selectorCount: number, limit: number): number {
    const order = this.#order;
    const next = this.#next;
    const starts = this.#starts;
    starts.fill(0);
    let size = 0;
    let run = 0;
    let weight = 1;
    for (let group = 0; group < selectorCount; group++) {
      const table = this.#selectors[group];
      const symbols = this.#symbols[table];
      const limits = this.#limits[table];
      const bases = this.#bases[table];
      for (let i = 0; i < GROUP; i++) {
        let bits = 1;
        let code = this.#readBits(1);
        while (code >= limits[bits]) {
          if (++bits > MAX_CODE_BITS || this.#isShort) return -1;
          code = (code << 1) | this.#readBits(1);
        }
        if (this.#isShort) return -1;
        const symbol = symbols[code - bases[bits]];
        if (symbol <= RUN_B) {
          // A run's length in bijective base two, its lowest digit first.
          run += symbol === RUN_A ? weight : weight * 2;
          weight *= 2;
          if (run > limit) return -1;
          continue;
        }
        if (run > 0) {
          const byte = order[0];
          if (size + run > limit) return -1;
          next.fill(byte, size, size + run);
          starts[byte] += run;
          size += run;
          run = 0;
          weight = 1;
        }
        if (symbol === end) return size;
        if (size >= limit) return -1;
        const byte = order[symbol - 1];
        order.copyWithin(1, 0, symbol - 1);
        order[0] = byte;
        next[size++] = byte;
        starts[byte]++;
      }
    }
    return -1;
  }

  /** Inverse Burrows-Wheeler transform: each entry gets the place of the next one. */
  #unsort(size: number, origin: number): void {
    const next = this.#next;
    const starts = this.#starts;
    let sum = 0;
    for (let byte = 0; byte < 256; byte++) {
      const count = starts[byte];
      starts[byte] = sum;
      sum += count;
    }
    for (let i = 0; i < size; i++) next[starts[next[i] & 0xff]++] |= i << 8;
    this.#left = size;
    this.#place = next[origin] >>> 8;
    this.#equal = 0;
    this.#last = -1;
    this.#copies = 0;
    this.#crc = -1;
  }

  /**
   * Writes bytes of the current block to `target` from `from` on, as many as there are and fit; four equal bytes are
   * followed by a count of more. Returns the offset behind the last; -1 if the block's checksum is another.
   */
  drain(target: Uint8Array, from: number): number {
    const next = this.#next;
    const room = target.length;
    let out = from;
    let crc = this.#crc;
    let equal = this.#equal;
    let last = this.#last;
    let place = this.#place;
    let left = this.#left;
    let copies = this.#copies;
    while (out < room) {
      if (copies > 0) {
        target[out++] = last;
        crc = (crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ last];
        copies--;
        continue;
      }
      if (left === 0) break;
      left--;
      const entry = next[place];
      place = entry >>> 8;
      const byte = entry & 0xff;
      if (equal === 4) {
        copies = byte;
        equal = 0;
        continue;
      }
      equal = byte === last ? equal + 1 : 1;
      last = byte;
      target[out++] = byte;
      crc = (crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ byte];
    }
    // A count of none may stand at the end, for which there is always room.
    if (copies === 0 && left === 1 && equal === 4 && (next[place] & 0xff) === 0) left = 0;
    this.#crc = crc;
    this.#equal = equal;
    this.#last = last;
    this.#place = place;
    this.#left = left;
    this.#copies = copies;
    if (this.isPending) return out;
    this.#combined = ((this.#combined << 1) | (this.#combined >>> 31)) ^ ~crc;
    return ~crc === this.#expected ? out : -1;
  }
}
