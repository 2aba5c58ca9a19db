/**
 * One pool of the catalogue: its host names, which of them serve miners and which are the web site, what its ports
 * mean, since when it is gone. Facts about names, never about addresses: pools rent addresses, and an address without
 * its name is not evidence.
 */

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

export interface PoolEntry {
  readonly name: string;
  /** The company behind it, if it has another name. */
  readonly operator: string | null;
  readonly kind: PoolKind;
  /** Domains that the rules below are relative to; what lies above them is somebody else's. */
  readonly domains: readonly string[];
  /** Full names, exactly these, that may serve miners: on somebody else's domain, or a domain's own name. */
  readonly hosts: readonly string[];
  /** Full names, exactly these, that are web sites. */
  readonly sites: readonly string[];
  /**
   * True if a name that serves miners serves nothing else. False: the same name answers browsers as well, or
   * sits at a shared front, so that TLS to port 443 of it proves nothing.
   */
  readonly dedicated: boolean;
  /** Host patterns (see pattern.ts) below the domains that serve miners. */
  readonly mining: readonly string[];
  readonly web: readonly string[];
  readonly unsure: readonly string[];
  /** Use of names that no pattern matches; `grammar`: read the labels (see grammar.ts). */
  readonly rest: NameUse | 'grammar';
  readonly ports: readonly PortUse[];
  /** True if miners are paid in a coin of their choice, whatever they mine: their accounts do not name the work. */
  readonly paysInOther: boolean;
  /** Coins if the pool serves only these; empty if it serves many or they are not known. */
  readonly coins: readonly string[];
  /** Day, month or year since which it no longer serves miners; null if none is known. */
  readonly gone: string | null;
  /** What it is called now. */
  readonly renamed: string | null;
  readonly aliases: readonly string[];
  /** Newest month in which a public list named it; null if no list is the source. */
  readonly listed: string | null;
  /** Where the facts come from (see sources.ts). */
  readonly sources: readonly string[];
}

/** An entry as written down: what is left out has the usual value. */
type PoolDefinition = Pick<PoolEntry, 'name' | 'domains' | 'sources'> & Partial<PoolEntry>;

/** Fills in the usual values: a dedicated pool, alive, its names read by grammar. */
export function definePool(definition: PoolDefinition): PoolEntry {
  return {
    operator: null,
    kind: 'pool',
    hosts: [],
    sites: [],
    dedicated: true,
    mining: [],
    web: [],
    unsure: [],
    rest: 'grammar',
    ports: [],
    coins: [],
    paysInOther: definition.kind === 'marketplace',
    gone: null,
    renamed: null,
    aliases: [],
    listed: null,
    ...definition,
  };
}

/** Ports that serve one or more coins ('XMR', 'LTC DOGE', '' for all). */
export function coinPorts(coins: string, plain: readonly number[], tls: readonly number[] = []): PortUse {
  return { coins: coins === '' ? [] : coins.split(' '), algorithm: null, plain, tls };
}
