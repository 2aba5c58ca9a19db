/**
 * The machines behind the addresses of hosts, from the rows of an audit. A machine is known by its lease; without one, by the
 * hardware address in frames that no router forwarded; without that, temporary addresses of IPv6 (RFC 8981) are one machine if
 * they lie in one /64, follow each other in time and log in with the same account and worker; else each address is a machine of
 * its own. A hardware address with several IPv4 addresses at one time may be one machine or a bridge: it tells nothing then. Rates of times that follow each other are means over the time mined,
 * and power at one time is never more than what ran at that time.
 */
import { addressWords, isV4 } from '../address.ts';
import { greatestAtOnce } from '../energy/at-once.ts';
import { compareText, distinct, groupBy, push, totalOf } from '../order.ts';
import { type TimeInterval, unionSeconds } from '../time-interval.ts';
import type { Audit, AuditHost, AuditMachine, AuditSession, HashrateRow, Power } from './audit.ts';
import { isLeased, machineNames, machinesOf } from './machines.ts';
import { countedHosts, isAtLeast, isMiner } from './miners.ts';
import { observedSecondsOf, timeUsOf } from './time.ts';
import { servedBy } from './totals.ts';

type Rows = Pick<Audit, 'hosts' | 'sessions' | 'window'>;

/** What one machine did at one address. */
interface Part {
  readonly host: AuditHost;
  readonly sessions: readonly AuditSession[];
  readonly names: readonly string[];
  readonly basis: AuditMachine['basis'];
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Part of what the host did that is its, 0 to 1. */
  readonly share: number;
}

/** The machines, and how many of them mine. */
interface Machines {
  /** In the order of their ids. */
  readonly rows: AuditMachine[];
  /** Of the miners, at least and at most: behind an address may be several. */
  readonly count: { readonly low: number; readonly high: number };
  /** Addresses of miners that had one hardware address at the same time, which are one machine or several. */
  readonly unsure: readonly (readonly string[])[];
}

export function machineRows(audit: Rows): Machines {
  const machines = [...partsByMachine(audit).values()];
  const rows = machines.map((parts) => rowOf(parts, audit.window)).sort((a, b) => compareText(a.id, b.id));
  const served = servedBy(audit.sessions);
  const counts = machines
    .map((parts) => parts.filter(({ host }) => isMiner(host.verdict) && !served.has(host.ip)))
    .filter((parts) => parts.length > 0)
    .map((parts) => ({
      // Who moved from one address to another one is as many machines as at the one.
      low: Math.max(...parts.map(({ host }) => host.rigs.low)),
      high: Math.max(...parts.map(({ host }) => host.rigs.high)),
    }));
  const isOne = (ip: string): boolean =>
    rows.some(({ verdict, addresses }) => isMiner(verdict) && addresses.some((each) => each.ip === ip));
  const unsure = [...sharedHardware(machines.flat()).values()]
    .map((parts) => distinct(parts.map(({ host }) => host.ip)).filter((ip) => isOne(ip) && !served.has(ip)))
    .filter((ips) => ips.length > 1);
  const count = {
    low: totalOf(counts, ({ low }) => low) - totalOf(unsure, (ips) => ips.length - 1),
    high: totalOf(counts, ({ high }) => high),
  };
  return { rows, count, unsure };
}

/** A machine as a row of a host: with the address that it had last, and all that it had. */
export interface MachineHost {
  readonly id: string;
  readonly host: AuditHost;
  readonly ips: readonly string[];
}

/** The hosts, but those of one machine as one row. */
export function machineHosts(audit: Rows): MachineHost[] {
  return [...partsByMachine(audit)].map(([id, parts]) => {
    const [last, ...others] = parts.toSorted((a, b) => compareText(b.to, a.to));
    const ips = parts.map(({ host }) => host.ip);
    if (others.length === 0) return { id, ips, host: last.host };
    const { verdict, hashrate, pools, firstSeen, lastSeen } = rowOf(parts, audit.window);
    const traffic = { ...last.host.traffic };
    for (const { host } of others)
      for (const name of Object.keys(traffic) as (keyof typeof traffic)[])
        traffic[name] += host.traffic[name];
    return { id, ips, host: { ...last.host, verdict, hashrate, pools, firstSeen, lastSeen, traffic } };
  });
}

/**
 * Hosts in their order, those of one machine as one where the first of them stands. Of an address that several machines had, and
 * of a server, the row is that of the address.
 */
export function rowsByMachine(audit: Rows, hosts: readonly AuditHost[]): Omit<MachineHost, 'id'>[] {
  const machineOf = new Map<string, MachineHost>();
  for (const machine of machineHosts(audit)) for (const ip of machine.ips) machineOf.set(ip, machine);
  const shown = new Set<string>();
  return hosts.flatMap((host) => {
    if (shown.has(host.ip)) return [];
    const machine = machineOf.get(host.ip);
    const ips = distinct(machine?.ips ?? []).filter((ip) => !shown.has(ip));
    for (const ip of [host.ip, ...ips]) shown.add(ip);
    return machine === undefined || ips.length < 2 ? { host, ips: [host.ip] } : { host: machine.host, ips };
  });
}

function partsByMachine({ hosts, sessions }: Pick<Audit, 'hosts' | 'sessions'>): Map<string, Part[]> {
  const sessionsOf = groupBy(sessions, ({ miner }) => miner.ip);
  const counted = countedHosts({ hosts } as Audit);
  const parts = counted.flatMap((host) => partsOf(host, sessionsOf.get(host.ip) ?? []));
  const byMachine = new Map<string, Part[]>();
  for (const part of withAccounts(withHardware(parts))) push(byMachine, part.id, part);
  return byMachine;
}

function partsOf(host: AuditHost, sessions: readonly AuditSession[]): Part[] {
  const leased = machinesOf(host);
  const whole = { host, sessions, from: host.firstSeen, to: host.lastSeen, share: 1 };
  const [only] = leased;
  if (leased.length === 1) return [{ ...whole, ...leaseOf(only) }];
  const held = groupBy(sessions, ({ machine }) => (machine === undefined ? '' : leaseOf(machine).id));
  if (held.size < 2) {
    const [machine] = sessions.flatMap((session) => session.machine ?? []);
    return [{ ...whole, ...(machine === undefined ? addressOf(host) : leaseOf(machine)) }];
  }
  const secondsOf = (some: readonly AuditSession[]): number => unionSeconds(some.map(spanOf));
  const all = totalOf([...held.values()], secondsOf);
  return [...held.values()].map((own) => {
    const [{ machine }] = own;
    return {
      host,
      sessions: own,
      ...(machine === undefined ? addressOf(host) : leaseOf(machine)),
      from: own.map(({ start }) => start).sort()[0],
      to: own.map(({ end }) => end).sort()[own.length - 1],
      share: all > 0 ? secondsOf(own) / all : 1 / held.size,
    };
  });
}

function leaseOf(machine: ReturnType<typeof machinesOf>[number]): Pick<Part, 'id' | 'basis' | 'names'> {
  const names = machineNames(machine);
  return { basis: isLeased(machine) ? 'lease' : 'hardware', id: machine.mac ?? names[0] ?? '', names };
}

function addressOf({ ip }: AuditHost): Pick<Part, 'id' | 'basis' | 'names'> {
  return { basis: 'address', id: ip, names: [] };
}

/** Of parts that only frames name, those whose hardware address had several IPv4 addresses at one time are their address. */
function withHardware(parts: readonly Part[]): Part[] {
  const unsure = new Set([...sharedHardware(parts).values()].flat());
  return parts.map((part) => (unsure.has(part) ? { ...part, ...addressOf(part.host) } : part));
}

/** By hardware address in frames: the parts that had it, if several IPv4 addresses had it at one time. */
function sharedHardware(parts: readonly Part[]): Map<string, Part[]> {
  const byHardware = new Map<string, Part[]>();
  for (const part of parts) {
    const mac = hardwareOf(part);
    if (mac !== null) push(byHardware, mac, part);
  }
  for (const [mac, own] of byHardware) {
    const spans = own.filter(({ host }) => isIpv4(host.ip)).map(mined);
    spans.sort((a, b) => a.startUs - b.startUs);
    let latest = spans[0];
    const isShared = spans.slice(1).some((span) => {
      const isAtOnce = !isHandover(latest, span);
      if (span.endUs > latest.endUs) latest = span;
      return isAtOnce;
    });
    if (!isShared) byHardware.delete(mac);
  }
  return byHardware;
}

/** The hardware address that only frames tell; null if there is none, or a lease names the machine. */
function hardwareOf({ host, sessions }: Part): string | null {
  const [only, ...others] = distinct(
    [...sessions.flatMap(({ machine }) => machine ?? []), ...(sessions.length === 0 ? machinesOf(host) : [])]
      .filter((machine) => !isLeased(machine))
      .flatMap(({ mac }) => mac ?? []),
  );
  return only === undefined || others.length > 0 ? null : only;
}

function isIpv4(ip: string): boolean {
  const words = addressWords(ip);
  return words !== null && isV4(words);
}

/** From its first session to its last one: look-ups beside them may be another machine's. */
function mined({ sessions, from, to }: Part): TimeInterval {
  if (sessions.length === 0) return spanOf({ start: from, end: to });
  const spans = sessions.map(spanOf);
  return {
    startUs: Math.min(...spans.map(({ startUs }) => startUs)),
    endUs: Math.max(...spans.map(({ endUs }) => endUs)),
  };
}

/** A pool goes on for so long to send to an address that its miner has left: TCP gives up after about 15 minutes (RFC 1122). */
const LEFT_BEHIND_US = 900e6;
const LEFT_BEHIND_PART = 0.1;
const SLACK_US = 5e6;

/** True if the second begins as the first one ends, or nearly so. */
function isHandover(first: TimeInterval, second: TimeInterval): boolean {
  const sharedUs = Math.min(first.endUs, second.endUs) - second.startUs;
  const shorterUs = Math.min(first.endUs - first.startUs, second.endUs - second.startUs);
  return sharedUs <= Math.max(SLACK_US, Math.min(LEFT_BEHIND_US, LEFT_BEHIND_PART * shorterUs));
}

/** Addresses of one /64 that follow each other under one account and worker become one machine. */
function withAccounts(parts: readonly Part[]): Part[] {
  const groups = new Map<string, Part[]>();
  for (const part of parts) {
    const key = part.basis === 'address' ? accountOf(part) : null;
    if (key !== null) push(groups, key, part);
  }
  const joined = new Map<Part, Part>();
  for (const group of groups.values()) {
    const ordered = group.toSorted((a, b) => compareText(a.from, b.from));
    const isApart = ordered.every((part, i) => i === 0 || part.from >= ordered[i - 1].to);
    if (ordered.length < 2 || !isApart) continue;
    const [first] = ordered;
    const names = distinct(ordered.flatMap(({ sessions }) => workersOf(sessions)));
    for (const part of ordered) joined.set(part, { ...part, basis: 'account', id: first.id, names });
  }
  return parts.map((part) => joined.get(part) ?? part);
}

function accountOf({ host, sessions }: Part): string | null {
  const words = addressWords(host.ip);
  if (words === null || isV4(words)) return null;
  const logins = distinct(
    sessions.flatMap(({ logins }) =>
      logins.map(({ account, worker }) => (isName(worker, account) ? JSON.stringify([account, worker]) : '')),
    ),
  );
  return logins.length === 1 && logins[0] !== '' ? `${words[0]} ${words[1]} ${logins[0]}` : null;
}

function workersOf(sessions: readonly AuditSession[]): string[] {
  return sessions.flatMap(({ logins }) => logins.map(({ worker }) => worker ?? ''));
}

/** What everybody leaves as it is names no machine. */
function isName(worker: string | null, account: string): worker is string {
  return worker !== null && worker !== '' && worker !== 'x' && worker !== account;
}

function rowOf(parts: readonly Part[], window: Audit['window']): AuditMachine {
  const ordered = parts.toSorted((a, b) => compareText(a.from, b.from) || compareText(a.host.ip, b.host.ip));
  const [{ id, basis }] = ordered;
  const hosts = ordered.map(({ host }) => host);
  const power = powerOf(ordered);
  const kwh = (field: 'kwhPerDayLow' | 'kwhPerDay' | 'kwhPerDayHigh'): number =>
    totalOf(ordered, ({ host, share }) =>
      host.power === null ? 0 : (host.power[field] * share * observedSecondsOf(host, window)) / 86_400,
    );
  return {
    id,
    basis,
    names: [...new Set(ordered.flatMap(({ names }) => names))],
    addresses: ordered.map(({ host, from, to }) => ({ ip: host.ip, from, to })),
    verdict: ordered.map(verdictOf).reduce((a, b) => (isAtLeast(a, b) ? a : b)),
    roles: [...new Set(hosts.flatMap(({ roles }) => roles))],
    algorithms: distinct(ordered.flatMap(algorithmsOf)),
    hashrate: ratesOf(ordered),
    power,
    energy:
      power === null
        ? null
        : {
            kwhLow: kwh('kwhPerDayLow'),
            kwh: kwh('kwhPerDay'),
            kwhHigh: kwh('kwhPerDayHigh'),
          },
    firstSeen: ordered[0].from,
    lastSeen: ordered.map(({ to }) => to).sort()[ordered.length - 1],
    pools: distinct(hosts.flatMap(({ pools }) => pools)),
    sessions: totalOf(ordered, ({ host, sessions, share }) =>
      share === 1 ? host.sessions : sessions.length,
    ),
  };
}

function verdictOf({ host, sessions, share }: Part): AuditHost['verdict'] {
  if (share === 1) return host.verdict;
  return sessions.map(({ verdict }) => verdict).reduce((a, b) => (isAtLeast(a, b) ? a : b));
}

function algorithmsOf({ host, sessions, share }: Part): string[] {
  return share === 1 ? host.algorithms : sessions.flatMap(({ algorithm }) => algorithm ?? []);
}

interface TimedRate {
  readonly row: HashrateRow;
  readonly seconds: number;
}

/** Each rate is the mean over the time in which the machine mined, at whichever address. */
function ratesOf(parts: readonly Part[]): HashrateRow[] {
  const [only] = parts;
  if (parts.length === 1 && only.share === 1)
    return only.host.hashrate.map(({ activeSeconds: _, ...row }) => row);
  const timed = parts.flatMap(({ host, sessions, share }): TimedRate[] =>
    share === 1
      ? host.hashrate.map(({ activeSeconds, ...row }) => ({ row, seconds: activeSeconds ?? 0 }))
      : sessions.flatMap(({ hashrate, activeSeconds }) =>
          hashrate.map((row) => ({ row, seconds: activeSeconds })),
        ),
  );
  const spans = parts.flatMap(({ sessions }) => sessions.map(spanOf));
  const means = [...groupBy(timed, ({ row }) => JSON.stringify([row.algorithm, row.basis])).values()].map(
    (own) => meanOf(own, unionSeconds(spans)),
  );
  // One row stands for an algorithm: the one that stood for it longest.
  for (const own of groupBy(means, ({ row }) => row.algorithm).values()) {
    const [first] = own.filter(({ row }) => row.headline).sort((a, b) => b.seconds - a.seconds);
    for (const each of own) each.row.headline = each === first;
  }
  return means.map(({ row }) => row).sort((a, b) => compareText(a.algorithm, b.algorithm));
}

function meanOf(own: readonly TimedRate[], most: number): { row: HashrateRow; seconds: number } {
  const [{ row }] = own;
  const all = totalOf(own, ({ seconds }) => seconds);
  const seconds = Math.min(all, most);
  // At two addresses at one time the machine has both rates together.
  const weighed = own.map((each) => ({
    ...each.row,
    part: seconds > 0 ? each.seconds / seconds : 1 / own.length,
  }));
  const estimate = totalOf(weighed, ({ part, estimate: rate }) => part * rate);
  // Errors of times that follow each other are independent.
  const error = (side: 'low95' | 'high95'): number | null =>
    weighed.some((each) => each[side] === null)
      ? null
      : Math.sqrt(totalOf(weighed, (each) => (each.part * ((each[side] ?? 0) - each.estimate)) ** 2));
  const [below, above] = [error('low95'), error('high95')];
  return {
    seconds,
    row: {
      algorithm: row.algorithm,
      unit: row.unit,
      basis: row.basis,
      estimate,
      low95: below === null ? null : Math.max(0, estimate - below),
      high95: above === null ? null : estimate + above,
      headline: own.some((each) => each.row.headline),
    },
  };
}

/** The power of the moment with the most, and the energy of all. */
function powerOf(parts: readonly Part[]): Power | null {
  const powered = parts.flatMap(({ host, sessions, share, from, to }) =>
    host.power === null
      ? []
      : [{ power: host.power, share, watts: host.power.watts, spans: spansOf(sessions, from, to) }],
  );
  const [only] = powered;
  if (only === undefined) return null;
  if (powered.length === 1 && only.share === 1) return only.power;
  const together = greatestAtOnce(powered);
  const sum = (field: 'wattsLow' | 'watts' | 'wattsHigh'): number =>
    totalOf(together, ({ power }) => power[field]);
  const energy = (field: 'kwhPerDayLow' | 'kwhPerDay' | 'kwhPerDayHigh'): number =>
    totalOf(powered, ({ power, share }) => power[field] * share);
  return {
    ...(together[0] ?? only).power,
    wattsLow: sum('wattsLow'),
    watts: sum('watts'),
    wattsHigh: sum('wattsHigh'),
    kwhPerDayLow: energy('kwhPerDayLow'),
    kwhPerDay: energy('kwhPerDay'),
    kwhPerDayHigh: energy('kwhPerDayHigh'),
  };
}

function spansOf(sessions: readonly AuditSession[], start: string, end: string): TimeInterval[] {
  return sessions.length > 0 ? sessions.map(spanOf) : [spanOf({ start, end })];
}

function spanOf({ start, end }: { readonly start: string; readonly end: string }): TimeInterval {
  return { startUs: timeUsOf(start), endUs: timeUsOf(end) };
}
