/** The contact of a client that looked up the name of a pool, in a capture or a log. */
import type { Contact } from '../endpoints/contact.ts';
import { matchPool } from '../endpoints/pool-match.ts';
import { noTraffic } from '../endpoints/traffic.ts';
import type { Place } from '../place.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import type { Statement } from '../statements/index.ts';
import { NOTHING_SAID } from './relation-contact.ts';

export function lookUpContact(
  pools: PoolSet,
  name: string,
  client: string,
  place: Place,
  reason: Statement,
): Contact {
  return {
    ...NOTHING_SAID,
    kind: 'dns-lookup',
    client: { ip: client, port: 0 },
    server: null,
    match: matchPool(pools, [name], '', 0, place.timeUs),
    place,
    verdict: 'listed',
    reason,
    startUs: place.timeUs,
    endUs: place.timeUs,
    traffic: noTraffic(),
  };
}
