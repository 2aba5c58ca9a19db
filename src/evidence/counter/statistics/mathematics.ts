/** The small statistics that the counter estimator needs: quantiles, medians, counts. Pure functions on numbers. */

/** The 97.5 % quantile of Student's t; `freedom` may be fractional and is taken as at least 1. */
export function studentQuantile(freedom: number): number {
  const v = Math.max(1, freedom);
  // Cornish-Fisher about the normal quantile is good to 1 % from 4 degrees on; exact values below.
  if (v >= 4) {
    const z = 1.959964;
    const g1 = (z ** 3 + z) / 4;
    const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
    const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
    return z + g1 / v + g2 / v ** 2 + g3 / v ** 3;
  }
  const exact = [12.706, 4.303, 3.182, 2.776];
  const below = Math.floor(v);
  const left = exact[below - 1] ?? 12.706;
  const right = exact[below] ?? 2.776;
  return Math.exp(Math.log(left) + (v - below) * (Math.log(right) - Math.log(left)));
}

/** Middle of a list (mean of the two middle ones); NaN if empty. */
export function median(values: readonly number[] | Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}

/**
 * How unlikely (ln) it is that the first `others` of `all`, in an order that is chance, are none of `own` ones among
 * them.
 */
export function unluck(others: number, own: number, all: number): number {
  let log = 0;
  for (let index = 0; index < others; index += 1) log -= Math.log((all - own - index) / (all - index));
  return log;
}

/** So many of a list at most, evenly spread over it. */
export function thinned<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, index) => list[Math.floor((index * list.length) / most)]);
}

/** How many of a list are true. */
export function countOf(list: readonly boolean[]): number {
  let count = 0;
  for (const yes of list) if (yes) count += 1;
  return count;
}

/** Normal distribution function, absolute error below 1e-7; `bell` is exp(-z²/2). */
function normalCdf(z: number, bell: number): number {
  const t = 1 / (1 + 0.3275911 * (Math.abs(z) / Math.SQRT2));
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (poly * bell) / 2;
  return z > 0 ? 1 - tail : tail;
}

/** The point below which `level` (0.001 to 0.999) of the normal distribution lies; error below 5e-4 (Hastings). */
export function normalQuantile(level: number): number {
  if (level === 0.5) return 0;
  const t = Math.sqrt(-2 * Math.log(Math.min(level, 1 - level)));
  const z =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return level < 0.5 ? -z : z;
}

/** One part of a mixture: its weight, its centre and its standard deviation. */
export interface MixturePart {
  readonly weight: number;
  readonly centre: number;
  readonly deviation: number;
}

/** Steps towards a quantile at most, and the part of the range below which a step is too small to matter. */
const MOST_STEPS = 60;
const CLOSE = 2 ** -36;

/**
 * The point below which `level` (0 to 1) of a mixture of normal distributions lies: by tangents, and by halving the
 * range in which it lies if they lead out of that.
 */
export function mixtureQuantile(parts: readonly MixturePart[], level: number): number {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only.centre + only.deviation * normalQuantile(level);
  let total = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < parts.length; index += 1) {
    const { weight, centre, deviation } = parts[index];
    total += weight;
    low = Math.min(low, centre - 8 * deviation);
    high = Math.max(high, centre + 8 * deviation);
  }
  const close = CLOSE * (high - low);
  let at = (low + high) / 2;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { below, density } = partBelow(parts, at);
    const miss = below - level * total;
    if (miss < 0) low = at;
    else high = at;
    const tangent = at - miss / density;
    const next = tangent > low && tangent < high ? tangent : (low + high) / 2;
    if (Math.abs(next - at) < close) return next;
    at = next;
  }
  return at;
}

/** The weight of a mixture below a point, and its density there. */
function partBelow(
  parts: readonly MixturePart[],
  at: number,
): { readonly below: number; readonly density: number } {
  let below = 0;
  let density = 0;
  for (let index = 0; index < parts.length; index += 1) {
    const { weight, centre, deviation } = parts[index];
    const z = (at - centre) / deviation;
    const bell = Math.exp(-(z * z) / 2);
    below += weight * normalCdf(z, bell);
    density += (weight * bell) / (deviation * 2.5066);
  }
  return { below, density };
}
