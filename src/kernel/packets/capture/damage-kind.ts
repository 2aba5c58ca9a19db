/** What can be wrong with the bytes of a capture, by number; `readers/pcap/damage.ts` has the words. */

export const EMPTY = 0; // no bytes at all
export const NOT_A_CAPTURE = 1; // no magic number that a reader knows
export const TRUNCATED_HEADER = 2; // the input ends inside the file header
export const TRUNCATED_RECORD = 3; // the input ends inside a record or block
export const BAD_RECORD_LENGTH = 4; // a captured length that the format, or the block around it, rules out
export const BAD_WIRE_LENGTH = 5; // more bytes on the wire than any packet has: those captured count
export const BAD_BLOCK_LENGTH = 6; // a pcapng block length that is not a multiple of 4, absurd, or unlike its copy
export const BAD_SECTION = 7; // a pcapng section header without a byte-order magic
export const UNKNOWN_INTERFACE = 8; // a packet of an interface that the section never described
export const TOO_MANY_INTERFACES = 9; // more interfaces in a section than a reader keeps
export const SKIPPED_BYTES = 10; // the count is bytes: what lay between lost and regained footing
export const DAMAGE_KINDS = 11;
