/**
 * Findings to the audit: sessions, hosts, pools and totals as rows of the audit, in an order that depends on
 * nothing but what was found.
 */

import {
  AUDIT_SCHEMA,
  type Audit,
  type AuditHost,
  type AuditInput,
  type AuditSession,
  type Coverage,
  type MergeBasis,
  type Totals,
} from '../audit/audit.ts';
import { clustersOf } from '../audit/clusters.ts';
import { isMiner } from '../audit/miners.ts';
import { isoTime, isoTimeOrNull } from '../audit/time.ts';
import { hostCounts } from '../audit/totals.ts';
import type { PoolConnection } from '../endpoints/pool-connection.ts';
import { proxiesOf } from '../endpoints/servers.ts';
import { duplicateNotes } from '../hosts/duplicates.ts';
import { openLedgers, servedAlgorithms } from '../hosts/ledger.ts';
import { joinLegs } from '../hosts/legs.ts';
import { judgeScanners } from '../hosts/scanners.ts';
import { limits } from '../limits.ts';
import { compareText, totalOf } from '../order.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { type Statement, statement } from '../statements/index.ts';
import { lengthUs, type TimeInterval } from '../time-interval.ts';
import { hostRow, localServers } from './host-rows.ts';
import { missedNotes } from './missed.ts';
import { poolRows } from './pool-rows.ts';
import { type HostRates, ratesOf, totalHashrate, without } from './rates.ts';
import { poolConnectionRow, sessionRow } from './session-rows.ts';
import type { Watched } from './watched.ts';

interface Findings {
  readonly tool: Audit['tool'];
  readonly partial: boolean;
  /** Inputs that an interrupted run did not come to. */
  readonly unread?: number;
  /** Time of writing, ms since 1970; now if absent. */
  readonly generatedMs?: number | undefined;
  readonly notes: readonly Statement[];
  /** Null if nothing was left out. */
  readonly allowed: NonNullable<Audit['allowed']> | null;
  readonly inputs: AuditInput[];
  /** us since 1970; null if no packet counted. */
  readonly window: TimeInterval | null;
  /** What of it was watched. */
  readonly watched: Watched;
  /** Packets and flow records that lie in it; null if no times were asked for. */
  readonly counted: { readonly packets: number; readonly flows: number } | null;
  readonly coverage: Coverage;
  /** Taken: the list is empty afterwards, so that each session can go when its row is made. */
  readonly sessions: FinalSession[];
  readonly poolConnections: readonly PoolConnection[];
  /** True if the address lies in the operator's own networks. */
  readonly isLocal: (ip: string) => boolean;
  readonly merge: BasisParts;
}

/** What later merges need beside the rows, `unknown` aside as the audit has it; times in us since 1970. */
interface BasisParts extends Pick<MergeBasis, 'coverageThreshold' | 'names' | 'unknown'> {
  readonly sinceUs: number | null;
  readonly untilUs: number | null;
  readonly local: readonly string[];
  readonly poolConnections: readonly PoolConnection[];
  readonly records: readonly PoolConnection[];
  readonly pairsLeft: number;
}

/** Builds the audit. */
export function assembleAudit(findings: Findings): Audit {
  const { tool, partial, unread = 0, allowed, inputs, window, watched, coverage } = findings;
  const seconds = lengthUs(watched.all) / 1e6;
  const merge = mergeBasis(findings.merge, findings.sessions);
  const { finalized, poolConnections, legs, hosts, pools, totals, notes } = judgedHosts(findings, seconds);
  const sessions = sessionRows(finalized, poolConnections, seconds);
  if (legs.length > 0) merge.legs = sessionRows(legs, [], seconds);
  const evidenceLeft = totalOf(hosts, ({ evidence }) => evidence.splice(limits.evidence).length);
  return {
    schema: AUDIT_SCHEMA,
    tool,
    generated: new Date(findings.generatedMs ?? Date.now()).toISOString(),
    partial,
    ...(unread === 0 ? {} : { unread }),
    notes: [
      ...findings.notes,
      ...notes,
      ...(evidenceLeft === 0 ? [] : [statement('limit-evidence', { count: evidenceLeft })]),
    ],
    ...(allowed === null ? {} : { allowed }),
    sources: [],
    inputs,
    window: {
      start: isoTimeOrNull(window?.startUs),
      end: isoTimeOrNull(window?.endUs),
      seconds: window === null ? 0 : (window.endUs - window.startUs) / 1e6,
      observed: watched.all.map(({ startUs, endUs }) => ({ start: isoTime(startUs), end: isoTime(endUs) })),
      observedSeconds: seconds,
      ...findings.counted,
    },
    coverage: { ...coverage, complete: coverage.complete && !partial },
    totals,
    hosts,
    machines: [],
    sessions,
    pools,
    clusters: clustersOf(sessions),
    merge,
  };
}

/**
 * Names stay of pools that were asked for or talked to: a host that visits a pool's web site is not a finding, nor is
 * the site.
 */
function mergeBasis(parts: BasisParts, sessions: readonly FinalSession[]): MergeBasis {
  const { local, coverageThreshold, names, poolConnections, records, pairsLeft, unknown } = parts;
  const known = new Set<string | null>();
  for (const { match } of [...sessions, ...poolConnections, ...records])
    for (const name of [...match.names, match.name]) known.add(name);
  return {
    since: isoTimeOrNull(parts.sinceUs),
    until: isoTimeOrNull(parts.untilUs),
    local: [...local],
    coverageThreshold,
    names: names.filter(({ name }) => known.has(name)),
    poolConnections: [...poolConnections],
    records: [...records],
    ...(pairsLeft > 0 ? { pairsLeft } : {}),
    unknown: { ...unknown },
  };
}

/** What is said of the sessions together, and the sessions as the other sessions of their hosts show them. */
function judgedHosts(
  { sessions, poolConnections: everyConnection, isLocal, window, inputs, watched }: Findings,
  seconds: number,
) {
  const judged = judgeScanners(sessions.splice(0), everyConnection, isLocal, window?.endUs ?? Number.NaN);
  const { sessions: finalized, poolConnections, legs } = joinLegs(judged.sessions, everyConnection);
  const ledgers = openLedgers(finalized, poolConnections);
  const inputPaths = inputs.map((input) => input.path);
  const rates = ledgers.map(ratesOf);
  const served = servedAlgorithms(finalized);
  const proxies = new Set(finalized.flatMap(({ session }) => proxiesOf(session.via)).map(({ ip }) => ip));
  const hosts = ledgers.map((ledger, i) =>
    hostRow(ledger, rates[i], inputPaths, watched, {
      serves: served.has(ledger.ip),
      isProxy: proxies.has(ledger.ip),
      scanning: judged.scanners.get(ledger.ip) ?? null,
    }),
  );
  const servers = { isLocal, honeypots: judged.honeypots };
  hosts.push(...localServers(finalized, servers, hosts, inputPaths, watched));
  return {
    finalized,
    poolConnections,
    legs,
    hosts,
    pools: poolRows(finalized, poolConnections, seconds),
    totals: totalsOf(hosts, rates, served, seconds, legsOf(finalized, poolConnections)),
    notes: [...missedNotes(finalized), ...duplicateNotes(finalized)],
  };
}

/** The rows of sessions, which are let go one by one, and of connections in which nothing could be read. */
function sessionRows(
  finalized: FinalSession[],
  poolConnections: readonly PoolConnection[],
  seconds: number,
): AuditSession[] {
  const rows: AuditSession[] = [];
  finalized.reverse();
  for (let next = finalized.pop(); next !== undefined; next = finalized.pop())
    rows.push(sessionRow(next, seconds));
  for (const poolConnection of poolConnections) {
    if (poolConnection.kind === 'connection') rows.push(poolConnectionRow(poolConnection, seconds));
  }
  return rows.sort(
    (a, b) =>
      compareText(a.start, b.start) || compareText(a.miner.ip, b.miner.ip) || a.miner.port - b.miner.port,
  );
}

/** Who spoke with whom, how much. */
function* legsOf(finalized: readonly FinalSession[], poolConnections: readonly PoolConnection[]) {
  for (const { session, verdict } of finalized) {
    const { miner, pool, via, connections } = session;
    yield { miner, pool, via, verdict: verdict.verdict, traffic: connections.traffic };
  }
  for (const { kind, client, server, via = [], verdict, traffic } of poolConnections)
    if (kind === 'connection' && server !== null)
      yield { miner: client, pool: server, via, verdict, traffic };
}

/** With the verdict as denominator: traffic, rigs and rates are those of miners only. */
function totalsOf(
  hosts: readonly AuditHost[],
  rates: readonly HostRates[],
  served: ReadonlyMap<string, ReadonlySet<string>>,
  seconds: number,
  sessions: Parameters<typeof hostCounts>[2],
): Totals {
  const { traffic, ...counts } = hostCounts(hosts, seconds, sessions);
  const { minerAddresses: miners } = counts;
  return {
    ...counts,
    machines: { low: 0, high: 0 },
    traffic,
    hashrate: totalHashrate(
      // Of a proxy's rates those of algorithms that others mine at it stand in their rows.
      rates.filter(({ verdict }) => isMiner(verdict)).map((rate) => without(rate, served.get(rate.ip))),
    ),
    power: null,
    powerAssumptions: [],
    owners: miners === 0 ? [] : [{ class: 'unknown', addresses: miners, share: 1 }],
    institutionalShare: null,
    cities: [],
  };
}
