/** The memory of the kernel of conversations. It begins as that of flow records does (records-memory.ts). */
import { FLOW_ROW } from './flow-row.ts';
import { BATCH_ROWS, SIEVE_REGIONS } from './records-memory.ts';
import { memoryMap, struct } from './struct.ts';

/** How much of the table is in use, and what is known of the input. */
export const TABLE = struct('ConversationTable', [
  ['keptUs', 'f64', 0, 'End of the latest record that was kept: the clock by which conversations are over.'],
  ['folded', 'f64', 0, 'Conversations that went to make room: over and unlike mining,'],
  ['evicted', 'f64', 0, 'and with something left to say.'],
  ['keptOverflow', 'f64', 0, 'Of these, what did not fit the list of such.'],
  ['evictedBytes', 'f64', 0, 'IP bytes of conversations of which nothing was kept, of the first observer.'],
  ['viewOverflow', 'f64', 0, 'Records whose view did not fit; their counters are lost.'],
  ['size', 'u32', 0, 'Conversations.'],
  ['maximum', 'u32', 0, 'How many there may be.'],
  ['mask', 'u32', 0, 'Places of the index, less one; at most half of them are in use.'],
  ['input', 'i32', 0, 'Ordinal of the input.'],
  ['ordinals', 'u32', 0, 'Ordinals of exporters up to here are known.'],
  ['observers', 'u32', 0, 'Observers up to here are known.'],
  ['viewsEnd', 'u32', 0, 'Views up to here were in use.'],
  ['freeView', 'u32', 0, 'The first that is free again, plus one.'],
]);

/** A conversation of flow records: its two ends, and what records said of both directions. Two directions follow. */
export const CONVERSATION = struct('Conversation', [
  ['low', 'address', 0, 'The end that sorts lower.'],
  ['high', 'address', 0, 'The other.'],
  ['ports', 'u32', 0, 'Low << 16 | high.'],
  ['smallestMean', 'f32', 0, 'Least mean of the packets of a record, IP bytes; 0 before the first.'],
  ['marks', 'u32', 0, 'kernel/conversations/marks.ts.'],
  ['views', 'u32', 0, 'First of the views of further observers, plus one; 0: none.'],
  ['observer', 'u32', 0, 'Who reported what stands in the directions.'],
  ['records', 'u32', 0, 'Records.'],
  ['activePeriods', 'u32', 0, 'Intervals of activity with long silence between them.'],
  ['minute', 'i32', 0, 'First minute of the activity bits, since 1970.'],
  ['busyLow', 'u32', 0, 'Activity in 64 buckets of 2^shift minutes, the first in bit 0.'],
  ['busyHigh', 'u32', 0, 'The upper half of them.'],
  ['shift', 'u8', 0, 'Width of a bucket: 2^shift minutes.'],
  ['flags0', 'u8', 0, 'TCP flags of direction 0, of all records together.'],
  ['flags1', 'u8', 0, 'The same of direction 1.'],
  ['unused', 'u8', 0, 'Nothing.'],
  ['input', 'i32', 0, 'Of its first record: ordinal of the input,'],
  ['record', 'f64', 0, 'and its number there.'],
  ['firstUs', 'f64', 0, 'Start, us since 1970.'],
  ['lastUs', 'f64', 0, 'End, us since 1970.'],
  ['activeUs', 'f64', 0, 'us covered by records, short silences between them included.'],
  ['observed', 'f64', 0, 'Packets that were looked at, of both directions and all observers.'],
  ['sampling', 'f64', 0, 'Largest sampling interval of a record.'],
]);

/** What one end of a conversation sent. */
export const DIRECTION = struct('Direction', [
  ['packets', 'f64', 0, 'Sampling multiplied.'],
  ['bytes', 'f64', 0, 'IP bytes, sampling multiplied.'],
  ['startUs', 'f64', 0, 'Start of the first record.'],
  ['pulseSquares', 'f32', 0, 'Of records that last (kernel/…/pulse.ts): sum of packets² / seconds,'],
  ['pulsePackets', 'f32', 0, 'of packets,'],
  ['pulseSeconds', 'f32', 0, 'of seconds,'],
  ['pulseRecords', 'f32', 0, 'and how many there are.'],
]);

/** What a further observer saw of a conversation. */
export const VIEW = struct('View', [
  ['packets0', 'f64', 0, 'By direction, sampling multiplied.'],
  ['packets1', 'f64', 0, 'By direction, sampling multiplied.'],
  ['bytes0', 'f64', 0, 'By direction, sampling multiplied.'],
  ['bytes1', 'f64', 0, 'By direction, sampling multiplied.'],
  ['observer', 'u32', 0, 'Who saw it.'],
  ['next', 'u32', 0, 'The next of the chain, plus one; 0: none.'],
]);

export const MOST_OBSERVERS = 1 << 16;
export const MOST_CONVERSATIONS = 1 << 19;
/** Bytes of a conversation with its directions. */
export const CONVERSATION_BYTES = CONVERSATION.bytes + 2 * DIRECTION.bytes;

export const CONVERSATIONS_MEMORY = memoryMap(8192, {
  ...SIEVE_REGIONS,
  /** Rows of flow records that are to be taken. */
  rows: [FLOW_ROW, BATCH_ROWS],
  table: TABLE,
  /** Key of the hash of ends (kernel/keyed-hash.ts), which TypeScript draws. */
  key: 16,
  /** By ordinal of an exporter of the input: the observer that it is, plus one. */
  ordinals: (1 << 17) * 4,
  /** By observer: one packet in so many. The last one stands for all that do not fit. */
  intervals: (MOST_OBSERVERS + 16) * 4,
  listedBits: 2 * 1024 * 1024,
  views: [VIEW, 1 << 18],
  /** The index of conversations, two words for each (kernel/conversations/rows.ts). */
  index: MOST_CONVERSATIONS * 2 * 4,
  /** The memory grows with them. */
  conversations: CONVERSATION,
});

/** Where each region begins. */
export const { at: AT } = CONVERSATIONS_MEMORY;
