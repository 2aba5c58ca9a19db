/**
 * HOT in `count`. Totals of the flow records of a scan: how many were used and why others were not, bytes and packets
 * with sampling multiplied, and their times. Totals of several readers add up.
 */
import { type FlowRecord, LINK_BYTES, PAYLOAD_BYTES } from './flow-record.ts';
import { isOrdinaryPort, isWebPort } from './ordinary-ports.ts';

/** Link header of Ethernet, which frames have and IP packets have not. */
const LINK_HEADER = 14;
/** IP and TCP headers without options, which payload counters leave out. */
const HEADERS_IPV4 = 40;
const HEADERS_IPV6 = 60;
const TCP = 6;

/** Numbers that `write` leaves. */
export const TOTALS_DOUBLES = 10;

export class FlowTotals {
  /** Records taken, and where they went: records = outside + timeless + otherRecords + ordinaryRecords + keptRecords. */
  records = 0;
  outsideRecords = 0;
  timelessRecords = 0;
  /** Of the records that count, those that reach over an edge of the times asked for. */
  edgeRecords = 0;
  /** Not TCP. */
  otherRecords = 0;
  /** Unlisted, on ports where behaviour says nothing. */
  ordinaryRecords = 0;
  keptRecords = 0;
  /** IP bytes and packets of all records inside the times, sampling multiplied, observers not sorted out. */
  packets = 0;
  bytes = 0;
  /** Of these, what sampled records held. */
  sampledPackets = 0;
  sampledBytes = 0;
  sampledRecords = 0;
  /** us since 1970; NaN before the first record. */
  firstUs = Number.NaN;
  lastUs = Number.NaN;
  // Counters of the record in hand, after sampling and conversion. As arguments of a call they would be boxed.
  protected nowPackets = 0;
  protected nowBytes = 0;
  protected nowReversePackets = 0;
  protected nowReverseBytes = 0;

  /** Records inside the times, in part or in whole. */
  get insideRecords(): number {
    return this.records - this.outsideRecords - this.timelessRecords;
  }

  /** Counts a record inside the times: whole, as nothing tells which of its packets came when. */
  count(record: FlowRecord): void {
    if (!(record.startUs >= this.firstUs)) this.firstUs = record.startUs;
    if (!(record.endUs <= this.lastUs)) this.lastUs = record.endUs;
    const interval = record.samplingInterval;
    const factor = !record.isScaled && interval > 1 ? interval : 1;
    const layer = record.byteLayer;
    const headers = layer === LINK_BYTES ? -LINK_HEADER : layer === PAYLOAD_BYTES ? headersOf(record) : 0;
    const packets = record.packets * factor;
    const bytes = Math.max(0, record.bytes + headers * record.packets) * factor;
    const reversePackets = record.reversePackets > 0 ? record.reversePackets * factor : 0;
    const reverseBytes =
      record.reverseBytes > 0
        ? Math.max(0, record.reverseBytes + headers * Math.max(0, record.reversePackets)) * factor
        : 0;
    this.packets += packets + reversePackets;
    this.bytes += bytes + reverseBytes;
    if (interval > 1) {
      this.sampledRecords++;
      this.sampledPackets += packets + reversePackets;
      this.sampledBytes += bytes + reverseBytes;
    }
    this.nowPackets = packets;
    this.nowBytes = bytes;
    this.nowReversePackets = reversePackets;
    this.nowReverseBytes = reverseBytes;
  }

  /** Adds the sums of records that the kernel has counted, as it writes them (kernel/records/sums.ts). */
  add(written: Float64Array, at: number): void {
    this.records += written[at];
    this.otherRecords += written[at + 1];
    this.ordinaryRecords += written[at + 2];
    this.packets += written[at + 3];
    this.bytes += written[at + 4];
    this.sampledRecords += written[at + 5];
    this.sampledPackets += written[at + 6];
    this.sampledBytes += written[at + 7];
    if (!(written[at + 8] >= this.firstUs)) this.firstUs = written[at + 8];
    if (!(written[at + 9] <= this.lastUs)) this.lastUs = written[at + 9];
  }
}

/** True if a record has two endpoints as TCP has. */
export function isTcp(record: FlowRecord): boolean {
  // 0 is an unknown protocol, or IPv6 hop-by-hop options, which have no ports.
  return (
    record.protocol === TCP ||
    (record.protocol === 0 && (record.sourcePort !== 0 || record.destinationPort !== 0))
  );
}

const FIN = 1;
const SYN = 2;
const RST = 4;
/** A connection that is over so soon is a visit (LEAST_MEAN_SECONDS of flow-behaviour.ts). */
const VISIT_US = 60_000_000;

/**
 * True if behaviour says nothing: on the server's port, the lower one, if the two say anything at all; or of a
 * visit to a port of the web, which the record holds from its SYN to its end.
 */
export function isOrdinary(record: FlowRecord): boolean {
  const port = Math.min(record.sourcePort, record.destinationPort);
  return isOrdinaryPort(port) || (isWebPort(port) && isVisit(record.tcpFlags, record.endUs - record.startUs));
}

/** -1: the flags are not known. */
export function isVisit(tcpFlags: number, lengthUs: number): boolean {
  return tcpFlags >= 0 && (tcpFlags & SYN) !== 0 && (tcpFlags & (FIN | RST)) !== 0 && lengthUs < VISIT_US;
}

function headersOf(record: FlowRecord): number {
  return record.source0 === 0 && record.source1 === 0 && record.source2 === 0xffff
    ? HEADERS_IPV4
    : HEADERS_IPV6;
}
