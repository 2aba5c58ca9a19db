/**
 * Devices whose starts lie close together: the ranges of two may meet within a job, and then their shares lie on no one
 * line. What is not told apart must not pass for one slow device.
 */
import { describe, expect, it } from 'vitest';
import {
  type CounterInput,
  type CounterShare,
  estimateCounter,
} from '../../../src/evidence/counter/counter.ts';
import { Chance } from './chance.ts';

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
