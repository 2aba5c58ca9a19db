/**
 * The rate of one track from shares on a known structure, with its standard error. Shares off the clock (pauses,
 * donation minutes) are set aside by their distance from their neighbours. Each job is one observation: its shares
 * hang together, jobs do not. Several tracks: the harmonic mean over shares, since fast tracks find more of them;
 * one track: the counts of all jobs over the seconds of all jobs.
 */

import { fixedVariance, MANY_OFF } from '../../../kernel/counters/odds.ts';
import { type Change, partsOf, placeTerm, timedParts } from '../statistics/changes.ts';
import { amongNeighbours, type Place } from '../statistics/neighbours.ts';
import { ratioOf } from '../statistics/ratio.ts';
import type { Fit } from './fit.ts';
import { intervalsOf } from './intervals.ts';
import type { PlacedShares } from './placed-shares.ts';

interface TrackRate {
  /** Counts per second of one track. */
  readonly rate: number;
  /** Relative standard deviation such that 1.96 of them make the 95 % interval, systematic terms included. */
  readonly deviation: number;
  /** Shares on the clock that were used. */
  readonly shares: number;
  /** Relative variance of one job's rate, as seen; a prior for shorter spans. */
  readonly jobVariance: number;
}

/** What is known beforehand of the lag common to all shares of a session: seconds, and their deviation. */
const LAG_SECONDS = 0.03;
const LAG_DEVIATION = 0.07;
/** So many deviations off, a share is not on the line of the common rate. */
const OFF_LINE = 2;
const FLOOR = 0.002;
const UNLIKE_ROUNDS = 0.06;

/**
 * If slower tracks are at work (efficient cores beside fast ones) and a quarter of the shares are off the common
 * rate: counted in fast ones they make no whole number, off by up to a half (uniform: 0.29), and their shares
 * are of other rounds than they seem. The second part is what simulated miners of 2 to 16 such threads then lacked.
 */
function unlikeTerm({ kind, off, tracks }: Fit): number {
  return kind === 'chunks' && off >= MANY_OFF ? Math.hypot(0.29 / tracks, UNLIKE_ROUNDS) : 0;
}

export interface Lag {
  readonly seconds: number;
  readonly deviation: number;
}

/**
 * The seconds by which shares lag behind their track's count: a line through seconds over progress, its intercept
 * leaned on what the structure expects. Only shares on the clock (or all, if `usable` is null) are used.
 */
export function lagOf(
  shares: PlacedShares,
  progress: Float64Array,
  usable: readonly boolean[] | null,
  { rate, spread, beat }: Fit,
): Lag {
  const fixed = fixedVariance(1, beat);
  const known = beat + LAG_SECONDS;
  const precision = 1 / (LAG_DEVIATION + 0.5 * beat) ** 2;
  let s0 = precision;
  let s1 = 0;
  let s2 = 1e-12;
  let t0 = known * precision;
  let t1 = 0;
  for (let index = 0; index < shares.count; index += 1) {
    if (usable !== null && !usable[index]) continue;
    const seconds = shares.seconds[index];
    const due = progress[index] / rate;
    // Several times the spread of one share: shares of one job err together.
    const age = spread * seconds;
    const deviation = 2 * Math.sqrt(age * age + fixed);
    // Shares of other rates (unlike tracks, other times) lie on other lines.
    if (Math.abs(seconds - due) > OFF_LINE * deviation) continue;
    const variance = deviation * deviation;
    s0 += 1 / variance;
    s1 += due / variance;
    s2 += (due * due) / variance;
    t0 += seconds / variance;
    t1 += (seconds * due) / variance;
  }
  const determinant = Math.max(s0 * s2 - s1 * s1, 1e-12);
  const seconds = (s2 * t0 - s1 * t1) / determinant;
  return { seconds: Math.max(0, seconds), deviation: Math.sqrt(s2 / determinant) };
}

/** What is read of a track under one fit. */
export interface Track {
  readonly fit: Fit;
  readonly progress: Float64Array;
  readonly lag: Lag;
}

/** Shares from one index to before another, and the time that they stand for. */
export interface Section {
  readonly from: number;
  readonly to: number;
  readonly fromUs: number;
  readonly toUs: number;
}

/** Which shares make the rate, and where it changes. */
export interface Use {
  readonly usable: readonly boolean[];
  /** True if shares of slower tracks are among them. */
  readonly isUnlike: boolean;
  readonly changes: readonly Change[];
}

/** For each share where it lies, judged against the rates of its neighbours in time. */
export function placesOf(shares: PlacedShares, progress: Float64Array, fit: Fit, lag: Lag): Place[] {
  const logs = new Float64Array(shares.count);
  // What a young share may be off by for want of precision alone, relative.
  const slack = new Float64Array(shares.count);
  const fixed = Math.sqrt(fixedVariance(fit.rate, fit.beat));
  const old: number[] = [];
  for (let index = 0; index < shares.count; index += 1) {
    const seconds = Math.max(shares.seconds[index] - lag.seconds, 0.05);
    logs[index] = Math.log(Math.max(progress[index], 0.5) / seconds);
    slack[index] = fixed / Math.max(fit.rate * seconds, 0.5);
    if (shares.seconds[index] > 1 + 2 * lag.seconds) old.push(index);
  }
  return amongNeighbours(logs, slack, old);
}

/**
 * The rate of one track from the shares of a span that are on the clock; null if there is none. `isUnlike` is true
 * if shares of slower tracks are among them. Between changes each part of the span counts by its time.
 */
export function trackRate(
  shares: PlacedShares,
  { from, to, fromUs, toUs }: Section,
  { usable, isUnlike, changes }: Use,
  { fit, lag, progress }: Track,
  priorVariance: number | null,
): TrackRate | null {
  const isOne = fit.tracks === 1;
  const parts = partsOf(changes, fromUs, toUs);
  let used = 0;
  let part = 0;
  const ages: number[] = [];
  for (const interval of intervalsOf(shares, from, to, usable, progress, lag, isOne)) {
    const { job, age, top } = interval;
    while (part < changes.length && (interval.fromUs + interval.toUs) / 2 > changes[part].atUs) part += 1;
    ages[job] = Math.max(age, ages[job] ?? 0);
    parts[part].pieces.add(job, top, interval.bottom);
    used += interval.count;
  }
  let seconds = 0;
  let weights = 0;
  for (const { pieces } of parts) {
    for (const job of pieces.jobs) {
      seconds += pieces.bottoms[job] * ages[job];
      weights += pieces.bottoms[job];
    }
  }
  const lean = priorVariance ?? Math.max(fit.spread, 0.04) ** 2;
  const ratio = ratioOf(timedParts(parts), lean, priorVariance === null ? 2 : 4);
  if (ratio === null) return null;
  const common = lag.deviation / Math.max(seconds / weights, 1e-3);
  const place = placeTerm(parts, changes) / ratio.rate;
  const unlike = isUnlike ? unlikeTerm(fit) : 0;
  return {
    rate: ratio.rate,
    deviation: Math.hypot(ratio.deviation, common, FLOOR, place, unlike),
    shares: used,
    jobVariance: ratio.jobVariance,
  };
}
