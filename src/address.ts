/**
 * IP addresses as text and as four 32-bit words, IPv4 as ::ffff:a.b.c.d (RFC 4291 2.2), so that one comparison serves both
 * families. Lists hold half a million of them, and compiling the pattern of net.isIPv6 costs a scan more than all that it
 * looks up: text is parsed without a split or a regular expression. Leading zeros and zone ids are refused.
 */
/** Four unsigned 32-bit words. */
export type Words = readonly [number, number, number, number];

const MAPPED = 0xffff;
const LONGEST_V6 = 45;
const DOT = 0x2e;
const COLON = 0x3a;

function v4Words(value: number): Words {
  return [0, 0, MAPPED, value >>> 0];
}

export function isV4(words: ArrayLike<number>): boolean {
  return words[0] === 0 && words[1] === 0 && words[2] === MAPPED;
}

/** The words of an address text; IPv4-mapped IPv6 is IPv4. Null if the text is not an address. */
export function parseWords(text: string): Words | null {
  const v4 = parseV4(text);
  if (v4 >= 0) return v4Words(v4);
  return parseV6(text);
}

/** The same as packets hold them. */
export function addressWords(text: string): Int32Array | null {
  const words = parseWords(text);
  return words === null ? null : Int32Array.from(words);
}

/** Eight groups of up to four hex digits, the last two perhaps dotted; `::` once for one or more that are 0. */
function parseV6(text: string): Words | null {
  if (text.length > LONGEST_V6) return null;
  const groups: number[] = [];
  let zerosAt = text.startsWith('::') ? 0 : -1;
  let at = zerosAt === 0 ? 2 : 0;
  while (at < text.length) {
    let end = at;
    let group = 0;
    for (let digit = hexDigit(text, end); digit >= 0; digit = hexDigit(text, ++end))
      group = group * 16 + digit;
    if (text.charCodeAt(end) === DOT) {
      const v4 = parseV4(text.slice(at));
      if (v4 < 0) return null;
      groups.push(Math.floor(v4 / 65536), v4 % 65536);
      break;
    }
    if (end === at || end - at > 4) return null;
    groups.push(group);
    if (end === text.length) break;
    if (text.charCodeAt(end) !== COLON) return null;
    at = end + 1;
    if (text.charCodeAt(at) === COLON && zerosAt < 0) {
      zerosAt = groups.length;
      at += 1;
    } else if (at === text.length) return null;
  }
  if (zerosAt < 0 ? groups.length !== 8 : groups.length > 7) return null;
  if (zerosAt >= 0) groups.splice(zerosAt, 0, ...new Array<number>(8 - groups.length).fill(0));
  const word = (first: number): number => (groups[first] * 65536 + groups[first + 1]) >>> 0;
  return [word(0), word(2), word(4), word(6)];
}

/** Value of the digit there; -1 if there is none. */
function hexDigit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Dotted IPv4 to its value, -1 if it is none. Leading zeros are refused: readers disagree on their base. */
function parseV4(text: string): number {
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  if (text.length > 15) return -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      if (digits === 0 || dots === 3) return -1;
      value = value * 256 + octet;
      octet = 0;
      digits = 0;
      dots++;
    } else if (code >= 48 && code <= 57) {
      if (digits > 0 && octet === 0) return -1;
      octet = octet * 10 + (code - 48);
      digits++;
      if (octet > 255) return -1;
    } else return -1;
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : -1;
}

/** The address a decimal number stands for (numeric ip-location-db files): below 2^32 IPv4, else IPv6. */
export function wordsOfNumber(text: string): Words | null {
  if (!/^\d{1,39}$/.test(text)) return null;
  if (text.length < 10 || (text.length === 10 && Number(text) < 2 ** 32)) return v4Words(Number(text));
  const value = BigInt(text);
  return value >> 128n === 0n ? wordsOfBig(value) : null;
}

/** The four words of a number below 2^128. */
export function wordsOfBig(value: bigint): Words {
  const word = (shift: bigint): number => Number((value >> shift) & 0xffff_ffffn);
  return [word(96n), word(64n), word(32n), word(0n)];
}

/** Negative, zero or positive, as for sorting. */
export function compareWords(a: Words, b: Words): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];
}

/** The address with all bits from `length` on (0 to 128) cleared. */
export function maskWords(words: Words, length: number): Words {
  const kept = (at: number): number => {
    const bits = Math.min(32, Math.max(0, length - 32 * at));
    return bits === 0 ? 0 : (words[at] & (-1 << (32 - bits))) >>> 0;
  };
  return [kept(0), kept(1), kept(2), kept(3)];
}

/** True if two addresses agree in their first `length` bits (0 to 128). */
export function sharesPrefix(a: ArrayLike<number>, b: ArrayLike<number>, length: number): boolean {
  for (let at = 0; 32 * at < length; at++) {
    const bits = Math.min(32, length - 32 * at);
    if ((a[at] ^ b[at]) >>> (32 - bits) !== 0) return false;
  }
  return true;
}

/** Canonical text (RFC 5952) of `words[0..3]`, signed or not. IPv4-mapped addresses print as IPv4. */
export function addressText(words: ArrayLike<number>): string {
  if (isV4(words)) {
    const value = words[3];
    return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
  }
  const groups: number[] = [];
  for (let i = 0; i < 4; i++) groups.push((words[i] >>> 16) & 0xffff, words[i] & 0xffff);
  return ipv6Text(groups);
}

/** Canonical text of the address whose text stands in `text`, or null if it is none. */
export function canonicalAddress(text: string): string | null {
  const words = parseWords(text);
  return words === null ? null : addressText(words);
}

/** The /16 of an IPv4 address and the /32 of an IPv6 one: what one operator holds, at the least. */
export function networkOf(ip: string): string {
  const separator = ip.includes(':') ? ':' : '.';
  return ip.split(separator, 2).join(separator);
}

/** A host, by name or address, with a port; IPv6 in brackets. */
export function endpointText(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
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
