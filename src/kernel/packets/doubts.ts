/**
 * Signs of forged packets in a stream: a host that resets the connection and keeps sending, different bytes at the same
 * sequence numbers, and a side that never acknowledges what it answers. Packets that somebody else sends in a host's name
 * show these signs; real ones do not (RFC 9293 3.5.2, 3.10.7).
 */

import * as is from './flow-state.ts';
import { allocate, release } from './heap.ts';
import { ACK, RST } from './layers/packet.ts';
import { packet } from './memory.ts';
import { tellDoubt } from './sink.ts';
import { Direction, directionOf, Stream } from './streams.ts';

/** Segments that are remembered a direction: the first ones, and the latest. */
const KEPT: u32 = 32;
const KEPT_FIRST: u32 = 8;
/** Bytes by which a segment is compared with a longer one before it. */
const COMPARED: u32 = 16;
/** A shorter one may be the probe of a keep-alive, whose byte means nothing (RFC 9293 3.8.4). */
const LEAST: u32 = 2;
/** Segments with one acknowledgement, from which on it has stalled: opening messages are sent without waiting. */
const STALLED: u32 = 3;

/** A segment that was delivered: its place, and hashes of its beginning and of all. */
@unmanaged
class Kept {
  sequence: i32;
  length: u32;
  beginning: u32;
  all: u32;
}

function keptAt(own: Direction, i: u32): Kept {
  return changetype<Kept>(<usize>(own.kept + i * offsetof<Kept>()));
}

/** Takes the current packet. */
export function hear(stream: Stream, direction: u32): void {
  const own = directionOf(stream, direction);
  own.packets++;
  // A reset with another number is none for its receiver.
  if ((packet.flags & RST) !== 0 && packet.sequence === own.next) own.resets++;
  if ((packet.flags & ACK) !== 0) acknowledges(own, directionOf(stream, 1 - direction));
  judgeStall(stream, 0);
  judgeStall(stream, 1);
}

function judgeStall(stream: Stream, side: u32): void {
  const own = directionOf(stream, side);
  const other = directionOf(stream, 1 - side);
  const isUnheard = other.packets === 0 || other.segments > 0;
  const stalls = own.segments >= STALLED && !own.hasAdvanced && isUnheard;
  if (stalls === own.hasStalled) return;
  own.hasStalled = stalls;
  tellDoubt(stream, side, is.DOUBT_STALL, stalls ? 1 : -1);
}

/** An acknowledgement counts without payload, too: a request of many segments is answered after its last one. */
function acknowledges(own: Direction, other: Direction): void {
  const acknowledgement = packet.acknowledgement;
  if (own.segments > 0 && acknowledgement !== own.firstAck) own.hasAdvanced = true;
  // The first one may be the answer to what was observed.
  const observed = acknowledgement - other.from;
  if (observed > 0 && observed <= other.to - other.from) own.hasAdvanced = true;
  const sequence = packet.sequence;
  const isNew = own.segments === 0 || sequence - own.next >= 0;
  if (packet.payloadBytes === 0 || !isNew) return;
  own.to = sequence + packet.payloadBytes;
  if (own.segments++ > 0) return;
  own.from = sequence;
  own.firstAck = acknowledgement;
}

/** Bytes that are delivered. */
export function sent(stream: Stream, direction: u32, sequence: i32, from: u32, to: u32): void {
  const own = directionOf(stream, direction);
  if (own.resets > 0) {
    tellDoubt(stream, direction, is.DOUBT_RESET, own.resets);
    own.resets = 0;
  }
  if (to < from + LEAST || !hasRoom(own)) return;
  const count = own.count++;
  const kept = keptAt(own, count < KEPT ? count : KEPT_FIRST + ((count - KEPT) % (KEPT - KEPT_FIRST)));
  kept.sequence = sequence;
  kept.length = to - from;
  kept.beginning = hash(from, beginning(from, to));
  kept.all = hash(from, to);
}

/** True if there is room for one more; most directions need little. */
function hasRoom(own: Direction): bool {
  const wanted = (own.count < KEPT_FIRST ? KEPT_FIRST : KEPT) * offsetof<Kept>();
  if (own.keptRoom >= wanted) return true;
  const block = allocate(wanted);
  if (block === 0) return false;
  memory.copy(block, own.kept, own.keptRoom);
  if (own.kept !== 0) release(own.kept, own.keptRoom);
  own.kept = block;
  own.keptRoom = wanted;
  return true;
}

/**
 * Bytes whose numbers have been delivered before. True if others were, or may have been, as they were before; and these
 * were not told of yet.
 */
export function repeated(stream: Stream, direction: u32, sequence: i32, from: u32, to: u32): bool {
  const own = directionOf(stream, direction);
  const length = to - from;
  if (length < LEAST) return false;
  let isConflict = false;
  for (let i: u32 = 0; i < min(own.count, KEPT); i++) {
    const kept = keptAt(own, i);
    if (kept.sequence !== sequence) continue;
    const isOther =
      kept.length <= length
        ? kept.all !== hash(from, from + kept.length)
        : length >= COMPARED && kept.beginning !== hash(from, beginning(from, to));
    if (!isOther) return false;
    isConflict = true;
  }
  if (isConflict) {
    tellDoubt(stream, direction, is.DOUBT_CONFLICT, 1);
    own.contestedTo = own.to;
    own.isContested = true;
  } else if (!own.isContested || sequence - own.contestedTo >= 0) return false;
  sent(stream, direction, sequence, from, to);
  return true;
}

function beginning(from: u32, to: u32): u32 {
  return min(to, from + COMPARED);
}

/** FNV-1a, of four bytes at a time: each segment that is delivered goes through it. */
function hash(from: u32, to: u32): u32 {
  let value: u32 = 0x811c9dc5;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    value = (value ^ load<u32>(at)) * 0x01000193;
    value ^= value >>> 15;
  }
  for (; at < to; at++) value = (value ^ load<u8>(at)) * 0x01000193;
  return value;
}
