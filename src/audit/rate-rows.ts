/**
 * Rows of rates and traffic: which basis is the headline of an algorithm, and sums over hosts. Rates of different
 * algorithms or bases never meet in one row.
 */
import type { TrafficSum } from '../endpoints/traffic.ts';
import { networkRate } from '../energy/plausible.ts';
import { unitOf } from '../evidence/algorithm.ts';
import { compareText, groupBy, totalOf } from '../order.ts';
import type { Basis, HashrateRow, TotalHashrateRow, Traffic } from './audit.ts';

/** From this part of what was said on, what is missing is a cause of its own for shares to fall short. */
const PATCHY_FROM = 0.01;

/** A rate from nonces, in the algorithm's unit per second. */
export interface CounterRate {
  readonly algorithm: string;
  readonly estimate: number;
  readonly low95: number;
  readonly high95: number;
  /** Shares on the clock, and sessions that they are of. */
  readonly shares: number;
  readonly sessions: number;
}

/** Traffic with its mean rate over the audit's window. */
export function trafficRow(sum: Readonly<TrafficSum>, seconds: number): Traffic {
  const mbps = (bytes: number): number => (seconds > 0 ? (bytes * 8) / seconds / 1e6 : 0);
  const { bytesOut, bytesIn, packetsOut, packetsIn } = sum;
  return { bytesOut, bytesIn, packetsOut, packetsIn, mbpsOut: mbps(bytesOut), mbpsIn: mbps(bytesIn) };
}

/** What one rate rests on, of those that may stand side by side for an algorithm. */
interface Interval {
  readonly low95: number | null;
  readonly high95: number | null;
}

/** True if two intervals have a value in common; an unknown bound excludes nothing. */
export function overlap(a: Interval, b: Interval): boolean {
  return (
    (a.low95 ?? 0) <= (b.high95 ?? Number.POSITIVE_INFINITY) &&
    (b.low95 ?? 0) <= (a.high95 ?? Number.POSITIVE_INFINITY)
  );
}

function width({ low95, high95 }: Interval): number {
  return low95 === null || high95 === null ? Number.POSITIVE_INFINITY : high95 - low95;
}

/**
 * Which basis is the headline of an algorithm: of shares and counter the narrower interval where they agree, shares
 * where they do not (counted work outranks inference), and what the miner claims only if nothing else is known. Where
 * packets are missing, though, shares fall short for that alone, and the counter does not.
 */
export function headlineBasis(rows: readonly HashrateRow[], missed: number): Basis | null {
  const shares = rows.find((row) => row.basis === 'shares');
  const counter = rows.find((row) => row.basis === 'counter');
  if (shares !== undefined && counter !== undefined) {
    if (fallsShort(shares, counter, missed)) return 'counter';
    return overlap(shares, counter) && width(counter) < width(shares) ? 'counter' : 'shares';
  }
  return (shares ?? counter ?? rows[0])?.basis ?? null;
}

/** Whether shares say less than the counter in a capture that misses packets. */
export function fallsShort(
  shares: HashrateRow,
  counter: Interval & { readonly estimate: number },
  missed: number,
): boolean {
  return isPatchy(missed) && counter.estimate > shares.estimate && !overlap(shares, counter);
}

/** Sets the one headline of each algorithm. */
export function withHeadlines<Row extends HashrateRow>(
  rows: readonly Row[],
  basisOf: (own: readonly Row[]) => Basis | null,
): Row[] {
  const byAlgorithm = groupBy(rows, ({ algorithm }) => algorithm);
  return [...byAlgorithm.values()].flatMap((own) => {
    const basis = basisOf(own);
    for (const row of own) row.headline = row.basis === basis;
    return own;
  });
}

export function rateRow(
  algorithm: string,
  basis: Basis,
  { estimate, low95, high95 }: Interval & { readonly estimate: number },
): HashrateRow {
  return { algorithm, unit: unitOf(algorithm), basis, estimate, low95, high95, headline: false };
}

/**
 * Rows of totals in their order, with the one headline of each algorithm; none of more than its whole network has
 * (power-notes.ts says so). `missed`: part that was not captured.
 */
export function totalHeadlines(rows: readonly TotalHashrateRow[], missed = 0): TotalHashrateRow[] {
  const possible = rows.filter(({ algorithm, estimate }) => estimate <= networkRate(algorithm));
  return withHeadlines(possible, (own) => totalHeadlineBasis(own, missed)).sort(
    (a, b) => compareText(a.algorithm, b.algorithm) || compareText(a.basis, b.basis),
  );
}

/** As for one host; but a total over fewer hosts does not contradict one over more. */
function totalHeadlineBasis(rows: readonly TotalHashrateRow[], missed: number): Basis | null {
  const measured = rows.filter((row) => row.basis !== 'self-reported');
  const most = Math.max(0, ...measured.map((row) => row.hosts));
  return headlineBasis(most === 0 ? rows : measured.filter((row) => row.hosts === most), missed);
}

/** Whether so much is missing that shares surely are. */
export function isPatchy(part: number): boolean {
  return part >= PATCHY_FROM;
}

/** The sum over hosts, per algorithm, with the number of hosts. */
export function totalCounterRates(
  hosts: readonly (readonly CounterRate[])[],
): (CounterRate & { hosts: number })[] {
  return [...groupBy(hosts.flat(), ({ algorithm }) => algorithm)].map(([algorithm, own]) => {
    const sum = (field: 'estimate' | 'shares' | 'sessions'): number => totalOf(own, (rate) => rate[field]);
    const estimate = sum('estimate');
    const below = own.reduce((all, rate) => Math.hypot(all, rate.estimate - rate.low95), 0);
    const above = own.reduce((all, rate) => Math.hypot(all, rate.high95 - rate.estimate), 0);
    return {
      algorithm,
      estimate,
      low95: Math.max(0, estimate - below),
      high95: estimate + above,
      shares: sum('shares'),
      sessions: sum('sessions'),
      hosts: own.length,
    };
  });
}
