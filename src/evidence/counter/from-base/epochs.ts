/**
 * A miner that starts anew in the middle of a session draws other starts for its devices: they are not more devices, but
 * the same at another time. If all tracks of a time end before all others begin, the session is cut there.
 */

import { unluck } from '../statistics/mathematics.ts';
import { LOG_CLOCK } from '../terms.ts';
import { type Division, sharesOf, tracksOf } from './division.ts';
import { type Point, timesOf } from './line.ts';

/** The division cut if the miner starts anew, in the order of time; epochs of which no line tells are left out. */
export function epochsOf(division: Division): readonly Division[] {
  const tracks = tracksOf(division);
  if (tracks.length < 2) return [division];
  const seen = tracks
    .map((points) => ({ ...timesOf(points), shares: points.length }))
    .sort((a, b) => a.firstUs - b.firstUs);
  const all = sharesOf(division);
  const cuts: number[] = [];
  let before = 0;
  let endUs = Number.NEGATIVE_INFINITY;
  for (const { firstUs, lastUs, shares } of seen) {
    // Tracks that run side by side would have found all their shares in this order by luck of 1 in so many.
    if (firstUs > endUs && unluck(before, all - before, all) > LOG_CLOCK) cuts.push((endUs + firstUs) / 2);
    before += shares;
    endUs = Math.max(endUs, lastUs);
  }
  if (cuts.length === 0) return [division];
  const epochs: Division[] = [];
  for (let index = 0; index <= cuts.length; index += 1) {
    const isWithin = (points: readonly Point[]): boolean => {
      const atUs = points[0]?.timeUs ?? 0;
      return atUs > (cuts[index - 1] ?? Number.NEGATIVE_INFINITY) && atUs <= (cuts[index] ?? atUs);
    };
    const lines = division.lines.filter(({ points }) => isWithin(points));
    if (lines.length > 0) epochs.push({ ...division, lines, loose: division.loose.filter(isWithin) });
  }
  return epochs;
}
