/**
 * Host name to pool: the longest catalogued suffix of the name, then the rules of its entry in the order exact
 * site, exact host, patterns by rank (exact, numbered, wild; at equal rank the site before the unsure before the
 * mining one), grammar. It costs one map look-up per label and one pass over the rules of one entry.
 */
import { algorithmOfCoin } from '../evidence/algorithm.ts';
import { addTo } from '../order.ts';
import type { NameUse, PoolEntry, PortUse } from './entry.ts';
import { algorithmOfWord, coinOfWord, isSiteName, readLabels, withoutDigits, wordsOf } from './grammar.ts';
import { normaliseName } from './names.ts';
import { compilePattern, type HostPattern, WILD } from './pattern.ts';

export interface NameMatch {
  readonly pool: PoolEntry;
  /** The name as it was matched: lower case, without the trailing dot. */
  readonly name: string;
  readonly use: NameUse;
  /** The rule that decided, in words of the catalogue. */
  readonly rule: string;
}

/** What the port of an endpoint is to its pool. */
type PortMatch = 'plain' | 'tls' | 'either' | 'unlisted';
type Ports = Pick<PortUse, 'plain' | 'tls'>;

export interface EndpointMatch extends NameMatch {
  readonly port: PortMatch;
  /** Tickers that name and port leave possible; empty if they tell nothing. */
  readonly coins: readonly string[];
  /** Algorithm that the name or the port tells by itself, else null (then ask by coin and time). */
  readonly algorithm: string | null;
}

interface Place {
  readonly entry: PoolEntry;
  /** Set for an exact name: the use of this very name. */
  readonly exact: NameUse | null;
}

interface Rule {
  readonly pattern: HostPattern;
  readonly use: NameUse;
}

const MOST_ENDPOINTS = 4096;

/** At equal rank, what is said of the site counts before what is said of miners. */
const USES: readonly NameUse[] = ['web', 'unsure', 'mining'];

export class NameIndex {
  readonly #domains = new Map<string, PoolEntry>();
  readonly #exact = new Map<string, Place>();
  readonly #entries: readonly PoolEntry[];
  /** Compiled when a name first asks for them. */
  readonly #rules = new Map<PoolEntry, readonly Rule[]>();
  #byPort: ReadonlyMap<number, ReadonlySet<string>> | null = null;
  /** Endpoints that were asked for: thousands of pool connections are with a few. */
  readonly #endpoints = new Map<string, EndpointMatch | null>();

  /** Entries given first win if two claim the same name. */
  constructor(entries: Iterable<PoolEntry>) {
    this.#entries = [...entries];
    for (const entry of this.#entries) this.#add(entry);
  }

  #add(entry: PoolEntry): void {
    for (const site of entry.sites) addOnce(this.#exact, site, { entry, exact: 'web' });
    for (const host of entry.hosts) addOnce(this.#exact, host, { entry, exact: useOfHost(host) });
    for (const domain of entry.domains) addOnce(this.#domains, domain, entry);
  }

  #rulesOf(entry: PoolEntry): readonly Rule[] {
    let rules = this.#rules.get(entry);
    if (rules === undefined) {
      rules = USES.flatMap((use) => entry[use].map((text) => ({ pattern: compilePattern(text), use }))).sort(
        (a, b) => b.pattern.rank - a.pattern.rank,
      );
      this.#rules.set(entry, rules);
    }
    return rules;
  }

  /** Coins that some catalogued pool serves at this port alone; empty if none says so. A hint, never proof. */
  coinsAtPort(port: number): readonly string[] {
    this.#byPort ??= portsOf(this.#entries);
    return [...(this.#byPort.get(port) ?? [])];
  }

  /** Every name and domain that a rule hangs on: what is neither one of them nor below one belongs to no pool. */
  *domains(): Iterable<string> {
    yield* this.#domains.keys();
    yield* this.#exact.keys();
  }

  /** The pool that a host name belongs to and what the name is for; null if no pool claims it. */
  classifyName(text: string): NameMatch | null {
    const name = normaliseName(text);
    if (name === null) return null;
    const place = this.#exact.get(name);
    if (place?.exact) return { pool: place.entry, name, use: place.exact, rule: name };
    for (let at = 0; at !== -1; at = nextLabel(name, at)) {
      const domain = name.slice(at);
      const entry = this.#domains.get(domain);
      if (entry !== undefined) return this.#below(entry, name, domain);
    }
    return null;
  }

  #below(pool: PoolEntry, name: string, domain: string): NameMatch {
    const above = name === domain ? '' : name.slice(0, -domain.length - 1);
    const labels = above === '' ? [] : above.split('.');
    for (const rule of this.#rulesOf(pool)) {
      if (!rule.pattern.below.test(above)) continue;
      // A wild card does not mean 'www' or 'api'.
      if (rule.pattern.rank === WILD && isSiteName(labels)) break;
      const { text } = rule.pattern;
      return { pool, name, use: rule.use, rule: text === '@' ? domain : `${text}.${domain}` };
    }
    if (pool.rest !== 'grammar') {
      // Plain site names stay sites at pools; the pages of a browser miner are its business.
      const use = pool.kind !== 'browser-miner' && isSiteName(labels) ? 'web' : pool.rest;
      return { pool, name, use, rule: `any name of ${domain}` };
    }
    return { pool, name, use: readLabels(labels), rule: `${domain}, by its labels` };
  }

  /** The same for an endpoint, with what its port adds; null if no pool claims the name. */
  classifyEndpoint(text: string | null, port: number): EndpointMatch | null {
    if (text === null) return null;
    const key = `${port} ${text}`;
    const known = this.#endpoints.get(key);
    if (known !== undefined) return known;
    const match = this.classifyName(text);
    const found = match && withPort(match, port, portMatch(match.pool.ports, port));
    if (this.#endpoints.size < MOST_ENDPOINTS) this.#endpoints.set(key, found);
    return found;
  }
}

/** What the name and the port of an endpoint tell of its pool. */
export function withPort(match: NameMatch, port: number, portIs: PortMatch): EndpointMatch {
  const { pool, name } = match;
  const [coins, algorithm] = [coinsFor(pool, name, port), algorithmFor(pool, name, port)];
  return { ...match, port: portIs, coins, algorithm };
}

function addOnce<V>(map: Map<string, V>, key: string, value: V): void {
  if (!map.has(key)) map.set(key, value);
}

function nextLabel(name: string, at: number): number {
  const dot = name.indexOf('.', at);
  return dot === -1 ? -1 : dot + 1;
}

/** An exact host: its own words may say that it mines, else nobody knows. */
function useOfHost(host: string): NameUse {
  const labels = host.split('.').slice(0, -2);
  return labels.length > 0 && readLabels(labels) === 'mining' ? 'mining' : 'unsure';
}

export function portMatch(uses: readonly Ports[], port: number): PortMatch {
  const plain = uses.some((use) => use.plain.includes(port));
  const tls = uses.some((use) => use.tls.includes(port));
  if (plain && tls) return 'either';
  return plain ? 'plain' : tls ? 'tls' : 'unlisted';
}

function portsOf(entries: Iterable<PoolEntry>): Map<number, Set<string>> {
  const coinsAt = new Map<number, Set<string>>();
  for (const entry of entries) {
    for (const use of entry.ports) {
      const coins = use.coins.length > 0 ? use.coins : entry.coins;
      for (const port of [...use.plain, ...use.tls]) for (const coin of coins) addTo(coinsAt, port, coin);
    }
  }
  return coinsAt;
}

function usesOf(pool: PoolEntry, port: number): readonly PortUse[] {
  return pool.ports.filter((use) => portMatch([use], port) !== 'unlisted');
}

/** Words of a name below the pool's domain; all of them if the pool has none that fits. */
function wordsOfName(pool: PoolEntry, name: string): string[] {
  const domain = pool.domains.find((suffix) => name === suffix || name.endsWith(`.${suffix}`));
  const rest = domain === undefined ? name : name.slice(0, Math.max(0, name.length - domain.length - 1));
  return rest === '' ? [] : wordsOf(rest.split('.'));
}

/**
 * Coins that an endpoint serves as far as the catalogue tells: a coin's word in the host name, else the only group
 * of coins at the port, else the pool's only coins. Empty if it serves many.
 */
export function coinsFor(pool: PoolEntry, name: string, port: number): readonly string[] {
  for (const word of wordsOfName(pool, name)) {
    const coin = coinOfWord(word) ?? coinOfWord(withoutDigits(word));
    if (coin !== null) return [coin];
  }
  const uses = usesOf(pool, port);
  const only = uses.length === 1 ? uses[0] : undefined;
  if (only !== undefined && only.coins.length > 0) return only.coins;
  return pool.coins;
}

/** Algorithm that a name ('kawpow.auto.nicehash.com') or a port of the pool tells by itself, else null. */
function algorithmFor(pool: PoolEntry, name: string, port: number): string | null {
  for (const word of wordsOfName(pool, name)) {
    const algorithm = algorithmOfWord(word);
    if (algorithm !== null) return algorithm;
  }
  const uses = usesOf(pool, port);
  return uses.length === 1 ? (uses[0]?.algorithm ?? null) : null;
}

/** The one algorithm that all coins of an endpoint had at a time (us since 1970), else null. */
export function algorithmOfEndpoint(match: EndpointMatch, timeUs: number): string | null {
  if (match.algorithm !== null) return match.algorithm;
  const algorithms = new Set(match.coins.map((coin) => algorithmOfCoin(coin, timeUs)));
  const [only = null] = algorithms;
  return algorithms.size === 1 ? only : null;
}
