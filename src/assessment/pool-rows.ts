/** Pools as rows of the audit: who was talked to, by how many hosts, with how much traffic. */

import { endpointText } from '../address.ts';
import type { AuditPool } from '../audit/audit.ts';
import { trafficRow } from '../audit/rate-rows.ts';
import type { PoolConnection } from '../endpoints/pool-connection.ts';
import { poolLabel } from '../endpoints/pool-match.ts';
import { addTraffic, noTraffic } from '../endpoints/traffic.ts';
import { compareText, under } from '../order.ts';
import type { FinalSession } from '../sessions/finalize.ts';

export function poolRows(
  sessions: readonly FinalSession[],
  poolConnections: readonly PoolConnection[],
  seconds: number,
): AuditPool[] {
  const rows = new Map<string, ReturnType<typeof noSum>>();
  const of = (pool: string, operator: string | null): ReturnType<typeof noSum> =>
    under(rows, pool, () => noSum(operator));
  for (const { session, match, coin } of sessions) {
    const row = of(poolLabel(match, session.pool), match.operator);
    row.endpoints.add(endpointText(match.name ?? session.pool.ip, session.pool.port));
    row.hosts.add(session.miner.ip);
    row.sessions += session.connections.attempts;
    addTraffic(row.traffic, session.connections.traffic);
    if (coin !== null) row.coins.add(coin);
  }
  for (const { client, server, match, traffic } of poolConnections) {
    const row = of(match.pool ?? server?.ip ?? '', match.operator);
    if (server !== null) row.endpoints.add(endpointText(match.name ?? server.ip, server.port));
    row.hosts.add(client.ip);
    if (server !== null) row.sessions++;
    addTraffic(row.traffic, traffic);
  }
  return [...rows]
    .map(([pool, { operator, endpoints, hosts, sessions, traffic, coins }]) => ({
      pool,
      operator,
      endpoints: [...endpoints].sort(),
      hosts: hosts.size,
      sessions,
      traffic: trafficRow(traffic, seconds),
      coins: [...coins].sort(),
    }))
    .sort((a, b) => b.hosts - a.hosts || compareText(a.pool, b.pool));
}

function noSum(operator: string | null) {
  const none = (): Set<string> => new Set();
  return { operator, endpoints: none(), hosts: none(), sessions: 0, traffic: noTraffic(), coins: none() };
}
