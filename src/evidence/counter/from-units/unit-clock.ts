/**
 * What a Stratum v1 miner counts besides the nonce as a counter of units of work (ASIC miners): its advance over time,
 * times the hashes of a unit. A unit is 2^32 nonces times the rolled version bits, which the wire does not say, if the
 * miner searches all of it; some take up new work before that. If version bits end before their range does, they
 * tell how much is searched. Else, of the powers of two the one that the number of shares allows is thought as likely
 * as a unit of any size; the shares weigh one against the other. Whether it counts work at all is for `paces.ts` to say.
 */
import { NOTHING, type Reading } from '../clock.ts';
import { readBaseClock } from '../from-base/base-clock.ts';
import type { BaseShare } from '../from-base/division.ts';
import { type Interval, mixtureInterval } from '../statistics/interval.ts';
import { LOG_CLOCK } from '../terms.ts';
import { evidenceOfWork } from './paces.ts';

/** A unit is at least the whole range of the 32-bit nonce, at most 2^16 versions of it and 2^8 seconds of ntime. */
const LEAST_BITS = 32;
const MOST_BITS = 56;
/** A time that runs within 20 % of one second a second is the clock on the wall. */
const WALL_CLOCK = 0.2;

/** What is known of a counter besides its values. */
interface Kind {
  /** The count may be that of the seconds themselves, which is not a clock of work. */
  readonly isTime: boolean;
  /** The part of a unit that is searched, as far as version bits tell, and its relative deviation. */
  readonly used: number;
  readonly usedDeviation: number;
}

/** Reads counted units as a clock; `works` are the hashes that each share of their time stands for. */
export function readUnitClock(
  shares: readonly BaseShare[],
  works: readonly number[],
  { isTime, used, usedDeviation }: Kind,
): Reading {
  const reading = readBaseClock(shares, 1);
  const { clock } = reading;
  if (clock === null) return reading;
  const none = { ...NOTHING, evidence: reading.evidence };
  const isWall = Math.abs(Math.log(clock.estimate)) < WALL_CLOCK;
  if (isTime && isWall) return { ...none, doubt: 'timed' };
  const seconds = (shares[shares.length - 1].timeUs - shares[0].timeUs) / 1e6;
  let inverse = 0;
  for (const work of works) inverse += 1 / work;
  // Shares after the first, and how many hashes a second it takes to expect one of them in this time.
  const count = works.length - 1;
  const perRate = (inverse / works.length) * seconds;
  let best = -1;
  let bestLog = Number.NEGATIVE_INFINITY;
  let nextLog = Number.NEGATIVE_INFINITY;
  for (let bits = LEAST_BITS - 4; bits <= MOST_BITS; bits += 1) {
    const expected = clock.estimate * used * 2 ** bits * perRate;
    const log = count * Math.log(expected) - expected;
    if (log > bestLog) {
      nextLog = bestLog;
      bestLog = log;
      best = bits;
    } else if (log > nextLog) nextLog = log;
  }
  if (best < LEAST_BITS || bestLog - nextLog < LOG_CLOCK) return none;
  const unit = used * 2 ** best;
  // How many times as many shares came as the whole of such units would give, and how well that is known.
  const offset = Math.log(count / (clock.estimate * unit * perRate));
  const deviation = Math.hypot(1 / Math.sqrt(count), usedDeviation);
  const odds = oddsOfInteger(offset, deviation);
  // Shares that speak against it leave a unit of unknown size: a rate from shares under another name.
  if (odds < 1) return none;
  // A timer, or a count of jobs, lies on a line, too, and its step has some size by the shares.
  const work = evidenceOfWork(shares, clock.structure.kind === 'base-job', clock.estimate);
  const evidence = Math.min(reading.evidence, work);
  if (!(evidence >= LOG_CLOCK)) return { ...none, doubt: 'timed' };
  const scaled = <T extends Interval>(rate: T): T => ({
    ...rate,
    ...inUnits(rate, unit, usedDeviation, odds, offset, deviation),
  });
  const structure = { ...clock.structure, kind: 'units', size: unit } as const;
  return { ...none, evidence, clock: { ...scaled(clock), structure, series: clock.series.map(scaled) } };
}

/** Odds of a unit that is searched whole, so that its size is a power of two, over one of any size (Bayes). */
function oddsOfInteger(offset: number, deviation: number): number {
  return (Math.LN2 / (Math.sqrt(2 * Math.PI) * deviation)) * Math.exp(-(offset ** 2) / (2 * deviation ** 2));
}

/** A rate of units as one of hashes: of whole units, or of units whose size is only known from the shares. */
function inUnits(
  { estimate, low95, high95 }: Interval,
  unit: number,
  unitDeviation: number,
  odds: number,
  offset: number,
  deviation: number,
): Interval {
  const centre = Math.log(estimate * unit);
  const own = Math.max(Math.log(high95 / low95) / 3.92, 1e-4);
  const whole = Math.hypot(own, unitDeviation);
  const parts = [
    { weight: odds, centre, deviation: whole },
    { weight: 1, centre: centre + offset, deviation: Math.hypot(own, deviation) },
  ];
  return mixtureInterval(parts, Math.exp);
}
