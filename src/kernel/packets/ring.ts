/**
 * The last messages of many flows: sizes and times in one ring of numbers per slot, and what the whole of them comes to.
 * A ring says when its flow is not worth watching: it carries bulk, or no side of it keeps to a size.
 */

import { filled } from './host.ts';
import { RING, RING_SIZES_AT, RING_TIMES_AT, Watch } from './memory.ts';

/** A ring that fills faster than this carries no shares. */
const LEAST_RING_US: f64 = 8_000_000;
/** After so many messages a flow is let go unless one side says mostly one size, as shares or requests have. */
const FIRST_JUDGED: u32 = 48;
const SHARE_WIDTH: i32 = 14;
const LEAST_CONSTANCY: f64 = 0.6;
const LEAST_SHARE: i32 = 60;
/** What one side sends within so short a time is one message, however it is cut. */
const TOGETHER_US: f64 = 1000;
const MINUTE_US: f64 = 60_000_000;
const MAX_SIZE: i32 = 0x7fff;

function timeAt(slot: u32, i: u32): usize {
  return RING_TIMES_AT + ((slot * RING + (i & (RING - 1))) << 3);
}

function sizeAt(slot: u32, i: u32): usize {
  return RING_SIZES_AT + ((slot * RING + (i & (RING - 1))) << 1);
}

export function addMessage(ring: Watch, slot: u32, direction: u32, size: i32, timeUs: f64): void {
  const count = ring.count;
  // The place of the oldest message is taken next: how long ago was it?
  if (count >= <u32>RING && (count & (RING - 1)) === 0) {
    if (!ring.isWanted && timeUs - load<f64>(timeAt(slot, count)) < LEAST_RING_US) ring.isDull = true;
    else filled(slot);
  }
  if (count === FIRST_JUDGED && !ring.isWanted && !isConstant(slot, 1) && !isConstant(slot, -1))
    ring.isDull = true;
  const kept = max(1, min(MAX_SIZE, size));
  store<f64>(timeAt(slot, count), timeUs);
  store<i16>(sizeAt(slot, count), <i16>(direction === 0 ? kept : -kept));
  ring.count = count + 1;
  if (direction === 1) ring.messages1++;
  if (count === 0) {
    ring.firstUs = timeUs;
    ring.minute = -1;
  }
  ring.lastUs = timeUs;
  const minute = floor(timeUs / MINUTE_US);
  if (minute !== ring.minute) {
    ring.minute = minute;
    ring.activeMinutes++;
  }
}

/** Adds to the last message if the same direction goes on at once; false if it does not. */
export function extendMessage(ring: Watch, slot: u32, direction: u32, bytes: i32, timeUs: f64): bool {
  if (ring.count === 0 || timeUs - ring.lastUs >= TOGETHER_US) return false;
  const at = sizeAt(slot, ring.count - 1);
  const size = <i32>load<i16>(at);
  if (size > 0 !== (direction === 0)) return false;
  const sum = min(MAX_SIZE, abs(size) + bytes);
  store<i16>(at, <i16>(direction === 0 ? sum : -sum));
  ring.lastUs = timeUs;
  return true;
}

/** True if most messages of a direction (1: direction 0, -1: direction 1) have one size, and none too small for a share. */
function isConstant(slot: u32, sign: i32): bool {
  let count = 0;
  let most = 0;
  for (let i: u32 = 0; i < FIRST_JUDGED; i++) {
    const size = <i32>load<i16>(sizeAt(slot, i)) * sign;
    if (size <= 0) continue;
    count++;
    if (size < LEAST_SHARE) continue;
    let alike = 0;
    for (let j: u32 = 0; j < FIRST_JUDGED; j++) {
      const above = <i32>load<i16>(sizeAt(slot, j)) * sign - size;
      if (above >= 0 && above <= SHARE_WIDTH) alike++;
    }
    if (alike > most) most = alike;
  }
  return count > 0 && <f64>most >= <f64>count * LEAST_CONSTANCY;
}
