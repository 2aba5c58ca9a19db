/**
 * Values that go up with time, jobs or shares, whatever work was done, are no clock; those that go up with work are,
 * where its rate wanders enough to tell. Worst cases: see paced.ts.
 */
import { describe, expect, it } from 'vitest';
import { estimateCounter } from '../../../src/evidence/counter/counter.ts';
import { Chance } from './chance.ts';
import { PACES, pacedSession } from './paced.ts';
import { type Miner, simulate } from './simulate.ts';
import { anyMiner } from './study.ts';

const SESSIONS = 120;

describe('extranonce2 of ASICs that does not count work', () => {
  for (const [number, pace] of PACES.entries()) {
    for (const isRolled of [false, true]) {
      it(`no clock: by ${pace.name}${isRolled ? ', with version bits rolled at random' : ''}`, () => {
        const chance = new Chance(4200 + 2 * number + Number(isRolled));
        let clocks = 0;
        for (let index = 0; index < SESSIONS; index += 1) {
          const input = pacedSession(pace, 6 * (500 / 6) ** chance.uniform(), isRolled, chance);
          if (estimateCounter(input).verdict === 'clock') clocks += 1;
        }
        // One in 1,000 is allowed: more than one in so few would come by chance once in 140 times.
        expect(clocks).toBeLessThanOrEqual(1);
      });
    }
  }
});

/** An ASIC of whole units of 2^40 hashes, without falls or pauses. */
function asic(kind: 'units' | 'version' | 'time', wander: number, chance: Chance): Miner {
  const miner = anyMiner('stratum-v1', kind, 1, chance.between(100, 500), chance);
  return { ...miner, chunk: 2 ** 40, wander, trend: 0, fall: 0, pause: 0, seconds: 3600 };
}

describe('digits of ASICs that count work', () => {
  for (const [number, kind] of (['units', 'version', 'time'] as const).entries()) {
    it(`${kind}: a clock where the rate wanders by a few percent from job to job`, () => {
      const chance = new Chance(4300 + number);
      let clocks = 0;
      for (let index = 0; index < 60; index += 1) {
        const { input, truth } = simulate(asic(kind, 0.04, chance), chance);
        const estimate = estimateCounter(input);
        if (estimate.verdict === 'no-clock') continue;
        clocks += 1;
        expect(estimate.structure.kind).toBe('units');
        expect(Math.abs(estimate.estimate / truth - 1)).toBeLessThan(0.05);
      }
      expect(clocks).toBeGreaterThanOrEqual(30);
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
