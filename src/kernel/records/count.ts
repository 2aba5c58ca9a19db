/**
 * Numbers of a text log: counters and ports, protocols by number or name, TCP flags as letters or numbers, Zeek's history. A
 * byte that is no digit or letter stands before the end. Each reads into the cell and returns the place behind what it
 * read, 0 if there is nothing of its kind.
 */
import { byteAt, cell, DOT, digitAt } from './cell.ts';
import { digitsAt, numberAt } from './digits.ts';

const X: u32 = 0x78;
/** Digits that a word of 64 bits holds for sure. */
const EXACT_DIGITS: i32 = 18;

/** A number, decimal or `0x`. */
export function readCount(from: usize): usize {
  cell.isFractional = 0;
  let digits = <i32>digitsAt(from);
  if (digits === 0) return 0;
  let at = from + digits;
  let whole = numberAt(from, digits);
  let digit = digitAt(at);
  for (; digit <= 9 && digits < EXACT_DIGITS; digits++) {
    whole = whole * 10 + digit;
    digit = digitAt(++at);
  }
  let value = <f64>whole;
  for (; digit <= 9; digit = digitAt(++at)) value = value * 10 + digit;
  const next = byteAt(at);
  if (next === DOT) {
    for (digit = digitAt(++at); digit <= 9; digit = digitAt(++at)) if (digit > 0) cell.isFractional = 1;
  } else if (next === X && whole === 0 && at === from + 1) return readHex(at + 1);
  cell.value = value;
  return at;
}

/** Hexadecimal digits without a prefix. */
export function readHex(from: usize): usize {
  let at = from;
  let value: f64 = 0;
  for (; ; at++) {
    const byte = byteAt(at);
    const letter = (byte | 32) - 97;
    if (byte - 48 <= 9) value = value * 16 + (byte - 48);
    else if (letter <= 5) value = value * 16 + letter + 10;
    else break;
  }
  cell.isFractional = 0;
  cell.value = value;
  return at === from ? 0 : at;
}

/** An IP protocol, by number or name. Names that are none of the usual ones read as 0, unknown. */
export function readProtocol(from: usize): usize {
  const end = readCount(from);
  if (end !== 0) {
    if (cell.value > 255) cell.value = 0;
    return end;
  }
  let at = from;
  let key: u32 = 0;
  for (; ; at++) {
    const byte = byteAt(at);
    const lower = byte | 32;
    if (lower - 97 > 25 && byte - 48 > 9 && byte !== 0x2d && byte !== 0x5f) break;
    if (at - from < 4) key = (key << 8) | lower;
  }
  cell.value = protocolNamed(key, <u32>(at - from));
  return at === from ? 0 : at;
}

// The first four letters of names, one byte each.
const TCP: u32 = 0x746370;
const UDP: u32 = 0x756470;
const ICMP: u32 = 0x69636d70;
const IPV6: u32 = 0x69707636;
const SCTP: u32 = 0x73637470;
const GRE: u32 = 0x677265;
const ESP: u32 = 0x657370;
const IGMP: u32 = 0x69676d70;

function protocolNamed(key: u32, length: u32): u32 {
  if (key === TCP) return 6;
  if (key === UDP) return 17;
  if (key === ICMP) return length === 4 ? 1 : 58; // icmp6, icmpv6, icmp-v6
  if (key === IPV6) return length > 5 ? 58 : 0; // ipv6-icmp
  if (key === SCTP) return 132;
  if (key === GRE) return 47;
  if (key === ESP) return 50;
  if (key === IGMP) return 2;
  if (length === 1) return key === 0x74 ? 6 : key === 0x75 ? 17 : 0; // T and U of Azure
  return 0;
}

/** TCP flags: letters as nfdump and SiLK write them (dots and blanks between), or a number. */
export function readFlags(from: usize): usize {
  const end = readCount(from);
  if (end !== 0) {
    cell.value = <f64>(<i64>cell.value & 0xff);
    return end;
  }
  let at = from;
  let flags: u32 = 0;
  for (; ; at++) {
    const flag = flagOf(byteAt(at));
    if (flag === 0) break;
    flags |= flag;
  }
  cell.value = flags & 0xff;
  return at === from ? 0 : at;
}

/** The flag that a letter stands for; 0x100 of what may stand between letters, 0 of anything else. */
function flagOf(byte: u32): u32 {
  switch (byte) {
    case 0x46: // F
      return 1;
    case 0x53: // S
      return 2;
    case 0x52: // R
      return 4;
    case 0x50: // P
      return 8;
    case 0x41: // A
      return 16;
    case 0x55: // U
      return 32;
    case 0x45: // E
      return 64;
    case 0x43: // C
      return 128;
    case 0x20:
    case DOT:
      return 0x100;
    default:
      return 0;
  }
}

/** Zeek's `history`: upper case is the originator's doing, lower case the responder's. There may be no letters at all. */
export function readHistory(from: usize): usize {
  let originator: u32 = 0;
  let responder: u32 = 0;
  cell.isFlipped = 0;
  let at = from;
  for (; ; at++) {
    const byte = byteAt(at);
    if (byte === 0x5e) cell.isFlipped = 1;
    else if (byte - 65 <= 25) originator |= historyFlags(byte | 32);
    else if (byte - 97 <= 25) responder |= historyFlags(byte);
    else break;
  }
  cell.originatorFlags = originator;
  cell.responderFlags = responder;
  return at;
}

/** TCP flags that a letter of Zeek's `history` stands for. */
function historyFlags(letter: u32): u32 {
  switch (letter) {
    case 0x73: // s
      return 0x02;
    case 0x68: // h
      return 0x12;
    case 0x61: // a
      return 0x10;
    case 0x64: // d
      return 0x18;
    case 0x66: // f
      return 0x01;
    case 0x72: // r
      return 0x04;
    default:
      return 0;
  }
}
