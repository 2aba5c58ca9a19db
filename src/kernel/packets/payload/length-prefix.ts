/**
 * A length in front of a JSON object: digits (`00000245`, `245:` as in netstrings, hex), or one to eight bytes of either
 * order. It counts only if the object turns out to be that long, so that other numbers before quoted JSON do not count.
 */

/** Longest prefix, bytes. */
export const PREFIX_LIMIT: u32 = 10;
/** Behind the object its length may count a line end, a comma, and the prefix itself. */
const SLACK: u32 = 2;
/** No JSON-RPC message is shorter, or longer than is kept. */
const LEAST: u64 = 8;
const MOST: u64 = (1 << 24) - 1;
const MOST_DIGITS: u32 = 8;
const MOST_BEHIND: u32 = 4;
const NO_DIGIT: u32 = 16;

/** What the prefix may say, bytes: its digits as decimal or hex ones, its bytes in either order; 0 for nothing. */
let decimal: u64 = 0;
let hex: u64 = 0;
let big: u64 = 0;
let little: u64 = 0;

function digitOf(byte: u32): u32 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : NO_DIGIT;
}

function read(prefix: usize, size: u32): void {
  decimal = 0;
  hex = 0;
  big = 0;
  little = 0;
  const isMarked = size > 2 && load<u8>(prefix) === 0x30 && load<u8>(prefix + 1) === 0x78; // 0x
  const from: u32 = isMarked ? 2 : 0;
  let at = from;
  let isDecimal = true;
  while (at < size && at < from + MOST_DIGITS) {
    const digit = digitOf(load<u8>(prefix + at));
    if (digit === NO_DIGIT) break;
    isDecimal = isDecimal && digit < 10;
    if (isDecimal) decimal = decimal * 10 + digit;
    hex = (hex << 4) | digit;
    at++;
  }
  const digits = at - from;
  while (at < size && isBehind(load<u8>(prefix + at))) at++;
  if (digits === 0 || at < size || at - from - digits > MOST_BEHIND) {
    decimal = 0;
    hex = 0;
  }
  if (size > 8) return;
  for (let i: u32 = 0; i < size; i++) {
    big = (big << 8) | load<u8>(prefix + i);
    little = (little << 8) | load<u8>(prefix + size - 1 - i);
  }
}

/** Stands behind digits: colon, semicolon, comma, blank, line end. */
function isBehind(byte: u32): bool {
  return (
    byte === 0x3a ||
    byte === 0x3b ||
    byte === 0x2c ||
    byte === 0x20 ||
    byte === 9 ||
    byte === 10 ||
    byte === 13
  );
}

function isLength(length: u64): bool {
  return length >= LEAST && length <= MOST;
}

/** True if the bytes [0, size) at `prefix` may be the length of an object. */
export function saysLength(prefix: usize, size: u32): bool {
  read(prefix, size);
  return isLength(decimal) || isLength(hex) || isLength(big) || isLength(little);
}

/** True if they are the length of an object of so many bytes. */
export function fitsLength(prefix: usize, size: u32, bytes: u32): bool {
  read(prefix, size);
  return (
    fits(decimal, size, bytes) ||
    fits(hex, size, bytes) ||
    fits(big, size, bytes) ||
    fits(little, size, bytes)
  );
}

function fits(length: u64, size: u32, bytes: u32): bool {
  if (length < bytes) return false;
  const more = length - bytes;
  return more <= SLACK || (more >= size && more <= size + SLACK);
}
