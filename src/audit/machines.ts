/** Who had the addresses of hosts when they mined, from leases; and what is wrong with leases or missing. */
import { FRAMES, isSameMachine, type Lease } from '../machines/lease.ts';
import { groupBy } from '../order.ts';
import { type Statement, statement } from '../statements/index.ts';
import type { Audit, AuditHost, LeasedMachine, Machine } from './audit.ts';
import { isPoolServer } from './miners.ts';
import { isoTimeOrNull, timeUsOf } from './time.ts';

/** Who had an address between two times, us since 1970, in order. */
export type LeasesOf = (ip: string, fromUs: number, toUs: number) => readonly Lease[];

const MOST_NAMED = 5;

/** Fills in the machines of hosts and sessions: those of leases, and else those that frames show. */
export function assignMachines(audit: Audit, leasesOf: LeasesOf): void {
  const sessionsOf = groupBy(audit.sessions, ({ miner }) => miner.ip);
  for (const host of audit.hosts) {
    const sessions = sessionsOf.get(host.ip) ?? [];
    const machines: LeasedMachine[] = [];
    const spans =
      sessions.length > 0
        ? sessions.map(({ start, end }) => [start, end])
        : [[host.firstSeen, host.lastSeen]];
    for (const [i, span] of spans.entries()) {
      const [fromUs, toUs] = span.map(timeUsOf);
      const held = leasesOf(host.ip, fromUs, toUs);
      const [longest] = held.toSorted((a, b) => sharedUs(b, fromUs, toUs) - sharedUs(a, fromUs, toUs));
      // A session has one machine; a host without any had whoever held its address.
      if (sessions.length > 0 && longest !== undefined) sessions[i].machine = machineRow(longest);
      const own = sessions.length > 0 ? [sessions[i].machine ?? []].flat() : held.map(machineRow);
      for (const machine of own)
        if (!machines.some((known) => isSameRow(known, machine))) machines.push(machine);
    }
    // Sessions of which frames show one side, and those of flow records, are of the one machine that frames show there.
    const [only, ...others] = machines;
    if (only !== undefined && others.length === 0 && !isLeased(only))
      for (const session of sessions) session.machine ??= only;
    if (machines.length > 0) host.machines = machines.sort((a, b) => orderOf(a) - orderOf(b));
  }
}

/** That no lease tells of some hosts, and which address changed hands. */
export function machineNotes({ hosts }: Audit): Statement[] {
  const clients = hosts.filter((host) => !isPoolServer(host));
  const unknown = clients.filter(({ machines = [] }) => !machines.some(isLeased));
  const shared = clients.filter((host) => machinesOf(host).filter(isLeased).length > 1);
  const notes: Statement[] = [];
  if (unknown.length > 0) notes.push(statement('leases-none', { count: unknown.length, of: clients.length }));
  const ips = shared.slice(0, MOST_NAMED).map(({ ip }) => ip);
  if (ips.length > 0) notes.push(statement('leases-shared', { ips, more: shared.length - ips.length }));
  return notes;
}

/** The machines that had the address of a host, each once. */
export function machinesOf({ machines = [] }: Pick<AuditHost, 'machines'>): LeasedMachine[] {
  return machines.filter((machine, i) => machines.findIndex((other) => isSameMachine(other, machine)) === i);
}

/** 'lab22 anna aa:bb:cc:00:00:22', as far as it is known. */
export function machineWords(machine: Machine): string {
  return machineNames(machine).join(' ');
}

/** Its host name, its user and its hardware address, as far as they are known. */
export function machineNames({ hostname, user, mac }: Machine): string[] {
  return [hostname, user, mac].filter((name) => name !== null);
}

function sharedUs({ fromUs, toUs }: Lease, startUs: number, endUs: number): number {
  return (
    Math.min(Number.isNaN(toUs) ? endUs : toUs, endUs) -
    Math.max(Number.isNaN(fromUs) ? startUs : fromUs, startUs)
  );
}

/** us; those that frames show come in the order of their sessions, behind leases of all times before. */
function orderOf({ from, to }: LeasedMachine): number {
  const time = from ?? to;
  return time === null ? 0 : timeUsOf(time);
}

/** False of a machine that only frames show. */
export function isLeased({ source }: Pick<LeasedMachine, 'source'>): boolean {
  return source !== FRAMES;
}

function isSameRow(a: LeasedMachine, b: LeasedMachine): boolean {
  return (
    isSameMachine(a, b) && a.user === b.user && a.from === b.from && a.to === b.to && a.source === b.source
  );
}

function machineRow({ mac, hostname, user, fromUs, toUs, source }: Lease): LeasedMachine {
  return { mac, hostname, user, from: isoTimeOrNull(fromUs), to: isoTimeOrNull(toUs), source };
}
