/** Places of pools as a table that `--pools` reads again (feeds/csv.ts): one row a host, address, network or suffix. */
import { stringify } from 'csv-stringify/sync';
import { type Address, addressOfKey } from './address.ts';
import type { UserPlace, UserPlaces } from './pool-set.ts';

export function poolListCsv({ names, suffixes, addresses, prefixes }: UserPlaces): string {
  const rows = [
    ...[...names].map(([name, place]) => rowOf(name, place)),
    ...[...suffixes].map(([name, place]) => rowOf(`*.${name}`, place)),
    ...[...addresses].map(([key, place]) => rowOf(textOf(addressOfKey(key)), place)),
    ...prefixes.map((place) => rowOf(`${textOf(place.prefix)}/${place.prefix.length}`, place)),
  ];
  rows.sort((a, b) =>
    a.domain_pattern < b.domain_pattern ? -1 : a.domain_pattern > b.domain_pattern ? 1 : 0,
  );
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

/** IPv6 in full: the reader takes any form. */
function textOf({ bits, value }: Address): string {
  const size = bits === 32 ? 8n : 16n;
  const parts = Array.from(
    { length: bits === 32 ? 4 : 8 },
    (_, i, count = bits === 32 ? 4 : 8) => (value >> (size * BigInt(count - 1 - i))) & ((1n << size) - 1n),
  );
  return bits === 32 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':');
}
