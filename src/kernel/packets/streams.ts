/**
 * The rows of TCP streams that are put in order (order.ts): how far each direction has come, what waits, and what speaks against
 * its packets (doubts.ts). Flows that may be mining have one, and watched flows whose segments come out of order.
 */

import { allocate, release } from './heap.ts';
import { control, record, STREAMS_AT } from './memory.ts';

/** Packets of one connection that are no further apart may be out of order: a SYN behind data, bytes behind an end. */
export const REORDER_US: f64 = 3_000_000;

/** Who hears a stream: the driver, the watch over its flow, or what keeps the clear part of TLS (handshake.ts). */
export const TO_DRIVER = 0;
export const TO_WATCH = 1;
export const TO_HANDSHAKE = 2;

@unmanaged
export class Stream {
  /** Number of the flow, or slot of the watch. */
  owner: u32;
  sink: u32;
  /** What the driver said of it last (IS_ of flow-state.ts). */
  status: u32;
  /** What the two sides of TLS have said in clear (handshake.ts); 0 once nobody keeps it. */
  handshake: u32;
  /** Segments that wait, in the order in which they came. */
  first: u32;
  last: u32;
  count: u32;
  bytes: u32;
  /** Streams that began to wait before it and after it. */
  earlier: u32;
  later: u32;
  /** Its connection is closed: since when, and streams whose connections closed before it and after it. */
  isClosed: bool;
  closedBefore: u32;
  closedAfter: u32;
  closedUs: f64;

  get at(): u32 {
    return <u32>changetype<usize>(this);
  }
}

/** How far a direction has come. */
@unmanaged
export class Direction {
  /** Sequence number to deliver next, if it is known. */
  next: i32;
  isKnown: bool;
  hasFin: bool;
  hasAdvanced: bool;
  hasStalled: bool;
  finAt: i32;
  /** Times that it was skipped forward because it stayed silent. */
  skipped: u32;
  /** Segments in a row that were far away, and where the last one ended. */
  far: u32;
  farEnd: i32;
  /** The segment whose round trip is timed: where it ends, and when it passed (infinite: none waits); the least of all trips, us. */
  tripEnd: i32;
  sentUs: f64;
  tripUs: f64;
  /** Finds the objects in it (objects.ts); 0 if the driver hears all bytes. */
  scanner: u32;
  /** Signs of forged packets, as doubts.ts explains: segments that are remembered, and room for them. */
  kept: u32;
  keptRoom: u32;
  count: u32;
  resets: u32;
  packets: u32;
  segments: u32;
  firstAck: i32;
  /** Sequence numbers: of the first new segment, and behind the last one. */
  from: i32;
  to: i32;
  /** Up to this number somebody has sent other bytes, if somebody has. */
  contestedTo: i32;
  isContested: bool;
  /** The other place to go on from, where the hole between ends, and segments since the direction jumped (jumps.ts). */
  hasAside: bool;
  aside: i32;
  holeTo: i32;
  proven: u32;
  /** Bytes of the hole that count as not captured; and whether what is left of it counts when the direction ends before it. */
  told: i32;
  isDue: bool;
  /** Where and when it was met in its middle; no time if it was not. */
  metAt: i32;
  metUs: f64;
  /** When a FIN or RST said that it ends; 0 if none did. */
  endedUs: f64;
}

const STREAM_BYTES: u32 = offsetof<Stream>() + 2 * offsetof<Direction>();

/** A row of what all streams share. */
@unmanaged
export class Streams {
  /** Bytes of all segments that wait, and the streams that they belong to. */
  bytes: f64;
  waitsLongest: u32;
  waitsLast: u32;
  /** Streams of connections that are closed. */
  closedFirst: u32;
  closedLast: u32;
}

export const streams = changetype<Streams>(STREAMS_AT);

/** When and where what is told of was captured. */
export let stampUs: f64 = 0;
export let stampRecord: f64 = 0;
export let stampInput: u32 = 0;

export function stamp(timeUs: f64, number: f64, input: u32): void {
  stampUs = timeUs;
  stampRecord = number;
  stampInput = input;
}

export function stampInHand(): void {
  stamp(record.timeUs, record.number, control.input);
}

export function streamAt(at: u32): Stream {
  return changetype<Stream>(<usize>at);
}

export function directionOf(stream: Stream, direction: u32): Direction {
  return changetype<Direction>(
    changetype<usize>(stream) + offsetof<Stream>() + direction * offsetof<Direction>(),
  );
}

/** A stream that has observed nothing; 0 if there is no room. */
export function openStream(owner: u32, sink: u32): u32 {
  const at = allocate(STREAM_BYTES);
  if (at === 0) return 0;
  memory.fill(at, 0, STREAM_BYTES);
  const stream = streamAt(at);
  stream.owner = owner;
  stream.sink = sink;
  for (let direction: u32 = 0; direction < 2; direction++) {
    directionOf(stream, direction).sentUs = Infinity;
    directionOf(stream, direction).tripUs = Infinity;
  }
  return at;
}

/** Tells where a direction begins. */
export function begin(own: Direction, firstSequence: i32): void {
  own.next = firstSequence;
  own.isKnown = true;
}

/** The stream is over, and nothing of it waits. */
export function closeStream(stream: Stream): void {
  for (let direction: u32 = 0; direction < 2; direction++) {
    const own = directionOf(stream, direction);
    if (own.kept !== 0) release(own.kept, own.keptRoom);
  }
  leaveClosed(stream);
  release(stream.at, STREAM_BYTES);
}

/** The connection of the stream closed, at the time of the current packet. */
export function enterClosed(stream: Stream): void {
  if (stream.isClosed) return;
  stream.isClosed = true;
  stream.closedUs = record.timeUs;
  stream.closedAfter = 0;
  stream.closedBefore = streams.closedLast;
  if (streams.closedLast === 0) streams.closedFirst = stream.at;
  else streamAt(streams.closedLast).closedAfter = stream.at;
  streams.closedLast = stream.at;
}

/** Its connection was not closed after all. */
export function leaveClosed(stream: Stream): void {
  if (!stream.isClosed) return;
  stream.isClosed = false;
  if (stream.closedBefore === 0) streams.closedFirst = stream.closedAfter;
  else streamAt(stream.closedBefore).closedAfter = stream.closedAfter;
  if (stream.closedAfter === 0) streams.closedLast = stream.closedBefore;
  else streamAt(stream.closedAfter).closedBefore = stream.closedBefore;
}

/** Segments of the stream begin to wait. */
export function enterWaiting(stream: Stream): void {
  stream.earlier = streams.waitsLast;
  stream.later = 0;
  if (streams.waitsLast === 0) streams.waitsLongest = stream.at;
  else streamAt(streams.waitsLast).later = stream.at;
  streams.waitsLast = stream.at;
}

/** None does any more. */
export function leaveWaiting(stream: Stream): void {
  if (stream.earlier === 0) streams.waitsLongest = stream.later;
  else streamAt(stream.earlier).later = stream.later;
  if (stream.later === 0) streams.waitsLast = stream.earlier;
  else streamAt(stream.later).earlier = stream.earlier;
}
