/** What cannot be in any record. */

/** Times after 2100 are errors of a clock. */
export const LATEST_US: f64 = 4_102_444_800_000_000;
/** The largest counter that stays exact as a number. */
export const MOST: f64 = 9_007_199_254_740_991;
