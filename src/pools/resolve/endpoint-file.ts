/**
 * Names that DNS has answered, to the dated endpoint file for `--pools`: a CSV of addresses and ports. An address is
 * `shared` if it also serves another pool's name, a web site or other name of the run, or belongs to a CDN: then it is
 * not proof of its pool.
 */
import { stringify } from 'csv-stringify/sync';
import { addTo } from '../../order.ts';
import { catalogueOf } from '../../statements/catalogue.ts';
import type { PoolEntry } from '../entry.ts';
import type { PoolSet } from '../pool-set.ts';
import type { Looked } from './lookup.ts';

/** Columns in their order; the reader (feeds/resolved.ts) knows the file by them. */
export const ENDPOINT_COLUMNS = [
  'address',
  'port',
  'transport',
  'pool',
  'name',
  'use',
  'reason',
  'ttl',
  'looked_up_at',
] as const;

type EndpointRow = Readonly<Record<(typeof ENDPOINT_COLUMNS)[number], string>>;

interface EndpointSources {
  readonly pools: PoolSet;
  /** Of names of miners, with their pools. */
  readonly looked: readonly { readonly found: Looked; readonly pool: PoolEntry }[];
  /** Of other names of the run, web sites among them. */
  readonly others: readonly Looked[];
  readonly isCdn: (ip: string) => boolean;
}

/** A row an address and port, in the order of addresses as text. */
export function endpointRows({ pools, looked, others, isCdn }: EndpointSources): EndpointRow[] {
  const poolsAt = new Map<string, Set<string>>();
  const elseAt = new Map<string, string>();
  for (const { found, pool } of looked) for (const { ip } of found.addresses) addTo(poolsAt, ip, pool.name);
  for (const { name, addresses } of others)
    for (const { ip } of addresses) if (!elseAt.has(ip)) elseAt.set(ip, name);
  const { doubt } = catalogueOf('en').pools;
  const reasonOf = (ip: string, name: string, pool: PoolEntry): string => {
    if (isCdn(ip)) return doubt.cdn;
    const named = [...(poolsAt.get(ip) ?? [])].find((each) => each !== pool.name);
    if (named !== undefined) return doubt.other(named);
    const other = elseAt.get(ip);
    if (other !== undefined) return doubt.other(other);
    const isSure = pool.sources.includes('user') || pools.byName(name)?.use === 'mining';
    return pool.dedicated && isSure ? '' : doubt.browsers;
  };
  const rows = new Map<string, EndpointRow>();
  for (const { found, pool } of looked) {
    const ports = portsOf(pools, found.name, pool);
    for (const { ip, ttl } of found.addresses) {
      const reason = reasonOf(ip, found.name, pool);
      for (const { port, transport } of ports) {
        const key = `${ip} ${port} ${transport} ${pool.name}`;
        if (rows.has(key)) continue;
        rows.set(key, {
          address: ip,
          port,
          transport,
          pool: pool.name,
          name: found.name,
          use: reason === '' ? 'dedicated' : 'shared',
          reason,
          ttl: String(ttl),
          looked_up_at: new Date(found.atMs).toISOString(),
        });
      }
    }
  }
  return [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

export function endpointFile(rows: readonly EndpointRow[]): string {
  return stringify([...rows], { header: true, columns: [...ENDPOINT_COLUMNS], escape_formulas: true });
}

/** The pool's ports that its name may have; one row without a port if none is known. */
function portsOf(
  pools: PoolSet,
  name: string,
  pool: PoolEntry,
): readonly { readonly port: string; readonly transport: string }[] {
  // Of a pool that no catalogue knows the operator's ports are all there is.
  if (pool.sources.includes('user'))
    return withDefault(
      pool.ports.flatMap(({ plain, tls }) => [
        ...plain.map((port) => ({ port: String(port), transport: 'tcp' })),
        ...tls.map((port) => ({ port: String(port), transport: 'tls' })),
      ]),
    );
  const coins = pools.byEndpoint(name, 0)?.coins ?? [];
  const uses = pool.ports.filter(
    (use) => use.coins.length === 0 || coins.length === 0 || use.coins.some((coin) => coins.includes(coin)),
  );
  const ports = [...new Set(uses.flatMap(({ plain, tls }) => [...plain, ...tls]))];
  const found = ports.flatMap((port) => {
    const match = pools.byEndpoint(name, port);
    if (match === null || match.port === 'unlisted') return [];
    const transports = match.port === 'either' ? ['tcp', 'tls'] : [match.port === 'tls' ? 'tls' : 'tcp'];
    return transports.map((transport) => ({ port: String(port), transport }));
  });
  return withDefault(found);
}

function withDefault<T>(found: readonly T[]): readonly (T | { port: string; transport: string })[] {
  return found.length === 0 ? [{ port: '', transport: '' }] : found;
}
