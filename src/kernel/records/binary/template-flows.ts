/**
 * Data sets of NetFlow v9 and IPFIX to rows: what a record means by the domain that sent it (RFC 3954, 7011, 5103). What is
 * rare, or needs what came long before, TypeScript is asked for (readers/netflow/template-flows.ts).
 */
import { putIpv4, putIpv6 } from '../../ends.ts';
import { be32 } from '../../packets/bytes.ts';
import { BY_DESTINATION, BY_SOURCE, DENIED, LINK_BYTES } from '../marks.ts';
import { Fault, Row, reading, record, Sampler } from '../memory.ts';
import { damaged } from '../reading.ts';
import { isFull } from '../time-runs.ts';
import { CLOCKS_SET_US, validate } from '../validate.ts';
import { AT_END, CUT, FULL, SAMPLE, TOTALS, UNKNOWN_EXPORTER, WAITS } from '../why.ts';
import { countUnscaled, samplerOf } from './samplers.ts';
import * as mark from './template-marks.ts';
import { ownInterval, planFields, readRecord } from './template-record.ts';

const DROPPED: f64 = 2;
const FIREWALL_DENIED: f64 = 3;
const EGRESS: f64 = 1;
const INITIATOR: f64 = 1;
const REVERSE_INITIATOR: f64 = 2;
/** Of a VLAN tag. */
const TAG_BYTES: f64 = 4;

/** What holds for all records of the set, by bits (template-marks.ts), and bytes of the shortest. */
let marks: u32 = 0;
let leastBytes: usize = 0;
/** Time of the message, us since 1970; what is added to the exporter's own times because its clock was never set, else 0. */
let exportUs: f64 = NaN;
let clockUs: f64 = 0;
/** ms since boot at that time, -1 if the format does not say; ms since 1970 of the boot, 0 if nobody told it. */
let uptime: i64 = -1;
let bootMs: f64 = 0;
/** Ordinals of the exporter for flows that come in, and for those that it reports where they go out. */
let ordinal: i32 = 0;
let egress: i32 = 0;
/** Sampling interval if nobody tells one. */
let assumedInterval: f64 = 0;

/** Sets to come are of a template, whose fields lie at PLAN_AT. */
export function useTemplate(fields: u32, least: u32, setMarks: u32): void {
  planFields(fields);
  leastBytes = least;
  marks = setMarks;
}

/** Sets to come stand in such a message. */
export function useMessage(timeUs: f64, clock: f64, uptimeMs: f64): void {
  exportUs = timeUs;
  clockUs = clock;
  uptime = <i64>uptimeMs;
}

/** Sets to come are of such a domain. */
export function useDomain(ingressOrdinal: i32, egressOrdinal: i32, boot: f64, assumed: f64): void {
  ordinal = ingressOrdinal;
  egress = egressOrdinal;
  bootMs = boot;
  assumedInterval = assumed;
}

/** Decodes the record at `from` alone; returns the place behind it, 0 if there is none before `to`. */
export function readOne(from: usize, to: usize): usize {
  return to - from < leastBytes ? 0 : readRecord(from, to);
}

/** Of the record read last: the place behind it, what the domain told of its sampling (0 if it tells that itself), the interval. */
let behind: usize = 0;
let samplerAt: usize = 0;
let interval: f64 = 0;
/** Of a row whose totals TypeScript turns into what is new: when it must have ended (validate.ts). */
let totalsExportedUs: f64 = NaN;

/**
 * Reads records in [from, to) into so many rows at most. With COUNTS_RECORDS flows are numbered from behind `number` on, else
 * all have this number.
 */
export function readSet(from: usize, to: usize, rowsAt: usize, room: i32, number: f64): void {
  reading.number = number;
  reading.stoppedAt = from;
  reading.rows = 0;
  reading.passed = 0;
  reading.bootless = 0;
  reading.timeless = 0;
  reading.unreadOut = 0;
  reading.why = readRows(to, rowsAt, room);
}

function readRows(to: usize, rowsAt: usize, room: i32): i32 {
  // Fewer bytes than the shortest record are padding.
  while (to - reading.stoppedAt >= leastBytes) {
    if (reading.rows === room || isFull()) return FULL;
    behind = readRecord(reading.stoppedAt, to);
    if (behind === 0) return CUT;
    if (!findInterval()) return UNKNOWN_EXPORTER;
    if (mayWait()) return WAITS;
    const row = changetype<Row>(rowsAt + <usize>reading.rows * offsetof<Row>());
    const isFlow = readAddresses(row);
    if (!isFlow && (record.frameAt !== 0 || record.packetAt !== 0)) return SAMPLE;
    passRecord();
    if (!isFlow) {
      damaged(Fault.UNREAD_FLOW, 0, leastBytes);
      continue;
    }
    readCounters(row);
    const exportedUs = finish(row);
    if ((marks & mark.HAS_TOTALS) !== 0) {
      totalsExportedUs = exportedUs;
      return TOTALS;
    }
    if (validate(row, exportUs, exportedUs, 0)) reading.rows += 1;
  }
  return AT_END;
}

/** Finishes the row of which the totals were turned into what is new; 1 if it goes on, 0 if it only counts. */
export function validateTotals(rowAt: usize): i32 {
  return validate(changetype<Row>(rowAt), exportUs, totalsExportedUs, 0) ? 1 : 0;
}

/** Finishes the row that says what the packet in its record says; 1 if it goes on, 0 if it only counts. */
export function validateSample(rowAt: usize): i32 {
  const row = changetype<Row>(rowAt);
  passRecord();
  row.packets = record.packets > 0 ? record.packets : 1;
  return validate(row, exportUs, finish(row), 0) ? 1 : 0;
}

/** Passes the record read last. */
export function passRecord(): void {
  reading.passed += 1;
  reading.stoppedAt = behind;
  if ((marks & mark.COUNTS_RECORDS) !== 0) reading.number += 1;
}

/** Finds the sampling interval, as the record or the domain says; false if TypeScript must be asked. */
function findInterval(): bool {
  samplerAt = 0;
  interval = ownInterval();
  if (interval > 0) return true;
  samplerAt = samplerOf(record.samplerId, record.ingress);
  if (samplerAt === 0) return false;
  interval = changetype<Sampler>(samplerAt).interval;
  return true;
}

/** True if what the record lacks may still be told, and its set is kept until then. */
function mayWait(): bool {
  if ((marks & mark.IS_PATIENT) === 0) return false;
  return (
    (marks & mark.WAITS_FOR_OUT) !== 0 || (samplerAt !== 0 && changetype<Sampler>(samplerAt).lacks !== 0)
  );
}

function readAddresses(row: Row): bool {
  const has4 = record.source4At !== 0 && record.destination4At !== 0;
  const has6 = record.source6At !== 0 && record.destination6At !== 0;
  // Some exporters have one template for both, and zeros where the other is meant.
  if (has4 && !(has6 && (record.ipVersion === 6 || load<u32>(<usize>record.source4At) === 0))) {
    putIpv4(row.source, be32(<usize>record.source4At));
    putIpv4(row.destination, be32(<usize>record.destination4At));
    return true;
  }
  if (!has6) return false;
  putIpv6(row.source, <usize>record.source6At);
  putIpv6(row.destination, <usize>record.destination6At);
  return true;
}

/** Ports, flags, counters and marks. */
function readCounters(row: Row): void {
  row.sourcePort = <i32>record.sourcePort;
  row.destinationPort = <i32>record.destinationPort;
  row.protocol = <i32>record.protocol;
  row.tcpFlags = <i32>record.tcpFlags;
  row.reverseTcpFlags = -1;
  row.packets = record.packets + record.totalPackets;
  row.bytes = record.bytes + record.totalBytes;
  row.reversePackets = -1;
  row.reverseBytes = -1;
  row.marks = 0;
  if ((marks & mark.HAS_REVERSE) !== 0) {
    row.reversePackets = record.reversePackets + record.reverseTotalPackets;
    row.reverseBytes = record.reverseBytes + record.reverseTotalBytes;
    row.reverseTcpFlags = <i32>record.reverseTcpFlags;
  }
  if ((marks & mark.COUNTS_OUT) !== 0) addOut(row);
  if ((marks & mark.COUNTS_FRAMES) !== 0) untag(row);
  if (record.biflowDirection === INITIATOR || (marks & mark.IS_INITIATOR_FIRST) !== 0) row.marks |= BY_SOURCE;
  else if (record.biflowDirection === REVERSE_INITIATOR) row.marks |= BY_DESTINATION;
  if (record.forwarding === DROPPED || record.firewallEvent === FIREWALL_DENIED) row.marks |= DENIED;
}

/** Counters of what goes out (readers/netflow/out-counters.ts). */
function addOut(row: Row): void {
  if ((marks & mark.OUT_IS_REVERSE) !== 0) {
    row.reversePackets = record.outPackets;
    row.reverseBytes = record.outBytes;
  } else if (
    (marks & mark.OUT_IS_SAME) === 0 &&
    record.outPackets !== record.packets &&
    record.outPackets > 0
  )
    reading.unreadOut += 1;
}

/** Takes the VLAN tags off: what is left is Ethernet's own header, as everywhere. */
function untag(row: Row): void {
  row.marks |= LINK_BYTES;
  const tagBytes = (record.outerTag > 0 ? TAG_BYTES : 0) + (record.innerTag > 0 ? TAG_BYTES : 0);
  if (tagBytes === 0) return;
  row.bytes = max(0, row.bytes - tagBytes * row.packets);
  if (row.reverseBytes > 0)
    row.reverseBytes = max(0, row.reverseBytes - tagBytes * max(0, row.reversePackets));
}

/** Times, exporter and sampling; returns the time of the export, near which the row must end, NaN if it need not. */
function finish(row: Row): f64 {
  row.exporter = record.direction === EGRESS ? egress : ordinal;
  row.samplingInterval = interval > 0 ? interval : assumedInterval;
  if (interval <= 0) countUnscaled(changetype<Sampler>(samplerAt));
  row.number = reading.number;
  return readTimes(row);
}

function readTimes(row: Row): f64 {
  const startUs = record.startUs > 0 ? record.startUs : record.observedUs;
  let start = clocked(startUs > 0 ? startUs : NaN);
  let end = clocked(record.endUs > 0 ? record.endUs : NaN);
  // Times that are told whole are believed, however long ago: a capture that is played again is exported today.
  const exportedUs = Number.isNaN(start) && Number.isNaN(end) ? exportUs : NaN;
  if (Number.isNaN(start) && record.startUptime >= 0) start = sinceBoot(record.startUptime);
  if (Number.isNaN(end) && record.endUptime >= 0) end = sinceBoot(record.endUptime);
  if (Number.isNaN(start) && Number.isNaN(end)) end = withoutBoot();
  if ((marks & mark.HAS_TIMES) === 0 && !Number.isNaN(exportUs)) {
    end = exportUs;
    reading.timeless += 1;
  }
  if (Number.isNaN(start) && record.startDelta >= 0) start = exportUs - record.startDelta;
  if (Number.isNaN(end) && record.endDelta >= 0) end = exportUs - record.endDelta;
  if (record.durationUs >= 0) {
    if (Number.isNaN(end)) end = start + record.durationUs;
    else if (Number.isNaN(start)) start = end - record.durationUs;
  }
  if (Number.isNaN(start) && record.startUptime >= 0 && record.endUptime >= 0) {
    start = end - <f64>max(0, uptimeDistance(<i64>record.endUptime, <i64>record.startUptime)) * 1000;
  }
  row.startUs = start;
  row.endUs = end;
  return exportedUs;
}

/** A time by the exporter's own clock, put right if that was never set. */
function clocked(timeUs: f64): f64 {
  return clockUs !== 0 && timeUs < CLOCKS_SET_US ? timeUs + clockUs : timeUs;
}

function sinceBoot(then: f64): f64 {
  if (uptime >= 0) return exportUs - <f64>uptimeDistance(uptime, <i64>then) * 1000;
  const boot = record.bootMs > 0 ? record.bootMs : bootMs;
  return boot > 0 ? clocked((boot + then) * 1000) : NaN;
}

/**
 * The end of a flow that is told since a boot of which no time is known (MikroTik, Barracuda, IOS XR): its export,
 * which follows it. NaN of any other flow.
 */
function withoutBoot(): f64 {
  if ((record.startUptime < 0 && record.endUptime < 0) || Number.isNaN(exportUs)) return NaN;
  reading.bootless += 1;
  return exportUs;
}

/**
 * ms from `then` to `now`, both 32-bit counters since boot that wrap after 49.71 days. `then` may be a little later
 * than `now`: clocks of line cards jitter.
 */
export function uptimeDistance(now: i64, then: i64): i32 {
  return <i32>(now - then);
}
