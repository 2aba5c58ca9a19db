/** What the parts of a merge say, added up part by part in the order of time, before anything is settled. */
import { addressWords } from '../address.ts';
import type { Audit, AuditInput, KnownOwner } from '../audit/audit.ts';
import { timeUsOf } from '../audit/time.ts';
import { type Contact, Contacts, copyContact } from '../endpoints/contact.ts';
import { NameBook } from '../endpoints/name-book.ts';
import { LeaseBook } from '../machines/leases.ts';
import type { Code, Statement } from '../statements/index.ts';
import { AgeNotes } from './age-notes.ts';
import { ThinPairs } from './pairs.ts';
import type { Part } from './parts.ts';
import { RepeatedLookups } from './repeated-lookups.ts';
import { Seams } from './seams.ts';

export class Gathered {
  readonly seams = new Seams();
  readonly names = new NameBook();
  /** As captures show them, and as flow records do. */
  readonly contacts = new Contacts();
  readonly records = new Contacts();
  readonly pairs = new ThinPairs();
  readonly inputs: AuditInput[] = [];
  readonly ages = new AgeNotes();
  readonly leases = new LeaseBook();
  readonly owners = new Map<string, KnownOwner>();
  readonly sources: Audit['sources'] = [];
  readonly allowed = { sessions: 0, contacts: 0 };
  readonly counted = { packets: 0, flows: 0 };
  /** True if a part was limited to times that were asked for. */
  isOfTimes = false;
  isPartial = false;
  readonly #lookups = new RepeatedLookups();
  readonly #notes = new Map<string, Statement>();
  readonly #log: (level: 'warn', message: string) => void;

  constructor(log: (level: 'warn', message: string) => void) {
    this.#log = log;
  }

  get notes(): Iterable<Statement> {
    return this.#notes.values();
  }

  /** Notes are said once. */
  note(said: Statement): void {
    this.#notes.set(said.text, said);
  }

  warn(said: Statement): void {
    this.note(said);
    this.#log('warn', said.text);
  }

  add(part: Part): void {
    this.#addFindings(part);
    this.#addReading(part.audit);
    for (const said of this.ages.rest(part.audit)) if (!SAID_ANEW.has(said.code)) this.note(said);
    this.#addHosts(part);
  }

  #addFindings(part: Part): void {
    const { audit, basis } = part;
    const firstInput = this.inputs.length;
    const apart = basis.contacts.filter((contact) => !this.seams.takesRest(contact));
    this.seams.add(part, firstInput);
    for (const { ip, name, client = '', isSaid = false, ...place } of basis.names) {
      const words = addressWords(ip);
      if (words === null) continue;
      this.names.book(words, { name, client, isSaid, place: { ...place, input: place.input + firstInput } });
    }
    for (const contact of apart) this.contacts.add(movedContact(contact, firstInput));
    for (const record of this.#lookups.without(basis.records, audit.inputs))
      this.records.add(movedContact(record, firstInput));
    this.pairs.add(basis.pairs ?? [], basis.pairsLeft ?? 0, firstInput);
    this.inputs.push(...audit.inputs);
  }

  /** What was read, and what was left out of it. */
  #addReading({ inputs, partial, window, allowed, sources }: Audit): void {
    this.isPartial ||= partial;
    this.isOfTimes ||= window.packets !== undefined;
    for (const kind of ['packets', 'flows'] as const) {
      const read = inputs.reduce((sum, input) => sum + (input[kind] ?? 0), 0);
      this.counted[kind] += window[kind] ?? read;
    }
    this.allowed.sessions += allowed?.sessions ?? 0;
    this.allowed.contacts += allowed?.contacts ?? 0;
    for (const source of sources) {
      const isKnown = this.sources.some(({ title, date }) => title === source.title && date === source.date);
      if (!isKnown) this.sources.push(source);
    }
  }

  /** Whose the hosts are, and who had their addresses. */
  #addHosts({ leases, owners }: Part): void {
    const timeOf = (time: string | null): number => (time === null ? Number.NaN : timeUsOf(time));
    for (const { ip, machine } of leases) {
      const { mac, hostname, user, source, from, to } = machine;
      const who = { mac: mac ?? '', hostname: hostname ?? '', user: user ?? '' };
      this.leases.add({ ip, ...who, fromUs: timeOf(from), toUs: timeOf(to) }, source);
    }
    for (const { ip, owner } of owners)
      if ((this.owners.get(ip)?.class ?? 'unknown') === 'unknown') this.owners.set(ip, owner);
  }
}

function movedContact(contact: Contact, firstInput: number): Contact {
  const moved = <P extends { readonly input: number }>(place: P): P => ({
    ...place,
    input: place.input + firstInput,
  });
  const { place, watchedFrom, tls } = contact;
  return {
    ...copyContact(contact),
    place: moved(place),
    watchedFrom: watchedFrom === null ? null : moved(watchedFrom),
    tls: tls === null ? null : { ...tls, place: moved(tls.place) },
  };
}

/** Notes that the audit of the whole makes by itself. */
const SAID_ANEW: ReadonlySet<string> = new Set<Code>([
  'not-captured',
  'same-work',
  'too-heavy',
  'implausible-efficiency',
  'times-apart',
  'pairs-undecided',
  'leases-none',
  'leases-shared',
]);
