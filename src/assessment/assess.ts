/**
 * The parts of an audit beyond the traffic: whose machine each host is, whether it was probably hijacked, and how much
 * power the mining takes. Works on finished rows, so that scans, merges and flow logs are assessed alike.
 */

import { addressWords } from '../address.ts';
import type {
  Audit,
  AuditHost,
  AuditSession,
  HostHashrateRow,
  KnownOwner,
  Owner,
  Power,
} from '../audit/audit.ts';
import { isAtLeast, isCountedMiner, isMinersProxy } from '../audit/miners.ts';
import { observedSecondsOf } from '../audit/time.ts';
import { assessTotals, type HostPower, servedBy } from '../audit/totals.ts';
import { conventionFor, type PowerEstimate, type PowerPart, powerOf } from '../energy/power.ts';
import type { Pue } from '../energy/pue.ts';
import { gathersMiners } from '../evidence/agent.ts';
import { specialSpace } from '../networks.ts';
import { addTo, groupBy } from '../order.ts';
import { intentOf, intentStatements, type MachineClass } from '../owners/intent.ts';
import type { MinesAs } from '../owners/malware.ts';
import { dutyLimits } from './sampled.ts';

export interface PowerOptions {
  /** Power usage effectiveness; null or absent: unknown, with its range. */
  readonly pue?: Pue | null;
  /** Watts of every miner address, whatever it does; null or absent: modelled from what it does. */
  readonly wattsPerAddress?: number | null;
}

interface AssessOptions extends PowerOptions {
  /** Owner of an address over the times it was active; an address that changed hands counts once. */
  readonly ownerOf: (ip: string, moments: readonly { timeUs: number; weight: number }[]) => KnownOwner;
  /** True if the address lies in the operator's own networks. */
  readonly isLocal: (ip: string) => boolean;
  /** The list of malware that has an account, agent or endpoint of a host; null if none has. */
  readonly malwareListOf: (minesAs: MinesAs) => string | null;
}

/** Addresses that lead to nobody outside. */
const INSIDE: ReadonlySet<string> = new Set(['private', 'loopback', 'link-local']);
const DAY_SECONDS = 86_400;

/** Fills in owners, intent and power of all hosts, and the totals that rest on them. */
export function assess(audit: Audit, options: AssessOptions): void {
  const sessionsOf = groupBy(audit.sessions, ({ miner }) => miner.ip);
  for (const host of audit.hosts) {
    const owner = options.ownerOf(host.ip, momentsOf(host, sessionsOf.get(host.ip) ?? []));
    host.owner = { ...owner, intent: 'undetermined', reasons: [] };
  }
  const sharing = accountsAcrossOwners(audit.hosts, sessionsOf);
  const passedOn = servedBy(audit.sessions);
  const estimates: (PowerEstimate & HostPower)[] = [];
  for (const host of audit.hosts) {
    const sessions = sessionsOf.get(host.ip) ?? [];
    const observedSeconds = observedSecondsOf(host, audit.window);
    const limits = dutyLimits(host.duty, sessions, observedSeconds);
    if (limits !== null) host.dutyLimits = limits;
    if (!isCountedMiner(host)) continue;
    // What a proxy submits takes the power of its miners, which are priced themselves.
    const isPriced = !passedOn.has(host.ip) || !isMinersProxy(host);
    const input = isPriced ? powerInput(host, sessions, options, observedSeconds) : null;
    const total = input === null ? null : powerOf({ ...input, convention: 'total' });
    const estimate = powerFor(input, 'undetermined', total, total);
    const intent = intentOf(
      signalsOf(host, sessions, estimate?.machine ?? null, sharing, observedSeconds, options),
    );
    host.owner.intent = intent.intent;
    host.owner.reasons = intentStatements(intent);
    // Whether the machine would run anyway depends on whose will the mining is: priced again with that known.
    const priced = powerFor(input, intent.intent, total, estimate);
    if (priced === null) continue;
    host.power = powerRow(priced);
    estimates.push({ ...priced, ip: host.ip });
  }
  assessTotals(audit, estimates);
}

/** Power by the convention for that intent and the machine of `total`; `known` is given back if it was made by it. */
function powerFor(
  input: HostPowerInput | null,
  intent: Owner['intent'],
  total: PowerEstimate | null,
  known: PowerEstimate | null,
): PowerEstimate | null {
  if (input === null || total === null) return null;
  const convention = conventionFor(intent, total.machine);
  const made = [total, known].find((estimate) => estimate?.convention === convention);
  return made ?? powerOf({ ...input, convention }) ?? known;
}

type HostPowerInput = Omit<Parameters<typeof powerOf>[0], 'convention'>;

function powerInput(
  host: AuditHost,
  sessions: readonly AuditSession[],
  options: AssessOptions,
  windowSeconds: number,
): HostPowerInput {
  const isParsed = sessions.some((session) => isRead(session) && saysThatItMines(session));
  const rated = host.hashrate.filter((row) => row.headline && (isParsed || row.estimate > 0));
  // Without a share the window shows only an upper limit: then the rate that the miner reports is closer.
  const claimed = new Map(
    host.hashrate.filter((row) => row.basis === 'self-reported').map((row) => [row.algorithm, row]),
  );
  const priced = rated.map((row) => {
    const claim = row.estimate > 0 ? undefined : claimed.get(row.algorithm);
    return claim !== undefined && claim.estimate <= (row.high95 ?? Number.POSITIVE_INFINITY) ? claim : row;
  });
  const parts: PowerPart[] = priced.map((row) => ({
    algorithm: row.algorithm,
    mayBe: sessions.flatMap(({ algorithm, algorithms = [] }) =>
      algorithm === row.algorithm ? algorithms : [],
    ),
    hashrate: { estimate: row.estimate, low: row.low95, high: row.high95 },
    basis: row.basis,
    duty: dutyOf(host, row, sessions, windowSeconds),
  }));
  // A miner whose rate nobody can see still takes power: priced by its kind.
  if (parts.length === 0) {
    const isKnown = sessions.some(
      ({ algorithm, algorithms }) => algorithm !== null && (algorithms?.length ?? 1) === 1,
    );
    const algorithm = isKnown && host.algorithms.length === 1 ? host.algorithms[0] : null;
    parts.push({ algorithm, hashrate: null, basis: null, duty: host.duty ?? 0 });
  }
  return {
    parts,
    atUs: Date.parse(host.firstSeen) * 1000,
    agents: agentsOf(sessions),
    workers: host.workers,
    isParsed,
    ...(host.duty === null ? {} : { duty: host.duty }),
    ...(host.dutyLimits === undefined ? {} : { dutyLimits: host.dutyLimits }),
    rigs: host.rigs,
    uncounted: sessions.filter(({ agent, pool }) => pool.kind === 'marketplace' || gathersMiners(agent))
      .length,
    ...(options.pue == null ? {} : { pue: options.pue }),
    flatWatts: options.wattsPerAddress ?? null,
  };
}

/**
 * Part of the time watched in which an algorithm was mined. Of a host that mines nothing else it is all its active time, that
 * of sessions included whose work nobody can read; of several algorithms each has the time that its rate was taken over.
 */
function dutyOf(
  host: AuditHost,
  { algorithm, activeSeconds }: HostHashrateRow,
  sessions: readonly AuditSession[],
  windowSeconds: number,
): number {
  const isOther = (name: string | null): boolean => name !== null && name !== algorithm;
  const minesMore =
    host.algorithms.some(isOther) ||
    host.hashrate.some((row) => isOther(row.algorithm)) ||
    sessions.some((session) => isAtLeast(session.verdict, 'suspected') && isOther(session.algorithm));
  if (!minesMore || activeSeconds === undefined) return host.duty ?? 0;
  return windowSeconds > 0 ? Math.min(1, activeSeconds / windowSeconds) : 0;
}

function momentsOf(host: AuditHost, sessions: readonly AuditSession[]): { timeUs: number; weight: number }[] {
  const moments = sessions.map(({ start, activeSeconds }) => ({
    timeUs: Date.parse(start) * 1000,
    weight: Math.max(1, activeSeconds),
  }));
  return moments.length > 0 ? moments : [{ timeUs: Date.parse(host.firstSeen) * 1000, weight: 1 }];
}

/** Something of what was said in the session could be read (docs/reference/energy.md section 1: tiers A and B are of payload). */
function isRead({ dialect, transport, verdict }: AuditSession): boolean {
  return isAtLeast(verdict, 'suspected') && dialect !== 'flow' && dialect !== 'tls' && transport !== 'noise';
}

/** So long without a share, s, may be a check of the pool, or the cut of a capture: it measures nothing. */
const LEAST_SECONDS = 60;

function saysThatItMines({ shares, selfReported, start, end }: AuditSession): boolean {
  const seconds = (Date.parse(end) - Date.parse(start)) / 1000;
  return shares.submitted > 0 || selfReported.length > 0 || seconds >= LEAST_SECONDS;
}

function agentsOf(sessions: readonly AuditSession[]): string[] {
  return [...new Set(sessions.flatMap(({ agent }) => agent ?? []))];
}

function powerRow(estimate: PowerEstimate): Power {
  const { machine: _machine, convention: _convention, assumptions: _assumptions, ...row } = estimate;
  return row;
}

/** Organisations and addresses by account: one that mines at several owners is one operator with many hosts. */
function accountsAcrossOwners(
  hosts: readonly AuditHost[],
  sessionsOf: ReadonlyMap<string, readonly AuditSession[]>,
) {
  const owners = new Map<string, Set<string>>();
  const addresses = new Map<string, Set<string>>();
  for (const host of hosts) {
    for (const { account } of (sessionsOf.get(host.ip) ?? []).flatMap(({ logins }) => logins)) {
      if (host.owner.name !== null) addTo(owners, account, host.owner.name);
      addTo(addresses, account, host.ip);
    }
  }
  return { owners, addresses };
}

/** The list that knows these sessions as malware's: the operator's, or the catalogue with its proxies of malware. */
function malwareOf(
  sessions: readonly AuditSession[],
  accounts: readonly string[],
  { malwareListOf }: AssessOptions,
): { malwareList?: string } {
  const list = malwareListOf({
    accounts,
    agents: agentsOf(sessions),
    endpoints: sessions.flatMap(({ pool }) => [pool.ip, ...pool.names]),
  });
  if (list !== null) return { malwareList: list };
  const proxy = sessions.find(({ pool }) => pool.kind === 'malware-proxy')?.pool.pool;
  return proxy == null ? {} : { malwareList: `pool catalogue: ${proxy}` };
}

/** A proxy of the own network hides nothing from it: only one elsewhere does. */
function isHidden({ kind, ip }: AuditSession['via'][number], { isLocal }: AssessOptions): boolean {
  const words = addressWords(ip);
  const isOwn = isLocal(ip) || (words !== null && INSIDE.has(specialSpace(words)?.space ?? ''));
  return kind.startsWith('socks') && !isOwn;
}

function signalsOf(
  host: AuditHost,
  sessions: readonly AuditSession[],
  machine: MachineClass | null,
  sharing: ReturnType<typeof accountsAcrossOwners>,
  windowSeconds: number,
  options: AssessOptions,
): Parameters<typeof intentOf>[0] {
  const accounts = sessions.flatMap(({ logins }) => logins.map(({ account }) => account));
  const most = (map: ReadonlyMap<string, ReadonlySet<string>>): number =>
    accounts.reduce((largest, account) => Math.max(largest, map.get(account)?.size ?? 0), 0);
  return {
    ownerClass: host.owner.class,
    algorithms: host.algorithms,
    machine,
    agents: sessions
      .filter(({ dialect }) => dialect !== 'tls' && dialect !== 'flow')
      .map(({ agent }) => agent ?? ''),
    workers: host.workers,
    // Flow records do not tell what is encrypted, nor what is said in the clear.
    endpoints: sessions
      .filter(({ dialect }) => dialect !== 'flow')
      .map(({ pool, transport, via }) => ({
        port: pool.port,
        isTls: transport === 'tls',
        isListedPool: pool.pool !== null,
        ...(via.some((proxy) => isHidden(proxy, options)) ? { tunnel: 'socks' as const } : {}),
      })),
    ownersOfAccount: most(sharing.owners),
    addressesOfAccount: most(sharing.addresses),
    isSharedAccount: sessions.some(({ pool }) => pool.kind === 'marketplace'),
    ...malwareOf(sessions, accounts, options),
    isAroundTheClock: windowSeconds >= DAY_SECONDS && (host.duty ?? 0) > 0.95,
    workersBehind: host.workers.length,
    isOwnProxy: host.roles.includes('proxy'),
  };
}
