/**
 * When a clock is believed, how long a span of the series is, and how many tracks there may be when some have not found a
 * share yet.
 */

import type { Interval } from './statistics/interval.ts';

export { LOG_CLOCK, LOG_SURE } from '../../kernel/counters/odds.ts';

/** Fewer shares than this give no structure, whatever they say. */
export const FEWEST_SHARES = 4;
/** Length of one span of the series, seconds. */
export const SERIES_SECONDS = 900;

/** Of the shares so many lie on a clock, or it is none. */
export const LEAST_ON = 0.5;
/** A clock whose interval spans more than this says less than the shares do: it is none. */
const WIDEST_RATIO = 4;

/** Whether an interval is too wide for a clock, as where the number of tracks is not known. */
export function isTooWide({ low95, high95 }: Interval): boolean {
  return high95 > WIDEST_RATIO * low95;
}

export interface OpenTracks {
  readonly tracks: number;
  readonly weight: number;
}

/**
 * How many equal tracks there may be, at most `most`, if `seen` of them found `shares` shares: the chance of seeing
 * just so many, with a prior of 1/N in which a full house (`most`) counts five times. Ascending; of unlikely
 * numbers 2.5 % left out.
 */
export function openTracks(seen: number, shares: number, most: number): OpenTracks[] {
  const list: OpenTracks[] = [];
  let log = 0;
  let sum = 0;
  for (let tracks = Math.max(1, seen); tracks <= Math.min(most, seen + 512); tracks += 1) {
    // From N-1 to N tracks: N!/(N-seen)! grows by N/(N-seen), N^-shares falls, the prior falls.
    if (tracks > seen) {
      log += Math.log(tracks / (tracks - seen)) - (shares + 1) * Math.log(tracks / (tracks - 1));
    }
    const weight = Math.exp(log) * (tracks === most ? 5 : 1);
    if (tracks > seen && weight < 1e-5 * sum) break;
    list.push({ tracks, weight });
    sum += weight;
  }
  let tail = 0;
  while (list.length > 1 && tail + (list.at(-1)?.weight ?? 0) < 0.025 * sum) tail += list.pop()?.weight ?? 0;
  return list;
}
