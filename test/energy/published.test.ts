/** The arithmetic of docs/energy.md section 4: each derived number is an oracle. */
import { describe, expect, it } from 'vitest';
import { powerOf } from '../../src/energy/power.ts';
import {
  derivedFigures,
  ENERGY_FACTORS,
  PUBLISHED_AUDITS,
  parsePowerPerAddress,
  sha256dDay,
} from '../../src/energy/published.ts';
import { efficiencyWarning, isTooHeavy } from '../../src/energy/sanity.ts';
import { totalPower } from '../../src/energy/totals.ts';

const [JIANGSU, ZHEJIANG] = PUBLISHED_AUDITS;
const OCTOBER_2021 = Date.UTC(2021, 9, 8) * 1000;
const NO_PUE = { name: 'none', low: 1, central: 1, high: 1 };

describe('what follows from the published figures', () => {
  it('is, for Jiangsu, what its own numbers give', () => {
    const derived = derivedFigures(JIANGSU);
    expect(derived.meanWatts / 1e6).toBeCloseTo(10.83, 2);
    expect(derived.kwhPerDayPerAddress).toBeCloseTo(57.75, 2);
    expect(derived.wattsPerAddress / 1000).toBeCloseTo(2.41, 2);
    expect((derived.bpsPerAddress ?? 0) / 1000).toBeCloseTo(30.4, 1);
    expect((derived.bytesPerDay ?? 0) / 1e12).toBeCloseTo(1.48, 2);
    expect((derived.bytesPerDay ?? 0) / JIANGSU.addresses / 1e6).toBeCloseTo(328, 0);
    expect((derived.hashesPerSecondPerAddress ?? 0) / 1e12).toBeCloseTo(2.22, 2);
    expect(derived.joulesPerTerahash).toBeCloseTo(1083, 0);
    expect(derived.institutionalAddresses).toBe(945);
  });

  it('is, for Zhejiang, within half a percent of one Antminer S9 an address', () => {
    const derived = derivedFigures(ZHEJIANG);
    expect(derived.kwhPerDayPerAddress).toBeCloseTo(31.6, 1);
    expect(derived.wattsPerAddress / 1000).toBeCloseTo(1.317, 3);
    expect(Math.abs(derived.wattsPerAddress / 1323 - 1)).toBeLessThan(0.005);
    expect(ZHEJIANG.institutionalShare).toBeCloseTo(0.039, 3);
    const [coal, carbon] = ENERGY_FACTORS;
    expect((ZHEJIANG.kwhPerDay * coal.kgPerKwh) / 1000).toBeCloseTo(60, 0);
    expect(Math.round((ZHEJIANG.kwhPerDay * 365 * carbon.kgPerKwh) / 1e6)).toBe(54);
  });

  it('cannot be SHA256d alone', () => {
    const s9 = sha256dDay(10e15, 98, 13.5e12);
    const s19 = sha256dDay(10e15, 29.5, 110e12);
    expect([s9.kwhPerDay / 1000, s9.machines, s19.kwhPerDay / 1000, s19.machines]).toEqual([
      expect.closeTo(23.5, 1),
      741,
      expect.closeTo(7.1, 1),
      91,
    ]);
    expect(1 - s9.kwhPerDay / JIANGSU.kwhPerDay).toBeCloseTo(0.91, 2);
    expect(1 - s19.kwhPerDay / JIANGSU.kwhPerDay).toBeCloseTo(0.97, 2);
    const warning = efficiencyWarning('sha256d', derivedFigures(JIANGSU).meanWatts, 10e15, OCTOBER_2021);
    expect(warning?.text).toBe(
      '1,080 J/TH is implausible for sha256d in 2021: machines needed 28 to 110; part of the power has another use, or one of the figures is wrong',
    );
    expect(efficiencyWarning('sha256d', 1323, 13.5e12, OCTOBER_2021)).toBeNull();
  });

  it('gives the settings of --power-per-address', () => {
    expect(parsePowerPerAddress('jiangsu-2021', '--power-per-address')).toBe(2406);
    expect(parsePowerPerAddress('zhejiang-2021', '--power-per-address')).toBe(1317);
    expect(parsePowerPerAddress('150.5', '--power-per-address')).toBe(150.5);
    for (const word of ['', '-1', '0', 'x', '1e9', 'Infinity']) {
      expect(() => parsePowerPerAddress(word, '--power-per-address')).toThrow('is not a power in watts');
    }
    // 4,502 addresses at 2.4 kW for a day are 259,300 kWh.
    expect((4502 * 2400 * 24) / 1000).toBeCloseTo(259_315, 0);
  });
});

describe('the synthetic province', () => {
  it('has the power of the published total within one percent, and the estimate holds it', () => {
    // True values: 741 S9 (10.0 PH/s), 8,953 rigs of 1.1 kW (3.79 TH/s), 945 processors at 90 W.
    const trueWatts = { sha256d: 741 * 1323, ethash: 8953 * 1100, cpu: 945 * 90 };
    const trueTotal = trueWatts.sha256d + trueWatts.ethash + trueWatts.cpu;
    expect(trueTotal / 1e6).toBeCloseTo(10.91, 2);
    expect((trueTotal * 24) / 1e6).toBeCloseTo(262, 0);
    expect(Math.abs((trueTotal * 24) / 1000 / 260_000 - 1)).toBeLessThan(0.01);
    const host = (algorithm: string, rate: number, convention: 'total' | 'marginal') =>
      powerOf({
        parts: [{ algorithm, hashrate: { estimate: rate, low: rate, high: rate }, basis: 'shares', duty: 1 }],
        atUs: OCTOBER_2021,
        agents: [],
        workers: [],
        rigs: { low: 1, high: 1 },
        convention,
        pue: NO_PUE,
      });
    const estimates = [
      ...Array.from({ length: 741 }, () => host('sha256d', 13.5e12, 'total')),
      ...Array.from({ length: 8953 }, () => host('ethash', 1100 / 2.6e-6, 'total')),
      ...Array.from({ length: 945 }, () => host('rx/0', 3000, 'marginal')),
    ].filter((estimate) => estimate !== null);
    const { estimated } = totalPower(estimates);
    expect(estimated.wattsLow).toBeLessThan(trueTotal);
    expect(estimated.wattsHigh).toBeGreaterThan(trueTotal);
    expect(Math.abs(estimated.watts / trueTotal - 1)).toBeLessThan(0.1);
    expect(estimated.kwhPerDayLow).toBeLessThan(260_000);
    expect(estimated.kwhPerDayHigh).toBeGreaterThan(260_000);
    // The share of addresses is not the share of energy: 945 of 4,502, but less than one percent.
    expect((trueWatts.cpu * 24) / 1000 / 260_000).toBeCloseTo(0.008, 3);
  });
});

describe('a host', () => {
  it('is doubted where it draws more than its owner can hide', () => {
    expect(isTooHeavy(60_000, 'education')).toBe(true);
    expect([isTooHeavy(60_000, 'hosting'), isTooHeavy(40_000, 'education')]).toEqual([false, false]);
  });
});
