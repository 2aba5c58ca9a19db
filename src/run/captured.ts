/**
 * Flow records beside captures, so that traffic counts once. Captures are exact, records are summaries: if both show a
 * client, server and port at the same time, the records count only for what they hold beyond the capture (a log of a day
 * and a capture of an hour). Records of other times count in full, those within the time of the capture not at
 * all. By client and server, not by connection: a sum of both is then never more than there was, and never less than
 * the larger of the two.
 */

import type { PoolConnection, PoolConnectionTable } from '../endpoints/pool-connection.ts';
import { proxiesOf } from '../endpoints/servers.ts';
import { doubtful } from '../endpoints/through.ts';
import { addTraffic, noTraffic, type TrafficSum } from '../endpoints/traffic.ts';
import { push, totalOf } from '../order.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { type Statement, statement } from '../statements/index.ts';
import { sharedSeconds } from '../time-interval.ts';

/** Times of records that count from an exporter's start are off by a second at most, at either end. */
const ROUNDING_US = 2_000_000;
/** Connections with less time between them than this, us, are taken for one interval of time. */
const SAME_TIME_US = 600_000_000;

interface Span {
  startUs: number;
  endUs: number;
  readonly traffic: TrafficSum;
}

/** What captures show, by client, server and port. */
export class Captured {
  private readonly spans = new Map<string, Span[]>();
  /** Those of attempts that are one row: between them the captures may have pauses, in which records show more. */
  private readonly attempts = new Map<string, Span[]>();
  /** Addresses of pools at which somebody mines for sure. */
  private readonly miners = new Set<string>();

  constructor(sessions: readonly FinalSession[], poolConnections: PoolConnectionTable) {
    const { spans, attempts } = this;
    type End = { ip: string; port: number };
    const add = (client: string, server: End, span: Readonly<Span>, to = spans): void => {
      push(to, `${client} ${server.ip} ${server.port}`, { ...span, traffic: { ...span.traffic } });
    };
    for (const { session, verdict } of sessions) {
      // What an outside sender puts in a tunnel takes nothing from what others tell.
      if (doubtful(session.connections.through) !== null) continue;
      if (verdict.verdict === 'confirmed' && session.pool.ip !== '') this.miners.add(session.pool.ip);
      for (const end of [session.pool, ...proxiesOf(session.via)])
        add(session.miner.ip, end, session.connections, session.connections.attempts > 1 ? attempts : spans);
    }
    for (const poolConnection of poolConnections.values()) {
      const { server, via = [], through = [] } = poolConnection;
      if (doubtful(through) !== null) continue;
      for (const end of server === null ? via : [server, ...via])
        add(poolConnection.client.ip, end, poolConnection);
    }
    for (const [key, all] of spans) spans.set(key, joined(all));
  }

  shows(client: string, server: { readonly ip: string; readonly port: number }): boolean {
    const key = `${client} ${server.ip} ${server.port}`;
    return this.spans.has(key) || this.attempts.has(key);
  }

  /** True if a session that was read proves that this address gives work to miners. */
  minesAt(ip: string): boolean {
    return this.miners.has(ip);
  }

  /** What of a pool connection out of flow records counts beside the captures; null if nothing does. */
  beyond(poolConnection: PoolConnection): PoolConnection | null {
    const { client, server, startUs, endUs, flow } = poolConnection;
    if (server === null || poolConnection.kind !== 'connection') return poolConnection;
    const key = `${client.ip} ${server.ip} ${server.port}`;
    const meets = (span: Span): boolean =>
      span.startUs - ROUNDING_US <= endUs && span.endUs + ROUNDING_US >= startUs;
    const shown = (this.spans.get(key) ?? []).filter(meets);
    const tried = (this.attempts.get(key) ?? []).filter(meets);
    if (shown.length + tried.length === 0) return poolConnection;
    const isWithin = shown.some(
      (span) => startUs >= span.startUs - ROUNDING_US && endUs <= span.endUs + ROUNDING_US,
    );
    const seen = noTraffic();
    for (const span of [...shown, ...tried]) addTraffic(seen, span.traffic);
    const seenSeconds = totalOf(shown, (span) => sharedSeconds(span, poolConnection));
    const traffic = less(poolConnection.traffic, seen);
    const countsPackets = poolConnection.traffic.packetsOut + poolConnection.traffic.packetsIn > 0;
    // Bytes without packets are what link layers fill frames up with.
    const rest = countsPackets ? traffic.packetsOut + traffic.packetsIn : traffic.bytesOut + traffic.bytesIn;
    if (isWithin || rest === 0) return null;
    const activeSeconds = flow === undefined ? 0 : Math.max(0, flow.activeSeconds - seenSeconds);
    return {
      ...poolConnection,
      traffic,
      ...(flow === undefined ? {} : { flow: { ...flow, activeSeconds } }),
    };
  }
}

/**
 * Adds what of the pool connections out of flow records counts beside the captures, and says what was left out. The
 * records themselves stay as they are, for further captures that a merge may bring.
 */
export function addRecords(
  poolConnections: PoolConnectionTable,
  captured: Captured,
  records: readonly PoolConnection[],
): Statement[] {
  const rests = records.map((record) => captured.beyond(record));
  const left = rests.filter((rest) => rest === null).length;
  const cut = rests.filter((rest, i) => rest !== null && rest !== records[i]).length;
  for (const rest of rests) if (rest !== null) poolConnections.add(structuredClone(rest));
  return [
    ...(left > 0 ? [statement('captured-and-recorded', { count: left })] : []),
    ...(cut > 0 ? [statement('partly-captured', { count: cut })] : []),
  ];
}

/** In the order of time; those with less than ten minutes between them are one. */
function joined(spans: Span[]): Span[] {
  const all: Span[] = [];
  for (const span of spans.sort((a, b) => a.startUs - b.startUs)) {
    const last = all.at(-1);
    if (last === undefined || span.startUs > last.endUs + SAME_TIME_US) all.push(span);
    else {
      last.endUs = Math.max(last.endUs, span.endUs);
      addTraffic(last.traffic, span.traffic);
    }
  }
  return all;
}

function less(all: Readonly<TrafficSum>, part: Readonly<TrafficSum>): TrafficSum {
  return {
    bytesOut: Math.max(0, all.bytesOut - part.bytesOut),
    bytesIn: Math.max(0, all.bytesIn - part.bytesIn),
    packetsOut: Math.max(0, all.packetsOut - part.packetsOut),
    packetsIn: Math.max(0, all.packetsIn - part.packetsIn),
  };
}
