/**
 * The checksummed base-32 texts of addresses: bech32 and bech32m (BIP 173, BIP 350), and the longer code of cash
 * addresses that Kaspa and, with digits of its own, Conflux use. Text from the wire in, words of 5 bits out; null for
 * whatever has no valid checksum.
 */

const DIGITS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const CONFLUX_DIGITS = 'abcdefghjkmnprstuvwxyz0123456789';
const BECH32_GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CASH_GENERATORS = [0x98f2bc8e61n, 0x79b76d99e2n, 0xf33e5fb3c4n, 0xae2eabe2a8n, 0x1e4f43e470n];
const LONGEST = 200;

/** Words of a text in one case only; null for mixed case, foreign characters or too much of it. */
function wordsOf(text: string, digits: string): number[] | null {
  if (text.length > LONGEST || (text !== text.toLowerCase() && text !== text.toUpperCase())) return null;
  const words: number[] = [];
  for (const digit of text.toLowerCase()) {
    const word = digits.indexOf(digit);
    if (word < 0) return null;
    words.push(word);
  }
  return words;
}

function bech32Checksum(words: readonly number[]): number {
  let sum = 1;
  for (const word of words) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ word;
    for (let bit = 0; bit < 5; bit += 1) if ((top >>> bit) & 1) sum ^= BECH32_GENERATORS[bit] ?? 0;
  }
  return sum >>> 0;
}

export interface Bech32 {
  readonly prefix: string;
  /** Words before the checksum. */
  readonly words: readonly number[];
  readonly variant: 'bech32' | 'bech32m';
}

/** Bech32 text with `separator` ('1' by standard; the last one counts) between prefix and words. */
export function decodeBech32(text: string, separator = '1'): Bech32 | null {
  if (text.length > LONGEST || (text !== text.toLowerCase() && text !== text.toUpperCase())) return null;
  const lower = text.toLowerCase();
  const cut = lower.lastIndexOf(separator);
  const prefix = lower.slice(0, Math.max(cut, 0));
  const words = wordsOf(lower.slice(cut + 1), DIGITS);
  if (prefix === '' || words === null || words.length < 6) return null;
  const codes = Array.from(prefix, (letter) => letter.charCodeAt(0));
  if (codes.some((code) => code < 33 || code > 126)) return null;
  const sum = bech32Checksum([
    ...codes.map((code) => code >> 5),
    0,
    ...codes.map((code) => code & 31),
    ...words,
  ]);
  const variant = sum === 1 ? 'bech32' : sum === 0x2bc830a3 ? 'bech32m' : null;
  return variant === null ? null : { prefix, words: words.slice(0, -6), variant };
}

function cashChecksum(words: readonly number[]): bigint {
  let sum = 1n;
  for (const word of words) {
    const top = sum >> 35n;
    sum = ((sum & 0x07ffffffffn) << 5n) ^ BigInt(word);
    CASH_GENERATORS.forEach((generator, bit) => {
      if ((top >> BigInt(bit)) & 1n) sum ^= generator;
    });
  }
  return sum ^ 1n;
}

/** Words of a cash address (without its prefix and colon) whose 8 last words are the checksum for `prefix`. */
export function decodeCashAddress(
  prefix: string,
  text: string,
  alphabet: 'cash' | 'conflux' = 'cash',
): number[] | null {
  const words = wordsOf(text, alphabet === 'cash' ? DIGITS : CONFLUX_DIGITS);
  if (words === null || words.length <= 8) return null;
  const spread = Array.from(prefix, (letter) => letter.charCodeAt(0) & 31);
  return cashChecksum([...spread, 0, ...words]) === 0n ? words.slice(0, -8) : null;
}

/** Words of 5 bits as bytes; null if the bits left over are a whole word or not all zero. */
export function bytesOfWords(words: readonly number[]): Uint8Array | null {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const word of words) {
    held = ((held << 5) | word) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return bits < 5 && (held & ((1 << bits) - 1)) === 0 ? Uint8Array.from(bytes) : null;
}
