/**
 * What a run knows about pools: the catalogue and the operator's files. For a name, the operator's
 * own line counts first; an address is known only if a file states it, because the catalogue holds none.
 */

import { addressText, parseWords, type Words } from '../address.ts';
import { holds, type Network } from '../networks.ts';
import type { LineReason } from '../statements/index.ts';
import { CATALOGUE } from './catalogue.ts';
import { type EndpointMatch, NameIndex, type NameMatch, portMatch, withPort } from './classify.ts';
import type { NameUse, PoolEntry } from './entry.ts';
import type { LookUp } from './feeds/feed.ts';
import { normaliseName } from './names.ts';

/** One place of an operator's file, after screening. */
export interface UserPlace {
  readonly pool: PoolEntry;
  /** Ports that the file gives for this very place; none means any. */
  readonly plain: readonly number[];
  readonly tls: readonly number[];
  readonly use: NameUse;
  /** How the address is known; null if the file does not say. */
  readonly lookUp: LookUp | null;
  /** The file and line, for people. */
  readonly rule: string;
}

export interface AddressMatch {
  readonly pool: PoolEntry;
  /** The port where the file gives it, null if the file lists the address with any port. */
  readonly port: number | null;
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

/** The operator's places by what they are. */
export interface UserPlaces {
  /** By exact normalised name. */
  readonly names: ReadonlyMap<string, UserPlace>;
  /** By suffix: any name below it, not itself. */
  readonly suffixes: ReadonlyMap<string, UserPlace>;
  /** By canonical text. */
  readonly addresses: ReadonlyMap<string, UserPlace>;
  readonly prefixes: readonly (UserPlace & { readonly network: Network })[];
}

/** An address, as a network of one, or all addresses of a network. */
export interface ListedPrefix {
  readonly network: Network;
  /** None means any. */
  readonly ports: readonly number[];
}

/** Pools move hosts rarely, but they do. */
export const LOOK_UP_MAX_AGE_US = 7 * 86_400e6;

const NO_PLACES: UserPlaces = { names: new Map(), suffixes: new Map(), addresses: new Map(), prefixes: [] };

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
    for (const [ip, { plain, tls }] of this.#places.addresses) {
      const words = parseWords(ip);
      if (words !== null) yield { network: { words, length: 128 }, ports: [...plain, ...tls] };
    }
    for (const { network, plain, tls } of this.#places.prefixes) yield { network, ports: [...plain, ...tls] };
  }

  /** Names of the operator's files; `below`: all names below it, not itself. */
  *listedNames(): Iterable<{ name: string; below: boolean; pool: PoolEntry; use: NameUse }> {
    for (const [name, { pool, use }] of this.#places.names) yield { name, below: false, pool, use };
    for (const [name, { pool, use }] of this.#places.suffixes) yield { name, below: true, pool, use };
  }

  /** The pool that a name belongs to and what the name is for; null if none claims it. */
  byName(text: string): NameMatch | null {
    const name = normaliseName(text);
    const place = name === null ? null : this.#placeOf(name);
    if (name === null || place === null) return this.#catalogue.classifyName(text);
    return { pool: place.pool, name, use: place.use, rule: place.rule };
  }

  /** The same with what the port adds. */
  byEndpoint(text: string, port: number): EndpointMatch | null {
    const name = normaliseName(text);
    const place = name === null ? null : this.#placeOf(name);
    if (name === null || place === null) return this.#catalogue.classifyEndpoint(text, port);
    const { pool, use, rule } = place;
    const known = this.#catalogue.classifyEndpoint(name, port);
    const own = portMatch([place], port);
    return withPort({ pool, name, use, rule }, port, own === 'unlisted' ? (known?.port ?? own) : own);
  }

  /** The operator's place that holds an address and allows the port; null if there is none. */
  byAddress(ip: string, port: number): AddressMatch | null {
    if (this.#places.addresses.size === 0 && this.#places.prefixes.length === 0) return null;
    const words = parseWords(ip);
    const place = words === null ? null : this.#holderOf(words, port);
    if (place === null) return null;
    const listed = place.plain.length + place.tls.length > 0;
    return { pool: place.pool, port: listed ? port : null, lookUp: place.lookUp, rule: place.rule };
  }

  #placeOf(name: string): UserPlace | null {
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
    const exact = this.#places.addresses.get(addressText(words));
    if (exact !== undefined && allowsPort(exact, port)) return exact;
    for (const place of this.#places.prefixes) {
      if (holds(place.network, words) && allowsPort(place, port)) return place;
    }
    return null;
  }
}

function allowsPort(place: UserPlace, port: number): boolean {
  return place.plain.length + place.tls.length === 0 || portMatch([place], port) !== 'unlisted';
}
