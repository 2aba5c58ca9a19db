/**
 * HOT. Bytes of text four at a time, as 32-bit words whose lowest byte comes first: what is looked for is told by the
 * highest bit of each byte, and the first byte so marked is certain (a carry can only come from one below it).
 *
 * The caller sees to it that SLACK bytes may be read behind the last.
 */

/** Bytes that are read beyond what is asked for, at most. */
export const SLACK = 32;

const HIGHEST_BITS = 0x80808080;
const QUOTES = 0x22222222;

/** The number that four digits at `at` make; -1 where one of them is none. */
export function fourDigits(view: DataView, at: number): number {
  const word = view.getInt32(at, true) ^ 0x30303030;
  if ((((word + 0x76767676) | word) & HIGHEST_BITS) !== 0) return -1;
  const pairs = (Math.imul(word, 10) + (word >>> 8)) & 0x00ff00ff;
  return Math.imul(pairs & 0xff, 100) + (pairs >>> 16);
}

/** Offset of the first blank, control byte, quote or `delimiter` (four times in a word) at or behind `from`. */
export function wordEnd(view: DataView, from: number, delimiter: number): number {
  for (let at = from; ; at += 4) {
    const word = view.getInt32(at, true);
    const cut = word ^ delimiter;
    const quote = word ^ QUOTES;
    const found =
      (((cut - 0x01010101) & ~cut) | ((quote - 0x01010101) & ~quote) | ((word - 0x21212121) & ~word)) &
      HIGHEST_BITS;
    if (found !== 0) return at + firstByte(found);
  }
}

/** A byte four times in a word. */
export function fourTimes(byte: number): number {
  return Math.imul(byte, 0x01010101);
}

/** Which byte of a word has the lowest of its highest bits. */
export function firstByte(found: number): number {
  return (31 - Math.clz32(found & -found)) >> 3;
}
