/** Texts sixteen bytes at a time. SLACK bytes may be read behind the last. */
import { QUOTE } from './cell.ts';

/** The place of the first of two bytes, each given sixteen times, at or behind `from`; one of them must come. */
export function endOfCell(from: usize, delimiters: v128, ends: v128): usize {
  let at = from;
  let found = 0;
  while (true) {
    const bytes = v128.load(at);
    found = i8x16.bitmask(v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, ends)));
    if (found !== 0) break;
    at += 16;
  }
  return at + ctz(found);
}

/** Like endOfWord, and no further than a byte that stands between pairs: `,` `;` `|` `^`. */
export function endOfState(from: usize, delimiters: v128): usize {
  const to = endOfWord(from, delimiters);
  let at = from;
  while (at < to && !isBetweenPairs(load<u8>(at))) at++;
  return at;
}

export function isBetweenPairs(byte: u8): bool {
  return byte === 0x2c || byte === 0x3b || byte === 0x7c || byte === 0x5e;
}

/** The place of the first blank, control byte, quote or delimiter at or behind `from`; one of them must come. */
export function endOfWord(from: usize, delimiters: v128): usize {
  const blanks = i8x16.splat(0x21);
  const quotes = i8x16.splat(<i8>QUOTE);
  let at = from;
  let found = 0;
  while (true) {
    const bytes = v128.load(at);
    const cuts = v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, quotes));
    found = i8x16.bitmask(v128.or(cuts, i8x16.lt_u(bytes, blanks)));
    if (found !== 0) break;
    at += 16;
  }
  return at + ctz(found);
}

/** Which of sixteen bytes are letters of ASCII, digits, `-`, `.` or `_`, a bit each. */
export function wordBits(bytes: v128): u32 {
  const letters = i8x16.lt_u(
    i8x16.sub(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(0x61)),
    i8x16.splat(26),
  );
  // From `-` to `9`, where the slash stands between.
  const digits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x2d)), i8x16.splat(13));
  const others = v128.andnot(digits, i8x16.eq(bytes, i8x16.splat(0x2f)));
  return i8x16.bitmask(v128.or(v128.or(letters, others), i8x16.eq(bytes, i8x16.splat(0x5f))));
}

/** A number for the bytes in [from, to), by which texts that come again are told (tables/ordinals.ts). */
export function hashText(from: usize, to: usize): u32 {
  let hash: u32 = 0x811c9dc5;
  let at = from;
  // Four bytes a multiplication: each has to wait for the one before.
  for (; at + 4 <= to; at += 4) {
    hash = (hash ^ load<u32>(at)) * 0x9e3779b1;
    hash ^= hash >> 15;
  }
  for (; at < to; at++) hash = (hash ^ <u32>load<u8>(at)) * 0x01000193;
  return hash ^ <u32>(to - from);
}

/** What firewalls call it if they let nothing through, in either case: deny, drop, discard, block, reject, refuse; D. */
export function isRefusal(from: usize, to: usize): bool {
  if (to === from + 1) return (load<u8>(from) | 0x20) === 0x64;
  if (to < from + 4) return false;
  switch (load<u32>(from) | 0x20202020) {
    case 0x796e6564: // deny
    case 0x696e6564: // denied
    case 0x706f7264: // drop
    case 0x636f6c62: // block
    case 0x656a6572: // reject
    case 0x75666572: // refuse
      return true;
    case 0x63736964: // discard, not disconnect
      return to >= from + 7 && (load<u32>(from + 3) | 0x20202020) === 0x64726163;
    default:
      return false;
  }
}
