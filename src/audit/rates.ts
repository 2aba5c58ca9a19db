/**
 * Rates of hosts, sessions and totals as rows: work over time per algorithm with its interval, and what miners claim
 * beside it. Rates of different algorithms or bases never meet in one row.
 */

import type { TrafficSum } from '../endpoints/traffic.ts';
import { unitOf } from '../evidence/algorithm.ts';
import { rateFromShares, type ShareSum, totalRate } from '../evidence/poisson.ts';
import { type HostLedger, hostVerdict, hostWorks } from '../hosts/ledger.ts';
import type { HashrateRow, TotalHashrateRow, Traffic, Verdict } from './audit.ts';
import { compareText, push } from './order.ts';

/** Rates of a host, with the sums that totals and merges add up. */
export interface HostRates {
  readonly ip: string;
  readonly verdict: Verdict;
  readonly works: readonly { algorithm: string; sum: ShareSum }[];
  readonly selfReported: ReadonlyMap<string, number>;
}

/** Traffic with its mean rate over the audit's window. */
export function trafficRow(sum: Readonly<TrafficSum>, seconds: number): Traffic {
  const mbps = (bytes: number): number => (seconds > 0 ? (bytes * 8) / seconds / 1e6 : 0);
  return { ...sum, mbpsOut: mbps(sum.bytesOut), mbpsIn: mbps(sum.bytesIn) };
}

/** What a host's sessions add up to. */
export function ratesOf(ledger: HostLedger): HostRates {
  const selfReported = new Map<string, number>();
  for (const { session, algorithm } of ledger.sessions) {
    if (session.selfReported.length === 0 || algorithm === null) continue;
    const mean =
      session.selfReported.reduce((sum, { hashrate }) => sum + hashrate, 0) / session.selfReported.length;
    selfReported.set(algorithm, (selfReported.get(algorithm) ?? 0) + mean);
  }
  return { ip: ledger.ip, verdict: hostVerdict(ledger), works: hostWorks(ledger), selfReported };
}

/** Rows per algorithm: from shares where work can be priced, and what miners claim beside it. */
export function hashrateRows(
  works: readonly { algorithm: string; sum: ShareSum }[],
  selfReported: ReadonlyMap<string, number>,
): HashrateRow[] {
  const rows: HashrateRow[] = [];
  for (const { algorithm, sum } of works) {
    const rate = rateFromShares(sum);
    if (rate === null) continue;
    const { estimate, low95, high95 } = rate;
    rows.push({
      algorithm,
      unit: unitOf(algorithm),
      basis: 'shares',
      estimate,
      low95,
      high95,
      headline: true,
    });
  }
  for (const [algorithm, estimate] of selfReported) {
    const headline = !rows.some((row) => row.algorithm === algorithm);
    const unit = unitOf(algorithm);
    rows.push({ algorithm, unit, basis: 'self-reported', estimate, low95: null, high95: null, headline });
  }
  return rows.sort((a, b) => compareText(a.algorithm, b.algorithm));
}

/** Sums over hosts: intervals come from the counts, never from other intervals. */
export function totalHashrate(rates: readonly HostRates[]): TotalHashrateRow[] {
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
    const { estimate, low95, high95 } = rate;
    const unit = unitOf(algorithm);
    const usable = sums.filter((sum) => sum.seconds > 0).length;
    rows.push({ algorithm, unit, basis: 'shares', estimate, low95, high95, hosts: usable, headline: true });
  }
  for (const [algorithm, claims] of byClaim) {
    const estimate = claims.reduce((sum, claim) => sum + claim, 0);
    const headline = !rows.some((row) => row.algorithm === algorithm);
    const unit = unitOf(algorithm);
    rows.push({
      algorithm,
      unit,
      basis: 'self-reported',
      estimate,
      low95: null,
      high95: null,
      hosts: claims.length,
      headline,
    });
  }
  return rows.sort((a, b) => compareText(a.algorithm, b.algorithm) || compareText(a.basis, b.basis));
}
