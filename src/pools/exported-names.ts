/**
 * The names of mining hosts, for other tools. A name counts if the catalogue says that it serves miners; all names of
 * web miners and of malware's proxies count. Names that a pool's web site may have as well are left out, and counted.
 */
import { compareText } from '../order.ts';
import { CATALOGUE, CATALOGUE_DATE, CATALOGUE_VALID_DAYS } from './catalogue.ts';
import { coinsFor } from './classify.ts';
import type { PoolEntry, PoolKind } from './entry.ts';
import type { PoolSet } from './pool-set.ts';
import { spellNames } from './resolve/spell.ts';

export interface ExportedName {
  readonly name: string;
  /** True if all names below it are meant as well. */
  readonly whole: boolean;
  /** True if names below it are web sites. */
  readonly aboveSites: boolean;
  readonly kind: PoolKind;
  readonly pool: string;
  /** None: many, or not known. */
  readonly coins: readonly string[];
  /** Day from which on the fact should be looked up again; null if the operator's file is its source. */
  readonly until: string | null;
}

export interface ExportedNames {
  /** By class, then by name. */
  readonly names: readonly ExportedName[];
  /** Names that a web site may have too. */
  readonly doubtful: number;
  /** Domains of the operator's files that are left out, as whole domains were not asked for. */
  readonly domainsLeft: number;
}

export const CATALOGUE_UNTIL = new Date(Date.parse(CATALOGUE_DATE) + CATALOGUE_VALID_DAYS * 86_400_000)
  .toISOString()
  .slice(0, 10);

/** Of these, pages and scripts are part of the mining. */
const NOTHING_ELSE: ReadonlySet<PoolKind> = new Set(['browser-miner', 'malware-proxy']);

/** `domains`: whole domains, web sites included; `kinds`: only these, none for all. */
export function exportedNames(pools: PoolSet, domains: boolean, kinds: readonly PoolKind[]): ExportedNames {
  const found = new Map<string, ExportedName>();
  let doubtful = 0;
  const isWanted = ({ kind }: PoolEntry): boolean => kinds.length === 0 || kinds.includes(kind);
  const add = (name: string, pool: PoolEntry, whole: boolean, until: string | null): void => {
    if (!isWanted(pool) || isBelow(found, name)) return;
    const { kind } = pool;
    const aboveSites = pool.domains.includes(name) && !NOTHING_ELSE.has(kind);
    found.set(name, {
      name,
      whole,
      aboveSites,
      kind,
      pool: pool.name,
      coins: coinsFor(pool, name, 0),
      until,
    });
  };
  const listed = [...pools.listedNames()];
  const alive = CATALOGUE.filter(({ gone }) => gone === null);
  if (domains) {
    for (const { name, below, pool } of listed) if (below) add(name, pool, true, null);
    for (const pool of alive.filter(servesMiners))
      for (const domain of pool.domains) add(domain, pool, true, CATALOGUE_UNTIL);
  }
  let domainsLeft = 0;
  for (const { name, below, pool, use } of listed) {
    if (below) domainsLeft += Number(!domains && isWanted(pool));
    else if (use !== 'web') add(name, pool, false, null);
  }
  const written = alive.flatMap((pool) =>
    [...pool.hosts, ...(NOTHING_ELSE.has(pool.kind) ? pool.domains : [])].map((name) => ({ name, pool })),
  );
  const names = new Map(
    [...spellNames(pools, alive).names, ...written].map((each) => [each.name, each.pool]),
  );
  for (const [name, pool] of names) {
    const match = pools.byName(name);
    if (match === null || match.use === 'web' || match.pool.name !== pool.name) continue;
    if (match.use === 'mining' || isOfMinersOnly(name, pool)) add(name, pool, false, CATALOGUE_UNTIL);
    else if (isWanted(pool) && !isBelow(found, name)) doubtful++;
  }
  const sorted = [...found.values()].sort(
    (a, b) => compareText(a.kind, b.kind) || compareText(a.name, b.name),
  );
  return { names: sorted, doubtful, domainsLeft };
}

/** A host that somebody wrote down as one of miners and that is not the pool's own name, or `www`, where its web site is. */
function isOfMinersOnly(name: string, { kind, hosts, domains }: PoolEntry): boolean {
  if (NOTHING_ELSE.has(kind)) return true;
  return hosts.includes(name) && !domains.includes(name) && /^(?!www\.)[^.]+\.[^.]+\./.test(name);
}

function servesMiners({ kind, rest, mining }: PoolEntry): boolean {
  return NOTHING_ELSE.has(kind) || rest !== 'web' || mining.length > 0;
}

function isBelow(found: ReadonlyMap<string, ExportedName>, name: string): boolean {
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1))
    if (found.get(name.slice(dot + 1))?.whole === true) return true;
  return found.has(name);
}
