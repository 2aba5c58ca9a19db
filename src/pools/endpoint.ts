/**
 * An endpoint of a pool, with each part that a list may state: what --pools reads, `pools export` and `pools import --out`
 * write. One type at every border, so that no part is lost on the way.
 */
import { networkText } from '../networks.ts';
import { compareText } from '../order.ts';
import type { NameUse, PoolKind } from './entry.ts';
import type { EndpointUse, LookUp } from './feeds/feed.ts';
import type { UserPlace, UserPlaces } from './places.ts';

export interface Endpoint {
  /** Host, '*.suffix', address or network, in canonical text. */
  readonly place: string;
  readonly is: 'name' | 'address' | 'network';
  /** Null: every port. */
  readonly port: number | null;
  readonly tls: boolean;
  readonly use: EndpointUse;
  readonly pool: string;
  readonly kind: PoolKind;
  readonly coins: readonly string[];
  /** When it was known to be so, and by which name; null if no list says. */
  readonly lookUp: LookUp | null;
  /** Where it is from. */
  readonly source: string;
}

const USES: Readonly<Record<NameUse, EndpointUse>> = { mining: 'dedicated', unsure: 'shared', web: 'web' };

/** By place, then by port, every port first. */
export function endpointsOf({ names, suffixes, addresses, networks }: UserPlaces): Endpoint[] {
  const found: Endpoint[] = [];
  const add = (place: string, is: Endpoint['is'], places: readonly UserPlace[]): void => {
    for (const { pool, port, tls, use, isShared, lookUp, source } of places) {
      const { name, kind, coins } = pool;
      const ofAddress = isShared ? 'shared' : 'dedicated';
      found.push({
        place,
        is,
        port,
        tls,
        use: is === 'name' ? USES[use] : ofAddress,
        pool: name,
        kind,
        coins,
        lookUp,
        source,
      });
    }
  };
  for (const [name, places] of names) add(name, 'name', places);
  for (const [name, places] of suffixes) add(`*.${name}`, 'name', places);
  for (const [ip, places] of addresses) add(ip, 'address', places);
  for (const { network, places } of networks) add(networkText(network), 'network', places);
  return found.sort(
    (a, b) =>
      compareText(a.place, b.place) ||
      (a.port ?? 0) - (b.port ?? 0) ||
      Number(a.tls) - Number(b.tls) ||
      compareText(a.pool, b.pool),
  );
}
