import { expect, it } from 'vitest';
import { supported } from '../../src/report/digits.ts';

it('a figure has no more digits than its interval supports, and a modelled one three at most', () => {
  expect(supported(287_441.3, 100_201, 801_337, 'modelled')).toEqual({
    value: 290_000,
    low: 100_000,
    high: 800_000,
  });
  expect(supported(88.6, 74.4, 117.6, 'shares')).toEqual({ value: 89, low: 74, high: 118 });
  expect(supported(1_234_567, 1_234_000, 1_235_100, 'counter')).toEqual({
    ...{ value: 1_234_570, low: 1_234_000, high: 1_235_100 },
  });
  expect(supported(1_234_567, 1_234_000, 1_235_100, 'modelled').value).toBe(1_230_000);
  // A limit far below keeps two digits of its own.
  expect(supported(1, 0.0253, 5.5716, 'shares')).toEqual({ value: 1, low: 0.025, high: 5.6 });
});

it('a figure without limits has three digits; nothing stays nothing', () => {
  expect(supported(25_213_456, null, null, 'self-reported')).toEqual({
    value: 25_200_000,
    low: null,
    high: null,
  });
  expect(supported(0, 0, 35, 'shares')).toEqual({ value: 0, low: 0, high: 35 });
});
