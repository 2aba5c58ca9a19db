/**
 * One record of a NetFlow v9 or IPFIX data set to numbers, as its template says. Everything that a field may say has its place
 * here; what the places mean together is for the caller.
 */
import { be16, be32 } from '../packets/bytes.ts';
import { PLAN_AT } from './memory.ts';
import * as field from './template-fields.ts';

/** 2^32, by which NTP divides a second. */
const HIGH: f64 = 4_294_967_296;
/** Seconds from 1900, where NTP begins to count, to 1970. */
const NTP_EPOCH: f64 = 2_208_988_800;

export let packets: f64 = 0;
export let bytes: f64 = 0;
export let totalPackets: f64 = 0;
export let totalBytes: f64 = 0;
export let reversePackets: f64 = 0;
export let reverseBytes: f64 = 0;
export let reverseTotalPackets: f64 = 0;
export let reverseTotalBytes: f64 = 0;
export let protocol: i32 = 0;
export let tcpFlags: i32 = -1;
export let reverseTcpFlags: i32 = -1;
export let sourcePort: i32 = 0;
export let destinationPort: i32 = 0;
/** Places of addresses; 0 if there are none. */
export let source4At: usize = 0;
export let destination4At: usize = 0;
export let source6At: usize = 0;
export let destination6At: usize = 0;
/** 0 if the record does not say. */
export let ipVersion: f64 = 0;
/** us since 1970; NaN if the record does not say. */
export let startUs: f64 = NaN;
export let endUs: f64 = NaN;
/** ms since boot; -1 if the record does not say. */
export let startUptime: i64 = -1;
export let endUptime: i64 = -1;
/** us before the export; -1 if the record does not say. */
export let startDelta: f64 = -1;
export let endDelta: f64 = -1;
/** us; -1 if the record does not say. */
export let durationUs: f64 = -1;
export let bootMs: f64 = 0;
export let direction: f64 = -1;
export let forwarding: u32 = 0;
export let biflowDirection: f64 = 0;
export let firewallEvent: f64 = 0;
export let samplerId: f64 = -1;
export let ingress: f64 = -1;
let samplingInterval: f64 = 0;
let packetInterval: f64 = 0;
/** -1 if the record does not say. */
let packetSpace: f64 = -1;
let samplingSize: f64 = 0;
let samplingPopulation: f64 = 0;
let samplingProbability: f64 = 0;
/** A sampled packet's first bytes: where they begin (0: none), how many, and whether they are IP's. */
export let frameAt: usize = 0;
export let frameBytes: u32 = 0;
export let isIpPacket: bool = false;
/** Its bytes on the wire; 0 if the record does not say. */
export let frameSize: f64 = 0;
/** dataLinkFrameType: 1 is Ethernet; 0 if the record does not say. */
export let frameType: f64 = 0;
/** Counters of what goes out, if there are counters of what comes in as well. */
export let outBytes: f64 = 0;
export let outPackets: f64 = 0;
/** VLAN ids; 0 if there is no tag. */
export let outerTag: f64 = 0;
export let innerTag: f64 = 0;

let planEnd: usize = PLAN_AT;

/** Records to come are of the template whose fields lie at PLAN_AT, so many of them. */
export function planFields(fields: u32): void {
  planEnd = PLAN_AT + ((<usize>fields) << 3);
}

function clear(): void {
  packets = 0;
  bytes = 0;
  totalPackets = 0;
  totalBytes = 0;
  reversePackets = 0;
  reverseBytes = 0;
  reverseTotalPackets = 0;
  reverseTotalBytes = 0;
  protocol = 0;
  tcpFlags = -1;
  reverseTcpFlags = -1;
  sourcePort = 0;
  destinationPort = 0;
  source4At = 0;
  destination4At = 0;
  source6At = 0;
  destination6At = 0;
  ipVersion = 0;
  startUs = NaN;
  endUs = NaN;
  startUptime = -1;
  endUptime = -1;
  startDelta = -1;
  endDelta = -1;
  durationUs = -1;
  bootMs = 0;
  direction = -1;
  forwarding = 0;
  biflowDirection = 0;
  firewallEvent = 0;
  samplerId = -1;
  ingress = -1;
  samplingInterval = 0;
  packetInterval = 0;
  packetSpace = -1;
  samplingSize = 0;
  samplingPopulation = 0;
  samplingProbability = 0;
  frameAt = 0;
  frameBytes = 0;
  isIpPacket = false;
  frameSize = 0;
  frameType = 0;
  outBytes = 0;
  outPackets = 0;
  outerTag = 0;
  innerTag = 0;
}

/** Reads the record at `from`; returns the place behind it, or 0 if it does not end before `to`. */
export function readRecord(from: usize, to: usize): usize {
  clear();
  let at = from;
  for (let plan: usize = PLAN_AT; plan < planEnd; plan += 8) {
    const action = load<u32>(plan);
    let length = <usize>load<u32>(plan, 4);
    if (length !== field.VARIABLE) {
      if (length > to - at) return 0;
      if (action !== field.SKIP) take(action, at, length);
      at += length;
      continue;
    }
    // RFC 7011, section 7: one byte of length, or 255 and two.
    if (at >= to) return 0;
    length = load<u8>(at++);
    if (length === 255) {
      if (at + 2 > to) return 0;
      length = be16(at);
      at += 2;
    }
    if (length > to - at) return 0;
    const isSection = action === field.FRAME || action === field.IP_PACKET;
    if (action !== field.SKIP && length >= 1 && (length <= 8 || isSection)) take(action, at, length);
    at += length;
  }
  return at;
}

/**
 * One packet in so many, as this record itself says; 0 if it does not. Cisco IOS XR sends the interval of random
 * sampling in 309 and 310, and 305 with a value of its own: 305 is RFC 5477's only together with 306. Alone it is what
 * other exporters mean by it, one packet in so many.
 */
export function ownInterval(): f64 {
  if (samplingSize > 0 && samplingPopulation >= samplingSize) return samplingPopulation / samplingSize;
  if (packetInterval > 0 && packetSpace >= 0) return (packetInterval + packetSpace) / packetInterval;
  if (samplingProbability > 0 && samplingProbability <= 1) return 1 / samplingProbability;
  return samplingInterval > 0 ? samplingInterval : packetInterval;
}

function take(action: u32, at: usize, length: usize): void {
  switch (action) {
    case field.OCTETS:
      bytes = numberAt(at, length);
      return;
    case field.PACKETS:
      packets = numberAt(at, length);
      return;
    case field.SOURCE_IPV4:
      source4At = at;
      return;
    case field.DESTINATION_IPV4:
      destination4At = at;
      return;
    case field.SOURCE_PORT:
      sourcePort = <i32>integerAt(at, length) & 0xffff;
      return;
    case field.DESTINATION_PORT:
      destinationPort = <i32>integerAt(at, length) & 0xffff;
      return;
    case field.PROTOCOL:
      protocol = <i32>integerAt(at, length) & 0xff;
      return;
    case field.TCP_FLAGS:
      // Two bytes carry the header length above the flags.
      tcpFlags = load<u8>(at + length - 1);
      return;
    case field.START_MILLISECONDS:
      startUs = numberAt(at, length) * 1000;
      return;
    case field.END_MILLISECONDS:
      endUs = numberAt(at, length) * 1000;
      return;
    case field.START_UPTIME:
      startUptime = uptimeAt(at, length);
      return;
    case field.END_UPTIME:
      endUptime = uptimeAt(at, length);
      return;
    case field.DIRECTION:
      direction = numberAt(at, length);
      return;
    case field.INGRESS:
    case field.SCOPE_INTERFACE:
      ingress = numberAt(at, length);
      return;
    case field.SOURCE_IPV6:
      source6At = at;
      return;
    case field.DESTINATION_IPV6:
      destination6At = at;
      return;
    case field.TOTAL_OCTETS:
      totalBytes = numberAt(at, length);
      return;
    case field.TOTAL_PACKETS:
      totalPackets = numberAt(at, length);
      return;
    case field.REVERSE_OCTETS:
      reverseBytes = numberAt(at, length);
      return;
    case field.REVERSE_PACKETS:
      reversePackets = numberAt(at, length);
      return;
    case field.REVERSE_TOTAL_OCTETS:
      reverseTotalBytes = numberAt(at, length);
      return;
    case field.REVERSE_TOTAL_PACKETS:
      reverseTotalPackets = numberAt(at, length);
      return;
    case field.REVERSE_TCP_FLAGS:
      reverseTcpFlags = load<u8>(at + length - 1);
      return;
    case field.IP_VERSION:
      ipVersion = numberAt(at, length);
      return;
    case field.START_SECONDS:
      startUs = numberAt(at, length) * 1_000_000;
      return;
    case field.END_SECONDS:
      endUs = numberAt(at, length) * 1_000_000;
      return;
    case field.START_NTP_MICRO:
    case field.START_NTP_NANO:
      startUs = ntpAt(at, action === field.START_NTP_MICRO);
      return;
    case field.END_NTP_MICRO:
    case field.END_NTP_NANO:
      endUs = ntpAt(at, action === field.END_NTP_MICRO);
      return;
    case field.START_DELTA:
      startDelta = numberAt(at, length);
      return;
    case field.END_DELTA:
      endDelta = numberAt(at, length);
      return;
    case field.BOOT_MILLISECONDS:
      bootMs = numberAt(at, length);
      return;
    case field.DURATION_MILLISECONDS:
      durationUs = numberAt(at, length) * 1000;
      return;
    case field.DURATION_MICROSECONDS:
      durationUs = numberAt(at, length);
      return;
    // The time of an event, for records that have no other.
    case field.OBSERVED_MILLISECONDS:
      if (Number.isNaN(startUs)) startUs = numberAt(at, length) * 1000;
      return;
    case field.OBSERVED_SECONDS:
      if (Number.isNaN(startUs)) startUs = numberAt(at, length) * 1_000_000;
      return;
    case field.OBSERVED_NTP_MICRO:
    case field.OBSERVED_NTP_NANO:
      if (Number.isNaN(startUs)) startUs = ntpAt(at, action === field.OBSERVED_NTP_MICRO);
      return;
    case field.FRAME:
    case field.IP_PACKET:
      frameAt = at;
      frameBytes = <u32>length;
      isIpPacket = action === field.IP_PACKET;
      return;
    case field.FRAME_SIZE:
      frameSize = numberAt(at, length);
      return;
    case field.FRAME_TYPE:
      frameType = numberAt(at, length);
      return;
    case field.FORWARDING:
      forwarding = load<u8>(at + length - 1) >> 6;
      return;
    case field.BIFLOW_DIRECTION:
      biflowDirection = numberAt(at, length);
      return;
    case field.FIREWALL_EVENT:
      firewallEvent = numberAt(at, length);
      return;
    case field.SAMPLING_INTERVAL:
    case field.RANDOM_INTERVAL:
      // If both are there, the one that is set counts.
      samplingInterval = setOr(samplingInterval, at, length);
      return;
    case field.SAMPLER_ID:
      samplerId = numberAt(at, length);
      return;
    case field.PACKET_INTERVAL:
      packetInterval = numberAt(at, length);
      return;
    case field.PACKET_SPACE:
      packetSpace = numberAt(at, length);
      return;
    case field.SAMPLING_SIZE:
      samplingSize = numberAt(at, length);
      return;
    case field.SAMPLING_POPULATION:
      samplingPopulation = numberAt(at, length);
      return;
    case field.OUT_OCTETS:
      outBytes = numberAt(at, length);
      return;
    case field.OUT_PACKETS:
      outPackets = numberAt(at, length);
      return;
    case field.OUTER_TAG:
      outerTag = setOr(outerTag, at, length);
      return;
    case field.INNER_TAG:
      innerTag = setOr(innerTag, at, length);
      return;
    case field.SAMPLING_PROBABILITY:
      if (length === 8) samplingProbability = reinterpret<f64>(bswap<u64>(load<u64>(at)));
      else if (length === 4) samplingProbability = <f64>reinterpret<f32>(bswap<u32>(load<u32>(at)));
      return;
  }
}

/** An unsigned integer of 1 to 8 bytes. */
function integerAt(at: usize, length: usize): u64 {
  switch (<u32>length) {
    case 1:
      return load<u8>(at);
    case 2:
      return be16(at);
    case 4:
      return be32(at);
    case 8:
      return bswap<u64>(load<u64>(at));
    default: {
      let value: u64 = 0;
      for (let i: usize = 0; i < length && i < 8; i++) value = (value << 8) | load<u8>(at + i);
      return value;
    }
  }
}

/** The same as a number; beyond 2^53 its last digits go. */
function numberAt(at: usize, length: usize): f64 {
  return <f64>integerAt(at, length);
}

function uptimeAt(at: usize, length: usize): i64 {
  return <i64>(integerAt(at, length) & 0x7fff_ffff_ffff_ffff);
}

/** The number there; if that is 0, the one before. */
function setOr(before: f64, at: usize, length: usize): f64 {
  const value = numberAt(at, length);
  return value > 0 ? value : before;
}

/** NTP time as us since 1970. For microsecond elements the low 11 bits are noise (RFC 7011, section 6.1.9). */
function ntpAt(at: usize, isMicro: bool): f64 {
  const seconds = be32(at);
  const fraction = be32(at + 4);
  if (seconds === 0 && fraction === 0) return NaN;
  const kept = isMicro ? fraction & 0xfffff800 : fraction;
  return floor((<f64>seconds - NTP_EPOCH) * 1_000_000 + (<f64>kept * 1_000_000) / HIGH + 0.5);
}
