/**
 * A TCP segment to counters of its flow, and, if the flow may be mining, to the driver. A flow costs a row until its
 * payload looks like the start of something that a mining session can travel in (opening.ts).
 */

import { expire, feed, noteEnd, promote } from './candidate.ts';
import { makeRoom } from './ending.ts';
import * as is from './flow-state.ts';
import { direction, Flow, find, found, isNew, orient } from './flows.ts';
import { consider, hangUp, note } from './lasting.ts';
import { hardwareOfSender } from './layers/hardware.ts';
import { ACK, FIN, RST, SYN } from './layers/packet.ts';
import { comesThrough } from './layers/through.ts';
import { IS_PASSED, lookAtPayload, OPENS, OPENS_NOTHING } from './look.ts';
import { control, packet, record, counts as sums } from './memory.ts';
import { joinsAnother } from './mptcp.ts';
import { noteService } from './payload/service.ts';
import { wasSent, wasShown } from './probes.ts';
import { streams } from './streams.ts';
import { answerClaim, isHeldApart } from './syn.ts';
import { searchText } from './text.ts';
import { isUnreadable } from './watched-directions.ts';

/** Takes the current TCP packet. `isInTime`: it is of the times that count. */
export function segment(isInTime: bool): void {
  const timeUs = record.timeUs;
  if (streams.closedFirst !== 0) expire(timeUs);
  makeRoom(timeUs);
  const row = find();
  const flow = found;
  const flags = packet.flags;
  if (isNew) {
    row.firstUs = timeUs;
    row.lastUs = timeUs;
    if ((flags & (SYN | ACK)) === (SYN | ACK)) orient(row, 1);
  }
  if (packet.through !== 0 && !comesThrough(flow, row)) {
    if (isInTime) sums.shownBytes += <f64>packet.ipBytes;
    return;
  }
  const isShown = (control.isTwice !== 0 && wasSent(row)) || (control.isCopy !== 0 && wasShown(row, timeUs));
  const counts = isInTime && !isShown;
  if (isInTime && isShown) sums.shownBytes += <f64>packet.ipBytes;
  if (row.has(is.CLAIMED)) answerClaim(flow, row);
  if ((flags & SYN) !== 0) {
    if (isHeldApart(flow, row, timeUs, counts)) return;
    if (joinsAnother()) row.mark(is.JOINED);
  }
  if (counts) {
    // A SYN that waited for its answer is counted by now.
    if (row.packetsOf(direction) < 2) row.sentFrom(direction, hardwareOfSender());
    row.add(direction, <f64>packet.ipBytes, 1);
  }
  if (!isShown) {
    if (timeUs > row.lastUs) row.lastUs = timeUs;
    else if (timeUs < row.firstUs) row.firstUs = timeUs;
  }

  const hasPayload = packet.payloadBytes > 0;
  if (hasPayload) {
    row.push(direction, timeUs);
    if (row.pushesOf(direction) === 1) {
      lookWhetherVeiled(row);
      noteService(flow, packet.payloadStart, packet.payloadEnd);
    }
    if (row.state !== is.MINING) searchText(row);
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
      row.mark(is.PASSED);
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
  if (!isUnreadable(packet.payloadStart, packet.payloadEnd)) row.seen &= ~is.VEILED;
  else if (row.pushes0 + row.pushes1 === 1) row.mark(is.VEILED);
}
