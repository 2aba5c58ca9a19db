/**
 * Flow records of an nfcapd block, layout 2 (nfdump 1.7: nfxV3.h), to rows: a V3 record is a list of extensions in any
 * order; those that carry nothing for us are stepped over by length. Exporters and samplers stand between the flows and
 * hold from there on: they are rare, and TypeScript reads them. Left out: names, payload samples, MAC addresses, NAT.
 */

import { putIpv4 } from '../../ends.ts';
import { DENIED, LINK_BYTES, SCALED } from '../marks.ts';
import { EXPORTERS, EXPORTERS_AT, Exporter, Fault, Row, reading } from '../memory.ts';
import { damaged } from '../reading.ts';
import { isFull } from '../time-runs.ts';
import { validate } from '../validate.ts';
import { AT_END, FULL, NAMES_SAMPLER, OTHER_KIND, UNKNOWN_EXPORTER } from '../why.ts';

const FLOW: u32 = 11;
const FLOW_SAMPLED: u32 = 2;
const FLOW_ANONYMISED: u32 = 4;
const DROPPED: u32 = 2;
const EVENT_DENIED: u32 = 3;
/** What nfdump calls the version of records that came from NetFlow v9. */
const FROM_V9: u32 = 9;

/** The length there is impossible. */
export const BROKEN: i32 = 5;

let isBig: bool = false;
let countsFrames: bool = false;
let hasSamplers: bool = false;
let assumedInterval: f64 = 0;

/** The blocks to come are of such a file. */
export function beginNfcapd(big: bool, frames: bool, assumed: f64): void {
  isBig = big;
  countsFrames = frames;
  assumedInterval = assumed;
  hasSamplers = false;
  reading.number = 0;
  memory.fill(EXPORTERS_AT, 0, EXPORTERS * offsetof<Exporter>());
}

function exporterOf(id: u32): Exporter {
  return changetype<Exporter>(EXPORTERS_AT + <usize>id * offsetof<Exporter>());
}

/** Tells of an exporter: ordinals, egress -1 if it has none yet, and its interval. */
export function meetExporter(id: i32, ordinal: i32, egressOrdinal: i32, interval: f64): void {
  const exporter = exporterOf(id);
  exporter.ordinal = ordinal + 1;
  exporter.egressOrdinal = egressOrdinal + 1;
  exporter.interval = interval;
}

/** Samplers that records name are known from now on, or not. */
export function useSamplers(areNamed: bool): void {
  hasSamplers = areNamed;
}

function two(at: usize): u32 {
  const word = load<u16>(at);
  return isBig ? <u32>bswap<u16>(word) : <u32>word;
}

function four(at: usize): i32 {
  const word = load<i32>(at);
  return isBig ? bswap<i32>(word) : word;
}

function eight(at: usize): u64 {
  const word = load<u64>(at);
  return isBig ? bswap<u64>(word) : word;
}

/** Reads records in [from, to) into so many rows at most. */
export function readNfcapd(from: usize, to: usize, rowsAt: usize, room: i32): void {
  reading.stoppedAt = from;
  reading.rows = 0;
  reading.passed = 0;
  reading.why = readFlows(to, rowsAt, room);
}

function readFlows(to: usize, rowsAt: usize, room: i32): i32 {
  let row = rowsAt;
  while (reading.stoppedAt + 4 <= to) {
    const at = reading.stoppedAt;
    const size = <usize>two(at + 2);
    if (size < 4 || size > to - at) return BROKEN;
    if (two(at) !== FLOW) return OTHER_KIND;
    if (reading.rows === room || isFull()) return FULL;
    const outcome = readFlow(at, at + size, changetype<Row>(row));
    if (outcome === UNKNOWN_EXPORTER) return UNKNOWN_EXPORTER;
    reading.stoppedAt = at + size;
    reading.passed += 1;
    reading.number += 1;
    if (outcome === NAMES_SAMPLER) return NAMES_SAMPLER;
    if (outcome !== MADE) continue;
    row += offsetof<Row>();
    reading.rows += 1;
  }
  return AT_END;
}

/** What `readFlow` says besides UNKNOWN_EXPORTER and NAMES_SAMPLER. */
const MADE: i32 = 6;
const UNUSED: i32 = 7;

// Of the extensions of a record: where they stand, 0 if absent.
let generic: usize = 0;
let ipv4: usize = 0;
let ipv6: usize = 0;
let out: usize = 0;
let isEgress: bool = false;
let isDenied: bool = false;
let isFrame: bool = false;
let samplerLow: i32 = -1;
let samplerHigh: i32 = -1;

// 0 type | 2 size | 4 elements | 6 engine type | 7 engine id | 8 exporter | 10 flags | 11 source version
function readFlow(from: usize, to: usize, row: Row): i32 {
  if (to - from < 12) return refused(Fault.BAD_RECORD, to - from);
  const flags = <u32>load<u8>(from + 10);
  if ((flags & FLOW_ANONYMISED) !== 0) return refused(Fault.ANONYMISED, 0);
  if (!findExtensions(from + 12, to, two(from + 4))) return refused(Fault.BAD_RECORD, to - from);
  if (generic === 0 || (ipv4 | ipv6) === 0) return refused(Fault.UNREAD_FLOW, to - from);
  const id = two(from + 8);
  const exporter = exporterOf(id);
  const ordinal = isEgress ? exporter.egressOrdinal : exporter.ordinal;
  if (ordinal === 0) {
    reading.exporterId = id;
    reading.isEgress = isEgress ? 1 : 0;
    return UNKNOWN_EXPORTER;
  }
  const isScaled = (flags & FLOW_SAMPLED) !== 0;
  row.exporter = ordinal - 1;
  row.samplingInterval = exporter.interval > 0 || isScaled ? exporter.interval : assumedInterval;
  row.number = reading.number + 1;
  row.marks = (isFrame ? LINK_BYTES : 0) | (isScaled ? SCALED : 0) | (isDenied ? DENIED : 0);
  writeAddresses(row);
  writeNumbers(row, load<u8>(from + 11));
  const receivedUs = <f64>eight(generic + 16) * 1000;
  if (!(hasSamplers && samplerHigh >= 0)) return validate(row, receivedUs, NaN, 0) ? MADE : UNUSED;
  reading.exporterId = id;
  reading.receivedUs = receivedUs;
  reading.samplerLow = samplerLow;
  reading.samplerHigh = samplerHigh;
  return NAMES_SAMPLER;
}

function refused(kind: u32, bytes: usize): i32 {
  damaged(kind, 0, bytes);
  return UNUSED;
}

/** Finds the extensions of a record, each with its type, its length and what it holds; false if one is impossible. */
function findExtensions(from: usize, to: usize, count: u32): bool {
  generic = 0;
  ipv4 = 0;
  ipv6 = 0;
  out = 0;
  isEgress = false;
  isDenied = false;
  isFrame = countsFrames;
  samplerLow = -1;
  samplerHigh = -1;
  let at = from;
  let left = count;
  while (left > 0 && at + 4 <= to) {
    const length = <usize>two(at + 2);
    if (length < 4 || length > to - at) return false;
    // One that is shorter than it should be is taken for absent.
    switch (two(at)) {
      case 1: // generic
        if (length >= 52) generic = at + 4;
        break;
      case 2: // IPv4
        if (length >= 12) {
          ipv4 = at + 4;
          ipv6 = 0;
        }
        break;
      case 3: // IPv6
        if (length >= 36) {
          ipv6 = at + 4;
          ipv4 = 0;
        }
        break;
      case 4: // interfaces and masks: 10 direction
        isEgress = length >= 15 && load<u8>(at + 14) === 1;
        break;
      case 5: // counters: 0 flows | 8 packets back | 16 bytes back
        if (length >= 28) out = at + 4;
        break;
      case 18: // sampler: 0 selector | 8 exporter
        if (length >= 14) {
          const selector = eight(at + 4);
          samplerLow = <i32>selector;
          samplerHigh = <i32>(selector >> 32);
        }
        break;
      case 19: // ASA events: 0 time | 8 connection | 12 extended event | 14 event
        if (length >= 19 && load<u8>(at + 18) === EVENT_DENIED) isDenied = true;
        break;
      case 34: // sFlow: 0 frame size | 2 link type
        isFrame = true;
        break;
    }
    at += length;
    left--;
  }
  // RFC 7270, forwardingStatus: the top two bits are 2 if the packet was dropped.
  if (generic !== 0 && load<u8>(generic + 46) >> 6 === DROPPED) isDenied = true;
  return left === 0;
}

// IPv4: 0 source | 4 destination. IPv6: the same of two 64-bit integers each, the high one first.
function writeAddresses(row: Row): void {
  if (ipv4 !== 0) {
    putIpv4(row.source, four(ipv4));
    putIpv4(row.destination, four(ipv4 + 4));
    return;
  }
  putHalves(row.source, ipv6);
  putHalves(row.destination, ipv6 + 16);
}

function putHalves(at: usize, from: usize): void {
  // The high word of each half stands first.
  store<u64>(at, rotl<u64>(eight(from), 32));
  store<u64>(at, rotl<u64>(eight(from + 8), 32), 8);
}

// 0 first | 8 last | 16 received | 24 packets | 32 bytes | 40 ports | 44 protocol, flags, status
function writeNumbers(row: Row, version: u32): void {
  row.protocol = <i32>load<u8>(generic + 44);
  row.sourcePort = two(generic + 40);
  row.destinationPort = two(generic + 42);
  row.tcpFlags = <i32>load<u8>(generic + 45);
  row.reverseTcpFlags = -1;
  row.startUs = <f64>eight(generic) * 1000;
  row.endUs = <f64>eight(generic + 8) * 1000;
  let packets = eight(generic + 24);
  let bytes = eight(generic + 32);
  row.reversePackets = -1;
  row.reverseBytes = -1;
  if (out !== 0) {
    const outPackets = eight(out + 8);
    const outBytes = eight(out + 16);
    if (version === FROM_V9 && (packets | bytes) === 0) {
      packets = outPackets;
      bytes = outBytes;
    } else if (isWayBack(version, packets, bytes, outPackets, outBytes)) {
      row.reversePackets = <f64>outPackets;
      row.reverseBytes = <f64>outBytes;
    }
  }
  row.packets = <f64>packets;
  row.bytes = <f64>bytes;
}

/**
 * The second pair of counters is the way back for IPFIX, nfpcapd and ASA. NetFlow v9 stores its egress counters (elements
 * 23 and 24) in the same place: equal to the first pair they are that, and alone they count forward.
 */
function isWayBack(version: u32, packets: u64, bytes: u64, outPackets: u64, outBytes: u64): bool {
  if (version === FROM_V9 && outPackets === packets && outBytes === bytes) return false;
  // An exporter without a reverse half leaves zeros: that says nothing.
  return (outPackets | outBytes) !== 0;
}
