/**
 * Whose sessions and bytes the totals mean: traffic is a total of miners alone, so that sessions beside it must be
 * theirs, and what went between other hosts and pools is distinguished.
 */
import type { Audit, AuditSession } from '../audit/audit.ts';
import { isCountedMiner, isPoolServer, minersOf } from '../audit/miners.ts';
import { totalOf } from '../order.ts';
import type { ReportText } from '../statements/codes.ts';
import { byteCount } from '../statements/figures.ts';

interface TrafficShares {
  /** Sessions of the addresses that the totals count as miners. */
  readonly minerSessions: number;
  /** Hosts of weaker verdicts, and what went between them and pools: IP bytes, and sessions. */
  readonly others: { readonly hosts: number; readonly bytes: number; readonly sessions: number };
}

/** A pool server's bytes are those of its miners, and stand there. */
export function trafficShares(audit: Audit): TrafficShares {
  const miners = new Set(minersOf(audit).map(({ ip }) => ip));
  const minerSessions = sessionsIn(audit.sessions.filter(({ miner }) => miners.has(miner.ip)));
  const others = audit.hosts.filter((host) => !isCountedMiner(host) && !isPoolServer(host));
  const bytes = totalOf(others, ({ traffic }) => traffic.bytesOut + traffic.bytesIn);
  return {
    minerSessions,
    others: { hosts: others.length, bytes, sessions: sessionsIn(audit.sessions) - minerSessions },
  };
}

/** How many sessions rows stand for: a row of attempts stands for each of them. */
export function sessionsIn(rows: readonly AuditSession[]): number {
  return totalOf(rows, ({ attempts = 1 }) => attempts);
}

/** What the others had with pools, in one sentence; none if they had nothing. */
export function othersTexts({ others }: TrafficShares, { count, summary }: ReportText): string[] {
  const { bytes, sessions, hosts } = others;
  if (bytes === 0 && sessions === 0) return [];
  return [summary.trafficOthers(byteCount(bytes), count.sessions(sessions), count.hosts(hosts))];
}
