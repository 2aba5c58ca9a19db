/** The machines that mined in an audit, with what each of them did: a host whose address changed hands is several. */
import { type Action, actionOf } from '../audit/action.ts';
import type { Audit, AuditHost, AuditSession, Machine, Verdict } from '../audit/audit.ts';
import { isLeased, machinesOf } from '../audit/machines.ts';
import { isAtLeast, isPoolServer } from '../audit/miners.ts';
import { poolLabel } from '../audit/pool-end.ts';
import { observedSecondsOf, timeUsOf } from '../audit/time.ts';
import { isSameMachine } from '../machines/lease.ts';
import { groupBy, totalOf } from '../order.ts';
import { unionSeconds } from '../time-interval.ts';
import type { CaseMachine, CaseNight } from './case.ts';

export interface Observation {
  readonly machine: CaseMachine;
  readonly night: CaseNight;
  readonly owner: AuditHost['owner'];
  readonly account: string | null;
  readonly watts: number | null;
  readonly action: Action;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

const NOBODY: Machine = { mac: null, hostname: null, user: null };

/** Machines with this verdict or a stronger one, each once. */
export function observationsOf(audit: Audit, date: string, least: Verdict): Observation[] {
  const { start, end } = audit.window;
  // What a wrong clock dated was seen in this night like all else.
  const within = (time: string): string =>
    start !== null && time < start ? start : end !== null && time > end ? end : time;
  const byMachine = new Map<string, Observation>();
  for (const each of partsOf(audit, date, least)) {
    const { ip, mac, hostname, user } = each.machine;
    const observation = { ...each, firstSeen: within(each.firstSeen), lastSeen: within(each.lastSeen) };
    const key = mac ?? hostname ?? user ?? ip;
    const other = byMachine.get(key);
    byMachine.set(key, other === undefined ? observation : joined(other, observation));
  }
  return [...byMachine.values()];
}

/** A machine that had two addresses: their energy adds up; rates need not be of one time, the larger one stands. */
function joined(a: Observation, b: Observation): Observation {
  const [last, rated] = [a.lastSeen > b.lastSeen ? a : b, (a.night.rate ?? 0) > (b.night.rate ?? 0) ? a : b];
  const [one, other] = [a.night.kwh, b.night.kwh];
  return {
    ...last,
    watts: rated.watts,
    firstSeen: [a.firstSeen, b.firstSeen].sort()[0],
    night: {
      ...rated.night,
      verdict: isAtLeast(a.night.verdict, b.night.verdict) ? a.night.verdict : b.night.verdict,
      kwh: one === null && other === null ? null : (one ?? 0) + (other ?? 0),
    },
  };
}

function partsOf(audit: Audit, date: string, least: Verdict): Observation[] {
  const sessionsOf = groupBy(audit.sessions, ({ miner }) => miner.ip);
  // A hardware address that several IPv4 addresses had at one time names no machine.
  const addresses = new Set(audit.machines.filter(({ basis }) => basis === 'address').map(({ id }) => id));
  return audit.hosts
    .filter((host) => isAtLeast(host.verdict, least) && !isPoolServer(host))
    .flatMap((host) => {
      const sessions = sessionsOf.get(host.ip) ?? [];
      const days = observedSecondsOf(host, audit.window) / 86_400;
      const isUnknown = sessions.some(({ machine }) => machine === undefined);
      const named = machinesOf(host).filter((machine) => isLeased(machine) || !addresses.has(host.ip));
      const machines = named.length === 0 ? [NOBODY] : [...named, ...(isUnknown ? [NOBODY] : [])];
      if (machines.length === 1) return [whole(host, sessions, machines[0], date, days)];
      const parts = machines
        .map((machine) => part(host, sessions, machine, date, days))
        .filter((each) => each !== null)
        .filter((each) => isAtLeast(each.night.verdict, least));
      // Nobody can tell which of them it was.
      return parts.length > 0 ? parts : [whole(host, sessions, NOBODY, date, days)];
    });
}

function whole(
  host: AuditHost,
  sessions: readonly AuditSession[],
  machine: Machine,
  date: string,
  days: number,
): Observation {
  const { verdict, hashrate, algorithms, power, pools, firstSeen, lastSeen } = host;
  const rate = hashrate.find(({ headline }) => headline);
  const { algorithm = algorithms[0] ?? null, estimate = null, unit = null } = rate ?? {};
  const { low95 = null, high95 = null } = rate ?? {};
  const kwh = power === null ? null : power.kwhPerDay * days;
  return {
    ...common(host, sessions, machine),
    firstSeen,
    lastSeen,
    night: {
      ...{ date, verdict, algorithm, rate: estimate, unit, low95, high95, kwh },
      ...(rate === undefined ? {} : { basis: rate.basis }),
      ...(power === null ? {} : { tier: power.tier }),
      pool: pools[0] ?? null,
    },
  };
}

/** What of a host one of its machines did: its sessions, and of the energy as much as they lasted. */
function part(
  host: AuditHost,
  all: readonly AuditSession[],
  machine: Machine,
  date: string,
  days: number,
): Observation | null {
  const sessions = all.filter(({ machine: own }) =>
    own === undefined || machine === NOBODY
      ? own === undefined && machine === NOBODY
      : isSameMachine(own, machine),
  );
  if (sessions.length === 0) return null;
  const verdict = sessions.map((session) => session.verdict).reduce((a, b) => (isAtLeast(a, b) ? a : b));
  const seconds = (some: readonly AuditSession[]): number =>
    unionSeconds(some.map(({ start, end }) => ({ startUs: timeUsOf(start), endUs: timeUsOf(end) })));
  const { algorithm = null } = sessions.find((session) => session.algorithm !== null) ?? {};
  const rated = sessions.filter((session) => session.algorithm === algorithm && session.work.hashes !== null);
  const work = totalOf(rated, (session) => session.work.hashes ?? 0);
  const active = seconds(rated);
  const { unit = null, ...limits } = rated.flatMap(({ hashrate }) => hashrate)[0] ?? {};
  // One session has limits; several have none that could be added.
  const { low95 = null, high95 = null } = rated.length === 1 ? limits : {};
  const share = seconds(all) > 0 ? seconds(sessions) / seconds(all) : 0;
  const [{ pool }] = sessions;
  return {
    ...common(host, sessions, machine),
    firstSeen: sessions.map(({ start }) => start).sort()[0],
    lastSeen: sessions.map(({ end }) => end).sort()[sessions.length - 1],
    night: {
      date,
      verdict,
      algorithm,
      rate: work > 0 && active > 0 ? work / active : null,
      unit,
      low95,
      high95,
      kwh: host.power === null ? null : host.power.kwhPerDay * days * share,
      ...(host.power === null ? {} : { tier: host.power.tier }),
      pool: poolLabel(pool),
    },
  };
}

function common(host: AuditHost, sessions: readonly AuditSession[], { mac, hostname, user }: Machine) {
  return {
    machine: { ip: host.ip, mac, hostname, user },
    owner: host.owner,
    watts: host.power?.watts ?? null,
    account: sessions.flatMap(({ logins }) => logins)[0]?.account ?? null,
    action: actionOf(host),
  };
}
