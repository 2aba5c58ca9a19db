/**
 * `--pools FILE…` to a PoolSet: read from disk (never from the network), the format found in the content, every
 * line kept or refused with its reason. An endpoint with a port in a plain list is accepted as it is,
 * documentation and private addresses included. Entries of a feed are screened.
 */

import { createHash } from 'node:crypto';
import path from 'node:path';
import { fail } from '../errors.ts';
import { readNamedList, textOf } from '../given-file.ts';
import { isV4Network, type Network, networkParser, networkText, specialSpace } from '../networks.ts';
import { groupBy, totalOf, under } from '../order.ts';
import { type TellSlow, toldIfSlow } from '../slow-list.ts';
import type { LineReason } from '../statements/index.ts';
import { type Statement, statement } from '../statements/index.ts';
import { CATALOGUE } from './catalogue.ts';
import { NameIndex } from './classify.ts';
import { coinPorts, definePool, type NameUse, type PoolEntry, type PortUse } from './entry.ts';
import type { Feed, FeedItem } from './feeds/feed.ts';
import { readFeed } from './feeds/index.ts';
import { typedName } from './names.ts';
import type { UserPlace, UserPlaces } from './places.ts';
import { type ImportReport, LOOK_UP_MAX_AGE_US, PoolSet } from './pool-set.ts';
import { isNodePort, refuseName } from './screen.ts';

/** Largest file that is read, in bytes. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Widest networks that can mean a pool, in bits of 128: an IPv4 /8, an IPv6 /19. */
const SHORTEST = { v4: 96 + 8, v6: 19 } as const;
/** Prefixes are looked through one by one for each endpoint; more than this is not a list of pools. */
const MAX_PREFIXES = 10_000;
/** Fewer endpoints of one place are compared one by one. */
const FEW = 8;

let shipped: NameIndex | null = null;

/** The catalogue alone, made when a file is first screened. */
function shippedIndex(): NameIndex {
  shipped ??= new NameIndex(CATALOGUE);
  return shipped;
}

/** The catalogue and the operator's files; throws FILE_UNREADABLE or FILE_INVALID for a file it cannot use. */
export async function loadPools(
  files: readonly string[],
  lookUpMaxAgeUs = LOOK_UP_MAX_AGE_US,
  tell?: TellSlow,
): Promise<PoolSet> {
  if (files.length === 0) return new PoolSet();
  const { places, reports } = await importPlaces(files, tell);
  return new PoolSet(CATALOGUE, places, reports, lookUpMaxAgeUs);
}

/** What the operator's files hold, and what was refused of them; throws as `loadPools` does. */
export async function importPlaces(
  files: readonly string[],
  tell?: TellSlow,
): Promise<{ readonly places: UserPlaces; readonly reports: readonly ImportReport[] }> {
  const places = new PlaceCollector(await networkParser());
  const reports: ImportReport[] = [];
  for (const file of files) reports.push(await importFile(file, places, tell));
  return { places: places.finish(), reports };
}

async function importFile(file: string, places: PlaceCollector, tell?: TellSlow): Promise<ImportReport> {
  const bytes = await readNamedList(
    file,
    'the pool list',
    'Name a file of endpoints, one a line, such as 192.0.2.10:3333.',
  );
  if (bytes.length > MAX_FILE_BYTES) {
    fail('FILE_INVALID', 'the pool list is larger than 64 MiB', { where: file, hint: 'Split it.' });
  }
  const feed = readFeed(textOf(bytes, file), path.basename(file));
  if (feed === null) {
    fail('FILE_INVALID', 'the file is no pool list', {
      where: file,
      hint: "Give a plain list (a line: 'pool.example.org:3333', or '192.0.2.1,3333,Name'), a hosts file, a table whose header names a column address or host and a column port, or JSON from Hive or MISP.",
    });
  }
  const unread = feed.unread.length;
  for (const item of toldIfSlow(feed.items, file, tell)) {
    const reason = places.add(item, feed, `${path.basename(file)}:${item.line}`);
    if (reason !== null) feed.refuse(item.line, item.place, reason);
  }
  const refused = groupBy(feed.unread, ({ reason }) => reason);
  return {
    path: file,
    format: feed.format,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    linesRead: feed.lines,
    kept: feed.items.length - (feed.unread.length - unread),
    refused: [...refused].map(([reason, [first, ...more]]) => ({
      reason,
      count: 1 + more.length,
      firstLine: first.line,
      example: first.text,
    })),
    lookedUpUs: feed.items.reduce<number | null>(
      (oldest, { lookUp }) => (lookUp === null ? oldest : Math.min(oldest ?? lookUp.atUs, lookUp.atUs)),
      null,
    ),
  };
}

/** Lists of rules are about many things: rules about others than mining are passed over without a word. */
const ABOUT_OTHER_THINGS = 'line-other-rule';

/** The note on what was ignored of a pool list; null if nothing was. */
export function refusalNote({ path: where, kept, refused }: ImportReport): Statement | null {
  const file = path.basename(where);
  const lost = refused.filter(({ reason }) => kept === 0 || reason !== ABOUT_OTHER_THINGS);
  const [first] = [...lost].sort((a, b) => a.firstLine - b.firstLine);
  if (first === undefined) {
    return kept === 0 ? statement('pool-list-empty', { file, line: null, reason: null }) : null;
  }
  const { firstLine: line } = first;
  const reason = statement(first.reason);
  if (kept === 0) return statement('pool-list-empty', { file, line, reason });
  const count = totalOf(lost, (row) => row.count);
  return statement('pool-list-ignored', { file, count, line, reason });
}

/** Warns of addresses that were looked up too long ago; null if they were not, or the file does not say when. */
export function oldLookUps({ path: where, lookedUpUs }: ImportReport, maxAgeUs: number): Statement | null {
  const ageUs = lookedUpUs === null ? 0 : Date.now() * 1000 - lookedUpUs;
  if (lookedUpUs === null || ageUs <= maxAgeUs) return null;
  return statement('old-look-ups', {
    file: path.basename(where),
    day: new Date(lookedUpUs / 1000).toISOString().slice(0, 10),
    days: Math.floor(ageUs / 86_400e6),
    most: Math.round(maxAgeUs / 86_400e6),
  });
}

/** What endpoints of one place differ in. */
function endpointKey({ port, tls, pool }: UserPlace): string {
  return `${port} ${tls} ${pool.kind} ${pool.name}`;
}

/** Gathers the endpoints of all files by their places. */
class PlaceCollector {
  readonly names = new Map<string, UserPlace[]>();
  readonly suffixes = new Map<string, UserPlace[]>();
  readonly addresses = new Map<string, UserPlace[]>();
  readonly networks = new Map<string, { readonly network: Network; readonly places: UserPlace[] }>();
  readonly #parse: (text: string) => Network | null;
  /** Index of each endpoint of a place that has many. */
  readonly #known = new Map<readonly UserPlace[], Map<string, number>>();
  readonly #ports = new Map<string, PortUse[]>();

  constructor(parse: (text: string) => Network | null) {
    this.#parse = parse;
  }

  /** Null if the item was taken, else why not. */
  add(item: FeedItem, feed: Feed, rule: string): LineReason | null {
    const network = this.#parse(item.place);
    const isTable = feed.format === 'csv' && network !== null && item.kind !== 'malware-proxy';
    const explicit = (['plain', 'nfdump', 'resolved'].includes(feed.format) || isTable) && item.port !== null;
    if (network === null) return this.#addName(item, feed, explicit, rule);
    const isOne = network.length === 128;
    if (network.length < SHORTEST[isV4Network(network) ? 'v4' : 'v6']) return 'line-wide-prefix';
    if (isOne && !explicit && item.port !== null && isNodePort(item.port)) return 'line-node-port';
    if (!explicit && specialSpace(network.words) !== null) return 'line-reserved-address';
    const name = isOne ? item.lookUp?.name : undefined;
    const known = name === undefined ? undefined : shippedIndex().classifyName(name)?.pool;
    const place = this.#placeOf(item, item.place, 'mining', rule, known);
    const text = networkText(network);
    if (isOne) this.#put(this.addresses, text, place);
    else {
      const held = this.networks.get(text) ?? { network, places: [] };
      if (held.places.length === 0 && this.networks.size >= MAX_PREFIXES) return 'line-too-many-prefixes';
      this.networks.set(text, held);
      this.#merge(held.places, place);
    }
    return null;
  }

  #put(map: Map<string, UserPlace[]>, key: string, place: UserPlace): void {
    const held = map.get(key);
    // An empty list that grows takes room for 17 places.
    if (held === undefined) map.set(key, [place]);
    else this.#merge(held, place);
  }

  /** The same port of the same pool again is one endpoint: shared if either says so, with the newer look-up. */
  #merge(places: UserPlace[], place: UserPlace): void {
    const at = this.#indexOf(places, place);
    if (at === -1) {
      places.push(place);
      return;
    }
    const held = places[at];
    const isNewer = (place.lookUp?.atUs ?? 0) > (held.lookUp?.atUs ?? 0);
    places[at] = {
      ...held,
      isShared: held.isShared || place.isShared,
      lookUp: held.lookUp === null || place.lookUp === null ? null : isNewer ? place.lookUp : held.lookUp,
      use: held.use === 'unsure' ? place.use : held.use,
      pool: mergedPool(held.pool, place.pool),
    };
  }

  #indexOf(places: readonly UserPlace[], place: UserPlace): number {
    const key = endpointKey(place);
    if (places.length < FEW) return places.findIndex((each) => endpointKey(each) === key);
    const known = under(this.#known, places, () => new Map<string, number>());
    for (let at = known.size; at < places.length; at++) known.set(endpointKey(places[at]), at);
    return known.get(key) ?? -1;
  }

  /** Endpoints of one place and pool know the ports of each other. */
  finish(): UserPlaces {
    const networks = [...this.networks.values()];
    const all = [...this.names.values(), ...this.suffixes.values(), ...this.addresses.values()];
    for (const places of [...all, ...networks.map((each) => each.places)]) {
      if (places.length < 2) continue;
      // An endpoint with every port may be anything else as well: what is known of a port says nothing of it.
      const groups = groupBy(places, ({ port, pool }) => `${port === null} ${pool.kind} ${pool.name}`);
      const merged = new Map(
        [...groups].map(([key, [first, ...more]]) => [
          key,
          more.reduce((pool, each) => mergedPool(pool, each.pool), first.pool),
        ]),
      );
      for (const [at, place] of places.entries()) {
        const pool = merged.get(`${place.port === null} ${place.pool.kind} ${place.pool.name}`);
        if (pool !== undefined) places[at] = { ...place, pool };
      }
    }
    return { names: this.names, suffixes: this.suffixes, addresses: this.addresses, networks };
  }

  #addName(item: FeedItem, feed: Feed, explicit: boolean, rule: string): LineReason | null {
    const below = item.place.startsWith('*.');
    const name = typedName(below ? item.place.slice(2) : item.place);
    if (name === null) return 'line-no-host-name';
    const known = shippedIndex().classifyName(name);
    const screened = explicit ? null : refuseName(name, known !== null);
    if (screened !== null) return screened;
    if (!explicit && !below && item.use !== 'web' && known?.use === 'web') {
      return 'line-pool-website';
    }
    // If the catalogue knows that browsers visit a name as well, a port in a feed does not change that.
    const doubtful =
      item.use === null
        ? !explicit && (known?.use === 'unsure' || (item.port === null && feed.format !== 'plain'))
        : item.use === 'shared';
    const use = item.use === 'web' ? 'web' : doubtful ? 'unsure' : 'mining';
    this.#put(below ? this.suffixes : this.names, name, this.#placeOf(item, name, use, rule, known?.pool));
    return null;
  }

  /** Ports and coins, as most endpoints of a list have the same: one object for all. */
  #portsOf({ port, tls, coins }: FeedItem): PortUse[] {
    const own = port === null ? [] : [port];
    return under(this.#ports, `${port} ${tls} ${coins.join(' ')}`, () => [
      coinPorts(coins.join(' '), tls ? [] : own, tls ? own : []),
    ]);
  }

  #placeOf(item: FeedItem, name: string, use: NameUse, rule: string, known?: PoolEntry): UserPlace {
    const kind = item.kind ?? 'pool';
    const pool =
      known ??
      definePool({
        name: item.pool ?? name,
        kind,
        domains: [],
        coins: item.coins,
        // A bare host or address may be anything else as well; a known pool keeps what is known of it.
        dedicated: use === 'mining' && item.port !== null,
        ports: this.#portsOf(item),
        sources: USER,
      });
    const said = item.source === null ? rule : `${rule} (${item.source})`;
    const { port, lookUp } = item;
    return {
      pool,
      port,
      tls: item.tls,
      use,
      isShared: item.use === 'shared',
      lookUp,
      source: item.source ?? rule,
      rule: said,
    };
  }
}

const USER = ['user'];

function mergedPool(held: PoolEntry, added: PoolEntry): PoolEntry {
  if (held === added || !held.sources.includes('user')) return held;
  return {
    ...held,
    coins: [...new Set([...held.coins, ...added.coins])],
    ports: [...held.ports, ...added.ports],
    dedicated: held.dedicated || added.dedicated,
  };
}
