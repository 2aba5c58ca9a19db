/**
 * An IP address in a text log: bytes to four words (RFC 4291 section 2.2, with the dotted tail; zone ids are read
 * over). A byte that is not part of an address comes before the end.
 */
import { putIpv4 } from '../ends.ts';
import { byteAt, COLON, DOT, digitAt, hexadecimal } from './cell.ts';
import { cell, GROUPS_AT } from './memory.ts';

const PERCENT: u32 = 0x25;

/** Reads the address at a place into the cell; returns the place behind it, 0 if there is none. */
export function readAddress(at: usize): usize {
  let end = dotted(at);
  if (end === 0) end = whole(at);
  if (end === 0) return colons(at);
  putIpv4(cell.word, cell.word3);
  return end;
}

/** Four octets into the last word: their dots are found in sixteen bytes at once, as lengths that change cost guesses. */
function dotted(from: usize): usize {
  const bytes = v128.load(from);
  const isDigit = i8x16.bitmask(i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10)));
  let dots = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(<i8>DOT)));
  const first = <u32>ctz(dots);
  dots &= dots - 1;
  const second = <u32>ctz(dots);
  dots &= dots - 1;
  const third = <u32>ctz(dots);
  if (third > 11) return 0;
  // The first byte behind the last dot that is no digit.
  const end = <u32>ctz(~isDigit & (-2 << third));
  const inner = (1 << end) - 1;
  // Nothing but digits and these dots.
  if ((~isDigit & inner) !== ((1 << first) | (1 << second) | (1 << third))) return 0;
  const word0 = octet(from, first);
  const word1 = octet(from + first + 1, second - first - 1);
  const word2 = octet(from + second + 1, third - second - 1);
  const word3 = octet(from + third + 1, end - third - 1);
  if ((word0 | word1 | word2 | word3) > 255) return 0;
  cell.word3 = (word0 << 24) | (word1 << 16) | (word2 << 8) | word3;
  return from + end;
}

/** The number that one to three digits make; more than 255 of other lengths. */
function octet(at: usize, digits: u32): u32 {
  if (digits - 1 > 2) return 256;
  // The last digit highest, zeros in front.
  const word = (load<u32>(at) ^ 0x30303030) << (32 - (digits << 3));
  return ((word >> 8) & 15) * 100 + ((word >> 16) & 15) * 10 + (word >> 24);
}

/** The 32 bits as one number, as SiLK and ntopng print them; numbers below 1.0.0.0 are none. */
function whole(from: usize): usize {
  let at = from;
  let value: u64 = 0;
  for (let digit = digitAt(at); digit <= 9 && at - from < 11; digit = digitAt(++at))
    value = value * 10 + digit;
  if (at - from < 8 || value < 0x1000000 || value > 0xffffffff) return 0;
  // More may follow that makes it something else: a group of IPv6, a fraction, a word.
  const next = byteAt(at);
  if (next === COLON || next === DOT || hexadecimal(next) < 16) return 0;
  cell.word3 = <i32>value;
  return at;
}

function putGroup(index: i32, group: u32): void {
  store<u16>(GROUPS_AT + ((<usize>index) << 1), group);
}

function groupPair(index: i32): i32 {
  return (
    ((<i32>load<u16>(GROUPS_AT + ((<usize>index) << 1))) << 16) |
    <i32>load<u16>(GROUPS_AT + ((<usize>index) << 1) + 2)
  );
}

function colons(from: usize): usize {
  let at = from;
  let count = 0;
  let gap = -1; // the group before which `::` stands
  if (byteAt(at) === COLON) {
    if (byteAt(at + 1) !== COLON) return 0;
    gap = 0;
    at += 2;
  }
  for (;;) {
    let digit = hexadecimal(byteAt(at));
    if (digit > 15) {
      if (gap !== count) return 0; // nothing may stand between a single colon and the end
      break;
    }
    if (count === 8) return 0;
    const start = at;
    let group: u32 = 0;
    for (; digit < 16; digit = hexadecimal(byteAt(++at))) {
      group = (group << 4) | digit;
      if (at - start === 4) return 0;
    }
    if (byteAt(at) === DOT) {
      const end = count > 6 ? 0 : dotted(start);
      // nfdump puts a port behind a dot.
      if (end === 0) {
        putGroup(count++, group);
        break;
      }
      at = end;
      putGroup(count++, cell.word3 >>> 16);
      putGroup(count++, cell.word3 & 0xffff);
      break;
    }
    putGroup(count++, group);
    if (byteAt(at) !== COLON) break;
    at++;
    if (byteAt(at) === COLON) {
      if (gap >= 0) return 0;
      gap = count;
      at++;
    }
  }
  if (gap < 0 ? count !== 8 : count > 7) return 0;
  if (gap >= 0) {
    const tail = count - gap;
    memory.copy(GROUPS_AT + ((8 - tail) << 1), GROUPS_AT + (gap << 1), tail << 1);
    memory.fill(GROUPS_AT + (gap << 1), 0, (8 - tail - gap) << 1);
  }
  cell.word0 = groupPair(0);
  cell.word1 = groupPair(2);
  cell.word2 = groupPair(4);
  cell.word3 = groupPair(6);
  if (byteAt(at) === PERCENT) while (isOfZone(byteAt(at))) at++;
  return at;
}

/** False of what ends a zone id: blanks, control bytes, and `",;|`. */
function isOfZone(byte: u32): bool {
  return byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x2c && byte !== 0x3b && byte !== 0x7c;
}
