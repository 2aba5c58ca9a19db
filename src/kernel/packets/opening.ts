/**
 * What a flow opens with, told in place from the first payload of a lane: something that a mining session can travel in
 * (framing/detect.ts says what), or a TLS hello or a web visit that decides at once that it is none. Of later payloads only
 * objects and requests are looked at.
 */
import { be32, begins } from './bytes.ts';
import { beginsHello, hasAlpn, isClientHello, isPartOfHello, serverFrom, serverTo } from './client-hello.ts';
import { isDnsPort, isQuestion, takeMessages } from './dns.ts';
import {
  ASKING,
  DISMISSED,
  HELLO_CONCERNS,
  HELLO_IS_WEB,
  HELLO_STAYS,
  ISN_0_KNOWN,
  ISN_1_KNOWN,
  NAMED,
  NO_HEAD,
  OPAQUE,
  OPENS_DNS,
  OPENS_PLAIN,
  OPENS_TLS,
  PART_OF_HEAD,
  PLAIN_VISIT,
  PROBING,
  WEB,
} from './flow-state.ts';
import { Flow, lane } from './flows.ts';
import { addHeld, dropLast, heldOf, hold, isWholeInHand, release } from './held.ts';
import * as host from './host.ts';
import { hostFrom, hostTo, lookAtHead } from './http-head.ts';
import { mayOpenObject } from './json.ts';
import { mayHold } from './names.ts';
import { packet } from './packet.ts';

export const OPENS_NOTHING = 0;
/** It may be mining. */
export const OPENS = 1;
/** It is not, as far as payload can tell. */
export const IS_DECIDED = 2;
/** The rest of what it begins has to show. */
export const IS_HELD = 3;

/**
 * Looks as a candidate without a pause: few lines of noise must hide nobody. A look ends when its own budget of messages
 * and bytes is spent (sessions/conversation.ts), or at once if its first bytes are not text.
 */
export const FREE_LOOKS: u32 = 64;
/** Looks that a flow gets before it stays dismissed; the n-th behind the free ones is at a 2^n-th payload. */
export const MAX_STRIKES: u32 = FREE_LOOKS + 24;
/** Bytes of a lane's first payload in which an object may begin behind its length. */
const LENGTH_LOOK: u32 = 12;
/** First act of a Noise handshake with an ElligatorSwift key: as many bytes as this and nothing else (Stratum V2 4.4). */
const NOISE_ACT_BYTES: u32 = 64;
/** Frames with their size in front (framing/sized-frames.ts). */
const MOST_FRAME_BYTES: u32 = 4 << 20;

/** Of fewer bytes in the middle of a connection nobody can tell a request. */
const LEAST_REQUEST: u32 = 4;

const TLS_RECORD: u32 = 0x16;
const LF: u32 = 0x0a;
const CR: u32 = 0x0d;
const SPACE: u32 = 0x20;
const QUOTE: u32 = 0x22;
const BRACKET: u32 = 0x5b;
const BRACE: u32 = 0x7b;
const LETTER_G: u32 = 0x47;
const LETTER_P: u32 = 0x50;

/** Looks at the payload in hand, and sets where the lane begins on its first. */
export function lookAtPayload(flow: u32, row: Flow): i32 {
  // Of a capture of headers alone nothing can be read: its sizes and times are watched.
  if (packet.payloadStart === packet.payloadEnd) return OPENS_NOTHING;
  if (row.state !== PROBING || (lane === 0 ? row.pushes0 : row.pushes1) !== 1) return lookAgain(flow, row);
  if (isDnsPort() && isWholeOpening(row) && asksName()) {
    row.become(ASKING);
    return IS_DECIDED;
  }
  if (mayOpen(packet.payloadStart, packet.payloadEnd)) {
    return isWholeOpening(row)
      ? orHeld(flow, row, decide(flow, row, packet.payloadStart, packet.payloadEnd))
      : OPENS;
  }
  // Data that runs ahead of the handshake's number is out of order: the stream will tell what it is.
  const known = lane === 0 ? ISN_0_KNOWN : ISN_1_KNOWN;
  const isn = lane === 0 ? row.isn0 : row.isn1;
  if ((row.seen & known) !== 0) return <i32>packet.sequence !== isn + 1 ? OPENS : OPENS_NOTHING;
  row.mark(known);
  if (lane === 0) row.isn0 = packet.sequence - 1;
  else row.isn1 = packet.sequence - 1;
  return OPENS_NOTHING;
}

/** What has only begun is held, if there is room. */
function orHeld(flow: u32, row: Flow, look: i32): i32 {
  if (look !== IS_HELD) return look;
  const isFirst = row.state === PROBING && row.pushes0 + row.pushes1 === 1;
  return hold(flow, row, beginsOf(row), isFirst) ? IS_HELD : OPENS;
}

/** Looks at the payload in hand of a flow whose first segments are held. */
export function lookAtHeld(flow: u32, row: Flow): i32 {
  const held = heldOf(flow);
  const ahead = <i32>packet.sequence - held.next;
  if (lane === held.lane && ahead + <i32>packet.payloadBytes <= 0) return IS_HELD;
  if (lane !== held.lane && !held.opens && held.bytes < LEAST_REQUEST) {
    release(held, row);
    return lookAtPayload(flow, row);
  }
  if (lane !== held.lane || ahead !== 0 || !isWholeInHand() || !addHeld(held)) return OPENS;
  const look = held.opens
    ? decide(flow, row, held.from, held.to)
    : lookAtRequest(flow, row, held.from, held.to);
  if (look === OPENS) dropLast(held);
  else if (look !== IS_HELD) release(held, row);
  return look;
}

/** True if the payload in hand, the first of its flow, is of questions to a name server. */
function asksName(): bool {
  const at = packet.payloadStart + 2;
  return at + 2 < packet.payloadEnd && isQuestion(at) && takeMessages();
}

/**
 * Looks at the payload in hand of a flow that has asked a name server: the answer, in one segment, is all that most have.
 */
export function lookAtAnswer(row: Flow): i32 {
  const isn = lane === 0 ? row.isn0 : row.isn1;
  const isFirst = (lane === 0 ? row.pushes0 : row.pushes1) === 1;
  const isInPlace =
    (row.seen & (lane === 0 ? ISN_0_KNOWN : ISN_1_KNOWN)) !== 0 && <i32>packet.sequence === isn + 1;
  return isFirst && isInPlace && isWholeInHand() && takeMessages() ? IS_DECIDED : OPENS;
}

/** At a payload that is not the first of its lane, or of a flow that was dismissed. */
function lookAgain(flow: u32, row: Flow): i32 {
  const strikes = <u32>row.strikes;
  if (strikes >= MAX_STRIKES) return OPENS_NOTHING;
  if (strikes > FREE_LOOKS) {
    if (((row.pushes0 + row.pushes1) & ((1 << min(strikes - FREE_LOOKS, 16)) - 1)) !== 0)
      return OPENS_NOTHING;
  }
  const from = packet.payloadStart;
  const to = packet.payloadEnd;
  // These stand at the start of one encrypted packet in 85, so look further.
  switch (<u32>load<u8>(from)) {
    case BRACE:
      return mayOpenObject(from, to) ? OPENS : OPENS_NOTHING;
    case LETTER_P:
      if (begins(from, to, 'PROXY ')) return OPENS;
      return orHeld(flow, row, lookAtRequest(flow, row, from, to));
    case LETTER_G:
      return orHeld(flow, row, lookAtRequest(flow, row, from, to));
    default:
      return OPENS_NOTHING;
  }
}

function lookAtRequest(flow: u32, row: Flow, from: u32, to: u32): i32 {
  switch (visitOf(flow, row, lane, from, to)) {
    case NO_HEAD:
    case PLAIN_VISIT:
      return OPENS_NOTHING;
    case PART_OF_HEAD:
      return IS_HELD;
    default:
      return OPENS;
  }
}

/** True if what the first payload of a lane begins with, as far as it goes, may carry a mining session. */
function mayOpen(from: u32, to: u32): bool {
  if (packet.payloadBytes === NOISE_ACT_BYTES || isDnsPort()) return true;
  let at = from;
  const first = <u32>load<u8>(from);
  switch (first) {
    case 0x00:
      if (mayBeFrame(from, to)) return true;
      break;
    case 0x04: // SOCKS 4: to connect
      if (mayBe(from + 1, to, 1, 1)) return true;
      break;
    case 0x05: // SOCKS 5: some methods
      if (mayBe(from + 1, to, 1, 16)) return true;
      break;
    case 0x81: // WebSocket text and binary frames, joined in mid-session
    case 0x82:
      return true;
    case CR:
      if (to >= from + 4 && begins(from, to, '\r\n\r\n\0\r\nQUIT\n')) return true; // PROXY protocol version 2
      at = afterSpace(from, to);
      break;
  }
  return (at < to && mayOpenText(at, to)) || opensBehindLength(from, to);
}

/** Objects, requests and answers of HTTP, hellos of TLS, a proxy's line, Duino-Coin. */
function mayOpenText(from: u32, to: u32): bool {
  const first = <u32>load<u8>(from);
  switch (first) {
    case BRACE:
      return true;
    case BRACKET: {
      const at = afterSpace(from + 1, to);
      return at >= to || load<u8>(at) === BRACE;
    }
    case TLS_RECORD: // version 3.x, a hello of the client or the server
      return mayBe(from + 1, to, 3, 3) && mayBe(from + 5, to, 1, 2);
  }
  if (first < 0x41 || first > 0x5a) return false;
  return (
    begins(from, to, 'HTTP/1.') ||
    begins(from, to, 'PROXY ') ||
    begins(from, to, 'JOB') ||
    lookAtHead(from, to) !== NO_HEAD
  );
}

/** True if the byte at `at` is one of these or has not come. */
function mayBe(at: u32, to: u32, least: u32, most: u32): bool {
  return at >= to || (load<u8>(at) >= least && load<u8>(at) <= most);
}

/**
 * A frame of Stratum V2 in clear (extension 0, with or without a channel), or one with its size in 4 bytes in front
 * (framing/sized-frames.ts): a type of 0 or 1 behind that.
 */
function mayBeFrame(from: u32, to: u32): bool {
  if (to < from + 5) return true;
  if (load<u8>(from + 1) === 0 || load<u8>(from + 1) === 0x80) return true;
  return load<u8>(from + 4) === 0 && be32(from) <= MOST_FRAME_BYTES;
}

function afterSpace(from: u32, to: u32): u32 {
  let at = from;
  while (at < to) {
    const byte = <u32>load<u8>(at);
    if (byte !== SPACE && byte !== LF && byte !== CR && byte !== 0x09) break;
    at++;
  }
  return at;
}

/** An object behind its length. */
function opensBehindLength(from: u32, end: u32): bool {
  const to = min(end, from + LENGTH_LOOK);
  for (let at = from + 1; at < to; at++) {
    if (load<u8>(at) === QUOTE && load<u8>(at - 1) === BRACE) return true;
  }
  return false;
}

/** The first payload of the first lane that speaks, in its place and with nothing cut off. */
function isWholeOpening(row: Flow): bool {
  if (row.pushes0 + row.pushes1 !== 1) return false;
  if (!isWholeInHand()) return false;
  const known = lane === 0 ? ISN_0_KNOWN : ISN_1_KNOWN;
  const isn = lane === 0 ? row.isn0 : row.isn1;
  return (row.seen & known) === 0 || <i32>packet.sequence === isn + 1;
}

/** What the opening in memory [from, to) makes of the flow. */
function decide(flow: u32, row: Flow, from: u32, to: u32): i32 {
  let isDecided = false;
  if (isClientHello(from, to)) isDecided = helloOf(row) === HELLO_IS_WEB;
  else if (isPartOfHello(from, to)) return IS_HELD;
  else {
    const head = visitOf(flow, row, lane, from, to);
    if (head === PART_OF_HEAD) return IS_HELD;
    isDecided = head === PLAIN_VISIT;
  }
  if (!isDecided) return OPENS;
  row.become(DISMISSED);
  return IS_DECIDED;
}

/** Where lanes begin for a stream that is made now: one that has sent nothing yet begins after its SYN (1, 2). */
export function beginsOf(row: Flow): i32 {
  if (row.state !== PROBING && row.state !== ASKING) return 0;
  let begins = 0;
  if (row.pushes0 === 1 - lane && (row.seen & ISN_0_KNOWN) !== 0) begins |= 1;
  if (row.pushes1 === lane && (row.seen & ISN_1_KNOWN) !== 0) begins |= 2;
  return begins;
}

/** What the request is whose head begins in memory [from, to), from the flow's client on `side`; notes where it leads. */
function visitOf(flow: u32, row: Flow, side: u32, from: u32, to: u32): i32 {
  const head = lookAtHead(from, to);
  if (head === PLAIN_VISIT) noteVisit(flow, row, side);
  return head;
}

/** Notes where the visit leads that was looked at last. */
function noteVisit(flow: u32, row: Flow, side: u32): void {
  row.mark(WEB);
  if (hostTo === hostFrom) return;
  if (mayHold(hostFrom, hostTo)) host.named(flow, side, hostFrom, hostTo);
  else row.mark(NAMED);
}

/** What the client hello that was looked at means for its flow. */
export function helloOf(row: Flow): i32 {
  if (hasAlpn) row.mark(WEB);
  if (serverTo === serverFrom) return HELLO_STAYS;
  if (mayHold(serverFrom, serverTo)) return HELLO_CONCERNS;
  row.mark(NAMED);
  if (!hasAlpn) return HELLO_STAYS;
  row.mark(OPAQUE);
  return HELLO_IS_WEB;
}

/**
 * What a candidate opens with, in memory [from, to). A hello to a server that may be a pool's is framed at once, as are all
 * flows that do not begin with a hello.
 */
export function openingOf(from: u32, to: u32): i32 {
  if (isDnsPort()) return OPENS_DNS;
  if (!beginsHello(from, to)) return OPENS_PLAIN;
  return isClientHello(from, to) && serverTo > serverFrom && mayHold(serverFrom, serverTo)
    ? OPENS_PLAIN
    : OPENS_TLS;
}
