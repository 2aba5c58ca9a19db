/**
 * When a conversation was busy, as 64 bits: buckets of one minute, doubled in width whenever the time since the first does
 * not fit, so that a day costs as much as an hour (flows/activity.ts reads them).
 */
import { Conversation } from './memory.ts';

const BUCKETS: i32 = 64;

/** Marks the minutes [from, to] since 1970; `isFirst` where the conversation is new. */
export function markBusy(conversation: Conversation, from: i32, to: i32, isFirst: bool): void {
  if (isFirst) conversation.minute = from;
  if (from < conversation.minute) beginEarlier(conversation, from);
  const first = conversation.minute;
  while ((to - first) >> conversation.shift >= BUCKETS) widen(conversation);
  const shift = <i32>conversation.shift;
  const begin = (from - first) >> shift;
  const last = (to - first) >> shift;
  if (begin < 32) conversation.busyLow |= (-1 << begin) & upTo(min(last, 31));
  if (last >= 32) conversation.busyHigh |= (-1 << max(begin - 32, 0)) & upTo(last - 32);
}

/** A word's bits up to this one, 0 to 31. */
function upTo(bit: i32): u32 {
  return (2 << bit) - 1;
}

/** Makes every bucket twice as wide. */
function widen(conversation: Conversation): void {
  conversation.busyLow = halved(conversation.busyLow) | (halved(conversation.busyHigh) << 16);
  conversation.busyHigh = 0;
  conversation.shift += 1;
}

/** Sixteen bits, each the OR of two neighbours. */
function halved(bits: u32): u32 {
  let b = (bits | (bits >>> 1)) & 0x55555555;
  b = (b | (b >>> 1)) & 0x33333333;
  b = (b | (b >>> 2)) & 0x0f0f0f0f;
  b = (b | (b >>> 4)) & 0x00ff00ff;
  return (b | (b >>> 8)) & 0xffff;
}

/** Moves the first minute back to `minute` or a little before: records come out of order. */
function beginEarlier(conversation: Conversation, minute: i32): void {
  for (;;) {
    const shift = <i32>conversation.shift;
    const width = 1 << shift;
    const steps = (conversation.minute - minute + width - 1) >> shift;
    const busy = ((<u64>conversation.busyHigh) << 32) | <u64>conversation.busyLow;
    if (63 - <i32>clz<u64>(busy) + steps < BUCKETS) {
      const moved = busy << (<u64>steps);
      conversation.busyLow = <u32>moved;
      conversation.busyHigh = <u32>(moved >> 32);
      conversation.minute -= steps << shift;
      return;
    }
    widen(conversation);
  }
}
