/**
 * Stratum v1 miners that get through their part of the nonces within a job and go on with another extranonce2, as fast
 * cpuminers with many threads do: their nonces begin anew at a time that nobody saw.
 */
import { describe, expect, it } from 'vitest';
import { estimateCounter } from '../../../src/evidence/counter/counter.ts';
import type { CounterShare } from '../../../src/evidence/counter/counter-input.ts';
import { firstUnits } from '../../../src/evidence/counter/from-zero/first-unit.ts';
import { Chance } from './chance.ts';

/** Shares of jobs, in the order of time: job and extranonce2. */
function shares(...rows: readonly (readonly [job: number, unit: string])[]): CounterShare[] {
  return rows.map(([jobIndex, extraNonce2], index) => ({
    ...{ jobIndex, jobTimeUs: 0, timeUs: index, nonce: '00000000', workHashes: 1, extraNonce2 },
  }));
}

describe('the extranonce2 that a job begins with', () => {
  it.each([
    {
      name: 'the one that is seen, where no job shows two',
      rows: [
        [0, '00'],
        [0, '00'],
        [1, '07'],
        [2, '03'],
      ] as const,
      expected: [
        [0, '00'],
        [1, '07'],
        [2, '03'],
      ],
    },
    {
      name: 'the next one after the last of the job before, where some job shows two',
      rows: [
        [0, '0000'],
        [1, '0100'],
        [1, '0200'],
        [2, '0400'],
        [3, '0500'],
      ] as const,
      expected: [
        [1, '0100'],
        [3, '0500'],
      ],
    },
    {
      name: 'the same, highest byte first',
      rows: [
        [0, '00ff'],
        [1, '0100'],
        [1, '0101'],
        [2, '0103'],
      ] as const,
      expected: [[1, '0100']],
    },
    {
      name: 'the common one, where jobs begin anew',
      rows: [
        [0, '00'],
        [1, '00'],
        [1, '01'],
        [2, '01'],
        [3, '00'],
      ] as const,
      expected: [
        [0, '00'],
        [1, '00'],
        [3, '00'],
      ],
    },
  ])('$name', ({ rows, expected }) => {
    expect([...firstUnits(shares(...rows))]).toEqual(expected);
  });
});

/** A cpuminer: threads count up from parts of the range; who is through makes new work, and all take it. */
function play(threads: number, chance: Chance): { readonly shares: CounterShare[]; readonly rate: number } {
  const part = Math.floor((2 ** 32 - 1) / threads);
  const rate = part / chance.between(20, 60);
  const every = chance.between(8, 30);
  const list: CounterShare[] = [];
  let unit = 0;
  let job = 0;
  for (let at = 0; at < 7200; job += 1) {
    const length = chance.exponential(90) + 1;
    let age = 0;
    let began = 0;
    for (;;) {
      age += chance.exponential(every);
      if (age >= length) break;
      for (; age - began > part / rate; unit += 1) began += part / rate;
      const nonce = Math.floor(chance.uniform() * threads) * part + Math.floor(rate * (age - began));
      list.push({
        jobIndex: job,
        jobTimeUs: at * 1e6,
        timeUs: (at + age + chance.exponential(0.01)) * 1e6,
        nonce: nonce.toString(16).padStart(8, '0'),
        workHashes: rate * threads * every,
        extraNonce2: unit.toString(16).padStart(8, '0'),
      });
    }
    for (; length - began > part / rate; unit += 1) began += part / rate;
    unit += 1;
    at += length;
  }
  return { shares: list, rate: rate * threads };
}

describe('cpuminers that get through their part of the nonces within a job', () => {
  it.each([1, 4, 16])('%d threads: the interval holds the rate, or there is no clock', (threads) => {
    let clocks = 0;
    let covered = 0;
    for (let index = 0; index < 40; index += 1) {
      const session = play(threads, new Chance(52_000 + index));
      const estimate = estimateCounter({ dialect: 'stratum-v1', roundTripUs: 0, shares: session.shares });
      if (estimate.verdict === 'no-clock') continue;
      clocks += 1;
      if (estimate.low95 <= session.rate && session.rate <= estimate.high95) covered += 1;
    }
    expect(clocks).toBeGreaterThan(10);
    expect(covered).toBeGreaterThanOrEqual(clocks - 2);
  });
});
