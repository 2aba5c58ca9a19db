/**
 * Lists of one endpoint a line: plain (host, host:port, address, prefix), hosts files (`0.0.0.0 name`), Maltrail
 * trails, uBlock names (`||name^`) and Suricata datasets of strings, plain or base64. Adblock filters with paths
 * and web addresses of files are left out: they name pages, not pools.
 */

import { isIP } from 'node:net';
import { csvRows } from '../../csv.ts';
import type { LineReason } from '../../statements/index.ts';
import { POOL_KINDS } from '../entry.ts';
import { PORTS_LEFT_OUT } from '../marks.ts';
import { Feed, type FeedFormat, type FeedItem, NOTHING, portOf, portsOfCell, splitPort } from './feed.ts';
import { isRules, readRules } from './rules.ts';

const SINKHOLES = new Set(['0.0.0.0', '127.0.0.1', '::', '::1']);
const POOL_SCHEME = /^(?:stratum\d?|ethproxy|zcash|eth|http|https|ws|wss)(?:\+(?:tcp|ssl|tls))?:\/\//i;
const WEB_SCHEME = /^(?:http|ws)s?:/i;
const TLS_SCHEME = /^(?:[a-z0-9]*\+(?:ssl|tls)|https|wss):/i;

export function readTextFeed(text: string, name: string): Feed {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines[lines.length - 1] === '') lines.pop();
  if (isRules(lines)) return readRules(lines);
  if (isBase64Dataset(lines)) return readLines('suricata', lines, decodeDatasetLine);
  if (FILTER.test(text)) return readFilter(lines);
  return readLines(formatOf(text, lines), lines, (line) => line, datasetPort(name));
}

/** A filter of nfdump, as `pools export nfdump` writes it: a line with addresses and networks, and the port that all of them have. */
const FILTER = /^proto tcp and \($/m;

function readFilter(lines: readonly string[]): Feed {
  const feed = new Feed('nfdump', lines.length);
  for (const [at, line] of lines.entries()) {
    if (/^\s*(#|$|\)|proto tcp and \($)/.test(line)) continue;
    const places =
      line.match(/(?<=[\s[])[0-9a-f.:]+(?:\/\d+)?(?=[\s\])])/gi)?.filter((word) => /[.:]/.test(word)) ?? [];
    const port = /\bport (\d+)\)/.exec(line)?.[1];
    if (places.length === 0 || /\bnot\b|\bport [^\d]/.test(line))
      feed.refuse(at + 1, line, 'line-no-endpoint');
    else
      for (const place of places) feed.add(at + 1, place, { port: port === undefined ? null : Number(port) });
  }
  return feed;
}

/** The port of all addresses of a dataset: `minesweep-pools-3333.lst`. */
function datasetPort(name: string): number | null {
  return portOf(/\bminesweep-pools-(\d{1,5})\.lst$/.exec(name)?.[1] ?? '');
}

function formatOf(text: string, lines: readonly string[]): FeedFormat {
  const head = text.slice(0, 4000);
  if (/maltrail/i.test(head) || /^# (Reference|Aliases):/m.test(head)) return 'maltrail';
  const meant = lines.filter((line) => !/^\s*(#|$)/.test(line)).slice(0, 50);
  const sinks = meant.filter(
    (line) => SINKHOLES.has(line.trim().split(/\s+/)[0] ?? '') && /\s\S/.test(line.trim()),
  );
  return sinks.length > 0 && sinks.length * 2 >= meant.length ? 'hosts' : 'plain';
}

/** A dataset of Suricata's string type: base64 a line, reputation after a comma. No name has a dot then. */
function isBase64Dataset(lines: readonly string[]): boolean {
  const meant = lines.filter((line) => line.trim() !== '' && !line.startsWith('#')).slice(0, 50);
  return meant.length > 0 && meant.every((line) => decodeDatasetLine(line).includes('.'));
}

function decodeDatasetLine(line: string): string {
  const [coded = ''] = line.trim().split(',');
  if (coded.length < 4 || !/^[A-Za-z0-9+/]+={0,2}$/.test(coded)) return '';
  const text = Buffer.from(coded, 'base64').toString('latin1');
  return /^[\x21-\x7e]+$/.test(text) ? text : '';
}

function readLines(
  format: FeedFormat,
  lines: readonly string[],
  decode: (line: string) => string,
  setPort: number | null = null,
): Feed {
  let portOfSet = setPort;
  const feed = new Feed(format, lines.length);
  const isWithoutPorts = lines.slice(0, MOST_HEAD).some((line) => line.includes(PORTS_LEFT_OUT));
  lines.forEach((raw, at) => {
    const [, text = '', comment = ''] = /^(.*?)(?:(?:^|\s)#(.*))?$/s.exec(decode(raw)) ?? [];
    const line = /^\s*[!;]/.test(text) ? '' : text.trim();
    if (/^#.*\.lst$/.test(raw.trim())) portOfSet = datasetPort(raw.trim());
    if (line === '') return;
    const words = wordsOf(line);
    const [first = '', ...rest] = words;
    const refuse = (reason: LineReason, what = line): void => feed.refuse(at + 1, what, reason);
    if (SINKHOLES.has(first) && rest.length > 0) {
      for (const word of rest) readPlace(feed, at + 1, word, [null], toldOf(comment), refuse);
      return;
    }
    if (isWithoutPorts && isIP(first.split('/')[0]) !== 0) {
      refuse('line-port-left-out');
      return;
    }
    const zone = /^(\S+)\s+(?:IN\s+)?CNAME\s+\.(?:\s*;(.*))?$/i.exec(line);
    const named =
      zone?.[1] ??
      OF_RESOLVER.exec(line)
        ?.slice(1)
        .find((each) => each !== undefined) ??
      first;
    if (format !== 'plain' || zone !== null || named !== first) {
      readPlace(feed, at + 1, named, [null], toldOf(zone?.[2] ?? comment), refuse);
      return;
    }
    const beside = rest.filter((word) => !TRANSPORTS.test(word));
    const isTls = rest.some((word) => /^(?:tls|ssl)$/i.test(word));
    const { ports, wrong } =
      /^(?:[\d*]|any$)/i.test(beside[0] ?? '') && isIP(beside[0] ?? '') === 0
        ? portsOfCell(beside.shift() ?? '')
        : { ports: [portOfSet], wrong: [] };
    // A number that does not stand behind the address may be its port as well.
    if (beside.some((word) => /^\d{1,5}$/.test(word))) refuse('line-unclear-number');
    else if (beside.some((word) => isIP(word) !== 0 || /^\S+\.\S+:\d+$/.test(word)))
      refuse('line-two-endpoints');
    else if (wrong.length > 0) refuse('line-no-port', wrong[0]);
    else {
      // What follows is the name that the operator gives it.
      const pool = beside.length === 0 ? null : beside.join(' ').slice(0, 80);
      const isBare = rest.length === 0 && comment === '';
      const said = isBare ? NOTHING : { pool, tls: isTls, ...toldOf(comment) };
      readPlace(feed, at + 1, first, ports, said, refuse);
    }
  });
  return feed;
}

/** Lines of a head of ours. */
const MOST_HEAD = 10;
const TRANSPORTS = /^(?:tcp|udp|tls|ssl)$/i;
/** Settings of dnsmasq, as `pools export dnsmasq` writes them. */
const OF_RESOLVER = /^(?:address|server|local)=\/([^/]+)\/|^host-record=([^,]+)/;

/** The words of a line: cells between commas, semicolons, tabs or |, which may stand in quotes; else what blanks part. */
function wordsOf(line: string): string[] {
  const delimiter = /[,;\t|]/.exec(line)?.[0];
  if (delimiter === undefined || line.startsWith('||')) return line.split(/\s+/);
  const [row] = csvRows(line, delimiter === ',' || delimiter === ';' || delimiter === '|' ? delimiter : '\t');
  const cells = (row?.fields ?? []).map((cell) => cell.trim()).filter((cell) => cell !== '');
  // '45.77.10.5 3333, Lab': blanks part the first cell.
  return cells.flatMap((cell, at) => (at === 0 ? cell.split(/\s+/) : [cell]));
}

/** Class, pool and coins in the comment of an export (`told` of export.ts). */
function toldOf(comment: string): Partial<FeedItem> {
  const [kind, pool, coins = ''] = comment.trim().split('; ');
  const known = POOL_KINDS.find((each) => each === kind);
  if (known === undefined || pool === undefined) return {};
  return { kind: known, pool, coins: /^[A-Z0-9 ]+$/.test(coins) ? coins.split(' ') : [] };
}

/** Takes the endpoints that a word and the ports beside it give, or says why they are none. */
function readPlace(
  feed: Feed,
  line: number,
  word: string,
  beside: readonly (number | null)[],
  said: Partial<FeedItem>,
  refuse: (reason: LineReason, what?: string) => void,
): void {
  const scheme = POOL_SCHEME.exec(word)?.[0] ?? '';
  const bare = word
    .slice(scheme.length)
    .replace(/^\|\|/, '')
    .replace(/\^(\$.*)?$/, '');
  const slash = scheme === '' && /^[0-9a-fA-F.:[\]]+\/\d/.test(bare) ? -1 : bare.indexOf('/');
  if (slash !== -1 && slash < bare.length - 1) {
    refuse('line-web-address', word);
    return;
  }
  const split = splitPort(slash === -1 ? bare : bare.slice(0, slash));
  if (split === null) refuse('line-no-port', word);
  // Without a port it names a site as well as a pool.
  else if (WEB_SCHEME.test(scheme) && split.port === null && beside.every((port) => port === null))
    refuse('line-web-address', word);
  // An address with a slash has lost the length of its network.
  else if (slash !== -1 && scheme === '' && isIP(split.place) !== 0) refuse('line-no-endpoint', word);
  else if (split.port !== null && beside.some((port) => port !== null && port !== split.port))
    refuse('line-two-ports');
  else {
    const known = TLS_SCHEME.test(scheme) ? { ...said, tls: true } : said;
    for (const port of beside) feed.add(line, split.place, known, split.port ?? port);
  }
}
