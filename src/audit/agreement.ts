/**
 * Whether rates from nonces and rates from shares agree, session by session: for the remark on a total
 * from nonces, because it adds up sessions that agree and sessions that do not.
 */
import { serversOf } from '../endpoints/servers.ts';
import type { Audit, AuditSession, Basis } from './audit.ts';
import { isMiner, minersOf } from './miners.ts';
import { overlap } from './rate-rows.ts';

/** Sessions behind the totals of an algorithm with a rate of either kind, and those whose two exclude each other. */
export function contradictedSessions(
  audit: Audit,
  algorithm: string,
): { tested: number; contradicted: number } {
  const miners = new Set(minersOf(audit).map(({ ip }) => ip));
  // What a proxy passes on stands in the rows of those who mine at it.
  for (const session of audit.sessions) {
    if (!isMiner(session.verdict) || !isOf(session, algorithm)) continue;
    for (const ip of serversOf(session)) miners.delete(ip);
  }
  let tested = 0;
  let contradicted = 0;
  for (const { miner, hashrate } of audit.sessions) {
    if (!miners.has(miner.ip)) continue;
    const from = (basis: Basis) => hashrate.find((row) => row.algorithm === algorithm && row.basis === basis);
    const [counter, shares] = [from('counter'), from('shares')];
    if (counter === undefined || shares === undefined) continue;
    tested++;
    if (!overlap(counter, shares)) contradicted++;
  }
  return { tested, contradicted };
}

function isOf(session: Pick<AuditSession, 'algorithm' | 'hashrate'>, algorithm: string): boolean {
  return session.algorithm === algorithm || session.hashrate.some((row) => row.algorithm === algorithm);
}
