/**
 * Nonces that rise through a session by a clock on the wall, whatever was searched: starts of jobs, or of each piece of
 * work, drawn from the time. Two things tell them from a counter of hashes, which goes on where it was at the last job:
 * within a job they grow at another rate than from job to job; or their rate is one of the units in which clocks are
 * read, times a power of two.
 */

import { FEWEST_SHARES, student4 } from '../terms.ts';
import type { Line } from './line.ts';

/** Ticks a second of the clocks that programs read, less powers of two: seconds, 1/100 s, ms, us, 100 ns, ns. */
const TICKS = [1, 100, 1e3, 1e6, 1e7, 1e9];
/** Clocks on two walls run apart by this much at most. */
const DRIFT = 1e-4;
/** A clock must be this many times as likely as any rate. */
const ODDS = 20;
/** A counter grows within jobs as it does from job to job, give or take this part (pauses between two jobs). */
const ALIKE = 0.2;
/** Deviations beyond that. */
const SURE = 3;
/** Seconds by which a share comes off its count, at the least. */
const LATE_SECONDS = 0.05;

/** Whether the nonces of a line that runs through the session go by a clock on the wall. */
export function followsWallClock(line: Line): boolean {
  const points = line.points.filter((_, index) => line.usable[index]);
  const counts = centred(points.map(({ count }) => count));
  const times = centred(points.map(({ seconds }) => seconds));
  if (isRound(slopeOf(times, counts, []))) return true;
  const known = points.filter(({ age }) => age !== null);
  if (known.length < FEWEST_SHARES) return false;
  const own = centred(known.map(({ count }) => count));
  const ages = centred(known.map(({ age }) => age ?? 0));
  const starts = centred(known.map(({ age, seconds }) => seconds - (age ?? 0)));
  const between = slopeOf(starts, own, ages);
  if (isRound(between)) return true;
  // By how much more nonces grow with the age of a share than with the time of its job.
  const more = slopeOf(ages, own, centred(known.map(({ seconds }) => seconds)));
  return Math.abs(more.slope) > ALIKE * Math.abs(between.slope) + SURE * more.deviation;
}

/** A slope that is a round number of counts a second. */
function isRound({ slope, deviation }: Slope): boolean {
  if (!(slope > 0)) return false;
  const own = Math.hypot(deviation / slope, DRIFT);
  return TICKS.some((ticks) => {
    const octaves = Math.log2(slope / ticks);
    const off = Math.LN2 * (octaves - Math.round(octaves));
    return (student4(off, own * own) * Math.LN2) / TICKS.length > ODDS;
  });
}

interface Slope {
  readonly slope: number;
  readonly deviation: number;
}

/** How the counts grow with a column, what grows with another left out (least squares); all are centred. */
function slopeOf(column: readonly number[], counts: readonly number[], other: readonly number[]): Slope {
  const isAlone = other.length === 0;
  const oo = dot(other, other);
  const share = isAlone || oo === 0 ? 0 : dot(column, other) / oo;
  const own = isAlone ? column : column.map((value, index) => value - share * (other[index] ?? 0));
  const square = dot(own, own);
  if (!(square > 1e-9 * dot(column, column))) return { slope: 0, deviation: Number.POSITIVE_INFINITY };
  const slope = dot(own, counts) / square;
  const beside = isAlone || oo === 0 ? 0 : (dot(other, counts) - slope * dot(other, column)) / oo;
  const scale = Math.max(Math.abs(slope), Math.abs(beside));
  let left = 0;
  for (let index = 0; index < counts.length; index += 1) {
    left += ((counts[index] ?? 0) - slope * (column[index] ?? 0) - beside * (other[index] ?? 0)) ** 2;
  }
  const freedom = Math.max(1, counts.length - (isAlone ? 2 : 3));
  const noise = left / freedom + (LATE_SECONDS * scale) ** 2;
  return { slope, deviation: Math.sqrt(noise / square) };
}

function centred(values: readonly number[]): number[] {
  let sum = 0;
  for (const value of values) sum += value;
  return values.map((value) => value - sum / values.length);
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
