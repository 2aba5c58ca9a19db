/**
 * Rates of hosts, sessions and totals as rows: work over time per algorithm with its interval, and the rates
 * that miners report. Rates of different algorithms or bases never meet in one row.
 */

import type { Basis, HashrateRow, TotalHashrateRow, Verdict } from '../audit/audit.ts';
import {
  headlineBasis,
  rateRow,
  totalCounterRates,
  totalHeadlines,
  withHeadlines,
} from '../audit/rate-rows.ts';
import { doubtful } from '../endpoints/through.ts';
import { correctionOf, rateFromShares, type ShareSum, totalRate } from '../evidence/poisson.ts';
import { type HostLedger, hostVerdict, hostWorks } from '../hosts/ledger.ts';
import { compareText, push, totalOf } from '../order.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { hostCounterRates } from './counter-rates.ts';
import { type Rates, type Refusal, refusalsOf } from './implausible.ts';
import { missedPart } from './missed.ts';

export interface Sources extends Rates {
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

/**
 * What a host's sessions add up to. If some came through tunnels that are not believed, only the others count: an
 * outside sender would add to a rate.
 */
export function ratesOf(all: HostLedger): HostRates {
  const believed = all.sessions.filter(({ session }) => doubtful(session.connections.through) === null);
  const ledger = believed.length === 0 ? all : { ...all, sessions: believed };
  const selfReported = new Map<string, number>();
  for (const [algorithm, rate] of ledger.sessions.flatMap((finalized) => [...claimOf(finalized)]))
    selfReported.set(algorithm, (selfReported.get(algorithm) ?? 0) + rate);
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

/** The mean of the rates that a session's miner reports, by the algorithm that they are of; empty if it reports none. */
export function claimOf(finalized: FinalSession): ReadonlyMap<string, number> {
  const { algorithm, session } = finalized;
  const { selfReported: claims } = session.claims;
  if (claims.length === 0 || algorithm === null) return NOTHING_REPORTED;
  return new Map([[algorithm, totalOf(claims, ({ hashrate }) => hashrate) / claims.length]]);
}

/** Of most hosts, which share it. */
const NOTHING_REPORTED: ReadonlyMap<string, number> = new Map();

/** Rows per algorithm: from shares where work can be priced, from nonces, and what miners claim beside them. */
export function hashrateRows({ works, counters, selfReported, missed, refused }: Sources): HashrateRow[] {
  const rows: HashrateRow[] = [];
  for (const { algorithm, sum } of works) {
    const rate = rateFromShares(sum);
    if (rate !== null) rows.push({ ...rateRow(algorithm, 'shares', rate), ...correction(sum) });
  }
  for (const rate of counters) rows.push(rateRow(rate.algorithm, 'counter', rate));
  for (const [algorithm, estimate] of selfReported) rows.push(claimRow(algorithm, estimate));
  const basisOf = (own: readonly HashrateRow[]): Basis | null =>
    refused.has(own[0].algorithm) ? null : headlineBasis(own.filter(isMostlyCaptured), missed);
  return withHeadlines(rows, basisOf).sort((a, b) => compareText(a.algorithm, b.algorithm));
}

/** How the work was corrected for packets that are missing; nothing if it was not, or by less than a thousandth. */
function correction(sum: ShareSum): Pick<HashrateRow, 'correction'> {
  const factor = correctionOf(sum);
  return factor < 1.001 ? {} : { correction: { factor, because: 'loss' } };
}

/** Where more than half is missing, what is left says little of the rest. */
function isMostlyCaptured({ correction: made }: HashrateRow): boolean {
  return made === undefined || made.factor <= 2;
}

function claimRow(algorithm: string, estimate: number): HashrateRow {
  return rateRow(algorithm, 'self-reported', { estimate, low95: null, high95: null });
}

/** Sums over hosts: intervals come from the counts, never from other intervals. What was refused is left out. */
export function totalHashrate(all: readonly HostRates[]): TotalHashrateRow[] {
  const rates = all.map((each) => without(each, each.refused));
  const bySum = new Map<string, ShareSum[]>();
  const byClaim = new Map<string, number[]>();
  for (const { works, selfReported } of rates) {
    for (const { algorithm, sum } of works) push(bySum, algorithm, sum);
    for (const [algorithm, rate] of selfReported) push(byClaim, algorithm, rate);
  }
  const rows: TotalHashrateRow[] = [];
  for (const [algorithm, sums] of bySum) {
    const rate = totalRate(sums);
    const hosts = sums.filter((sum) => sum.seconds > 0).length;
    if (rate !== null) rows.push({ ...rateRow(algorithm, 'shares', rate), hosts });
  }
  for (const rate of totalCounterRates(rates.map(({ counters }) => counters))) {
    rows.push({ ...rateRow(rate.algorithm, 'counter', rate), hosts: rate.hosts });
  }
  for (const [algorithm, claims] of byClaim) {
    const estimate = totalOf(claims, (claim) => claim);
    rows.push({ ...claimRow(algorithm, estimate), hosts: claims.length });
  }
  return totalHeadlines(rows, totalOf(rates, ({ missed }) => missed) / Math.max(1, rates.length));
}

/** The rates less those of some algorithms. */
export function without(rates: HostRates, names: { has(name: string): boolean } | undefined): HostRates {
  if (names === undefined) return rates;
  const { works, counters, selfReported } = rates;
  return {
    ...rates,
    works: works.filter(({ algorithm }) => !names.has(algorithm)),
    counters: counters.filter(({ algorithm }) => !names.has(algorithm)),
    selfReported: new Map([...selfReported].filter(([algorithm]) => !names.has(algorithm))),
  };
}
