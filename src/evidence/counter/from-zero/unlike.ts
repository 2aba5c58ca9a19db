/**
 * Tracks that are not alike: efficient cores beside fast ones, threads that share a core, other programs. Their shares
 * scatter about the common rate, and draws of chunks do not come round in turn.
 */
import { FASTEST } from '../../../kernel/counters/odds.ts';
import type { Fit } from './fit.ts';
import { PlacedShares } from './placed-shares.ts';
import type { Track } from './rate.ts';

/** A share this old, seconds, weighs half of what it tells of how unlike tracks are; younger ones say little of rates. */
const HALF_WEIGHT_SECONDS = 5;
/** Of the rates seen, the fastest track has that at this level, give or take so much: the few beyond are chance. */
const HIGH_LEVEL = 0.97;
const MARGIN = 1.05;
/** First chunks are enough if there are so many shares of them, and this part of all. */
const FEWEST_FIRST = 8;
const LEAST_FIRST = 0.15;
/** Shares that scatter as much as this, relative, do so for what unlike tracks or changes make them. */
const SCATTER = 0.15;

/** Whether tracks are at work that are not alike; one track is not alike at other times. */
export function isUnlike({ unlike, tracks }: Fit): boolean {
  return unlike && tracks > 1;
}

/**
 * The shares of chunks that each track took at its job, if these are enough: of tracks that are unlike, nobody
 * knows when each draws the next. Until the fastest has used up its first chunk, all shares are of first ones.
 */
export function ofFirstChunks(shares: PlacedShares, { size, rate }: Fit): PlacedShares {
  const { count, nonces, seconds } = shares;
  const rates: number[] = [];
  for (let index = 0; index < count; index += 1)
    if (seconds[index] > HALF_WEIGHT_SECONDS && FASTEST * rate * seconds[index] < size)
      rates.push((nonces[index] % size) / seconds[index]);
  rates.sort((a, b) => a - b);
  const fastest = Math.max(rate, Math.min(FASTEST * rate, rates[Math.floor(HIGH_LEVEL * rates.length)] ?? 0));
  const until = size / (MARGIN * fastest);
  const first = new PlacedShares(count);
  for (let index = 0; index < count; index += 1)
    if (seconds[index] < until) first.add(shares, index, nonces[index]);
  return first.count >= Math.max(FEWEST_FIRST, LEAST_FIRST * count) ? first : shares;
}

/** How far shares scatter as those of unlike tracks, or of a rate that changes, do: from 0 to 1; 0 for one track. */
export function unlikePart(
  { count, seconds }: PlacedShares,
  usable: readonly boolean[],
  { fit, progress, lag }: Track,
): number {
  if (fit.tracks === 1) return 0;
  if (isUnlike(fit)) return 1;
  let weights = 0;
  let sum = 0;
  let squares = 0;
  for (let index = 0; index < count; index += 1) {
    const age = seconds[index] - lag.seconds;
    const height = progress[index];
    if (!usable[index] || age <= 0 || height <= 0) continue;
    const weight = age ** 2 / (age ** 2 + HALF_WEIGHT_SECONDS ** 2);
    weights += weight;
    sum += (weight * age) / height;
    squares += weight * (age / height) ** 2;
  }
  const scatter = Math.sqrt(Math.max(0, (squares * weights) / sum ** 2 - 1));
  return Math.min(1, (scatter / SCATTER) ** 4);
}
