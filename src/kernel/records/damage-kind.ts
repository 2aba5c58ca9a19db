/** What can be wrong with a row, by number; `readers/tables/flow-tally.ts` has the words. */

export const BAD_ROW = 0;
export const UNREAD_FLOW = 1; // it lacks what a conversation needs
export const LOST_RECORDS = 2; // it says that the source lost records
export const ABSURD_TIME = 3;
export const NO_TIME = 4;
export const COUNTER_OVERFLOW = 5; // a counter beyond 2^53, cut to it
