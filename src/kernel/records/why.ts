/** Why the kernel came back from a reading: the kernel and TypeScript both read this file. */

export const AT_END = 0;
export const FULL = 1; // there is no room for another row
export const ODD = 2; // a record names a sampler
export const OTHER_KIND = 3; // a record of another kind stands at `nfcapdAt`
export const STRANGER = 4; // the record at `nfcapdAt`, or the row at `tableAt`, is of an exporter that was not met
export const OTHER_LINE = 5; // the line at `tableAt` may be a header or a remark
export const OPEN_CELL = 6; // the row at `tableAt` has a quoted cell that goes on behind what there is
export const SAMPLE = 7; // the record at `setAt` is of one packet, of which it holds the first bytes
export const TOTALS = 8; // the counters of the row behind those made are totals since the flow began
export const WAITS = 9; // the record at `setAt` may wait for its sampling interval
export const CUT = 10; // the record at `setAt` does not end where its set does

// What became of the row in hand, if not STRANGER.
export const NO_FLOW = 0;
export const COUNTED = 1; // nothing more is wanted of it
export const WRITTEN = 2;
