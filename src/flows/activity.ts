/** When a conversation was busy (kernel/conversations/activity.ts), read from its 64 buckets. Above the waterline. */

/** Buckets of so many minutes that were busy, the first in bit 0 of the first word. */
export interface Busy {
  /** Since 1970. */
  readonly firstMinute: number;
  readonly bucketMinutes: number;
  readonly low: number;
  readonly high: number;
}

const BUCKETS = 64;
const MINUTE_US = 60_000_000;

function isBusy({ low, high }: Busy, bucket: number): boolean {
  return (((bucket < 32 ? low : high) >>> (bucket & 31)) & 1) === 1;
}

/** Buckets that were busy, 1 to 64. */
export function busyBuckets({ low, high }: Busy): number {
  return ones(low) + ones(high);
}

/** Buckets from the first that was busy to the last. */
export function spannedBuckets({ low, high }: Busy): number {
  const last = high !== 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(low);
  const first = low !== 0 ? lowest(low) : 32 + lowest(high);
  return last - first + 1;
}

/**
 * Runs of busy buckets with no more than `silence` minutes between them, and the minutes that these run over at least:
 * of its first bucket and its last a run fills but a part.
 */
export function busyRuns(busy: Busy, silence: number): { runs: number; minutes: number } {
  const width = busy.bucketMinutes;
  let runs = 0;
  let buckets = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    if (!isBusy(busy, bucket)) continue;
    const isNext = (bucket - last - 1) * width <= silence;
    if (!isNext) runs++;
    if (isNext) buckets += bucket - last;
    last = bucket;
  }
  return { runs, minutes: buckets * width };
}

/**
 * The stretches of time that busy buckets cover, with no more than `silence` minutes between those of one. Buckets are
 * whole minutes, so a stretch is up to two buckets longer than what was said in it.
 */
export function busyStretches(busy: Busy, silence: number): { startUs: number; endUs: number }[] {
  const width = busy.bucketMinutes;
  const stretches: { startUs: number; endUs: number }[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    if (!isBusy(busy, bucket)) continue;
    const startUs = (busy.firstMinute + bucket * width) * MINUTE_US;
    const endUs = startUs + width * MINUTE_US;
    const before = stretches.at(-1);
    if (before !== undefined && (bucket - last - 1) * width <= silence) before.endUs = endUs;
    else stretches.push({ startUs, endUs });
    last = bucket;
  }
  return stretches;
}

/** Hours since 1970 that were busy; of a bucket that is wider than an hour its first. */
export function busyHours(busy: Busy): number[] {
  const hours = new Set<number>();
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    if (isBusy(busy, bucket)) hours.add(Math.floor((busy.firstMinute + bucket * busy.bucketMinutes) / 60));
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
