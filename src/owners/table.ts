/**
 * The operator's own table of owners (`--owners`): prefix, organisation, class, department, city, contact, with times of
 * validity if addresses change hands (DHCP leases, NAT logs). The longest prefix that was valid at the time counts;
 * of rows with equal prefix the one that began last. Lines that cannot be read are reported, not guessed.
 */
import { compareWords, isV4, maskWords, parseWords, type Words, wordsOfBig } from '../address.ts';
import { columnsOf, csvRows, delimiterOf } from '../csv.ts';
import { fail } from '../errors.ts';
import { textOf } from '../given-file.ts';
import { type Network, networkParser } from '../networks.ts';
import { under } from '../order.ts';
import { type TellSlow, toldIfSlow } from '../slow-list.ts';
import { type Statement, statement } from '../statements/index.ts';
import type { OwnerClass } from './answer.ts';
import { readWhole } from './database.ts';
import { COLUMN_WORDS, classOf, type OwnerColumn, timeUsOf } from './table-columns.ts';

export type TableRow = Readonly<ReturnType<typeof rowOf>>;

/** The row that applies to an address at a time, and the row that it contradicts, if two are equally good. */
export interface FoundRow {
  readonly row: TableRow;
  readonly conflicting: TableRow | null;
}

interface RefusedLine {
  readonly line: number;
  readonly reason: 'no prefix' | 'no such class' | 'no such time' | 'ends before it begins';
}

/** Rows of one prefix in order of their beginning, with the latest end so far: a search stops if none can hold. */
interface Bucket {
  readonly rows: TableRow[];
  readonly reached: number[];
}

const MAX_ROWS = 5_000_000;
const MAX_REFUSED = 1000;
const MAX_CELL = 300;

export class OwnerTable {
  /** Lines that were not taken, the first 1,000 of them. */
  readonly refused: RefusedLine[] = [];
  refusedCount = 0;
  rowCount = 0;
  /** By length of prefix and first address. */
  readonly #buckets = new Map<string, Bucket>();
  /** Of all prefixes (IPv4 counts as 96 and more), the longest first once closed. */
  #lengths: number[] = [];

  /** The note on lines that were ignored; null if there are none. */
  ignored(file: string): Statement | null {
    if (this.refusedCount === 0) return null;
    const examples = this.refused.slice(0, 3).map(({ line, reason }) => `line ${line}: ${reason}`);
    const count = this.refusedCount;
    return statement('owners-lines-ignored', { file, count, examples, more: count > examples.length });
  }

  refuse(line: number, reason: RefusedLine['reason']): void {
    this.refusedCount++;
    if (this.refused.length < MAX_REFUSED) this.refused.push({ line, reason });
  }

  add(words: Words, length: number, row: TableRow): void {
    under(this.#buckets, keyOf(words, length), () => ({ rows: [], reached: [] })).rows.push(row);
    if (!this.#lengths.includes(length)) this.#lengths.push(length);
    this.rowCount++;
  }

  /** Puts everything in order; call once after the last row. */
  close(): void {
    this.#lengths.sort((a, b) => b - a);
    for (const { rows, reached } of this.#buckets.values()) {
      rows.sort((a, b) => a.fromUs - b.fromUs || a.line - b.line);
      let latest = Number.NEGATIVE_INFINITY;
      for (const row of rows) {
        latest = Math.max(latest, row.toUs);
        reached.push(latest);
      }
    }
  }

  find(words: Words, timeUs: number): FoundRow | null {
    const v4 = isV4(words);
    for (const length of this.#lengths) {
      if (v4 && length < 96) break;
      const bucket = this.#buckets.get(keyOf(words, length));
      const found = bucket === undefined ? null : findInBucket(bucket, timeUs);
      if (found !== null) return found;
    }
    return null;
  }
}

function findInBucket({ rows, reached }: Bucket, timeUs: number): FoundRow | null {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle].fromUs <= timeUs) low = middle + 1;
    else high = middle;
  }
  for (let i = low - 1; i >= 0 && reached[i] > timeUs; i--) {
    if (rows[i].toUs <= timeUs) continue;
    const before = rows[i - 1];
    const hasConflict =
      before !== undefined &&
      before.fromUs === rows[i].fromUs &&
      before.toUs > timeUs &&
      (before.class !== rows[i].class || before.organisation !== rows[i].organisation);
    return { row: rows[i], conflicting: hasConflict ? before : null };
  }
  return null;
}

function keyOf(words: Words, length: number): string {
  const first = maskWords(words, length);
  return `${length} ${isV4(first) ? first[3] : first.join('.')}`;
}

/** Reads an owners table: CSV with a header line. Throws FILE_UNREADABLE or FILE_INVALID. */
export async function loadOwnerTable(path: string, tell?: TellSlow): Promise<OwnerTable> {
  const text = textOf((await readWhole(path)).bytes, path);
  const parse = await networkParser();
  const table = new OwnerTable();
  let columns: ReadonlyMap<OwnerColumn, number> | undefined;
  for (const { line, fields } of toldIfSlow(csvRows(text, delimiterOf(text)), path, tell)) {
    if (columns === undefined) {
      columns = headerOf(fields, path);
      continue;
    }
    if (table.rowCount >= MAX_ROWS) fail('FILE_INVALID', `more than ${MAX_ROWS} rows`, { where: path });
    const read = readRow(columns, line, fields, parse);
    if (typeof read === 'string') table.refuse(line, read);
    else for (const { words, length } of read.prefixes) table.add(words, length, read.row);
  }
  if (table.rowCount === 0) {
    fail('FILE_INVALID', 'no owner in it', {
      where: path,
      hint: 'Its first line names the columns: prefix, organisation, class, …; the second is the first owner.',
    });
  }
  table.close();
  return table;
}

type Parse = Awaited<ReturnType<typeof networkParser>>;

/** Columns that say nothing of an owner. */
const OF_NETWORK: readonly OwnerColumn[] = ['prefix', 'last', 'from', 'to'];

/** No table has more. */
const MOST_COLUMNS = 1000;

function headerOf(fields: readonly string[], path: string): ReadonlyMap<OwnerColumn, number> {
  const columns = columnsOf(fields.slice(0, MOST_COLUMNS), COLUMN_WORDS);
  if (!columns.has('prefix') || [...columns.keys()].every((column) => OF_NETWORK.includes(column))) {
    fail('FILE_INVALID', 'its first line does not name the columns of an owners table', {
      where: path,
      hint: 'Wanted are prefix (or network, subnet) and any of department, contact, organisation, class, hostname, city, region, country; for example: subnet;department;contact',
    });
  }
  return columns;
}

/** One line to a row and its prefixes, or why it is none. */
function readRow(
  columns: ReadonlyMap<OwnerColumn, number>,
  line: number,
  fields: readonly string[],
  parse: Parse,
): { row: TableRow; prefixes: readonly Network[] } | RefusedLine['reason'] {
  const cell = (column: OwnerColumn): string => {
    const at = columns.get(column);
    return at === undefined ? '' : (fields[at] ?? '').trim().slice(0, MAX_CELL);
  };
  const prefixes = prefixesOf(cell('prefix'), cell('last'), parse);
  if (prefixes.length === 0) return 'no prefix';
  const owner = cell('class') === '' ? null : classOf(cell('class'));
  if (owner === null && cell('class') !== '') return 'no such class';
  const fromUs = timeUsOf(cell('from'), false, Number.NEGATIVE_INFINITY);
  const toUs = timeUsOf(cell('to'), true, Number.POSITIVE_INFINITY);
  if (fromUs === null || toUs === null) return 'no such time';
  if (toUs <= fromUs) return 'ends before it begins';
  return { row: rowOf(cell, line, owner, { fromUs, toUs }), prefixes };
}

/** Of a time `fromUs` is inclusive, minus infinity if it always was, and `toUs` exclusive; us since 1970. */
function rowOf(
  cell: (column: OwnerColumn) => string,
  line: number,
  owner: OwnerClass | null,
  times: { readonly fromUs: number; readonly toUs: number },
) {
  const text = (column: OwnerColumn): string | null => cell(column) || null;
  const asn = /^(?:AS)?(\d{1,10})$/i.exec(cell('asn'))?.[1];
  const country = cell('country');
  return {
    line,
    /** The prefix as written, for people. */
    prefix: cell('prefix') + (cell('last') === '' ? '' : `-${cell('last')}`),
    organisation: text('organisation'),
    /** Null if the table leaves it to the organisation's name. */
    class: owner,
    department: text('department'),
    city: text('city'),
    region: text('region'),
    country: /^[A-Za-z]{2}$/.test(country) ? country.toUpperCase() : null,
    contact: text('contact'),
    asn: asn === undefined ? null : Number(asn),
    /** Name of the host, as its reverse DNS or the operator's records have it. */
    hostname: text('hostname'),
    /** WHOIS network name or description. */
    netname: text('netname'),
    ...times,
  };
}

/** One prefix, a single address, or the prefixes of a range (`a-b`, or first and last in two columns). */
function prefixesOf(first: string, last: string, parse: Parse): Network[] {
  const [start, end] = last === '' && first.includes('-') ? first.split('-', 2) : [first, last];
  if (end !== undefined && end.trim() !== '') return rangePrefixes(start.trim(), end.trim());
  const [place = '', mask] = first.split(/\s*\/\s*|\s+/, 2);
  const bits = mask?.includes('.') ? maskBits(mask) : mask;
  const network = parse(bits === undefined ? place : `${place}/${bits}`);
  return network === null ? [] : [network];
}

/** Length of a mask as routers write it, 255.255.255.0; NaN if it has holes. */
function maskBits(mask: string): number {
  const words = parseWords(mask);
  if (words === null || !isV4(words)) return Number.NaN;
  const ones = Math.clz32(~words[3]);
  return ((words[3] << ones) | 0) === 0 || ones === 32 ? ones : Number.NaN;
}

/** The prefixes that a range consists of, at most 64 of an IPv4 and 254 of an IPv6 range. */
function rangePrefixes(start: string, end: string): Network[] {
  const from = parseWords(start);
  const to = parseWords(end);
  if (from === null || to === null || isV4(from) !== isV4(to) || compareWords(from, to) > 0) return [];
  const prefixes: Network[] = [];
  const last = bigOf(to);
  const floor = isV4(from) ? 96 : 0;
  for (let at = bigOf(from); at <= last; ) {
    let length = 128;
    while (length > floor) {
      const size = 1n << BigInt(128 - length + 1);
      if (at % size !== 0n || at + size - 1n > last) break;
      length--;
    }
    prefixes.push({ words: wordsOfBig(at), length });
    at += 1n << BigInt(128 - length);
  }
  return prefixes;
}

function bigOf(words: Words): bigint {
  return words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
}
