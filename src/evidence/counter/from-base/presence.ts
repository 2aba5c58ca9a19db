/**
 * Devices that come or go within a session, each on its own: a card that fails, one that is added, one that starts anew
 * with another start. Over the session such a device is worth its rate for the part of the time in which it runs.
 */

import { unluck } from '../statistics/mathematics.ts';
import { LOG_CLOCK } from '../terms.ts';
import { type Division, tracksOf } from './division.ts';
import { type Point, timesOf } from './line.ts';

/** When a device runs, us, and the standard deviation of how long. */
export interface Presence {
  readonly fromUs: number;
  readonly toUs: number;
  readonly deviationUs: number;
}

/** For each line of a division when its device runs; null if nothing says that it does not do so all the time. */
export function presencesOf(division: Division): (Presence | null)[] {
  const { lines, loose } = division;
  const all = tracksOf(division)
    .flat()
    .map(({ timeUs }) => timeUs);
  const times = Float64Array.from(all).sort();
  // Each end of each device is a look.
  const least = LOG_CLOCK + Math.log(2 * (lines.length + loose.length));
  return lines.map(({ points }) => presenceOf(points, times, least));
}

/** `least` is how unlikely it must be (ln) that a device which runs all the time has no share before or after. */
function presenceOf(points: readonly Point[], times: Float64Array, least: number): Presence | null {
  const { firstUs, lastUs } = timesOf(points);
  const shares = points.length;
  let before = 0;
  while (before < times.length && times[before] < firstUs) before += 1;
  let after = 0;
  while (after < times.length && times[times.length - 1 - after] > lastUs) after += 1;
  // Counted in shares: difficulty that changes makes them rarer and more frequent for all devices alike.
  const comes = unluck(before, shares, times.length) > least;
  const goes = unluck(after, shares, times.length) > least;
  if (!comes && !goes) return null;
  // A device has run about as long before its first share as from one to the next.
  const stepUs = (lastUs - firstUs) / (shares - 1);
  return {
    fromUs: comes ? firstUs - stepUs : Number.NEGATIVE_INFINITY,
    toUs: goes ? lastUs + stepUs : Number.POSITIVE_INFINITY,
    deviationUs: stepUs * Math.sqrt(Number(comes) + Number(goes)),
  };
}

/** The part of a span, us, in which a device runs, and the deviation of that. */
export function partOfSpan(
  presence: Presence | null,
  fromUs: number,
  toUs: number,
): { readonly part: number; readonly deviation: number } {
  if (presence === null || !(toUs > fromUs)) return { part: 1, deviation: 0 };
  const us = Math.min(toUs, presence.toUs) - Math.max(fromUs, presence.fromUs);
  const isWhole = presence.fromUs <= fromUs && presence.toUs >= toUs;
  const part = Math.min(1, Math.max(0, us / (toUs - fromUs)));
  return { part, deviation: isWhole ? 0 : Math.min(1, presence.deviationUs / (toUs - fromUs)) };
}
