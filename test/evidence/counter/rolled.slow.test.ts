/** ASICs that take up new work before they are through all versions: version bits tell how much of a unit they search. */
import { describe, expect, it } from 'vitest';
import { estimateCounter } from '../../../src/evidence/counter/counter.ts';
import type { CounterShare } from '../../../src/evidence/counter/counter-input.ts';
import { Chance } from './chance.ts';

const SECONDS = 3600;
const hex = (value: number): string => Math.floor(value).toString(16).padStart(8, '0');

/** Shares of an ASIC that goes through so many versions of 2^32 hashes each to a value of extranonce2. */
function asic(rate: number, versions: number, lowest: number, many: number, chance: Chance): CounterShare[] {
  const list: CounterShare[] = [];
  let work = 0;
  let drift = 0;
  for (let at = 0; ; ) {
    const span = chance.exponential(SECONDS / many);
    const stays = Math.exp(-span / 200);
    at += span;
    drift = stays * drift + 0.01 * Math.sqrt(1 - stays ** 2) * chance.normal();
    work += span * rate * (1 + drift);
    if (at >= SECONDS) break;
    const count = Math.floor(work / 2 ** 32);
    list.push({
      jobIndex: Math.floor(at / 30),
      jobTimeUs: Math.floor(at / 30) * 30e6,
      timeUs: (at + chance.exponential(0.02)) * 1e6,
      nonce: hex(chance.uniform() * 2 ** 32),
      workHashes: (rate * SECONDS) / many,
      extraNonce2: hex(count / versions),
      version: hex(0x20000000 + (lowest + (count % versions)) * 2 ** 13),
    });
  }
  return list;
}

describe('units of work with version bits', () => {
  for (const part of [1, 0.85, 0.6, 0.35]) {
    it(`${100 * part} % of the versions searched: the rate of the hashes, not of whole units`, () => {
      const chance = new Chance(700 + 100 * part);
      let clocks = 0;
      let covered = 0;
      const errors: number[] = [];
      for (let index = 0; index < 40; index += 1) {
        const bits = chance.pick([4, 8, 12, 16]);
        const versions = Math.round(part * 2 ** bits);
        const rate = 10 ** chance.between(12.5, 14.3);
        const lowest = part === 1 ? 0 : chance.pick([0, 2 ** bits - versions]);
        const shares = asic(rate, versions, lowest, chance.between(150, 400), chance);
        const estimate = estimateCounter({ dialect: 'stratum-v1', shares, roundTripUs: null });
        if (estimate.verdict === 'no-clock') continue;
        clocks += 1;
        if (rate > estimate.low95 && rate < estimate.high95) covered += 1;
        errors.push(Math.abs(estimate.estimate / rate - 1));
      }
      errors.sort((a, b) => a - b);
      expect(clocks).toBeGreaterThanOrEqual(28);
      expect(covered).toBeGreaterThanOrEqual(0.9 * clocks);
      expect(errors[errors.length >> 1]).toBeLessThan(0.02);
    });
  }
});
