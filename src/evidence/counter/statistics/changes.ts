/**
 * A rate that changes: another program comes or goes, the miner is given fewer threads or more, heat. Shares are found
 * where hashes are, so that all counts over all seconds lean towards the high rates; and shares that scatter for a
 * change seem to say less than they do. The session is cut where the rate changes surely, and its parts are
 * weighed by their time.
 */
import { groupBy, totalOf } from '../../../order.ts';
import { cutsOf, LEAST, momentsOf, PRECISION } from './cuts.ts';
import { median } from './mathematics.ts';
import { Pieces } from './ratio.ts';

/** Work within a job, and when it was done. */
export interface TimeInterval {
  readonly job: number;
  readonly fromUs: number;
  toUs: number;
  /** Seconds from the job to the end of it. */
  age: number;
  /** Counts over seconds are the rate: counts and seconds of one track, weights and weighted slowness of several. */
  top: number;
  bottom: number;
}

/** When the rate changes, and the standard deviation of that. */
export interface Change {
  readonly atUs: number;
  readonly deviationUs: number;
}

/** Work this long, seconds, tells half of what the longest does: queues and pipelines are as long. */
export const YOUNG_SECONDS = 10;
/** Shares of a job that tell a pause from a slow spell, at least. */
const FEWEST_ALIKE = 3;
/** Times that are tried for a change. */
const PLACES = 60;
/** Tracks hardly change all at once, nor at once: of the time to that job's share so much is left open, a deviation. */
const LEAST_PART = 0.15;

/** The places at which the rate of intervals changes, in order of time, and the intervals that are pauses instead. */
export function changesOf<Some extends TimeInterval>(
  intervals: readonly Some[],
  isOne: boolean,
): { readonly changes: readonly Change[]; readonly paused: readonly Some[] } {
  const logs = new Float64Array(intervals.length);
  const weights = new Float64Array(intervals.length);
  let most = 0;
  for (const { top } of intervals) most = Math.max(most, top);
  for (let index = 0; index < intervals.length; index += 1) {
    const { top, bottom } = intervals[index];
    logs[index] = Math.log(Math.max(top, 1e-9) / bottom);
    weights[index] = isOne ? bottom ** 2 / (bottom ** 2 + YOUNG_SECONDS ** 2) : top / most;
  }
  const cuts = cutsOf(logs, weights);
  const paused = isOne ? [] : pausesOf(intervals, logs, weights, cuts);
  if (paused.length > 0) {
    const others = intervals.filter((interval) => !paused.includes(interval));
    return { changes: changesOf(others, isOne).changes, paused };
  }
  const changes = cuts.map((index, nth) => {
    const last = intervals[index - 1].toUs;
    const next = intervals[index];
    if (!isOne) {
      const around = { from: cuts[nth - 1] ?? 0, at: index, to: cuts[nth + 1] ?? intervals.length };
      return placed(intervals, logs, weights, around);
    }
    // What one track counted is known up to the share before and from the share after.
    const first = Math.max(last, next.fromUs);
    return { atUs: (last + first) / 2, deviationUs: (first - last) / Math.sqrt(12) };
  });
  return { changes, paused };
}

/**
 * Intervals of slow parts that tell of pauses: of jobs whose shares lag by as many seconds whatever their age, and where
 * they are too few to tell, of a job alone between two faster parts.
 */
function pausesOf<Some extends TimeInterval>(
  intervals: readonly Some[],
  logs: Float64Array,
  weights: Float64Array,
  cuts: readonly number[],
): Some[] {
  const paused: Some[] = [];
  const edges = [0, ...cuts, intervals.length];
  const means = edges.slice(1).map((to, nth) => momentsOf(logs, weights, edges[nth] ?? 0, to).mean);
  for (const [nth, mean] of means.entries()) {
    const before = means[nth - 1] ?? Number.NEGATIVE_INFINITY;
    const behind = means[nth + 1] ?? Number.NEGATIVE_INFINITY;
    const jobs = groupBy(intervals.slice(edges[nth], edges[nth + 1]), ({ job }) => job);
    const rate = Math.exp(Math.max(before, behind));
    const isAlone = jobs.size === 1 && mean < Math.min(before, behind) - LEAST;
    if (!isAlone && mean > Math.max(before, behind) - LEAST) continue;
    for (const own of jobs.values())
      if (own.length < FEWEST_ALIKE ? isAlone : lagsAlike(own, rate)) paused.push(...own);
  }
  return paused;
}

/** Whether shares of a job lie on a line of the full rate that begins late, rather than on one of a lower rate. */
function lagsAlike(shares: readonly TimeInterval[], rate: number): boolean {
  const lags = shares.map(({ age, top, bottom }) => age - (age * top) / bottom / rate);
  const slows = shares.map(({ top, bottom }) => bottom / top);
  const lag = median(lags);
  const slow = median(slows);
  let late = 0;
  let low = 0;
  for (const [index, { age, top, bottom }] of shares.entries()) {
    late += Math.abs((lags[index] ?? 0) - lag);
    low += Math.abs(age - ((age * top) / bottom) * slow);
  }
  return late < low / 2;
}

/**
 * Of several tracks a share tells the mean rate since its job came: after a change the shares of the same job tell of
 * both rates, and thereby of its time. By how well each time fits them: its mean and its deviation.
 */
function placed(
  intervals: readonly TimeInterval[],
  logs: Float64Array,
  weights: Float64Array,
  { from, at, to }: { readonly from: number; readonly at: number; readonly to: number },
): Change {
  const before = momentsOf(logs, weights, from, at);
  const after = momentsOf(logs, weights, at, to);
  const [rateBefore, rateAfter] = [Math.exp(before.mean), Math.exp(after.mean)];
  const variance = Math.max(
    (before.squares + after.squares) / (before.weight + after.weight),
    PRECISION ** 2,
  );
  const lastUs = intervals[at].toUs;
  const firstUs = Math.min(intervals[at - 1].fromUs, intervals[at].fromUs);
  const lengthUs = (lastUs - firstUs) / PLACES;
  const across: number[] = [];
  for (let index = from; index < to; index += 1)
    if (intervals[index].toUs > firstUs && intervals[index].fromUs < lastUs) across.push(index);
  const [logBefore, logAfter] = [Math.log(rateBefore), Math.log(rateAfter)];
  let [sum, moment, square, least] = [0, 0, 0, Number.POSITIVE_INFINITY];
  for (let place = 0; place < PLACES; place += 1) {
    const time = firstUs + (place + 0.5) * lengthUs;
    let misfit = 0;
    for (const index of across) {
      const { fromUs, toUs } = intervals[index];
      let due = time < toUs ? logAfter : logBefore;
      if (time > fromUs && time < toUs) {
        const part = (time - fromUs) / (toUs - fromUs);
        due = Math.log(part * rateBefore + (1 - part) * rateAfter);
      }
      misfit += weights[index] * (logs[index] - due) ** 2;
    }
    misfit /= 2 * variance;
    if (misfit < least) {
      const shrink = Math.exp(misfit - least);
      [sum, moment, square, least] = [sum * shrink, moment * shrink, square * shrink, misfit];
    }
    const likelihood = Math.exp(least - misfit);
    sum += likelihood;
    moment += likelihood * time;
    square += likelihood * (time - firstUs) ** 2;
  }
  const mean = moment / sum;
  const spread = Math.max(0, square / sum - (mean - firstUs) ** 2);
  return { atUs: mean, deviationUs: Math.hypot(Math.sqrt(spread), LEAST_PART * (lastUs - firstUs)) };
}

/** A part of a span of time in which the rate does not change, and what each job tells of it. */
export interface Part {
  readonly seconds: number;
  readonly pieces: Pieces;
}

/** The parts of a span of time between changes, still empty. */
export function partsOf(changes: readonly Change[], fromUs: number, toUs: number): Part[] {
  const edges = [fromUs, ...changes.map(({ atUs }) => Math.min(toUs, Math.max(fromUs, atUs))), toUs];
  return edges
    .slice(1)
    .map((edge, index) => ({ seconds: (edge - (edges[index] ?? edge)) / 1e6, pieces: new Pieces() }));
}

/** The jobs of each part, such that the sum of the parts' rates is the mean rate over time. */
export function timedParts(parts: readonly Part[]): Pieces[] {
  const seen = parts.filter(({ pieces }) => pieces.jobs.length > 0);
  if (seen.length === 1) return [seen[0].pieces];
  const all = totalOf(seen, ({ seconds }) => seconds);
  return seen.map(({ seconds, pieces }) => pieces.times(seconds, all));
}

/** How far the mean rate may be off for not knowing when a rate changed: one standard deviation. */
export function placeTerm(parts: readonly Part[], changes: readonly Change[]): number {
  if (changes.length === 0) return 0;
  let squares = 0;
  let all = 0;
  let before: number | null = null;
  for (const [index, { seconds, pieces }] of parts.entries()) {
    if (pieces.jobs.length === 0) continue;
    all += seconds;
    const { top, bottom } = pieces.sum();
    const rate = top / bottom;
    if (before !== null) squares += (((changes[index - 1]?.deviationUs ?? 0) / 1e6) * (rate - before)) ** 2;
    before = rate;
  }
  return before === null ? 0 : Math.sqrt(squares) / Math.max(all, 1e-9);
}
