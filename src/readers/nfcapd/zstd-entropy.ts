/**
 * The entropy tables of Zstandard (RFC 8878, section 4): FSE tables from their normalised counts, Huffman tables from
 * their weights. Cold: a few tables a block. Each reads from bytes that the caller has padded on both sides.
 */

/** A table that turns states into symbols: symbol | bits to read << 8 | base of the next state << 16. */
export class FseTable {
  readonly entries: Int32Array;
  /** Bits of a state. */
  log = 0;
  isKnown = false;
  readonly #symbols: Uint8Array;
  readonly #next = new Uint16Array(256);

  constructor(mostLog: number) {
    this.entries = new Int32Array(1 << mostLog);
    this.#symbols = new Uint8Array(1 << mostLog);
  }

  /** One symbol without any bits. */
  useSymbol(symbol: number): void {
    this.log = 0;
    this.entries[0] = symbol;
    this.isKnown = true;
  }

  /** Builds the table of these counts (-1: less than one); false where they do not fill it. */
  build(counts: ArrayLike<number>, length: number, log: number): boolean {
    const size = 1 << log;
    const symbols = this.#symbols;
    const next = this.#next;
    let high = size;
    for (let symbol = 0; symbol < length; symbol++) {
      next[symbol] = counts[symbol] === -1 ? 1 : counts[symbol];
      if (counts[symbol] === -1) symbols[--high] = symbol;
    }
    const step = (size >> 1) + (size >> 3) + 3;
    let place = 0;
    for (let symbol = 0; symbol < length; symbol++) {
      for (let i = 0; i < counts[symbol]; i++) {
        symbols[place] = symbol;
        do place = (place + step) & (size - 1);
        while (place >= high);
      }
    }
    if (place !== 0) return false;
    for (let state = 0; state < size; state++) {
      const symbol = symbols[state];
      const rank = next[symbol]++;
      const bits = log - (31 - Math.clz32(rank));
      this.entries[state] = symbol | (bits << 8) | (((rank << bits) - size) << 16);
    }
    this.log = log;
    this.isKnown = true;
    return true;
  }

  /**
   * Reads counts at `from` and builds their table; returns the offset behind them, or -1 where they are broken. The
   * counts fill 2^log; each is written in as many bits as what is left allows.
   */
  read(view: DataView, from: number, to: number, mostLog: number, mostSymbol: number): number {
    const log = (view.getUint8(from) & 15) + 5;
    if (from >= to || log > mostLog) return -1;
    const counts = COUNTS;
    let bit = from * 8 + 4;
    let left = 1 << log;
    let symbol = 0;
    while (left > 0) {
      if (symbol > mostSymbol || bit > to * 8) return -1;
      const bits = 32 - Math.clz32(left + 1);
      const value = forward(view, bit, bits);
      const low = value & ((1 << (bits - 1)) - 1);
      const spare = (1 << bits) - 1 - (left + 1);
      let count: number;
      if (low < spare) {
        count = low - 1;
        bit += bits - 1;
      } else {
        count = (value >= 1 << (bits - 1) ? value - spare : value) - 1;
        bit += bits;
      }
      left -= count < 0 ? 1 : count;
      counts[symbol++] = count;
      if (count !== 0) continue;
      // Symbols that do not occur, in runs of up to three.
      for (let run = 3; run === 3; ) {
        run = forward(view, bit, 2);
        bit += 2;
        if (symbol + run > mostSymbol + 1 || bit > to * 8) return -1;
        for (let i = 0; i < run; i++) counts[symbol++] = 0;
      }
    }
    const end = (bit + 7) >> 3;
    if (left !== 0 || end > to || !this.build(counts, symbol, log)) return -1;
    return end;
  }
}

const COUNTS = new Int16Array(260);

/** `count` bits (at most 16) at bit offset `bit`, the lowest first. */
function forward(view: DataView, bit: number, count: number): number {
  return (view.getInt32(bit >> 3, true) >>> (bit & 7)) & ((1 << count) - 1);
}

const MOST_HUFFMAN_BITS = 11;
const MOST_WEIGHT_LOG = 6;

/** A table that turns the next `bits` bits into a symbol: symbol | bits of its code << 8. */
export class HuffmanTable {
  readonly entries = new Uint16Array(1 << MOST_HUFFMAN_BITS);
  bits = 0;
  isKnown = false;
  readonly #weights = new Uint8Array(256);
  readonly #fse = new FseTable(MOST_WEIGHT_LOG);
  readonly #starts = new Int32Array(MOST_HUFFMAN_BITS + 2);

  /** Reads a tree at `from`; returns the offset behind it, or -1 where it is broken. */
  read(view: DataView, from: number, to: number): number {
    if (from >= to) return -1;
    const header = view.getUint8(from);
    let at = from + 1;
    let count: number;
    if (header >= 128) {
      count = header - 127;
      const end = at + ((count + 1) >> 1);
      if (end > to) return -1;
      for (let i = 0; i < count; i++) {
        const pair = view.getUint8(at + (i >> 1));
        this.#weights[i] = (i & 1) === 0 ? pair >> 4 : pair & 15;
      }
      at = end;
    } else {
      const end = at + header;
      if (end > to) return -1;
      count = this.#readWeights(view, at, end);
      at = end;
    }
    return count > 0 && this.#build(count) ? at : -1;
  }

  /** Weights by two states that take turns, until the bits run out. */
  #readWeights(view: DataView, from: number, to: number): number {
    const at = this.#fse.read(view, from, to, MOST_WEIGHT_LOG, 255);
    if (at < 0 || at >= to) return -1;
    const last = view.getUint8(to - 1);
    if (last === 0) return -1;
    const { entries, log } = this.#fse;
    const start = at * 8;
    let bit = (to - 1) * 8 + 31 - Math.clz32(last) - 2 * log;
    if (bit < start) return -1;
    let state = forward(view, bit + log, log);
    let other = forward(view, bit, log);
    let count = 0;
    while (count < 255) {
      const entry = entries[state];
      const bits = (entry >> 8) & 0xff;
      this.#weights[count++] = entry & 0xff;
      bit -= bits;
      if (bit < start) {
        this.#weights[count++] = entries[other] & 0xff;
        return count;
      }
      state = other;
      other = (entry >>> 16) + forward(view, bit, bits);
    }
    return -1;
  }

  /** The last weight is not written: it is what makes the sum a power of two. */
  #build(count: number): boolean {
    const weights = this.#weights;
    let sum = 0;
    for (let symbol = 0; symbol < count; symbol++) {
      if (weights[symbol] > MOST_HUFFMAN_BITS) return false;
      if (weights[symbol] > 0) sum += 1 << (weights[symbol] - 1);
    }
    if (sum === 0 || count > 255) return false;
    const bits = 32 - Math.clz32(sum);
    const left = (1 << bits) - sum;
    if (bits > MOST_HUFFMAN_BITS || (left & (left - 1)) !== 0) return false;
    weights[count] = 32 - Math.clz32(left);
    const starts = this.#starts;
    starts.fill(0);
    for (let symbol = 0; symbol <= count; symbol++) {
      const weight = weights[symbol];
      if (weight > 0) starts[weight + 1] += 1 << (weight - 1);
    }
    for (let weight = 1; weight < starts.length; weight++) starts[weight] += starts[weight - 1];
    for (let symbol = 0; symbol <= count; symbol++) {
      const weight = weights[symbol];
      if (weight === 0) continue;
      const size = 1 << (weight - 1);
      this.entries.fill(symbol | ((bits + 1 - weight) << 8), starts[weight], starts[weight] + size);
      starts[weight] += size;
    }
    this.bits = bits;
    this.isKnown = true;
    return true;
  }
}
