/**
 * The look at the payload of a flow that is no candidate: most flows are TLS or plain web visits, and what a look decides
 * needs no framing, no buffers and no objects. Of later payloads only objects and requests are looked at.
 */

import { afterBlanks, begins } from './bytes.ts';
import * as is from './flow-state.ts';
import { direction, Flow } from './flows.ts';
import { addHeld, dropLast, Held, heldOf, hold, isWholeInHand, release } from './held.ts';
import { packet } from './memory.ts';
import { helloOf, isClientHello, isPartOfHello } from './payload/client-hello.ts';
import { readsAnswer, readsQuestion } from './payload/dns-tcp.ts';
import { opensEvents } from './payload/http-head.ts';
import { mayOpenObject } from './payload/json.ts';
import { beginsHeadOfMessage, mayOpen } from './payload/opening.ts';
import { leadsElsewhere, lookInside, TUNNEL_IS_HELD, TUNNEL_IS_WEB } from './payload/proxy.ts';
import { visitOf } from './payload/visit.ts';

export const OPENS_NOTHING = 0;
/** It may be mining. */
export const OPENS = 1;
/** It is not, as far as payload can tell. */
const IS_DECIDED = 2;
/** The rest of what it begins has to show. */
const IS_HELD = 3;
/** The same, and it asks a proxy for a tunnel. */
const ASKS_TUNNEL = 4;
/** The flow has had its looks: what it says now nobody has read. */
export const IS_PASSED = 5;

/**
 * Looks as a candidate without a pause: few lines of noise must hide nobody. A look ends when its own budget of messages
 * and bytes is spent (sessions/recognition.ts), or at once if its first bytes are not text.
 */
export const FREE_LOOKS: u32 = 64;
/** Looks that a flow gets before it stays dismissed; the n-th behind the free ones is at a 2^n-th payload. */
export const MOST_FAILED: u32 = FREE_LOOKS + 24;
/** What a flow is charged that has spent the budget of a look on messages of another protocol. */
export const FAILED_BY_OTHERS: u32 = 8;
/** Of fewer bytes in the middle of a connection nobody can tell a request. */
const LEAST_REQUEST: u32 = 4;
/** Nor so few from the head of a message. */
const LEAST_HEAD: u32 = 15;

const SPACE: u32 = 0x20;
const QUOTE: u32 = 0x22;
const BRACE: u32 = 0x7b;
const BRACKET: u32 = 0x5b;
const LETTER_C: u32 = 0x43;
const LETTER_G: u32 = 0x47;
const LETTER_H: u32 = 0x48;
const TEXT_FRAME: u32 = 0x81;
const BINARY_FRAME: u32 = 0x82;
/** Without the bit of a whole message: the first part of one (RFC 6455 5.4). */
const FIRST_PART: u32 = 0x7f;
const LETTER_P: u32 = 0x50;

/** Looks at the current payload, and sets where the direction begins on its first. */
export function lookAtPayload(flow: u32, row: Flow): i32 {
  // Of a capture of headers alone nothing can be read: its sizes and times are watched.
  if (packet.payloadStart === packet.payloadEnd) return OPENS_NOTHING;
  if (row.state === is.ASKING) return readsAnswer(row) ? IS_DECIDED : OPENS;
  if (row.has(is.HOLDS)) return lookAtHeld(flow, row);
  if (row.state !== is.PROBING || row.pushesOf(direction) !== 1) return lookAgain(flow, row);
  if (isWholeOpening(row) && readsQuestion()) {
    row.become(is.ASKING);
    return IS_DECIDED;
  }
  if (mayOpen(packet.payloadStart, packet.payloadEnd)) {
    return isWholeOpening(row)
      ? orHeld(flow, row, decide(flow, row, packet.payloadStart, packet.payloadEnd))
      : OPENS;
  }
  // Data that runs ahead of the handshake's number is out of order: the stream will tell what it is.
  if (row.has(is.ISN_0_KNOWN << direction))
    return packet.sequence !== row.isnOf(direction) + 1 ? OPENS : OPENS_NOTHING;
  row.knowIsn(direction, packet.sequence - 1);
  return OPENS_NOTHING;
}

/** What has only begun is held, if there is room. */
function orHeld(flow: u32, row: Flow, look: i32): i32 {
  if (look !== IS_HELD && look !== ASKS_TUNNEL) return look;
  const isFirst = row.state === is.PROBING && row.pushes0 + row.pushes1 === 1;
  if (!hold(flow, row, beginsOf(row), isFirst)) return OPENS;
  heldOf(flow).asksTunnel = look === ASKS_TUNNEL;
  return IS_HELD;
}

/** Looks at the current payload of a flow whose first segments are held. */
function lookAtHeld(flow: u32, row: Flow): i32 {
  const held = heldOf(flow);
  const ahead = packet.sequence - held.next;
  if (direction === held.direction && ahead + <i32>packet.payloadBytes <= 0) return IS_HELD;
  if (held.asksTunnel) return lookInTunnel(row, held);
  if (direction !== held.direction && !held.opens && held.bytes < LEAST_REQUEST) {
    release(held, row);
    return lookAtPayload(flow, row);
  }
  if (direction !== held.direction || ahead !== 0 || !isWholeInHand() || !addHeld(held)) return OPENS;
  const readsBefore = row.reads;
  const look = held.opens
    ? decide(flow, row, held.from, held.to)
    : lookAtRequest(flow, row, held.from, held.to);
  // The request came in several packets.
  if (row.reads > readsBefore) row.reads += held.segments - 1;
  if (look === ASKS_TUNNEL) {
    held.asksTunnel = true;
    return IS_HELD;
  }
  if (look === OPENS) dropLast(held);
  else if (look !== IS_HELD) release(held, row);
  return look;
}

function lookInTunnel(row: Flow, held: Held): i32 {
  switch (lookInside(row, held)) {
    case TUNNEL_IS_HELD:
      return IS_HELD;
    case TUNNEL_IS_WEB:
      release(held, row);
      row.become(is.DISMISSED);
      return IS_DECIDED;
    default:
      return OPENS;
  }
}

/** At a payload that is not the first of its direction, or of a flow that was dismissed. */
function lookAgain(flow: u32, row: Flow): i32 {
  const mayLook = isFree(row);
  if (!mayLook && <u32>row.failedLooks >= FREE_LOOKS + FAILED_BY_OTHERS) return IS_PASSED;
  const look = glance(flow, row, packet.payloadStart, packet.payloadEnd);
  if (look === OPENS_NOTHING) return look;
  return mayLook ? orHeld(flow, row, look) : IS_PASSED;
}

/** True if the flow may have another look at this payload. */
function isFree(row: Flow): bool {
  const failedLooks = <u32>row.failedLooks;
  if (failedLooks <= FREE_LOOKS) return true;
  if (failedLooks >= MOST_FAILED) return false;
  return ((row.pushes0 + row.pushes1) & ((1 << min(failedLooks - FREE_LOOKS, 16)) - 1)) === 0;
}

function glance(flow: u32, row: Flow, from: u32, to: u32): i32 {
  // These stand at the start of one encrypted packet in 85, so look further.
  switch (<u32>load<u8>(from)) {
    case LETTER_P:
      if (begins(from, to, 'PROXY ') || begins(from, to, 'PRI * HTTP/2.0')) return OPENS;
      return lookAtRequest(flow, row, from, to);
    case LETTER_G:
    case LETTER_G | 0x20:
    case LETTER_P | 0x20:
      return lookAtRequest(flow, row, from, to);
    case LETTER_C:
      return to - from > LEAST_HEAD && beginsHeadOfMessage(from, to) ? OPENS : OPENS_NOTHING;
    case LETTER_H:
      return opensEvents(from, to) ? OPENS : OPENS_NOTHING;
    case TEXT_FRAME:
    case BINARY_FRAME:
    case TEXT_FRAME & FIRST_PART:
    case BINARY_FRAME & FIRST_PART:
      return beginsObjectInFrame(from, to) ? OPENS : OPENS_NOTHING;
    default:
      return mayOpenJson(afterBlanks(from, to), to) ? OPENS : OPENS_NOTHING;
  }
}

/** A frame of a WebSocket (RFC 6455 5.2) that holds an object, or a list: its length, 0, 2 or 8 bytes, and a mask stand before. */
function beginsObjectInFrame(from: u32, to: u32): bool {
  if (from + 2 > to) return false;
  const length = <u32>load<u8>(from + 1);
  const size = length & 0x7f;
  const isMasked = (length & 0x80) !== 0;
  const at = from + 2 + (size === 126 ? 2 : size === 127 ? 8 : 0) + (isMasked ? 4 : 0);
  if (at >= to || (size === 127 && load<u32>(from + 2) !== 0)) return false;
  const first = <u32>load<u8>(at) ^ (isMasked ? <u32>load<u8>(at - 4) : 0);
  if (size < 2 || (first !== BRACE && first !== BRACKET)) return false;
  const second = at + 1 < to ? <u32>load<u8>(at + 1) ^ (isMasked ? <u32>load<u8>(at - 3) : 0) : QUOTE;
  return second === QUOTE || second === BRACE || second <= SPACE;
}

/** An object, or a list of them. */
function mayOpenJson(from: u32, to: u32): bool {
  if (from >= to) return false;
  const isList = load<u8>(from) === BRACKET;
  const at = isList ? afterBlanks(from + 1, to) : from;
  if (at >= to) return isList;
  return load<u8>(at) === BRACE && mayOpenObject(at, to);
}

function lookAtRequest(flow: u32, row: Flow, from: u32, to: u32): i32 {
  switch (visitOf(flow, row, direction, from, to)) {
    case is.NO_HEAD:
    case is.PLAIN_VISIT:
      return OPENS_NOTHING;
    case is.PART_OF_HEAD:
      return IS_HELD;
    default:
      return OPENS;
  }
}

/** The first payload of the first direction that speaks, in its place and with nothing cut off. */
function isWholeOpening(row: Flow): bool {
  if (row.pushes0 + row.pushes1 !== 1) return false;
  if (!isWholeInHand()) return false;
  return !row.has(is.ISN_0_KNOWN << direction) || packet.sequence === row.isnOf(direction) + 1;
}

/** What the opening in memory [from, to) makes of the flow. */
function decide(flow: u32, row: Flow, from: u32, to: u32): i32 {
  let isDecided = false;
  if (isClientHello(from, to)) isDecided = helloOf(row) === is.HELLO_IS_WEB;
  else if (isPartOfHello(from, to)) return IS_HELD;
  else {
    const head = visitOf(flow, row, direction, from, to);
    if (head === is.PART_OF_HEAD) return IS_HELD;
    if (head === is.TUNNEL_HEAD && leadsElsewhere(row)) return ASKS_TUNNEL;
    isDecided = head === is.PLAIN_VISIT;
  }
  if (!isDecided) return OPENS;
  row.become(is.DISMISSED);
  return IS_DECIDED;
}

/** Where directions begin for a stream that is made now: one that has sent nothing yet begins after its SYN (1, 2). */
export function beginsOf(row: Flow): i32 {
  if (row.state !== is.PROBING && row.state !== is.ASKING) return 0;
  let begins = 0;
  if (row.pushes0 === 1 - direction && row.has(is.ISN_0_KNOWN)) begins |= 1;
  if (row.pushes1 === direction && row.has(is.ISN_1_KNOWN)) begins |= 2;
  return begins;
}
