/**
 * Where the fields of a row lie (row.ts, table-row.ts), which check this file: for TypeScript, which reads and writes rows
 * through arrays. The numbers count doubles, or words of 32 bits, from the beginning of the row.
 */

// Doubles.
export const START_US: usize = 0;
export const END_US: usize = 1;
export const PACKETS: usize = 2;
export const BYTES: usize = 3;
export const REVERSE_PACKETS: usize = 4;
export const REVERSE_BYTES: usize = 5;
export const SAMPLING_INTERVAL: usize = 6;
export const NUMBER: usize = 7;
// Words; an address has four.
export const SOURCE: usize = 16;
export const DESTINATION: usize = 20;
export const SOURCE_PORT: usize = 24;
export const DESTINATION_PORT: usize = 25;
export const PROTOCOL: usize = 26;
export const TCP_FLAGS: usize = 27;
export const REVERSE_TCP_FLAGS: usize = 28;
export const EXPORTER: usize = 29;
export const MARKS: usize = 30;

// Of the row in hand (table-row.ts). Doubles.
export const DURATION_US: usize = 16;
export const PAYLOAD: usize = 17;
export const REVERSE_PAYLOAD: usize = 18;
export const TOTAL_PACKETS: usize = 19;
export const TOTAL_BYTES: usize = 20;
export const DAY_US: usize = 21;
export const CLOCK_US: usize = 22;
export const END_DAY_US: usize = 23;
export const END_CLOCK_US: usize = 24;
// Words.
export const LINE: usize = 50;
export const BEHIND: usize = 51;
export const GOT: usize = 52;
export const BAD: usize = 53;
export const STATUS: usize = 54;
