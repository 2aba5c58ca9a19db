/**
 * Values that go up with time, jobs or shares, whatever work was done, are no clock; those that go up with work are,
 * where its rate drifts enough to tell. Worst cases: see paced.ts.
 */
import { describe, expect, it } from 'vitest';
import { estimateCounter } from '../../../src/evidence/counter/counter.ts';
import { Chance } from './chance.ts';
import { PACES, pacedSession } from './paced.ts';
import { type Miner, simulate } from './simulate.ts';
import { anyMiner } from './study.ts';

const SESSIONS = 40;

describe('extranonce2 of ASICs that does not count work', () => {
  for (const [number, pace] of PACES.entries()) {
    it(`no clock: by ${pace.name}, with and without version bits rolled at random`, () => {
      const chance = new Chance(4200 + number);
      let clocks = 0;
      let timed = 0;
      for (let index = 0; index < SESSIONS; index += 1) {
        const input = pacedSession(pace, 6 * (500 / 6) ** chance.uniform(), index % 2 === 1, chance);
        const estimate = estimateCounter(input);
        if (estimate.verdict === 'clock') clocks += 1;
        else if (estimate.reason === 'timed') timed += 1;
      }
      // One in 1,000 is allowed: more than one in so few would come by chance once in 500 times.
      expect(clocks).toBeLessThanOrEqual(1);
      // Where it is a timer that most of the shares lie on, the answer says so.
      if (pace.by === 'timer' && pace.jitter !== 1) expect(timed).toBeGreaterThan(SESSIONS / 3);
    });
  }
});

/** An ASIC of whole units of 2^40 hashes, without changes or pauses. */
function asic(kind: 'units' | 'version' | 'time', wander: number, chance: Chance): Miner {
  const miner = anyMiner('stratum-v1', kind, 1, chance.between(100, 500), chance);
  return { ...miner, chunk: 2 ** 40, wander, trend: 0, spells: [], pause: 0, restarts: false, seconds: 3600 };
}

describe('digits of ASICs that count work', () => {
  for (const [number, kind] of (['units', 'version', 'time'] as const).entries()) {
    it(`${kind}: a clock where the rate wanders by one percent from job to job`, () => {
      const chance = new Chance(4300 + number);
      let clocks = 0;
      for (let index = 0; index < 40; index += 1) {
        const { input, truth } = simulate(asic(kind, 0.01, chance), chance);
        const estimate = estimateCounter(input);
        if (estimate.verdict === 'no-clock') continue;
        clocks += 1;
        expect(estimate.structure.kind).toBe('units');
        expect(Math.abs(estimate.estimate / truth - 1)).toBeLessThan(0.05);
      }
      expect(clocks).toBeGreaterThanOrEqual(28);
    });

    it(`${kind}: no clock where the rate is as steady as a timer`, () => {
      const chance = new Chance(4400 + number);
      for (let index = 0; index < 40; index += 1) {
        const { input } = simulate(asic(kind, 0, chance), chance);
        expect(estimateCounter(input).verdict).toBe('no-clock');
      }
    });
  }
});
