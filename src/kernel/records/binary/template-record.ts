/**
 * One record of a NetFlow v9 or IPFIX data set to numbers, as its template says: how each field is read, its bytes, and where it
 * goes (src/schema/elements.ts). What the numbers mean together is for the caller.
 */
import { be16, be32 } from '../../packets/bytes.ts';
import { clearDataRecord, PLAN_AT, RECORD_AT, Read, record } from '../memory.ts';
import { VARIABLE } from './template-marks.ts';

/** 2^32, by which NTP divides a second. */
const HIGH: f64 = 4_294_967_296;
/** Seconds from 1900, where NTP begins to count, to 1970. */
const NTP_EPOCH: f64 = 2_208_988_800;

let planEnd: usize = PLAN_AT;

/** Records to come are of the template whose fields lie at PLAN_AT, so many of them. */
export function planFields(fields: u32): void {
  planEnd = PLAN_AT + <usize>fields * 12;
}

/** Reads the record at `from`; returns the place behind it, or 0 if it does not end before `to`. */
export function readRecord(from: usize, to: usize): usize {
  clearDataRecord(record);
  let at = from;
  for (let plan: usize = PLAN_AT; plan < planEnd; plan += 12) {
    const how = load<u32>(plan);
    let length = <usize>load<u32>(plan, 4);
    if (length === VARIABLE) {
      // RFC 7011, section 7: one byte of length, or 255 and two.
      if (at >= to) return 0;
      length = load<u8>(at++);
      if (length === 255) {
        if (at + 2 > to) return 0;
        length = be16(at);
        at += 2;
      }
      if (length > to - at) return 0;
      if (how !== Read.SKIP && length >= 1 && (length <= 8 || how === Read.SECTION))
        readField(how, at, length, RECORD_AT + <usize>load<u32>(plan, 8));
    } else {
      if (length > to - at) return 0;
      if (how !== Read.SKIP) readField(how, at, length, RECORD_AT + <usize>load<u32>(plan, 8));
    }
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
  if (record.samplingSize > 0 && record.samplingPopulation >= record.samplingSize)
    return record.samplingPopulation / record.samplingSize;
  if (record.packetInterval > 0 && record.packetSpace >= 0)
    return (record.packetInterval + record.packetSpace) / record.packetInterval;
  if (record.samplingProbability > 0 && record.samplingProbability <= 1)
    return 1 / record.samplingProbability;
  return record.samplingInterval > 0 ? record.samplingInterval : record.packetInterval;
}

/** Reads a field to its place in the record, unless it says nothing. */
function readField(how: u32, at: usize, length: usize, place: usize): void {
  if (how === Read.REAL && length !== 4 && length !== 8) return;
  const value = valueAt(how, at, length);
  if (how === Read.NONZERO && value === 0) return;
  if (how === Read.SECTION) record.sectionBytes = <f64>length;
  store<f64>(place, value);
}

function valueAt(how: u32, at: usize, length: usize): f64 {
  switch (how) {
    case Read.ADDRESS4:
    case Read.ADDRESS6:
    case Read.SECTION:
      return <f64>at;
    case Read.PORT:
      return <f64>(integerAt(at, length) & 0xffff);
    case Read.LAST_BYTE:
      return <f64>(<u32>load<u8>(at + length - 1));
    case Read.MILLISECONDS:
      return <f64>integerAt(at, length) * 1000;
    case Read.UPTIME:
      return <f64>(integerAt(at, length) & 0x7fff_ffff_ffff_ffff);
    case Read.SECONDS:
      return <f64>integerAt(at, length) * 1_000_000;
    case Read.NTP_MICRO:
    case Read.NTP_NANO:
      return ntpAt(at, how === Read.NTP_MICRO);
    case Read.TOP_BITS:
      return <f64>(<u32>load<u8>(at + length - 1) >> 6);
    case Read.REAL:
      return length === 8
        ? reinterpret<f64>(bswap<u64>(load<u64>(at)))
        : <f64>reinterpret<f32>(bswap<u32>(load<u32>(at)));
    default:
      return <f64>integerAt(at, length);
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

/** NTP time as us since 1970. For microsecond elements the low 11 bits are noise (RFC 7011, section 6.1.9). */
function ntpAt(at: usize, isMicro: bool): f64 {
  const seconds = be32(at);
  const fraction = be32(at + 4);
  if (seconds === 0 && fraction === 0) return NaN;
  const kept = isMicro ? fraction & 0xfffff800 : fraction;
  return floor((<f64>seconds - NTP_EPOCH) * 1_000_000 + (<f64>kept * 1_000_000) / HIGH + 0.5);
}
