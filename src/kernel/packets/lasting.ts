/** Which flows are watched (watch.ts): those that nobody can read and that last, as long as they are no bulk. */
import { control } from './control.ts';
import {
  CANDIDATE,
  GAUGED,
  KEPT,
  PROBING,
  SYN_ACK_SEEN,
  SYN_SEEN,
  UNWATCHED,
  WANTED,
  WATCHED,
  WEB,
} from './flow-state.ts';
import { Flow, flowsEnd, lane, rowOf } from './flows.ts';
import * as host from './host.ts';
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
  if (row.slot > 0) note(row);
  else if (row.state === UNWATCHED) return;
  else if (timeUs - row.firstUs > WATCH_AFTER_US) considerWatch(row, timeUs);
  else if ((row.seen & (SYN_SEEN | SYN_ACK_SEEN)) === 0 && hasRoomToWatch()) {
    // Nobody knows how long a flow has lasted whose beginning was not seen. What opens it may still come on the other
    // lane: until then it is looked at as before.
    row.slot = <u16>(openWatch() + 1);
    if (row.slot > 0) note(row);
  }
}

export function note(row: Flow): void {
  const slot = <i32>row.slot - 1;
  if (noteSegment(slot, lane)) return;
  row.mark(GAUGED);
  dropWatch(row);
  if (row.state !== CANDIDATE) row.become(UNWATCHED);
}

/** What the watch knows of the flow is not wanted. */
export function dropWatch(row: Flow): void {
  if (row.slot > 0) closeWatch(<i32>row.slot - 1);
  row.slot = 0;
}

/**
 * A flow has lasted: is it to be watched? Bulk is not, and one-sided ones wait. Anybody can offer the protocols of the web, so
 * these flows are watched as well, but never in the place of others.
 */
function considerWatch(row: Flow, timeUs: f64): void {
  if (row.pushes0 === 0 || row.pushes1 === 0) return;
  row.become(UNWATCHED);
  if (row.bytes0 + row.bytes1 > MOST_BYTES_BEFORE) row.mark(GAUGED);
  if ((row.seen & GAUGED) !== 0) return;
  const yields = (row.seen & (WEB | WANTED)) === WEB;
  let slot = yields && !hasRoomToWatch() ? -1 : openWatch();
  if (slot < 0 && timeUs >= nextSweepUs) {
    nextSweepUs = timeUs + SWEEP_PAUSE_US;
    sweepWatches(timeUs);
    if (!yields || hasRoomToWatch()) slot = openWatch();
  }
  if (slot < 0) {
    control.unwatchedFlows++;
    return;
  }
  row.slot = <u16>(slot + 1);
  row.become(WATCHED);
}

/** The watch over a flow is over: what it knows is told, if that is something. */
export function endWatch(flow: u32, row: Flow): void {
  const slot = <i32>row.slot - 1;
  if (slot < 0) return;
  endOrder(slot);
  if ((row.seen & KEPT) !== 0 || hasSaid(slot, control.leastMessages)) {
    row.mark(KEPT);
    host.watched(flow, slot);
  }
  closeWatch(slot);
  row.slot = 0;
  if (row.state === WATCHED || row.state === PROBING) row.become(UNWATCHED);
}

/** Hands over what is known of watched flows that are over or have fallen silent, and frees their slots. */
function sweepWatches(nowUs: f64): void {
  for (let flow: u32 = 0; flow < flowsEnd; flow++) {
    const row = rowOf(flow);
    if (row.slot === 0 || !row.alive) continue;
    if (row.isClosed || nowUs - row.lastUs > WATCH_IDLE_US) endWatch(flow, row);
  }
}
