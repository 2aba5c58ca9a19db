/** Flows that may be mining: each has a stream, which the driver hears until it knows. */

import * as is from './flow-state.ts';
import { direction, Flow, flowsEnd, rowOf, turnTo } from './flows.ts';
import { endHandshake, openHandshake } from './handshake.ts';
import { bringBack, flowAt, heldOf, layAside, makeCurrent, release } from './held.ts';
import * as host from './host.ts';
import { endHoles } from './jumps.ts';
import { dropWatch } from './lasting.ts';
import { FIN, RST } from './layers/packet.ts';
import { beginsOf, FAILED_BY_OTHERS, FREE_LOOKS, MOST_FAILED } from './look.ts';
import { control, HELD, packet, record } from './memory.ts';
import { accept, endStream, forgetWaiting } from './order.ts';
import { openingOf } from './payload/opening.ts';
import {
  begin,
  closeStream,
  Direction,
  directionOf,
  enterClosed,
  leaveClosed,
  openStream,
  REORDER_US,
  Stream,
  streamAt,
  streams,
  TO_DRIVER,
  TO_HANDSHAKE,
} from './streams.ts';
import { NO_TEXT } from './text.ts';

/** A closed connection keeps its stream so long, for packets that come late or out of order. */
const KEEP_CLOSED_US: f64 = 10_000_000;
/** That of a session stays until nothing has come for so long: anybody can send a reset, and what was reset says no more. */
const KEEP_SESSION_US: f64 = 300_000_000;
/** Flows that are this idle go first if room is needed, then those a fifth as idle, and so on down to a second. */
export const LONG_IDLE_US: f64 = 300_000_000;
export const LEAST_IDLE_US: f64 = 1_000_000;

/** Makes a candidate of the flow: the driver hears what is held of it and the current segment. */
export function promote(flow: u32, row: Flow, timeUs: f64): void {
  if (row.has(is.HOLDS)) promoteHeld(flow, row, timeUs);
  else open(flow, row, timeUs, beginsOf(row), openingOf(packet.payloadStart, packet.payloadEnd));
  if (row.stream !== 0) feed(flow, row);
}

function open(flow: u32, row: Flow, timeUs: f64, begins: i32, opens: i32): void {
  if (control.undecided >= control.undecidedLimit) crowdOut(timeUs);
  const handshake = opens === is.OPENS_TLS ? openHandshake() : 0;
  const at = openStream(flow, handshake === 0 ? TO_DRIVER : TO_HANDSHAKE);
  if (at === 0) {
    giveUp(row);
    return;
  }
  const stream = streamAt(at);
  if ((begins & 1) !== 0) begin(directionOf(stream, 0), row.isn0 + 1);
  if ((begins & 2) !== 0) begin(directionOf(stream, 1), row.isn1 + 1);
  stream.handshake = handshake;
  row.stream = at;
  row.become(is.CANDIDATE);
  control.undecided++;
  if (handshake === 0) host.candidate(flow, opens === is.OPENS_TLS ? is.OPENS_PLAIN : opens);
}

/** The driver hears the segments that are held of a flow. */
function promoteHeld(flow: u32, row: Flow, timeUs: f64): void {
  const held = heldOf(flow);
  open(flow, row, timeUs, held.begins, openingOf(held.from, held.to));
  const inHand = direction;
  layAside();
  for (let i: u32 = 0; i < held.segments; i++) {
    if (row.stream === 0) break;
    makeCurrent(held, i);
    feed(flow, row);
  }
  turnTo(inHand);
  bringBack();
  release(held, row);
}

/** No more of the input comes: what is held is observed as far as it goes. */
export function hearHeld(timeUs: f64): void {
  for (let place: u32 = 0; place < <u32>HELD; place++) {
    const flow = flowAt(place);
    if (flow > 0) promoteHeld(flow - 1, rowOf(flow - 1), timeUs);
  }
}

/** The stream takes the current segment. */
export function feed(flow: u32, row: Flow): void {
  const stream = streamAt(row.stream);
  const own = directionOf(stream, direction);
  const next = own.next;
  const isEnd = accept(stream, direction);
  if (own.endedUs !== 0 && own.next - next > 0) goOn(stream, row, own);
  switch (stream.status) {
    case is.IS_FOREIGN:
      drop(flow, row, <u32>row.failedLooks + 1);
      break;
    case is.IS_OTHER:
      drop(flow, row, max(<u32>row.failedLooks, FREE_LOOKS) + FAILED_BY_OTHERS);
      break;
    case is.IS_MINING:
      if (row.state === is.CANDIDATE) {
        row.become(is.MINING);
        row.mark(is.KEPT);
        control.undecided--;
        dropWatch(row);
      }
      break;
  }
  const flags = packet.flags;
  if ((flags & (FIN | RST)) === 0) return;
  const isStream = row.state === is.CANDIDATE || row.state === is.MINING;
  // Of a stream an end counts only if its number fits.
  if (isStream && !isEnd) return;
  noteEnd(row, flags);
  if (!isStream) return;
  if (own.endedUs === 0) own.endedUs = record.timeUs;
  const isOver = row.has(is.RST_SEEN) || (row.seen & (is.FIN_0 | is.FIN_1)) === (is.FIN_0 | is.FIN_1);
  if (isOver) enterClosed(stream);
}

/** A direction that had ended goes on where it was: it was not its own end that said so, or nobody took it (RFC 9293 3.5.2). */
function goOn(stream: Stream, row: Flow, own: Direction): void {
  if (packet.payloadBytes === 0 || record.timeUs - own.endedUs < REORDER_US) return;
  directionOf(stream, 0).endedUs = 0;
  directionOf(stream, 1).endedUs = 0;
  leaveClosed(stream);
  row.seen &= ~(is.FIN_0 | is.FIN_1 | is.RST_SEEN);
}

/** Nobody hears the flow any more. */
function drop(flow: u32, row: Flow, failedLooks: u32): void {
  const stream = streamAt(row.stream);
  forgetWaiting(stream);
  if (stream.sink === TO_DRIVER) host.close(flow);
  row.stream = 0;
  closeStream(stream);
  if (row.state === is.CANDIDATE) control.undecided--;
  dismiss(row, failedLooks);
}

function dismiss(row: Flow, failedLooks: u32): void {
  row.become(row.slot > 0 ? is.WATCHED : is.DISMISSED);
  row.failedLooks = <u8>min(MOST_FAILED, failedLooks);
}

/** The direction of the current packet says that it ends. */
export function noteEnd(row: Flow, flags: u32): void {
  if ((flags & FIN) !== 0) row.mark(is.FIN_0 << direction);
  if ((flags & RST) !== 0) row.mark(is.RST_SEEN);
}

/** A candidate's stream ends. */
export function closeCandidate(flow: u32): void {
  const row = rowOf(flow);
  if (row.has(is.HOLDS)) promoteHeld(flow, row, row.lastUs);
  if (row.state !== is.CANDIDATE && row.state !== is.MINING) return;
  if (row.state === is.CANDIDATE) control.undecided--;
  const stream = streamAt(row.stream);
  endStream(stream);
  endHoles(stream);
  endHandshake(stream);
  const was = stream.sink === TO_DRIVER ? host.close(flow) : is.STAYS;
  row.stream = 0;
  closeStream(stream);
  row.become(row.slot > 0 ? is.WATCHED : is.DISMISSED);
  // What has been a session is not looked at again: its connection is over.
  if (was === is.IS_MINING) {
    row.failedLooks = <u8>MOST_FAILED;
    row.mark(is.KEPT);
  }
}

/** Ends the streams of connections that closed a while ago. */
export function expire(nowUs: f64): void {
  while (streams.closedFirst !== 0) {
    const stream = streamAt(streams.closedFirst);
    if (stream.closedUs + KEEP_CLOSED_US >= nowUs) return;
    const row = rowOf(stream.owner);
    if (nowUs - row.lastUs < KEEP_SESSION_US && isSession(stream, row)) {
      leaveClosed(stream);
      enterClosed(stream);
    } else closeCandidate(stream.owner);
  }
}

/** It mines, and is no connection for one request: it has lasted, or says JSON without HTTP. */
function isSession(stream: Stream, row: Flow): bool {
  if (row.state !== is.MINING) return false;
  const hasLasted = row.lastUs - row.firstUs > KEEP_CLOSED_US;
  return hasLasted || directionOf(stream, 0).scanner !== 0 || directionOf(stream, 1).scanner !== 0;
}

/** There is no room for a stream of the flow. */
function giveUp(row: Flow): void {
  row.become(is.DISMISSED);
  countLost(row);
}

function countLost(row: Flow): void {
  row.mark(is.CROWDED);
  control.crowdedOut++;
  control.crowdedBytes += row.bytes0 + row.bytes1;
}

/**
 * A flow of a state goes on, whose stream and watch are lost: the driver reads a session on in its middle, and looks at
 * everything else anew.
 */
export function resumeFlow(flow: u32): void {
  const row = rowOf(flow);
  if (!row.alive) return;
  row.slot = 0;
  row.stream = 0;
  row.seen &= ~is.HOLDS;
  // Words of another build have other places.
  row.text0 = NO_TEXT;
  row.text1 = NO_TEXT;
  if (row.state === is.MINING) {
    row.stream = openStream(flow, TO_DRIVER);
    if (row.stream === 0) giveUp(row);
    else streamAt(row.stream).status = is.IS_MINING;
  } else if (row.state === is.WATCHED || row.state === is.UNWATCHED) row.become(is.DISMISSED);
  else if (row.state !== is.DISMISSED) row.become(is.PROBING);
}

/** Gives up all candidates that are undecided. */
export function forgetUndecided(): void {
  for (let flow: u32 = 0; flow < flowsEnd; flow++) {
    const row = rowOf(flow);
    if (row.state !== is.CANDIDATE) continue;
    closeCandidate(flow);
    row.mark(is.CROWDED);
    control.crowdedOut++;
  }
}

/** Too many candidates are undecided: an eighth of them are dismissed, the unanswered and the longest idle first. */
function crowdOut(nowUs: f64): void {
  const wanted = control.undecided - max(1, control.undecided >>> 3);
  for (let pass = 0; pass < 2; pass++) {
    for (let idleUs = LONG_IDLE_US; control.undecided > wanted; idleUs /= 5) {
      const isLast = idleUs < LEAST_IDLE_US;
      for (let flow: u32 = 0; flow < flowsEnd && control.undecided > wanted; flow++) {
        const row = rowOf(flow);
        if (!row.alive || row.state !== is.CANDIDATE || (pass === 0 && !row.isOneSided)) continue;
        if (!isLast && nowUs - row.lastUs < idleUs) continue;
        closeCandidate(flow);
        countLost(row);
      }
      if (isLast) break;
    }
  }
}
