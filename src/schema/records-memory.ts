/** The memory of the kernel of flow records, behind the few kilobytes of its own constants. */
import { READINGS, RECORD } from './elements.ts';
import { CELL_ROW, FLOW_ROW } from './flow-row.ts';
import { memoryMap, struct } from './struct.ts';

/** Sums over flow records, sampling multiplied; those of records by where these went stand in the order of `outcomeOf`. */
export const TOTALS = struct('Totals', [
  [
    'records',
    'f64',
    0,
    'Records taken: outside + timeless + other + brief + ordinary + visits + heavy + kept.',
  ],
  ['outsideRecords', 'f64', 0, 'Outside of the times asked for.'],
  ['timelessRecords', 'f64', 0, 'Without a time.'],
  ['otherRecords', 'f64', 0, 'Not TCP, nor of the next kind.'],
  ['briefRecords', 'f64', 0, 'Not TCP: look-ups of names and the time, or of one packet each way.'],
  ['ordinaryRecords', 'f64', 0, 'Unlisted, on ports where behaviour says nothing.'],
  ['visitRecords', 'f64', 0, 'Unlisted, visits to ports of the web.'],
  ['heavyRecords', 'f64', 0, 'The same two, with more in them than mining has.'],
  ['keptRecords', 'f64', 0, 'Those of which a conversation is kept.'],
  ['otherBytes', 'f64', 0, 'IP bytes of these, in the same order.'],
  ['briefBytes', 'f64', 0, 'IP bytes.'],
  ['ordinaryBytes', 'f64', 0, 'IP bytes.'],
  ['visitBytes', 'f64', 0, 'IP bytes.'],
  ['heavyBytes', 'f64', 0, 'IP bytes.'],
  ['keptBytes', 'f64', 0, 'IP bytes.'],
  ['edgeRecords', 'f64', 0, 'Of those that count, the ones that reach over an edge of the times asked for.'],
  ['packets', 'f64', 0, 'Of all records inside the times, observers not sorted out.'],
  ['bytes', 'f64', 0, 'IP bytes of the same.'],
  ['sampledPackets', 'f64', 0, 'Of these, what sampled records held.'],
  ['sampledBytes', 'f64', 0, 'Of these, what sampled records held.'],
  ['firstUs', 'f64', Number.NaN, 'us since 1970; NaN before the first record.'],
  ['lastUs', 'f64', Number.NaN, 'us since 1970; NaN before the first record.'],
]);

/** Of the listed prefixes of one length: a bit for each hash (flows/endpoint-watch.ts). */
const LISTED = struct('Listed', [
  ['mask0', 'i32', 0, 'Of the first word of an address.'],
  ['mask1', 'i32', 0, 'Of the second.'],
  ['mask3', 'i32', 0, 'Of the last.'],
  ['shift', 'i32', 0, 'Leaves of a hash the number of its bit.'],
  ['bitsAt', 'i32', 0, 'Where the bits lie.'],
]);

/** What tells which records only count, and what these held: it begins the memory of conversations, too. */
export const SIEVE_REGIONS = {
  totals: TOTALS,
  /** A bit for each port on which behaviour says nothing, and for each port of the web. */
  ports: 65_536 / 8,
  webPorts: 65_536 / 8,
  /** Of servers that a log names, and of those listed by length of their prefixes, from 0 to 128 bits. */
  listed: [LISTED, 130],
} as const;

/** What a call of a reader has done, and what it found: the driver reads it when the call is over. */
export const READING = struct('Reading', [
  ['number', 'f64', 0, 'Number of the last flow record.'],
  ['refusedBytes', 'f64', 0, 'Bytes of what could not be read, since the driver noted it.'],
  ['togetherRows', 'f64', 0, 'Rows of the input whose counters are of both directions, which stand as sent.'],
  ['estimatedRows', 'f64', 0, 'Rows of the input whose counters of each direction are estimated.'],
  ['fileTimeRows', 'f64', 0, 'Rows of the input without a time, which have that of their file.'],
  ['receivedUs', 'f64', 0, 'When the record that names a sampler was received.'],
  ['stoppedAt', 'usize', 0, 'Where the last call came to.'],
  ['why', 'i32', 0, 'Why it came back (kernel/records/why.ts).'],
  ['rows', 'i32', 0, 'Rows that it wrote.'],
  ['passed', 'i32', 0, 'Records that it passed, of any kind.'],
  ['onlyCounted', 'i32', 0, 'Rows that only count, since the driver noted it.'],
  ['wrong', 'i32', 0, 'Things wrong, since the driver noted it.'],
  ['timeRuns', 'i32', 0, 'Stretches of time that are over.'],
  ['bootless', 'i32', 0, 'Flows of the last call without a time of the boot that theirs count from.'],
  ['timeless', 'i32', 0, 'Flows of the last call without any time.'],
  ['unreadOut', 'i32', 0, 'Flows of the last call whose counters of what goes out were left out.'],
  ['exporterId', 'i32', 0, 'Exporter of nfcapd that is not known, or of the record that names a sampler.'],
  ['isEgress', 'i32', 0, '1 if it is wanted as the one that sends.'],
  ['samplerLow', 'i32', 0, 'Sampler that the record names.'],
  ['samplerHigh', 'i32', 0, 'Its upper word; -1 if there is none.'],
  ['exporterHash', 'u32', 0, 'Exporter of a table that is not known: hash of its text,'],
  ['exporterFrom', 'usize', 0, 'where that begins,'],
  ['exporterTo', 'usize', 0, 'and where it ends.'],
  ['unused', 'i32', 0, 'Nothing.'],
]);

/** What can be wrong with what a reader reads, by number in the kernel. */
export const ROW_DAMAGE = [
  'bad-row',
  'unread-flow',
  'lost-records',
  'absurd-time',
  'no-time',
  'counter-overflow',
  'bad-record',
  'anonymised',
  'other-line',
  'only-named',
] as const;

export const DAMAGE = struct('Damage', [
  ['count', 'i32', 0, 'How often, since the driver noted it.'],
  ['line', 'usize', 0, 'Where in memory the line of the first begins; 0 if rows have none.'],
]);

/** Rows of one interval of time. */
export const TIME_RUN = struct('TimeRun', [
  ['firstUs', 'f64', 0, 'Earliest start.'],
  ['lastUs', 'f64', 0, 'Latest end.'],
  ['rows', 'f64', 0, 'How many there are.'],
]);

/** An exporter of nfcapd, by the id that the file gives it. */
const EXPORTER = struct('Exporter', [
  ['ordinal', 'i32', 0, 'Ordinal + 1; 0 while it is not known.'],
  ['egressOrdinal', 'i32', 0, 'The same where it reports what it sends.'],
  ['interval', 'f64', 0, 'Sampling interval of records that name no sampler.'],
]);

/** What a domain told of a sampler and an input interface. */
const SAMPLER = struct('Sampler', [
  ['samplerId', 'f64', 0, 'As records name it; -1 if they do not.'],
  ['ingress', 'f64', 0, 'As records name it; -1 if they do not.'],
  ['interval', 'f64', 0, '0 if it is not known.'],
  ['pair', 'i32', 0, 'Number of the pair, in the order of their coming, + 1; 0 if none has this place.'],
  ['lacks', 'i32', 0, '1 if the interval may still be told.'],
]);

/** What the text of a cell or value says. */
export const CELL = struct('Cell', [
  ['timeUs', 'f64', 0, 'Of a time: us since 1970. Of a span: us.'],
  ['value', 'f64', 0, 'Of a number: 0 and up; beyond 2^53 only roughly.'],
  ['word', 'address', 0, 'Of an address.'],
  ['timeMarks', 'i32', 0, 'Of a time: what must be known of its text (kernel/records/marks.ts).'],
  ['isFractional', 'i32', 0, '1 if digits but 0 follow a decimal point (nfdump writes ICMP as `3.1`).'],
  ['originatorFlags', 'i32', 0, 'Of the history of Zeek: flags of the originator,'],
  ['responderFlags', 'i32', 0, 'of the responder,'],
  ['isFlipped', 'i32', 0, 'and 1 if Zeek swapped the two by its own guess.'],
  ['unused', 'i32', 0, 'Nothing.'],
]);

/** An address as a value of a column. */
export const ADDRESS_VALUE = struct('AddressValue', [
  ['word', 'address', 0, 'The address.'],
  ['otherAt', 'i32', 0, '0 if it is an address; otherwise where in its page the value begins, + 1.'],
]);

/** An exporter of a table, by the hash of its text. */
const SENSOR = struct('Sensor', [
  ['hash', 'u32', 0, 'Of its text.'],
  ['ordinal', 'i32', 0, 'Ordinal + 1; 0 if none has this place.'],
]);

/** A key of a JSON object. */
const KEY = struct('Key', [
  ['hash', 'u32', 0, 'Of the node and the text.'],
  ['textAt', 'usize', 0, 'Where its text lies.'],
  ['length', 'i32', 0, 'Bytes of it; 0 if none has this place.'],
  ['node', 'i32', 0, 'The object that it is a key of.'],
  ['target', 'i32', 0, 'The object or value that it leads to.'],
  ['unused', 'i32', 0, 'Nothing.'],
]);

/** An object or value that a key leads to. */
const NODE = struct('Node', [
  ['value', 'i32', 0, 'Number of the value asked for, -1 if it is none.'],
  ['isInner', 'i32', 0, '1 if keys lead on from here.'],
]);

/** One thing that a line of a log is made of, by kernel/records/steps.ts. */
export const STEP = struct('Step', [
  ['what', 'i32', 0, 'Which step it is.'],
  ['value', 'i32', 0, 'What of: a role, a number of cells, a node of keys, marks of a kind of lines.'],
  ['textAt', 'usize', 0, 'Where its text lies.'],
  ['length', 'i32', 0, 'Bytes of that; of a kind of lines, the step with which the next kind begins.'],
]);

/** Names that are known to be told. */
const MOST_TOLD = 131_072;
/** As many as kernel/name-bits.ts says. */
export const NAME_BITS = 1 << 18;
/** Values of a JSON object that a format may ask for. */
const MOST_VALUES = 256;
/** nfdump's buffer; no block is larger, compressed or not. */
export const BLOCK_LIMIT = 5 * 1024 * 1024;
/** Batches of rows, and rows of one. */
export const BATCHES = 32;
export const BATCH_ROWS = 2048;
/** Pairs of sampler and interface that the kernel knows at a time. */
export const SAMPLERS = 256;
/** Intervals of time that it keeps. */
export const RUNS = 32;
/** Columns of a table that are read. */
export const MOST_COLUMNS = 4096;
/** Fields of a template: no exporter sends so many. */
export const MOST_FIELDS = 512;

export const RECORDS_MEMORY = memoryMap(8192, {
  ...SIEVE_REGIONS,
  reading: READING,
  damage: [DAMAGE, ROW_DAMAGE.length],
  runs: [TIME_RUN, RUNS],
  exporters: [EXPORTER, 65_536],
  /** How each field of a template is read, its bytes, and where in the record it goes. */
  plan: MOST_FIELDS * 12,
  record: RECORD,
  samplers: [SAMPLER, SAMPLERS],
  /** Of each pair, flows that count as they are. */
  unscaled: SAMPLERS * 4,
  cell: CELL,
  /** Groups of an address while it is read. */
  groups: 16,
  /** A short text that TypeScript has read. */
  text: 320,
  /** Two hashes of 40 bytes (xxhash.ts). */
  hashes: 128,
  /** The plan of a table: roles of its columns, texts that say nothing, the row of which no cell says anything. */
  roles: MOST_COLUMNS,
  nothings: 1024,
  template: 320,
  cellRow: 320,
  sensors: [SENSOR, 8192],
  keys: [KEY, 1024],
  keyTexts: 8192,
  nodes: [NODE, MOST_VALUES],
  /** Of each value found: where it begins and ends, what it is, what it means for a flow. */
  starts: MOST_VALUES * 4,
  ends: MOST_VALUES * 4,
  kinds: MOST_VALUES,
  valueRoles: MOST_VALUES,
  /** What a value means that comes a second time in a line. */
  againRoles: MOST_VALUES,
  /** How lines are written, and their texts. */
  steps: [STEP, 512],
  stepTexts: 4096,
  /** Hashes of names that were told, with both ends and the hour. */
  toldNames: MOST_TOLD * 4,
  /** Bits of the names of pools. */
  poolNames: NAME_BITS / 8,
  /** Control words of the ring of batches and totals of each (rows/batches.ts), then their rows. */
  control: 1024,
  batchTotals: [TOTALS, BATCHES],
  batches: [FLOW_ROW, BATCHES * BATCH_ROWS],
  /** A block of nfcapd with the head of the next. */
  input: BLOCK_LIMIT + 2 * 64 * 1024,
  /** A block that was decompressed. */
  plain: BLOCK_LIMIT,
  /** Bits of listed addresses, which may be many: the memory grows for them. */
  listedBits: 0,
});

/** Where each region begins. */
export const { at: AT } = RECORDS_MEMORY;

/** Lists of which the kernel knows each word by its number. */
export const RECORDS_WORDS = { Fault: ROW_DAMAGE, Read: Object.keys(READINGS) };

export { CELL_ROW };
