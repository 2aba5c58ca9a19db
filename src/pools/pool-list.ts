/** Places of pools as a table that `--pools` reads again (feeds/csv.ts): one row a host, address, network or suffix. */
import { stringify } from 'csv-stringify/sync';
import { networkText } from '../networks.ts';
import { compareText } from '../order.ts';
import type { UserPlace, UserPlaces } from './pool-set.ts';

export function poolListCsv({ names, suffixes, addresses, prefixes }: UserPlaces): string {
  const rows = [
    ...[...names].map(([name, place]) => rowOf(name, place)),
    ...[...suffixes].map(([name, place]) => rowOf(`*.${name}`, place)),
    ...[...addresses].map(([ip, place]) => rowOf(ip, place)),
    ...prefixes.map((place) => rowOf(networkText(place.network), place)),
  ];
  rows.sort((a, b) => compareText(a.domain_pattern, b.domain_pattern));
  return stringify(rows, {
    header: true,
    columns: ['domain_pattern', 'pool', 'kind', 'coins', 'ports', 'tls_ports'],
  });
}

function rowOf(host: string, { pool, plain, tls, use }: UserPlace) {
  return {
    domain_pattern: host,
    pool: pool.name,
    kind: use === 'web' ? 'website' : pool.kind,
    coins: pool.coins.join(';'),
    ports: plain.join(';'),
    tls_ports: tls.join(';'),
  };
}
