/**
 * Numbers of a text log, decoded in place: counters and ports, protocols by number or name, TCP flags as letters or
 * numbers.
 *
 * HOT: every row holds several. The caller sees to it that a byte that is no digit or letter stands before the end.
 */

const DOT = 0x2e;
const X = 0x78;

export class CountCell {
  /** The whole number read last, 0 and up; beyond 2^53 only roughly. */
  value = 0;
  /** True where digits other than 0 followed a decimal point (nfdump writes ICMP as `3.1`). */
  isFractional = false;

  /** Decodes the number at `at`, decimal or `0x`; returns the offset behind it, or -1 where there is none. */
  read(bytes: Uint8Array, from: number): number {
    let at = from;
    let digit = bytes[at] - 48;
    let value = 0;
    while (digit >>> 0 <= 9) {
      value = value * 10 + digit;
      digit = bytes[++at] - 48;
    }
    this.isFractional = false;
    if (at === from) return -1;
    const next = bytes[at];
    if (next === DOT) {
      digit = bytes[++at] - 48;
      while (digit >>> 0 <= 9) {
        if (digit > 0) this.isFractional = true;
        digit = bytes[++at] - 48;
      }
    } else if (next === X && value === 0 && at === from + 1) return this.readHex(bytes, at + 1);
    this.value = value;
    return at;
  }

  /** Hexadecimal digits without a prefix. */
  readHex(bytes: Uint8Array, from: number): number {
    let at = from;
    let value = 0;
    for (; ; at++) {
      const byte = bytes[at];
      const letter = (byte | 32) - 97;
      if ((byte - 48) >>> 0 <= 9) value = value * 16 + byte - 48;
      else if (letter >>> 0 <= 5) value = value * 16 + letter + 10;
      else break;
    }
    this.isFractional = false;
    this.value = value;
    return at === from ? -1 : at;
  }

  /** An IP protocol, by number or name. Names that are none of the usual ones read as 0, unknown. */
  readProtocol(bytes: Uint8Array, from: number): number {
    const digits = this.read(bytes, from);
    if (digits >= 0) {
      if (this.value > 255) this.value = 0;
      return digits;
    }
    let at = from;
    let key = 0;
    for (; ; at++) {
      const byte = bytes[at];
      const lower = byte | 32;
      if ((lower - 97) >>> 0 > 25 && (byte - 48) >>> 0 > 9 && byte !== 0x2d && byte !== 0x5f) break;
      if (at - from < 4) key = (key << 8) | lower;
    }
    this.value = protocolNamed(key, at - from);
    return at === from ? -1 : at;
  }

  /** TCP flags: letters as nfdump and SiLK write them (dots and blanks between), or a number. */
  readFlags(bytes: Uint8Array, from: number): number {
    const digits = this.read(bytes, from);
    if (digits >= 0) return digits;
    let at = from;
    let flags = 0;
    for (; ; at++) {
      const flag = FLAG_LETTERS[bytes[at]];
      if (flag === 0) break;
      flags |= flag;
    }
    this.value = flags & 0xff;
    return at === from ? -1 : at;
  }
}

/** The first four letters of a protocol's name, in lower case, as one number. */
function keyOf(name: string): number {
  let key = 0;
  for (const character of name.slice(0, 4)) key = (key << 8) | (character.charCodeAt(0) | 32);
  return key;
}

const TCP = keyOf('tcp');
const UDP = keyOf('udp');
const ICMP = keyOf('icmp');
const IPV6_ICMP = keyOf('ipv6-icmp');
const SCTP = keyOf('sctp');
const GRE = keyOf('gre');
const ESP = keyOf('esp');
const IGMP = keyOf('igmp');

function protocolNamed(key: number, length: number): number {
  if (key === TCP) return 6;
  if (key === UDP) return 17;
  if (key === ICMP) return length === 4 ? 1 : 58; // icmp6, icmpv6, icmp-v6, ipv6-icmp
  if (key === IPV6_ICMP) return length > 5 ? 58 : 0;
  if (key === SCTP) return 132;
  if (key === GRE) return 47;
  if (key === ESP) return 50;
  if (key === IGMP) return 2;
  if (length === 1) return key === 0x74 ? 6 : key === 0x75 ? 17 : 0; // T and U of Azure
  return 0;
}

/** Flag letters; bit 8 marks what may stand between them and is no flag. */
export const FLAG_LETTERS = new Uint16Array(256);
FLAG_LETTERS[DOT] = 0x100;
FLAG_LETTERS[0x20] = 0x100;
for (const [letter, flag] of Object.entries({ F: 1, S: 2, R: 4, P: 8, A: 16, U: 32, E: 64, C: 128 })) {
  FLAG_LETTERS[letter.charCodeAt(0)] = flag;
}

/** TCP flags that a letter of Zeek's `history` stands for. */
export const HISTORY_FLAGS = new Uint8Array(128);
for (const [letter, flag] of Object.entries({ s: 0x02, h: 0x12, a: 0x10, d: 0x18, f: 0x01, r: 0x04 })) {
  HISTORY_FLAGS[letter.charCodeAt(0)] = flag;
}

/** Zeek's `history`: upper case is the originator's doing, lower case the responder's. */
export class HistoryCell {
  originatorFlags = 0;
  responderFlags = 0;
  /** True where Zeek swapped the sides by its own guess. */
  isFlipped = false;

  /** Returns the offset behind the letters. */
  read(bytes: Uint8Array, from: number): number {
    let at = from;
    this.originatorFlags = 0;
    this.responderFlags = 0;
    this.isFlipped = false;
    for (; ; at++) {
      const byte = bytes[at];
      if (byte === 0x5e) this.isFlipped = true;
      else if ((byte - 65) >>> 0 <= 25) this.originatorFlags |= HISTORY_FLAGS[byte | 32];
      else if ((byte - 97) >>> 0 <= 25) this.responderFlags |= HISTORY_FLAGS[byte];
      else return at;
    }
  }
}
