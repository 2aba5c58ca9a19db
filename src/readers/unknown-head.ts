/**
 * A guess at an input that no reader knows, by its first bytes, and what its owner can do. For messages only. Cold.
 */

import { canonicalAddress } from '../address.ts';
import { beginning } from '../errors.ts';
import { type Statement, statement } from '../statements/index.ts';
import { toldLogs } from './format-table.ts';
import { firstObjectHas } from './json/json-reader.ts';
import { usualRoles } from './tables/csv.ts';
import { delimiterOf, ENDPOINT_AND_TIME, firstLine, isJson, splitLine } from './tables/headed-table.ts';
import { headLines } from './tables/line-reader.ts';
import * as Column from './tables/roles.ts';

/** Files of other programs, by their first bytes in hex: captures (wiretap of Wireshark), SiLK, Argus. */
const OTHERS: readonly (readonly [begin: RegExp, program: string])[] = [
  [/^736e6f6f70000000/, 'snoop'],
  [/^(474d4255|52545353)/, 'Microsoft Network Monitor'],
  [/^58435000/, 'Network Associates Sniffer'],
  [/^deadbeef/, 'SiLK'],
  [/^.{16}e571..cb/, 'Argus'],
];
const ARGUS_COLUMNS = 'stime,ltime,proto,saddr,sport,dir,daddr,dport,spkts,dpkts,sbytes,dbytes';
/** Of what nothing else is known, a table has at least so many columns. */
const LEAST_COLUMNS = 3;

/** The statement, or null if the bytes say nothing. */
export function describeHead(head: Uint8Array): Statement | null {
  if (head.length === 0) return null;
  if (isPacked(head)) return statement('head-packed');
  const program = otherProgram(head);
  if (program === 'SiLK') return statement('head-silk');
  if (program === 'Argus') return statement('head-argus', { columns: ARGUS_COLUMNS });
  if (program !== null) return statement('head-capture', { program });
  if (isWide(head)) return statement('head-utf16');
  if (head.subarray(0, 512).some((byte) => byte < 9)) return null;
  const line = firstLine(head);
  if (/^(?=.*"ip_src":)(?=.*"ip_dst":)/.test(line)) return statement('head-pmacct');
  const product = nearestProduct(head);
  if (product !== null) return statement('head-product', { product });
  if (isJson(line)) return statement('head-json', { keys: keysOf(line) });
  const pairs = pairsOf(line);
  if (pairs.length >= LEAST_COLUMNS) {
    const values = pairs.map(({ value }) => value);
    const guess = guessed(
      values,
      pairs.map(({ key }) => key),
      // The head of the line may tell the time.
      ENDPOINT_AND_TIME.map(Column.roleName).filter((name) => name !== 'start'),
    );
    return statement('head-pairs', { line: beginning(line.trim()), guess });
  }
  const delimiter = /[,;\t|]/.test(line) ? delimiterOf(line, ',;\t|') : ' ';
  const cells = splitLine(line, delimiter);
  if (cells.length < LEAST_COLUMNS) return otherText(line);
  if (cells.some(isAddress)) {
    const guess = guessed(
      cells,
      cells.map((_, at) => `#${at + 1}`),
      ENDPOINT_AND_TIME.map(Column.roleName),
    );
    return statement('head-no-header', { line: beginning(line.trim()), guess, columns: delimiter === ' ' });
  }
  const missing = Column.missingRoles(usualRoles(cells), ENDPOINT_AND_TIME).map(Column.roleName);
  if (delimiter === ' ' && /\bSrcAddr\b.*\bDstAddr\b/.test(line)) return statement('head-ra-blanks');
  if (delimiter === ' ' || missing.length === 0) return otherText(line);
  const [, second = ''] = headLines(head);
  const guess = guessed(splitLine(second, delimiter), cells, missing);
  return statement('head-columns-missing', { line: beginning(line.trim()), columns: missing, guess });
}

/** Text that names an address may be a log of connections; prose says nothing. */
function otherText(line: string): Statement | null {
  const hasAddress = line.split(/[^\w.:]+/).some((word) => word.length > 3 && isAddress(word));
  return hasAddress ? statement('head-text', { line: beginning(line.trim()) }) : null;
}

function isAddress(cell: string): boolean {
  return canonicalAddress(cell.trim()) !== null;
}

/** The pairs of key and value of a line. */
function pairsOf(line: string): { readonly key: string; readonly value: string }[] {
  return [...line.slice(0, 2000).matchAll(/(?<![\w.@-])([\w.@-]{1,40})=(?:"([^"]*)"|([^\s,;|]*))/g)].map(
    ([, key, quoted, plain]) => ({ key, value: quoted ?? plain }),
  );
}

/** Names of columns that hold numbers, and no port. */
const COUNTER = /bytes|octets|packets|pkts|size|length|volume|count|total|duration|proto|vlan|zone|id$/i;
/** Names of columns of the receiver. */
const RECEIVER = /^d(st|addr)|dest|server|remote|target|resp/i;
const PROTOCOLS = new Set(['1', '6', '17']);
/** Keys of the first object, at most eight; none of what is cut. */
function keysOf(line: string): string[] {
  return [...line.slice(0, 2000).matchAll(/"([\w.@-]{1,40})"\s*:/g)].slice(0, 8).map(([, key]) => key);
}

/** What columns may mean by the cells of a row, as `--columns` takes it: `src=#3,dst=#5`; `…` for what no cell tells. */
function guessed(row: readonly string[], names: readonly string[], wanted: readonly string[]): string {
  const at = row.map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const places = (like: (cell: string) => boolean): number[] =>
    at.flatMap((cell, i) => (like(cell) ? [i] : []));
  const addresses = places(isAddress);
  const isTime = (cell: string): boolean =>
    /^\d{9,19}(\.\d+)?$|\d[-/.]\d+.*\d:\d\d/.test(cell) && !isAddress(cell.replace(/:\d{1,5}$/, ''));
  const [time] = places(isTime);
  const [source = 0, destination = 0] = addresses;
  const [first = '', second = ''] = addresses.map((i) => names[i]);
  const isTurned = RECEIVER.test(first) && !RECEIVER.test(second);
  const ports = places((cell) => /^\d{1,5}$/.test(cell) && Number(cell) < 65_536).filter(
    (i) => !COUNTER.test(names[i]),
  );
  const [port, next] = addresses.length < 2 ? [] : ports.filter((i) => i > destination);
  // Both ports stand behind both addresses, or each behind its own; a protocol may follow the only one.
  const isPair =
    next === port + 1 && !PROTOCOLS.has(at[next]) && !ports.some((i) => i > source && i < destination);
  const found: Readonly<Record<string, number | undefined>> = {
    ...{ start: time, src: addresses[isTurned ? 1 : 0], dst: addresses[isTurned ? 0 : 1] },
    // The port of the sender, if the receiver stands in front.
    dport: isTurned ? ports.find((i) => RECEIVER.test(names[i])) : isPair ? next : port,
  };
  return wanted.map((name) => `${name}=${names[found[name] ?? -1] ?? '…'}`).join(',');
}

/**
 * True of what may hold packets or connections, although it is not read: such a file belongs in a folder of
 * captures.
 */
export function mayHoldTraffic(head: Uint8Array): boolean {
  return isPacked(head) || otherProgram(head) !== null || nearestProduct(head) !== null;
}

function otherProgram(head: Uint8Array): string | null {
  const begin = Buffer.from(head.subarray(0, 12)).toString('hex');
  return OTHERS.find(([pattern]) => pattern.test(begin))?.[1] ?? null;
}

/** The product whose word stands in the head, or whose keys the first object has all but one; null if there is none. */
function nearestProduct(head: Uint8Array): string | null {
  const text = Buffer.from(head).toString('latin1');
  for (const { id, facts } of toldLogs()) {
    const keys = facts.keys?.split(' ') ?? [];
    const found = keys.filter((key) => firstObjectHas(head, [key])).length;
    const isNear =
      facts.word === undefined ? found > 0 && found >= keys.length - 1 : text.includes(facts.word);
    if (isNear) return `${facts.title ?? id} (${id})`;
  }
  return null;
}

/** By xz, zip or 7-Zip. */
export function isPacked(head: Uint8Array): boolean {
  const begin = Buffer.from(head.subarray(0, 6)).toString('latin1');
  return begin === '\xfd7zXZ\0' || begin === "7z\xbc\xaf'\x1c" || begin.startsWith('PK\x03\x04');
}

function isWide(head: Uint8Array): boolean {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  // Without a mark: every other byte of ASCII is 0.
  const begin = head.subarray(0, 64);
  if (begin.length < 16) return false;
  const zeros = [0, 1].map((odd) => begin.filter((byte, at) => at % 2 === odd && byte === 0).length);
  return zeros.includes(begin.length >> 1) && Math.min(...zeros) === 0;
}
