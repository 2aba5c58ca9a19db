/** What bounds the values of a record. */

/** No clock that was set shows a year before 1990: nobody exported flows then. */
export const CLOCKS_SET_US: f64 = 631_152_000_000_000;
/** Times after 2100 are errors of a clock. */
export const LATEST_US: f64 = 4_102_444_800_000_000;
/** The largest counter that stays exact as a number. */
export const MOST: f64 = 9_007_199_254_740_991;
