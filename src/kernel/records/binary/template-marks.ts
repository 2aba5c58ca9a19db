/** What holds for the records of a NetFlow v9 or IPFIX template, by bits: the kernel and TypeScript both read this file. */

export const IS_INITIATOR_FIRST = 1; // both directions stand in one record because the exporter follows connections
export const HAS_REVERSE = 2;
export const HAS_TOTALS = 4;
export const HAS_TIMES = 8; // a record says when its flow was
export const COUNTS_OUT = 16; // counters of what goes out stand beside those of what comes in
export const COUNTS_FRAMES = 32; // octets are those of frames, link header included
// And for a set of them, as its domain stands.
export const IS_PATIENT = 64; // a record may wait for its sampling interval
export const WAITS_FOR_OUT = 128; // what counters of what goes out mean is still to be told
export const OUT_IS_REVERSE = 256;
export const OUT_IS_SAME = 512; // the exporter reports the other direction by itself
export const COUNTS_RECORDS = 1024; // records are numbered one by one, not by their message

/** A field's length if each record says it itself. */
export const VARIABLE = 65_535;
