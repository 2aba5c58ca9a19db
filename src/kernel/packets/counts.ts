/** Packets and bytes of the run, all, and by what became of them. */
import {
  clearCounts,
  control,
  counts,
  HOST_BITS_AT,
  HOST_BITS_BYTES,
  JUDGED_AT,
  JUDGED_BYTES,
  LEFT_BITS_AT,
  packet,
  REASON_BYTES_AT,
  REASON_PACKETS_AT,
  record,
} from './memory.ts';

/** Nothing has been counted yet. */
export function beginCounts(): void {
  clearCounts(counts);
  memory.fill(REASON_PACKETS_AT, 0, JUDGED_AT + JUDGED_BYTES - REASON_PACKETS_AT);
  // They lie one behind the other.
  if (control.hostBits > 0) memory.fill(HOST_BITS_AT, 0, 2 * HOST_BITS_BYTES);
  control.hostBits = 0;
  control.leftBits = 0;
}

/** Counts the current record, which was decoded: with its IP bytes, or if it holds no IP with those of the frame. */
export function countRecord(reason: i32): void {
  const bytes = <f64>(packet.recordBytes > 0 ? packet.recordBytes : record.wireBytes);
  counts.packets++;
  counts.bytes += bytes;
  const row = (<usize>reason) << 3;
  store<f64>(REASON_PACKETS_AT + row, load<f64>(REASON_PACKETS_AT + row) + 1);
  store<f64>(REASON_BYTES_AT + row, load<f64>(REASON_BYTES_AT + row) + bytes);
  if (record.captured < record.wireBytes) {
    counts.truncatedPackets++;
    counts.truncatedBytes += bytes;
    if (reason === 0) counts.cutBytes += <f64>(record.wireBytes - record.captured);
  }
  // Written so that the first time replaces NaN.
  if (!(record.timeUs >= counts.firstUs)) counts.firstUs = record.timeUs;
  if (!(record.timeUs <= counts.lastUs)) counts.lastUs = record.timeUs;
}

/** Counts a conversation that was judged so, with its bytes. */
export function countJudged(judgement: i32, bytes: f64): void {
  const at = JUDGED_AT + ((<usize>judgement) << 4);
  store<f64>(at, load<f64>(at) + 1);
  store<f64>(at + 8, load<f64>(at + 8) + bytes);
}

/** Notes that the end whose address lies here has opened a conversation. */
export function countHost(address: usize): void {
  if (isNewBit(HOST_BITS_AT, bitOf(address))) control.hostBits++;
}

/**
 * The bit of an address, for `countLeft`. Without a key, so that each run of the same packets counts alike: who aims
 * addresses at one bit hides only how many of them are his. Mixed as the end of MurmurHash3 does (Appleby, 2011).
 */
export function bitOf(address: usize): u32 {
  const whole = mixed(load<u64>(address)) + load<u64>(address + 8);
  return <u32>mixed(whole) & (HOST_BITS_BYTES * 8 - 1);
}

function mixed(word: u64): u64 {
  word = (word ^ (word >>> 33)) * 0xff51afd7ed558ccd;
  word = (word ^ (word >>> 33)) * 0xc4ceb9fe1a85ec53;
  return word ^ (word >>> 33);
}

/** Notes that the host of this bit has opened a conversation that could not be judged. */
export function countLeft(bit: u32): void {
  if (isNewBit(LEFT_BITS_AT, bit)) control.leftBits++;
}

function isNewBit(at: usize, bit: u32): bool {
  const place = at + (bit >>> 3);
  const mask: u32 = 1 << (bit & 7);
  const known = <u32>load<u8>(place);
  if ((known & mask) !== 0) return false;
  store<u8>(place, <u8>(known | mask));
  return true;
}
