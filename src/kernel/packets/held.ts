/**
 * The first segments of a request or a TLS hello that is not whole: held here until the rest shows if somebody has to read
 * them. If so, the driver hears them one by one, as they came. A flow has one place that it may take, and does without if
 * another has taken it.
 */

import * as is from './flow-state.ts';
import { direction, Flow, turnTo } from './flows.ts';
import {
  ASIDE_AT,
  CaptureRecord,
  HELD,
  HELD_AT,
  HELD_BYTES,
  PACKET_AT,
  Packet,
  packet,
  RECORD_AT,
} from './memory.ts';

@unmanaged
export class Held {
  /** Number of the flow, plus one; 0 if the place is free. */
  flow: u32;
  direction: u32;
  /** Sequence number of the next byte. */
  next: i32;
  /** Which directions begin after their SYN (host.ts), and whether the flow opens with these segments. */
  begins: i32;
  opens: bool;
  /** They have asked a proxy for a tunnel, which has agreed; where what is said in it begins, 0 while nothing is. */
  asksTunnel: bool;
  isAgreed: bool;
  insideAt: u32;
  segments: u32;
  /** Bytes of all, in a row behind the rows of the segments. */
  bytes: u32;

  get from(): u32 {
    return <u32>changetype<usize>(this) + offsetof<Held>() + MOST_SEGMENTS * ROW_BYTES;
  }

  get to(): u32 {
    return this.from + this.bytes;
  }
}

const PLACE_BYTES: u32 = HELD_BYTES / HELD;
const MOST_SEGMENTS: u32 = 16;
/** A segment: the packet and the record as they were, and the direction. */
const DIRECTION_AT: u32 = offsetof<Packet>() + offsetof<CaptureRecord>();
const ROW_BYTES: u32 = DIRECTION_AT + 8;
const ROOM: u32 = PLACE_BYTES - offsetof<Held>() - MOST_SEGMENTS * ROW_BYTES;

function placeOf(flow: u32): Held {
  return changetype<Held>(HELD_AT + (flow & (HELD - 1)) * PLACE_BYTES);
}

/** What is held of a flow that has the mark. */
export function heldOf(flow: u32): Held {
  return placeOf(flow);
}

/** Holds the current segment; false if there is no room. */
export function hold(flow: u32, row: Flow, begins: i32, opens: bool): bool {
  const held = placeOf(flow);
  if (held.flow !== 0 || !isWholeInHand()) return false;
  held.direction = direction;
  held.next = packet.sequence;
  held.begins = begins;
  held.opens = opens;
  held.asksTunnel = false;
  held.isAgreed = false;
  held.insideAt = 0;
  held.segments = 0;
  held.bytes = 0;
  if (!addHeld(held)) return false;
  held.flow = flow + 1;
  row.mark(is.HOLDS);
  return true;
}

/** Adds the current segment, which goes on where the last one ended; false if there is no room. */
export function addHeld(held: Held): bool {
  const bytes = packet.payloadBytes;
  if (held.segments === MOST_SEGMENTS || held.bytes + bytes > ROOM) return false;
  const start = held.to;
  memory.copy(start, packet.payloadStart, bytes);
  const row = rowOf(held, held.segments);
  memory.copy(row, PACKET_AT, offsetof<Packet>());
  memory.copy(row + offsetof<Packet>(), RECORD_AT, offsetof<CaptureRecord>());
  store<u32>(row + DIRECTION_AT, direction);
  changetype<Packet>(row).payloadStart = start;
  changetype<Packet>(row).payloadEnd = start + bytes;
  held.segments++;
  held.bytes += bytes;
  if (direction === held.direction) held.next += bytes;
  return true;
}

/** Takes back the segment that was added last. */
export function dropLast(held: Held): void {
  held.segments--;
  held.bytes -= changetype<Packet>(rowOf(held, held.segments)).payloadBytes;
}

/** Nothing of the captured payload is cut off. */
export function isWholeInHand(): bool {
  return packet.payloadEnd - packet.payloadStart === packet.payloadBytes;
}

function rowOf(held: Held, i: u32): usize {
  return changetype<usize>(held) + offsetof<Held>() + i * ROW_BYTES;
}

/** Makes a held segment the current one. */
export function makeCurrent(held: Held, i: u32): void {
  const row = rowOf(held, i);
  memory.copy(PACKET_AT, row, offsetof<Packet>());
  memory.copy(RECORD_AT, row + offsetof<Packet>(), offsetof<CaptureRecord>());
  turnTo(load<u32>(row + DIRECTION_AT));
}

/** Lays the current packet aside, and takes it up again. */
export function layAside(): void {
  memory.copy(ASIDE_AT, PACKET_AT, offsetof<Packet>());
  memory.copy(ASIDE_AT + offsetof<Packet>(), RECORD_AT, offsetof<CaptureRecord>());
}

export function bringBack(): void {
  memory.copy(PACKET_AT, ASIDE_AT, offsetof<Packet>());
  memory.copy(RECORD_AT, ASIDE_AT + offsetof<Packet>(), offsetof<CaptureRecord>());
}

/** Nothing of the flow is held any more. */
export function release(held: Held, row: Flow): void {
  held.flow = 0;
  row.seen &= ~is.HOLDS;
}

/** The flow whose segments the place holds, plus one; 0 if it is free. */
export function flowAt(place: u32): u32 {
  return placeOf(place).flow;
}
