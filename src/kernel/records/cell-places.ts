/** Where the fields of the cell lie (cell.ts, which checks this file), in doubles or in words of 32 bits of the memory. */
import { CELL_AT } from './memory.ts';

// Doubles.
export const TIME_US: usize = CELL_AT / 8;
export const VALUE: usize = CELL_AT / 8 + 1;
// Words; the address has four.
export const ADDRESS: usize = CELL_AT / 4 + 4;
export const TIME_MARKS: usize = CELL_AT / 4 + 8;
export const IS_FRACTIONAL: usize = CELL_AT / 4 + 9;
