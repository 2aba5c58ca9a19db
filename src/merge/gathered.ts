/** What the parts of a merge say, added up part by part in the order of time, before anything is finalized. */
import { addressWords } from '../address.ts';
import type { Audit, AuditInput, KnownOwner } from '../audit/audit.ts';
import { timeUsOf } from '../audit/time.ts';
import { NameBook } from '../endpoints/name-book.ts';
import {
  copyPoolConnection,
  type PoolConnection,
  PoolConnectionTable,
} from '../endpoints/pool-connection.ts';
import { LeaseBook } from '../machines/leases.ts';
import { totalOf } from '../order.ts';
import { ageWarning } from '../owners/age.ts';
import { wordList } from '../schema/words.ts';
import type { Statement } from '../statements/index.ts';
import { holdsTraffic, inputKey, type Part } from './parts.ts';
import { Seams } from './seams.ts';

export class Gathered {
  readonly seams = new Seams();
  readonly names = new NameBook();
  /** As captures show them, and as flow records do. */
  readonly poolConnections = new PoolConnectionTable();
  readonly records = new PoolConnectionTable();
  readonly inputs: AuditInput[] = [];
  readonly leases = new LeaseBook();
  readonly owners = new Map<string, KnownOwner>();
  readonly sources: Audit['sources'] = [];
  readonly allowed = { sessions: 0, poolConnections: 0 };
  readonly counted = { packets: 0, flows: 0 };
  /** True if a part was limited to times that were asked for. */
  isOfTimes = false;
  isPartial = false;
  /** Pairs in flow records of which a part shows too little to judge them. */
  pairsLeft = 0;
  /** Look-ups from logs of names, which several scans may have been given. */
  readonly #lookups = new Set<string>();
  /** Databases that were told to be old in a part, by title and day. */
  readonly #oldDatabases = new Map<string, { readonly title: string; readonly date: string }>();
  readonly #notes = new Map<string, Statement>();

  constructor(private readonly log: (level: 'warn', message: string) => void) {}

  get notes(): Iterable<Statement> {
    return this.#notes.values();
  }

  /** Notes are said once. */
  note(said: Statement): void {
    this.#notes.set(said.text, said);
  }

  warn(said: Statement): void {
    this.note(said);
    this.log('warn', said.text);
  }

  add(part: Part): void {
    this.#addFindings(part);
    this.#addReading(part.audit);
    for (const said of part.audit.notes) if (!SAID_ANEW.has(said.code)) this.note(said);
    this.#addHosts(part);
  }

  #addFindings(part: Part): void {
    const { audit, basis } = part;
    const firstInput = this.inputs.length;
    const apart = basis.poolConnections.filter((poolConnection) => !this.seams.takesRest(poolConnection));
    this.seams.add(part, firstInput);
    for (const { ip, name, client = '', isSaid = false, timeUs, record, input } of basis.names) {
      const words = addressWords(ip);
      if (words === null) continue;
      this.names.book(words, {
        name,
        client,
        isSaid,
        packetRef: { timeUs: timeUs ?? Number.NaN, record, input: input + firstInput },
      });
    }
    for (const poolConnection of apart)
      this.poolConnections.add(movedPoolConnection(poolConnection, firstInput));
    for (const record of basis.records)
      if (!this.#isRepeated(record, audit.inputs)) this.records.add(movedPoolConnection(record, firstInput));
    this.pairsLeft += basis.pairsLeft ?? 0;
    // Hosts of several parts may be the same ones.
    this.inputs.push(...audit.inputs.map(({ hosts: _, hostsNotJudged: __, ...input }) => input));
  }

  /**
   * True of a look-up from a log of names that several scans were given: it counts once. If a client also looked the name up
   * elsewhere, the sum does not show how many came from the log: it stays, and is too high.
   */
  #isRepeated(
    { kind, client, match, count, startUs, endUs, packetRef }: PoolConnection,
    inputs: readonly AuditInput[],
  ) {
    const input = inputs[packetRef.input];
    if (kind !== 'dns-lookup' || input === undefined || holdsTraffic(input)) return false;
    const key = JSON.stringify([
      inputKey(input),
      packetRef.record,
      client.ip,
      match.name,
      count,
      startUs,
      endUs,
    ]);
    const isRepeated = this.#lookups.has(key);
    this.#lookups.add(key);
    return isRepeated;
  }

  /** What was read, and what was left out of it. */
  #addReading({ inputs, partial, window, allowed, sources, notes }: Audit): void {
    this.isPartial ||= partial;
    this.isOfTimes ||= window.packets !== undefined;
    for (const kind of ['packets', 'flows'] as const) {
      const read = totalOf(inputs, (input) => input[kind] ?? 0);
      this.counted[kind] += window[kind] ?? read;
    }
    this.allowed.sessions += allowed?.sessions ?? 0;
    this.allowed.poolConnections += allowed?.poolConnections ?? 0;
    for (const source of sources) {
      const isKnown = this.sources.some(({ title, date }) => title === source.title && date === source.date);
      if (!isKnown) this.sources.push(source);
      const { title, date } = source;
      const isTold = notes.some(
        ({ code, params }) => code === 'old-owners' && params.title === title && params.date === date,
      );
      if (date !== null && isTold) this.#oldDatabases.set(`${title} ${date}`, { title, date });
    }
  }

  /** How old the databases of the parts were at the end of the whole, where its owners are those that the parts name. */
  ageNotes({ window, generated }: Audit): Statement[] {
    const endUs = Date.parse(window.end ?? generated) * 1000;
    return [...this.#oldDatabases.values()]
      .map(({ title, date }) => ageWarning(title, date, endUs))
      .filter((warning) => warning !== null);
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

function movedPoolConnection(poolConnection: PoolConnection, firstInput: number): PoolConnection {
  const moved = <P extends { readonly input: number }>(packetRef: P): P => ({
    ...packetRef,
    input: packetRef.input + firstInput,
  });
  const { packetRef, watchedFrom, tls } = poolConnection;
  return {
    ...copyPoolConnection(poolConnection),
    packetRef: moved(packetRef),
    watchedFrom: watchedFrom === null ? null : moved(watchedFrom),
    tls: tls === null ? null : { ...tls, packetRef: moved(tls.packetRef) },
  };
}

/** Notes that the audit of the whole makes by itself. */
const SAID_ANEW = wordList('note-of-whole');
