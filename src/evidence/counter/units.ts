/**
 * What a Stratum v1 miner counts besides the nonce as a counter of units of work (ASIC miners): its advance over time, times the hashes of a
 * unit. A unit is 2^32 nonces times the rolled version bits, which the wire does not say: of the powers of two the
 * one that the number of shares allows, and none where it allows several.
 */
import { type BaseClock, type BaseShare, readBaseClock } from './base.ts';

/** A unit is at least the whole range of the 32-bit nonce, at most 2^16 versions of it and 2^8 seconds of ntime. */
const LEAST_BITS = 32;
const MOST_BITS = 56;
/** A time that runs within 20 % of one second a second is the clock on the wall. */
const WALL_CLOCK = 0.2;
/** The next best power of two must be this much less likely. */
const LOG_SURE = Math.log(200);

/**
 * Reads counted units as a clock; `works` are the hashes that each share of their time stands for. `isTime` where
 * the count may be that of the seconds themselves, which is no clock of work.
 */
export function readUnits(
  shares: readonly BaseShare[],
  works: readonly number[],
  isTime: boolean,
): { readonly evidence: number; readonly clock: BaseClock | null } {
  const reading = readBaseClock(shares, 1);
  const clock = reading.clock;
  const first = shares[0];
  const last = shares.at(-1);
  if (clock === null || first === undefined || last === undefined) return reading;
  const isWall = Math.abs(Math.log(clock.estimate)) < WALL_CLOCK;
  if (isTime && isWall) return { evidence: Number.NEGATIVE_INFINITY, clock: null };
  const seconds = (last.timeUs - first.timeUs) / 1e6;
  let inverse = 0;
  for (const work of works) inverse += 1 / work;
  // Shares after the first, and how many hashes a second it takes to expect one of them in this time.
  const count = works.length - 1;
  const perRate = (inverse / works.length) * seconds;
  let best = -1;
  let bestLog = Number.NEGATIVE_INFINITY;
  let nextLog = Number.NEGATIVE_INFINITY;
  for (let bits = LEAST_BITS - 4; bits <= MOST_BITS; bits += 1) {
    const expected = clock.estimate * 2 ** bits * perRate;
    const log = count * Math.log(expected) - expected;
    if (log > bestLog) {
      nextLog = bestLog;
      bestLog = log;
      best = bits;
    } else if (log > nextLog) nextLog = log;
  }
  const expected = clock.estimate * 2 ** best * perRate;
  // Also the best power of two must fit: a farm behind one address counts more than one extranonce2 tells.
  const strange = Math.abs(Math.log(expected / count)) > 4 / Math.sqrt(count) + 0.05;
  if (best < LEAST_BITS || bestLog - nextLog < LOG_SURE || strange)
    return { evidence: reading.evidence, clock: null };
  const unit = 2 ** best;
  return {
    evidence: reading.evidence,
    clock: {
      ...clock,
      structure: { ...clock.structure, kind: 'units', size: unit },
      estimate: clock.estimate * unit,
      low95: clock.low95 * unit,
      high95: clock.high95 * unit,
      series: clock.series.map((one) => ({
        ...one,
        estimate: one.estimate * unit,
        low95: one.low95 * unit,
        high95: one.high95 * unit,
      })),
    },
  };
}
