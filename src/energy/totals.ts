/**
 * Power of many hosts: centres add. The counting errors of hosts are independent and are those of all their shares
 * together; an error in an efficiency, in a PUE or in the watts of a kind of worker is the same for every host, and so
 * these lows and highs add (docs/reference/energy.md section 2). Power without payload evidence is kept apart. Rates of different
 * algorithms never add.
 */

import type { Range } from '../estimate.ts';
import { type ShareSum, sumOfRate, totalRate } from '../evidence/poisson.ts';
import { totalOf, under } from '../order.ts';
import type { Statement } from '../statements/index.ts';
import { greatestAtOnce, type Powered } from './at-once.ts';
import type { PowerEstimate, PowerFigures, PowerTier } from './power.ts';

/** Power, and what of its limits comes from counting shares. */
type CountedPower = PowerFigures & Pick<PowerEstimate, 'countingLow' | 'countingHigh'>;

/** What the totals need of an estimate. */
export type TotalledPower = CountedPower &
  Pick<Powered, 'spans'> &
  Pick<PowerEstimate, 'tier' | 'assumptions'>;

/** Totals of hosts. */
export function totalPower(estimates: Iterable<TotalledPower>) {
  const all = [...estimates];
  const hosts: Record<PowerTier, number> = { A: 0, B: 0, C: 0, flat: 0 };
  const assumptions = new Map<string, { statement: Statement; count: number }>();
  for (const estimate of all) {
    hosts[estimate.tier]++;
    for (const assumption of estimate.assumptions) {
      under(assumptions, assumption.text, () => ({ statement: assumption, count: 0 })).count++;
    }
  }
  return {
    /** Tiers A and B, and flat figures if they were asked for. */
    estimated: sumOfPower(all.filter(({ tier }) => tier !== 'C')),
    /** Tier C: hosts of which no payload tells rate or kind. Not part of `estimated`. */
    modelled: sumOfPower(all.filter(({ tier }) => tier === 'C')),
    /** Hosts by tier. */
    hosts,
    /** Distinct assumptions, the most frequent first. */
    assumptions: [...assumptions.values()]
      .sort((a, b) => b.count - a.count || (a.statement.text < b.statement.text ? -1 : 1))
      .map(({ statement }) => statement),
  };
}

/** Watts are those of the moment when all together took the most; energy is that of all. */
function sumOfPower(all: readonly TotalledPower[]): PowerFigures {
  const { kwhPerDayLow, kwhPerDay, kwhPerDayHigh } = plainSum(all);
  return { ...plainSum(greatestAtOnce(all)), kwhPerDayLow, kwhPerDay, kwhPerDayHigh };
}

/** The sum as if all took their power at one time. */
export function plainSum(all: readonly CountedPower[]): PowerFigures {
  const watts = totalOf(all, (one) => one.watts);
  const kwhPerDay = totalOf(all, (one) => one.kwhPerDay);
  const ofWatts = countingOf(all, 'watts');
  const ofEnergy = countingOf(all, 'kwhPerDay');
  const sum = (field: keyof PowerFigures, side: 'countingLow' | 'countingHigh'): number =>
    totalOf(all, (one) => {
      const { [side]: own = 1 } = one;
      return own > 0 ? one[field] / own : 0;
    });
  return {
    wattsLow: Math.min(watts, sum('wattsLow', 'countingLow') * ofWatts.low),
    watts,
    wattsHigh: sum('wattsHigh', 'countingHigh') * ofWatts.high,
    kwhPerDayLow: Math.min(kwhPerDay, sum('kwhPerDayLow', 'countingLow') * ofEnergy.low),
    kwhPerDay,
    kwhPerDayHigh: sum('kwhPerDayHigh', 'countingHigh') * ofEnergy.high,
  };
}

/** Factors of the limits of a sum, from counting alone: each host has as many equal shares as its own lower limit shows. */
function countingOf(all: readonly CountedPower[], field: 'watts' | 'kwhPerDay'): Range {
  const [only, ...others] = all;
  if (only !== undefined && others.length === 0)
    return { low: only.countingLow ?? 1, high: only.countingHigh ?? 1 };
  const counted = all.flatMap(({ countingLow, [field]: figure }) =>
    countingLow !== undefined && figure > 0 ? [sharesOf(figure, countingLow)] : [],
  );
  const total = totalOf(all, (one) => one[field]);
  const rate = totalRate(counted);
  if (rate === null || !(total > 0)) return { low: 1, high: 1 };
  const certain = total - rate.estimate;
  return {
    low: Math.max(0, certain + rate.low95) / total,
    high: Math.max(1, (certain + rate.high95) / total),
  };
}

/** Counts by the lower limit of their estimate, in thousandths: many hosts have the same. */
const known = new Map<string, ShareSum>();

function sharesOf(figure: number, low: number): ShareSum {
  const one = under(known, low.toFixed(3), () => sumOfRate({ estimate: 1, low95: Number(low.toFixed(3)) }));
  return { ...one, work: figure, workSquared: one.workSquared * figure * figure };
}
