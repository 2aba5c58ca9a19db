/** The current captured record, as its file describes it. */
import { RECORD_AT } from './memory.ts';

/** No packet has more bytes on the wire, jumbo frames and offloaded segments included. */
const MOST_WIRE_BYTES: u32 = 1 << 24;

@unmanaged
export class CaptureRecord {
  /** us since 1970; nanosecond files give fractions (resolution 0.25 us). */
  timeUs: f64;
  /** 1-based number within its input. */
  number: f64;
  /** Where the captured bytes lie. */
  at: u32;
  captured: u32;
  /** Bytes that were on the wire, link header included. */
  wireBytes: u32;
  /** LINKTYPE_ value (tcpdump.org registry). */
  linkType: i32;
}

export const record = changetype<CaptureRecord>(RECORD_AT);

/**
 * Gives the record both lengths. False if no packet has as many bytes on the wire, as then it weighs what was captured:
 * it would weigh as much in all shares of the whole.
 */
export function measure(captured: u32, wireBytes: u32): bool {
  const longer = max(captured, wireBytes);
  const isPossible = longer <= MOST_WIRE_BYTES;
  record.captured = captured;
  record.wireBytes = isPossible ? longer : captured;
  return isPossible;
}
