/**
 * Lists in JSON: Hive pool templates (objects with `coin` and `servers`, each with `urls` and `ssl_urls`) and MISP
 * warning lists (`{name, list: […]}`). Nesting is followed to a fixed depth; other members are ignored.
 */

import type { LineReason } from '../../statements/en/notes.ts';
import { type Feed, type FeedItem, feedItem, splitPort } from './feed.ts';

const MAX_DEPTH = 12;
const MAX_VALUES = 1_000_000;

interface Walk {
  readonly items: FeedItem[];
  readonly unread: { line: number; text: string; reason: LineReason }[];
  values: number;
  hive: boolean;
}

/** The feed of parsed JSON, or null if it is neither of the two. */
export function readJsonFeed(json: unknown): Feed | null {
  const walk: Walk = { items: [], unread: [], values: 0, hive: false };
  if (isObject(json) && Array.isArray(json.list)) {
    for (const value of json.list) addUrl(walk, value, textOf(json.name), [], false);
    return { format: 'misp', lines: walk.values, items: walk.items, unread: walk.unread };
  }
  visit(walk, json, null, null, 0);
  if (!walk.hive) return null;
  return { format: 'hive', lines: walk.values, items: walk.items, unread: walk.unread };
}

function visit(walk: Walk, value: unknown, pool: string | null, coin: string | null, depth: number): void {
  if (depth > MAX_DEPTH || walk.values > MAX_VALUES) return;
  if (Array.isArray(value)) {
    for (const element of value) visit(walk, element, pool, coin, depth + 1);
    return;
  }
  if (!isObject(value)) return;
  const ownPool = textOf(value.name) ?? textOf(value.pool) ?? pool;
  const ownCoin = textOf(value.coin) ?? coin;
  const coins = ownCoin === null ? [] : [ownCoin.toUpperCase()];
  for (const [key, member] of Object.entries(value)) {
    if (key === 'urls' || key === 'ssl_urls') {
      walk.hive = true;
      for (const url of Array.isArray(member) ? member : [member]) {
        addUrl(walk, url, ownPool, coins, key === 'ssl_urls');
      }
    } else visit(walk, member, ownPool, ownCoin, depth + 1);
  }
}

function addUrl(walk: Walk, value: unknown, pool: string | null, coins: string[], tls: boolean): void {
  walk.values++;
  if (walk.values > MAX_VALUES) return;
  const line = walk.values;
  const text = typeof value === 'string' ? value.trim() : '';
  const split = splitPort(
    text.replace(/^[a-z0-9+]+:\/\//i, '').replace(/\/.*$/, (rest) => prefixOnly(text, rest)),
  );
  if (text === '' || split === null) {
    walk.unread.push({ line, text: text.slice(0, 80), reason: 'line-no-endpoint' });
    return;
  }
  walk.items.push(feedItem(line, split.place, { port: split.port, tls, pool, coins }));
}

/** Keeps the '/24' of a prefix, drops the path of a URL. */
function prefixOnly(text: string, rest: string): string {
  return /^[0-9a-f.:]+\/\d{1,3}$/i.test(text) ? rest : '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= 100 ? value : null;
}
