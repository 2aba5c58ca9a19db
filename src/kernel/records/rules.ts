/** What formats mean by a row, by bits: the kernel and TypeScript both read this file. */

export const AWS_STATUS = 1; // a row whose status is NODATA or SKIPDATA is no flow
export const ARGUS_STATE = 2; // the state says if there was an answer; rows without protocol and addresses are no flows
export const SILENCE_UNKNOWN = 4; // counters of 0 stand for a way back that the record does not have
export const HEX_FLAGS = 8; // TCP flags are hexadecimal, without a prefix
