/**
 * TCP payload of one flow, put in order: segments in, contiguous bytes of each direction out (RFC 9293 3.4, 3.10). Bytes that came
 * before win over later copies. A segment that runs ahead of its direction waits, and so does one that acknowledges bytes of the
 * other direction which have not been delivered yet: so a request always comes out before its answer, however the capture
 * ordered the packets. Waiting ends when too much or too old a segment waits: then the missing bytes are reported as a
 * gap. A later copy that says something else is told of, too: nobody knows which of them the other end took.
 *
 * How long an end takes to acknowledge is timed as well (RFC 9293 3.4): from the moment that a segment passes the capture point
 * to the acknowledgement that covers it, the least of all; delayed ones (RFC 1122 4.2.3.2) are longer and drop out. One
 * segment of a direction is timed at a time, from its first passing, so that a copy never makes a trip look shorter.
 */

import { hear, repeated, sent } from './doubts.ts';
import { allocate, release as giveBack } from './heap.ts';
import { fill, jump, meet, passFin, turnTo } from './jumps.ts';
import { ACK, FIN, RST, SYN } from './layers/packet.ts';
import { control, packet, record } from './memory.ts';
import { tellConflict, tellGap, tellPayload, tellRoundTrip } from './sink.ts';
import {
  begin,
  directionOf,
  enterWaiting,
  leaveWaiting,
  Stream,
  stamp,
  stampInHand,
  streamAt,
  streams,
  TO_WATCH,
} from './streams.ts';

/** A segment that waits; its captured bytes stand behind the row. */
@unmanaged
class Segment {
  next: u32;
  direction: u32;
  sequence: i32;
  /** Payload length on the wire; `bytes` may be fewer (snap length). */
  length: u32;
  bytes: u32;
  acknowledgement: i32;
  hasAck: bool;
  input: u32;
  timeUs: f64;
  record: f64;

  get from(): u32 {
    return <u32>changetype<usize>(this) + offsetof<Segment>();
  }
}

const WAITING_SEGMENTS: u32 = 256;
const WAITING_US: f64 = 3_000_000;
/** What a segment that waits counts beside its bytes (docs/reference/limits.md). */
const SEGMENT_COST: u32 = 256;
/** Farther than this from the expected number is not a reordering but another connection or junk. */
const WINDOW: i32 = 1 << 24;
/** So many segments in a row that are that far away move the direction there. */
const FAR_SEGMENTS: u32 = 3;
/** So near to each other: anybody can send numbers that are far away, and each other ones. */
const FAR_REACH: i32 = 1 << 16;
/** An end of the connection that is farther than this from the expected number is somebody else's (RFC 5961 3). */
const END_REACH: i32 = 1 << 20;
/** Forced releases on account of a silent direction, after which its acknowledgements hold nothing back any more. */
const PATIENCE: u32 = 4;

function segmentAt(at: u32): Segment {
  return changetype<Segment>(<usize>at);
}

/** Takes the current packet, with or without payload. True if it ends its direction: FIN or RST, and the number fits. */
export function accept(stream: Stream, direction: u32): bool {
  const own = directionOf(stream, direction);
  const flags = packet.flags;
  let sequence = packet.sequence;
  stampInHand();
  if (stream.sink !== TO_WATCH) hear(stream, direction);
  if ((flags & SYN) !== 0) {
    sequence++;
    if (!own.isKnown) begin(own, sequence);
  }
  if ((flags & ACK) !== 0) acknowledge(stream, 1 - direction);
  const length = packet.payloadBytes;
  const end = sequence + <i32>length;
  const isEnd = (flags & (FIN | RST)) !== 0 && (!own.isKnown || abs(end - own.next) < END_REACH);
  if (isEnd && (flags & FIN) !== 0) {
    own.finAt = end;
    own.hasFin = true;
  }
  if (length > 0) {
    if (!own.isKnown) meet(stream, own, sequence);
    arrive(stream, direction, sequence, length);
  }
  passFin(own);
  if (stream.count > 0) release(stream, record.timeUs);
  return isEnd;
}

function acknowledge(stream: Stream, direction: u32): void {
  const own = directionOf(stream, direction);
  if (own.sentUs === Infinity || packet.acknowledgement - own.tripEnd < 0) return;
  const tripUs = record.timeUs - own.sentUs;
  own.sentUs = Infinity;
  if (tripUs < 0 || tripUs >= own.tripUs) return;
  own.tripUs = tripUs;
  tellRoundTrip(stream, direction, tripUs);
}

/** Delivers whatever still waits, gaps and all: the flow is over. */
export function endStream(stream: Stream): void {
  while (stream.count > 0) force(stream);
}

/** Drops whatever still waits: nobody listens any more. */
export function forgetWaiting(stream: Stream): void {
  while (stream.count > 0) {
    const first = stream.first;
    unlink(stream, 0, first);
    drop(first);
  }
}

function arrive(stream: Stream, direction: u32, sequence: i32, length: u32): void {
  const own = directionOf(stream, direction);
  if (own.hasAside || record.timeUs < own.metUs) turnTo(stream, direction, sequence, sequence + length);
  let ahead = sequence - own.next;
  if (ahead > WINDOW || ahead < -WINDOW) {
    own.far = abs(sequence - own.farEnd) < FAR_REACH ? own.far + 1 : 1;
    own.farEnd = sequence + length;
    if (own.far < FAR_SEGMENTS) return;
    tellGap(stream, direction, abs(ahead), false);
    meet(stream, own, sequence);
    ahead = 0;
  }
  own.far = 0;
  // Bytes go on over the number of a FIN: it was somebody else's. A probe of a keep-alive is that number alone.
  if (own.hasFin && own.next - 1 === own.finAt && ahead < 0 && ahead + <i32>length > 0) {
    own.hasFin = false;
    own.next--;
    ahead++;
  }
  const from = packet.payloadStart;
  const to = packet.payloadEnd;
  if (ahead + <i32>length <= 0) {
    repeats(stream, direction, sequence, from, to);
    return;
  }
  if (own.sentUs === Infinity) {
    own.tripEnd = sequence + length;
    own.sentUs = record.timeUs;
  }
  const hasAck = (packet.flags & ACK) !== 0;
  const isNext = ahead <= 0 && !(hasAck && isHeld(stream, direction, packet.acknowledgement));
  if (isNext || !wait(stream, direction, sequence, length))
    deliver(stream, direction, from, to, sequence, length);
}

/** Puts the current segment aside. False if there is no room at all, and it comes next: nothing waits then. */
function wait(stream: Stream, direction: u32, sequence: i32, length: u32): bool {
  const bytes = packet.payloadEnd - packet.payloadStart;
  const at = allocate(offsetof<Segment>() + bytes);
  if (at === 0) {
    endStream(stream);
    stampInHand();
    jump(stream, direction, sequence);
    return sequence + <i32>length - directionOf(stream, direction).next <= 0;
  }
  const segment = segmentAt(at);
  segment.next = 0;
  segment.direction = direction;
  segment.sequence = sequence;
  segment.length = length;
  segment.bytes = bytes;
  segment.acknowledgement = packet.acknowledgement;
  segment.hasAck = (packet.flags & ACK) !== 0;
  segment.input = control.input;
  segment.timeUs = record.timeUs;
  segment.record = record.number;
  memory.copy(segment.from, packet.payloadStart, bytes);
  if (stream.count++ === 0) {
    stream.first = at;
    enterWaiting(stream);
  } else segmentAt(stream.last).next = at;
  stream.last = at;
  stream.bytes += bytes;
  streams.bytes += <f64>(bytes + SEGMENT_COST);
  while (streams.bytes > control.waitingLimit) endStream(streamAt(streams.waitsLongest));
  return true;
}

/** True if the acknowledgement covers bytes of the other direction that have not been delivered. */
function isHeld(stream: Stream, direction: u32, acknowledgement: i32): bool {
  const other = directionOf(stream, 1 - direction);
  if (!other.isKnown || other.skipped >= PATIENCE) return false;
  const ahead = acknowledgement - other.next;
  return ahead > 0 && ahead < WINDOW;
}

function deliver(stream: Stream, direction: u32, from: u32, to: u32, sequence: i32, length: u32): void {
  const own = directionOf(stream, direction);
  const old = <u32>(own.next - sequence); // bytes of it that were delivered before
  const isOther = old > 0 && repeats(stream, direction, sequence, from, to);
  const start = from + old;
  // Of a segment that begins in what was delivered the rest may be forged as well.
  if ((old === 0 || (!isOther && start < to)) && stream.sink !== TO_WATCH) {
    sent(stream, direction, own.next, start, to);
  }
  if (start < to) {
    own.skipped = 0;
    // What goes on from other bytes than before goes on from its own.
    if (!isOther) tellPayload(stream, direction, start, to);
  }
  const captured = max(to - from, old);
  if (captured < length) tellGap(stream, direction, length - captured, true);
  own.next = sequence + length;
  if (own.hasAside) fill(stream, direction, own);
  passFin(own);
}

/** Bytes whose place was delivered before. True if they are others: they are told, too. */
function repeats(stream: Stream, direction: u32, sequence: i32, from: u32, to: u32): bool {
  if (stream.sink === TO_WATCH || !repeated(stream, direction, sequence, from, to)) return false;
  tellConflict(stream, direction, from, to);
  return true;
}

/** Delivers what no longer has to wait; forces the oldest out where the limits are reached. */
function release(stream: Stream, nowUs: f64): void {
  for (;;) {
    while (releaseOne(stream)) {}
    if (stream.count === 0) return;
    const isLate = nowUs - segmentAt(stream.first).timeUs > WAITING_US;
    if (stream.count <= WAITING_SEGMENTS && <f64>stream.bytes <= control.reorderLimit && !isLate) return;
    force(stream);
  }
}

function releaseOne(stream: Stream): bool {
  let before: u32 = 0;
  for (let at = stream.first; at !== 0; at = segmentAt(at).next) {
    const segment = segmentAt(at);
    const ahead = segment.sequence - directionOf(stream, segment.direction).next;
    const isOver = ahead + <i32>segment.length <= 0;
    if (
      ahead > 0 ||
      (!isOver && segment.hasAck && isHeld(stream, segment.direction, segment.acknowledgement))
    ) {
      before = at;
      continue;
    }
    unlink(stream, before, at);
    letOut(stream, segment, isOver);
    drop(at);
    return true;
  }
  return false;
}

function letOut(stream: Stream, segment: Segment, isOver: bool): void {
  const from = segment.from;
  const to = from + segment.bytes;
  stamp(segment.timeUs, segment.record, segment.input);
  if (isOver) repeats(stream, segment.direction, segment.sequence, from, to);
  else deliver(stream, segment.direction, from, to, segment.sequence, segment.length);
}

/** Gives up on the bytes that the oldest waiting segment waits for; at least one segment leaves. */
function force(stream: Stream): void {
  const at = stream.first;
  const oldest = segmentAt(at);
  const direction = oldest.direction;
  stamp(oldest.timeUs, oldest.record, oldest.input);
  if (oldest.sequence - directionOf(stream, direction).next > 0) {
    jump(stream, direction, nearestWaiting(stream, direction, oldest.sequence));
  } else {
    directionOf(stream, 1 - direction).skipped++;
    jump(stream, 1 - direction, nearestWaiting(stream, 1 - direction, oldest.acknowledgement));
  }
  if (releaseOne(stream)) return;
  // Two segments that wait for each other: no honest capture has them. The older one goes first.
  unlink(stream, 0, at);
  jump(stream, direction, oldest.sequence);
  letOut(stream, oldest, false);
  drop(at);
}

/** The lowest sequence number that waits on the direction, at most `limit`. */
function nearestWaiting(stream: Stream, direction: u32, limit: i32): i32 {
  let nearest = limit;
  for (let at = stream.first; at !== 0; at = segmentAt(at).next) {
    const segment = segmentAt(at);
    if (segment.direction === direction && segment.sequence - nearest < 0) nearest = segment.sequence;
  }
  return nearest;
}

/** The segment at `at`, behind the one at `before` (0: it is the first), waits no longer. */
function unlink(stream: Stream, before: u32, at: u32): void {
  const segment = segmentAt(at);
  if (before === 0) stream.first = segment.next;
  else segmentAt(before).next = segment.next;
  if (stream.last === at) stream.last = before;
  stream.bytes -= segment.bytes;
  streams.bytes -= <f64>(segment.bytes + SEGMENT_COST);
  if (--stream.count === 0) leaveWaiting(stream);
}

function drop(at: u32): void {
  giveBack(at, offsetof<Segment>() + segmentAt(at).bytes);
}
