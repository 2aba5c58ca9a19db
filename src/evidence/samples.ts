/** Small samples of numbers: median, spread, the range of most of them, and whether the gaps are random. */

/** The middle value, the upper of two; 0 of none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** Standard deviation over mean; 0 of fewer than two values. */
export function variation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return mean > 0 ? Math.sqrt(squares / (values.length - 1)) / mean : 0;
}

/** The interval of at most `width` that holds most of the values, the lowest of equals. */
export function modalWindow(values: readonly number[], width: number): { low: number; high: number } {
  const sorted = values.toSorted((a, b) => a - b);
  let best = { low: sorted[0], high: sorted[0] };
  let most = 0;
  let first = 0;
  for (let last = 0; last < sorted.length; last++) {
    while (sorted[last] - sorted[first] > width) first++;
    if (last - first + 1 > most) {
      most = last - first + 1;
      best = { low: sorted[first], high: sorted[last] };
    }
  }
  return best;
}

/**
 * How badly an exponential distribution of the sample's own mean fits: Lilliefors' D, modified for the number of
 * values as Stephens (1974) did. Chance alone stays below 0.99 in 90 of 100 samples, 1.094 in 95, 1.308 in 99.
 */
export function exponentialMisfit(values: readonly number[]): number {
  const count = values.length;
  const total = values.reduce((sum, value) => sum + value, 0);
  if (count < 2 || !(total > 0)) return Number.POSITIVE_INFINITY;
  const sorted = values.toSorted((a, b) => a - b);
  let distance = 0;
  for (let i = 0; i < count; i++) {
    const expected = 1 - Math.exp((-sorted[i] * count) / total);
    distance = Math.max(distance, expected - i / count, (i + 1) / count - expected);
  }
  const root = Math.sqrt(count);
  return (distance - 0.2 / count) * (root + 0.26 + 0.5 / root);
}
