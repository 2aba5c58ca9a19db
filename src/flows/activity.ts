/**
 * HOT. When a conversation was busy, as 64 bits: buckets of one minute, doubled in width whenever the time since the
 * first does not fit, so that a day costs as much as an hour.
 */
import { BUSY_HIGH, BUSY_LOW, MINUTE, SHIFT_AND_FLAGS } from './conversation-rows.ts';

export const MINUTE_US = 60_000_000;
const BUCKETS = 64;
const SHIFT_MASK = 0xff;

/** Marks the minutes [from, to] since 1970 in the row at word `w`; `isFirst` where the row is new. */
export function markBusy(words: Int32Array, w: number, from: number, to: number, isFirst: boolean): void {
  if (isFirst) words[w + MINUTE] = from;
  if (from < words[w + MINUTE]) beginEarlier(words, w, from);
  const first = words[w + MINUTE];
  let shift = words[w + SHIFT_AND_FLAGS] & SHIFT_MASK;
  while ((to - first) >> shift >= BUCKETS) {
    widen(words, w);
    shift++;
  }
  const begin = (from - first) >> shift;
  const last = (to - first) >> shift;
  if (begin < 32) words[w + BUSY_LOW] |= (-1 << begin) & upTo(Math.min(last, 31));
  if (last >= 32) words[w + BUSY_HIGH] |= (-1 << Math.max(begin - 32, 0)) & upTo(last - 32);
}

/** A word's bits up to this one, 0 to 31. */
function upTo(bit: number): number {
  return (2 << bit) - 1;
}

/** Minutes of one bucket. */
export function bucketMinutes(words: Int32Array, w: number): number {
  return 2 ** (words[w + SHIFT_AND_FLAGS] & SHIFT_MASK);
}

/** Buckets that were busy, 1 to 64. */
export function busyBuckets(words: Int32Array, w: number): number {
  return ones(words[w + BUSY_LOW]) + ones(words[w + BUSY_HIGH]);
}

/** Buckets from the first that was busy to the last. */
export function spannedBuckets(words: Int32Array, w: number): number {
  const high = words[w + BUSY_HIGH];
  const low = words[w + BUSY_LOW];
  const last = high !== 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(low);
  const first = low !== 0 ? lowest(low) : 32 + lowest(high);
  return last - first + 1;
}

/**
 * Runs of busy buckets with no more than `silence` minutes between them, and the minutes that these run over at least:
 * of its first bucket and its last a run fills but a part.
 */
export function busyRuns(words: Int32Array, w: number, silence: number): { runs: number; minutes: number } {
  const width = bucketMinutes(words, w);
  let runs = 0;
  let buckets = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const bits = bucket < 32 ? words[w + BUSY_LOW] : words[w + BUSY_HIGH];
    if (((bits >>> (bucket & 31)) & 1) === 0) continue;
    const isNext = (bucket - last - 1) * width <= silence;
    if (!isNext) runs++;
    if (isNext) buckets += bucket - last;
    last = bucket;
  }
  return { runs, minutes: buckets * width };
}

/** Hours since 1970 that were busy; of a bucket that is wider than an hour its first. Above the waterline. */
export function busyHours(words: Int32Array, w: number): number[] {
  const width = bucketMinutes(words, w);
  const hours = new Set<number>();
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const bits = bucket < 32 ? words[w + BUSY_LOW] : words[w + BUSY_HIGH];
    if (((bits >>> (bucket & 31)) & 1) === 1)
      hours.add(Math.floor((words[w + MINUTE] + bucket * width) / 60));
  }
  return [...hours];
}

function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function ones(bits: number): number {
  let count = bits - ((bits >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Makes every bucket twice as wide. */
function widen(words: Int32Array, w: number): void {
  words[w + BUSY_LOW] = halved(words[w + BUSY_LOW]) | (halved(words[w + BUSY_HIGH]) << 16);
  words[w + BUSY_HIGH] = 0;
  words[w + SHIFT_AND_FLAGS]++;
}

/** Sixteen bits, each the OR of two neighbours. */
function halved(bits: number): number {
  let b = (bits | (bits >>> 1)) & 0x55555555;
  b = (b | (b >>> 1)) & 0x33333333;
  b = (b | (b >>> 2)) & 0x0f0f0f0f;
  b = (b | (b >>> 4)) & 0x00ff00ff;
  return (b | (b >>> 8)) & 0xffff;
}

/** Moves the first minute back to `minute` or a little before: records come out of order. */
function beginEarlier(words: Int32Array, w: number, minute: number): void {
  for (;;) {
    const shift = words[w + SHIFT_AND_FLAGS] & SHIFT_MASK;
    const steps = Math.ceil((words[w + MINUTE] - minute) / 2 ** shift);
    const high = words[w + BUSY_HIGH];
    const low = words[w + BUSY_LOW];
    const last = high !== 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(low);
    if (last + steps < BUCKETS) {
      if (steps >= 32) {
        words[w + BUSY_HIGH] = low << (steps - 32);
        words[w + BUSY_LOW] = 0;
      } else if (steps > 0) {
        words[w + BUSY_HIGH] = (high << steps) | (low >>> (32 - steps));
        words[w + BUSY_LOW] = low << steps;
      }
      words[w + MINUTE] -= steps * 2 ** shift;
      return;
    }
    widen(words, w);
  }
}
