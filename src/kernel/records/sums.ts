/** What records hold that only count, sampling multiplied; FlowTotals (flows/flow-totals.ts) adds it to the rest. */
import { LINK_BYTES, PAYLOAD_BYTES, SCALED } from './marks.ts';
import { SUMS_AT } from './memory.ts';
import { Row } from './row.ts';

/** Link header of Ethernet, which frames have and IP packets have not. */
const LINK_HEADER: f64 = 14;
/** IP and TCP headers without options, which payload counters leave out. */
const HEADERS_IPV4: f64 = 40;
const HEADERS_IPV6: f64 = 60;

@unmanaged
class Sums {
  records: f64;
  otherRecords: f64;
  ordinaryRecords: f64;
  packets: f64;
  bytes: f64;
  sampledRecords: f64;
  sampledPackets: f64;
  sampledBytes: f64;
  firstUs: f64;
  lastUs: f64;
}

export function clearSums(): void {
  memory.fill(SUMS_AT, 0, offsetof<Sums>());
  const sums = changetype<Sums>(SUMS_AT);
  sums.firstUs = NaN;
  sums.lastUs = NaN;
}

/** Counts a record of which nothing more is wanted. */
export function addToSums(row: Row, isTcp: bool): void {
  const sums = changetype<Sums>(SUMS_AT);
  sums.records += 1;
  if (isTcp) sums.ordinaryRecords += 1;
  else sums.otherRecords += 1;
  if (!(row.startUs >= sums.firstUs)) sums.firstUs = row.startUs;
  if (!(row.endUs <= sums.lastUs)) sums.lastUs = row.endUs;
  const interval = row.samplingInterval;
  const isSampled = interval > 1;
  const factor = isSampled && (row.marks & SCALED) === 0 ? interval : 1;
  const headers = headersOf(row);
  let packets = row.packets * factor;
  let bytes = max(0, row.bytes + headers * row.packets) * factor;
  if (row.reversePackets > 0) packets += row.reversePackets * factor;
  if (row.reverseBytes > 0) bytes += max(0, row.reverseBytes + headers * max(0, row.reversePackets)) * factor;
  sums.packets += packets;
  sums.bytes += bytes;
  if (isSampled) {
    sums.sampledRecords += 1;
    sums.sampledPackets += packets;
    sums.sampledBytes += bytes;
  }
}

/** What a packet has more in IP bytes than in the bytes that the record counts. */
function headersOf(row: Row): f64 {
  const layer = row.marks & 3;
  if (layer === LINK_BYTES) return -LINK_HEADER;
  if (layer !== PAYLOAD_BYTES) return 0;
  return row.source0 === 0 && row.source1 === 0 && row.source2 === 0xffff ? HEADERS_IPV4 : HEADERS_IPV6;
}
