/** A host of an audit by its address, in any notation; and if it is not there, similar addresses. */

import { addressText, addressWords } from '../address.ts';
import { proxiesOf } from '../endpoints/servers.ts';
import { macOf } from '../machines/lease.ts';
import { distance } from '../nearest.ts';
import type { Audit, AuditHost, AuditMachine } from './audit.ts';

interface FoundHost {
  readonly host: AuditHost | null;
  /** Canonical text of the address that was asked for; null if it is none. */
  readonly ip: string | null;
  /** Addresses of hosts most like it, best first, at most five. */
  readonly near: readonly string[];
  /** Miners of which it is the pool or the proxy. */
  readonly serves: readonly string[];
}

const MOST_NEAR = 5;
const LONGEST_ADDRESS = 45;

/** Looks the address up, or the machine by its id, a name, its hardware address or its user. */
export function findHost(audit: Audit, asked: string): FoundHost {
  const text = asked.trim().slice(0, LONGEST_ADDRESS);
  const words = addressWords(text);
  const ip = words === null ? null : addressText(words);
  const at = ip ?? addressOfMachine(audit, asked);
  const host = audit.hosts.find((each) => each.ip === at) ?? null;
  if (host !== null) return { host, ip, near: [], serves: [] };
  const serves = new Set<string>();
  for (const { miner, pool, via } of audit.sessions) {
    if (pool.ip === ip || proxiesOf(via).some((proxy) => proxy.ip === ip)) serves.add(miner.ip);
  }
  const wanted = ip ?? text.toLowerCase();
  const near = audit.hosts
    .map((each) => ({ ip: each.ip, distance: distance(wanted, each.ip) }))
    .filter((each) => each.distance <= Math.max(3, wanted.length / 3))
    .sort((a, b) => a.distance - b.distance || (a.ip < b.ip ? -1 : 1))
    .slice(0, MOST_NEAR);
  return { host: null, ip, near: near.map((each) => each.ip), serves: [...serves].slice(0, MOST_NEAR) };
}

/** The address that a machine had last; null if none is called so. */
function addressOfMachine(audit: Audit, asked: string): string | null {
  return machineCalled(audit, asked)?.addresses.at(-1)?.ip ?? null;
}

/** A machine by its id, a name, its hardware address or its user, in any case. */
export function machineCalled(
  { machines }: Pick<Audit, 'machines'>,
  asked: string,
): AuditMachine | undefined {
  const name = asked.trim().toLowerCase();
  const mac = macOf(name);
  const isCalled = (known: string): boolean =>
    known.toLowerCase() === name || (mac !== null && known === mac);
  return machines.find(({ id, names }) => isCalled(id) || names.some(isCalled));
}
