/**
 * Devices whose starts lie close together: the ranges of two may meet within a job, and then their shares lie on no one
 * line. What is not told apart must not pass for one slow device.
 */
import { describe, expect, it } from 'vitest';
import { estimateCounter } from '../../../src/evidence/counter/counter.ts';
import type { CounterInput, CounterShare } from '../../../src/evidence/counter/counter-input.ts';
import { Chance } from './chance.ts';
import { type Miner, simulate } from './simulate.ts';
import { anyMiner } from './study.ts';

/** A session of devices that begin `2 ** bits` apart at each job, and all their hashes a second. */
function session(bits: number, many: number, chance: Chance): { input: CounterInput; rate: number } {
  const seconds = chance.pick([1200, 3600]);
  const dialect = chance.pick(['ethash', 'kawpow'] as const);
  const gap = dialect === 'ethash' ? 13 : 40;
  const own = 10 ** chance.between(7, 8);
  const rates = Array.from(
    { length: 2 + Math.floor(5 * chance.uniform()) },
    () => own * chance.pick([0.7, 1, 1, 1.3]),
  );
  const rate = rates.reduce((sum, one) => sum + one, 0);
  const start = BigInt(Math.floor(chance.uniform() * 2 ** 48)) << 15n;
  const shares: CounterShare[] = [];
  let job = 0;
  for (let from = 0; from < seconds; job += 1) {
    const length = chance.exponential(gap);
    for (const [device, fast] of rates.entries()) {
      for (let left = chance.poisson((many * length * fast) / (seconds * rate)); left > 0; left -= 1) {
        const age = chance.between(0, length);
        const nonce = start + (BigInt(device) << BigInt(bits)) + BigInt(Math.floor(fast * age));
        shares.push({
          jobIndex: job,
          jobTimeUs: from * 1e6,
          timeUs: (from + age + chance.between(0.02, 0.2)) * 1e6,
          nonce: BigInt.asUintN(64, nonce).toString(16).padStart(16, '0'),
          workHashes: (rate * seconds) / many,
        });
      }
    }
    from += length;
  }
  shares.sort((a, b) => a.timeUs - b.timeUs);
  return { input: { dialect, shares, roundTripUs: null }, rate };
}

describe('devices that begin close together', () => {
  for (const bits of [24, 28, 30, 32, 33]) {
    it(`2^${bits} nonces apart: the interval holds the rate of all, or there is no clock`, () => {
      const chance = new Chance(8000 + bits);
      let clocks = 0;
      let covered = 0;
      let far = 0;
      for (let index = 0; index < 150; index += 1) {
        const { input, rate } = session(bits, 40 * (400 / 40) ** chance.uniform(), chance);
        const estimate = estimateCounter(input);
        if (estimate.verdict === 'no-clock') continue;
        clocks += 1;
        if (rate > estimate.low95 && rate < estimate.high95) covered += 1;
        if (Math.abs(Math.log(estimate.estimate / rate)) > 0.4) far += 1;
      }
      // Starts so close that all devices are on one line within a second or so show their number by shares alone.
      if (bits <= 28) expect(clocks).toBeLessThanOrEqual(8);
      else {
        expect(far).toBeLessThanOrEqual(1);
        expect(covered).toBeGreaterThanOrEqual(0.95 * clocks - 3 * Math.sqrt(0.05 * clocks) - 1);
      }
      if (bits >= 32) expect(clocks).toBeGreaterThanOrEqual(60);
    });
  }
});

/** Devices at a steady rate, some 150 shares of them. */
function steady(tracks: number, chance: Chance): Miner {
  const miner = anyMiner('ethash', 'base', tracks, 150, chance);
  return { ...miner, unlike: 0.02, slower: 1, wander: 0.02, trend: 0, pause: 0, restarts: false, late: 0 };
}

/** Of 40 sessions: those with a clock, and of them those whose interval holds the truth and whose tracks are told. */
function countOf(miner: (chance: Chance) => Miner, seed: number) {
  const chance = new Chance(seed);
  const count = { clocks: 0, covered: 0, told: 0 };
  for (let index = 0; index < 40; index += 1) {
    const played = miner(chance);
    const { input, truth } = simulate(played, chance);
    const estimate = estimateCounter(input);
    if (estimate.verdict === 'no-clock') continue;
    count.clocks += 1;
    if (estimate.low95 <= truth && truth <= estimate.high95) count.covered += 1;
    if (estimate.tracks?.central === played.tracks) count.told += 1;
  }
  return count;
}

describe('devices whose miner starts anew in the session', () => {
  it.each([1, 2, 4])('%d: they are as many as before, and not more', (tracks) => {
    const { clocks, covered, told } = countOf(
      (chance) => ({
        ...steady(tracks, chance),
        ...{ pause: chance.pick([0, 60]), pauseAt: chance.between(0.1, 0.9), restarts: true },
      }),
      8100 + tracks,
    );
    expect(clocks).toBeGreaterThanOrEqual(36);
    expect(covered).toBeGreaterThanOrEqual(36);
    expect(told).toBeGreaterThanOrEqual(36);
  });
});

/** A device at 2 x 10^7 hashes a second from one part of the session to another. */
interface Card {
  readonly from: number;
  readonly to: number;
}

/** An hour of such devices, each with a start of its own, some 150 shares; and their mean rate over time. */
function cards(list: readonly Card[], chance: Chance): { input: CounterInput; truth: number } {
  const seconds = 3600;
  const work = list.reduce((sum, { from, to }) => sum + (to - from), 0) * seconds * 2e7;
  const starts = list.map(() => BigInt(Math.floor(chance.uniform() * 2 ** 30)) << 34n);
  const shares: CounterShare[] = [];
  for (let at = 0, job = 0; at < seconds; job += 1) {
    const next = at + chance.exponential(10);
    for (const [index, { from, to }] of list.entries()) {
      // Who comes amid a job begins with the next one.
      if (at < from * seconds) continue;
      const until = Math.min(next, to * seconds);
      const step = work / 150 / 2e7;
      for (let found = at + chance.exponential(step); found < until; found += chance.exponential(step)) {
        const nonce = (starts[index] ?? 0n) + BigInt(Math.floor(2e7 * (found - at)));
        shares.push({
          jobIndex: job,
          jobTimeUs: at * 1e6,
          timeUs: (found + chance.exponential(0.02)) * 1e6,
          nonce: nonce.toString(16).padStart(16, '0'),
          workHashes: work / 150,
        });
      }
    }
    at = next;
  }
  shares.sort((a, b) => a.timeUs - b.timeUs);
  return { input: { dialect: 'ethash', shares, roundTripUs: 0 }, truth: work / seconds };
}

describe('devices that come or go, each on its own', () => {
  it.each<[string, (chance: Chance) => Card[]]>([
    [
      'one of two that comes',
      (chance) => [
        { from: 0, to: 1 },
        { from: chance.between(0.2, 0.8), to: 1 },
      ],
    ],
    [
      'one of two that fails',
      (chance) => [
        { from: 0, to: 1 },
        { from: 0, to: chance.between(0.2, 0.8) },
      ],
    ],
    [
      'one of two that starts anew',
      (chance) => {
        const at = chance.between(0.2, 0.8);
        return [
          { from: 0, to: 1 },
          { from: 0, to: at },
          { from: at, to: 1 },
        ];
      },
    ],
  ])('%s: the interval holds the mean over time', (_, list) => {
    const chance = new Chance(8110);
    let clocks = 0;
    let covered = 0;
    for (let index = 0; index < 40; index += 1) {
      const { input, truth } = cards(list(chance), chance);
      const estimate = estimateCounter(input);
      if (estimate.verdict === 'no-clock') continue;
      clocks += 1;
      if (estimate.low95 <= truth && truth <= estimate.high95) covered += 1;
    }
    expect(clocks).toBeGreaterThanOrEqual(38);
    expect(covered).toBeGreaterThanOrEqual(0.8 * clocks);
  });
});

describe('devices whose rate changes for good', () => {
  it.each([0.5, 2])('%d times what it was: the interval holds the mean over time', (times) => {
    const { clocks, covered } = countOf(
      (chance) => ({
        ...steady(3, chance),
        spells: [{ from: chance.between(0.2, 0.8), to: 1, times }],
      }),
      8120,
    );
    expect(clocks).toBeGreaterThanOrEqual(36);
    expect(covered).toBeGreaterThanOrEqual(36);
  });
});

/** Devices in jobs of 75 s, with five pauses of 20 to 60 s within jobs. */
function pausing(chance: Chance): CounterShare[] {
  const rates = [2e7, 2e7];
  const starts = rates.map(() => BigInt(Math.floor(chance.uniform() * 2 ** 28)) << 36n);
  const pauses = Array.from({ length: 5 }, () => {
    const from = chance.between(100, 3400);
    return { from, to: from + chance.between(20, 60) };
  });
  const shares: CounterShare[] = [];
  for (let from = 0, job = 0; from < 3600; job += 1) {
    const to = from + chance.exponential(75);
    for (const [device, rate] of rates.entries()) {
      for (let at = from + chance.exponential(48); at < to; at += chance.exponential(48)) {
        if (pauses.some((pause) => pause.from < at && at < pause.to)) continue;
        let worked = at - from;
        for (const pause of pauses)
          worked -= Math.max(0, Math.min(at, pause.to) - Math.max(from, pause.from));
        const nonce = (starts[device] ?? 0n) + BigInt(Math.floor(rate * worked));
        shares.push({
          jobIndex: job,
          jobTimeUs: from * 1e6,
          timeUs: (at + chance.exponential(0.02)) * 1e6,
          nonce: nonce.toString(16).padStart(16, '0'),
          workHashes: 2e7 * 48,
        });
      }
    }
    from = to;
  }
  return shares.sort((a, b) => a.timeUs - b.timeUs);
}

it('pauses within long jobs are no slow spells: few of them count as such', () => {
  const chance = new Chance(8130);
  let clocks = 0;
  let covered = 0;
  for (let index = 0; index < 120; index += 1) {
    const estimate = estimateCounter({ dialect: 'ethash', shares: pausing(chance), roundTripUs: 0 });
    if (estimate.verdict === 'no-clock') continue;
    clocks += 1;
    if (estimate.low95 <= 4e7 && 4e7 <= estimate.high95) covered += 1;
  }
  // Shares behind a pause, though few, pull the rate down: with all that lie below the clock it is held in 60 of 100.
  expect(clocks).toBeGreaterThanOrEqual(110);
  expect(covered / clocks).toBeGreaterThan(0.75);
});
