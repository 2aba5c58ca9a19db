/**
 * Starts drawn from the time of day rise through a session like a counter; they are told from one, and the answer says
 * what was seen.
 */
import { describe, expect, it } from 'vitest';
import { estimateCounter } from '../../../src/evidence/counter/counter.ts';
import type { CounterInput, CounterShare } from '../../../src/evidence/counter/counter-input.ts';
import { Chance } from './chance.ts';
import { simulate } from './simulate.ts';
import { anyMiner, placeOf } from './study.ts';

/** Unix time of a session's start, seconds. */
const START = 1_760_000_000;

interface Wall {
  readonly name: string;
  readonly dialect: CounterInput['dialect'];
  /** Ticks of the clock a second, the bits by which it is shifted up, and hashes a second, decimal logarithms. */
  readonly ticks: number;
  readonly shift: bigint;
  readonly rates: readonly [number, number];
  /** Nonces are drawn at each job and count from there, or are drawn for each share. */
  readonly at: 'job' | 'share';
}

const WALLS: readonly Wall[] = (['ethash', 'kawpow', 'equihash'] as const).flatMap((dialect) => {
  const rates = dialect === 'equihash' ? ([0.8, 2.3] as const) : ([7, 8] as const);
  return (['job', 'share'] as const).flatMap((at) => [
    { name: 'milliseconds in the upper 42 bits', dialect, ticks: 1e3, shift: 22n, rates, at },
    { name: 'milliseconds', dialect, ticks: 1e3, shift: 0n, rates, at },
    { name: 'milliseconds above 15 bits', dialect, ticks: 1e3, shift: 15n, rates, at },
    { name: 'microseconds', dialect, ticks: 1e6, shift: 0n, rates, at },
    { name: 'microseconds above 5 bits', dialect, ticks: 1e6, shift: 5n, rates, at },
    { name: 'seconds above 32 bits', dialect, ticks: 1, shift: 32n, rates, at },
    { name: 'nanoseconds', dialect, ticks: 1e9, shift: 0n, rates, at },
  ]);
});

function session(
  { dialect, ticks, shift, rates, at }: Wall,
  chance: Chance,
): { readonly input: CounterInput; readonly rate: number } {
  const seconds = chance.pick([600, 1800, 7200]);
  const rate = 10 ** chance.between(rates[0], rates[1]);
  const many = Math.round(6 * (300 / 6) ** chance.uniform());
  const gap = dialect === 'equihash' ? 60 : 13;
  const wall = (time: number): bigint => BigInt(Math.floor((START + time) * ticks)) << shift;
  const shares: CounterShare[] = [];
  let job = 0;
  for (let from = 0; from < seconds; job += 1) {
    const length = chance.exponential(gap);
    const start = wall(from + 0.01);
    for (let left = chance.poisson((many * length) / seconds); left > 0; left -= 1) {
      const age = chance.between(0, length);
      const count = BigInt(Math.floor(rate * age));
      const nonce = BigInt.asUintN(64, at === 'job' ? start + count : wall(from + age));
      const digits = nonce.toString(16).padStart(16, '0');
      shares.push({
        jobIndex: job,
        jobTimeUs: (START + from) * 1e6,
        timeUs: (START + from + age + chance.exponential(0.02)) * 1e6,
        nonce: dialect === 'equihash' ? `${'00'.repeat(20)}${digits}` : digits,
        workHashes: (rate * seconds) / many,
      });
    }
    from += length;
  }
  return { input: { dialect, shares, roundTripUs: null }, rate };
}

describe('nonces from the clock on the wall', () => {
  for (const [number, wall] of WALLS.entries()) {
    it(`${wall.dialect}, ${wall.name} at each ${wall.at}: no false clock`, () => {
      const chance = new Chance(6100 + number);
      let wrong = 0;
      let timed = 0;
      for (let index = 0; index < 60; index += 1) {
        const { input, rate } = session(wall, chance);
        const estimate = estimateCounter(input);
        // What is slow beside the hashes moves the starts by nothing: the clock is then that of the hashes, and holds
        // their rate in 95 of 100; twice as far off by chance it is in 1 of 10,000.
        if (estimate.verdict === 'clock') wrong += Math.abs(placeOf(estimate, rate)) > 2 ? 1 : 0;
        else if (estimate.reason === 'timed') timed += 1;
      }
      // One in 1,000 is allowed: more than one in so few would come by chance once in 500 times.
      expect(wrong).toBeLessThanOrEqual(1);
      if (wall.at === 'share') expect(timed).toBeGreaterThan(40);
    });
  }

  it('says in words what was seen', () => {
    const wall = WALLS[0];
    if (wall === undefined) throw new Error('absent');
    const chance = new Chance(3);
    for (let tries = 0; tries < 20; tries += 1) {
      const estimate = estimateCounter(session(wall, chance).input);
      if (estimate.verdict === 'clock' || estimate.reason !== 'timed') continue;
      expect(estimate.words.map(({ text }) => text).join(' ')).toContain(
        'with time, jobs or the number of shares',
      );
      expect(estimate.pValue).toBeLessThan(0.001);
      return;
    }
    throw new Error('no such session');
  });

  it('leaves Equihash devices that count on through all jobs their clock', () => {
    const chance = new Chance(17);
    let clocks = 0;
    for (let index = 0; index < 60; index += 1) {
      const miner = anyMiner('equihash', 'session', 1, chance.between(100, 300), chance);
      if (estimateCounter(simulate({ ...miner, restarts: false }, chance).input).verdict === 'clock')
        clocks += 1;
    }
    expect(clocks).toBeGreaterThanOrEqual(50);
  });
});
