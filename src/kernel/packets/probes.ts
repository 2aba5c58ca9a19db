/** What another input has shown already: packets that two probes see, or that an input holds twice, count once. */

import { direction, Flow, flowsEnd, found, isNew } from './flows.ts';
import { FIN, SYN } from './layers/packet.ts';
import { control, GOES_ON_AT, packet, SENT_AT } from './memory.ts';

/** Two probes see a packet so far apart at most. */
const PROBE_DELAY_US: f64 = 100_000;
/** `control.isCopy` of such an input; files of one probe that overlap have the same times. */
const OF_PROBE: u32 = 1;

/** True if another probe has shown the flow at that time: its packets count once. */
export function wasShown(row: Flow, timeUs: f64): bool {
  const at = GOES_ON_AT + found;
  const isKnown = !isNew && row.packetsOf(direction) > 0;
  const delayUs = control.isCopy === OF_PROBE ? PROBE_DELAY_US : 0;
  if (isKnown && load<u8>(at) === 0 && timeUs <= row.lastUs + delayUs) return true;
  store<u8>(at, 1);
  return false;
}

/** True if another probe has shown the packet in hand before, in an input that holds its packets twice. */
export function wasSent(row: Flow): bool {
  const at = SENT_AT + found * 16 + direction * 8;
  const isSyn = (packet.flags & SYN) !== 0;
  const isKnown = !isNew && row.packetsOf(direction) > 0;
  const isOpening = !isKnown || (isSyn && row.isnOf(direction) !== packet.sequence);
  const takes = packet.payloadBytes + ((packet.flags & (SYN | FIN)) !== 0 ? 1 : 0);
  const sent = packet.sequence + takes;
  const further = sent - load<i32>(at);
  // A SYN acknowledges nothing.
  const known = load<i32>(at, 4);
  const acknowledges = known === 0 ? 1 : packet.acknowledgement - known;
  if (!isOpening && (isSyn || (further <= 0 && (takes > 0 || acknowledges <= 0)))) return true;
  if (isOpening || further > 0) store<i32>(at, sent);
  if (isOpening || acknowledges > 0) store<i32>(at, packet.acknowledgement, 4);
  return false;
}

/** An input begins that may hold what others have shown. */
export function beginCopy(): void {
  memory.fill(GOES_ON_AT, 0, flowsEnd);
}
