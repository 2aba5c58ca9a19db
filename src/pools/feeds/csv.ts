/**
 * A table with a header that has a `domain_pattern` column (also `host` or `domain`): pool, operator, ports,
 * tls_ports, coins and kind beside it, lists joined by ';'. RFC 4180.
 */

import type { LineReason } from '../../statements/en/notes.ts';
import type { PoolKind } from '../entry.ts';
import { type Feed, type FeedItem, feedItem } from './feed.ts';

const NAME_COLUMNS = ['domain_pattern', 'host', 'domain'];
const KINDS: Readonly<Record<string, PoolKind | 'website'>> = {
  pool: 'pool',
  proxy: 'marketplace',
  marketplace: 'marketplace',
  website: 'website',
  'browser-miner': 'browser-miner',
  'malware-proxy': 'malware-proxy',
  donation: 'donation',
};

/** True where the first line is a header that this reader knows. */
export function isCsvFeed(text: string): boolean {
  const end = text.search(/[\r\n]/);
  const header = parseCsv(text.slice(0, Math.min(end === -1 ? text.length : end, 4000)))[0] ?? [];
  return header.length > 1 && header.some((name) => NAME_COLUMNS.includes(name.trim().toLowerCase()));
}

export function readCsvFeed(text: string): Feed {
  const [header = [], ...rows] = parseCsv(text);
  const columns = header.map((name) =>
    name
      .replace(/^\uFEFF/, '')
      .trim()
      .toLowerCase(),
  );
  const items: FeedItem[] = [];
  const unread: { line: number; text: string; reason: LineReason }[] = [];
  rows.forEach((row, at) => {
    const cell = (name: string): string => row[columns.indexOf(name)]?.trim() ?? '';
    const place = NAME_COLUMNS.map(cell).find((value) => value !== '') ?? '';
    if (place === '') {
      if (row.length > 1)
        unread.push({ line: at + 2, text: row.join(',').slice(0, 80), reason: 'line-no-host' });
      return;
    }
    const shared = {
      pool: cell('pool') || null,
      kind: KINDS[cell('kind')] ?? null,
      coins: cell('coins')
        .split(';')
        .filter((coin) => coin !== '' && coin !== 'multi'),
    };
    const ports = [
      ...portsOf(cell('ports')).map((port) => ({ port, tls: false })),
      ...portsOf(cell('tls_ports')).map((port) => ({ port, tls: true })),
    ];
    for (const word of [...wordsOf(cell('ports')), ...wordsOf(cell('tls_ports'))]) {
      if (!isPort(word)) unread.push({ line: at + 2, text: word.slice(0, 80), reason: 'line-no-port' });
    }
    if (ports.length === 0) items.push(feedItem(at + 2, place, shared));
    for (const port of ports) items.push(feedItem(at + 2, place, { ...shared, ...port }));
  });
  return { format: 'csv', lines: rows.length + 1, items, unread };
}

function portsOf(text: string): number[] {
  return wordsOf(text).filter(isPort).map(Number);
}

function wordsOf(text: string): string[] {
  return text.split(/[;\s]+/).filter((word) => word !== '');
}

function isPort(word: string): boolean {
  return /^\d{1,5}$/.test(word) && Number(word) >= 1 && Number(word) <= 65535;
}

/** Rows of RFC 4180 text; quotes may hold separators and line ends. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      const parts: string[] = [];
      for (;;) {
        const close = text.indexOf('"', at + 1);
        parts.push(text.slice(at + 1, close === -1 ? text.length : close));
        at = close === -1 ? text.length : close + 1;
        if (text[at] !== '"') break;
      }
      cell = parts.join('"');
    }
    let end = at;
    while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end++;
    row.push(cell + text.slice(at, end));
    if (text[end] === ',') {
      at = end + 1;
      if (at === text.length) row.push('');
      continue;
    }
    rows.push(row);
    row = [];
    at = text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
  }
  if (row.length > 0) rows.push(row);
  return rows;
}
