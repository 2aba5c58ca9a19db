/**
 * What a list says, line by line, before anything is screened: the shape that all readers of `--pools` files make.
 */
import { parseWords } from '../../address.ts';
import type { LineReason } from '../../statements/index.ts';
import type { PoolKind } from '../entry.ts';

export type FeedFormat =
  | 'plain'
  | 'hosts'
  | 'maltrail'
  | 'csv'
  | 'hive'
  | 'misp'
  | 'suricata'
  | 'nfdump'
  | 'resolved';

/** When an endpoint was known to be so: an address that DNS gave for a name, an end that an audit saw. */
export interface LookUp {
  readonly name: string;
  /** us since 1970. */
  readonly atUs: number;
}

/**
 * What an endpoint serves. `dedicated`: miners only. `shared`: others than the pool's miners too, as a CDN, or nobody knows.
 * `web`: a web site or API.
 */
export const ENDPOINT_USES = ['dedicated', 'shared', 'web'] as const;
export type EndpointUse = (typeof ENDPOINT_USES)[number];

export interface FeedItem {
  /** 1-based line of a text, ordinal of the value in JSON. */
  readonly line: number;
  /** Host, '*.suffix', address or prefix, as written. */
  readonly place: string;
  /** Null if none is given. */
  readonly port: number | null;
  readonly tls: boolean;
  /** Pool that the list names, else null. */
  readonly pool: string | null;
  readonly kind: PoolKind | null;
  readonly coins: readonly string[];
  /** Null if the list does not say. */
  readonly use: EndpointUse | null;
  /** Null if the list does not say how it knows the endpoint. */
  readonly lookUp: LookUp | null;
  /** Where the list has it from, else null. */
  readonly source: string | null;
}

const NO_COINS: readonly string[] = [];
/** A line that says a place, and nothing else. */
export const NOTHING: Partial<FeedItem> = {};

export class Feed {
  /** Lines of a text, values of JSON, empty ones and comments included. */
  lines = 0;
  readonly items: FeedItem[] = [];
  /** Lines that say nothing readable, by reason. */
  readonly unread: { readonly line: number; readonly text: string; readonly reason: LineReason }[] = [];

  constructor(
    readonly format: FeedFormat,
    lines = 0,
  ) {
    this.lines = lines;
  }

  /** What is left out is not said. */
  add(line: number, place: string, said: Partial<FeedItem> = NOTHING, port = said.port ?? null): void {
    // Spreads would take five times the memory: lists have a million of them.
    const { tls = false, pool = null, kind = null, coins = NO_COINS } = said;
    const { use = null, lookUp = null, source = null } = said;
    this.items.push({ line, place, port, tls, pool, kind, coins, use, lookUp, source });
  }

  refuse(line: number, text: string, reason: LineReason): void {
    this.unread.push({ line, text: text.slice(0, 80), reason });
  }
}

/** A port from 1 to 65535; null if the text is none. */
export function portOf(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : null;
}

/** Words of a list for every port of an address. */
const ANY_PORT = new Set(['any', '*', '0', '']);

/** The ports that a cell of a list gives, parted by ';' or blanks; null for any. Words that are none are told. */
export function portsOfCell(text: string): { ports: (number | null)[]; wrong: string[] } {
  const words = text.trim().split(/[;\s]+/);
  const ports: (number | null)[] = [];
  const wrong: string[] = [];
  for (const word of words) {
    const port = portOf(word.replace(/\/(?:tcp|udp|tls)$/i, ''));
    if (port !== null) ports.push(port);
    else if (words.length === 1 && ANY_PORT.has(word.toLowerCase())) ports.push(null);
    else if (word !== '') wrong.push(word);
  }
  return { ports, wrong };
}

/** 'host:port', '[v6]:port', '1.2.3.0/24:443' or any of these without port; null if the port is none. */
export function splitPort(text: string): { place: string; port: number | null } | null {
  if (parseWords(text) !== null) return { place: text, port: null };
  const bracket = /^\[([^\]]*)\](?::(\d+))?$/.exec(text);
  if (bracket !== null) return withPort(bracket[1] ?? '', bracket[2]);
  // Some lists write 'host::port'; an IPv6 address has more colons than that.
  const colon = text.lastIndexOf(':');
  const head = colon > 0 && text[colon - 1] === ':' ? text.slice(0, colon - 1) : text.slice(0, colon);
  // '2000::/3' is a network.
  if (colon === -1 || head.includes(':') || text[colon + 1] === '/') return { place: text, port: null };
  return withPort(head, text.slice(colon + 1));
}

function withPort(place: string, port: string | undefined): { place: string; port: number | null } | null {
  if (port === undefined || port === '') return { place, port: null };
  const value = portOf(port);
  return value === null ? null : { place, port: value };
}
