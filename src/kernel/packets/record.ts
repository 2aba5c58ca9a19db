/** The current captured record, as its file describes it. */

import { record } from './memory.ts';

/** No packet has more bytes on the wire, jumbo frames and offloaded segments included. */
const MOST_WIRE_BYTES: u32 = 1 << 24;

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
