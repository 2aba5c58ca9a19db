/**
 * The regularised incomplete gamma function and its inverse, for exact Poisson and chi-square limits
 * (chi-square with 2a degrees of freedom is twice a gamma variable of shape a). The leading factor is written as
 * Loader's saddle point (deviance and Stirling error), so nothing large cancels. Relative error of values and
 * quantiles is below 1e-10 for shapes 1e-3 to 1e8; beyond 1e8 quantiles are Wilson-Hilferty's (as good there).
 */

const HALF_LOG_TWO_PI = 0.9189385332046727;
const LARGEST_EXACT_SHAPE = 1e8;

/** Stirling error ln Γ(a+1) − (a+½)·ln a + a − ½·ln 2π, for a > 0. Absolute error below 1e-14. */
function stirlingError(a: number): number {
  if (a < 16) {
    // Γ(a+1) climbs to an argument where the series holds: ln Γ(a+1) = ln Γ(b+1) − Σ ln(a+k).
    let product = 1;
    let b = a;
    while (b < 16) {
      b += 1;
      product *= b;
    }
    const logGamma = stirlingError(b) + (b + 0.5) * Math.log(b) - b + HALF_LOG_TWO_PI - Math.log(product);
    return logGamma - (a + 0.5) * Math.log(a) + a - HALF_LOG_TWO_PI;
  }
  const s = 1 / (a * a);
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188))))) / a;
}

/** Deviance a·ln(a/x) + x − a without cancellation near x = a. */
function deviance(a: number, x: number): number {
  const v = (a - x) / (a + x);
  if (Math.abs(v) > 0.1) return a * Math.log(a / x) + x - a;
  // ln(a/x) = 2·artanh v, and a·2v + x − a = v·(a − x).
  let sum = v * (a - x);
  let term = 2 * a * v;
  for (let k = 3; k < 60; k += 2) {
    term *= v * v;
    const next = sum + term / k;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** x^a·e^−x / Γ(a+1), for a > 0 and x > 0. */
function leadingFactor(a: number, x: number): number {
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
}

/** P = factor · Σ x^k / ((a+1)…(a+k)); all terms positive. */
function lowerSeries(a: number, x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; ; k += 1) {
    term *= x / (a + k);
    sum += term;
    if (term < sum * 1e-17) return sum * leadingFactor(a, x);
  }
}

/** Q by Lentz's continued fraction, for x > a + 1. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let k = 1; k < 10_000_000; k += 1) {
    const an = -k * (k - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    const delta = c * d;
    h *= delta;
    if (Math.abs(delta - 1) < 1e-16) break;
  }
  return h * a * leadingFactor(a, x);
}

/**
 * P(a, x), the chance that a gamma variable of shape `a` > 0 stays at or below `x`, or Q(a, x) = 1 − P(a, x), each without
 * cancellation; NaN for a shape that is none.
 */
export function gammaTail(a: number, x: number, isUpper: boolean): number {
  if (!(a > 0) || !Number.isFinite(a) || Number.isNaN(x)) return Number.NaN;
  if (x <= 0 || x === Number.POSITIVE_INFINITY) return Number(x <= 0 === isUpper);
  const isFraction = x > a + 1;
  const tail = isFraction ? upperFraction(a, x) : lowerSeries(a, x);
  return isFraction === isUpper ? tail : 1 - tail;
}

/** Standard normal quantile for a tail in (0, 0.5] (Hastings' rational form, absolute error 4.5e-4): a start only. */
function normalTailQuantile(tail: number): number {
  const t = Math.sqrt(-2 * Math.log(tail));
  return (
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  );
}

/** Newton steps on the exact tail, so that the Wilson-Hilferty value for huge shapes is as good as its formula. */
function normalQuantile(probability: number): number {
  const tail = Math.min(probability, 1 - probability);
  let z = normalTailQuantile(tail);
  for (let step = 0; step < 6; step += 1) {
    const upper = 0.5 * gammaTail(0.5, (z * z) / 2, true);
    z += (upper - tail) / (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI));
  }
  return probability < 0.5 ? -z : z;
}

function wilsonHilferty(a: number, z: number): number {
  const root = 1 - 1 / (9 * a) + z / (3 * Math.sqrt(a));
  return a * root * root * root;
}

/**
 * The x with P(a, x) = `probability`, for a shape `a` > 0; 0 for probability 0 and for values below 1e-300,
 * infinity for 1, NaN for anything that is no shape or no probability.
 */
export function gammaQuantile(a: number, probability: number): number {
  if (!(a > 0) || !Number.isFinite(a) || !(probability >= 0 && probability <= 1)) return Number.NaN;
  if (probability === 0) return 0;
  if (probability === 1) return Number.POSITIVE_INFINITY;
  if (a > LARGEST_EXACT_SHAPE) return wilsonHilferty(a, normalQuantile(probability));

  // P = x^a/Γ(a+1) · M with M ≤ 1: this start lies below the root and is the root itself for small x.
  const logGammaPlus1 = stirlingError(a) + (a + 0.5) * Math.log(a) - a + HALF_LOG_TWO_PI;
  const logSmall = (Math.log(probability) + logGammaPlus1) / a;
  if (logSmall < -690) return 0;
  const sign = probability < 0.5 ? -1 : 1;
  const guess = wilsonHilferty(a, sign * normalTailQuantile(Math.min(probability, 1 - probability)));
  let x = guess > 0 && a > 0.5 ? guess : Math.exp(logSmall);

  // Newton in ln x on the logarithm of the smaller tail, kept inside a bracket that every step narrows.
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 200; step += 1) {
    const upperTail = probability > 0.5;
    const tail = gammaTail(a, x, upperTail);
    const target = upperTail ? 1 - probability : probability;
    const above = upperTail ? tail < target : tail > target;
    if (above) high = x;
    else low = x;
    const slope = (a * leadingFactor(a, x)) / tail;
    const logStep = Math.log(tail / target) / slope;
    let next = x * Math.exp(upperTail ? logStep : -logStep);
    if (!(next > low && next < high)) {
      next = high === Number.POSITIVE_INFINITY ? x * 2 : (low + high) / 2;
    }
    if (Math.abs(next - x) <= 1e-14 * x) return next;
    x = next;
  }
  return x;
}
