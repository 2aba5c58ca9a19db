/** A pool: a row of data/pools.tsv, which says what its columns mean, or of an operator's file. */
import pools from '../../data/pools.tsv?raw';
import { date, list, note, oneOf, optional, table, text, words, yes } from '../schema/table.ts';

/**
 * `pool`: miners connect to it. `marketplace`: hashrate is rented, miners connect to it as to a pool.
 * `browser-miner`: scripts in web pages. `malware-proxy`: hides a pool. `donation`: a miner program's own fee.
 */
export const POOL_KINDS = ['pool', 'marketplace', 'browser-miner', 'malware-proxy', 'donation'] as const;
export type PoolKind = (typeof POOL_KINDS)[number];

/**
 * What a name is for. `mining`: it serves miners. `web`: site, API or download, a visit is nothing. `unsure`: it
 * belongs to the pool and may be either or both; a listed port or the behaviour of the session has to tell.
 */
export type NameUse = 'mining' | 'web' | 'unsure';

/** Ports of a pool that belong together, and what they tell. */
export interface PortUse {
  /** Coins that these ports serve; empty if they serve all. */
  readonly coins: readonly string[];
  /** Algorithm id if the port tells it, else null. */
  readonly algorithm: string | null;
  readonly plain: readonly number[];
  readonly tls: readonly number[];
}

export const poolRows = table('pools.tsv', pools, {
  name: text,
  kind: oneOf(...POOL_KINDS),
  names: words,
  rest: optional(oneOf('mining', 'web', 'unsure')),
  listed: optional(date),
  sources: (cell) => words(text(cell)),
  mining: words,
  unsure: words,
  web: words,
  ports: (cell) => list('; ')(cell).map(portUse),
  coins: words,
  gone: optional((cell) => (cell === 'date unknown' ? cell : date(cell))),
  shared: yes,
  converts: yes,
  operator: optional(text),
  aliases: list('; '),
  renamed: optional(text),
  remark: note,
});

/** One pool. What its columns mean: data/pools.tsv. */
export type PoolEntry = Readonly<ReturnType<typeof entryOf>>;

export function entryOf(row: ReturnType<typeof poolRows>[number]) {
  const { names, rest, shared, converts, remark: _, ...same } = row;
  return {
    ...same,
    /** Domains that the patterns are relative to; what lies above them is somebody else's. */
    domains: names.filter((name) => !/^[+=]/.test(name)),
    /** Full names, exactly these, that may serve miners: on somebody else's domain, or a domain's own name. */
    hosts: marked(names, '+'),
    /** Full names, exactly these, that are web sites. */
    sites: marked(names, '='),
    /** Use of names that no pattern matches; `grammar`: read the labels (see grammar.ts). */
    rest: rest ?? ('grammar' as const),
    /** True if a name that serves miners serves nothing else. */
    dedicated: !shared,
    /** True if miners are paid in a coin of their choice, whatever they mine: their accounts do not name the work. */
    paysInOther: converts,
  };
}

function marked(names: readonly string[], mark: string): string[] {
  return names.filter((name) => name.startsWith(mark)).map((name) => name.slice(1));
}

/** 'BTC BCH: 25 3333 tls 443', 'ethash: 3353', '*: 80'. */
function portUse(cell: string): PortUse {
  const [, who, numbers] = /^(\*|[a-z][\w/-]*|[A-Z0-9]+(?: [A-Z0-9]+)*): ([\d tls]+)$/.exec(cell) ?? [];
  if (who === undefined) throw new Error("is not like 'BTC BCH: 25 3333 tls 443'");
  const [plain = [], tls = []] = numbers.split('tls').map((part) => words(part.trim()).map(Number));
  for (const port of [...plain, ...tls]) if (!(port > 0 && port < 65536)) throw new Error('is not a port');
  const isAlgorithm = /^[a-z]/.test(who);
  return {
    coins: isAlgorithm || who === '*' ? [] : who.split(' '),
    algorithm: isAlgorithm ? who : null,
    plain,
    tls,
  };
}

/** An entry as written down: what is left out has the usual value. */
type PoolDefinition = Pick<PoolEntry, 'name' | 'domains' | 'sources'> & Partial<PoolEntry>;

/** What most entries have none of: one list for all. */
const NONE: never[] = [];

/** Fills in the usual values: a dedicated pool, alive, its names read by grammar. */
export function definePool(definition: PoolDefinition): PoolEntry {
  // A spread would take five times the memory: lists have a million of them.
  const { name, domains, sources, kind = 'pool', operator = null, hosts = NONE, sites = NONE } = definition;
  const { dedicated = true, mining = NONE, web = NONE, unsure = NONE, rest = 'grammar' } = definition;
  const { ports = NONE, coins = NONE, paysInOther = kind === 'marketplace', gone = null } = definition;
  const { renamed = null, aliases = NONE, listed = null } = definition;
  return {
    name,
    operator,
    kind,
    domains,
    hosts,
    sites,
    dedicated,
    mining,
    web,
    unsure,
    rest,
    ports,
    coins,
    paysInOther,
    gone,
    renamed,
    aliases,
    listed,
    sources,
  };
}

/** Ports that serve one or more coins ('XMR', 'LTC DOGE', '' for all). */
export function coinPorts(coins: string, plain: readonly number[], tls: readonly number[] = []): PortUse {
  return { coins: coins === '' ? [] : coins.split(' '), algorithm: null, plain, tls };
}
