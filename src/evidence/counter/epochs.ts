/**
 * A miner that starts anew in the middle of a session draws other starts for its devices: they are not more devices, but
 * the same at another time. Where all tracks of a time end before all others begin, the session is cut there.
 */
import type { Division } from './division.ts';
import type { Point } from './line.ts';
import { LOG_CLOCK } from './terms.ts';

/** A track: when it has its shares, and how many. */
interface Seen {
  readonly fromUs: number;
  readonly toUs: number;
  readonly shares: number;
}

/** The division cut where the miner starts anew, in the order of time; epochs of which no line tells are left out. */
export function epochsOf(division: Division): readonly Division[] {
  const tracks = [...division.lines.map(({ points }) => points), ...division.loose];
  if (tracks.length < 2) return [division];
  const seen = tracks.map(seenOf).sort((a, b) => a.fromUs - b.fromUs);
  let all = 0;
  for (const { shares } of seen) all += shares;
  const cuts: number[] = [];
  let before = 0;
  let endUs = Number.NEGATIVE_INFINITY;
  for (const { fromUs, toUs, shares } of seen) {
    // Tracks that run side by side would have found all their shares in this order by luck of 1 in so many.
    if (fromUs > endUs && logOrders(all, before) > LOG_CLOCK) cuts.push((endUs + fromUs) / 2);
    before += shares;
    endUs = Math.max(endUs, toUs);
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

function seenOf(points: readonly Point[]): Seen {
  let fromUs = Number.POSITIVE_INFINITY;
  let toUs = Number.NEGATIVE_INFINITY;
  for (const { timeUs } of points) {
    fromUs = Math.min(fromUs, timeUs);
    toUs = Math.max(toUs, timeUs);
  }
  return { fromUs, toUs, shares: points.length };
}

/** ln of the number of ways to choose `some` of `all`. */
function logOrders(all: number, some: number): number {
  let log = 0;
  const fewer = Math.min(some, all - some);
  for (let index = 1; index <= fewer; index += 1) log += Math.log((all - fewer + index) / index);
  return log;
}
