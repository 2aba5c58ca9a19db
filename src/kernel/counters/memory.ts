/**
 * The memory of the kernel of counters: the shares of a sample as columns, what is worked out of them for the hypothesis in
 * hand, trials and fits. TypeScript (evidence/counter/from-zero/structure.ts) reads this file, too.
 */

/** Shares of a sample, at most. */
export const SAMPLE: i32 = 120;
const COLUMN_BYTES: usize = <usize>SAMPLE * 8;

/**
 * Tables of logarithms are the compiler's, in the first page. What TypeScript writes: nonces, seconds since the job, jobs
 * in the order in which they come, and the nonces once more in their own order.
 */
export const NONCES_AT: usize = 65_536;
export const SECONDS_AT: usize = NONCES_AT + COLUMN_BYTES;
export const JOBS_AT: usize = SECONDS_AT + COLUMN_BYTES;
export const SORTED_AT: usize = JOBS_AT + COLUMN_BYTES;

/** Nonces as the number of a chunk or lane, and the offset in it. */
export const PARTS_AT: usize = SORTED_AT + COLUMN_BYTES;
export const OFFSETS_AT: usize = PARTS_AT + COLUMN_BYTES;
/** Progress under a hypothesis of chunks. */
export const IN_STEP_AT: usize = OFFSETS_AT + COLUMN_BYTES;
export const ADRIFT_AT: usize = IN_STEP_AT + COLUMN_BYTES;
/** What each share is off by, by either reading. */
export const OFF_IN_STEP_AT: usize = ADRIFT_AT + COLUMN_BYTES;
export const OFF_ADRIFT_AT: usize = OFF_IN_STEP_AT + COLUMN_BYTES;
/** Likelihood ratio of each share, as last compared. */
export const RATIOS_AT: usize = OFF_ADRIFT_AT + COLUMN_BYTES;
/** Rates as they come, and then in order. */
export const RATES_AT: usize = RATIOS_AT + COLUMN_BYTES;
/** By job or lane: a sum, and a number of shares. */
export const SUMS_AT: usize = RATES_AT + COLUMN_BYTES;
export const COUNTS_AT: usize = SUMS_AT + COLUMN_BYTES;

/** Codes of the rates of a hypothesis, at most. */
export const MOST_CODES: u32 = 4096;
/** How many rates have a code, a byte each, and room behind them (sample.ts). */
export const CODES_AT: usize = COUNTS_AT + COLUMN_BYTES;

/** The fits; there is room for every hypothesis with every beat. */
export const MOST_FITS: i32 = 32_768;
export const FIT_BYTES: usize = 80;
export const FITS_AT: usize = CODES_AT + <usize>MOST_CODES + 32;
export const END: usize = FITS_AT + <usize>MOST_FITS * FIT_BYTES;
