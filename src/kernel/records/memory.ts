/**
 * The layout of this kernel's memory, behind the few kilobytes of its own constants. The kernel and TypeScript
 * (src/records-kernel.ts and who uses it) both read this file. Written by: TypeScript (ports, fields, listed bits,
 * exporters, input), the kernel (totals, plain), both (batches).
 */

/** A flow record (row.ts). */
export const ROW_BYTES: usize = 128;

/** Bytes that may be read and written behind a region, as copies are made sixteen bytes at a time. */
export const SLACK: usize = 64;
/** nfdump's buffer; no block is larger, compressed or not. */
export const BLOCK_LIMIT: usize = 5 * 1024 * 1024;

/** What records held (totals.ts). */
export const TOTALS_AT: usize = 8192;
export const TOTALS_BYTES: usize = 160;
/** A bit for each port on which behaviour says nothing. */
export const PORTS_AT: usize = TOTALS_AT + 1024;
/** A bit for each port of the web. */
export const WEB_PORTS_AT: usize = PORTS_AT + 65_536 / 8;
/** Prefixes of listed addresses, by length (sieve.ts): with 0 to 128 bits there are at most 129 lengths, of 20 bytes each. */
export const FIELDS_AT: usize = WEB_PORTS_AT + 65_536 / 8;
/** Up to here the memory of conversations (kernel/conversations/memory.ts) is the same. */
export const SIEVE_END: usize = FIELDS_AT + 4096;
/** Exporters of an nfcapd file by their ids (nfcapd.ts). */
export const EXPORTERS: usize = 65_536;
export const EXPORTER_BYTES: usize = 16;
export const EXPORTERS_AT: usize = SIEVE_END;
/** The plan of a template of NetFlow v9 or IPFIX (template-fields.ts). */
export const PLAN_AT: usize = EXPORTERS_AT + EXPORTERS * EXPORTER_BYTES;
/** What a domain told of samplers, and flows of each pair of sampler and interface that count as they are (samplers.ts). */
export const SAMPLERS: usize = 256;
export const SAMPLER_BYTES: usize = 32;
export const SAMPLERS_AT: usize = PLAN_AT + 512 * 8;
export const UNSCALED_AT: usize = SAMPLERS_AT + SAMPLERS * SAMPLER_BYTES;
/** What is counted (counts.ts), and when rows were (time-runs.ts). */
export const COUNTS_AT: usize = UNSCALED_AT + SAMPLERS * 4;
export const RUNS: usize = 32;
export const RUN_BYTES: usize = 24;
export const RUNS_AT: usize = COUNTS_AT + 64;
/** What the last cell said (cell.ts), and the groups of an address while it is read. */
export const CELL_AT: usize = RUNS_AT + RUNS * RUN_BYTES;
export const GROUPS_AT: usize = CELL_AT + 128;
/** A short text that TypeScript has read. */
export const TEXT_AT: usize = GROUPS_AT + 64;
/** Two hashes of 40 bytes (xxhash.ts). */
export const HASHES_AT: usize = TEXT_AT + 320;
/** The plan of a table (table.ts): roles of its columns, texts that say nothing, the row that says nothing. */
export const ROLES_AT: usize = HASHES_AT + 128;
export const MOST_COLUMNS: usize = 4096;
export const NOTHINGS_AT: usize = ROLES_AT + MOST_COLUMNS;
export const NOTHINGS_BYTES: usize = 1024;
export const TEMPLATE_AT: usize = (NOTHINGS_AT + NOTHINGS_BYTES + 255) & ~255;
/** The row in hand (table-row.ts). */
export const TABLE_ROW_BYTES: usize = 256;
export const TABLE_ROW_AT: usize = TEMPLATE_AT + TABLE_ROW_BYTES;
/** Exporters of a table by the hash of their texts (sensors.ts). */
export const SENSORS: usize = 8192;
export const SENSOR_BYTES: usize = 8;
export const SENSORS_AT: usize = TABLE_ROW_AT + TABLE_ROW_BYTES;
/** Keys of JSON objects, where they lead, and values found (json.ts). */
export const KEYS: usize = 1024;
export const KEY_BYTES: usize = 24;
export const KEYS_AT: usize = SENSORS_AT + SENSORS * SENSOR_BYTES;
export const KEY_TEXTS_BYTES: usize = 8192;
export const KEY_TEXTS_AT: usize = KEYS_AT + KEYS * KEY_BYTES;
export const NODES: usize = 256;
export const NODE_BYTES: usize = 8;
export const NODES_AT: usize = KEY_TEXTS_AT + KEY_TEXTS_BYTES + SLACK;
export const STARTS_AT: usize = NODES_AT + NODES * NODE_BYTES;
export const ENDS_AT: usize = STARTS_AT + NODES * 4;
export const KINDS_AT: usize = ENDS_AT + NODES * 4;
/** What each value means for a flow (roles.ts). */
export const VALUE_ROLES_AT: usize = KINDS_AT + NODES;
/** Batches of rows: control words and totals of each (batch/batches.ts), then their rows, one behind the other. */
export const BATCHES: usize = 32;
export const BATCH_ROWS: usize = 2048;
export const CONTROL_AT: usize = (VALUE_ROLES_AT + NODES + 1023) & ~1023;
export const BATCH_TOTALS_AT: usize = CONTROL_AT + 1024;
export const BATCHES_AT: usize = BATCH_TOTALS_AT + 4096;
/** Bytes of the input: a block of nfcapd with the head of the next. */
export const INPUT_AT: usize = BATCHES_AT + BATCHES * BATCH_ROWS * ROW_BYTES;
export const INPUT_BYTES: usize = BLOCK_LIMIT + 2 * 64 * 1024;
/** A block that was decompressed. */
export const PLAIN_AT: usize = INPUT_AT + INPUT_BYTES + SLACK;
/** Bits of listed addresses, which may be many: the memory grows for them. */
export const LISTED_AT: usize = PLAIN_AT + BLOCK_LIMIT + SLACK;
