/**
 * Per address: the sessions it mined in, its pool connections with listed endpoints, and what they add up to. Work adds per
 * algorithm; the time it is divided by is the union of the intervals, so that a miner on two connections, or one
 * that reconnects, is neither halved nor doubled (docs/reference/hashrate.md).
 */

import type { PoolConnection } from '../endpoints/pool-connection.ts';
import { serversOf } from '../endpoints/servers.ts';
import { addTraffic, noTraffic, type TrafficSum } from '../endpoints/traffic.ts';
import type { ShareSum } from '../evidence/poisson.ts';
import { VERDICTS, type Verdict } from '../evidence/verdict.ts';
import { groupBy, totalOf, under } from '../order.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { shareSumOf } from '../sessions/loss.ts';
import { mostAtOnce, type TimeInterval, unionSeconds } from '../time-interval.ts';

export interface HostLedger {
  readonly ip: string;
  readonly sessions: FinalSession[];
  readonly poolConnections: PoolConnection[];
}

/** Opens a ledger for each address on the miner's side, in the order of their text. */
export function openLedgers(
  sessions: Iterable<FinalSession>,
  poolConnections: Iterable<PoolConnection>,
): HostLedger[] {
  const ledgers = new Map<string, HostLedger>();
  const of = (ip: string): HostLedger =>
    under(ledgers, ip, () => ({ ip, sessions: [], poolConnections: [] }));
  for (const finalized of sessions) of(finalized.session.miner.ip).sessions.push(finalized);
  for (const poolConnection of poolConnections)
    of(poolConnection.client.ip).poolConnections.push(poolConnection);
  return [...ledgers.values()].sort((a, b) => (a.ip < b.ip ? -1 : 1));
}

/** The strongest verdict of a host's sessions and pool connections. */
export function hostVerdict({ sessions, poolConnections }: HostLedger): Verdict {
  const given = new Set(
    [...sessions.map(({ verdict }) => verdict), ...poolConnections].map(({ verdict }) => verdict),
  );
  return VERDICTS.find((verdict) => given.has(verdict)) ?? 'listed';
}

export function hostTraffic(ledger: HostLedger): TrafficSum {
  const sum = noTraffic();
  for (const { session } of ledger.sessions) addTraffic(sum, session.connections.traffic);
  for (const poolConnection of ledger.poolConnections) addTraffic(sum, poolConnection.traffic);
  return sum;
}

/**
 * Work per algorithm over the union of its active times. Sessions of unknown algorithm, or whose difficulty is unknown, give
 * none.
 */
export function hostWorks(ledger: HostLedger): { readonly algorithm: string; readonly sum: ShareSum }[] {
  const parts = ledger.sessions.flatMap(({ session, works }) =>
    works.flatMap((part) =>
      part.algorithm === null || part.work === null
        ? []
        : [{ algorithm: part.algorithm, intervals: part.intervals, ...shareSumOf(session, part) }],
    ),
  );
  return [...groupBy(parts, ({ algorithm }) => algorithm)].map(([algorithm, own]) => {
    const weight = totalOf(own, ({ seconds }) => seconds);
    const inForce = totalOf(own, ({ workInForce = 0, seconds }) => workInForce * seconds);
    return {
      algorithm,
      sum: {
        work: totalOf(own, ({ work }) => work),
        workSquared: totalOf(own, ({ workSquared }) => workSquared),
        shares: totalOf(own, ({ shares }) => shares),
        seconds: unionSeconds(own.flatMap(({ intervals }) => intervals)),
        workInForce: weight > 0 ? inForce / weight : 0,
        captured: totalOf(own, ({ captured = 0 }) => captured),
      },
    };
  });
}

/** What tells that there are several machines, the plainest first. */
const RIG_SIGNS = ['workers', 'connections', 'logins', 'nonces'] as const;
type RigSign = (typeof RIG_SIGNS)[number];

/**
 * Machines behind the address, at least and at most, and what the upper bound is based on, if there are several: worker names,
 * logins, connections at one time, and the nonce bytes by which a proxy distinguishes its miners. Of such bytes those within one job are machines at one time; over a
 * session a machine that comes back may have had two.
 */
export function rigsBehind(ledger: HostLedger): { low: number; high: number; by: RigSign[] } {
  const workers = new Set<string>();
  const held: (TimeInterval & Readonly<Record<Exclude<RigSign, 'workers'>, number>>)[] = [];
  let low = 1;
  for (const { session, counter, verdict } of ledger.sessions) {
    if (verdict.verdict === 'attempted') continue;
    for (const login of session.claims.logins) if (login.worker !== null) workers.add(login.worker);
    const { estimate = null, leastRigs = 0 } = counter ?? {};
    low = Math.max(low, leastRigs);
    const clocks = estimate?.verdict === 'clock' ? (estimate.rigs ?? 0) : 0;
    // A farm's proxy logs each machine in on one connection, by account if workers have no names.
    const logins = Math.max(1, session.claims.logins.length);
    // Bytes of nonces that may be random are no machines: those count that are sure.
    const nonces = Math.max(1, leastRigs, clocks);
    const { startUs, endUs } = session.connections;
    held.push({ startUs, endUs, connections: 1, logins, nonces });
  }
  for (const { verdict, flow, startUs, endUs, atOnce = 1 } of ledger.poolConnections) {
    const isMining = verdict === 'probable' || verdict === 'suspected';
    if (flow !== undefined && isMining)
      held.push({ startUs, endUs, connections: Math.max(1, atOnce), logins: 1, nonces: 1 });
  }
  const counted = (of: (one: (typeof held)[number]) => number): number =>
    mostAtOnce(held.map((one) => ({ ...one, count: of(one) })));
  const high = Math.max(
    low,
    workers.size,
    counted(({ connections, logins, nonces }) => Math.max(connections, logins, nonces)),
  );
  const signs: Readonly<Record<RigSign, number>> = {
    workers: workers.size,
    connections: counted(({ connections }) => connections),
    logins: counted(({ logins }) => logins),
    nonces: counted(({ nonces }) => nonces),
  };
  const several = RIG_SIGNS.filter((sign) => signs[sign] > 1);
  const enough = several.filter((sign) => signs[sign] === high);
  // The plainest that is enough; if none is alone, all of them together are.
  return { low, high, by: enough.length > 0 ? enough.slice(0, 1) : several };
}

/**
 * Hosts at which others mine, with the algorithms: what such a host mines itself, one floor up, is their work again
 * (docs/reference/protocols.md 5.8, aggregation).
 */
export function servedAlgorithms(sessions: Iterable<FinalSession>): ReadonlyMap<string, ReadonlySet<string>> {
  const served = new Map<string, Set<string>>();
  for (const { session, verdict, works, algorithm } of sessions) {
    if (verdict.verdict !== 'confirmed' && verdict.verdict !== 'probable') continue;
    // A proxy on the way goes on to the pool by itself.
    for (const ip of serversOf(session)) {
      const own = under(served, ip, () => new Set());
      for (const name of [algorithm, ...works.map((part) => part.algorithm)])
        if (name !== null) own.add(name);
    }
  }
  return served;
}
