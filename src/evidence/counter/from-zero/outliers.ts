/**
 * How to treat shares that lie below the clock. A pause, a donation minute, a data set in the making are not part of
 * the rate at which a miner works; a slow thread and minutes that it shares with another program are. If a job has
 * a later share, that tells: after a pause it lags by as many seconds, beside a slow thread by fewer, in a slow spell by
 * more. If nothing decides it, the interval covers both readings.
 */
import { groupBy } from '../../../order.ts';
import type { Place } from '../statistics/neighbours.ts';
import type { PlacedShares } from './placed-shares.ts';

/** One way of choosing the shares that make the rate, and how much it weighs. */
export interface Reading {
  readonly usable: readonly boolean[];
  readonly weight: number;
  /** True if shares of slower tracks are among them. */
  readonly isUnlike: boolean;
}

/** Shares of one job tell pauses from slow spells if their ages differ by this part. */
const APART = 0.15;
/** Of what a slow spell would add to the lag of an older share, a pause adds less than this part. */
const STILL = 0.35;
/** One share alone may be misread. */
const FEWEST_SLOW = 2;
/** Pauses are rare: if more of the shares stray, the tracks are unlike. */
const MOST_OUTLIERS = 0.1;

type JobsAndAges = Pick<PlacedShares, 'count' | 'jobs' | 'seconds'>;

/**
 * The readings that the places of the shares leave open; weights sum to 1. `lags` are the seconds by which each share
 * is behind its clock.
 */
export function readingsOf(shares: JobsAndAges, places: readonly Place[], lags: Float64Array): Reading[] {
  const on = places.map((place) => place === 'on');
  const causes = causesOf(shares, places, lags);
  let slow = 0;
  let paused = 0;
  let outlier = 0;
  for (const [index, cause] of causes.entries()) {
    if (cause === 'slow') slow += 1;
    else if (cause === 'pause') paused += 1;
    if (cause !== 'pause' && (places[index] === 'below' || places[index] === 'above')) outlier += 1;
  }
  if (outlier === 0) return [{ usable: on, weight: 1, isUnlike: false }];
  const isSlow = slow >= FEWEST_SLOW && slow > paused;
  // If the tracks are unlike, what looks like a pause is chance.
  const all = places.map((place, index) => place !== 'off' && (isSlow || causes[index] !== 'pause'));
  if (isSlow || (outlier >= FEWEST_SLOW && outlier > MOST_OUTLIERS * shares.count))
    return [{ usable: all, weight: 1, isUnlike: true }];
  return [
    { usable: on, weight: 0.5, isUnlike: false },
    { usable: all, weight: 0.5, isUnlike: false },
  ];
}

/** Why each share that lies below is there, as far as the others of its job tell. */
function causesOf(
  { jobs, seconds }: JobsAndAges,
  places: readonly Place[],
  lags: Float64Array,
): ('slow' | 'pause' | null)[] {
  const near = [...places.keys()].filter((index) => places[index] !== 'off');
  const byJob = groupBy(near, (index) => jobs[index]);
  return places.map((place, index) => {
    let votes = 0;
    for (const other of place === 'below' ? (byJob.get(jobs[index]) ?? []) : []) {
      const older = (seconds[other] - seconds[index]) / seconds[index];
      const more = (lags[other] - lags[index]) / lags[index];
      if (Math.abs(older) > APART && Math.abs(more) < STILL * Math.abs(older)) votes += 1;
      else if (older > APART) votes -= 1;
    }
    if (votes === 0) return null;
    return votes > 0 ? 'pause' : 'slow';
  });
}
