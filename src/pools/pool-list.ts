/** Endpoints as a table that `--pools` reads again (feeds/table.ts): a row an endpoint and port, with every part of it. */
import { stringify } from 'csv-stringify/sync';
import type { Endpoint } from './endpoint.ts';

/** `place`: what the column of hosts and addresses is called. */
export function endpointTable(endpoints: readonly Endpoint[], place: 'domain_pattern' | 'ip'): string {
  return stringify(
    endpoints.map((each) => [
      each.place,
      each.port ?? 'any',
      each.pool,
      each.tls ? 'tls' : 'tcp',
      each.kind,
      each.coins.join(';'),
      each.use,
      each.lookUp?.name ?? '',
      each.lookUp === null ? '' : new Date(each.lookUp.atUs / 1000).toISOString(),
      each.source,
    ]),
    {
      header: true,
      columns: [place, 'port', 'pool', 'transport', 'kind', 'coins', 'use', 'name', 'looked_up_at', 'source'],
      escape_formulas: true,
    },
  );
}
