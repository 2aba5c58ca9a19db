/**
 * What flow records held, sampling multiplied: how many were used, why others were not, and their times. The sieve counts
 * here what goes no further, the table of conversations all that comes to it (flows/flow-totals.ts).
 */
import { BYTE_LAYER, LINK_BYTES, PAYLOAD_BYTES, SCALED } from './marks.ts';
import { clearTotals as clear, Row, TOTALS_AT, Totals, totals } from './memory.ts';

// Where a record goes.
export const OUTSIDE: i32 = 0;
export const TIMELESS: i32 = 1;
export const OTHER: i32 = 2;
export const BRIEF: i32 = 3;
export const ORDINARY: i32 = 4;
export const VISIT: i32 = 5;
export const HEAVY: i32 = 6;
export const KEPT: i32 = 7;

/** Link header of Ethernet, which frames have and IP packets have not. */
const LINK_HEADER: f64 = 14;
/** IP and TCP headers without options, which payload counters leave out. */
const HEADERS_IPV4: f64 = 40;
const HEADERS_IPV6: f64 = 60;

// Counters of the record that was counted last, sampling multiplied, as IP bytes.
export let packets: f64 = 0;
export let bytes: f64 = 0;
export let reversePackets: f64 = 0;
export let reverseBytes: f64 = 0;

export function clearTotals(): void {
  clear(totals);
}

/** Adds totals that lie elsewhere. */
export function addTotals(at: usize): void {
  const firstUs = changetype<Totals>(at).firstUs;
  const lastUs = changetype<Totals>(at).lastUs;
  for (let sum: usize = 0; sum < offsetof<Totals>('firstUs'); sum += sizeof<f64>()) {
    store<f64>(TOTALS_AT + sum, load<f64>(TOTALS_AT + sum) + load<f64>(at + sum));
  }
  reach(firstUs, lastUs);
}

/** Counts a record that goes there; one inside the times whole, as nothing tells which of its packets came when. */
export function count(row: Row, outcome: i32, isAtEdge: bool): void {
  totals.records += 1;
  const byOutcome = TOTALS_AT + offsetof<Totals>('outsideRecords') + ((<usize>outcome) << 3);
  store<f64>(byOutcome, load<f64>(byOutcome) + 1);
  if (outcome < OTHER) return;
  if (isAtEdge) totals.edgeRecords += 1;
  reach(row.startUs, row.endUs);
  const interval = row.samplingInterval;
  const isSampled = interval > 1;
  const factor = isSampled && (row.marks & SCALED) === 0 ? interval : 1;
  const headers = headersOf(row);
  packets = row.packets * factor;
  bytes = max(0, row.bytes + headers * row.packets) * factor;
  reversePackets = row.reversePackets > 0 ? row.reversePackets * factor : 0;
  reverseBytes =
    row.reverseBytes > 0 ? max(0, row.reverseBytes + headers * max(0, row.reversePackets)) * factor : 0;
  totals.packets += packets + reversePackets;
  totals.bytes += bytes + reverseBytes;
  const bytesAt = TOTALS_AT + offsetof<Totals>('otherBytes') + ((<usize>(outcome - OTHER)) << 3);
  store<f64>(bytesAt, load<f64>(bytesAt) + bytes + reverseBytes);
  if (isSampled) {
    totals.sampledPackets += packets + reversePackets;
    totals.sampledBytes += bytes + reverseBytes;
  }
}

/** NaN is of no record, or of none that has a time. */
function reach(startUs: f64, endUs: f64): void {
  if (Number.isNaN(startUs) || Number.isNaN(endUs)) return;
  if (!(startUs >= totals.firstUs)) totals.firstUs = startUs;
  if (!(endUs <= totals.lastUs)) totals.lastUs = endUs;
}

/** What a packet has more in IP bytes than in the bytes that the record counts. */
function headersOf(row: Row): f64 {
  const layer = row.marks & BYTE_LAYER;
  if (layer === LINK_BYTES) return -LINK_HEADER;
  if (layer !== PAYLOAD_BYTES) return 0;
  return row.source0 === 0 && row.source1 === 0 && row.source2 === 0xffff ? HEADERS_IPV4 : HEADERS_IPV6;
}
