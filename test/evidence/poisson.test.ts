import { describe, expect, it } from 'vitest';
import { poissonInterval, rateFromShares, totalRate } from '../../src/evidence/poisson.ts';

/** `shares` shares of one work. */
function equal(shares: number, work: number, seconds: number) {
  return { shares, work: shares * work, workSquared: shares * work * work, seconds, workInForce: work };
}

/** Six or seven printed digits. */
function near(value: number | undefined, printed: number, digits = 6): void {
  expect(value).toBeDefined();
  expect(Math.abs((value ?? 0) / printed - 1)).toBeLessThan(0.51 * 10 ** (1 - digits));
}

describe('Poisson limits', () => {
  /** Count, low/count, high/count: docs/reference/protocols.md 5.8, and 5.10 for 12 and 21. */
  const MULTIPLIERS: [number, number, number][] = [
    [1, 0.0253, 5.5716],
    [2, 0.1211, 3.6123],
    [3, 0.2062, 2.9224],
    [4, 0.2725, 2.5604],
    [5, 0.3247, 2.3337],
    [10, 0.4795, 1.839],
    [12, 0.5167, 1.7468],
    [20, 0.6108, 1.5444],
    [21, 0.619, 1.5286],
    [30, 0.6747, 1.4276],
    [50, 0.7422, 1.3184],
    [100, 0.8136, 1.2163],
    [200, 0.8662, 1.1486],
    [400, 0.9044, 1.103],
    [1000, 0.939, 1.064],
  ];
  it.each(MULTIPLIERS)('of %d events lie at %d and %d of it', (count, low, high) => {
    const limits = poissonInterval(count);
    expect((limits?.low ?? 0) / count).toBeCloseTo(low, 4);
    expect((limits?.high ?? 0) / count).toBeCloseTo(high, 4);
  });
  it('of no event are 0 and −ln 0.025', () => {
    expect(poissonInterval(0)?.low).toBe(0);
    expect(poissonInterval(0)?.high).toBeCloseTo(-Math.log(0.025), 12);
  });
  it('do not exist for what is no count', () => {
    for (const count of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(poissonInterval(count)).toBeNull();
    }
  });
});

describe('a rate over a fixed window', () => {
  const G = 2 ** 32;
  /** docs/reference/protocols.md 5.10: name, shares, work, seconds, rate, low, high. */
  const ORACLES: [string, number, number, number, number, number, number][] = [
    ['A: SHA256d', 100, 65536 * G, 600, 46912496118442.664, 3.816988e13, 5.705816e13],
    ['B: scrypt', 40, 512 * 65536, 900, 1491308.088888889, 1.065412e6, 2.030738e6],
    ['C: RandomX', 30, 10000, 300, 1000, 674.6958, 1427.562],
    ['D: RandomX', 12, 480045, 1200, 4800.45, 2480.463, 8385.42],
    ['E: Ethash', 25, 4.0e9, 2000, 50000000, 3.235736e7, 7.380986e7],
    ['F: EthereumStratum/1', 9, 0.5 * G, 240, 80530636.8, 3.682374e7, 1.528722e8],
    ['G: KawPow', 50, 8590065666.00003, 1800, 238612935.16666752, 1.771031e8, 3.145814e8],
    ['H: Equihash', 60, 16000, 600, 1600, 1220.969, 2059.517],
    ['I: Kaspa', 200, 64 * G, 900, 61083979320.888885, 5.291121e10, 7.016166e10],
    ['J: Ergo', 15, 4.0e9, 450, 133333333.33333333, 7.462565e7, 2.199131e8],
    ['K: X11', 33, 0.02 * G, 700, 4049540.5933714285, 2.787517e6, 5.687061e6],
    ['N: Groestl', 20, 16 * 2 ** 24, 300, 17895697.066666666, 1.093116e7, 2.763845e7],
    ['O: Stratum V2', 75, 2 ** 53, 600, 1125899906842624, 8.855917e14, 1.411325e15],
    ['P: Alephium', 40, 64 * 2 ** 34, 600, 73300775185.06667, 5.236715e10, 9.981485e10],
    ['Q: Verthash', 21, 2 ** 24, 500, 704643.072, 4.361852e5, 1.077122e6],
    ['R: GhostRider', 18, 0.5 * 65536, 600, 983.04, 582.6118, 1553.627],
    ['AA: Coinhive', 12, 256, 60, 51.2, 26.4558, 89.4361],
  ];
  it.each(ORACLES)('%s', (_name, shares, work, seconds, rate, low, high) => {
    const found = rateFromShares(equal(shares, work, seconds));
    near(found?.estimate, rate, 15);
    near(found?.low95, low);
    near(found?.high95, high);
  });
  /** Rate, and limits as parts of it. */
  const PARTS: [string, number, number, number, number, number | null, number | null][] = [
    ['S: neoscrypt', 21, 0.25 * 65536, 500, 688.128, 0.619, 1.5286],
    ['T: x16r', 30, 4 * 2 ** 24, 400, 5033164.8, 0.6747, 1.4276],
    ['U: lyra2v2', 12, 0.5 * 2 ** 24, 300, 335544.32, null, null],
    ['V: keccak', 14, 2 * 2 ** 24, 350, 1342177.28, null, null],
    ['W: effective', 95, 2 ** 30, 600, 170009122.13333333, null, null],
    ['W: worked', 100, 2 ** 30, 600, 178956970.66666666, null, null],
    ['Z: Grin, 42 graphs a share', 30, 42, 300, 4.2, null, null],
  ];
  it.each(PARTS)('%s', (_name, shares, work, seconds, rate, low, high) => {
    const found = rateFromShares(equal(shares, work, seconds));
    near(found?.estimate, rate, 14);
    if (low !== null) expect((found?.low95 ?? 0) / rate).toBeCloseTo(low, 4);
    if (high !== null) expect((found?.high95 ?? 0) / rate).toBeCloseTo(high, 4);
  });
  it('M: has no lower and a known upper limit without a share', () => {
    const found = rateFromShares({ ...equal(0, 0, 600), workInForce: 65536 * G });
    expect(found?.estimate).toBe(0);
    expect(found?.low95).toBe(0);
    near(found?.high95, 1730545430725.23, 14);
  });
  it('does not exist without window, work or sense', () => {
    expect(rateFromShares(equal(5, 10000, 0))).toBeNull();
    expect(rateFromShares(equal(5, 10000, -3))).toBeNull();
    expect(rateFromShares(equal(5, 0, 60))).toBeNull();
    expect(rateFromShares(equal(0, 0, 60))).toBeNull();
    expect(rateFromShares(equal(5, Number.NaN, 60))).toBeNull();
  });
  it('keeps its limits for work near the ends of the doubles', () => {
    near(rateFromShares(equal(30, 1e150, 1e3))?.high95, 1.427562 * 30 * 1e147);
  });
});

describe('a rate over vardiff', () => {
  const G = 2 ** 32;
  const steps: [number, number][] = [
    [10, 1024 * G],
    [25, 2048 * G],
    [12, 4096 * G],
  ];
  const mixed = {
    shares: 47,
    work: steps.reduce((sum, [shares, work]) => sum + shares * work, 0),
    workSquared: steps.reduce((sum, [shares, work]) => sum + shares * work * work, 0),
    seconds: 1500,
  };
  it('L: has the limits of its effective count where the work in force is unknown', () => {
    const found = rateFromShares(mixed);
    near(found?.estimate, 316659348799.488, 14);
    near(found?.low95, 2.247694e11);
    near(found?.high95, 4.335378e11);
  });
  it('has an upper limit further out where a share could have weighed more than the mean', () => {
    const found = rateFromShares({ ...mixed, workInForce: 4096 * G });
    near(found?.low95, 2.247694e11);
    // Fay and Feuer's formula by hand: y = 110592, v = 316669952, w = 4096 (in units of G), shape
    // (y+w)²/(v+w²) = 39.44654088050314; the gamma quantile is SciPy's.
    near(found?.high95, 438509034993.5269, 11);
  });
});

describe('a total of rates', () => {
  it('is the rate of one part, where there is one', () => {
    const one = rateFromShares(equal(30, 10000, 300));
    const total = totalRate([equal(30, 10000, 300)]);
    near(total?.estimate, one?.estimate ?? 0, 14);
    near(total?.low95, one?.low95 ?? 0, 12);
    near(total?.high95, one?.high95 ?? 0, 12);
  });
  it('of equal parts has the limits of all their shares together', () => {
    const total = totalRate([equal(12, 10000, 300), equal(18, 10000, 300), equal(0, 0, 0)]);
    near(total?.estimate, 1000, 14);
    near(total?.low95, 674.6958);
    near(total?.high95, 1427.562);
  });
  it('is narrower than the sum of the limits', () => {
    const parts = Array.from({ length: 20 }, () => equal(5, 1000, 100));
    const total = totalRate(parts);
    near(total?.estimate, 1000, 14);
    expect(total?.high95).toBeCloseTo(1000 * 1.2163, 0);
  });
  it('does not exist without a usable part', () => {
    expect(totalRate([])).toBeNull();
    expect(totalRate([equal(3, 10, 0)])).toBeNull();
  });
});
