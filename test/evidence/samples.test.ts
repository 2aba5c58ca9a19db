/** Small samples: hand-computed values, and the published quantiles of Lilliefors' test by simulation. */
import { describe, expect, it } from 'vitest';
import { exponentialMisfit, median, modalWindow, variation } from '../../src/evidence/samples.ts';
import { random } from '../support/random.ts';

describe('a sample', () => {
  it('has a median, the upper of two', () => {
    expect([median([]), median([3]), median([4, 1]), median([9, 1, 5])]).toEqual([0, 3, 4, 5]);
  });

  it('has a variation: 0 for a clock, the deviation over the mean else', () => {
    expect(variation([])).toBe(0);
    expect(variation([7])).toBe(0);
    expect(variation([5, 5, 5])).toBe(0);
    expect(variation([1, 3])).toBeCloseTo(Math.SQRT2 / 2, 12);
  });

  it('has a stretch in which most of it lies, the lowest of equals', () => {
    expect(modalWindow([90, 240, 241, 245, 600], 14)).toEqual({ low: 240, high: 245 });
    expect(modalWindow([10, 30], 5)).toEqual({ low: 10, high: 10 });
    expect(modalWindow([1, 2, 3, 4], 1)).toEqual({ low: 1, high: 2 });
  });
});

describe('the misfit of gaps', () => {
  it('is that computed by hand for two values', () => {
    // Gaps 1 and 3, mean 2: F(1) = 1 - e^-0.5, F(3) = 1 - e^-1.5; D = F(1) - 0.
    const distance = 1 - Math.exp(-0.5);
    const above = 1 - Math.exp(-1.5) - 0.5;
    const largest = Math.max(distance, above, 1 - (1 - Math.exp(-1.5)), 0.5 - distance);
    const expected = (largest - 0.1) * (Math.SQRT2 + 0.26 + 0.5 / Math.SQRT2);
    expect(exponentialMisfit([3, 1])).toBeCloseTo(expected, 12);
  });

  it('has no value without gaps', () => {
    expect([exponentialMisfit([]), exponentialMisfit([1]), exponentialMisfit([0, 0])]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('of chance alone exceeds the published quantiles as often as they say', () => {
    const draw = random(5);
    const runs = 4000;
    for (const count of [12, 40, 120]) {
      const misfits = Array.from({ length: runs }, () =>
        exponentialMisfit(Array.from({ length: count }, () => draw.exponential(7))),
      );
      for (const [quantile, part] of [
        [0.99, 0.1],
        [1.094, 0.05],
        [1.308, 0.01],
      ] as const) {
        const above = misfits.filter((misfit) => misfit > quantile).length / runs;
        expect(Math.abs(above - part)).toBeLessThan(4 * Math.sqrt((part * (1 - part)) / runs) + 0.005);
      }
    }
  });

  it('of a clock, and of one that strays by 40 of 100, is beyond what chance does', () => {
    const draw = random(6);
    const gaps = (spread: number): number[] =>
      Array.from({ length: 30 }, () => 10 * (1 + spread * (2 * draw.next() - 1)));
    expect(exponentialMisfit(gaps(0.01))).toBeGreaterThan(3);
    expect(exponentialMisfit(gaps(0.4))).toBeGreaterThan(1.5);
  });
});
