/** HOT. What pages of Parquet columns mostly are made of, to numbers (Apache Parquet format, "Encodings"). */
import type { DecodedArray, SchemaElement } from 'hyparquet';

/** Numbers that are read ahead: a run of a few bytes may stand for millions. */
const BLOCK = 1024;

/**
 * Levels and indices, "RLE / Bit-Packing Hybrid": runs of one number, and groups of eight numbers of `width` bits, each behind
 * its length. `next` throws if the bytes hold fewer numbers.
 */
export class Runs {
  readonly #block = new Uint32Array(BLOCK);
  readonly #mask: number;
  #at = BLOCK;
  #byte = 0;
  /** Numbers left in the open run or groups, and the bit at which the next one of these begins. */
  #left = 0;
  #bit = 0;
  #number = 0;
  #isRun = true;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly width: number,
    /** Numbers that `fill` still has to read. */
    private count: number,
  ) {
    if (width > 32) throw new RangeError('numbers of more than 32 bits');
    this.#mask = width === 0 ? 0 : 0xffffffff >>> (32 - width);
    // Without bits there are no bytes either.
    if (width === 0) this.#left = count;
  }

  next(): number {
    if (this.#at === BLOCK) this.#fill();
    return this.#block[this.#at++];
  }

  #fill(): void {
    const end = Math.min(BLOCK, this.count);
    this.count -= end;
    // The last block ends where the array does.
    this.#at = BLOCK - end;
    for (let at = this.#at; at < BLOCK; ) {
      if (this.#left === 0) this.#open();
      const most = Math.min(BLOCK - at, this.#left);
      if (this.#isRun) this.#block.fill(this.#number, at, at + most);
      else this.#unpack(at, most);
      this.#left -= most;
      at += most;
    }
  }

  /** Reads the length of the next run or groups. */
  #open(): void {
    const { bytes, width } = this;
    let head = 0;
    for (let shift = 0, byte = 128; byte > 127; shift += 7) {
      if (this.#byte >= bytes.length) throw new RangeError('numbers are missing');
      byte = bytes[this.#byte++];
      if (shift > 28) throw new RangeError('no length');
      head |= (byte & 127) << shift;
    }
    this.#isRun = (head & 1) === 0;
    this.#left = (head >>> 1) * (this.#isRun ? 1 : 8);
    if (this.#isRun) {
      this.#number = 0;
      for (let bit = 0; bit < width; bit += 8) this.#number |= bytes[this.#byte++] << bit;
      this.#number &= this.#mask;
      if (this.#byte > bytes.length) throw new RangeError('numbers are missing');
    } else {
      this.#bit = 8 * this.#byte;
      this.#byte += (head >>> 1) * width;
    }
  }

  #unpack(at: number, count: number): void {
    const { bytes, width } = this;
    if (8 * bytes.length - this.#bit < count * width) throw new RangeError('numbers are missing');
    for (let bit = this.#bit, to = at; to < at + count; to++, bit += width) {
      const from = bit >>> 3;
      const low = bytes[from] | (bytes[from + 1] << 8) | (bytes[from + 2] << 16) | (bytes[from + 3] << 24);
      const shift = bit & 7;
      const high = shift + width > 32 ? bytes[from + 4] << (32 - shift) : 0;
      this.#block[to] = ((low >>> shift) | high) & this.#mask;
    }
    this.#bit += count * width;
  }
}

/** From here on whole numbers may be nanoseconds since 1970. */
const NANOSECONDS = 1e17;

/**
 * 64-bit values as numbers, times as microseconds, as hyparquet converts each by itself with its parsers; null if these are
 * something else, or must stay exact.
 */
export function readNumbers(values: DecodedArray, element: SchemaElement): Float64Array | null {
  if (!(values instanceof BigInt64Array)) return null;
  const { converted_type: converted = '', logical_type: logical } = element;
  const isTime = logical?.type === 'TIMESTAMP' || converted.startsWith('TIMESTAMP');
  if (!isTime && !['', 'INT_64', 'UINT_64'].includes(converted)) return null;
  if (!isTime && logical !== undefined && logical.type !== 'INTEGER') return null;
  const isUnsigned = converted === 'UINT_64' || (logical?.type === 'INTEGER' && !logical.isSigned);
  const unit = logical?.type === 'TIMESTAMP' ? logical.unit : 'MICROS';
  const isMilli = converted === '' ? unit === 'MILLIS' : converted === 'TIMESTAMP_MILLIS';
  const isNano = converted === '' && unit === 'NANOS';
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < numbers.length; i++) {
    const low = words[2 * i] >>> 0;
    const high = isUnsigned ? words[2 * i + 1] >>> 0 : words[2 * i + 1];
    if (isNano) {
      if (high < 0) return null;
      // 2^32 is 4294967 thousands and 296.
      numbers[i] = high * 4294967 + Math.floor((high * 296 + low) / 1000);
    } else {
      const number = high * 2 ** 32 + low;
      if (number >= NANOSECONDS && !isTime) return null;
      numbers[i] = isMilli ? number * 1000 : number;
    }
  }
  return numbers;
}
