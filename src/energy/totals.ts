/**
 * Power of many hosts: centres add, and so do lows and highs, because an error in an efficiency is the same for every
 * host (docs/energy.md section 2). Power without payload evidence is kept apart. Rates of different algorithms never add.
 */
import { under } from '../order.ts';
import type { Statement } from '../statements/index.ts';
import { POWER_FIGURES, type PowerEstimate, type PowerFigures, type PowerTier } from './power.ts';

function noPower(): { -readonly [K in keyof PowerFigures]: number } {
  return { wattsLow: 0, watts: 0, wattsHigh: 0, kwhPerDayLow: 0, kwhPerDay: 0, kwhPerDayHigh: 0 };
}

/** What the totals need of an estimate. */
export type TotalledPower = PowerFigures & Pick<PowerEstimate, 'tier' | 'assumptions'>;

/** Totals of hosts. */
export function totalPower(estimates: Iterable<TotalledPower>) {
  const estimated = noPower();
  const modelled = noPower();
  const hosts: Record<PowerTier, number> = { A: 0, B: 0, C: 0, flat: 0 };
  const assumptions = new Map<string, { statement: Statement; count: number }>();
  for (const estimate of estimates) {
    const sum = estimate.tier === 'C' ? modelled : estimated;
    for (const figure of POWER_FIGURES) sum[figure] += estimate[figure];
    hosts[estimate.tier]++;
    for (const assumption of estimate.assumptions) {
      under(assumptions, assumption.text, () => ({ statement: assumption, count: 0 })).count++;
    }
  }
  return {
    /** Tiers A and B, and flat figures if they were asked for. */
    estimated,
    /** Tier C: hosts of which no payload tells rate or kind. Not part of `estimated`. */
    modelled,
    /** Hosts by tier. */
    hosts,
    /** Distinct assumptions, the most frequent first. */
    assumptions: [...assumptions.values()]
      .sort((a, b) => b.count - a.count || (a.statement.text < b.statement.text ? -1 : 1))
      .map(({ statement }) => statement),
  };
}
