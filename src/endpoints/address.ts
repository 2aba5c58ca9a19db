/**
 * IP addresses: four 32-bit words (as packets hold them, IPv4 as ::ffff:a.b.c.d) to canonical text (RFC 5952) and
 * back. IPv4-mapped addresses print as plain IPv4.
 */
import { isIPv4, isIPv6 } from 'node:net';

const MAPPED = 0xffff;

/** Canonical text of an address in `words[0..3]` (signed or unsigned 32-bit numbers). */
export function addressText(words: ArrayLike<number>): string {
  if (words[0] === 0 && words[1] === 0 && words[2] === MAPPED) return ipv4Text(words[3]);
  const groups: number[] = [];
  for (let i = 0; i < 4; i++) groups.push((words[i] >>> 16) & 0xffff, words[i] & 0xffff);
  return ipv6Text(groups);
}

/** Words of an address text, or null if it is none. IPv4 becomes IPv4-mapped; zone ids are refused. */
export function addressWords(text: string): Int32Array | null {
  if (isIPv4(text)) return Int32Array.of(0, 0, MAPPED, ipv4Word(text));
  if (!isIPv6(text) || text.includes('%')) return null;
  const [head, tail] = text.split('::');
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  const zeros = 8 - left.length - right.length;
  const groups =
    tail === undefined ? left : [...left, ...new Array<number>(Math.max(0, zeros)).fill(0), ...right];
  const words = new Int32Array(4);
  for (let i = 0; i < 4; i++) words[i] = (groups[2 * i] << 16) | groups[2 * i + 1];
  return words;
}

function groupsOf(part: string): number[] {
  if (part === '') return [];
  const groups: number[] = [];
  for (const piece of part.split(':')) {
    if (piece.includes('.')) {
      const word = ipv4Word(piece);
      groups.push((word >>> 16) & 0xffff, word & 0xffff);
    } else groups.push(Number.parseInt(piece, 16));
  }
  return groups;
}

function ipv4Word(text: string): number {
  let word = 0;
  for (const octet of text.split('.')) word = (word << 8) | Number(octet);
  return word | 0;
}

function ipv4Text(word: number): string {
  return `${(word >>> 24) & 0xff}.${(word >>> 16) & 0xff}.${(word >>> 8) & 0xff}.${word & 0xff}`;
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups (the first of equals) as `::`. */
function ipv6Text(groups: readonly number[]): string {
  let runStart = -1;
  let runLength = 1;
  for (let i = 0; i < 8; ) {
    let j = i;
    while (j < 8 && groups[j] === 0) j++;
    if (j - i > runLength) {
      runStart = i;
      runLength = j - i;
    }
    i = j + 1;
  }
  const hex = groups.map((group) => group.toString(16));
  if (runStart < 0) return hex.join(':');
  return `${hex.slice(0, runStart).join(':')}::${hex.slice(runStart + runLength).join(':')}`;
}
