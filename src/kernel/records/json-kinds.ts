/** What values of JSON are, by number: the kernel and TypeScript (readers/json/) both read this file. */

export const ABSENT: u32 = 0;
export const TEXT: u32 = 1;
/** Text with a backslash in it. */
export const ESCAPED: u32 = 2;
export const NUMBER: u32 = 3;
export const TRUE: u32 = 4;
export const FALSE: u32 = 5;
export const ARRAY: u32 = 6;
export const OBJECT: u32 = 7;

/** The object goes on behind what there is. */
export const INCOMPLETE: i32 = -1;
/** A byte stands where JSON has none of its kind. */
export const INVALID: i32 = -2;
