/**
 * Whole numbers of a text log: counters and ports. A byte that is no digit or letter stands before the end. What reads text
 * into the cell, here and in the files beside, returns the place behind what it read, 0 if there is nothing of its kind.
 */

import { byteAt, DOT, digitAt, hexadecimal } from './cell.ts';
import { digitsAt, numberAt } from './digits.ts';
import { cell } from './memory.ts';

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
  for (let digit = hexadecimal(byteAt(at)); digit < 16; digit = hexadecimal(byteAt(++at)))
    value = value * 16 + digit;
  cell.isFractional = 0;
  cell.value = value;
  return at === from ? 0 : at;
}
