/**
 * The uncertainty that the shares of a session leave: fits that are about as likely as the best one, and lanes without a
 * share yet. Each has its own rate and numbers of tracks, and its likelihood as weight.
 */
import type { Estimate } from '../../../estimate.ts';
import { type OpenTracks, openTracks } from '../terms.ts';
import { type Fit, progressOf } from './fit.ts';
import type { Reading } from './outliers.ts';
import type { PlacedShares } from './placed-shares.ts';
import { lagOf, type Track } from './rate.ts';

/** The least likely fits, all together as likely as this, are left out. */
const RARE = 1e-3;

export interface Alternative {
  readonly track: Track;
  /** Numbers of such tracks, for lanes with those that have not found a share yet. */
  readonly open: readonly OpenTracks[];
}

/** Everything that the shares leave open, by its weight, but what is rare. */
export function openAlternatives(
  fits: readonly Fit[],
  best: Fit,
  shares: PlacedShares,
  on: readonly boolean[],
  readings: readonly Reading[],
  width: number,
): Alternative[] {
  const likeliest = [...fits].sort((a, b) => b.evidence - a.evidence);
  let rest = 0;
  for (const fit of fits) rest += Math.exp(fit.evidence - best.evidence);
  const least = RARE * rest;
  const alternatives: Alternative[] = [];
  for (const fit of likeliest) {
    if (rest < least) break;
    const weight = Math.exp(fit.evidence - best.evidence);
    rest -= weight;
    const progress = progressOf(shares, fit);
    const track = { fit, progress, lag: lagOf(shares, progress, on, fit) };
    const lanes = fit.kind === 'lanes' && !fit.full ? openLanes(shares, fit.size, readings, width) : null;
    const open = lanes?.map((one) => ({ tracks: one.tracks, weight: weight * one.weight }));
    alternatives.push({ track, open: open ?? [{ tracks: fit.tracks, weight }] });
  }
  return alternatives;
}

/** Directions are counted by the shares seen in them: some may not have found one yet, but there is an end of the range. */
function openLanes(
  { count, nonces }: PlacedShares,
  size: number,
  readings: readonly Reading[],
  width: number,
): OpenTracks[] {
  const lanes = new Set<number>();
  for (const { usable } of readings)
    for (let index = 0; index < count; index += 1)
      if (usable[index]) lanes.add(Math.floor(nonces[index] / size));
  return openTracks(lanes.size, count, Math.max(lanes.size, Math.round(width / size)));
}

/** The number of tracks by those weights: its middle, and where 95 % of it lies. */
export function tracksOf(alternatives: readonly Alternative[]): Estimate {
  const sorted = alternatives.flatMap(({ open }) => open).sort((a, b) => a.tracks - b.tracks);
  let total = 0;
  for (const one of sorted) total += one.weight;
  const at = (level: number): number => {
    let below = 0;
    for (const one of sorted) {
      below += one.weight;
      if (below >= level * total) return one.tracks;
    }
    return sorted.at(-1)?.tracks ?? 1;
  };
  return { low: at(0.025), central: at(0.5), high: at(0.975) };
}
