/**
 * Whose address it is: the operator's table, special-purpose space, the operator's databases, else the embedded one,
 * asked in that order; the first class with enough confidence wins, every answer stays as evidence. The class of an
 * access operator means its subscribers, who are not visible here.
 */

import { parseWords, type Words } from '../address.ts';
import { specialSpace } from '../networks.ts';
import { under } from '../order.ts';
import type { TellSlow } from '../slow-list.ts';
import { type Statement, statement } from '../statements/index.ts';
import { ageWarning } from './age.ts';
import { ACCESS, type AddressOwner, OWNER_SOURCES, type OwnerAnswer, type OwnerClass } from './answer.ts';
import { blockAnswer, blockOf } from './blocks.ts';
import {
  knownNetwork,
  nameAnswers,
  type OwnerNames,
  organisationAnswers,
  recordAnswers,
} from './classify.ts';
import { type AddressDatabase, openDatabase, openEmbedded, openPlaces } from './database.ts';
import { isCompiledHere } from './embedded.ts';
import type { DatabaseRecord } from './record.ts';
import { type FoundRow, loadOwnerTable, type OwnerTable, type TableRow } from './table.ts';

/** Where owners come from: the operator's table, databases of networks and of places; null or absent: not given. */
export interface OwnerFiles {
  readonly ownersFile?: string | null;
  readonly asnDb?: string | null;
  readonly cityDb?: string | null;
}

interface OwnerBookOptions extends OwnerFiles {
  /** The embedded database; null leaves it out, undefined takes the one that ships. */
  readonly embedded?: string | null;
}

/** The sources of owners, for the method section of a report. */
interface OwnerSourceFile {
  readonly role: 'owners-table' | 'asn-db' | 'city-db' | 'embedded';
  readonly path: string;
  readonly title: string;
  /** What must be printed where its data is used; '' if nothing is known. */
  readonly attribution: string;
  /** ms since 1970; null if unknown. */
  readonly builtMs: number | null;
}

/** Opens everything that says who owns an address. Throws FILE_UNREADABLE or FILE_INVALID. */
export async function openOwnerBook(options: OwnerBookOptions, tell?: TellSlow): Promise<OwnerBook> {
  // The operator's database is asked first; what it does not know the embedded one may.
  const [table, asn, city, embedded] = await Promise.all([
    options.ownersFile == null ? null : loadOwnerTable(options.ownersFile, tell),
    options.asnDb == null ? null : openDatabase(options.asnDb, tell),
    options.cityDb == null ? null : openPlaces(options.cityDb),
    options.embedded == null ? null : openDatabase(options.embedded),
  ]);
  const shipped = options.embedded === undefined ? openEmbedded : (): typeof embedded => embedded;
  return new OwnerBook({ tablePath: options.ownersFile ?? '', table, asn, city, openEmbedded: shipped });
}

/** What a book is asked from. */
interface OpenFiles {
  readonly tablePath: string;
  readonly table: OwnerTable | null;
  readonly asn: AddressDatabase | null;
  readonly city: AddressDatabase | null;
  readonly openEmbedded: () => AddressDatabase | null;
}

const NO_NAMES: OwnerNames = {};
/** Different records are classified once. More than any scan meets. */
const MAX_CACHED = 200_000;

export class OwnerBook {
  /** The operator's table, with the lines that it could not read; null if none was given. */
  readonly table: OwnerTable | null;
  /** 9 MB, opened when the first public address asks for it; undefined before. */
  #embedded: AddressDatabase | null | undefined;
  /** Databases of which some fact stands in an owner that was asked for, and those of which the owner itself does. */
  readonly #used = new Set<AddressDatabase>();
  readonly #named = new Set<AddressDatabase>();
  readonly #answers = new Map<string, readonly OwnerAnswer[]>();
  readonly #owners = new WeakMap<DatabaseRecord, AddressOwner>();

  constructor(private readonly files: OpenFiles) {
    this.table = files.table;
  }

  /** The owner of an address at a time (us since 1970); `names` are those that the host goes by. */
  ownerOf(ip: string, timeUs: number, names: OwnerNames = NO_NAMES): AddressOwner {
    const words = parseWords(ip);
    if (words === null) return decide([], NOBODY);
    const own = this.table?.find(words, timeUs) ?? null;
    const space = specialSpace(words);
    const record = space === null ? this.#record(ip, words) : null;
    const { city } = this.files;
    const place = city?.lookup(ip, words) ?? null;
    // Most addresses have nothing but their record: it is decided upon once.
    const block = space === null ? blockOf(words) : null;
    const isPlain = record !== null && own === null && place === null && names === NO_NAMES && block === null;
    const known = isPlain ? this.#owners.get(record) : undefined;
    if (known !== undefined) return known;
    const owner = this.#weigh(own, space, record, place, names, block);
    if (record !== null) this.#credit(record, owner, ip, words);
    if (city !== null && place !== null && hasFactsOf(place, owner)) this.#used.add(city);
    if (isPlain) this.#owners.set(record, owner);
    return owner;
  }

  /** Remembers which databases an owner rests on. */
  #credit(record: DatabaseRecord, owner: AddressOwner, ip: string, words: Words): void {
    const databases = [this.files.asn, this.#embedded].filter((each) => each != null);
    const isIn = (set: ReadonlySet<AddressDatabase>): boolean => databases.every((each) => set.has(each));
    if (isIn(this.#used) && isIn(this.#named)) return;
    const isNamed =
      owner.source === null
        ? record.organisation !== null && owner.name === record.organisation
        : this.#recordAnswers(record).some(
            (answer) => answer.source === owner.source && answer.class === owner.class,
          );
    if (!isNamed && !hasFactsOf(record, owner)) return;
    // A record that is neither's own was made of both.
    const origin = databases.filter((each) => each.lookup(ip, words) === record);
    for (const database of origin.length > 0 ? origin : databases) {
      this.#used.add(database);
      if (isNamed) this.#named.add(database);
    }
  }

  #weigh(
    own: FoundRow | null,
    space: ReturnType<typeof specialSpace>,
    record: DatabaseRecord | null,
    place: DatabaseRecord | null,
    names: OwnerNames,
    block: ReturnType<typeof blockOf>,
  ): AddressOwner {
    const answers = [
      ...tableAnswers(own),
      ...reservedAnswers(space),
      ...nameAnswers(names),
      ...(block === null ? [] : [blockAnswer(block)]),
      ...(record === null ? [] : this.#recordAnswers(record)),
    ];
    const row = own?.row;
    const asn = row?.asn ?? record?.asn ?? null;
    const network = asn === null ? null : knownNetwork(asn);
    // A place of the table is the subscriber's; a database's is at best that of the exchange.
    return decide(answers, {
      asn,
      country:
        row?.country ?? block?.country ?? place?.country ?? record?.country ?? network?.country ?? null,
      // Nor does the region of a database go with a city of the table: they may be of two provinces.
      region: row?.region ?? (row?.city == null ? (place?.region ?? record?.region ?? null) : null),
      city: row?.city ?? place?.city ?? record?.city ?? null,
      department: row?.department ?? null,
      contact: row?.contact ?? null,
      name: record?.organisation ?? null,
    });
  }

  /**
   * The owner over an interval of activity: of those at the given times the one with most weight, so that an address
   * that changed hands counts once; the answers of the others stay among its answers.
   */
  ownerThrough(
    ip: string,
    moments: readonly { readonly timeUs: number; readonly weight: number }[],
    names: OwnerNames = NO_NAMES,
  ): AddressOwner {
    // Nothing but the operator's table knows of times.
    if (this.table === null || moments.length < 2) return this.ownerOf(ip, moments[0]?.timeUs ?? 0, names);
    const sums = new Map<string, { owner: AddressOwner; weight: number }>();
    for (const { timeUs, weight } of moments) {
      const owner = this.ownerOf(ip, timeUs, names);
      const key = JSON.stringify([owner.class, owner.name, owner.department, owner.city]);
      under(sums, key, () => ({ owner, weight: 0 })).weight += weight;
    }
    const [first, ...others] = [...sums.values()].sort((a, b) => b.weight - a.weight);
    if (others.length === 0) return first.owner;
    const changed = others
      .flatMap(({ owner }) => owner.answers.slice(0, 1))
      .map((answer) => ({ ...answer, rule: statement('owner-at-other-time', { rule: answer.rule }) }));
    const rule = statement('owner-changed', {
      first: first.owner.rule,
      others: changed.map((each) =>
        statement('owner-by-rule', { rule: each.rule, class: each.class, name: each.name }),
      ),
    });
    return { ...first.owner, rule, answers: [...first.owner.answers, ...changed] };
  }

  /** The table, and the databases that have said something of an owner so far, with dates and attributions. */
  sources(): OwnerSourceFile[] {
    const { tablePath: path, table, asn, city } = this.files;
    const of = (role: OwnerSourceFile['role'], database: AddressDatabase | null): OwnerSourceFile[] => {
      if (database === null || !this.#used.has(database)) return [];
      const { path, title, builtMs } = database;
      return [{ role, path, title, attribution: attributionOf(database), builtMs }];
    };
    const title = `owners table of ${table?.rowCount} rows`;
    return [
      ...(table === null
        ? []
        : [{ role: 'owners-table', path, title, attribution: '', builtMs: null } as const]),
      ...of('asn-db', asn),
      ...of('city-db', city),
      ...of('embedded', this.#embedded ?? null),
    ];
  }

  /**
   * Notes on databases that have named an owner so far and were built more than half a year away from the capture (us
   * since 1970).
   */
  ageWarnings(captureUs: number): Statement[] {
    return [...this.#named].flatMap(({ title, builtMs }) =>
      builtMs === null
        ? []
        : (ageWarning(title, new Date(builtMs).toISOString().slice(0, 10), captureUs) ?? []),
    );
  }

  /** What the operator's database says; what it leaves open is filled from the embedded one. */
  #record(ip: string, words: Words): DatabaseRecord | null {
    const own = this.files.asn?.lookup(ip, words) ?? null;
    if (own !== null && (own.asn !== null || own.organisation !== null)) return own;
    if (this.#embedded === undefined) this.#embedded = this.files.openEmbedded();
    const shipped = this.#embedded?.lookup(ip, words) ?? null;
    if (own === null || shipped === null) return own ?? shipped;
    return { ...shipped, types: own.types, isBusiness: own.isBusiness, domain: own.domain ?? shipped.domain };
  }

  #recordAnswers(record: DatabaseRecord): readonly OwnerAnswer[] {
    const { asn, organisation, domain, types, isBusiness } = record;
    const key = `${asn} ${isBusiness} ${types.map(({ word }) => word).join()} ${domain} ${organisation}`;
    let answers = this.#answers.get(key);
    if (answers === undefined) {
      answers = recordAnswers(record);
      if (this.#answers.size < MAX_CACHED) this.#answers.set(key, answers);
    }
    return answers;
  }
}

/** True if some fact of the record stands in the owner. */
function hasFactsOf(record: DatabaseRecord, owner: AddressOwner): boolean {
  return FACTS.some((fact) => record[fact] !== null && record[fact] === owner[fact]);
}

const FACTS = ['asn', 'country', 'region', 'city'] as const;

const TABLE = 0.98;
const TABLE_DISPUTED = 0.6;
const TABLE_BY_NAME = 0.8;
const RESERVED = 0.95;

/** Confidence from which on a class is stated. */
const THRESHOLD = 0.5;

const NOBODY = {
  asn: null,
  country: null,
  region: null,
  city: null,
  department: null,
  contact: null,
  name: null,
};
type Facts = Pick<AddressOwner, keyof typeof NOBODY>;

function tableAnswers(found: FoundRow | null): OwnerAnswer[] {
  if (found === null) return [];
  const { row, conflicting } = found;
  if (conflicting === null) return rowAnswers(row, TABLE);
  return [...rowAnswers(row, TABLE_DISPUTED), ...rowAnswers(conflicting, TABLE_DISPUTED)];
}

/** A row without an owner leaves the class to the next source that knows it. */
function rowAnswers(row: TableRow, most: number): OwnerAnswer[] {
  const byName = row.class === null ? namedBy(row) : null;
  if (row.class === null && byName === null && row.organisation === null) return [];
  const { line, prefix, organisation: name } = row;
  const rule = statement('owner-table-line', { line, prefix, by: byName?.rule ?? null });
  const confidence = byName === null ? most : Math.min(most, TABLE_BY_NAME);
  return [{ source: 'owners-table', class: row.class ?? byName?.class ?? 'unknown', name, confidence, rule }];
}

/** What the names in a row say of the class: the organisation's, else the host's or the network's. */
function namedBy({ organisation, hostname, netname }: TableRow): OwnerAnswer | null {
  const names = hostname === null ? [] : [{ name: hostname, trust: 'confirmed' as const }];
  const answers = [
    ...(organisation === null ? [] : organisationAnswers(organisation).slice(0, 1)),
    ...nameAnswers({ names, ...(netname === null ? {} : { netname }) }),
  ];
  return answers.find(({ confidence, source }) => confidence >= 0.5 && source !== 'line') ?? null;
}

function reservedAnswers(found: ReturnType<typeof specialSpace>): OwnerAnswer[] {
  if (found === null) return [];
  const { space, rfc } = found;
  const rule = statement('owner-reserved', { space, rfc });
  // Shared space lies between an operator's gateway and its customers: an access network by definition.
  const owner = space === 'shared' ? 'isp' : 'unknown';
  return [{ source: 'reserved', class: owner, name: rule.text, confidence: RESERVED, rule }];
}

/** The first answer with enough confidence, in the order of sources; the rest follows. */
function decide(answers: readonly OwnerAnswer[], facts: Facts): AddressOwner {
  const rank = (answer: OwnerAnswer): number => OWNER_SOURCES.indexOf(answer.source);
  // A stable sort: within a source the answers stay in their own order of strength.
  const ordered = [...answers].sort((a, b) => rank(a) - rank(b));
  const stated = ordered.filter((answer) => answer.confidence >= THRESHOLD && isStated(answer));
  const winner = (isOnlyAccess(stated[0]) ? stated.find(namesHolder) : null) ?? stated[0] ?? null;
  const best = winner ?? ordered[0] ?? null;
  return {
    ...facts,
    class: winner?.class ?? 'unknown',
    secondClass: secondOf(winner, stated),
    name: winner?.name ?? facts.name ?? best?.name ?? null,
    source: winner?.source ?? null,
    confidence: winner === null ? null : disputed(winner, ordered),
    rule: winner?.rule ?? null,
    answers: ordered,
  };
}

/** Of the other answers that stand, the first that names another kind of institution. */
function secondOf(winner: OwnerAnswer | null, stated: readonly OwnerAnswer[]): OwnerClass | null {
  if (winner === null || !INSTITUTIONS.has(winner.class)) return null;
  const other = stated.find((answer) => answer.class !== winner.class && INSTITUTIONS.has(answer.class));
  return other?.class ?? null;
}

const INSTITUTIONS: ReadonlySet<OwnerClass> = new Set(['government', 'education', 'research', 'healthcare']);

/** A database that sees an operator's line says nothing against a name of the holder. */
function isOnlyAccess(answer: OwnerAnswer | undefined): boolean {
  return answer?.source === 'database-type' && ACCESS.has(answer.class);
}

function namesHolder(answer: OwnerAnswer): boolean {
  return (answer.source === 'domain' || answer.source === 'netname') && !ACCESS.has(answer.class);
}

/** `unknown` is an answer of the operator's table and of reserved space; a database's is none. */
function isStated(answer: OwnerAnswer): boolean {
  return answer.class !== 'unknown' || answer.source === 'owners-table' || answer.source === 'reserved';
}

/** Two answers of one source that disagree make both less certain; an access network disagrees with nobody. */
function disputed(winner: OwnerAnswer, answers: readonly OwnerAnswer[]): number {
  const conflicting = answers.some(
    (answer) =>
      answer.source === winner.source &&
      answer.confidence >= winner.confidence &&
      answer.class !== winner.class &&
      !isNetwork(answer.class),
  );
  return conflicting ? Math.round(winner.confidence * 80) / 100 : winner.confidence;
}

function isNetwork(owner: OwnerClass): boolean {
  return ACCESS.has(owner) || owner === 'hosting' || owner === 'enterprise';
}

/** Attributions that licences ask for, by what the file says of itself. */
function attributionOf(database: AddressDatabase): string {
  const { title, description } = database;
  if (isCompiledHere(title)) return description;
  if (/geolite2/i.test(title)) {
    return 'This product includes GeoLite2 Data created by MaxMind, available from https://www.maxmind.com';
  }
  const said = `${title} ${description}`;
  if (/ipinfo/i.test(said)) return 'IP address data powered by IPinfo (https://ipinfo.io)';
  return /db-?ip/i.test(said) ? 'IP to ASN data by DB-IP (https://db-ip.com), CC BY 4.0' : description;
}
