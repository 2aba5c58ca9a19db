/**
 * The rate over a session, and over each 15 minutes of it, from all uses of the shares and all that they leave open: a
 * mixture, whose quantiles are the estimate and its interval.
 */

import type { CounterRate, PlacedShare } from '../counter-input.ts';
import { type MixturePart, mixtureQuantile } from '../statistics/mathematics.ts';
import { SERIES_SECONDS } from '../terms.ts';
import type { Alternative } from './alternatives.ts';
import { type Span, trackRate, type Use } from './rate.ts';

/** From the first job to the last share. */
export function timeOf(shares: readonly PlacedShare[]): { readonly fromUs: number; readonly toUs: number } {
  let fromUs = Number.POSITIVE_INFINITY;
  for (const { timeUs, seconds } of shares) fromUs = Math.min(fromUs, timeUs - seconds * 1e6);
  return { fromUs, toUs: shares.at(-1)?.timeUs ?? fromUs };
}

/** A way of using the shares, and how likely it is. */
interface WeightedUse extends Use {
  readonly weight: number;
}

interface WholeRate {
  readonly estimate: number;
  readonly low95: number;
  readonly high95: number;
  readonly jobVariance: number;
  readonly shares: number;
}

export function rateOver(
  shares: readonly PlacedShare[],
  span: Span,
  uses: readonly WeightedUse[],
  alternatives: readonly Alternative[],
  priorVariance: number | null,
): WholeRate | null {
  const parts: MixturePart[] = [];
  let heaviest: { weight: number; jobVariance: number; shares: number } | null = null;
  for (const use of uses) {
    for (const { track, weight: likelihood, tracks } of alternatives) {
      const one = trackRate(shares, span, use, track, priorVariance);
      if (one === null) continue;
      const weight = use.weight * likelihood;
      parts.push({ weight, centre: Math.log(one.rate * tracks), deviation: one.deviation });
      if (heaviest === null || weight > heaviest.weight) {
        heaviest = { weight, jobVariance: one.jobVariance, shares: one.shares };
      }
    }
  }
  if (heaviest === null) return null;
  return {
    estimate: Math.exp(mixtureQuantile(parts, 0.5)),
    low95: Math.exp(mixtureQuantile(parts, 0.025)),
    high95: Math.exp(mixtureQuantile(parts, 0.975)),
    jobVariance: heaviest.jobVariance,
    shares: heaviest.shares,
  };
}

export function seriesOf(
  shares: readonly PlacedShare[],
  uses: readonly WeightedUse[],
  alternatives: readonly Alternative[],
  whole: WholeRate,
  lastUs: number,
): CounterRate[] {
  const { fromUs, toUs } = timeOf(shares);
  const series: CounterRate[] = [];
  let end = shares.length;
  while (end > 0) {
    const age = Math.floor((lastUs - (shares[end - 1]?.timeUs ?? 0)) / (SERIES_SECONDS * 1e6));
    const startUs = lastUs - (age + 1) * SERIES_SECONDS * 1e6;
    let start = end;
    while (start > 0 && (shares[start - 1]?.timeUs ?? 0) > startUs) start -= 1;
    if (start === end) start -= 1;
    const endUs = startUs + SERIES_SECONDS * 1e6;
    const span = { from: start, to: end, fromUs: Math.max(startUs, fromUs), toUs: Math.min(endUs, toUs) };
    const isAll = end - start === shares.length;
    const rate = isAll ? whole : rateOver(shares, span, uses, alternatives, whole.jobVariance);
    if (rate !== null) {
      series.push({
        startUs,
        endUs,
        shares: rate.shares,
        estimate: rate.estimate,
        low95: rate.low95,
        high95: rate.high95,
      });
    }
    end = start;
  }
  return series.reverse();
}
