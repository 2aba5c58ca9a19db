/**
 * Lists in JSON: datasets of Suricata 8, Hive pool templates (objects with `coin` and `servers`, each with `urls` and `ssl_urls`) and MISP
 * warning lists (`{name, list: […]}`). Nesting is followed to a fixed depth; other members are ignored.
 */
import { isObject } from '../../json.ts';
import { problemIn } from '../../schema/check.ts';
import { field, list, type Of, oneOf, optional, record, text } from '../../schema/field.ts';
import { POOL_KINDS } from '../entry.ts';
import { Feed, splitPort } from './feed.ts';

const MAX_DEPTH = 12;
const MAX_VALUES = 1_000_000;

/** The feed of parsed JSON, or null if it is none of these. */
export function readJsonFeed(json: unknown): Feed | null {
  if (isObject(json) && Array.isArray(json.list)) {
    const misp = new Feed('misp');
    for (const value of json.list) addUrl(misp, value, textOf(json.name), [], false);
    return misp;
  }
  const hive = new Feed('hive');
  return namesIn(json) ?? (visit(hive, json, null, null, 0) ? hive : null);
}

/** Names with their class, as `pools export suricata-json` writes them. */
const NAMES = list(
  record({
    name: field(text, 'Host.'),
    class: field(oneOf(POOL_KINDS), 'What serves there.'),
    pool: optional(text, 'Its name.'),
    coins: optional(list(text), 'What is mined there.'),
  }),
);

function namesIn(json: unknown): Feed | null {
  if (!Array.isArray(json) || json.length === 0 || problemIn(json, NAMES) !== null) return null;
  const feed = new Feed('suricata');
  for (const { name, class: kind, pool = null, coins = [] } of json as Of<typeof NAMES>)
    feed.add(++feed.lines, name, { kind, pool, coins });
  return feed;
}

/** True if there are servers in the value. */
function visit(feed: Feed, value: unknown, pool: string | null, coin: string | null, depth: number): boolean {
  if (depth > MAX_DEPTH || feed.lines > MAX_VALUES) return false;
  if (Array.isArray(value))
    return value.filter((element) => visit(feed, element, pool, coin, depth + 1)).length > 0;
  if (!isObject(value)) return false;
  const ownPool = textOf(value.name) ?? textOf(value.pool) ?? pool;
  const ownCoin = textOf(value.coin) ?? coin;
  const coins = ownCoin === null ? [] : [ownCoin.toUpperCase()];
  let hasServers = false;
  for (const [key, member] of Object.entries(value)) {
    if (key === 'urls' || key === 'ssl_urls') {
      hasServers = true;
      for (const url of Array.isArray(member) ? member : [member])
        addUrl(feed, url, ownPool, coins, key === 'ssl_urls');
    } else if (visit(feed, member, ownPool, ownCoin, depth + 1)) hasServers = true;
  }
  return hasServers;
}

function addUrl(feed: Feed, value: unknown, pool: string | null, coins: string[], tls: boolean): void {
  feed.lines++;
  if (feed.lines > MAX_VALUES) return;
  const url = typeof value === 'string' ? value.trim() : '';
  const split = splitPort(
    url.replace(/^[a-z0-9+]+:\/\//i, '').replace(/\/.*$/, (rest) => prefixOnly(url, rest)),
  );
  if (url === '' || split === null) feed.refuse(feed.lines, url, 'line-no-endpoint');
  else feed.add(feed.lines, split.place, { port: split.port, tls, pool, coins });
}

/** Keeps the '/24' of a prefix, drops the path of a URL. */
function prefixOnly(text: string, rest: string): string {
  return /^[0-9a-f.:]+\/\d{1,3}$/i.test(text) ? rest : '';
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= 100 ? value : null;
}
