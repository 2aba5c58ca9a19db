import { describe, expect, it } from 'vitest';
import { gammaQuantile, gammaTail } from '../../src/evidence/gamma.ts';

const gammaLower = (shape: number, x: number): number => gammaTail(shape, x, false);
const gammaUpper = (shape: number, x: number): number => gammaTail(shape, x, true);

function relativeError(value: number, expected: number): number {
  return Math.abs(value / expected - 1);
}

/** Shape, probability, quantile: Newton's method on the power series, in 40-digit arithmetic. */
const QUANTILES: [number, number, number][] = [
  [0.001, 0.975, 5.679251996823423e-12],
  [0.02, 0.975, 0.1927564005682633],
  [0.5, 0.025, 0.000491034558587628],
  [0.5, 0.5, 0.2274682115597864],
  [0.5, 0.975, 2.5119430936574445],
  [3.7, 0.025, 0.9408724643775052],
  [3.7, 0.5, 3.3725380132364147],
  [3.7, 0.975, 8.312977261150271],
  [39.62251655629139, 0.025, 28.257842950794316],
  [39.62251655629139, 0.5, 39.2896863582321],
  [39.62251655629139, 0.975, 52.87802744349918],
  [1000, 0.025, 938.9730184076952],
  [1000, 0.5, 999.6666864269652],
  [1000, 0.975, 1062.9211512248878],
  [123456.7, 0.025, 122768.98674615634],
  [123456.7, 0.5, 123456.36666682667],
  [123456.7, 0.975, 124146.30755862092],
  [10_000_000, 0.025, 9993802.996884268],
  [10_000_000, 0.5, 9999999.666666668],
  [10_000_000, 0.975, 10006198.8974216],
];

/** Degrees of freedom, probability, chi-square quantile as printed in statistical tables. */
const CHI_SQUARE: [number, number, number, number][] = [
  [1, 0.95, 3.841, 3],
  [2, 0.025, 0.0506, 4],
  [4, 0.975, 11.143, 3],
  [10, 0.95, 18.307, 3],
  [20, 0.025, 9.591, 3],
  [20, 0.975, 34.17, 3],
  [30, 0.99, 50.892, 3],
  [100, 0.05, 77.929, 3],
  [100, 0.95, 124.342, 3],
];

describe('gamma quantiles', () => {
  it.each(QUANTILES)('of shape %d at %d agree with 40-digit arithmetic', (shape, probability, quantile) => {
    expect(relativeError(gammaQuantile(shape, probability), quantile)).toBeLessThan(1e-10);
  });
  it.each(CHI_SQUARE)(
    'give the tabled chi-square of %d degrees of freedom at %d',
    (degrees, probability, value, digits) => {
      expect(2 * gammaQuantile(degrees / 2, probability)).toBeCloseTo(value, digits);
    },
  );
  it('invert the distribution for every shape', () => {
    for (let exponent = -3; exponent <= 7; exponent += 0.25) {
      const shape = 10 ** exponent;
      for (const probability of [1e-6, 0.005, 0.025, 0.5, 0.975, 0.995]) {
        const x = gammaQuantile(shape, probability);
        if (x === 0) continue; // Below the smallest double.
        expect(relativeError(gammaLower(shape, x), probability)).toBeLessThan(1e-10);
        expect(relativeError(gammaUpper(shape, x), 1 - probability)).toBeLessThan(1e-10);
      }
    }
  });
  it('pass smoothly from the exact form to the approximation for huge shapes', () => {
    // 40-digit arithmetic, as above.
    expect(relativeError(gammaQuantile(1.0000001e8, 0.975), 100019600.58698115 + 10.001)).toBeLessThan(1e-9);
    expect(relativeError(gammaQuantile(1e8, 0.025), 99980401.30732474)).toBeLessThan(1e-10);
  });
});

describe('the incomplete gamma function', () => {
  it('is the exponential distribution for shape 1', () => {
    for (const x of [1e-8, 0.3, 1, 2, 5, 40]) {
      expect(relativeError(gammaLower(1, x), -Math.expm1(-x))).toBeLessThan(1e-13);
      expect(relativeError(gammaUpper(1, x), Math.exp(-x))).toBeLessThan(1e-13);
    }
  });
  it('is the Poisson sum for whole shapes', () => {
    // P(N < 4) for mean 6.5.
    const below4 = Math.exp(-6.5) * (1 + 6.5 + 6.5 ** 2 / 2 + 6.5 ** 3 / 6);
    expect(relativeError(gammaUpper(4, 6.5), below4)).toBeLessThan(1e-13);
  });
});

it('answers what is no shape or no probability with NaN, and the ends with the ends', () => {
  for (const shape of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(gammaQuantile(shape, 0.5)).toBeNaN();
    expect(gammaLower(shape, 1)).toBeNaN();
    expect(gammaUpper(shape, 1)).toBeNaN();
  }
  expect(gammaQuantile(2, 1.5)).toBeNaN();
  expect([gammaQuantile(2, 0), gammaQuantile(2, 1)]).toEqual([0, Number.POSITIVE_INFINITY]);
  expect([gammaLower(2, 0), gammaUpper(2, 0)]).toEqual([0, 1]);
  expect([gammaLower(2, Number.POSITIVE_INFINITY), gammaUpper(2, Number.POSITIVE_INFINITY)]).toEqual([1, 0]);
});
