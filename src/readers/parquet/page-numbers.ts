/** HOT. What pages of Parquet columns mostly are made of, to numbers (Apache Parquet format, "Encodings"). */
import type { DecodedArray, SchemaElement } from 'hyparquet';

/**
 * Levels and indices, "RLE / Bit-Packing Hybrid": runs of one number, and groups of eight numbers of `width` bits, each behind
 * its length. Throws if the bytes hold fewer than `count`.
 */
export function readRuns(bytes: Uint8Array, width: number, count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  if (width === 0) return numbers;
  if (width > 32) throw new RangeError('numbers of more than 32 bits');
  const mask = 0xffffffff >>> (32 - width);
  let at = 0;
  for (let done = 0; done < count; ) {
    let head = 0;
    for (let shift = 0, byte = 128; byte > 127; shift += 7) {
      byte = bytes[at++];
      if (shift > 28) throw new RangeError('no length');
      head |= (byte & 127) << shift;
    }
    const length = head >>> 1;
    if ((head & 1) === 0) {
      let number = 0;
      for (let bit = 0; bit < width; bit += 8) number |= bytes[at++] << bit;
      numbers.fill(number & mask, done, done + length);
      done += length;
    } else {
      const end = Math.min(count, done + 8 * length);
      if (8 * (bytes.length - at) < (end - done) * width) throw new RangeError('numbers are missing');
      for (let bit = 8 * at; done < end; done++, bit += width) {
        const from = bit >>> 3;
        const low = bytes[from] | (bytes[from + 1] << 8) | (bytes[from + 2] << 16) | (bytes[from + 3] << 24);
        const shift = bit & 7;
        const high = shift + width > 32 ? bytes[from + 4] << (32 - shift) : 0;
        numbers[done] = ((low >>> shift) | high) & mask;
      }
      at += length * width;
    }
    if (at > bytes.length && done < count) throw new RangeError('numbers are missing');
  }
  return numbers;
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
