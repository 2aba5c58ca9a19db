/**
 * The rate and its time from the shares of one or several tracks: with one track, each share gives the count since the
 * share before; with several tracks, it gives the mean rate of its own track since its job came.
 */
import { type TimeInterval, YOUNG_SECONDS } from '../statistics/changes.ts';
import type { PlacedShares } from './placed-shares.ts';

/** Work that a share tells of: of one track what it counted since the share before, of several a share of its own. */
interface ShareInterval extends TimeInterval {
  /** Index of its last share, and how many shares there are of it. */
  index: number;
  count: number;
}

/** The intervals of shares that are usable, in the order of time; `progress` and `usable` go by the index of a share. */
export function intervalsOf(
  { seconds, timesUs, jobs, works }: PlacedShares,
  from: number,
  to: number,
  usable: readonly boolean[],
  progress: Float64Array,
  lag: { readonly seconds: number },
  isOne: boolean,
): ShareInterval[] {
  const list: ShareInterval[] = [];
  /** Of one track: the newest interval of each job, and the progress at its end. */
  const newest = new Map<number, { interval: ShareInterval; height: number }>();
  for (let index = from; index < to; index += 1) {
    const age = seconds[index] - lag.seconds;
    const height = progress[index];
    if (!usable[index] || age <= 0 || height <= 0) continue;
    const job = jobs[index];
    const toUs = timesUs[index];
    const fromUs = toUs - age * 1e6;
    if (!isOne) {
      const top = (works[index] * age ** 2) / (age ** 2 + YOUNG_SECONDS ** 2);
      list.push({ job, index, fromUs, toUs, age, count: 1, top, bottom: (top * age) / height });
      continue;
    }
    const own = newest.get(job);
    if (own === undefined) {
      const interval = { job, index, fromUs, toUs, age, count: 1, top: height, bottom: age };
      list.push(interval);
      newest.set(job, { interval, height });
      continue;
    }
    const { interval } = own;
    // Its last share is the last one of the job.
    if (age <= interval.age) continue;
    const top = height - own.height;
    const bottom = age - interval.age;
    own.height = height;
    if (interval.bottom < YOUNG_SECONDS || top <= 0) {
      interval.top += top;
      interval.bottom += bottom;
      interval.index = index;
      interval.toUs = toUs;
      interval.age = age;
      interval.count += 1;
      continue;
    }
    own.interval = { job, index, fromUs: toUs - bottom * 1e6, toUs, age, count: 1, top, bottom };
    list.push(own.interval);
  }
  return list;
}
