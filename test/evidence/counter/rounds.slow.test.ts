/** GPU miners of slow algorithms work in rounds of seconds: a new job waits for the round in hand, a find for its end. */
import { describe, expect, it } from 'vitest';
import { estimateCounter } from '../../../src/evidence/counter/counter.ts';
import type { CounterInput } from '../../../src/evidence/counter/counter-input.ts';
import { Chance } from './chance.ts';

/** Hashes per second, seconds of a job, and shares of a session. */
const RATE = 500;
const JOB_SECONDS = 120;
const SHARES = 30;
const SESSIONS = 40;

function session(round: number, chance: Chance): CounterInput {
  const shares: CounterInput['shares'][number][] = [];
  for (let job = 0; shares.length < SHARES; job += 1) {
    const from = job * JOB_SECONDS;
    const first = from + chance.between(0, round);
    for (let left = chance.poisson(1.2); left > 0; left -= 1) {
      const seconds = chance.between(0, JOB_SECONDS - 2 * round);
      const nonce = Buffer.alloc(4);
      nonce.writeUInt32LE(Math.floor(RATE * seconds));
      const foundAt = first + Math.ceil(seconds / round) * round + chance.exponential(0.02);
      shares.push({
        jobIndex: job,
        jobTimeUs: from * 1e6,
        timeUs: foundAt * 1e6,
        workHashes: (RATE * JOB_SECONDS) / 1.2,
        nonce: nonce.toString('hex'),
      });
    }
  }
  return { dialect: 'cryptonote', shares, roundTripUs: 0 };
}

describe('miners that work in rounds', () => {
  for (const round of [2.4, 4.8, 9.6]) {
    it(`of ${round} s: a clock that holds the rate and is narrow`, () => {
      const chance = new Chance(4300 + round);
      let held = 0;
      const widths: number[] = [];
      for (let index = 0; index < SESSIONS; index += 1) {
        const estimate = estimateCounter(session(round, chance));
        if (estimate.verdict === 'no-clock') continue;
        if (estimate.low95 <= RATE && RATE <= estimate.high95) held += 1;
        widths.push((estimate.high95 - estimate.low95) / 2 / RATE);
      }
      widths.sort((a, b) => a - b);
      expect(widths.length).toBeGreaterThanOrEqual(SESSIONS - 1);
      expect(held).toBeGreaterThanOrEqual(widths.length - 5);
      expect(widths[widths.length >> 1]).toBeLessThan(0.01 + 0.012 * round);
    });
  }
});
