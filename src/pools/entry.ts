/** The words of a pool of the catalogue (catalogue.ts), and pools that are not of it. */
import type { PoolEntry } from './catalogue.ts';

export type { PoolEntry } from './catalogue.ts';

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
