/**
 * Hashrates from shares: shares are Poisson events, and each counts with its work (docs/reference/protocols.md 5.1, 5.8).
 * Equal work gives the exact two-sided limits, mixed work the gamma limits of Fay and Feuer (Statistics in Medicine
 * 16, 1997) for weighted Poisson sums, which are the exact ones if all weights are equal. Units: work in hashes
 * (or solutions, graphs), time in seconds, rates in one per second. Limits carry the error of gamma.ts (1e-10).
 */
import type { Range } from '../estimate.ts';
import { gammaQuantile } from './gamma.ts';

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

/** Of each side of an interval of 95 %. */
const TAIL = (1 - 0.95) / 2;

/**
 * Exact two-sided limits of a Poisson mean after `count` events (real counts interpolate through the gamma
 * function). Null if the count is negative or no number.
 */
export function poissonInterval(count: number): Range | null {
  if (!(count >= 0) || !Number.isFinite(count)) return null;
  return { low: count === 0 ? 0 : gammaQuantile(count, TAIL), high: gammaQuantile(count + 1, 1 - TAIL) };
}

/**
 * Two-sided limits of the mean of a weighted Poisson sum. With y = Σw, v = Σw² and w the next weight:
 * low = (v/y)·G(y²/v), high = ((v+w²)/(y+w))·G((y+w)²/(v+w²)), G being the gamma quantile of the tail. Null if
 * the sums are not sums, or if nothing was seen and no weight is known.
 */
export function weightedInterval(seen: WeightedSum): Range | null {
  const { sum, sumOfSquares } = seen;
  if (!(sum >= 0 && sumOfSquares >= 0 && seen.next >= 0)) return null;
  const mean = sum > 0 ? sumOfSquares / sum : 0;
  const next = seen.next > 0 ? seen.next : mean;
  if (!(next > 0) || !Number.isFinite(next) || !Number.isFinite(sum)) return null;
  // The number of equal events that scatter as these did.
  const count = sum > 0 && sumOfSquares > 0 ? (sum / sumOfSquares) * sum : 0;
  // Divided by the next weight first: squares of work leave the range of doubles otherwise.
  const y = sum / next + 1;
  const v = sumOfSquares / next / next + 1;
  return {
    low: count === 0 ? 0 : mean * gammaQuantile(count, TAIL),
    high: next * (v / y) * gammaQuantile((y / v) * y, 1 - TAIL),
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
  /** Of `work` what was captured: the rest stands for packets that are missing. All of it if absent. */
  readonly captured?: number;
}

export interface Rate {
  readonly estimate: number;
  readonly low95: number;
  readonly high95: number;
}

/**
 * Rate over a fixed window: ΣW/T and its 95 % limits. Without a share the estimate is 0 and the upper limit that
 * of the work in force. Null if the window is empty or the work unknown.
 */
export function rateFromShares(seen: ShareSum): Rate | null {
  if (!(seen.seconds > 0) || (seen.shares > 0 && !(seen.work > 0))) return null;
  const next = seen.workInForce ?? 0;
  const limits = weightedInterval({ sum: seen.work, sumOfSquares: seen.workSquared, next });
  if (limits === null) return null;
  const { low, high } = limits;
  const rate = { estimate: seen.work / seen.seconds, low95: low / seen.seconds, high95: high / seen.seconds };
  return widened(rate, rate.estimate * correctionError(seen));
}

/** By how much work was multiplied for packets that are missing, 1 if by nothing. */
export function correctionOf({ work, captured = work }: ShareSum): number {
  return captured > 0 ? work / captured : 1;
}

/**
 * Part of the corrected work that the correction may be wrong by (95 %): the bytes that are missing may hold half as many
 * shares more or fewer than those that were captured.
 */
function correctionError(seen: ShareSum): number {
  return 0.5 * (1 - 1 / correctionOf(seen));
}

/** Limits with an error that has nothing to do with theirs. */
function widened({ estimate, low95, high95 }: Rate, error: number): Rate {
  if (error === 0) return { estimate, low95, high95 };
  return {
    estimate,
    low95: Math.max(0, estimate - Math.hypot(estimate - low95, error)),
    high95: estimate + Math.hypot(high95 - estimate, error),
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
  let error = 0;
  for (const part of parts) {
    const { work, workSquared, seconds, workInForce = 0 } = part;
    if (!(seconds > 0) || !(work >= 0) || !(workSquared >= 0)) continue;
    const mean = work > 0 ? workSquared / work : 0;
    sum += work / seconds;
    sumOfSquares += workSquared / seconds / seconds;
    next = Math.max(next, (workInForce || mean) / seconds);
    error = Math.hypot(error, (work / seconds) * correctionError(part));
  }
  const limits = weightedInterval({ sum, sumOfSquares, next });
  return limits && widened({ estimate: sum, low95: limits.low, high95: limits.high }, error);
}

/**
 * The sum of shares that would give a rate with this lower limit: as many equal shares, within a second. It is the
 * count that a total needs; limits of several rates do not add.
 */
export function sumOfRate(rate: { readonly estimate: number; readonly low95: number | null }): ShareSum {
  const { estimate, low95 } = rate;
  let [few, many] = [1e-3, 1e9];
  const part = estimate > 0 ? (low95 ?? 0) / estimate : 0;
  // The lower limit of a count is the nearer to it the more was counted.
  for (let i = 0; i < 60 && part > 0; i++) {
    const count = Math.sqrt(few * many);
    if (gammaQuantile(count, TAIL) / count < part) few = count;
    else many = count;
  }
  const shares = part > 0 ? many : 0;
  const workSquared = shares > 0 ? (estimate * estimate) / shares : 0;
  return { work: estimate, workSquared, shares, seconds: 1 };
}
