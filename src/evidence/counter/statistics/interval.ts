/** Rates with their 95 % intervals, and the mixtures of normal distributions whose quantiles they are. */

export interface Interval {
  readonly estimate: number;
  readonly low95: number;
  readonly high95: number;
}

/** The interval of a mixture, brought to rates by a function of its quantiles. */
export function mixtureInterval(
  parts: readonly MixturePart[],
  rateOf: (quantile: number) => number,
): Interval {
  return {
    estimate: rateOf(mixtureQuantile(parts, 0.5)),
    low95: rateOf(mixtureQuantile(parts, 0.025)),
    high95: rateOf(mixtureQuantile(parts, 0.975)),
  };
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
function normalQuantile(level: number): number {
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
function mixtureQuantile(parts: readonly MixturePart[], level: number): number {
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
