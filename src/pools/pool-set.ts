/**
 * What a run knows about pools: the catalogue and the operator's files. For a name, the operator's
 * own line counts first; an address is known only if a file states it, because the catalogue holds none.
 */

import { addressText, parseWords, type Words } from '../address.ts';
import { holds, type Network } from '../networks.ts';
import type { LineReason } from '../statements/index.ts';
import { CATALOGUE } from './catalogue.ts';
import { type EndpointMatch, NameIndex, type NameMatch, portMatch, withPort } from './classify.ts';
import { type Endpoint, endpointsOf } from './endpoint.ts';
import type { NameUse, PoolEntry } from './entry.ts';
import type { LookUp } from './feeds/feed.ts';
import { normaliseName } from './names.ts';
import type { UserPlace, UserPlaces } from './places.ts';

export interface AddressMatch {
  readonly pool: PoolEntry;
  /** The port where the file gives it, null if the file lists the address with any port. */
  readonly port: number | null;
  readonly isShared: boolean;
  readonly lookUp: LookUp | null;
  readonly rule: string;
}

/** What came out of one file. */
export interface ImportReport {
  readonly path: string;
  /** Feed format that was found in the content. */
  readonly format: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly sha256: string;
  readonly linesRead: number;
  /** Places (hosts, addresses, prefixes; each port of one counts) that were taken. */
  readonly kept: number;
  readonly refused: readonly RefusedLines[];
  /** When its oldest address was looked up, us since 1970; null if it does not say. */
  readonly lookedUpUs: number | null;
}

/** Lines that were not taken, for one reason. */
export interface RefusedLines {
  readonly reason: LineReason;
  readonly count: number;
  readonly firstLine: number;
  readonly example: string;
}

/** An address, as a network of one, or all addresses of a network. */
export interface ListedPrefix {
  readonly network: Network;
  /** None means any. */
  readonly ports: readonly number[];
}

/** Pools move hosts rarely, but they do. */
export const LOOK_UP_MAX_AGE_US = 7 * 86_400e6;

const NO_PLACES: UserPlaces = { names: new Map(), suffixes: new Map(), addresses: new Map(), networks: [] };

export class PoolSet {
  readonly #catalogue: NameIndex;
  readonly #places: UserPlaces;

  constructor(
    entries: Iterable<PoolEntry> = CATALOGUE,
    places: UserPlaces = NO_PLACES,
    readonly imports: readonly ImportReport[] = [],
    /** Traffic further than this from the look-up of an address is not proof of its pool. */
    readonly lookUpMaxAgeUs = LOOK_UP_MAX_AGE_US,
  ) {
    this.#catalogue = new NameIndex(entries);
    this.#places = places;
  }

  /** Coins that some catalogued pool serves at this port. A hint, never proof. */
  coinsAtPort(port: number): readonly string[] {
    return this.#catalogue.coinsAtPort(port);
  }

  /** Every name and domain that is known: what is neither one of them nor below one belongs to no pool. */
  *domains(): Iterable<string> {
    yield* this.#catalogue.domains();
    yield* this.#places.names.keys();
    yield* this.#places.suffixes.keys();
  }

  /** Every address and prefix that `byAddress` may know. */
  *listedPrefixes(): Iterable<ListedPrefix> {
    for (const [ip, places] of this.#places.addresses) {
      const words = parseWords(ip);
      if (words !== null) yield { network: { words, length: 128 }, ports: portsOf(places) };
    }
    for (const { network, places } of this.#places.networks) yield { network, ports: portsOf(places) };
  }

  /** Names of the operator's files, once each; `below`: all names below it, not itself. */
  *listedNames(): Iterable<{ name: string; below: boolean; pool: PoolEntry; use: NameUse }> {
    for (const below of [false, true])
      for (const [name, [{ pool, use }]] of below ? this.#places.suffixes : this.#places.names)
        yield { name, below, pool, use };
  }

  /** Every endpoint of the operator's files. */
  endpoints(): Endpoint[] {
    return endpointsOf(this.#places);
  }

  /** The pool that a name belongs to and what the name is for; null if none claims it. */
  byName(text: string): NameMatch | null {
    const name = normaliseName(text);
    const places = name === null ? null : this.#placesOf(name);
    if (name === null || places === null) return this.#catalogue.classifyName(text);
    const { pool, use, rule } = placeFor(places, 0) ?? places[0];
    return { pool, name, use, rule };
  }

  /** The same with what the port adds. */
  byEndpoint(text: string, port: number): EndpointMatch | null {
    const name = normaliseName(text);
    const places = name === null ? null : this.#placesOf(name);
    if (name === null || places === null) return this.#catalogue.classifyEndpoint(text, port);
    const { pool, use, rule } = placeFor(places, port) ?? places[0];
    const known = this.#catalogue.classifyEndpoint(name, port);
    const ports = places.flatMap((each) => (each.port === null ? [] : [{ ...each, port: each.port }]));
    const own = portMatch(
      ports.map((each) => (each.tls ? { plain: [], tls: [each.port] } : { plain: [each.port], tls: [] })),
      port,
    );
    return withPort({ pool, name, use, rule }, port, own === 'unlisted' ? (known?.port ?? own) : own);
  }

  /** The operator's place that holds an address and allows the port; null if there is none. */
  byAddress(ip: string, port: number): AddressMatch | null {
    if (this.#places.addresses.size === 0 && this.#places.networks.length === 0) return null;
    const words = parseWords(ip);
    const place = words === null ? null : this.#holderOf(words, port);
    if (place === null) return null;
    const { pool, isShared, lookUp, rule } = place;
    return { pool, port: place.port, isShared, lookUp, rule };
  }

  #placesOf(name: string): readonly UserPlace[] | null {
    const exact = this.#places.names.get(name);
    if (exact !== undefined) return exact;
    if (this.#places.suffixes.size === 0) return null;
    for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
      const place = this.#places.suffixes.get(name.slice(dot + 1));
      if (place !== undefined) return place;
    }
    return null;
  }

  #holderOf(words: Words, port: number): UserPlace | null {
    const exact = placeFor(this.#places.addresses.get(addressText(words)) ?? [], port);
    if (exact !== null) return exact;
    for (const { network, places } of this.#places.networks) {
      const place = holds(network, words) ? placeFor(places, port) : null;
      if (place !== null) return place;
    }
    return null;
  }
}

/** The endpoint of a place that means the port: one that names it before one of every port; of these a shared one first. */
function placeFor(places: readonly UserPlace[], port: number): UserPlace | null {
  const named = places.filter((place) => place.port === port);
  const meant = named.length > 0 ? named : places.filter((place) => place.port === null);
  return meant.find(({ isShared }) => isShared) ?? meant[0] ?? null;
}

/** None if one of them means every port. */
function portsOf(places: readonly UserPlace[]): number[] {
  const ports = places.flatMap(({ port }) => (port === null ? [] : [port]));
  return ports.length < places.length ? [] : [...new Set(ports)];
}
