/** The uncertainty of counters that come from sampled packets. */
import type { ContactFlow } from '../endpoints/contact.ts';
import type { TrafficSum } from '../endpoints/traffic.ts';
import { poissonInterval } from '../evidence/poisson.ts';

/**
 * 95 % limits of the packets of both directions: those that were looked at are a Poisson count, each of which stands for
 * as many. Null if every packet was counted. Bytes scatter at least as much.
 */
export function sampledPackets(
  flow: ContactFlow,
  { packetsOut, packetsIn }: Readonly<TrafficSum>,
): { low: number; high: number } | null {
  const { samplingInterval, observedPackets } = flow;
  const limits = samplingInterval > 1 ? poissonInterval(observedPackets) : null;
  if (limits === null || observedPackets === 0) return null;
  // Of several observers the one that saw the most counts: each packet seen stands for so many of the sum.
  const each = (packetsOut + packetsIn) / observedPackets;
  return { low: Math.round(limits.low * each), high: Math.round(limits.high * each) };
}
