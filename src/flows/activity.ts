/** When a conversation was busy (kernel/conversations/activity.ts), read from its 64 buckets. Above the waterline. */
import { lengthUs, type TimeInterval, unionOf } from '../time-interval.ts';

/** Buckets of so many minutes that were busy, the first in bit 0 of the first word. */
export interface Busy {
  /** Since 1970. */
  readonly firstMinute: number;
  readonly bucketMinutes: number;
  readonly low: number;
  readonly high: number;
}

const MINUTE_US = 60_000_000;

/** Numbers of the buckets that were busy, in their order. */
export function busyBuckets({ low, high }: Busy): number[] {
  const buckets: number[] = [];
  for (let bucket = 0; bucket < 32; bucket++) if (((low >>> bucket) & 1) === 1) buckets.push(bucket);
  for (let bucket = 0; bucket < 32; bucket++) if (((high >>> bucket) & 1) === 1) buckets.push(32 + bucket);
  return buckets;
}

/**
 * Runs of busy buckets with no more than `silence` minutes between them, and the minutes that these run over at least:
 * of its first bucket and its last a run fills but a part.
 */
export function busyRuns(busy: Busy, silence: number): { runs: number; minutes: number } {
  const intervals = busyIntervals(busy, silence);
  const runs = intervals.length;
  return { runs, minutes: lengthUs(intervals) / MINUTE_US - runs * busy.bucketMinutes };
}

/**
 * The intervals of time that busy buckets cover, with no more than `silence` minutes between those of one. Buckets are
 * whole minutes, so an interval is up to two buckets longer than what was said in it.
 */
export function busyIntervals(busy: Busy, silence: number): TimeInterval[] {
  const intervals = busyBuckets(busy).map((bucket) => {
    const startUs = (busy.firstMinute + bucket * busy.bucketMinutes) * MINUTE_US;
    return { startUs, endUs: startUs + busy.bucketMinutes * MINUTE_US };
  });
  return unionOf(intervals, silence * MINUTE_US);
}

/** Hours since 1970 that were busy; of a bucket that is wider than an hour its first. */
export function busyHours(busy: Busy): number[] {
  const minutes = busyBuckets(busy).map((bucket) => busy.firstMinute + bucket * busy.bucketMinutes);
  return [...new Set(minutes.map((minute) => Math.floor(minute / 60)))];
}
