/**
 * The audits that are merged, in the order of time, each with its sessions read back. An audit that is named twice counts
 * once; two audits that share only some of their inputs are refused, because nobody can know what counts twice.
 */

import { counterOf, sessionOf } from '../assessment/session-facts.ts';
import type {
  Audit,
  AuditInput,
  AuditSession,
  KnownOwner,
  LeasedMachine,
  MergeBasis,
  Owner,
} from '../audit/audit.ts';
import { isLeased } from '../audit/machines.ts';
import { timeUsOf } from '../audit/time.ts';
import { fail } from '../errors.ts';
import { under } from '../order.ts';
import type { SessionCounter } from '../sessions/counter.ts';
import type { Session } from '../sessions/session.ts';
import type { TimeInterval } from '../time-interval.ts';

/** An audit to be merged, read when its turn comes. */
export interface MergePart {
  /** For messages. */
  readonly where: string;
  read(): Promise<Audit>;
}

/** A session of a part, with what is not made again. */
export interface PartSession {
  readonly session: Session;
  readonly counter: SessionCounter | null;
  readonly isDuplicate: boolean;
}

export interface Part {
  readonly where: string;
  /** us since 1970; infinite if nothing was read. */
  readonly startUs: number;
  readonly endUs: number;
  /** Taken by the seams. */
  readonly sessions: PartSession[];
  readonly basis: MergeBasis;
  /** Why an owner mines is judged again. */
  readonly owners: readonly { readonly ip: string; readonly owner: KnownOwner }[];
  /** Who had the addresses of hosts. */
  readonly leases: readonly { readonly ip: string; readonly machine: LeasedMachine }[];
  /** The audit without its rows. */
  readonly audit: Audit;
}

/** Throws FILE_INVALID if an audit cannot be merged, or two do not go together. */
export async function readParts(
  parts: readonly MergePart[],
  warn: (message: string) => void,
): Promise<Part[]> {
  const read: Part[] = [];
  const holders: Holders = new Map();
  const owners = new Map<string, KnownOwner>();
  for (const part of parts) {
    const audit = await part.read();
    const { merge: basis, hosts, sessions, ...rest } = audit;
    if (audit.filter !== undefined || basis === undefined) {
      const [why, hint] =
        audit.filter === undefined
          ? ['has no basis', 'Scan its inputs again, and merge the audit.json that is written.']
          : ['was filtered', 'Merge audits of whole runs, and filter the result.'];
      return fail('FILE_INVALID', `this audit ${why} and cannot be merged`, { where: part.where, hint });
    }
    const limits = {
      startUs: basis.since === null ? Number.NEGATIVE_INFINITY : timeUsOf(basis.since),
      endUs: basis.until === null ? Number.POSITIVE_INFINITY : timeUsOf(basis.until),
    };
    if (isRepeated(audit, { where: part.where, ...limits }, holders, warn)) continue;
    for (const leg of basis.legs ?? []) sessions.push(leg);
    delete basis.legs;
    const { start, end } = audit.window;
    read.push({
      where: part.where,
      startUs: start === null ? Number.POSITIVE_INFINITY : timeUsOf(start),
      endUs: end === null ? Number.NEGATIVE_INFINITY : timeUsOf(end),
      sessions: sessionsOf(sessions),
      basis,
      leases: hosts.flatMap(({ ip, machines = [] }) =>
        machines.filter(isLeased).map((machine) => ({ ip, machine })),
      ),
      owners: hosts.map(({ ip, owner }) => ({ ip, owner: shared(owner, owners) })),
      audit: { ...rest, hosts: [], sessions: [], pools: [], clusters: [] },
    });
  }
  // Equal times keep the order in which they were named: the sort is stable.
  return read.sort((a, b) => (a.startUs === b.startUs ? 0 : a.startUs - b.startUs));
}

/** The owner as many hosts have it: one of them for all. */
function shared({ reasons: _, intent: __, ...owner }: Owner, known: Map<string, KnownOwner>): KnownOwner {
  return under(known, JSON.stringify(owner), () => owner);
}

/** The sessions of the rows, which leave their list one by one: both together would take twice the memory. */
function sessionsOf(rows: AuditSession[]): PartSession[] {
  const sessions: PartSession[] = [];
  rows.reverse();
  for (let row = rows.pop(); row !== undefined; row = rows.pop()) {
    const session = sessionOf(row);
    if (session === null) continue;
    sessions.push({ session, counter: counterOf(row), isDuplicate: row.facts?.isDuplicate === true });
  }
  return sessions;
}

/** Who has taken an input, and the times that were asked for. */
interface Holder extends TimeInterval {
  readonly where: string;
}
type Holders = Map<string, Holder[]>;

/**
 * True if all inputs of the audit are those of another one of the same times; refused if only some are. Those without
 * packets or flows hold no sessions: a table of names may go with every scan.
 */
function isRepeated(audit: Audit, own: Holder, holders: Holders, warn: (message: string) => void): boolean {
  const { where } = own;
  const holderOf = (key: string): Holder | undefined =>
    holders.get(key)?.find(({ startUs, endUs }) => startUs < own.endUs && own.startUs < endUs);
  const keys = audit.inputs.map(inputKey).filter((key) => key !== null);
  const holdersOfAll = keys.map(holderOf);
  const isSame = holdersOfAll.every((each) => each?.startUs === own.startUs && each.endUs === own.endUs);
  if (keys.length > 0 && isSame) {
    warn(`${where}: left out, its inputs are those of ${holdersOfAll[0]?.where}`);
    return true;
  }
  for (const input of audit.inputs) {
    const key = inputKey(input);
    const holder = key === null ? undefined : holderOf(key);
    if (holder === undefined || !holdsTraffic(input)) continue;
    fail('FILE_INVALID', `holds the same input as ${holder.where}: ${input.path}`, {
      where,
      hint: 'Its sessions would count twice. Scan the inputs that are in one audit only, and merge those.',
    });
  }
  for (const key of keys) under(holders, key, () => []).push(own);
  return false;
}

/** False of logs of names, and of what could not be read. */
export function holdsTraffic({ packets = 0, flows = 0 }: AuditInput): boolean {
  return packets + flows > 0;
}

/** The same input by content, or else by name, size and times; null if nothing tells. */
export function inputKey({ path, kind, bytes, sha256, first, last }: AuditInput): string | null {
  // Nothing of it counts, so that nothing counts twice.
  if (kind === 'unreadable') return null;
  if (sha256 !== null) return sha256;
  return path === '-' && first === null ? null : JSON.stringify([path, bytes, first, last]);
}
