/**
 * A table of endpoints with a header: a column of hosts or addresses, and beside it ports, pool, kind, coins, use, the time of
 * its look-up. So are what `pools resolve`, `pools import --out` and `pools export csv` write, the intelligence files of Zeek,
 * and lists of indicators that name a malware beside each (ThreatFox, Feodo Tracker): of those, what a miner talks to.
 * Cells are parted by comma, semicolon, tab or |, or by blanks. Comments may stand in front of the header or of it.
 */

import { csvRows, delimiterOf, linesOf } from '../../csv.ts';
import { POOL_KINDS, type PoolKind } from '../entry.ts';
import { ENDPOINT_USES, type EndpointUse, Feed, type FeedItem, portsOfCell, splitPort } from './feed.ts';

/** What columns are called, in lower case without blanks and signs; the best first. */
const COLUMNS = {
  place:
    'domainpattern host hostname fqdn domain poolhost iocvalue ioc indicator dstip destinationip ipaddress ipaddr ip ipv4 ipv6 address addr poolip serverip network prefix cidr subnet endpoint server',
  port: 'ports dstport destinationport port portnumber poolport serverport tcpport dport',
  tlsPort: 'tlsports tlsport sslport',
  transport: 'transport protocol proto tls',
  pool: 'pool poolname name label comment description desc',
  lookedUpName: 'name',
  kind: 'kind class metasource',
  coins: 'coins coin',
  use: 'use',
  at: 'lookedupat',
  source: 'source',
} as const;
type Meaning = keyof typeof COLUMNS;

/** Columns of numbers that are no ports. */
const OTHER_NUMBERS =
  /^(?:asn?|autonomous|ttl|count|hits?|score|confidence|weight|priority|id|ioc|rank|size|sum|total)/;
/** Columns that say whose an indicator is. */
const MALWARE_COLUMNS = 'malwareprintable fkmalware malware malwarealias tags threattype'.split(' ');
const IS_MINER = /miner|xmrig|monero|stratum|cryptojack|crypto.?mining|coinhive/i;
const KINDS: ReadonlyMap<string, PoolKind> = new Map([
  ...POOL_KINDS.flatMap((kind) => [[kind, kind] as const, [`minesweep-${kind}`, kind] as const]),
  ['proxy', 'marketplace'],
]);
const TWO_WORDS = /\b(ip|dst|destination|tls|ssl|pool|host|domain|server) (address|ip|ports?|name)\b/gi;
const TLS_SCHEME = /^(?:[a-z0-9]*\+(?:ssl|tls)|https|wss):/i;
/** Lines of comment that a header may stand behind. */
const MOST_COMMENTS = 64;

interface Header {
  readonly columns: readonly string[];
  readonly end: number;
  readonly line: number;
  /** Null: blanks, which are none of csvRows. */
  readonly delimiter: ReturnType<typeof delimiterOf> | null;
}

/** The header, where it ends, and its line; comments may stand before it and before its first name. */
function headerOf(text: string): Header | null {
  let at = 0;
  for (let line = 1; at < text.length && line <= MOST_COMMENTS; line++) {
    const found = text.slice(at).search(/[\r\n]/);
    const end = found === -1 ? text.length : at + found;
    const header = text.slice(at, Math.min(end, at + 4000)).replace(/^[#\s]*(?:fields\t)?/, '');
    const delimiter = /[,;\t|]/.test(header) ? delimiterOf(header) : null;
    const titles = delimiter === null ? header.replace(TWO_WORDS, '$1_$2') : header;
    // Between blanks an endpoint may stand beside the word 'host' as well.
    const isPlain = delimiter === null && /[.:]/.test(header);
    const columns = isPlain ? [] : cellsOf(titles, delimiter).map(plainName);
    const next = text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
    if (columns.length > 1 && columns.some((name) => COLUMNS.place.split(' ').includes(name)))
      return { columns, end: next, line, delimiter };
    if (!/^\s*(#|$)/.test(text.slice(at, end))) return null;
    at = next;
  }
  return null;
}

function plainName(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Between blanks, the last cell holds the rest of the line. */
function cellsOf(line: string, delimiter: Header['delimiter'], most = 64): readonly string[] {
  if (delimiter === null) {
    const words = line.trim().split(/\s+/);
    return words.length <= most ? words : [...words.slice(0, most - 1), words.slice(most - 1).join(' ')];
  }
  const [row] = csvRows(line, delimiter);
  return row?.fields ?? [];
}

/** The feed of a text whose first line is a header that this reader knows, else null. */
export function readTableFeed(text: string): Feed | null {
  const header = headerOf(text);
  if (header === null) return null;
  const { columns, delimiter } = header;
  const below = text.slice(header.end).replace(/\r\n?/g, '\n');
  const namesMalware = MALWARE_COLUMNS.some((name) => columns.includes(name));
  const isOurs = columns.includes('lookedupat');
  const feed = new Feed(isOurs ? 'resolved' : 'csv', header.line + linesOf(below));
  const table = new Table(columns, namesMalware, feed);
  for (const { line, fields } of csvRows(below, delimiter ?? '\t'))
    table.read(
      line + header.line,
      delimiter === null ? cellsOf(fields.join('\t'), null, columns.length) : fields,
    );
  return feed;
}

class Table {
  private readonly at = new Map<Meaning, number[]>();
  /** Columns whose meaning is not known: a number in them may be the port. */
  private readonly unknown: number[];

  constructor(
    columns: readonly string[],
    private readonly namesMalware: boolean,
    private readonly feed: Feed,
  ) {
    const known = new Set<number>();
    for (const [meaning, words] of Object.entries(COLUMNS) as [Meaning, string][]) {
      const found = words
        .split(' ')
        .flatMap((word) => (columns.includes(word) ? [columns.indexOf(word)] : []));
      this.at.set(meaning, found);
      for (const at of found) known.add(at);
    }
    this.malware = MALWARE_COLUMNS.flatMap((name) => (columns.includes(name) ? [columns.indexOf(name)] : []));
    this.types = columns.flatMap((name, at) => (/type$/.test(name) ? [at] : []));
    this.unknown = columns.flatMap((name, at) => (known.has(at) || OTHER_NUMBERS.test(name) ? [] : [at]));
  }

  private readonly malware: readonly number[];
  private readonly types: readonly number[];

  read(line: number, row: readonly string[]): void {
    // What a spreadsheet might take for a formula stands behind an apostrophe.
    const cellAt = (at: number): string => (row[at] ?? '').trim().replace(/^'(?=[=+\-@])/, '');
    const cells = (meaning: Meaning): string[] =>
      (this.at.get(meaning) ?? []).map(cellAt).filter((cell) => cell !== '');
    const places = [...new Set(cells('place'))];
    const isOfMiner = !this.namesMalware || this.malware.some((at) => IS_MINER.test(cellAt(at)));
    const refuse = (reason: Parameters<Feed['refuse']>[2], what = row.join(',')): void =>
      this.feed.refuse(line, what, reason);
    if (places.length === 0) {
      if (row.length > 1) refuse('line-no-host');
      return;
    }
    // A web address, or the digest of a file.
    const isNoEndpoint =
      this.namesMalware && (places[0].includes('//') || this.types.some((at) => /hash/.test(cellAt(at))));
    if (!isOfMiner || isNoEndpoint) {
      refuse(isOfMiner ? 'line-no-endpoint' : 'line-other-rule');
      return;
    }
    const [given = null] = cells('use');
    const use = ENDPOINT_USES.find((each) => each === given?.toLowerCase()) ?? null;
    if (given !== null && use === null) refuse('line-no-use', given);
    const [when = null] = cells('at');
    const atUs = when === null ? Number.NaN : Date.parse(when) * 1000;
    if (when !== null && Number.isNaN(atUs)) {
      refuse('line-no-time');
      return;
    }
    const ports = this.portsOf(cells, refuse);
    if (ports === null) return;
    const hasPort = ports.length > 0 || (this.at.get('port') ?? []).length > 0;
    const maybe = this.unknown.map(cellAt).find((cell) => /^\d{1,5}$/.test(cell));
    for (const place of places) {
      const split = splitPort(place.replace(/^[a-z0-9+]+:\/\/(?=[^/]+\/?$)/i, '').replace(/\/$/, ''));
      if (split === null) refuse('line-no-port', place);
      else if (split.port !== null && ports.some(({ port }) => port !== split.port))
        refuse('line-two-ports', place);
      else if (!hasPort && split.port === null && maybe !== undefined && !this.namesMalware)
        refuse('line-unclear-number', row.join(','));
      else {
        const said = this.saidOf(cells, split.place, use, atUs);
        const all = split.port !== null ? [{ port: split.port, tls: ports[0]?.tls ?? isTls(cells) }] : ports;
        const tls = TLS_SCHEME.test(place);
        for (const port of all.length === 0 ? [{ port: null, tls }] : all)
          this.feed.add(line, split.place, { ...said, ...port, tls: port.tls || tls });
      }
    }
  }

  /** Null if the row has none that can be read. */
  private portsOf(
    cells: (meaning: Meaning) => string[],
    refuse: (reason: 'line-no-port', what: string) => void,
  ): { readonly port: number | null; readonly tls: boolean }[] | null {
    const [plain = '', tls = ''] = [cells('port')[0], cells('tlsPort')[0]];
    const found: { readonly port: number | null; readonly tls: boolean }[] = [];
    let isWrong = false;
    for (const [cell, ofTls] of [
      [plain, isTls(cells)],
      [tls, true],
    ] as const) {
      if (cell === '') continue;
      const { ports, wrong } = portsOfCell(cell);
      for (const word of wrong) refuse('line-no-port', word);
      isWrong ||= wrong.length > 0;
      for (const port of ports) if (port !== null || tls === '') found.push({ port, tls: ofTls });
    }
    return isWrong && found.length === 0 ? null : found;
  }

  private saidOf(
    cells: (meaning: Meaning) => string[],
    place: string,
    use: EndpointUse | null,
    atUs: number,
  ): Partial<FeedItem> {
    const kind = cells('kind')[0] ?? '';
    const [pool = null] = cells('pool');
    const [source = null] = cells('source');
    const lookedUpName = (this.at.get('pool')?.length ?? 0) > 1 ? cells('lookedUpName')[0] : undefined;
    return {
      pool,
      kind: KINDS.get(kind) ?? (this.namesMalware ? 'malware-proxy' : null),
      use: kind === 'website' ? 'web' : use,
      coins: (cells('coins')[0] ?? '').split(/[;\s]+/).filter((coin) => coin !== '' && coin !== 'multi'),
      lookUp: Number.isNaN(atUs) ? null : { name: lookedUpName ?? place, atUs },
      source,
    };
  }
}

function isTls(cells: (meaning: Meaning) => string[]): boolean {
  return /^(?:tls|ssl|yes|true)$/i.test(cells('transport')[0] ?? '');
}
