/** What the text of one cell or value says, left in memory for whoever asked: TypeScript reads it there (readers/tables/). */
import * as place from './cell-places.ts';
import { CELL_AT } from './memory.ts';

@unmanaged
export class Cell {
  /** Of a time: microseconds since 1970. Of a span: microseconds. */
  timeUs: f64;
  /** Of a number: 0 and up; beyond 2^53 only roughly. */
  value: f64;
  /** Of an address: four words, IPv4 as ::ffff:a.b.c.d. */
  word0: i32;
  word1: i32;
  word2: i32;
  word3: i32;
  /** Of a time: what must be known of its text (marks.ts). */
  timeMarks: i32;
  /** 1 if digits other than 0 follow a decimal point (nfdump writes ICMP as `3.1`). */
  isFractional: i32;
  /** Of Zeek's history: flags of the originator, of the responder, and 1 if Zeek swapped the sides by its own guess. */
  originatorFlags: i32;
  responderFlags: i32;
  isFlipped: i32;
  unused: i32;
}

export const cell: Cell = changetype<Cell>(CELL_AT);

// The compiler ends here if a place is another.
if (
  CELL_AT + offsetof<Cell>('timeUs') !== place.TIME_US << 3 ||
  CELL_AT + offsetof<Cell>('value') !== place.VALUE << 3 ||
  CELL_AT + offsetof<Cell>('word0') !== place.ADDRESS << 2 ||
  CELL_AT + offsetof<Cell>('timeMarks') !== place.TIME_MARKS << 2 ||
  CELL_AT + offsetof<Cell>('isFractional') !== place.IS_FRACTIONAL << 2
)
  ERROR('cell-places.ts');

export const DOT: u32 = 0x2e;
export const MINUS: u32 = 0x2d;
export const QUOTE: u32 = 0x22;
export const LF: u32 = 0x0a;
export const CR: u32 = 0x0d;

export function byteAt(at: usize): u32 {
  return <u32>load<u8>(at);
}

/** The value of the digit at a place; more than 9 if there is none. */
export function digitAt(at: usize): u32 {
  return <u32>load<u8>(at) - 48;
}

/** A number of two digits, or -1. */
export function twoDigits(at: usize): i32 {
  const tens = digitAt(at);
  const ones = digitAt(at + 1);
  return tens <= 9 && ones <= 9 ? <i32>(tens * 10 + ones) : -1;
}
