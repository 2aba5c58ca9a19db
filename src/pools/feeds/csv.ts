/**
 * A table with a header that has a `domain_pattern` column (also `host` or `domain`): pool, operator, ports,
 * tls_ports, coins and kind beside it, lists joined by ';'. RFC 4180. So are lists of indicators that name a malware beside
 * each (ThreatFox, Feodo Tracker): of those, what a miner talks to. Comments may stand in front of the header or of it.
 */

import { csvRows, linesOf } from '../../csv.ts';
import type { LineReason } from '../../statements/en/notes.ts';
import type { PoolKind } from '../entry.ts';
import { type Feed, type FeedItem, feedItem, splitPort } from './feed.ts';

const NAME_COLUMNS = [
  'domain_pattern',
  'host',
  'domain',
  'ioc_value',
  'ioc',
  'indicator',
  'dst_ip',
  'ip_address',
  'ip',
];
const PORT_COLUMNS = ['ports', 'dst_port', 'port'];
/** Columns that say whose an indicator is. */
const MALWARE_COLUMNS = [
  'malware_printable',
  'fk_malware',
  'malware',
  'malware_alias',
  'tags',
  'threat_type',
];
const IS_MINER = /miner|xmrig|monero|stratum|cryptojack|crypto.?mining|coinhive/i;
const KINDS: Readonly<Record<string, PoolKind | 'website'>> = {
  pool: 'pool',
  proxy: 'marketplace',
  marketplace: 'marketplace',
  website: 'website',
  'browser-miner': 'browser-miner',
  'malware-proxy': 'malware-proxy',
  donation: 'donation',
};

/** True if the first line is a header that this reader knows. */
export function isCsvFeed(text: string): boolean {
  return headerOf(text) !== null;
}

/** The header, where it ends, and its line; comments may stand before it and before its first name. */
function headerOf(
  text: string,
): { readonly columns: string[]; readonly end: number; readonly line: number } | null {
  let at = 0;
  for (let line = 1; at < text.length && line <= MOST_COMMENTS; line++) {
    const found = text.slice(at).search(/[\r\n]/);
    const end = found === -1 ? text.length : at + found;
    const header = text.slice(at, Math.min(end, at + 4000));
    const [first] = csvRows(header.replace(/^\uFEFF?[#\s]*/, ''), ',');
    const columns = (first?.fields ?? []).map((name) => name.trim().toLowerCase());
    const next = text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
    if (columns.length > 1 && columns.some((name) => NAME_COLUMNS.includes(name)))
      return { columns, end: next, line };
    if (!/^\uFEFF?\s*(#|$)/.test(header)) return null;
    at = next;
  }
  return null;
}

/** Lines of comment that a header may stand behind. */
const MOST_COMMENTS = 64;

export function readCsvFeed(text: string): Feed {
  const header = headerOf(text);
  const columns = header?.columns ?? [];
  const below = text.slice(header?.end ?? 0).replace(/\r\n?/g, '\n');
  const headLines = header?.line ?? 0;
  const namesMalware = MALWARE_COLUMNS.some((name) => columns.includes(name));
  const items: FeedItem[] = [];
  const unread: { line: number; text: string; reason: LineReason }[] = [];
  for (const { line: lineBelow, fields: row } of csvRows(below, ',')) {
    const cell = (name: string): string => row[columns.indexOf(name)]?.trim() ?? '';
    const line = lineBelow + headLines;
    const refuse = (reason: LineReason): void => {
      unread.push({ line, text: row.join(',').slice(0, 80), reason });
    };
    const given = NAME_COLUMNS.map(cell).find((value) => value !== '') ?? '';
    if (given === '') {
      if (row.length > 1) refuse('line-no-host');
      continue;
    }
    if (namesMalware && !MALWARE_COLUMNS.some((name) => IS_MINER.test(cell(name)))) {
      refuse('line-other-rule');
      continue;
    }
    const split = namesMalware ? splitPort(given) : { place: given, port: null };
    if (split === null || (namesMalware && (given.includes('//') || /hash/.test(cell('ioc_type'))))) {
      refuse('line-no-endpoint');
      continue;
    }
    const { place } = split;
    const shared = {
      pool: cell('pool') || null,
      kind: KINDS[cell('kind')] ?? (namesMalware ? 'malware-proxy' : null),
      coins: cell('coins')
        .split(';')
        .filter((coin) => coin !== '' && coin !== 'multi'),
    };
    const ports = [
      ...(split.port === null ? [] : [{ port: split.port, tls: false }]),
      ...PORT_COLUMNS.flatMap((name) => portsOf(cell(name))).map((port) => ({ port, tls: false })),
      ...portsOf(cell('tls_ports')).map((port) => ({ port, tls: true })),
    ];
    for (const word of [...wordsOf(cell('ports')), ...wordsOf(cell('tls_ports'))]) {
      if (!isPort(word)) unread.push({ line, text: word.slice(0, 80), reason: 'line-no-port' });
    }
    if (ports.length === 0) items.push(feedItem(line, place, shared));
    for (const port of ports) items.push(feedItem(line, place, { ...shared, ...port }));
  }
  return { format: 'csv', lines: headLines + linesOf(below), items, unread };
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
