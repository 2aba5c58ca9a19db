/**
 * The checksummed base-32 texts of addresses: bech32 and bech32m (BIP 173, BIP 350) by @scure/base, and the longer code of
 * cash addresses that Kaspa and, with digits of its own, Conflux use. Text from the wire in, words of 5 bits out; null for
 * whatever has no valid checksum.
 */
import { bech32, bech32m } from '@scure/base';

const DIGITS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const CONFLUX_DIGITS = 'abcdefghjkmnprstuvwxyz0123456789';
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

export interface Bech32 {
  readonly prefix: string;
  /** Words before the checksum. */
  readonly words: number[];
  readonly variant: 'bech32' | 'bech32m';
}

export function decodeBech32(text: string): Bech32 | null {
  const plain = bech32.decodeUnsafe(text, LONGEST);
  if (plain !== undefined) return { ...plain, variant: 'bech32' };
  const modified = bech32m.decodeUnsafe(text, LONGEST);
  return modified === undefined ? null : { ...modified, variant: 'bech32m' };
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
export function bytesOfWords(words: number[]): Uint8Array | null {
  return bech32.fromWordsUnsafe(words) ?? null;
}
