/**
 * From the names and the address of an endpoint to the pool behind it. The strongest name wins: what the connection
 * itself said (TLS server name, HTTP host, the host a miner names), then what DNS answered for the address, then
 * what the operator listed by address.
 */

import { addressWords } from '../address.ts';
import { algorithmOfCoin, isMemberOf, usualCoin } from '../evidence/algorithm.ts';
import type { NameUse, PoolKind } from '../pools/entry.ts';
import type { LookUp } from '../pools/feeds/feed.ts';
import { PoolSet } from '../pools/pool-set.ts';

export interface PoolMatch {
  /** Name of the pool; null if no name or address is known to belong to one. */
  readonly pool: string | null;
  readonly operator: string | null;
  readonly kind: PoolKind | null;
  /** Host names of the endpoint, pool names or not. */
  readonly names: readonly string[];
  /** The name that decided; null if none did. */
  readonly name: string | null;
  /** What the deciding name is for; null without a match. */
  readonly use: NameUse | null;
  /** True if the name that decided serves miners only. */
  readonly dedicated: boolean;
  /** The port is one that the pool is known to use. */
  readonly portListed: boolean;
  readonly coins: readonly string[];
  readonly algorithm: string | null;
  /** True if the pool pays in other coins than those that are mined there. */
  readonly paysInOther: boolean;
  /** The catalogue's rule, or the operator's line, that decided. */
  readonly rule: string;
  /** 'name' or 'address'; null without a match. */
  readonly by: 'name' | 'address' | null;
  /** If DNS gave the address for a name: the name, when, and whether that is not proof of the pool. Absent otherwise. */
  readonly lookUp?: LookUp & { readonly isShared: boolean; readonly isFar: boolean };
}

/** What to call the pool of a session: its name, else a host name, else its address. */
export function poolLabel(
  match: PoolMatch,
  endpoint: { readonly ip: string; readonly name?: string },
): string {
  return match.pool ?? endpoint.name ?? endpoint.ip;
}

let catalogue: PoolSet | null = null;

/** What the catalogue takes a name for; null if it is no pool's. */
export function useOfName(name: string): NameUse | null {
  catalogue ??= new PoolSet();
  return catalogue.byName(name)?.use ?? null;
}

/** Looks up the first name that a pool claims, then the address. What a client or a miner names may itself be an address. */
export function matchPool(
  pools: PoolSet,
  named: Iterable<string>,
  ip: string,
  port: number,
  timeUs: number,
): PoolMatch {
  const names = [...named].filter((name) => addressWords(name.replace(/^\[|\]$/g, '')) === null);
  for (const name of names) {
    const found = pools.byEndpoint(name, port);
    if (found === null) continue;
    return {
      pool: found.pool.name,
      operator: found.pool.operator,
      kind: found.pool.kind,
      names,
      name: found.name,
      use: found.use,
      dedicated: found.pool.dedicated,
      portListed: found.port !== 'unlisted',
      coins: found.coins,
      algorithm: found.algorithm ?? algorithmOfOnly(found.coins, timeUs),
      paysInOther: found.pool.paysInOther,
      rule: found.rule,
      by: 'name',
    };
  }
  const listed = pools.byAddress(ip, port);
  if (listed !== null) {
    const { lookUp, isShared } = listed;
    const isFar = lookUp !== null && Math.abs(timeUs - lookUp.atUs) > pools.lookUpMaxAgeUs;
    const isProof = !isShared && !isFar;
    return {
      pool: listed.pool.name,
      operator: listed.pool.operator,
      kind: listed.pool.kind,
      names,
      name: null,
      use: isProof ? 'mining' : 'unsure',
      // An address outlives its pool; with the port it is the operator's word for one endpoint.
      dedicated: listed.port !== null && isProof,
      portListed: listed.port !== null,
      coins: listed.pool.coins,
      algorithm: algorithmOfOnly(listed.pool.coins, timeUs),
      paysInOther: listed.pool.paysInOther,
      rule: listed.rule,
      by: 'address',
      ...(lookUp === null ? {} : { lookUp: { ...lookUp, isShared, isFar } }),
    };
  }
  return { ...NO_MATCH, names };
}

/**
 * The coin of an endpoint that no name tells, from its port and the algorithm mined there: the only coin that some
 * pool serves at that port and that had this algorithm at that time; of a family, if it is the one mostly mined. Null if there is none, or several.
 */
export function coinByPort(pools: PoolSet, port: number, algorithm: string, timeUs: number): string | null {
  const usual = usualCoin(algorithm);
  const coins = pools.coinsAtPort(port).filter((coin) => {
    const own = algorithmOfCoin(coin, timeUs);
    return own === algorithm || (usual !== null && own !== null && isMemberOf(algorithm, own));
  });
  return coins.length === 1 && (usual === null || coins[0] === usual) ? coins[0] : null;
}

function algorithmOfOnly(coins: readonly string[], timeUs: number): string | null {
  return coins.length === 1 ? algorithmOfCoin(coins[0], timeUs) : null;
}

const NO_MATCH: PoolMatch = {
  pool: null,
  operator: null,
  kind: null,
  paysInOther: false,
  names: [],
  name: null,
  use: null,
  dedicated: false,
  portListed: false,
  coins: [],
  algorithm: null,
  rule: '',
  by: null,
};
