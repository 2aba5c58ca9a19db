/** Which flows are watched (watch.ts): those that nobody can read and that last, as long as they are no bulk. */

import { mayConcern } from './addresses.ts';
import * as is from './flow-state.ts';
import { direction, Flow, flowsEnd, rowOf } from './flows.ts';
import * as host from './host.ts';
import { control } from './memory.ts';
import { closeWatch, endOrder, hasRoomToWatch, hasSaid, noteSegment, openWatch } from './watch.ts';

/** Flows that cannot be read are watched from this age on, unless they have carried more than this by then. */
const WATCH_AFTER_US: f64 = 15_000_000;
const MOST_BYTES_BEFORE: f64 = 1_000_000;
const SWEEP_PAUSE_US: f64 = 60_000_000;

/** With all slots of the watch taken, those of flows that are over, or silent for so long, are given back. */
const WATCH_IDLE_US: f64 = 600_000_000;

export let nextSweepUs: f64 = -Infinity;

/** Payload that opens nothing: the flow is watched, or may come to be. */
export function consider(row: Flow, timeUs: f64): void {
  if (row.state === is.UNWATCHED) return;
  const isOld = timeUs - row.firstUs > WATCH_AFTER_US;
  if (isOld && isEarly(row)) {
    row.become(isWorthWatching(row) ? is.WATCHED : is.UNWATCHED);
    if (row.state === is.UNWATCHED) dropWatch(row);
  }
  if (row.slot > 0) note(row);
  else if (isOld && row.pushes0 > 0 && row.pushes1 > 0) {
    if (row.state !== is.UNWATCHED) considerWatch(row, timeUs);
  } else if (mayWatchAtOnce(row, isOld) && hasRoom(row, timeUs)) {
    row.slot = <u16>(openWatch(row.has(is.SYN_SEEN | is.SYN_ACK_SEEN), row.has(is.WANTED)) + 1);
    if (row.slot > 0) note(row);
  }
}

/**
 * True if the flow is to be watched before it has lasted. Nobody knows how long one has lasted whose beginning was not
 * seen; what opens it may still come on the other direction, and until then it is looked at as before. Of TLS the first shares
 * count, too.
 */
function mayWatchAtOnce(row: Flow, isOld: bool): bool {
  if (!row.has(is.SYN_SEEN | is.SYN_ACK_SEEN)) return true;
  return row.has(is.OPAQUE) && !row.isClosed && !isOld;
}

/** It is watched since before it has lasted, and its beginning was seen. */
function isEarly(row: Flow): bool {
  return row.slot > 0 && row.state !== is.WATCHED && row.has(is.SYN_SEEN | is.SYN_ACK_SEEN);
}

/** Half of the slots are for flows that have lasted, and of the others half for those that offer no protocol of the web. */
function hasRoom(row: Flow, timeUs: f64): bool {
  const isLast = (row.seen & (is.WEB | is.WANTED)) === is.WEB;
  if (!hasRoomToWatch(isLast)) sweepAtTimes(timeUs);
  return hasRoomToWatch(isLast);
}

/** An end has hung up. */
export function hangUp(row: Flow): void {
  if (isPassing(row)) dropWatch(row);
}

/** Of a flow that has not lasted nothing is of interest, unless its server may be a pool's. */
function isPassing(row: Flow): bool {
  if (row.state === is.CANDIDATE || !isEarly(row) || row.has(is.WANTED)) return false;
  return row.has(is.NAMED) || !mayConcern(row);
}

export function note(row: Flow): void {
  const slot = <i32>row.slot - 1;
  if (noteSegment(slot, direction)) return;
  if (row.state !== is.CANDIDATE && isEarly(row)) {
    // What opens a session is of many sizes: it is looked at again when it has lasted.
    dropWatch(row);
    return;
  }
  row.mark(is.GAUGED);
  dropWatch(row);
  if (row.state !== is.CANDIDATE) row.become(is.UNWATCHED);
}

/** What the watch knows of the flow is not wanted. */
export function dropWatch(row: Flow): void {
  if (row.slot > 0) closeWatch(<i32>row.slot - 1);
  row.slot = 0;
}

/**
 * A flow has lasted, and both sides have spoken: is it to be watched? Bulk is not. Anybody can offer the protocols of the web, so
 * these flows are watched as well, but never in the place of others.
 */
function considerWatch(row: Flow, timeUs: f64): void {
  row.become(is.UNWATCHED);
  if (!isWorthWatching(row)) return;
  const isWanted = row.has(is.WANTED);
  const yields = row.has(is.WEB) && !isWanted;
  let slot = yields && !hasRoomToWatch() ? -1 : openWatch(false, isWanted);
  if (slot < 0) {
    sweepAtTimes(timeUs);
    if (!yields || hasRoomToWatch()) slot = openWatch(false, isWanted);
  }
  if (slot < 0) {
    control.unwatchedFlows++;
    return;
  }
  row.slot = <u16>(slot + 1);
  row.become(is.WATCHED);
}

function isWorthWatching(row: Flow): bool {
  if (row.bytes0 + row.bytes1 > MOST_BYTES_BEFORE) row.mark(is.GAUGED);
  return !row.has(is.GAUGED);
}

/** The watch over a flow is over: what it knows is told, if that is something. */
export function endWatch(flow: u32, row: Flow): void {
  const slot = <i32>row.slot - 1;
  if (slot < 0) return;
  if (isPassing(row)) {
    dropWatch(row);
    return;
  }
  endOrder(slot);
  if (row.has(is.KEPT) || hasSaid(slot, control.leastMessages)) {
    row.mark(is.KEPT);
    host.watched(flow, slot);
  }
  closeWatch(slot);
  row.slot = 0;
  if (row.state === is.WATCHED || row.state === is.PROBING) row.become(is.UNWATCHED);
}

/** Now and then: hands over what is known of watched flows that are over or have fallen silent, and frees their slots. */
function sweepAtTimes(nowUs: f64): void {
  if (nowUs < nextSweepUs) return;
  nextSweepUs = nowUs + SWEEP_PAUSE_US;
  for (let flow: u32 = 0; flow < flowsEnd; flow++) {
    const row = rowOf(flow);
    if (row.slot === 0 || !row.alive) continue;
    if (row.isClosed || nowUs - row.lastUs > WATCH_IDLE_US) endWatch(flow, row);
  }
}
