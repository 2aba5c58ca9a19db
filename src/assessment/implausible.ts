/** Rates that the machines of a host cannot have: they are listed with the others, but are not a headline. */

import type { CounterRate } from '../audit/rate-rows.ts';
import { yearOf } from '../energy/efficiency.ts';
import { machineOf } from '../energy/families.ts';
import type { Machine } from '../energy/hardware.ts';
import { highestRate } from '../energy/plausible.ts';
import { gathersMiners } from '../evidence/agent.ts';
import { rateFromShares, type ShareSum } from '../evidence/poisson.ts';
import { type HostLedger, rigsBehind } from '../hosts/ledger.ts';

export interface Refusal {
  readonly algorithm: string;
  /** The rate, and the highest that the machines can have. */
  readonly rate: number;
  readonly highest: number;
  readonly machine: Machine | null;
  readonly machines: number;
}

/** What rates are made of, per algorithm: sums of shares, rates from nonces, claims. */
export interface Rates {
  readonly works: readonly { readonly algorithm: string; readonly sum: ShareSum }[];
  readonly counters: readonly CounterRate[];
  readonly selfReported: ReadonlyMap<string, number>;
}

/** Refused rates by algorithm. */
export function refusalsOf(
  ledger: HostLedger,
  { works, counters, selfReported }: Rates,
): ReadonlyMap<string, Refusal> {
  const largest = new Map<string, number>();
  // The estimate, not its lower limit: that of one share is a fortieth of it, and it is the estimate that is a headline.
  const seen = (algorithm: string, rate: number): void => {
    largest.set(algorithm, Math.max(rate, largest.get(algorithm) ?? 0));
  };
  for (const { algorithm, sum } of works) seen(algorithm, rateFromShares(sum)?.estimate ?? 0);
  for (const { algorithm, estimate } of counters) seen(algorithm, estimate);
  for (const [algorithm, claim] of selfReported) seen(algorithm, claim);
  const refusals = new Map<string, Refusal>();
  for (const [algorithm, rate] of largest) {
    const refusal = judge(ledger, algorithm, rate);
    if (refusal !== null) refusals.set(algorithm, refusal);
  }
  return refusals.size === 0 ? NOTHING_REFUSED : refusals;
}

/** Of most hosts, which share it: a map of its own has 200 bytes. */
const NOTHING_REFUSED: ReadonlyMap<string, Refusal> = new Map();

function judge(ledger: HostLedger, algorithm: string, rate: number): Refusal | null {
  // Most rates are plausible, whatever mines.
  if (rate <= highestRate(algorithm, { machine: 'cpu', count: 1, uncounted: 0 })) return null;
  const agents = ledger.sessions.flatMap(({ session }) => session.claims.agent ?? []);
  const startUs = Math.min(...ledger.sessions.map(({ session }) => session.connections.startUs));
  // The rate itself must not tell the kind of machine that it is judged by.
  const { machine } = machineOf({ algorithm, agents, ratePerWorker: null, year: yearOf(startUs) });
  const uncounted = ledger.sessions.filter(
    ({ session, match }) => match.kind === 'marketplace' || gathersMiners(session.claims.agent),
  ).length;
  const machines = Math.max(1, rigsBehind(ledger).high);
  const highest = highestRate(algorithm, { machine, count: machines, uncounted });
  return rate > highest ? { algorithm, rate, highest, machine, machines } : null;
}
