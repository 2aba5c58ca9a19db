/**
 * Hashrates from shares: shares are Poisson events, and each counts with its work (docs/protocols.md 5.1, 5.8).
 * Equal work gives the exact two-sided limits, mixed work the gamma limits of Fay and Feuer (Statistics in Medicine
 * 16, 1997) for weighted Poisson sums, which are the exact ones if all weights are equal. Units: work in hashes
 * (or solutions, graphs), time in seconds, rates in one per second. Limits carry the error of gamma.ts (1e-10).
 */
import { gammaQuantile } from './gamma.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What was seen of a Poisson process whose events weigh differently. All of it adds up under merging. */
interface WeightedSum {
  /** Σ of the weights seen, at least 0. */
  readonly sum: number;
  /** Σ of their squares. */
  readonly sumOfSquares: number;
  /**
   * Weight that the next event would have had, at least 0. The upper limit uses it, because it allows for one event
   * more. Best is the mean over the time of waiting (Σ weight·time / Σ time); the largest is on the safe side; 0
   * stands for unknown, and then the mean weight of the events Σw²/Σw is taken, whose limits are too narrow where
   * difficulty changed much and events are few (coverage down to 80 %, see the test of coverage).
   */
  readonly next: number;
}

const LEVEL = 0.95;

function isLevel(level: number): boolean {
  return level > 0 && level < 1;
}

/**
 * Exact two-sided limits of a Poisson mean after `count` events (real counts interpolate through the gamma
 * function). Null if the count is negative or no number, or the level lies outside (0, 1).
 */
export function poissonInterval(count: number, level = LEVEL): Interval | null {
  if (!(count >= 0) || !Number.isFinite(count) || !isLevel(level)) return null;
  const tail = (1 - level) / 2;
  return {
    low: count === 0 ? 0 : gammaQuantile(count, tail),
    high: gammaQuantile(count + 1, 1 - tail),
  };
}

/** Number of equal events that scatter as the weighted ones did: (Σw)²/Σw²; 0 if there was none. */
function effectiveCount(seen: WeightedSum): number {
  return seen.sum > 0 && seen.sumOfSquares > 0 ? (seen.sum / seen.sumOfSquares) * seen.sum : 0;
}

/**
 * Two-sided limits of the mean of a weighted Poisson sum. With y = Σw, v = Σw² and w the next weight:
 * low = (v/y)·G(y²/v), high = ((v+w²)/(y+w))·G((y+w)²/(v+w²)), G being the gamma quantile of the tail. Null if
 * the sums are not sums, or if nothing was seen and no weight is known.
 */
export function weightedInterval(seen: WeightedSum, level = LEVEL): Interval | null {
  const { sum, sumOfSquares } = seen;
  if (!(sum >= 0 && sumOfSquares >= 0 && seen.next >= 0) || !isLevel(level)) return null;
  const mean = sum > 0 ? sumOfSquares / sum : 0;
  const next = seen.next > 0 ? seen.next : mean;
  if (!(next > 0) || !Number.isFinite(next) || !Number.isFinite(sum)) return null;
  const tail = (1 - level) / 2;
  const count = effectiveCount(seen);
  // Divided by the next weight first: squares of work leave the range of doubles otherwise.
  const y = sum / next + 1;
  const v = sumOfSquares / next / next + 1;
  return {
    low: count === 0 ? 0 : mean * gammaQuantile(count, tail),
    high: next * (v / y) * gammaQuantile((y / v) * y, 1 - tail),
  };
}

export interface ShareSum {
  /** Σ of the work of the shares. */
  readonly work: number;
  /** Σ of the squares of their work. */
  readonly workSquared: number;
  /** Number of shares. */
  readonly shares: number;
  /** Length of the window, which must not have been chosen by the shares; more than 0. */
  readonly seconds: number;
  /** Work of one share in force, averaged over the time of the window; 0 or absent: unknown (`WeightedSum.next`). */
  readonly workInForce?: number;
  /** Largest work of one share in force, which is used if the average is not known (limits on the safe side). */
  readonly largestWork?: number;
  /** Chance that a share was captured (packet sampling 1 in 4: 0.25), in (0, 1]; absent: 1. */
  readonly keepProbability?: number;
}

export interface Rate {
  readonly estimate: number;
  readonly low95: number;
  readonly high95: number;
  /** (ΣW)²/ΣW²: the number of equal shares that tells as much. */
  readonly effectiveShares: number;
}

function nextWork(seen: ShareSum): number {
  return seen.workInForce || seen.largestWork || 0;
}

/**
 * Rate over a fixed window: ΣW/T and its 95 % limits. Without a share the estimate is 0 and the upper limit that
 * of the work in force. Null if the window is empty or the work unknown.
 */
export function rateFromShares(seen: ShareSum): Rate | null {
  const keep = seen.keepProbability ?? 1;
  if (!(seen.seconds > 0) || !(keep > 0 && keep <= 1)) return null;
  if (seen.shares > 0 && !(seen.work > 0)) return null;
  const sums = { sum: seen.work, sumOfSquares: seen.workSquared, next: nextWork(seen) };
  const limits = weightedInterval(sums);
  if (limits === null) return null;
  const exposure = seen.seconds * keep;
  return {
    estimate: seen.work / exposure,
    low95: limits.low / exposure,
    high95: limits.high / exposure,
    effectiveShares: effectiveCount(sums),
  };
}

/**
 * A total of independent rates, each over its own window: a weighted Poisson sum again, whose weights are W/T and
 * whose next weight is taken as the largest of the parts. Null
 * if none of the parts is usable; a part without window or work is left out.
 */
export function totalRate(parts: Iterable<ShareSum>): Rate | null {
  let sum = 0;
  let sumOfSquares = 0;
  let next = 0;
  for (const part of parts) {
    const exposure = part.seconds * (part.keepProbability ?? 1);
    if (!(exposure > 0) || !(part.work >= 0) || !(part.workSquared >= 0)) continue;
    const mean = part.work > 0 ? part.workSquared / part.work : 0;
    sum += part.work / exposure;
    sumOfSquares += part.workSquared / exposure / exposure;
    next = Math.max(next, (nextWork(part) || mean) / exposure);
  }
  const limits = weightedInterval({ sum, sumOfSquares, next });
  if (limits === null) return null;
  return {
    estimate: sum,
    low95: limits.low,
    high95: limits.high,
    effectiveShares: effectiveCount({ sum, sumOfSquares, next }),
  };
}

/**
 * The sum of shares that would give a rate with this lower limit: as many equal shares, within a second. It is the
 * count that a total needs; limits of several rates do not add.
 */
export function sumOfRate({
  estimate,
  low95,
}: {
  readonly estimate: number;
  readonly low95: number | null;
}): ShareSum {
  let [few, many] = [1e-3, 1e9];
  const part = estimate > 0 ? (low95 ?? 0) / estimate : 0;
  // The lower limit of a count is the nearer to it the more was counted.
  for (let i = 0; i < 60 && part > 0; i++) {
    const count = Math.sqrt(few * many);
    if (gammaQuantile(count, (1 - LEVEL) / 2) / count < part) few = count;
    else many = count;
  }
  const shares = part > 0 ? many : 0;
  const workSquared = shares > 0 ? (estimate * estimate) / shares : 0;
  return { work: estimate, workSquared, shares, seconds: 1 };
}
