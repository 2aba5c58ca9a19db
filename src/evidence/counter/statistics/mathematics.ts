/** The small statistics that the counter estimator needs: quantiles, medians, counts. */

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
  const sorted = new Float64Array(values).sort();
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** How many of a list are true. */
export function countOf(list: readonly boolean[]): number {
  let count = 0;
  for (const yes of list) if (yes) count += 1;
  return count;
}
