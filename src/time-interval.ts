/** Intervals of time that may overlap: of sessions, connections and inputs. */

import { totalOf } from './order.ts';

/** Microseconds since 1970. */
export interface TimeInterval {
  readonly startUs: number;
  readonly endUs: number;
}

/** A rotation of files, and the silence of a small network between two of them, are no hole. */
export const ROTATION_US = 60_000_000;

/** In the order of time; those with no more than `gapUs` between them are one. */
export function unionOf(intervals: Iterable<TimeInterval>, gapUs = 0): TimeInterval[] {
  const union: { startUs: number; endUs: number }[] = [];
  for (const { startUs, endUs } of [...intervals].sort((a, b) => a.startUs - b.startUs)) {
    const last = union.at(-1);
    if (last !== undefined && startUs <= last.endUs + gapUs) last.endUs = Math.max(last.endUs, endUs);
    else union.push({ startUs, endUs });
  }
  return union;
}

/** Length of all intervals together, us. */
export function lengthUs(intervals: readonly TimeInterval[]): number {
  return totalOf(intervals, ({ startUs, endUs }) => endUs - startUs);
}

/** What of the intervals lies in the others, which are in order and apart. */
export function within(intervals: readonly TimeInterval[], others: readonly TimeInterval[]): TimeInterval[] {
  return intervals.flatMap(({ startUs, endUs }) =>
    others
      .filter((other) => other.startUs <= endUs && other.endUs >= startUs)
      .map((other) => ({
        startUs: Math.max(startUs, other.startUs),
        endUs: Math.min(endUs, other.endUs),
      })),
  );
}

/** What of the intervals lies outside the others; both are in order and apart. */
export function without(intervals: readonly TimeInterval[], others: readonly TimeInterval[]): TimeInterval[] {
  if (others.length === 0) return [...intervals];
  const edges = [Number.NEGATIVE_INFINITY, ...others.flatMap(({ startUs, endUs }) => [startUs, endUs])];
  const between: TimeInterval[] = [];
  for (let i = 0; i < edges.length; i += 2)
    between.push({ startUs: edges[i], endUs: edges[i + 1] ?? Number.POSITIVE_INFINITY });
  return within(intervals, between);
}

/** What lies between intervals that are in order and apart. */
export function between(intervals: readonly TimeInterval[]): TimeInterval[] {
  return intervals.slice(1).map(({ startUs }, i) => ({ startUs: intervals[i].endUs, endUs: startUs }));
}

/** Seconds that two intervals have in common. */
export function sharedSeconds(a: TimeInterval, b: TimeInterval): number {
  return Math.max(0, Math.min(a.endUs, b.endUs) - Math.max(a.startUs, b.startUs)) / 1e6;
}

/** Most intervals at one time, each for as many as it counts for; one that ends as another begins is over. */
export function mostAtOnce(intervals: readonly (TimeInterval & { readonly count?: number })[]): number {
  const edges = intervals.flatMap(({ startUs, endUs, count = 1 }) => [
    { atUs: startUs, step: count },
    { atUs: endUs, step: -count },
  ]);
  let [open, most] = [0, 0];
  for (const { step } of edges.sort((a, b) => a.atUs - b.atUs || a.step - b.step)) {
    open += step;
    most = Math.max(most, open);
  }
  return most;
}

/** Length in seconds of the union of intervals. */
export function unionSeconds(intervals: Iterable<TimeInterval>): number {
  return lengthUs(unionOf(intervals)) / 1e6;
}
