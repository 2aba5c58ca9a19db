/**
 * What lies where in the memory of this module. TypeScript makes its views from these numbers, which the module exports.
 * Written by: TypeScript (ports, fields, listed bits, exporters, input), the kernel (sums, plain), both (batches).
 */
import { Row } from './row.ts';

/** Bytes that may be read and written behind a region, as copies are made sixteen bytes at a time. */
export const SLACK: usize = 64;
/** nfdump's buffer; no block is larger, compressed or not. */
export const BLOCK_LIMIT: usize = 5 * 1024 * 1024;

/** Sums of records that only count (sums.ts). */
export const SUMS_AT: usize = 1024;
/** A bit for each port on which behaviour says nothing. */
export const PORTS_AT: usize = 2048;
/** A bit for each port of the web. */
export const WEB_PORTS_AT: usize = PORTS_AT + 65_536 / 8;
/** Prefixes of listed addresses, by length (sieve.ts). */
export const FIELDS_AT: usize = WEB_PORTS_AT + 65_536 / 8;
export const MOST_FIELDS: usize = 129;
/** Exporters of an nfcapd file by their ids (nfcapd.ts). */
export const EXPORTERS_AT: usize = FIELDS_AT + 4096;
/** Batches of rows: control words and sums of each (batch/batches.ts), then their rows, one behind the other. */
export const BATCHES: usize = 32;
export const BATCH_ROWS: usize = 2048;
export const CONTROL_AT: usize = EXPORTERS_AT + 65_536 * 16;
export const BATCH_SUMS_AT: usize = CONTROL_AT + 1024;
export const BATCHES_AT: usize = BATCH_SUMS_AT + 4096;
/** Bytes of the input: a block of nfcapd with the head of the next. */
export const INPUT_AT: usize = BATCHES_AT + BATCHES * BATCH_ROWS * offsetof<Row>();
export const INPUT_BYTES: usize = BLOCK_LIMIT + 2 * 64 * 1024;
/** A block that was decompressed. */
export const PLAIN_AT: usize = INPUT_AT + INPUT_BYTES + SLACK;
/** Bits of listed addresses, which may be many: the memory grows for them. */
export const LISTED_AT: usize = PLAIN_AT + BLOCK_LIMIT + SLACK;
