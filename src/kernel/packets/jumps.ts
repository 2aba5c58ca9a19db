/**
 * A direction that has jumped over bytes may have to go back: the segment that it jumped to was forged, or the missing bytes come
 * late. So it has two places to go on from: `next`, and `aside`, where it was before. Between them is a hole that ends at
 * `holeTo`. A segment that fits the other place makes it `next`, and the driver begins a line there. Of a direction that was met in
 * its middle, all that comes before is a hole, too: packets of a file need not be in the order of their times. What counts as not
 * captured is the hole that the direction jumped over, or what of it is still missing when it goes on behind it or ends.
 */

import { record } from './memory.ts';
import { tellGap } from './sink.ts';
import { begin, Direction, directionOf, Stream, TO_DRIVER } from './streams.ts';

/** A direction that has gone on for fewer segments since it jumped may have followed forged ones: it keeps the place before. */
const PROOF: u32 = 2;
/** Numbers come round again (RFC 9293 3.4): a place that is farther back is given up. */
const REACH: i32 = 1 << 28;

/** The direction begins in its middle. */
export function meet(stream: Stream, own: Direction, sequence: i32): void {
  begin(own, sequence);
  own.hasAside = false;
  own.metAt = sequence;
  own.metUs = stream.sink === TO_DRIVER ? record.timeUs : 0;
}

/** Goes on behind bytes that did not come. */
export function jump(stream: Stream, direction: u32, sequence: i32): void {
  const own = directionOf(stream, direction);
  if (own.hasAside && own.aside - own.next > 0 && sequence - own.aside >= 0) turn(stream, direction, own);
  const missing = sequence - own.next;
  if (missing <= 0) return;
  tellGap(stream, direction, missing, false);
  if (stream.sink === TO_DRIVER && (!own.hasAside || own.proven >= PROOF)) {
    own.hasAside = true;
    own.aside = own.next;
    own.holeTo = sequence;
    own.told = 0;
  }
  own.told += missing;
  own.proven = 0;
  own.next = sequence;
  passFin(own);
}

/** A FIN takes one sequence number (RFC 9293 3.4). */
export function passFin(own: Direction): void {
  if (!own.hasFin || own.finAt !== own.next || !own.isKnown) return;
  own.next++;
}

/** Goes on from the other place if the segment up to `end` fits there; from the one before, if it lies anywhere in the hole. */
export function turnTo(stream: Stream, direction: u32, sequence: i32, end: i32): void {
  const own = directionOf(stream, direction);
  const before = own.metAt - end;
  const isBack = own.aside - own.next < 0;
  if (own.hasAside && end - own.aside > 0 && (isBack ? end - own.holeTo : sequence - own.aside) <= 0) {
    if (isBack || sequence - own.next > 0) turn(stream, direction, own);
  } else if (record.timeUs < own.metUs && before >= 0 && before < REACH) {
    tellGap(stream, direction, 0, false);
    own.hasAside = true;
    own.aside = own.next;
    own.holeTo = own.metAt;
    own.isDue = true;
    own.metAt = sequence;
    own.next = sequence;
  }
}

function turn(stream: Stream, direction: u32, own: Direction): void {
  const from = own.next;
  own.next = own.aside;
  own.aside = from;
  const isBack = own.next - from < 0;
  if (isBack) own.isDue = own.proven >= PROOF;
  else own.told = max(0, own.holeTo - from);
  own.proven = 0;
  tellGap(stream, direction, isBack ? -own.told : own.told, false);
}

/** The stream is over. Behind a place that few segments came for, the hole may have been a forger's. */
export function endHoles(stream: Stream): void {
  for (let direction: u32 = 0; direction < 2; direction++) {
    const own = directionOf(stream, direction);
    const isBehind = own.hasAside && own.aside - own.next > 0 && own.holeTo - own.next > 0;
    if (isBehind && own.isDue) tellGap(stream, direction, own.holeTo - own.next, false);
  }
}

/** Bytes were delivered. Once they fill the hole, the direction goes on behind it; what runs over its end was not what was lost. */
export function fill(stream: Stream, direction: u32, own: Direction): void {
  own.proven++;
  const isFull = own.aside - own.next > 0 && own.next === own.holeTo;
  if (isFull) {
    own.next = own.aside;
    tellGap(stream, direction, 0, false);
  }
  if (isFull || abs(own.next - own.aside) > REACH) own.hasAside = false;
}
