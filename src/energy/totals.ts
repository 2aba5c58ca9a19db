/**
 * Power of many hosts: centres add, and so do lows and highs, because an error in an efficiency is the same for every
 * host (docs/energy.md section 2). Power without payload evidence is kept apart. Rates of different algorithms never add.
 */

import type { Statement } from '../statements/index.ts';
import type { PowerEstimate, PowerTier } from './power.ts';

interface PowerSum {
  wattsLow: number;
  watts: number;
  wattsHigh: number;
  kwhPerDayLow: number;
  kwhPerDay: number;
  kwhPerDayHigh: number;
}

interface PowerTotals {
  /** Tiers A and B, and flat figures if they were asked for. */
  readonly estimated: PowerSum;
  /** Tier C: hosts of which no payload tells rate or kind. Not part of `estimated`. */
  readonly modelled: PowerSum;
  /** Hosts by tier. */
  readonly hosts: Readonly<Record<PowerTier, number>>;
  /** Part of all central watts by tier, 0 to 1. */
  readonly shares: Readonly<Record<PowerTier, number>>;
  /** Distinct assumptions, the most frequent first. */
  readonly assumptions: readonly Statement[];
}

function noPower(): PowerSum {
  return { wattsLow: 0, watts: 0, wattsHigh: 0, kwhPerDayLow: 0, kwhPerDay: 0, kwhPerDayHigh: 0 };
}

function addPower(sum: PowerSum, power: Readonly<PowerSum>): void {
  sum.wattsLow += power.wattsLow;
  sum.watts += power.watts;
  sum.wattsHigh += power.wattsHigh;
  sum.kwhPerDayLow += power.kwhPerDayLow;
  sum.kwhPerDay += power.kwhPerDay;
  sum.kwhPerDayHigh += power.kwhPerDayHigh;
}

/** What the totals need of an estimate. */
export type TotalledPower = PowerSum & Pick<PowerEstimate, 'tier' | 'assumptions'>;

/** Totals of hosts. */
export function totalPower(estimates: Iterable<TotalledPower>): PowerTotals {
  const estimated = noPower();
  const modelled = noPower();
  const hosts: Record<PowerTier, number> = { A: 0, B: 0, C: 0, flat: 0 };
  const watts: Record<PowerTier, number> = { A: 0, B: 0, C: 0, flat: 0 };
  const assumptions = new Map<string, { statement: Statement; count: number }>();
  for (const estimate of estimates) {
    addPower(estimate.tier === 'C' ? modelled : estimated, estimate);
    hosts[estimate.tier]++;
    watts[estimate.tier] += estimate.watts;
    for (const assumption of estimate.assumptions) {
      const row = assumptions.get(assumption.text) ?? { statement: assumption, count: 0 };
      assumptions.set(assumption.text, row);
      row.count++;
    }
  }
  const all = estimated.watts + modelled.watts;
  const share = (tier: PowerTier): number => (all > 0 ? watts[tier] / all : 0);
  return {
    estimated,
    modelled,
    hosts,
    shares: { A: share('A'), B: share('B'), C: share('C'), flat: share('flat') },
    assumptions: [...assumptions.values()]
      .sort((a, b) => b.count - a.count || (a.statement.text < b.statement.text ? -1 : 1))
      .map(({ statement }) => statement),
  };
}
