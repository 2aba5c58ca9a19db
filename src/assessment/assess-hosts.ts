/** Owners, intent and power of the hosts of an audit, from the operator's table and databases or the ones that ship. */

import path from 'node:path';
import type { Audit, KnownOwner } from '../audit/audit.ts';
import { addMachines } from '../audit/machine-totals.ts';
import { assignMachines, machineNotes } from '../audit/machines.ts';
import { powerNotes } from '../audit/power-notes.ts';
import type { Assumption } from '../evidence/modelled/assumption.ts';
import type { LeaseBook } from '../machines/leases.ts';
import type { AddressOwner } from '../owners/answer.ts';
import { type OwnerBook, type OwnerFiles, openOwnerBook } from '../owners/book.ts';
import type { MalwareList } from '../owners/malware.ts';
import type { TellSlow } from '../slow-list.ts';
import type { Statement } from '../statements/index.ts';
import { assess, type PowerOptions } from './assess.ts';
import { UNKNOWN_OWNER } from './host-rows.ts';
import { modelRates } from './modelled-rates.ts';

/** True if the operator gives a table or database of his own, which is asked for every host. */
export function hasOwnerFiles({ ownersFile = null, asnDb = null, cityDb = null }: OwnerFiles): boolean {
  return ownersFile !== null || asnDb !== null || cityDb !== null;
}

export interface AssessHostsOptions extends OwnerFiles, PowerOptions {
  /** What is known to be malware's; null: nothing but what the pool catalogue knows. */
  readonly malware?: MalwareList | null;
  /** What is assumed of pools' difficulty, for rates that nobody can observe; null: they are not modelled. */
  readonly assumptions?: readonly Assumption[] | null;
  /** Name of an address by its reverse DNS, as the traffic shows it; null if it does not. */
  readonly nameOf?: (ip: string) => string | null;
  /** True if the address lies in the operator's own networks; by default none does. */
  readonly isLocal?: (ip: string) => boolean;
  /** Owners that are known already, by address: they hold if neither table nor database is given. */
  readonly known?: ReadonlyMap<string, KnownOwner>;
  /** Who had which address when; null if nobody says. */
  readonly leases?: LeaseBook | null;
  /** Machines by the names that flow logs give them, for addresses without a lease. */
  readonly called?: LeaseBook | null;
  /** The book of those files where it is being opened already; by default it is opened if there is a host. */
  readonly book?: Promise<OwnerBook>;
  readonly log?: (level: 'debug' | 'info' | 'warn', message: string) => void;
}

/** Opens what a scan will ask for owners. Files of the operator's own that cannot be used end it before it reads. */
export async function beginOwners(
  files: OwnerFiles,
  tell?: TellSlow,
): Promise<{ readonly book: Promise<OwnerBook> }> {
  const book = openOwnerBook(files, tell);
  if (hasOwnerFiles(files)) await book;
  // Of the one that ships nobody hears unless a host is asked for.
  book.catch(() => {});
  return { book };
}

/** Fills them in. The databases are opened only if there is a host to ask for. */
export async function assessHosts(audit: Audit, options: AssessHostsOptions): Promise<void> {
  if (audit.hosts.length === 0) return;
  if (options.assumptions != null) modelRates(audit, options.assumptions);
  const { log = () => {}, known, malware = null, leases = null, called = null } = options;
  const told = hasOwnerFiles(options) || known === undefined ? new Map<string, KnownOwner>() : known;
  const needsBook = audit.hosts.some((host) => !told.has(host.ip));
  const book = needsBook ? await (options.book ?? openOwnerBook(options)) : null;
  const warn = (note: Statement): void => {
    if (!audit.notes.some(({ text }) => text === note.text)) audit.notes.push(note);
    log('warn', note.text);
  };
  const ignored = book?.table?.ignored(path.basename(options.ownersFile ?? '')) ?? null;
  if (ignored !== null) warn(ignored);
  assess(audit, {
    ...options,
    ownerOf: (ip, moments) => {
      const owner = told.get(ip);
      if (owner !== undefined || book === null) return { ...UNKNOWN_OWNER, ...owner };
      const name = options.nameOf?.(ip) ?? null;
      const names = name === null ? undefined : { names: [{ name, trust: 'reverse' as const }] };
      return ownerRow(book.ownerThrough(ip, moments, names));
    },
    isLocal: options.isLocal ?? (() => false),
    malwareListOf: (minesAs) => malware?.listOf(minesAs) ?? null,
  });
  const books = [leases, called].filter((book) => book !== null).filter(({ count }) => count > 0);
  assignMachines(audit, (ip, fromUs, toUs) => {
    for (const book of books) {
      const held = book.during(ip, fromUs, toUs);
      if (held.length > 0) return held;
    }
    return [];
  });
  if (leases !== null && leases.count > 0)
    for (const warning of [...leases.notes(), ...machineNotes(audit)]) warn(warning);
  addMachines(audit);
  for (const warning of powerNotes(audit)) warn(warning);
  // Only what was used is credited, and old only if it has named an owner.
  for (const warning of book?.ageWarnings(Date.parse(audit.window.end ?? audit.generated) * 1000) ?? []) {
    warn(warning);
  }
  for (const { title, attribution, builtMs } of book?.sources() ?? []) {
    const date = builtMs === null ? null : new Date(builtMs).toISOString().slice(0, 10);
    const isKnown = audit.sources.some((known) => known.title === title && known.date === date);
    if (!isKnown) audit.sources.push({ title, attribution, date });
  }
}

function ownerRow(owner: AddressOwner): KnownOwner {
  return {
    class: owner.class,
    name: owner.name,
    asn: owner.asn,
    country: owner.country,
    region: owner.region,
    city: owner.city,
    source: owner.source,
    confidence: owner.confidence,
    ...(owner.secondClass === null ? {} : { secondClass: owner.secondClass }),
    rule: owner.rule,
    department: owner.department,
    contact: owner.contact,
  };
}
