/** Hosts as rows of the audit: the miner side, and pool servers inside the operator's networks. */

import type { AuditHost, HostHashrateRow, Owner } from '../audit/audit.ts';
import { isMiner } from '../audit/miners.ts';
import { trafficRow } from '../audit/rate-rows.ts';
import { isoTime } from '../audit/time.ts';
import { poolLabel } from '../endpoints/pool-match.ts';
import { poolAddress } from '../endpoints/servers.ts';
import { joinThrough, THROUGH_NOBODY } from '../endpoints/through.ts';
import { activeSeconds, secondsOfAlgorithm } from '../hosts/active-time.ts';
import { type HostLedger, hostTraffic, rigsBehind } from '../hosts/ledger.ts';
import { rolesOf } from '../hosts/roles.ts';
import type { Finding } from '../hosts/scanners.ts';
import { distinct, push } from '../order.ts';
import type { PacketRef } from '../packet-ref.ts';
import { countSessions } from '../sessions/attempts.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { lengthUs, type TimeInterval, within } from '../time-interval.ts';
import { hostEvidence } from './host-evidence.ts';
import { row } from './pool-connection-evidence.ts';
import { type HostRates, hashrateRows, ratesOf } from './rates.ts';
import type { Watched } from './watched.ts';

/** What is known of a host beside its own sessions. */
interface OtherFacts {
  /** Other hosts of the input mine at this one. */
  readonly serves: boolean;
  /** Others connect to their pool through it. */
  readonly isProxy: boolean;
  /** It asked many pools and worked for none; null if it did not. */
  readonly scanning: Finding | null;
}

/** The row of a host. */
export function hostRow(
  ledger: HostLedger,
  rates: HostRates,
  inputPaths: readonly string[],
  watched: Watched,
  { serves, isProxy, scanning }: OtherFacts = { serves: false, isProxy: false, scanning: null },
): AuditHost {
  const sessions = ledger.sessions.map(({ session }) => session);
  const seen = [...sessions.map(({ connections }) => connections), ...ledger.poolConnections];
  const through = seen.reduce((all, one) => joinThrough(all, one.through ?? THROUGH_NOBODY), THROUGH_NOBODY);
  const starts = seen.map(({ startUs }) => startUs);
  const ends = seen.map(({ endUs }) => endUs);
  const observed = watched.of(placesOf(ledger), unseenOf(ledger));
  const seconds = lengthUs(observed) / 1e6;
  const active = activeSeconds(ledger, (intervals) => within(intervals, observed));
  const { by, ...rigs } = rigsBehind(ledger);
  const algorithms = ledger.sessions.flatMap(({ algorithm, works }) => [
    ...works.map((part) => part.algorithm),
    algorithm,
  ]);
  return {
    ip: ledger.ip,
    verdict: rates.verdict,
    roles: rolesOf(ledger, { verdict: rates.verdict, serves, isProxy, scans: scanning !== null }),
    owner: UNKNOWN_OWNER,
    traffic: trafficRow(hostTraffic(ledger), seconds),
    sessions:
      countSessions(ledger.sessions) +
      ledger.poolConnections.filter(({ kind }) => kind === 'connection').length,
    workers: distinct(sessions.flatMap(({ claims }) => claims.logins.map(({ worker }) => worker))),
    coins: distinct([
      ...ledger.sessions.map(({ coin }) => coin),
      ...ledger.poolConnections.map(({ inStep }) => inStep?.coin ?? null),
    ]),
    algorithms: distinct(algorithms),
    hashrate: rateRows(ledger, rates),
    ...(observed === watched.all ? {} : { observedSeconds: seconds }),
    duty: active === null || seconds <= 0 ? null : Math.min(1, active / seconds),
    rigs,
    ...(by.length === 0 ? {} : { rigsBy: by }),
    power: null,
    firstSeen: isoTime(starts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)),
    lastSeen: isoTime(ends.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
    pools: distinct([
      ...ledger.sessions.map(({ session, match }) => poolLabel(match, session.pool)),
      ...ledger.poolConnections.map(({ match, server, verdict }) =>
        match.pool === null && (verdict === 'suspected' || verdict === 'probable')
          ? (server?.ip ?? null)
          : match.pool,
      ),
    ]),
    ...(through.length === 0 ? {} : { through }),
    evidence: hostEvidence(
      ledger,
      inputPaths,
      rates,
      scanning === null ? [] : [row('scan', scanning.statement, scanning.packetRef)],
    ),
  };
}

/** Where a host is shown. */
function placesOf({ sessions, poolConnections }: HostLedger): PacketRef[] {
  return [
    ...sessions.flatMap(({ session }) => session.observed.observations),
    ...poolConnections.flatMap(({ packetRef, watchedFrom, tls }) => [
      packetRef,
      watchedFrom ?? packetRef,
      tls?.packetRef ?? packetRef,
    ]),
  ];
}

/** What only exporters watched that do not see the host. */
function unseenOf({ sessions, poolConnections }: HostLedger): readonly TimeInterval[] {
  if (sessions.length > 0 || poolConnections.length === 0) return [];
  return poolConnections.map(({ unseen = [] }) => unseen).reduce((all, one) => within(all, one));
}

/** The rates, each with the time that it was taken over. */
function rateRows({ sessions }: HostLedger, rates: HostRates): HostHashrateRow[] {
  return hashrateRows(rates).map((row) => {
    const { algorithm, basis } = row;
    const work = basis === 'shares' ? rates.works.find((one) => one.algorithm === algorithm) : undefined;
    return { ...row, activeSeconds: work?.sum.seconds ?? secondsOfAlgorithm(sessions, algorithm) };
  });
}

export interface Servers {
  readonly isLocal: (ip: string) => boolean;
  readonly honeypots: ReadonlyMap<string, Finding>;
}

/**
 * Pool servers inside the operator's networks, and honeypots, get a row of their own, beside their miners. At a
 * honeypot no session was gained, whatever was submitted there.
 */
export function localServers(
  sessions: readonly FinalSession[],
  { isLocal, honeypots }: Servers,
  hosts: readonly AuditHost[],
  inputPaths: readonly string[],
  watched: Watched,
): AuditHost[] {
  const byServer = new Map<string, FinalSession[]>();
  for (const finalized of sessions) {
    const ip = poolAddress(finalized.session);
    const isServed = isMiner(finalized.verdict.verdict) && isLocal(ip);
    if (isServed || honeypots.has(ip)) push(byServer, ip, finalized);
  }
  const miners = new Map(hosts.map((host) => [host.ip, host]));
  const rows: AuditHost[] = [];
  for (const [ip, sessions] of byServer) {
    const honeypot = honeypots.get(ip);
    const further = honeypot === undefined ? [] : [row('honeypot', honeypot.statement, honeypot.packetRef)];
    const miner = miners.get(ip);
    if (miner !== undefined) {
      const nothing = { ip, sessions: [], poolConnections: [] };
      miner.roles.push(honeypot === undefined ? 'pool' : 'honeypot');
      miner.evidence.push(...hostEvidence(nothing, inputPaths, ratesOf(nothing), further));
      continue;
    }
    const ledger = { ip, sessions, poolConnections: [] };
    const rates = ratesOf(ledger);
    const host = hostRow(ledger, rates, inputPaths, watched);
    const evidence = hostEvidence(ledger, inputPaths, rates, further);
    rows.push({
      ...host,
      hashrate: [],
      workers: [],
      duty: null,
      pools: [],
      evidence,
      roles: [honeypot === undefined ? 'pool' : 'honeypot'],
      verdict: honeypot === undefined ? host.verdict : 'attempted',
    });
  }
  return rows;
}

/** Owners are told by a later stage; until then nobody is guessed. */
export const UNKNOWN_OWNER: Owner = {
  class: 'unknown',
  name: null,
  asn: null,
  country: null,
  region: null,
  city: null,
  source: null,
  confidence: null,
  rule: null,
  department: null,
  contact: null,
  intent: 'undetermined',
  reasons: [],
};
