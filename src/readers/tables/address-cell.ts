/**
 * An IP address in a text log, decoded in place: bytes to four 32-bit words, IPv4 as ::ffff:a.b.c.d (RFC 4291
 * section 2.2, with the dotted tail; zone ids are read over). Words back to text (RFC 5952) for the few names and
 * alerts that need it.
 *
 * HOT: every row holds two. The caller sees to it that a byte that is no part of an address stands before the end.
 */
import { isIP } from 'node:net';

const DOT = 0x2e;
const COLON = 0x3a;
const PERCENT = 0x25;
const MAPPED = 0xffff;

/** The value of a hexadecimal digit, 16 for every other byte. */
const HEX = new Uint8Array(256).fill(16);
for (let digit = 0; digit < 16; digit++) {
  HEX[digit.toString(16).charCodeAt(0)] = digit;
  HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

export class AddressCell {
  word0 = 0;
  word1 = 0;
  word2 = 0;
  word3 = 0;
  private readonly groups = new Uint16Array(8);

  /** Decodes the address at `at` into the words; returns the offset behind it, or -1 where there is none. */
  read(bytes: Uint8Array, at: number): number {
    let end = this.dotted(bytes, at);
    if (end < 0) end = this.whole(bytes, at);
    if (end < 0) return this.colons(bytes, at);
    this.word0 = 0;
    this.word1 = 0;
    this.word2 = MAPPED;
    return end;
  }

  /**
   * Four octets into `word3`. How many digits each has is as good as random, so it is worked out without branches:
   * `~d & (d - 10)` is negative for digits only, and shifted it is a mask.
   */
  private dotted(bytes: Uint8Array, from: number): number {
    let at = from;
    let word = 0;
    for (let octets = 0; octets < 4; octets++) {
      const first = bytes[at] - 48;
      const second = bytes[at + 1] - 48;
      const third = bytes[at + 2] - 48;
      if (first >>> 0 > 9) return -1;
      const hasTwo = (~second & (second - 10)) >> 31;
      const hasThree = ((~third & (third - 10)) >> 31) & hasTwo;
      const two = Math.imul(first, 10) + second;
      const octet =
        (first & ~hasTwo) | (two & hasTwo & ~hasThree) | ((Math.imul(two, 10) + third) & hasThree);
      if (octet > 255) return -1;
      word = (word << 8) | octet;
      at += 1 - hasTwo - hasThree;
      if (octets < 3 && bytes[at++] !== DOT) return -1;
    }
    this.word3 = word;
    return at;
  }

  /** The 32 bits as one number, as SiLK and ntopng print them; numbers below 1.0.0.0 are none. */
  private whole(bytes: Uint8Array, from: number): number {
    let at = from;
    let value = 0;
    for (let digit = bytes[at] - 48; digit >>> 0 <= 9 && at - from < 11; digit = bytes[++at] - 48) {
      value = value * 10 + digit;
    }
    if (at - from < 8 || value < 0x1000000 || value > 0xffffffff) return -1;
    // More may follow that makes it something else: a group of IPv6, a fraction, a word.
    const next = bytes[at];
    if (next === COLON || next === DOT || HEX[next] < 16) return -1;
    this.word3 = value | 0;
    return at;
  }

  private colons(bytes: Uint8Array, from: number): number {
    const groups = this.groups;
    let at = from;
    let count = 0;
    let gap = -1; // the group before which `::` stands
    if (bytes[at] === COLON) {
      if (bytes[at + 1] !== COLON) return -1;
      gap = 0;
      at += 2;
    }
    for (;;) {
      let digit = HEX[bytes[at]];
      if (digit > 15) {
        if (gap !== count) return -1; // nothing may stand between a single colon and the end
        break;
      }
      if (count === 8) return -1;
      const start = at;
      let group = 0;
      for (; digit < 16; digit = HEX[bytes[++at]]) {
        group = (group << 4) | digit;
        if (at - start === 4) return -1;
      }
      if (bytes[at] === DOT) {
        if (count > 6) return -1;
        at = this.dotted(bytes, start);
        if (at < 0) return -1;
        groups[count++] = this.word3 >>> 16;
        groups[count++] = this.word3;
        break;
      }
      groups[count++] = group;
      if (bytes[at] !== COLON) break;
      at++;
      if (bytes[at] === COLON) {
        if (gap >= 0) return -1;
        gap = count;
        at++;
      }
    }
    if (gap < 0 ? count !== 8 : count > 7) return -1;
    if (gap >= 0) {
      const tail = count - gap;
      groups.copyWithin(8 - tail, gap, count);
      groups.fill(0, gap, 8 - tail);
    }
    this.word0 = (groups[0] << 16) | groups[1];
    this.word1 = (groups[2] << 16) | groups[3];
    this.word2 = (groups[4] << 16) | groups[5];
    this.word3 = (groups[6] << 16) | groups[7];
    if (bytes[at] === PERCENT) while (bytes[at] > 0x20 && bytes[at] < 0x7f && !ENDS_ZONE[bytes[at]]) at++;
    return at;
  }
}

/** What ends a zone id, blanks and control bytes aside. */
const ENDS_ZONE = new Uint8Array(128);
for (const character of '",;|') ENDS_ZONE[character.charCodeAt(0)] = 1;

/** Canonical text of the address whose text stands in `text`, or null where it is none. */
export function canonicalAddress(text: string): string | null {
  if (isIP(text) === 0) return null;
  const cell = new AddressCell();
  const bytes = Buffer.from(`${text}\n`);
  return cell.read(bytes, 0) === bytes.length - 1 ? addressOf(cell) : null;
}

/** Canonical text of the words that were read last. */
export function addressOf({ word0, word1, word2, word3 }: AddressCell): string {
  if (word0 === 0 && word1 === 0 && word2 === MAPPED) {
    return `${word3 >>> 24}.${(word3 >>> 16) & 255}.${(word3 >>> 8) & 255}.${word3 & 255}`;
  }
  const groups = [word0, word1, word2, word3].flatMap((word) => [word >>> 16, word & 0xffff]);
  let longest = { from: 0, length: 1 };
  for (let from = 0; from < 8; from++) {
    let length = 0;
    while (groups[from + length] === 0) length++;
    if (length > longest.length) longest = { from, length };
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (longest.length === 1) return text(groups);
  return `${text(groups.slice(0, longest.from))}::${text(groups.slice(longest.from + longest.length))}`;
}
