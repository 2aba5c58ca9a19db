/**
 * Rates of hosts, sessions and totals as rows: work over time per algorithm with its interval, and the rates
 * that miners report. Rates of different algorithms or bases never meet in one row.
 */

import { doubtful } from '../endpoints/through.ts';
import type { TrafficSum } from '../endpoints/traffic.ts';
import { unitOf } from '../evidence/algorithm.ts';
import { rateFromShares, type ShareSum, totalRate } from '../evidence/poisson.ts';
import { type HostLedger, hostVerdict, hostWorks } from '../hosts/ledger.ts';
import { ratedAlgorithm } from '../sessions/settle.ts';
import type { Basis, HashrateRow, TotalHashrateRow, Traffic, Verdict } from './audit.ts';
import { type CounterRate, hostCounterRates, totalCounterRates } from './counter-rates.ts';
import { type Refusal, refusalsOf } from './implausible.ts';
import { isPatchy, missedPart } from './missed.ts';
import { compareText, push } from './order.ts';

/** What rates are made of, per algorithm: sums of shares, rates from nonces, claims. */
export interface Sources {
  readonly works: readonly { readonly algorithm: string; readonly sum: ShareSum }[];
  readonly counters: readonly CounterRate[];
  readonly selfReported: ReadonlyMap<string, number>;
  /** Part of what the connections said that was not captured, 0 to 1. */
  readonly missed: number;
  /** Rates by algorithm that the machines cannot have: they are not a headline. */
  readonly refused: ReadonlyMap<string, Refusal>;
}

/** Rates of a host, with the sums that totals and merges add up. */
export interface HostRates extends Sources {
  readonly ip: string;
  readonly verdict: Verdict;
}

/** Traffic with its mean rate over the audit's window. */
export function trafficRow(sum: Readonly<TrafficSum>, seconds: number): Traffic {
  const mbps = (bytes: number): number => (seconds > 0 ? (bytes * 8) / seconds / 1e6 : 0);
  const { bytesOut, bytesIn, packetsOut, packetsIn } = sum;
  return { bytesOut, bytesIn, packetsOut, packetsIn, mbpsOut: mbps(bytesOut), mbpsIn: mbps(bytesIn) };
}

/**
 * What a host's sessions add up to. If some came through tunnels that are not believed, only the others count: a stranger
 * would add to a rate.
 */
export function ratesOf(all: HostLedger): HostRates {
  const believed = all.sessions.filter(({ session }) => doubtful(session.connections.through) === null);
  const ledger = believed.length === 0 ? all : { ...all, sessions: believed };
  const selfReported = new Map<string, number>();
  for (const settled of ledger.sessions) {
    const { session } = settled;
    const algorithm = ratedAlgorithm(settled);
    if (session.claims.selfReported.length === 0 || algorithm === null) continue;
    const mean =
      session.claims.selfReported.reduce((sum, { hashrate }) => sum + hashrate, 0) /
      session.claims.selfReported.length;
    selfReported.set(algorithm, (selfReported.get(algorithm) ?? 0) + mean);
  }
  const sources = {
    works: hostWorks(ledger),
    counters: hostCounterRates(ledger),
    selfReported: selfReported.size === 0 ? NOTHING_REPORTED : selfReported,
  };
  return {
    ip: all.ip,
    verdict: hostVerdict(all),
    ...sources,
    missed: missedPart(ledger.sessions),
    refused: refusalsOf(ledger, sources),
  };
}

/** Of most hosts, which share it. */
const NOTHING_REPORTED: ReadonlyMap<string, number> = new Map();

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
function headlineBasis(rows: readonly HashrateRow[], missed: number): Basis | null {
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
function withHeadlines<Row extends HashrateRow>(
  rows: readonly Row[],
  basisOf: (own: readonly Row[]) => Basis | null,
): Row[] {
  const byAlgorithm = new Map<string, Row[]>();
  for (const row of rows) push(byAlgorithm, row.algorithm, row);
  return [...byAlgorithm.values()].flatMap((own) => {
    const basis = basisOf(own);
    for (const row of own) row.headline = row.basis === basis;
    return own;
  });
}

/** Rows per algorithm: from shares where work can be priced, from nonces, and what miners claim beside them. */
export function hashrateRows({ works, counters, selfReported, missed, refused }: Sources): HashrateRow[] {
  const rows: HashrateRow[] = [];
  for (const { algorithm, sum } of works) {
    const rate = rateFromShares(sum);
    if (rate !== null) rows.push(rateRow(algorithm, 'shares', rate));
  }
  for (const rate of counters) rows.push(rateRow(rate.algorithm, 'counter', rate));
  for (const [algorithm, estimate] of selfReported) {
    rows.push(rateRow(algorithm, 'self-reported', { estimate, low95: null, high95: null }));
  }
  const basisOf = (own: readonly HashrateRow[]): Basis | null =>
    refused.has(own[0].algorithm) ? null : headlineBasis(own, missed);
  return withHeadlines(rows, basisOf).sort((a, b) => compareText(a.algorithm, b.algorithm));
}

function rateRow(
  algorithm: string,
  basis: Basis,
  { estimate, low95, high95 }: Interval & { readonly estimate: number },
): HashrateRow {
  return { algorithm, unit: unitOf(algorithm), basis, estimate, low95, high95, headline: false };
}

/** Sums over hosts: intervals come from the counts, never from other intervals. What was refused is left out. */
export function totalHashrate(all: readonly HostRates[]): TotalHashrateRow[] {
  const rates = all.map(withoutRefused);
  const bySum = new Map<string, ShareSum[]>();
  const byClaim = new Map<string, number[]>();
  for (const { works, selfReported } of rates) {
    for (const { algorithm, sum } of works) push(bySum, algorithm, sum);
    for (const [algorithm, rate] of selfReported) push(byClaim, algorithm, rate);
  }
  const rows: TotalHashrateRow[] = [];
  for (const [algorithm, sums] of bySum) {
    const rate = totalRate(sums);
    if (rate === null) continue;
    rows.push({
      ...rateRow(algorithm, 'shares', rate),
      hosts: sums.filter((sum) => sum.seconds > 0).length,
    });
  }
  for (const rate of totalCounterRates(rates.map(({ counters }) => counters))) {
    rows.push({ ...rateRow(rate.algorithm, 'counter', rate), hosts: rate.hosts });
  }
  for (const [algorithm, claims] of byClaim) {
    const estimate = claims.reduce((sum, claim) => sum + claim, 0);
    const row = rateRow(algorithm, 'self-reported', { estimate, low95: null, high95: null });
    rows.push({ ...row, hosts: claims.length });
  }
  return totalHeadlines(rows, rates.reduce((sum, each) => sum + each.missed, 0) / Math.max(1, rates.length));
}

/** Rows of totals in their order, with the one headline of each algorithm. `missed`: part that was not captured. */
export function totalHeadlines(rows: readonly TotalHashrateRow[], missed = 0): TotalHashrateRow[] {
  return withHeadlines(rows, (own) => totalHeadlineBasis(own, missed)).sort(
    (a, b) => compareText(a.algorithm, b.algorithm) || compareText(a.basis, b.basis),
  );
}

function withoutRefused(rates: HostRates): HostRates {
  const { works, counters, selfReported, refused } = rates;
  if (refused.size === 0) return rates;
  return {
    ...rates,
    works: works.filter(({ algorithm }) => !refused.has(algorithm)),
    counters: counters.filter(({ algorithm }) => !refused.has(algorithm)),
    selfReported: new Map([...selfReported].filter(([algorithm]) => !refused.has(algorithm))),
  };
}

/** As for one host; but a total over fewer hosts does not contradict one over more. */
function totalHeadlineBasis(rows: readonly TotalHashrateRow[], missed: number): Basis | null {
  const measured = rows.filter((row) => row.basis !== 'self-reported');
  const most = Math.max(0, ...measured.map((row) => row.hosts));
  return headlineBasis(most === 0 ? rows : measured.filter((row) => row.hosts === most), missed);
}
