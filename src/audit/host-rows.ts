/** Hosts as rows of the audit: the miner side, and pool servers inside the operator's networks. */
import { poolLabel } from '../endpoints/pool-match.ts';
import { activeSeconds, type HostLedger, hostTraffic, rigsBehind } from '../hosts/ledger.ts';
import { rolesOf } from '../hosts/roles.ts';
import type { SettledSession } from '../sessions/settle.ts';
import type { AuditHost, Owner } from './audit.ts';
import { hostEvidence } from './host-evidence.ts';
import { isMiner } from './miners.ts';
import { distinct, push } from './order.ts';
import { type HostRates, hashrateRows, ratesOf, trafficRow } from './rates.ts';
import { isoTime } from './time.ts';

/** The row of a host; `seconds` is the length of the audit's window. */
export function hostRow(
  ledger: HostLedger,
  rates: HostRates,
  inputPaths: readonly string[],
  seconds: number,
  serves = false,
): AuditHost {
  const sessions = ledger.sessions.map(({ session }) => session);
  const starts = [...sessions, ...ledger.contacts].map(({ startUs }) => startUs);
  const ends = [...sessions, ...ledger.contacts].map(({ endUs }) => endUs);
  const active = activeSeconds(ledger);
  const algorithms = ledger.sessions.flatMap(({ algorithm, works }) => [
    ...works.map((part) => part.algorithm),
    algorithm,
  ]);
  return {
    ip: ledger.ip,
    verdict: rates.verdict,
    roles: rolesOf(ledger, rates.verdict, serves),
    owner: UNKNOWN_OWNER,
    traffic: trafficRow(hostTraffic(ledger), seconds),
    sessions: ledger.sessions.length + ledger.contacts.filter(({ kind }) => kind === 'connection').length,
    workers: distinct(sessions.flatMap(({ logins }) => [...logins.values()].map(({ worker }) => worker))),
    coins: distinct(ledger.sessions.map(({ coin }) => coin)),
    algorithms: distinct(algorithms),
    hashrate: hashrateRows(rates),
    duty: active === null || seconds <= 0 ? null : Math.min(1, active / seconds),
    rigs: rigsBehind(ledger),
    power: null,
    firstSeen: isoTime(starts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)),
    lastSeen: isoTime(ends.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
    pools: distinct([
      ...ledger.sessions.map(({ session, match }) => poolLabel(match, session.pool)),
      ...ledger.contacts.map(({ match, server, verdict }) =>
        match.pool === null && verdict === 'suspected' ? (server?.ip ?? null) : match.pool,
      ),
    ]),
    evidence: hostEvidence(ledger, inputPaths, rates),
  };
}

/** Pool servers inside the operator's networks get a row of their own, beside their miners. */
export function localPools(
  sessions: readonly SettledSession[],
  isLocal: (ip: string) => boolean,
  hosts: readonly AuditHost[],
  inputPaths: readonly string[],
  seconds: number,
): AuditHost[] {
  const byServer = new Map<string, SettledSession[]>();
  for (const settled of sessions) {
    if (isMiner(settled.verdict.verdict) && isLocal(settled.session.pool.ip)) {
      push(byServer, settled.session.pool.ip, settled);
    }
  }
  const rows: AuditHost[] = [];
  for (const [ip, sessions] of byServer) {
    const miner = hosts.find((host) => host.ip === ip);
    if (miner !== undefined) {
      miner.roles.push('pool');
      continue;
    }
    const ledger = { ip, sessions, contacts: [] };
    const row = hostRow(ledger, ratesOf(ledger), inputPaths, seconds);
    rows.push({ ...row, roles: ['pool'], hashrate: [], workers: [], duty: null, pools: [] });
  }
  return rows;
}

/** Owners are told by a later stage; until then nobody is guessed. */
const UNKNOWN_OWNER: Owner = {
  class: 'unknown',
  name: null,
  asn: null,
  country: null,
  region: null,
  city: null,
  source: null,
  confidence: null,
  intent: 'undetermined',
  reasons: [],
};
