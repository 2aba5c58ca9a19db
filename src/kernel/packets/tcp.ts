/**
 * A TCP segment to counters of its flow, and, if the flow may be mining, to the driver. A flow costs a row until its
 * payload looks like the start of something that a mining session can travel in (opening.ts).
 */

import { expire, feed, noteEnd, promote } from './candidate.ts';
import { evict } from './ending.ts';
import * as is from './flow-state.ts';
import { direction, Flow, find, flowsAlive, flowsEnd, found, isNew, orient } from './flows.ts';
import { consider, hangUp, note } from './lasting.ts';
import { ACK, FIN, RST, SYN } from './layers/packet.ts';
import { comesThrough } from './layers/through.ts';
import { IS_PASSED, lookAtPayload, OPENS, OPENS_NOTHING } from './look.ts';
import { control, GOES_ON_AT, packet, record, SENT_AT } from './memory.ts';
import { noteService } from './payload/service.ts';
import { streams } from './streams.ts';
import { answerClaim, isHeldApart } from './syn.ts';
import { isUnreadable } from './watched-directions.ts';

/** Two probes see a packet so far apart at most. */
const PROBE_DELAY_US: f64 = 100_000;

/** True if another probe has shown the flow at that time: its packets count once. */
function wasShown(row: Flow, timeUs: f64): bool {
  const at = GOES_ON_AT + found;
  if (!isNew && load<u8>(at) === 0 && timeUs <= row.lastUs + PROBE_DELAY_US) return true;
  store<u8>(at, 1);
  return false;
}

/** True if another probe has shown the packet in hand before, in an input that holds its packets twice. */
function wasSent(row: Flow): bool {
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

/** Takes the current TCP packet. `isInTime`: it is of the times that count. */
export function segment(isInTime: bool): void {
  const timeUs = record.timeUs;
  if (streams.closedFirst !== 0) expire(timeUs);
  if (flowsAlive >= control.flowLimit) evict(timeUs);
  const row = find();
  const flow = found;
  const flags = packet.flags;
  if (isNew) {
    row.firstUs = timeUs;
    row.lastUs = timeUs;
    if ((flags & (SYN | ACK)) === (SYN | ACK)) orient(row, 1);
  }
  if (packet.through !== 0 && !comesThrough(flow, row)) return;
  const isShown = (control.isTwice !== 0 && wasSent(row)) || (control.isCopy !== 0 && wasShown(row, timeUs));
  const counts = isInTime && !isShown;
  if (row.claimUs !== 0) answerClaim(flow, row);
  if ((flags & SYN) !== 0 && isHeldApart(flow, row, timeUs, counts)) return;
  if (counts) row.add(direction, <f64>packet.ipBytes, 1);
  if (!isShown) {
    if (timeUs > row.lastUs) row.lastUs = timeUs;
    else if (timeUs < row.firstUs) row.firstUs = timeUs;
  }

  const hasPayload = packet.payloadBytes > 0;
  if (hasPayload && (direction === 0 ? ++row.pushes0 : ++row.pushes1) === 1) {
    lookWhetherVeiled(row);
    noteService(flow, packet.payloadStart, packet.payloadEnd);
  }
  const state = row.state;
  if (state === is.CANDIDATE || state === is.MINING) {
    // What looked like the opening of a message may be ciphertext all the same.
    if (hasPayload && counts && row.slot > 0) note(row);
    feed(flow, row);
    return;
  }
  if (hasPayload) {
    const look = lookAtPayload(flow, row);
    if (look === OPENS) promote(flow, row, timeUs);
    else if ((look === OPENS_NOTHING || look === IS_PASSED) && counts) consider(row, timeUs);
    if (look === IS_PASSED && counts && !row.has(is.OPAQUE | is.VEILED)) {
      control.passedPackets++;
      control.passedBytes += <f64>packet.payloadBytes;
    }
  }
  if ((flags & (FIN | RST)) === 0) return;
  noteEnd(row, flags);
  if (row.slot > 0) hangUp(row);
}

/** At the first payload of a direction. What one side says in clear can be read. */
function lookWhetherVeiled(row: Flow): void {
  if (!isUnreadable(packet.payloadStart, packet.payloadEnd)) row.seen &= <u16>~is.VEILED;
  else if (row.pushes0 + row.pushes1 === 1) row.mark(is.VEILED);
}
