/** What the text of one cell or value says, left in memory for whoever asked: TypeScript reads it there (readers/tables/). */
export const COLON: u32 = 0x3a;
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

/** The value of a hexadecimal digit, 16 for every other byte. */
export function hexadecimal(byte: u32): u32 {
  if (byte - 48 <= 9) return byte - 48;
  const letter = (byte | 32) - 97;
  return letter <= 5 ? letter + 10 : 16;
}

/** True of an ASCII letter. */
export function isLetter(byte: u32): bool {
  return (byte | 32) - 97 <= 25;
}

/** True of an ASCII letter or a digit. */
export function isLetterOrDigit(byte: u32): bool {
  return isLetter(byte) || byte - 48 <= 9;
}

/** A number of two digits, or -1. */
export function twoDigits(at: usize): i32 {
  const tens = digitAt(at);
  const ones = digitAt(at + 1);
  return tens <= 9 && ones <= 9 ? <i32>(tens * 10 + ones) : -1;
}
