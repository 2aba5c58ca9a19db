/**
 * Base58 in the two ways that coins use it: one big number (Bitcoin and its kin), and blocks of 8 bytes in 11 digits
 * (CryptoNote). Text comes from the wire: whatever is no such text gives null. Checksums are the callers'.
 */

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** Quadratic in the digits, so they are bounded; the longest address in use has 52. */
const MOST_DIGITS = 128;
/** Digits that a block of 0 to 8 bytes takes. */
const BLOCK_DIGITS = [0, 2, 3, 5, 6, 7, 9, 10, 11];
const MOST_BLOCK_DIGITS = 220;

/** Bytes of a base58 text of 1 to 128 digits, leading zeros kept as '1's. */
export function decodeBase58(text: string): Uint8Array | null {
  if (text.length === 0 || text.length > MOST_DIGITS) return null;
  const bytes: number[] = [];
  for (const digit of text) {
    let carry = ALPHABET.indexOf(digit);
    if (carry < 0) return null;
    for (let at = 0; at < bytes.length; at += 1) {
      carry += (bytes[at] ?? 0) * 58;
      bytes[at] = carry & 0xff;
      carry >>= 8;
    }
    for (; carry > 0; carry >>= 8) bytes.push(carry & 0xff);
  }
  for (let at = 0; at < text.length && text[at] === '1'; at += 1) bytes.push(0);
  return Uint8Array.from(bytes.reverse());
}

/** Bytes of a CryptoNote base58 text; a block whose number does not fit its bytes is not a block. */
export function decodeBase58Blocks(text: string): Uint8Array | null {
  if (text.length === 0 || text.length > MOST_BLOCK_DIGITS) return null;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 11) {
    const digits = text.slice(at, at + 11);
    const size = BLOCK_DIGITS.indexOf(digits.length);
    if (size < 0) return null;
    let value = 0n;
    for (const digit of digits) {
      const worth = ALPHABET.indexOf(digit);
      if (worth < 0) return null;
      value = value * 58n + BigInt(worth);
    }
    if (value >> BigInt(8 * size) !== 0n) return null;
    for (let shift = 8 * (size - 1); shift >= 0; shift -= 8)
      bytes.push(Number((value >> BigInt(shift)) & 0xffn));
  }
  return Uint8Array.from(bytes);
}
