/**
 * What a list says, line by line, before anything is screened: the shape that all readers of `--pools` files make.
 */
import { isIP } from 'node:net';
import type { LineReason } from '../../statements/index.ts';
import type { PoolKind } from '../entry.ts';

export type FeedFormat = 'plain' | 'hosts' | 'maltrail' | 'csv' | 'hive' | 'misp' | 'suricata' | 'resolved';

/** Of an address that DNS gave for a name. */
export interface LookUp {
  readonly name: string;
  /** us since 1970. */
  readonly atUs: number;
  /** It serves others than the pool's miners too, or belongs to a CDN. */
  readonly isShared: boolean;
}

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
  /** 'website' if the list says that the host is one. */
  readonly kind: PoolKind | 'website' | null;
  readonly coins: readonly string[];
  /** Null if the list does not say how it knows the address. */
  readonly lookUp: LookUp | null;
}

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
  add(line: number, place: string, said: Partial<FeedItem> = {}): void {
    const bare = { port: null, tls: false, pool: null, kind: null, coins: [], lookUp: null };
    this.items.push({ line, place, ...bare, ...said });
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

/** 'host:port', '[v6]:port', '1.2.3.0/24:443' or any of these without port; null if the port is none. */
export function splitPort(text: string): { place: string; port: number | null } | null {
  if (isIP(text) !== 0) return { place: text, port: null };
  const bracket = /^\[([^\]]*)\](?::(\d+))?$/.exec(text);
  if (bracket !== null) return withPort(bracket[1] ?? '', bracket[2]);
  // Some lists write 'host::port'; an IPv6 address has more colons than that.
  const colon = text.lastIndexOf(':');
  const head = colon > 0 && text[colon - 1] === ':' ? text.slice(0, colon - 1) : text.slice(0, colon);
  if (colon === -1 || head.includes(':')) return { place: text, port: null };
  return withPort(head, text.slice(colon + 1));
}

function withPort(place: string, port: string | undefined): { place: string; port: number | null } | null {
  if (port === undefined || port === '') return { place, port: null };
  const value = portOf(port);
  return value === null ? null : { place, port: value };
}
