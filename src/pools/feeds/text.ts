/**
 * Lists of one endpoint a line: plain (host, host:port, address, prefix), hosts files (`0.0.0.0 name`), Maltrail
 * trails, uBlock names (`||name^`) and Suricata datasets of strings, plain or base64. Adblock filters with paths
 * and web addresses of files are left out: they name pages, not pools.
 */

import { isIP } from 'node:net';
import type { LineReason } from '../../statements/index.ts';
import { Feed, type FeedFormat, splitPort } from './feed.ts';
import { isRules, readRules } from './rules.ts';

const SINKHOLES = new Set(['0.0.0.0', '127.0.0.1', '::', '::1']);
const POOL_SCHEME = /^(?:stratum\d?|ethproxy|zcash|eth|http|https|ws|wss)(?:\+(?:tcp|ssl|tls))?:\/\//i;
const TLS_SCHEME = /^(?:[a-z0-9]*\+(?:ssl|tls)|https|wss):/i;

export function readTextFeed(text: string): Feed {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines[lines.length - 1] === '') lines.pop();
  if (isRules(lines)) return readRules(lines);
  if (isBase64Dataset(lines)) return readLines('suricata', lines, decodeDatasetLine);
  return readLines(formatOf(text, lines), lines, (line) => line);
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

function readLines(format: FeedFormat, lines: readonly string[], decode: (line: string) => string): Feed {
  const feed = new Feed(format, lines.length);
  lines.forEach((raw, at) => {
    const words = decode(raw)
      .replace(/^\uFEFF/, '')
      .replace(/(^|\s)[#!;].*$/, '')
      .trim()
      .split(/[\s,]+/)
      .filter((word) => word !== '');
    const named = SINKHOLES.has(words[0] ?? '') && words.length > 1 ? words.slice(1) : words.slice(0, 1);
    // What follows an endpoint of a plain list is the name that the operator gives it.
    const name = format === 'plain' && words.length > 1 ? words.slice(1).join(' ').slice(0, 80) : null;
    for (const word of named) {
      const problem = readWord(feed, at + 1, word, name);
      if (problem !== null) feed.refuse(at + 1, word, problem);
    }
  });
  return feed;
}

/** Takes one endpoint; why the word is none, or null. */
function readWord(feed: Feed, line: number, word: string, pool: string | null): LineReason | null {
  const scheme = POOL_SCHEME.exec(word)?.[0] ?? '';
  const bare = word
    .slice(scheme.length)
    .replace(/^\|\|/, '')
    .replace(/\^(\$.*)?$/, '');
  const slash = scheme === '' && /^[0-9a-fA-F.:[\]]+\/\d/.test(bare) ? -1 : bare.indexOf('/');
  if (slash !== -1 && slash < bare.length - 1) return 'line-web-address';
  const split = splitPort(slash === -1 ? bare : bare.slice(0, slash));
  if (split === null) return 'line-no-port';
  // An address with a slash has lost the length of its network.
  if (slash !== -1 && scheme === '' && isIP(split.place) !== 0) return 'line-no-endpoint';
  feed.add(line, split.place, { port: split.port, tls: TLS_SCHEME.test(scheme), pool });
  return null;
}
