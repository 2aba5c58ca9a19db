/** Where the fields of an address lie that was a value of a column (values.ts, which checks this file), in words of 32 bits. */

/** Behind the four words of the address: 0, or the place of a value that is none in its page, + 1. */
export const ODD: usize = 4;
export const ADDRESS_WORDS: usize = 5;
