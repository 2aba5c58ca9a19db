/**
 * Lasting flows that cannot be read: the sizes and times of what their two sides say, kept in a ring of numbers per
 * flow. A flow is watched once it has lived a while at a low rate; one that turns out to carry bulk is let go. Once its
 * segments come out of order, a stream puts them in order, as those of a candidate. Of TLS each
 * application-data record (RFC 8446 5.1) is a message, of anything else what one side sends at one time.
 */

import { ACK } from './layers/packet.ts';
import { control, FREE_WATCHES_AT, packet, RING, record, Side, Watch } from './memory.ts';
import { accept, endStream, forgetWaiting } from './order.ts';
import { addMessage, extendMessage } from './ring.ts';
import { begin, closeStream, directionOf, openStream, streamAt, TO_WATCH } from './streams.ts';
import { sideOf, watchBytes, watchOf } from './watched-directions.ts';

export let used: u32 = 0;
export let freeCount: u32 = 0;

/** A slot for another flow, watched from the current record on; -1 if as many are watched as can be. */
export function openWatch(isFromStart: bool, isWanted: bool): i32 {
  if (used - freeCount >= control.watchLimit) return -1;
  const slot = freeCount > 0 ? load<u32>(FREE_WATCHES_AT + (--freeCount << 2)) : used++;
  const watch = watchOf(slot);
  memory.fill(changetype<usize>(watch), 0, offsetof<Watch>() + 2 * offsetof<Side>());
  watch.record = record.number;
  watch.input = control.input;
  watch.isFromStart = isFromStart;
  watch.isWanted = isWanted;
  return slot;
}

/** True while less than half of the slots are taken; `isLast`: a quarter. */
export function hasRoomToWatch(isLast: bool = false): bool {
  return used - freeCount < control.watchLimit >> (isLast ? 2 : 1);
}

export function closeWatch(slot: u32): void {
  const watch = watchOf(slot);
  if (watch.stream !== 0) {
    forgetWaiting(streamAt(watch.stream));
    closeStream(streamAt(watch.stream));
    watch.stream = 0;
  }
  store<u32>(FREE_WATCHES_AT + (freeCount++ << 2), slot);
}

/** What still waits to be put in order has another place to go to: the watch ends behind it. */
export function endOrder(slot: u32): void {
  const watch = watchOf(slot);
  if (watch.stream === 0) return;
  endStream(streamAt(watch.stream));
  closeStream(streamAt(watch.stream));
  watch.stream = 0;
}

/** True if each side has said so many messages, or the driver was told of some before. */
export function hasSaid(slot: u32, messages: u32): bool {
  const ring = watchOf(slot);
  return ring.count > <u32>RING || min(ring.messages1, ring.count - ring.messages1) >= messages;
}

/** Takes the current segment; false if the flow carries too much, or too many sizes, to be shares. */
export function noteSegment(slot: u32, direction: u32): bool {
  const watch = watchOf(slot);
  if (watch.stream !== 0) reorder(watch, slot, direction);
  else {
    const side = sideOf(slot, direction);
    const ahead = side.isKnown ? packet.sequence - side.next : 0;
    if (ahead + <i32>packet.payloadBytes <= 0) return true; // seen before
    const isHidden = packet.payloadEnd === packet.payloadStart;
    const isWhole = packet.payloadEnd - packet.payloadStart === packet.payloadBytes;
    if (!isHidden && (ahead !== 0 || !isWhole || isEarly(slot, direction))) watch.stream = reorderFrom(slot);
    if (watch.stream !== 0) reorder(watch, slot, direction);
    else {
      side.isKnown = true;
      side.next = packet.sequence + packet.payloadBytes;
      if (isHidden) watchHidden(slot, direction);
      else watchBytes(slot, direction, packet.payloadStart, packet.payloadEnd, record.timeUs);
    }
  }
  return !watch.isDull;
}

/** A stream that begins where the sides stand; 0 if there is no room: segments are taken as they come. */
function reorderFrom(slot: u32): u32 {
  const at = openStream(slot, TO_WATCH);
  if (at === 0) return 0;
  for (let direction: u32 = 0; direction < 2; direction++) {
    const side = sideOf(slot, direction);
    if (side.isKnown) begin(directionOf(streamAt(at), direction), side.next);
  }
  return at;
}

/** The stream takes the current segment. It is over once all is in order again. */
function reorder(watch: Watch, slot: u32, direction: u32): void {
  const stream = streamAt(watch.stream);
  accept(stream, direction);
  if (stream.count > 0) return;
  for (let i: u32 = 0; i < 2; i++) {
    const own = directionOf(stream, i);
    if (!own.isKnown) continue;
    sideOf(slot, i).isKnown = true;
    sideOf(slot, i).next = own.next;
  }
  closeStream(stream);
  watch.stream = 0;
}

/** True if the segment acknowledges bytes of the other direction that have not come yet. */
function isEarly(slot: u32, direction: u32): bool {
  const other = sideOf(slot, 1 - direction);
  if ((packet.flags & ACK) === 0 || !other.isKnown) return false;
  return packet.acknowledgement - other.next > 0;
}

/** The current segment, of which only the headers were captured: it is as long as they say. */
function watchHidden(slot: u32, direction: u32): void {
  const watch = watchOf(slot);
  watch.segments++;
  watch.hiddenSegments++;
  const length = packet.payloadBytes;
  if (watch.isOpen && extendMessage(watch, slot, direction, length, record.timeUs)) return;
  addMessage(watch, slot, direction, length, record.timeUs);
  watch.isOpen = true;
}
