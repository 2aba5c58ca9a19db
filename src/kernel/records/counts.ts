/**
 * What the kernel counts while it reads, as words at COUNTS_AT, by number: TypeScript reads them there, which costs less than
 * asking for a number.
 */
import { COUNTS_AT } from './memory.ts';

// Of the set read last (template-flows.ts): where it ended, rows made, records passed, flows without what a conversation needs,
// flows without a time of a boot, or any, and flows whose counters of what goes out were left out.
export const SET_AT: u32 = 0;
export const SET_ROWS: u32 = 1;
export const SET_RECORDS: u32 = 2;
export const UNREAD_FLOWS: u32 = 3;
export const BOOTLESS: u32 = 4;
export const TIMELESS: u32 = 5;
export const UNREAD_OUT: u32 = 6;
// Of rows since TypeScript took them (delivery.ts): those that only count, whose counters were cut, whose times cannot be, and
// that have none.
export const ONLY_COUNTED: u32 = 8;
export const CUT_COUNTERS: u32 = 9;
export const ABSURD_TIMES: u32 = 10;
export const MISSING_TIMES: u32 = 11;
// Stretches of time that are over (time-runs.ts).
export const TIME_RUNS: u32 = 12;

/** The word of a count, among all words of memory. */
export const COUNTS: usize = COUNTS_AT / 4;
