/** The uncertainty of counters that come from sampled packets. */

import type { AuditSession } from '../audit/audit.ts';
import type { PoolConnectionFlow } from '../endpoints/pool-connection.ts';
import type { TrafficSum } from '../endpoints/traffic.ts';
import { poissonInterval } from '../evidence/poisson.ts';
import { totalOf } from '../order.ts';

/**
 * 95 % limits of the packets of both directions: those that were looked at are a Poisson count, each of which stands for
 * as many. Null if every packet was counted. Bytes scatter at least as much.
 */
export function sampledPackets(
  flow: PoolConnectionFlow,
  { packetsOut, packetsIn }: Readonly<TrafficSum>,
): { low: number; high: number } | null {
  const { samplingInterval, observedPackets } = flow;
  const limits = samplingInterval > 1 ? poissonInterval(observedPackets) : null;
  if (limits === null || observedPackets === 0) return null;
  // Of several observers the one that saw the most counts: each packet seen stands for so many of the sum.
  const each = (packetsOut + packetsIn) / observedPackets;
  return { low: Math.round(limits.low * each), high: Math.round(limits.high * each) };
}

/** Of fewer packets the times between them tell nothing (flows/flow-behaviour.ts). */
const MOST_SAMPLING = 10;

/**
 * Packets that were sampled show presence and no length: nothing tells whether a miner went on between two of them. At
 * least the minutes of the packets are its own, at most the whole window is.
 */
export function dutyLimits(
  duty: number | null,
  sessions: readonly AuditSession[],
  windowSeconds: number,
): { low: number; high: number } | null {
  const sampled = sessions.filter(({ flow }) => flow !== undefined && flow.samplingInterval > MOST_SAMPLING);
  if (duty === null || sampled.length === 0 || windowSeconds <= 0) return null;
  const minutes = totalOf(sampled, ({ flow }) => flow?.observedPackets ?? 0);
  return { low: Math.min(duty, (minutes * 60) / windowSeconds), high: 1 };
}
