/**
 * The rate over a session, and over each 15 minutes of it, from all uses of the shares and all that they leave open: a
 * mixture, whose quantiles are the estimate and its interval.
 */

import type { CounterRate } from '../counter-input.ts';
import { type Interval, type MixturePart, mixtureInterval } from '../statistics/interval.ts';
import { SERIES_SECONDS } from '../terms.ts';
import type { Alternative } from './alternatives.ts';
import type { PlacedShares } from './placed-shares.ts';
import { type Section, trackRate, type Use } from './rate.ts';

/** All shares, from the first job to the last share. */
export function allOf(shares: PlacedShares): Section {
  let fromUs = Number.POSITIVE_INFINITY;
  for (let index = 0; index < shares.count; index += 1)
    fromUs = Math.min(fromUs, shares.timesUs[index] - shares.seconds[index] * 1e6);
  return { from: 0, to: shares.count, fromUs, toUs: shares.lastUs };
}

/** A way of using the shares, and how likely it is. */
interface WeightedUse extends Use {
  readonly weight: number;
}

interface WholeRate {
  readonly interval: Interval;
  /** Of the likeliest way and fit. */
  readonly jobVariance: number;
  readonly shares: number;
}

/** The rate over a section; null if no share tells of it. `priorVariance` is that of the whole session, if it is a part. */
export function rateOver(
  shares: PlacedShares,
  section: Section,
  uses: readonly WeightedUse[],
  alternatives: readonly Alternative[],
  priorVariance: number | null,
): WholeRate | null {
  const parts: MixturePart[] = [];
  let most = 0;
  let jobVariance = 0;
  let used = 0;
  for (const use of uses) {
    for (const { track, open } of alternatives) {
      const one = trackRate(shares, section, use, track, priorVariance);
      if (one === null) continue;
      for (const { tracks, weight: likelihood } of open) {
        const weight = use.weight * likelihood;
        parts.push({ weight, centre: Math.log(one.rate * tracks), deviation: one.deviation });
        if (weight <= most) continue;
        most = weight;
        jobVariance = one.jobVariance;
        used = one.shares;
      }
    }
  }
  return parts.length === 0
    ? null
    : { interval: mixtureInterval(parts, Math.exp), jobVariance, shares: used };
}

export function seriesOf(
  shares: PlacedShares,
  all: Section,
  uses: readonly WeightedUse[],
  alternatives: readonly Alternative[],
  whole: WholeRate,
  lastUs: number,
): CounterRate[] {
  const spanUs = SERIES_SECONDS * 1e6;
  const series: CounterRate[] = [];
  let to = shares.count;
  while (to > 0) {
    const age = Math.floor((lastUs - shares.timesUs[to - 1]) / spanUs);
    const startUs = lastUs - (age + 1) * spanUs;
    const endUs = startUs + spanUs;
    let from = to - 1;
    while (from > 0 && shares.timesUs[from - 1] > startUs) from -= 1;
    const section = { from, to, fromUs: Math.max(startUs, all.fromUs), toUs: Math.min(endUs, all.toUs) };
    const isAll = to - from === shares.count;
    const rate = isAll ? whole : rateOver(shares, section, uses, alternatives, whole.jobVariance);
    if (rate !== null) series.push({ startUs, endUs, shares: rate.shares, ...rate.interval });
    to = from;
  }
  return series.reverse();
}
