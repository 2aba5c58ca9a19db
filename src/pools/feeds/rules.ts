/**
 * Suricata rules (ET Open's manner) to the names and endpoints of miners in them: contents of `dns.query`, `tls.sni`,
 * `http.host` and the like, and single addresses of the header with their port. Only rules that speak of mining by
 * message or class; contents with bytes in hex, negated ones and fragments that are not host names are left out.
 */
import { isIP } from 'node:net';
import { Feed, portOf } from './feed.ts';

const RULE =
  /^\s*(?:#\s*)?(?:alert|drop|reject|pass)\s+([a-z0-9-]+)\s+(\S+|\[[^\]]*\])\s+(\S+)\s+(?:->|<>)\s+(\S+|\[[^\]]*\])\s+(\S+|\[[^\]]*\])\s+\((.*)\)\s*$/i;
const OF_MINING = /coin-?min(?:er|ing)|crypto-?(?:jack|min)|cryptocurrency|stratum|\bminer\b|xmrig/i;
/** Buffers that hold host names, in the names of Suricata 4 and later. */
const NAME_BUFFERS = /\b(?:dns[._]query|tls[._]sni|http[._]host(?:\.raw)?|dns\.query\.rrname)\b/;
const MOST_RULE = 16_384;

/** True if one of the first meant lines is a rule. */
export function isRules(lines: readonly string[]): boolean {
  const meant = lines.filter((line) => !/^\s*(#|$)/.test(line)).slice(0, 10);
  return meant.length > 0 && meant.every((line) => line.length <= MOST_RULE && RULE.test(line));
}

export function readRules(lines: readonly string[]): Feed {
  const feed = new Feed('suricata', lines.length);
  lines.forEach((raw, at) => {
    if (/^\s*(#|$)/.test(raw)) return;
    const rule = raw.length > MOST_RULE ? null : RULE.exec(raw);
    if (rule === null) feed.refuse(at + 1, raw, 'line-no-rule');
    else if (!OF_MINING.test(rule[6] ?? '')) feed.refuse(at + 1, raw, 'line-other-rule');
    else {
      const before = feed.items.length + feed.unread.length;
      readRule(feed, at + 1, rule);
      if (feed.items.length + feed.unread.length === before) feed.refuse(at + 1, raw, 'line-empty-rule');
    }
  });
  return feed;
}

function readRule(feed: Feed, line: number, rule: RegExpExecArray): void {
  const [, protocol = '', , , target = '', port = '', options = ''] = rule;
  const tls = /^tls$/i.test(protocol) || /tls[._]sni/.test(options);
  let isName = false;
  let hasDot = false;
  for (const option of optionsOf(options)) {
    const [, key = '', value = ''] = /^\s*([\w.-]+)\s*(?::\s*(.*))?$/s.exec(option) ?? [];
    if (NAME_BUFFERS.test(key)) isName = true;
    else if (/^(?:file[._]data|http[._]\w+|dns[._]\w+|tls[._]\w+|pkt_data|ja3|ja4)/.test(key)) isName = false;
    if (key === 'dotprefix') hasDot = true;
    if (key !== 'content' || !isName) continue;
    const content = /^"([^"|\\]+)"$/.exec(value.trim())?.[1] ?? '';
    if (content === '') continue;
    // ".name" behind `dotprefix` is the name and all below it.
    const bare = content.replace(/^\./, '');
    if (!/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/i.test(bare)) continue;
    feed.add(line, bare, { tls });
    if (hasDot || content.startsWith('.')) feed.add(line, `*.${bare}`, { tls });
  }
  const addresses = target
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => isIP(word.replace(/\/\d{1,3}$/, '')) !== 0);
  const ports = portsOf(port);
  // A variable, a range or a negated port: without it the addresses would mean every port.
  if (ports === null && addresses.length > 0) feed.refuse(line, port, 'line-no-port');
  for (const address of addresses)
    for (const each of ports ?? []) feed.add(line, address, { port: each, tls });
}

/** The ports of a rule's header, null for any; null if they are no list of single ones. */
function portsOf(text: string): (number | null)[] | null {
  if (text === 'any') return [null];
  const ports = text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((word) => portOf(word.trim()));
  return ports.includes(null) ? null : ports;
}

/** The options of a rule: separated by ';', which quotes may hold. */
function optionsOf(text: string): string[] {
  return text.match(/(?:[^;"\\]|\\.|"(?:[^"\\]|\\.)*")+/gs) ?? [];
}
