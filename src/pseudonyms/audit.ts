/**
 * A whole audit made safe to share: a walk over its plain JSON by the names of fields, so that fields added later are
 * covered by their names. Known pools stay: their names, and their public addresses. Everything else that says
 * who or where goes, places too; the class of an owner stays, because such audits publish it. A note says what was
 * done.
 */
import fieldsByKind from '../../data/pseudonym-fields.tsv?raw';
import { addressWords } from '../address.ts';
import type { Audit } from '../audit/audit.ts';
import { machineRows } from '../audit/machine-rows.ts';
import { isObject } from '../json.ts';
import { isPublic } from '../networks.ts';
import { compareText } from '../order.ts';
import { table, text, words } from '../schema/table.ts';
import { inEnglish, isStatement, statement } from '../statements/index.ts';
import { PSEUDONYM_RANGE, type Pseudonymizer } from './pseudonymizer.ts';
import { Scrubber, type Sensitive } from './scrub.ts';

type Fields = Record<string, unknown>;

const ROWS = table('pseudonym-fields.tsv', fieldsByKind, { kind: text, fields: words, what: text });
const FIELDS: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  ROWS().map(({ kind, fields }) => [kind, new Set(fields)]),
);

/** Free text of the wire, where a login may stand in any spelling: what is left of it if accounts are replaced. */
const WIRE_FIELDS: Fields = { agent: null, agents: [], said: null, detail: '', refusal: '' };

/**
 * A copy of an audit (any value of its shape) with pseudonyms. Lists of what was replaced are put in order anew, for
 * their old order would tell something of what stood there.
 */
export function pseudonymizeAudit<T extends object>(audit: T, names: Pseudonymizer): T {
  const copy = structuredClone(audit);
  if (!names.accounts && !names.addresses) return copy;
  const scrubber = new Scrubber(names, collect(copy));
  if (isObject(copy)) {
    new Walk(names, scrubber).fields(copy, '');
    sortRows(copy);
    nameMachines(copy);
    if ('notes' in copy && Array.isArray(copy.notes))
      copy.notes.unshift(
        ...notesOf(
          names,
          copy.notes.some(({ code }) => code === 'coarse'),
        ),
      );
  }
  return copy;
}

/** Machines are known by what is a pseudonym now. */
function nameMachines(copy: object): void {
  const { hosts, sessions, machines = [] } = copy as Partial<Audit>;
  if (hosts === undefined || sessions === undefined || machines.length === 0) return;
  Object.assign(copy, { machines: machineRows(copy as Audit).rows });
}

function notesOf({ accounts, addresses }: Pseudonymizer, isCoarse: boolean): unknown[] {
  return [
    ...(accounts ? [statement('pseudonyms-of-accounts')] : []),
    ...(addresses
      ? [
          statement('pseudonyms-of-addresses', { range: PSEUDONYM_RANGE }),
          statement('pseudonyms-not-hidden', { isCoarse }),
        ]
      : []),
  ];
}

class Walk {
  readonly #done = new WeakSet<Fields>();

  constructor(
    private readonly names: Pseudonymizer,
    private readonly scrubber: Scrubber,
  ) {}

  /** Replaces in place; `parent` is the field that holds these. */
  fields(fields: Fields, parent: string): void {
    // Rows may share an object, such as an owner: a pseudonym has no pseudonym.
    if (this.#done.has(fields)) return;
    this.#done.add(fields);
    const isSaid = isStatement(fields);
    for (const [key, value] of Object.entries(fields)) {
      // Tables are keyed by address or account.
      const renamed = this.scrubber.other(key);
      if (renamed !== key) delete fields[key];
      fields[renamed] = this.#value(value, key, parent);
    }
    // The text is made again of what its parameters have become.
    if (isSaid && isStatement(fields)) Object.assign(fields, { text: inEnglish(fields).text });
  }

  #value(value: unknown, key: string, parent: string): unknown {
    if (this.names.accounts && Object.hasOwn(WIRE_FIELDS, key) && !isObject(value))
      return structuredClone(WIRE_FIELDS[key]);
    // Of which networks and departments an audit is would tell whose it is.
    if (this.names.addresses && parent === 'filter' && Array.isArray(value)) {
      return key === 'hosts' ? [] : value.map((name) => this.names.organisation(String(name)));
    }
    if (this.names.addresses && FIELDS.places.has(key) && Array.isArray(value)) return [];
    if (parent === 'owner' && this.names.addresses) {
      if (FIELDS.ownerPlace.has(key)) return null;
      if (key === 'answers') return [];
    }
    if (typeof value === 'string') return this.#text(value, key, parent);
    if (Array.isArray(value)) {
      const mapped: unknown[] = value.map((item: unknown) => this.#value(item, key, parent));
      const isNameList =
        mapped.length > 1 && mapped.every((item) => typeof item === 'string') && parent !== 'params';
      return isNameList ? [...mapped].sort() : mapped;
    }
    if (isObject(value) && !FIELDS.opaque.has(key)) this.fields(value, key);
    return value;
  }

  #text(text: string, key: string, parent: string): string {
    const { accounts, addresses } = this.names;
    if (parent === 'machine' || parent === 'machines' || key === 'hardware') {
      return addresses && FIELDS.machine.has(key) ? this.names.hostName(text) : text;
    }
    if (FIELDS.opaque.has(key)) return text;
    if (accounts && FIELDS.account.has(key)) return this.names.account(text);
    if (accounts && FIELDS.worker.has(key)) return this.names.worker(text);
    if (accounts && (FIELDS.job.has(key) || (parent === 'jobs' && key === 'id')))
      return this.scrubber.job(text);
    // With accounts in the clear their words may still be addresses.
    if (FIELDS.account.has(key) || FIELDS.worker.has(key)) return this.scrubber.label(text);
    if (addresses && FIELDS.address.has(key) && addressWords(text) !== null)
      return this.scrubber.address(text);
    if (addresses && FIELDS.path.has(key)) return this.names.file(text);
    if (parent === 'owner' && FIELDS.owner.has(key)) return this.names.organisation(text);
    if (FIELDS.fingerprint.has(key)) return this.scrubber.other(text);
    if (FIELDS.prose.has(key) || parent === 'params') return this.scrubber.prose(text);
    return FIELDS.label.has(key) && parent !== 'tool' ? this.scrubber.label(text) : this.scrubber.other(text);
  }
}

/** What the audit knows of names that must not stay, and of addresses that may. */
function collect(audit: unknown): Sensitive {
  const accounts = new Set<string>();
  const workers = new Set<string>();
  const organisations = new Set<string>();
  const paths = new Set<string>();
  const hosts = new Set<string>();
  const unlisted = new Set<string>();
  const listed = new Set<string>();
  const poolAddresses = new Set<string>();
  const add = (set: Set<string>, value: unknown): void => {
    for (const item of Array.isArray(value) ? value : [value]) if (typeof item === 'string') set.add(item);
  };
  const visit = (value: unknown, key: string): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, key);
      return;
    }
    if (!isObject(value)) return;
    for (const [name, member] of Object.entries(value)) {
      if (FIELDS.account.has(name)) add(accounts, member);
      if (FIELDS.worker.has(name)) add(workers, member);
      if (FIELDS.path.has(name)) add(paths, member);
      if (key === 'owner' && FIELDS.owner.has(name)) add(organisations, member);
      if ((/^machines?$/.test(key) || name === 'hardware') && FIELDS.machine.has(name))
        add(organisations, member);
      if (key === 'miner' || key === 'hosts' || key === 'via') if (name === 'ip') add(hosts, member);
      visit(member, name);
    }
    // What a proxy was asked for, which need not be a pool.
    if (key === 'target' && 'proxy' in value) add(unlisted, value.host);
    if (key === 'pool' && 'ip' in value) {
      const isListed = typeof value.pool === 'string' && addressWords(value.pool) === null;
      add(isListed ? listed : unlisted, value.names);
      if (isListed) add(poolAddresses, value.ip);
    }
  };
  visit(audit, '');
  const publicAddresses = new Set([...poolAddresses].filter((ip) => !hosts.has(ip) && isPublic(ip)));
  const hostNames = new Set([...unlisted].filter((name) => !listed.has(name) && addressWords(name) === null));
  const publicNames = new Set([...listed].map((name) => name.toLowerCase()));
  return { accounts, workers, hostNames, organisations, paths, publicAddresses, publicNames };
}

/** Rows in the order that an audit of the replaced words would have. */
function sortRows(audit: Fields): void {
  const sorted = (name: string, compare: (a: Fields, b: Fields) => number): void => {
    const rows = audit[name];
    if (Array.isArray(rows)) audit[name] = rows.filter(isObject).sort(compare);
  };
  const word = (value: unknown): string => (typeof value === 'string' ? value : '');
  const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
  const isPoolOnly = ({ roles }: Fields): boolean =>
    Array.isArray(roles) && roles.length === 1 && roles[0] === 'pool';
  sorted(
    'hosts',
    (a, b) => Number(isPoolOnly(a)) - Number(isPoolOnly(b)) || compareText(word(a.ip), word(b.ip)),
  );
  const miner = (row: Fields): Fields => (isObject(row.miner) ? row.miner : {});
  sorted(
    'sessions',
    (a, b) =>
      compareText(word(a.start), word(b.start)) ||
      compareText(word(miner(a).ip), word(miner(b).ip)) ||
      number(miner(a).port) - number(miner(b).port),
  );
  sorted('pools', (a, b) => number(b.hosts) - number(a.hosts) || compareText(word(a.pool), word(b.pool)));
}
