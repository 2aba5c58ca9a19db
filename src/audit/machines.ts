/** Who had the addresses of hosts when they mined, from leases; and what is wrong with leases or missing. */
import { isSameMachine, type Lease } from '../machines/lease.ts';
import { groupBy } from '../order.ts';
import { type Statement, statement } from '../statements/index.ts';
import type { Audit, AuditHost, LeasedMachine, Machine } from './audit.ts';
import { isPoolServer } from './miners.ts';
import { isoTimeOrNull, timeUsOf } from './time.ts';

/** Who had an address between two times, us since 1970, in order. */
export type LeasesOf = (ip: string, fromUs: number, toUs: number) => readonly Lease[];

const MOST_NAMED = 5;

/** Fills in the machines of hosts and sessions. */
export function assignMachines(audit: Audit, leasesOf: LeasesOf): void {
  const sessionsOf = groupBy(audit.sessions, ({ miner }) => miner.ip);
  for (const host of audit.hosts) {
    const sessions = sessionsOf.get(host.ip) ?? [];
    const machines: Lease[] = [];
    const spans =
      sessions.length > 0
        ? sessions.map(({ start, end }) => [start, end])
        : [[host.firstSeen, host.lastSeen]];
    for (const [i, span] of spans.entries()) {
      const [fromUs, toUs] = span.map(timeUsOf);
      const held = leasesOf(host.ip, fromUs, toUs);
      const [longest] = held.toSorted((a, b) => sharedUs(b, fromUs, toUs) - sharedUs(a, fromUs, toUs));
      if (longest === undefined) continue;
      // A session has one machine; a host without any had whoever held its address.
      if (sessions.length > 0) sessions[i].machine = machineRow(longest);
      for (const lease of sessions.length > 0 ? [longest] : held)
        if (!machines.includes(lease)) machines.push(lease);
    }
    if (machines.length > 0) host.machines = machines.sort((a, b) => orderOf(a) - orderOf(b)).map(machineRow);
  }
}

/** That no lease tells of some hosts, and which address changed hands. */
export function machineNotes({ hosts }: Audit): Statement[] {
  const clients = hosts.filter((host) => !isPoolServer(host));
  const unknown = clients.filter(({ machines }) => machines === undefined);
  const shared = clients.filter((host) => machinesOf(host).length > 1);
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

function orderOf({ fromUs, toUs }: Lease): number {
  return Number.isNaN(fromUs) ? toUs : fromUs;
}

function machineRow({ mac, hostname, user, fromUs, toUs, source }: Lease): LeasedMachine {
  return { mac, hostname, user, from: isoTimeOrNull(fromUs), to: isoTimeOrNull(toUs), source };
}
