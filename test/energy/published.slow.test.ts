/** The arithmetic of docs/reference/energy.md section 4: each derived number is an oracle. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { efficiencyWarning, isTooHeavy } from '../../src/energy/plausible.ts';
import { powerOf } from '../../src/energy/power.ts';
import {
  derivedFigures,
  ENERGY_FACTORS,
  PUBLISHED_AUDITS,
  parsePowerPerAddress,
  publishedAuditOf,
} from '../../src/energy/published.ts';
import { totalPower } from '../../src/energy/totals.ts';
import { MinesweepError } from '../../src/errors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const [JIANGSU, ZHEJIANG] = PUBLISHED_AUDITS;
const folder = temporaryFolder();
const OCTOBER_2021 = Date.UTC(2021, 9, 8) * 1000;
const NO_PUE = { name: 'none', low: 1, central: 1, high: 1 };

describe('what follows from the published figures', () => {
  it('is, for Jiangsu, what its own numbers give', () => {
    const derived = derivedFigures(JIANGSU);
    expect(derived.meanWatts / 1e6).toBeCloseTo(10.83, 2);
    expect(derived.kwhPerDayPerAddress).toBeCloseTo(57.75, 2);
    expect(derived.wattsPerAddress / 1000).toBeCloseTo(2.41, 2);
    expect((derived.bpsPerAddress ?? 0) / 1000).toBeCloseTo(30.4, 1);
    expect((derived.hashesPerSecondPerAddress ?? 0) / 1e12).toBeCloseTo(2.22, 2);
    expect(derived.joulesPerTerahash).toBeCloseTo(1083, 0);
    expect(derived.institutionalAddresses).toBe(945);
  });

  it('is, for Zhejiang, within half a percent of one Antminer S9 an address', () => {
    const derived = derivedFigures(ZHEJIANG);
    expect(derived.kwhPerDayPerAddress).toBeCloseTo(31.6, 1);
    expect(derived.wattsPerAddress / 1000).toBeCloseTo(1.317, 3);
    expect(Math.abs(derived.wattsPerAddress / 1323 - 1)).toBeLessThan(0.005);
    expect(ZHEJIANG.institutions.share).toBeCloseTo(0.039, 3);
    const [coal, carbon] = ENERGY_FACTORS;
    expect((ZHEJIANG.kwhPerDay * coal.kgPerKwh) / 1000).toBeCloseTo(60, 0);
    expect(Math.round((ZHEJIANG.kwhPerDay * 365 * carbon.kgPerKwh) / 1e6)).toBe(54);
  });

  it('is as the notes on them say', () => {
    // docs/reference/energy.md section 4: what the prose says in figures, computed here from the figures and data sheets alone.
    const text = JSON.stringify(JIANGSU.notes);
    const teraHashes = (JIANGSU.sha256dHashesPerSecond ?? 0) / 1e12;
    const dayAt = (joules: number): number => (teraHashes * joules * 24) / 1e6;
    const rest = (JIANGSU.kwhPerDay / 24 - (teraHashes * 98) / 1000) / 1000;
    const figures = [
      `${dayAt(98).toFixed(1)} MWh`,
      `${Math.ceil(teraHashes / 13.5)} machines`,
      `${dayAt(29.5).toFixed(2)} MWh`,
      `${Math.ceil(teraHashes / 110)} of the Antminer S19 Pro`,
      `${(100 - (dayAt(98) * 1e5) / JIANGSU.kwhPerDay).toFixed(1)} % to ${(100 - (dayAt(29.5) * 1e5) / JIANGSU.kwhPerDay).toFixed(1)} %`,
      `about ${rest.toFixed(2)} MW`,
      `${(rest / 2.6).toFixed(2)} TH/s`,
      `${(rest / 1.6).toFixed(2)} TH/s`,
      `${Math.round((rest * 1e6) / 12e-3 / 1e6)} MH/s`,
      `${Math.round((rest * 1e3) / 90)},000 servers`,
      `${((945 * 90) / 1000).toFixed(0)}.0 kW`,
      `${((945 * 90 * 24) / 1e6).toFixed(2)} MWh`,
      `${(((945 * 90 * 24) / 1000 / JIANGSU.kwhPerDay) * 100).toFixed(1)} % of the total`,
    ];
    expect(figures.filter((figure) => !text.includes(figure))).toEqual([]);
    const { funnel, institutions, addresses } = ZHEJIANG;
    expect(institutions.share).toBe((funnel?.addresses ?? 0) / addresses);
    expect((funnel?.deliberate ?? 0) + (funnel?.hijacked ?? 0) + (funnel?.undetermined ?? 0)).toBe(
      funnel?.units,
    );
  });

  it('may come from a file, which is checked', () => {
    const file = path.join(folder, 'own.json');
    const own = { ...ZHEJIANG, id: 'own-2026', name: { en: 'Own' } };
    writeFileSync(file, JSON.stringify(own));
    expect(publishedAuditOf(file, '--compare')).toEqual(own);
    expect(publishedAuditOf('jiangsu-2021', '--compare')).toEqual(JIANGSU);
    const refused = (content: string): string => {
      writeFileSync(file, content);
      try {
        publishedAuditOf(file, '--compare');
        return '';
      } catch (error) {
        return error instanceof MinesweepError ? `${error.code} ${error.message}` : String(error);
      }
    };
    expect(refused('{')).toMatch(/^FILE_INVALID .* is no published audit/);
    expect(refused('[]')).toMatch(/^FILE_INVALID .* must be an object/);
    expect(refused(JSON.stringify({ ...own, addresses: -1 }))).toMatch(/addresses must be >= 1/);
    expect(refused(JSON.stringify({ ...own, name: { en: '<b>' } }))).toMatch(/name\.en must match/);
    // A device has no end.
    expect(() => publishedAuditOf('/dev/zero', '--compare')).toThrow('a pipe or a device');
    expect(() => publishedAuditOf('nobody-1999', '--compare')).toThrow("'nobody-1999' is no published audit");
  });

  it('cannot be SHA256d alone', () => {
    const warning = efficiencyWarning('sha256d', derivedFigures(JIANGSU).meanWatts, 10e15, OCTOBER_2021);
    expect(warning?.text).toBe(
      '1,080 J/TH is implausible for sha256d in 2021: machines needed 28–110; part of the power has another use, or one of the figures is wrong',
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
