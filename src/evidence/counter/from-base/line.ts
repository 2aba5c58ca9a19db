/**
 * One track of a base clock: the line of nonce over time, its fit against random nonces of the same span, where it
 * starts, and what it counted in each job.
 */
import { type Change, partAt } from '../statistics/changes.ts';
import { median, thinned } from '../statistics/mathematics.ts';
import { amongNeighbours } from '../statistics/neighbours.ts';
import { student4 } from '../terms.ts';

/** A share on a track. */
export interface Point {
  readonly seconds: number;
  /** Nonce less the lowest of its track. */
  readonly count: number;
  readonly job: number;
  readonly timeUs: number;
  /** Seconds since its job; null if that was not seen. */
  readonly age: number | null;
}

/** A track whose nonces lie on a line. */
export interface Line {
  readonly rate: number;
  readonly spread: number;
  readonly points: readonly Point[];
  readonly usable: readonly boolean[];
  /**
   * Those that fit steady counting or lie below it as shares of a slow spell do: the same list if there are no
   * others.
   */
  readonly near: readonly boolean[];
  readonly start: number;
}

const SPREADS = [0.003, 0.01, 0.03, 0.1, 0.25];
const OFF = 0.1;
/** Rates in steps of 1 % over twelve decades, starts in 200 steps of the span, five spreads. */
const LOG_LINE = Math.log(2_777) + Math.log(200) + Math.log(SPREADS.length);
/** Kernel launches, queues: seconds by which a share may come off its count. */
export const JITTER_SECONDS = 0.15;
const SAMPLE = 400;
/** Slopes that each share gives, with partners up to half the track away, and the part of them that must rise. */
const PARTNERS = 20;
const LEAST_RISING = 0.65;

/** Fits a line, of counts that begin again at each job or not; null if nonces do not grow with time. */
export function fitLine(
  track: readonly Point[],
  restart: boolean,
): (Line & { evidence: number; likelihood: number }) | null {
  const sample = thinned(track, SAMPLE);
  const length = sample.length;
  const seconds = new Float64Array(length);
  const counts = new Float64Array(length);
  for (let index = 0; index < length; index += 1) {
    const point = sample[index];
    seconds[index] = point.seconds;
    counts[index] = point.count;
  }
  // Far partners give slopes of use; near ones only noise.
  const steps = new Uint32Array(PARTNERS);
  for (let step = 0; step < PARTNERS; step += 1)
    steps[step] = Math.floor((step * length) / (2 * PARTNERS)) + 1;
  const slopes = new Float64Array(length * PARTNERS);
  let count = 0;
  let rising = 0;
  for (let index = 0; index < length; index += 1) {
    const ownSeconds = seconds[index] ?? 0;
    const ownCount = counts[index] ?? 0;
    for (let step = 0; step < PARTNERS; step += 1) {
      const partner = (index + (steps[step] ?? 0)) % length;
      const apart = (seconds[partner] ?? 0) - ownSeconds;
      if (apart <= 0.3 && apart >= -0.3) continue;
      const slope = ((counts[partner] ?? 0) - ownCount) / apart;
      slopes[count++] = slope;
      if (slope > 0) rising += 1;
    }
    // Random nonces rise in half of all pairs: most tracks of such end here, because rising alone does not help them.
    const left = (length - index - 1) * PARTNERS;
    if (rising + left < LEAST_RISING * (count + left)) return null;
  }
  const rate = median(slopes.subarray(0, count));
  if (!(rate > 0)) return null;
  const start = median(sample.map((point) => point.count - rate * point.seconds));
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const point of sample) {
    low = Math.min(low, point.count);
    high = Math.max(high, point.count);
    least = Math.min(least, point.seconds);
  }
  const span = Math.max(((high - low) * (sample.length + 1)) / (sample.length - 1), 1);
  let best: { evidence: number; likelihood: number; spread: number } | null = null;
  for (const spread of SPREADS) {
    let evidence = -LOG_LINE;
    let likelihood = -LOG_LINE;
    for (const point of sample) {
      const scale = lineScale(rate, point.seconds - least, spread);
      const on = student4(point.count - start - rate * point.seconds, scale * scale);
      likelihood += Math.log(OFF / span + (1 - OFF) * on);
      // The outermost nonces set the span that random ones are thought to come from: they prove nothing.
      if (point.count > low && point.count < high) evidence += Math.log(OFF + (1 - OFF) * span * on);
    }
    if (best === null || evidence > best.evidence) best = { evidence, likelihood, spread };
  }
  if (best === null) return null;
  const { spread } = best;
  const likelihood = (best.likelihood * track.length) / sample.length;
  const jobs = new Set(sample.map(({ job }) => job));
  const close = track.map(
    (point) =>
      Math.abs(point.count - start - rate * point.seconds) <
      5 * lineScale(rate, point.seconds - least, spread),
  );
  const line = {
    rate,
    spread,
    start,
    points: track,
    // Of a job that counts from a random start all shares fit or miss together: they are worth but one.
    evidence: (jobs.size / sample.length) * (best.evidence + LOG_LINE) - LOG_LINE,
    likelihood,
    usable: close,
    near: close,
  };
  if (restart) return { ...line, ...steadyOf(line) };
  const usable = risingOf(track);
  return { ...line, usable, near: usable };
}

/** Of counts that begin again at each job: those whose rate is that of their neighbours in time, or not far below. */
function steadyOf(line: Line): Pick<Line, 'usable' | 'near'> {
  const { start } = startOf(line);
  const { points, rate } = line;
  const order = byTime(points);
  const logs = new Float64Array(points.length);
  const slack = new Float64Array(points.length);
  const old: number[] = [];
  for (let at = 0; at < order.length; at += 1) {
    const point = points[order[at]];
    const due = rate * Math.max(point.seconds, 0.05);
    logs[at] = Math.log(Math.max(point.count - start, 0.001 * due) / Math.max(point.seconds, 0.05));
    slack[at] = lineScale(rate, point.seconds, 0) / due;
    if (point.seconds > 1) old.push(at);
  }
  const usable = new Array<boolean>(points.length).fill(false);
  const places = amongNeighbours(logs, slack, old);
  for (let at = 0; at < places.length; at += 1) usable[order[at]] = places[at] === 'on';
  if (!places.includes('below')) return { usable, near: usable };
  const near = [...usable];
  for (let at = 0; at < places.length; at += 1) if (places[at] === 'below') near[order[at]] = true;
  return { usable, near };
}

/** Of counts that run through the session: the longest chain that rises all the time. */
function risingOf(points: readonly Point[]): boolean[] {
  const order = byTime(points);
  // tails[n] ends the lowest chain of n + 1 points; before[i] is the point before i on its chain.
  const tails: number[] = [];
  const before = new Int32Array(points.length).fill(-1);
  for (const index of order) {
    const count = points[index]?.count ?? 0;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((points[tails[middle] ?? 0]?.count ?? 0) < count) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? (tails[low - 1] ?? -1) : -1;
    tails[low] = index;
  }
  const usable = new Array<boolean>(points.length).fill(false);
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) usable[at] = true;
  return usable;
}

/** When the first and the last of some points were found, us. */
export function timesOf(points: readonly Point[]): { readonly firstUs: number; readonly lastUs: number } {
  let firstUs = Number.POSITIVE_INFINITY;
  let lastUs = Number.NEGATIVE_INFINITY;
  for (const { timeUs } of points) {
    firstUs = Math.min(firstUs, timeUs);
    lastUs = Math.max(lastUs, timeUs);
  }
  return { firstUs, lastUs };
}

/** Indices of the points in the order of their times. */
export function byTime(points: readonly Point[]): number[] {
  return [...points.keys()].sort((a, b) => (points[a]?.timeUs ?? 0) - (points[b]?.timeUs ?? 0));
}

function lineScale(rate: number, seconds: number, spread: number): number {
  return Math.sqrt((spread * rate * seconds) ** 2 + (JITTER_SECONDS * rate) ** 2 + 0.4);
}

/** Where a line starts, counts, and the deviation of that. */
export interface Start {
  readonly start: number;
  readonly deviation: number;
}

/**
 * Where a line starts, in counts, with its deviation: least squares by the precision of each share, with a slope of its
 * own for each time between `changes` of the rate.
 */
export function startOf(line: Line, changes: readonly Change[] = []): Start {
  const parts = Array.from({ length: changes.length + 1 }, () => ({ s0: 0, s1: 0, s2: 1e-12, t0: 0, t1: 0 }));
  let least = Number.POSITIVE_INFINITY;
  for (const point of line.points) least = Math.min(least, point.seconds);
  for (let index = 0; index < line.points.length; index += 1) {
    const point = line.points[index];
    if (line.usable[index] !== true) continue;
    const precision = 1 / (2 * lineScale(1, point.seconds - least, line.spread)) ** 2;
    const part = parts[partAt(changes, point.timeUs - point.seconds * 5e5)];
    part.s0 += precision;
    part.s1 += precision * point.seconds;
    part.s2 += precision * point.seconds ** 2;
    part.t0 += (precision * point.count) / line.rate;
    part.t1 += (precision * point.count * point.seconds) / line.rate;
  }
  let top = 0;
  let bottom = 1e-12;
  for (const { s0, s1, s2, t0, t1 } of parts) {
    top += t0 - (s1 * t1) / s2;
    bottom += Math.max(s0 - s1 ** 2 / s2, 0);
  }
  return { start: (top / bottom) * line.rate, deviation: line.rate / Math.sqrt(bottom) };
}

/** The last usable share of each job in a span, us: what a line did in a job that its counts begin again at. */
export function lastOfJobs(line: Line, fromUs: number, toUs: number): Iterable<Point> {
  const last = new Map<number, Point>();
  for (const [index, point] of line.points.entries()) {
    if (!line.usable[index] || point.timeUs <= fromUs || point.timeUs > toUs) continue;
    if (point.seconds > (last.get(point.job)?.seconds ?? 0)) last.set(point.job, point);
  }
  return last.values();
}
