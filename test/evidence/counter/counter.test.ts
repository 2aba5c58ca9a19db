import { describe, expect, it } from 'vitest';
import { estimateCounter } from '../../../src/evidence/counter/counter.ts';
import type { CounterShare } from '../../../src/evidence/counter/counter-input.ts';
import { counterShares } from '../../../src/evidence/counter/share-log.ts';
import { Chance } from './chance.ts';
import { littleEndian } from './nonces.ts';
import { type Miner, simulate, simulateProxy } from './simulate.ts';

const STEADY: Miner = {
  dialect: 'cryptonote',
  kind: 'chunks',
  tracks: 4,
  rate: 200,
  chunk: 32_768,
  unlike: 0.01,
  wander: 0.01,
  trend: 0,
  slower: 1,
  spells: [],
  jobSeconds: 100,
  seconds: 3600,
  shares: 80,
  jitter: 0.01,
  roundTrip: 0,
  loss: 0,
  late: 0,
  pause: 0,
  pauseAt: 1 / 3,
};

/** Shares at given seconds of one job each minute, nonces by a rule. */
function shares(count: number, nonceOf: (age: number, at: number, index: number) => string): CounterShare[] {
  const chance = new Chance(11);
  const list: CounterShare[] = [];
  for (let index = 0; index < count; index += 1) {
    const job = Math.floor(index / 2);
    const age = chance.between(2, 58);
    const at = job * 60 + age;
    list.push({
      jobIndex: job,
      jobTimeUs: job * 60e6,
      timeUs: at * 1e6,
      nonce: nonceOf(age, at, index),
      workHashes: 30_000,
    });
  }
  return list;
}

describe('the structure that shares reveal', () => {
  const cases: readonly {
    name: string;
    miner: Partial<Miner>;
    kind: string;
    size: number | null;
    tracks: number;
  }[] = [
    {
      name: 'chunks of 32,768 drawn by eight threads',
      miner: { tracks: 8 },
      kind: 'chunks',
      size: 32_768,
      tracks: 8,
    },
    {
      name: 'chunks of 4,096, several to a job',
      miner: { chunk: 4096 },
      kind: 'chunks',
      size: 4096,
      tracks: 4,
    },
    { name: 'one thread from 0', miner: { tracks: 1 }, kind: 'single', size: null, tracks: 1 },
    {
      name: 'a range parted among six threads',
      miner: { kind: 'lanes', tracks: 6 },
      kind: 'lanes',
      size: 715_827_882,
      tracks: 6,
    },
  ];
  for (const { name, miner, kind, size, tracks } of cases) {
    it(`tells ${name}`, () => {
      const { input, truth } = simulate({ ...STEADY, ...miner }, new Chance(3));
      const estimate = estimateCounter(input);
      if (estimate.verdict === 'no-clock') throw new Error(estimate.words.map(({ text }) => text).join(' '));
      expect({ kind: estimate.structure.kind, size: estimate.structure.size }).toEqual({ kind, size });
      expect(estimate.tracks).toEqual({ low: tracks, central: tracks, high: tracks });
      expect(Math.abs(estimate.estimate / truth - 1)).toBeLessThan(0.02);
      expect(estimate.low95).toBeLessThan(truth);
      expect(estimate.high95).toBeGreaterThan(truth);
    });
  }

  it('counts the rigs behind a proxy by the byte that it fixes, and adds their rates', () => {
    const miners = [1, 2, 3].map((tracks) => ({ ...STEADY, tracks, shares: 40 }));
    const { input, truth } = simulateProxy(miners, new Chance(20));
    const estimate = estimateCounter(input);
    if (estimate.verdict === 'no-clock') throw new Error(estimate.words.map(({ text }) => text).join(' '));
    expect(estimate.rigs).toBe(3);
    expect(estimate.tracks).toEqual({ low: 6, central: 6, high: 6 });
    expect(estimate.series).toHaveLength(4);
    for (const span of estimate.series) expect(Math.abs(span.estimate / truth - 1)).toBeLessThan(0.1);
    expect(Math.abs(estimate.estimate / truth - 1)).toBeLessThan(0.03);
    expect(estimate.low95).toBeLessThan(truth);
    expect(estimate.high95).toBeGreaterThan(truth);
  });

  it('finds the beat of a device that works in rounds of seconds, and leaves it out of the rate', () => {
    const chance = new Chance(5);
    const list = shares(60, (age) =>
      littleEndian(Math.max(0, Math.round(344 * (age - chance.uniform() * 3.3 - chance.uniform() * 3.3)))),
    ).filter((share) => share.timeUs - (share.jobTimeUs ?? 0) > 7e6);
    const estimate = estimateCounter({ dialect: 'cryptonote', shares: list, roundTripUs: null });
    if (estimate.verdict === 'no-clock') throw new Error(estimate.words.map(({ text }) => text).join(' '));
    expect(Math.abs(estimate.estimate / 344 - 1)).toBeLessThan(0.015);
  });

  it.each([4, 8, 16, 32])('tells which way round %d threads write their nonces', (threads) => {
    for (const isLittle of [true, false]) {
      for (let seed = 0; seed < 12; seed += 1) {
        const chance = new Chance(100 * threads + seed);
        const part = Math.floor((2 ** 32 - 1) / threads);
        const rate = chance.pick([50, 300, 900]);
        // As many shares as tell the one from the other, and leave the upper byte as full as the lowest.
        const list = shares(60, (age) => {
          const nonce = Math.floor(chance.uniform() * threads) * part + Math.floor(age * rate);
          return isLittle ? littleEndian(nonce) : nonce.toString(16).padStart(8, '0');
        });
        const estimate = estimateCounter({ dialect: 'stratum-v1', shares: list, roundTripUs: null });
        if (estimate.verdict === 'no-clock')
          throw new Error(estimate.words.map(({ text }) => text).join(' '));
        expect(Math.abs(estimate.estimate / (threads * rate) - 1)).toBeLessThan(0.1);
      }
    }
  });

  it('takes no machines behind a proxy for devices of one counter', () => {
    // Each machine starts at a nonce of its own and tells no clock by itself.
    const chance = new Chance(5);
    for (let seed = 0; seed < 20; seed += 1) {
      const starts = Array.from({ length: 6 }, () => Math.floor(chance.uniform() * 2 ** 23));
      const list = shares(120, (age, _at, index) => {
        const rig = index % 6;
        const count =
          rig < 2 ? Math.floor(chance.uniform() * 2 ** 24) : (starts[rig] ?? 0) + Math.floor(age * 300);
        return littleEndian(((rig * 40 + 3) * 2 ** 24 + (count % 2 ** 24)) >>> 0);
      });
      const estimate = estimateCounter({
        dialect: 'cryptonote',
        niceHash: true,
        shares: list,
        roundTripUs: null,
      });
      expect(estimate.verdict).toBe('no-clock');
    }
  });
});

describe('time as the miner saw it', () => {
  it('takes the round trip between capture point and miner out of the age of a share', () => {
    const miner = { ...STEADY, jobSeconds: 5, shares: 400, chunk: 4096, seconds: 1800, roundTrip: 0.4 };
    const { input, truth } = simulate(miner, new Chance(2));
    const corrected = estimateCounter(input);
    const raw = estimateCounter({ ...input, roundTripUs: null });
    if (corrected.verdict === 'no-clock' || raw.verdict === 'no-clock') throw new Error('no clock');
    expect(Math.abs(corrected.estimate / truth - 1)).toBeLessThan(0.02);
    expect(Math.abs(corrected.estimate / truth - 1)).toBeLessThan(Math.abs(raw.estimate / truth - 1));
  });

  it('sets a donation minute aside and still finds the rate', () => {
    const { input, truth } = simulate({ ...STEADY, pause: 60 }, new Chance(6));
    const estimate = estimateCounter(input);
    if (estimate.verdict === 'no-clock') throw new Error(estimate.words.map(({ text }) => text).join(' '));
    expect(Math.abs(estimate.estimate / truth - 1)).toBeLessThan(0.02);
  });

  it('gives rates of 15 minutes each, counted back from the last share', () => {
    const { input } = simulate({ ...STEADY, trend: 0.4, seconds: 7200, shares: 300 }, new Chance(4));
    const estimate = estimateCounter(input);
    if (estimate.verdict === 'no-clock') throw new Error(estimate.words.map(({ text }) => text).join(' '));
    expect(estimate.series).toHaveLength(8);
    expect(estimate.series.at(-1)?.endUs).toBe(input.shares.at(-1)?.timeUs);
    // The trend is from 80 % to 120 % of 800 H/s.
    expect(estimate.series[0]?.estimate).toBeLessThan(700);
    expect(estimate.series.at(-1)?.estimate).toBeGreaterThan(900);
  });
});

describe('what is no clock', () => {
  const cases: readonly { name: string; shares: CounterShare[]; reason: string }[] = [
    { name: 'no shares', shares: [], reason: 'too-few-shares' },
    {
      name: 'three shares',
      shares: shares(3, (age) => littleEndian(Math.round(age * 100))),
      reason: 'too-few-shares',
    },
    { name: 'the same nonce each time', shares: shares(30, () => '00000000'), reason: 'no-fit' },
    { name: 'digits that are none', shares: shares(30, () => 'zz;DROP'), reason: 'no-fit' },
    { name: 'a nonce of megabytes', shares: shares(30, () => 'f'.repeat(1e5)), reason: 'no-fit' },
    {
      name: 'jobs that nobody saw',
      shares: shares(30, (age) => littleEndian(Math.round(age * 100))).map((one) => ({
        ...one,
        jobIndex: -1,
        jobTimeUs: null,
      })),
      reason: 'no-fit',
    },
    {
      name: 'times that are no numbers',
      shares: shares(30, (age) => littleEndian(Math.round(age * 100))).map((one) => ({
        ...one,
        timeUs: Number.NaN,
      })),
      reason: 'no-fit',
    },
    {
      name: 'shares before their jobs',
      shares: shares(30, (age) => littleEndian(Math.round(age * 100))).map((one) => ({
        ...one,
        jobTimeUs: one.timeUs + 1e6,
      })),
      reason: 'no-fit',
    },
  ];
  for (const dialect of ['cryptonote', 'stratum-v1'] as const) {
    for (const { name, shares: list, reason } of cases) {
      if (dialect !== 'cryptonote' && /nobody|before|numbers/.test(name)) continue;
      it(`${dialect}: ${name}`, () => {
        const estimate = estimateCounter({ dialect, shares: list, roundTripUs: null });
        expect(estimate.verdict === 'clock' ? estimate.structure : estimate.reason).toBe(reason);
        expect(estimate.words.length).toBeGreaterThan(0);
      });
    }
  }
});

describe('nonces that number the shares', () => {
  it.each(['cryptonote', 'stratum-v1'] as const)('are no clock of %s', (dialect) => {
    for (let seed = 0; seed < 30; seed += 1) {
      const chance = new Chance(seed);
      const step = chance.pick([1, 1, 256, 65_536]);
      let number = Math.floor(chance.uniform() * 1000);
      let at = 0;
      const list = Array.from({ length: chance.pick([4, 8, 20, 60]) }, () => {
        at += chance.exponential(30);
        // One in ten was not seen.
        number += chance.uniform() < 0.1 ? 2 : 1;
        const digits = (number * step).toString(16).padStart(8, '0');
        const nonce = dialect === 'cryptonote' ? littleEndian(number * step) : digits;
        const job = Math.floor(at / 60);
        return { jobIndex: job, jobTimeUs: job * 60e6, timeUs: at * 1e6, nonce, workHashes: 5000 };
      });
      expect(estimateCounter({ dialect, shares: list, roundTripUs: null }).verdict).toBe('no-clock');
    }
  });
});

describe('a share log as the counter reads it', () => {
  it('numbers jobs by id and first arrival, prices work, leaves out shares without a nonce', () => {
    const share = {
      jobTimeUs: 5,
      jobId: 'a',
      nonce: '01000000',
      difficulty: { scale: 'hashes', value: 7 },
    } as const;
    expect(
      counterShares(
        [
          { ...share, timeUs: 10 },
          { ...share, timeUs: 11, nonce: null },
          { ...share, timeUs: 12, difficulty: { scale: 'units', value: 2 } },
          { ...share, timeUs: 30, jobTimeUs: 20 },
          { ...share, timeUs: 31, jobId: null, jobTimeUs: null, difficulty: null },
        ],
        1000,
      ),
    ).toEqual([
      { jobIndex: 0, jobTimeUs: 5, timeUs: 10, nonce: '01000000', workHashes: 7, extraNonce2: null },
      { jobIndex: 0, jobTimeUs: 5, timeUs: 12, nonce: '01000000', workHashes: 2000, extraNonce2: null },
      { jobIndex: 1, jobTimeUs: 20, timeUs: 30, nonce: '01000000', workHashes: 7, extraNonce2: null },
      { jobIndex: -1, jobTimeUs: null, timeUs: 31, nonce: '01000000', workHashes: null, extraNonce2: null },
    ]);
  });
});
