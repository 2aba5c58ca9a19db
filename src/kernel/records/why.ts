/** Why the kernel came back from a reading, which is at `reading.stoppedAt`: the kernel and TypeScript both read this file. */

export const AT_END = 0;
export const FULL = 1; // there is no room for another row
export const NAMES_SAMPLER = 2; // the row behind those made is of a record that names a sampler
export const OTHER_KIND = 3; // a record of another kind stands there
export const UNKNOWN_EXPORTER = 4; // the record or row there is of an exporter, or names a sampler, that is not known
export const OTHER_LINE = 5; // the line there may be a header or a remark
export const OPEN_CELL = 6; // the row there has a quoted cell that goes on behind what there is
export const SAMPLE = 7; // the record there is of one packet, of which it holds the first bytes
export const TOTALS = 8; // the counters of the row behind those made are totals since the flow began
export const WAITS = 9; // the record there may wait for its sampling interval
export const CUT = 10; // the record there does not end where its set does
export const NEW_NAME = 11; // the row there tells a name that was not told yet

// What became of a row of cells, if not UNKNOWN_EXPORTER or NEW_NAME.
export const NO_FLOW = 0;
export const COUNTED = 1; // nothing more is wanted of it
export const WRITTEN = 2;
