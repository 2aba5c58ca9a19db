/**
 * A TCP segment to counters of its flow, and, if the flow may be mining, to the driver. A flow costs a row until its
 * payload looks like the start of something that a mining session can travel in (JSON, HTTP, TLS, SOCKS); the look is one
 * byte. A SYN with another number does not end a connection that lives, for anybody can send one (RFC 5961 4): it is held
 * apart until the other end answers it, or its own end goes on from it.
 */
import { control } from './control.ts';
import {
  crowdOut,
  evict,
  FREE_LOOKS,
  foldClaim,
  isClosed,
  MAX_STRIKES,
  openClaimed,
  reopenFlow,
  sweepWatches,
} from './ending.ts';
import {
  CANDIDATE,
  CLAIM_OF_1,
  DISMISSED,
  FIN_0,
  FIN_1,
  HELLO_CONCERNS,
  HELLO_IS_WEB,
  HELLO_STAYS,
  IS_FOREIGN,
  IS_MINING,
  IS_OTHER,
  ISN_0_KNOWN,
  ISN_1_KNOWN,
  KEPT,
  LANE_ENDS,
  MINING,
  NAMED,
  OPAQUE,
  OPENS_DNS,
  OPENS_PLAIN,
  OPENS_TLS,
  OPENS_VISIT,
  PROBING,
  RST_SEEN,
  SYN_ACK_SEEN,
  SYN_SEEN,
  UNWATCHED,
  WANTED,
  WATCHED,
  WEB,
} from './flow-state.ts';
import { Flow, find, flowsAlive, found, isNew, lane, orient } from './flows.ts';
import * as host from './host.ts';
import { mayOpenObject } from './json.ts';
import { hasAlpn, isClientHello, isPartOfVisit, isWebVisit, nameFrom, nameTo } from './look.ts';
import { mayHold } from './names.ts';
import { ACK, FIN, packet, RST, SYN } from './packet.ts';
import { record } from './record.ts';
import { closeWatch, hasRoomToWatch, noteSegment, openWatch } from './watch.ts';

/** What a flow is charged that has spent the budget of a look on messages of another protocol. */
const STRIKES_OF_OTHERS: u32 = 8;
/** Bytes of a lane's first payload in which an object may begin behind its length. */
const LENGTH_LOOK: u32 = 12;
/** Flows that cannot be read are watched from this age on, unless they have carried more than this by then. */
const WATCH_AFTER_US: f64 = 15_000_000;
const MOST_BYTES_BEFORE: f64 = 1_000_000;
const SWEEP_PAUSE_US: f64 = 60_000_000;
/** A SYN that comes after data of the same connection by so little is out of order, not a new connection. */
const REORDER_US: f64 = 3_000_000;
const REORDER_BYTES: i32 = 1 << 16;
/** First act of a Noise handshake with an ElligatorSwift key: as many bytes as this and nothing else (Stratum V2 4.4). */
const NOISE_ACT_BYTES: u32 = 64;

const TLS_RECORD: u32 = 0x16;
const QUOTE: u32 = 0x22;
const BRACE: u32 = 0x7b;
const LETTER_P: u32 = 0x50;
const DNS_PORT: u32 = 53;

export let nextSweepUs: f64 = -Infinity;

/** First payload bytes that open something a mining session can travel in. */
function opens(byte: u32): bool {
  switch (byte) {
    case 0x7b: // JSON: { [
    case 0x5b:
    case 0x50: // POST, PUT, PROXY
    case 0x47: // GET
    case 0x43: // CONNECT
    case 0x48: // HTTP/1.1
    case 0x4a: // JOB (Duino-Coin)
    case TLS_RECORD:
    case 0x04: // SOCKS 4
    case 0x05: // SOCKS 5
    case 0x0d: // PROXY protocol version 2
    case 0x00: // Stratum V2 in clear: extension 0
    case 0x81: // WebSocket text and binary frames, joined in mid-session
    case 0x82:
      return true;
    default:
      return false;
  }
}

/** Takes the TCP packet in hand. `counts`: it is of the times that count. */
export function segment(counts: bool): void {
  const timeUs = record.timeUs;
  if (timeUs > control.nextExpiryUs) host.expire();
  if (flowsAlive >= control.flowLimit) evict(timeUs);
  const row = find();
  const flow = found;
  const flags = packet.flags;
  if (isNew) {
    row.firstUs = timeUs;
    row.lastUs = timeUs;
    if ((flags & (SYN | ACK)) === (SYN | ACK)) orient(row, 1);
  } else if (row.claimUs !== 0) answerClaim(flow, row);
  if ((flags & SYN) !== 0 && isHeldApart(flow, row, timeUs, counts)) return;
  if (counts) {
    if (lane === 0) {
      row.bytes0 += <f64>packet.ipBytes;
      row.packets0++;
    } else {
      row.bytes1 += <f64>packet.ipBytes;
      row.packets1++;
    }
  }
  if (timeUs > row.lastUs) row.lastUs = timeUs;
  else if (timeUs < row.firstUs) row.firstUs = timeUs;

  const hasPayload = packet.payloadBytes > 0;
  if (hasPayload) {
    if (lane === 0) row.pushes0++;
    else row.pushes1++;
  }
  const state = row.state;
  if (state === CANDIDATE || state === MINING) {
    // What looked like the opening of a message may be ciphertext all the same.
    if (hasPayload && counts && row.slot > 0) note(row);
    feed(flow, row);
    return;
  }
  if (hasPayload) {
    if (looksOpen(row)) {
      if (!(isWholeOpening(row) && isDecided(flow, row))) promote(flow, row, timeUs);
    } else if (counts) consider(row, timeUs);
  }
  if ((flags & (FIN | RST)) !== 0) noteEnd(row, flags);
}

function noteEnd(row: Flow, flags: u32): void {
  if ((flags & FIN) !== 0) row.mark(lane === 0 ? FIN_0 : FIN_1);
  if ((flags & RST) !== 0) row.mark(RST_SEEN);
}

/** Payload that opens nothing: the flow is watched, or may come to be. */
function consider(row: Flow, timeUs: f64): void {
  if (row.slot > 0) note(row);
  else if (row.state === UNWATCHED) return;
  else if (timeUs - row.firstUs > WATCH_AFTER_US) considerWatch(row, timeUs);
  else if ((row.seen & (SYN_SEEN | SYN_ACK_SEEN)) === 0 && hasRoomToWatch()) {
    // Nobody knows how long a flow has lasted whose beginning was not seen. What opens it may still come on the other
    // lane: until then it is looked at as before.
    row.slot = openWatch() + 1;
    if (row.slot > 0) note(row);
  }
}

function note(row: Flow): void {
  const slot = row.slot - 1;
  if (noteSegment(slot, lane)) return;
  dropWatch(row);
  if (row.state !== CANDIDATE) row.become(UNWATCHED);
}

/** What the watch knows of the flow is not wanted. */
function dropWatch(row: Flow): void {
  if (row.slot > 0) closeWatch(row.slot - 1);
  row.slot = 0;
}

/** A flow has lasted: is it to be watched? Web connections and bulk are not, and one-sided ones wait. */
function considerWatch(row: Flow, timeUs: f64): void {
  if (row.pushes0 === 0 || row.pushes1 === 0) return;
  row.become(UNWATCHED);
  if ((row.seen & (WEB | WANTED)) === WEB || row.bytes0 + row.bytes1 > MOST_BYTES_BEFORE) return;
  let slot = openWatch();
  if (slot < 0 && timeUs >= nextSweepUs) {
    nextSweepUs = timeUs + SWEEP_PAUSE_US;
    sweepWatches(timeUs);
    slot = openWatch();
  }
  if (slot < 0) {
    control.unwatchedFlows++;
    return;
  }
  row.slot = slot + 1;
  row.become(WATCHED);
}

/** The one-byte look. Sets where the lane begins on its first payload. */
function looksOpen(row: Flow): bool {
  // Of a capture of headers alone nothing can be read: its sizes and times are watched.
  if (packet.payloadStart === packet.payloadEnd) return false;
  const isFirst = (lane === 0 ? row.pushes0 : row.pushes1) === 1;
  const first: u32 = load<u8>(packet.payloadStart);
  if (isFirst && row.state === PROBING) {
    if (opens(first) || isDnsPort() || opensBehindLength() || packet.payloadBytes === NOISE_ACT_BYTES)
      return true;
    // Data that runs ahead of the handshake's number is out of order: the stream will tell what it is.
    const known = lane === 0 ? ISN_0_KNOWN : ISN_1_KNOWN;
    const isn = lane === 0 ? row.isn0 : row.isn1;
    if ((row.seen & known) !== 0) return <i32>packet.sequence !== isn + 1;
    row.mark(known);
    if (lane === 0) row.isn0 = packet.sequence - 1;
    else row.isn1 = packet.sequence - 1;
    return false;
  }
  const strikes = <u32>row.strikes;
  if (strikes >= MAX_STRIKES) return false;
  if (strikes > FREE_LOOKS) {
    if (((row.pushes0 + row.pushes1) & ((1 << min(strikes - FREE_LOOKS, 16)) - 1)) !== 0) return false;
  }
  // `{` and `P` stand at the start of one encrypted packet in 128, so look further.
  if (first === BRACE) return mayOpenObject(packet.payloadStart, packet.payloadEnd);
  if (first !== LETTER_P) return false;
  const at = packet.payloadStart + 1;
  if (at >= packet.payloadEnd) return true;
  const second = <u32>load<u8>(at);
  return second === 0x4f || second === 0x55 || second === 0x52; // POST, PUT, PROXY
}

/** An object behind its length. */
function opensBehindLength(): bool {
  const to = min(packet.payloadEnd, packet.payloadStart + LENGTH_LOOK);
  for (let at = packet.payloadStart + 1; at < to; at++) {
    if (load<u8>(at) === QUOTE && load<u8>(at - 1) === BRACE) return true;
  }
  return false;
}

function isDnsPort(): bool {
  return packet.sourcePort === DNS_PORT || packet.destinationPort === DNS_PORT;
}

/** The first payload of the first lane that speaks, in its place and with nothing cut off. */
function isWholeOpening(row: Flow): bool {
  if (row.pushes0 + row.pushes1 !== 1) return false;
  if (packet.payloadEnd - packet.payloadStart !== packet.payloadBytes) return false;
  const known = lane === 0 ? ISN_0_KNOWN : ISN_1_KNOWN;
  const isn = lane === 0 ? row.isn0 : row.isn1;
  return (row.seen & known) === 0 || <i32>packet.sequence === isn + 1;
}

/** True if the look at a whole opening decides the flow: it is not mining, as far as payload can tell. */
function isDecided(flow: u32, row: Flow): bool {
  const from = packet.payloadStart;
  const to = packet.payloadEnd;
  if (isClientHello(from, to)) {
    if (helloOf(row) !== HELLO_IS_WEB) return false;
  } else if (!isPlainVisit(flow, row, lane, from, to)) return false;
  row.become(DISMISSED);
  return true;
}

/** True if memory [from, to), from the flow's client on `side`, is a plain web visit; notes where it leads. */
export function isPlainVisit(flow: u32, row: Flow, side: u32, from: u32, to: u32): bool {
  if (!isWebVisit(from, to)) return false;
  row.mark(WEB);
  if (nameTo > nameFrom) {
    if (mayHold(nameFrom, nameTo)) {
      row.mark(KEPT);
      host.named(flow, side, nameFrom, nameTo);
    } else row.mark(NAMED);
  }
  return true;
}

/** What the client hello that was looked at means for its flow. */
export function helloOf(row: Flow): i32 {
  if (hasAlpn) row.mark(WEB);
  if (nameTo === nameFrom) return HELLO_STAYS;
  if (mayHold(nameFrom, nameTo)) return HELLO_CONCERNS;
  row.mark(NAMED);
  if (!hasAlpn) return HELLO_STAYS;
  row.mark(OPAQUE);
  return HELLO_IS_WEB;
}

function promote(flow: u32, row: Flow, timeUs: f64): void {
  if (control.undecided >= control.undecidedLimit) crowdOut(timeUs);
  // A lane that has sent nothing yet begins after its SYN; one that has is joined where it is.
  let begins = 0;
  if (row.state === PROBING) {
    if (row.pushes0 === 1 - lane && (row.seen & ISN_0_KNOWN) !== 0) begins |= 1;
    if (row.pushes1 === lane && (row.seen & ISN_1_KNOWN) !== 0) begins |= 2;
  }
  row.become(CANDIDATE);
  row.mark(KEPT);
  control.undecided++;
  host.candidate(flow, openingOf(), begins);
  feed(flow, row);
}

/**
 * What the flow opens with. A hello to a server that may be a pool's is framed at once, as are all flows that do not
 * begin with a hello.
 */
function openingOf(): i32 {
  if (isDnsPort()) return OPENS_DNS;
  const from = packet.payloadStart;
  const to = packet.payloadEnd;
  if (isPartOfVisit(from, to)) return OPENS_VISIT;
  if (
    to < from + 6 ||
    load<u8>(from) !== TLS_RECORD ||
    load<u8>(from + 1) !== 3 ||
    load<u8>(from + 5) !== 1
  ) {
    return OPENS_PLAIN;
  }
  return isClientHello(from, to) && nameTo > nameFrom && mayHold(nameFrom, nameTo) ? OPENS_PLAIN : OPENS_TLS;
}

function feed(flow: u32, row: Flow): void {
  const answer = host.segment(flow, lane);
  switch (answer & 3) {
    case IS_FOREIGN:
      dismiss(row, <u32>row.strikes + 1);
      break;
    case IS_OTHER:
      dismiss(row, max(<u32>row.strikes, FREE_LOOKS) + STRIKES_OF_OTHERS);
      break;
    case IS_MINING:
      if (row.state === CANDIDATE) {
        row.become(MINING);
        control.undecided--;
        dropWatch(row);
      }
      break;
  }
  const flags = packet.flags;
  if ((flags & (FIN | RST)) === 0) return;
  const isStream = row.state === CANDIDATE || row.state === MINING;
  // Of a stream an end counts only if its number fits.
  if (isStream && (answer & LANE_ENDS) === 0) return;
  noteEnd(row, flags);
  const isOver = (row.seen & RST_SEEN) !== 0 || (row.seen & (FIN_0 | FIN_1)) === (FIN_0 | FIN_1);
  if (isStream && isOver) host.closed(flow);
}

function dismiss(row: Flow, strikes: u32): void {
  if (row.state === CANDIDATE) control.undecided--;
  row.become(row.slot > 0 ? WATCHED : DISMISSED);
  row.strikes = <u8>min(MAX_STRIKES, strikes);
}

/**
 * A SYN: notes its number; ends the flow first if it opens another connection between the same ends. True if it is
 * held apart, as a connection lives that it would end.
 */
function isHeldApart(flow: u32, row: Flow, timeUs: f64, counts: bool): bool {
  const isAnswer = (packet.flags & ACK) !== 0;
  const isKnown = (row.seen & (lane === 0 ? ISN_0_KNOWN : ISN_1_KNOWN)) !== 0;
  const mayOpen = lane === 1 || (!isNew && !isKnown);
  if (!isNew && isKnown && !isSameSyn(row, timeUs)) {
    if (isLive(row)) {
      // An answer that nobody asked for changes nothing.
      if (!isAnswer) claim(row, timeUs, counts);
      return !isAnswer;
    }
    if (!isAnswer) reopenFlow(flow, row, timeUs);
  }
  if (!isAnswer && mayOpen && isClosed(row)) reopenFlow(flow, row, timeUs);
  if (lane === 0) row.isn0 = packet.sequence;
  else row.isn1 = packet.sequence;
  row.mark((lane === 0 ? ISN_0_KNOWN : ISN_1_KNOWN) | (isAnswer ? SYN_ACK_SEEN : SYN_SEEN));
  return false;
}

/** A copy of the SYN that opened the connection, or that SYN itself, behind its data. */
function isSameSyn(row: Flow, timeUs: f64): bool {
  const distance = (lane === 0 ? row.isn0 : row.isn1) - <i32>packet.sequence;
  return distance === 0 || (distance > 0 && distance < REORDER_BYTES && timeUs - row.firstUs < REORDER_US);
}

/** Both ends have met, or one has said something, and nobody has hung up. */
function isLive(row: Flow): bool {
  if (isClosed(row)) return false;
  return (
    row.pushes0 + row.pushes1 > 0 || (row.seen & (SYN_SEEN | SYN_ACK_SEEN)) === (SYN_SEEN | SYN_ACK_SEEN)
  );
}

/** Holds a SYN apart; one that was held before and had no answer counts for the connection that is there. */
function claim(row: Flow, timeUs: f64, counts: bool): void {
  const isSame =
    row.claimIsn === <i32>packet.sequence && (row.seen & CLAIM_OF_1) === (lane === 1 ? CLAIM_OF_1 : 0);
  if (row.claimUs === 0 || !isSame) {
    foldClaim(row);
    row.claimUs = timeUs === 0 ? 1 : timeUs;
    row.claimIsn = packet.sequence;
    if (lane === 1) row.mark(CLAIM_OF_1);
    else row.seen &= <u16>~CLAIM_OF_1;
  }
  if (!counts) return;
  row.claimBytes = <u16>min(0xffff, <u32>row.claimBytes + packet.ipBytes);
  row.claimPackets++;
}

/** The segment in hand may be the answer to a SYN that is held apart, or go on from it if only one end is seen. */
function answerClaim(flow: u32, row: Flow): void {
  const next = row.claimIsn + 1;
  const claimant: u32 = (row.seen & CLAIM_OF_1) !== 0 ? 1 : 0;
  let isAnswered: bool;
  if (lane !== claimant) {
    const ahead = <i32>packet.acknowledgement - next;
    isAnswered = (packet.flags & ACK) !== 0 && ahead >= 0 && ahead < REORDER_BYTES;
  } else {
    const isAlone = (lane === 0 ? row.packets1 : row.packets0) === 0;
    isAnswered = isAlone && (packet.flags & SYN) === 0 && <i32>packet.sequence === next;
  }
  if (isAnswered) openClaimed(flow, row);
}
