/**
 * Hosts, sessions and pools as CSV, RFC 4180 with a header. Columns come from the declaration of the audit: nested values
 * become dotted columns, lists are joined by ';', a list of objects becomes one such list per field, counts by name
 * become 'name=count'. No cell can start a formula in a spreadsheet; numbers stay numbers.
 */
import { stringify } from 'csv-stringify/sync';
import columnNames from '../../data/csv-columns.tsv?raw';
import { actionOf } from '../audit/action.ts';
import {
  type Audit,
  type AuditHost,
  type AuditSession,
  type HashrateRow,
  HOST,
  POOL,
  SESSION,
} from '../audit/audit.ts';
import { marksOf } from '../audit/pseudonyms.ts';
import { escapeCsv, escapeCsvItem } from '../escape.ts';
import {
  type Field,
  type Fields,
  field,
  list,
  record,
  type Type,
  text as textType,
} from '../schema/field.ts';
import { table, text, words } from '../schema/table.ts';
import { supportedPower, supportedRate } from './digits.ts';
import type { ReportOptions } from './format.ts';
import { sessionsByAddress } from './rows.ts';
import { selectedHosts } from './selection.ts';

export type Cell = string | number;

/** A column of CSV; texts in it are escaped. */
export interface CsvColumn<Row = unknown> {
  readonly name: string;
  readonly cell: (row: Row) => Cell;
}

/** With `--columns all`, and in hosts.csv of `--out`, there is the rest. */
const NAMES = table('csv-columns.tsv', columnNames, { name: text, columns: words, brief: words });

/** hosts.csv: the host's row with its accounts, and what to do about it. */
export function* renderHostsCsv(audit: Audit, options?: ReportOptions): Generator<string> {
  const sessions = sessionsByAddress(audit);
  // Files are made without a selection.
  const asked = options?.selection === undefined ? ['all'] : options.selection.columns;
  const names = asked?.includes('all')
    ? null
    : (asked?.flatMap((id) => NAMES().find(({ name }) => name === id)?.columns ?? [id]) ??
      NAMES().flatMap(({ brief }) => brief));
  const columns = names?.flatMap(hostCsvColumns) ?? hostCsvColumns('');
  const hosts = selectedHosts(audit, options?.selection);
  yield* renderRows<AuditHost, unknown>(hosts, [...columns, ...markColumns(audit)], (host) => ({
    ...host,
    accounts: accountsOf(host, sessions.get(host.ip) ?? []),
    rate: rateOf(host),
    power: host.power === null ? null : supportedPower(host.power),
    action: actionOf(host),
  }));
}

/** Columns of hosts.csv that a name stands for: with a dot at its end, all that begin so; without a name, all. */
export function hostCsvColumns(wanted: string): CsvColumn[] {
  const shown = record({ ...withOneRate(HOST), accounts: ACCOUNTS, action: ACTION });
  const start = wanted.replace(/(?<=[^.])$/, '.');
  return columnsOf(shown, '', asIs).filter(({ name }) => `${name}.`.startsWith(start));
}

/**
 * Columns of a row with `rate.*`, the one rate that stands for it, in place of all its rates: a cell holds one number.
 */
function withOneRate({ fields }: { readonly fields: Fields }): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, each]) =>
      name === 'hashrate' ? ['rate', { ...each, type: each.type.items ?? each.type }] : [name, each],
    ),
  );
}

function rateOf({ hashrate }: AuditHost | AuditSession): HashrateRow | null {
  const [row] = [...hashrate.filter(({ headline }) => headline), ...hashrate];
  return row === undefined ? null : supportedRate(row);
}

const ACTION = field(textType, 'What to do about it.');
const ACCOUNTS = field(list(textType), 'Accounts of its own sessions.');

/** Accounts of the host's own sessions, each once. */
function accountsOf({ ip }: AuditHost, sessions: readonly AuditSession[]): string[] {
  const own = sessions.filter(({ miner }) => miner.ip === ip);
  return [...new Set(own.flatMap(({ logins }) => logins.map(({ account }) => account)))];
}

/** sessions.csv, without what only merges need. */
export function renderSessionsCsv(audit: Audit): Generator<string> {
  const columns = [...columnsOf(record(withOneRate(SESSION)), '', asIs), ...markColumns(audit)];
  return renderRows<AuditSession, unknown>(audit.sessions, columns, (session) => ({
    ...session,
    rate: rateOf(session),
  }));
}

/** pools.csv. */
export function renderPoolsCsv(audit: Audit): Generator<string> {
  return renderRows<unknown>(audit.pools, [...columnsOf(POOL, '', asIs), ...markColumns(audit)], asIs);
}

/** Says in every row what is not a real name or address, and which hosts there are. */
export function markColumns(audit: Audit): CsvColumn[] {
  return marksOf(audit).map(([name, mark]) => ({ name, cell: () => escapeCsv(mark) }));
}

/** `shown` makes of a row what the columns read; of few rows at a time, as a copy of all would take as much as the audit. */
export function* renderRows<Row, Shown = Row>(
  rows: readonly Row[],
  columns: readonly CsvColumn<Shown>[],
  shown: (row: Row) => Shown,
): Generator<string> {
  yield lines([columns.map((column) => column.name)]);
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const some = rows.slice(from, from + AT_ONCE).map(shown);
    yield lines(some.map((row) => columns.map((column) => column.cell(row))));
  }
}

function asIs<Row>(row: Row): Row {
  return row;
}

/** Rows that are written in one go: to begin costs as much as ten rows. */
const AT_ONCE = 64;

function lines(rows: Cell[][]): string {
  return stringify(rows, { record_delimiter: 'windows' });
}

function columnsOf(type: Type, name: string, read: (row: unknown) => unknown): CsvColumn[] {
  const { kind, fields = {}, items } = type;
  if (isStatement(type)) return [{ name, cell: (row) => scalarCell(member(read(row), 'text')) }];
  if (kind === 'record') {
    return shownFields(fields).flatMap(([key, { type: below }]) =>
      columnsOf(below, dotted(name, key), (row) => member(read(row), key)),
    );
  }
  if (kind === 'list' && items !== undefined) return listColumns(items, name, (row) => listOf(read(row)));
  if (kind === 'map') return [{ name, cell: (row) => countsCell(read(row)) }];
  return [{ name, cell: (row) => scalarCell(read(row)) }];
}

function listColumns(type: Type, name: string, read: (row: unknown) => readonly unknown[]): CsvColumn[] {
  if (isStatement(type))
    return [{ name, cell: (row) => listCell(read(row).map((item) => member(item, 'text'))) }];
  if (type.fields === undefined) return [{ name, cell: (row) => listCell(read(row)) }];
  return shownFields(type.fields).flatMap(([key, { type: below }]) =>
    listColumns(below, dotted(name, key), (row) => read(row).map((item) => member(item, key))),
  );
}

/** A statement is its text, in one column. */
function isStatement({ name }: Type): boolean {
  return name === 'statement';
}

function shownFields(fields: Fields): [string, Field][] {
  return Object.entries(fields).filter(([, { shown }]) => shown === 'all');
}

function dotted(name: string, key: string): string {
  return name === '' ? key : `${name}.${key}`;
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function scalarCell(value: unknown): Cell {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return escapeCsv(value);
  return value === null || value === undefined ? '' : String(value);
}

/** A list of one number is that number; an absent value keeps its place in the list. */
function listCell(items: readonly unknown[]): Cell {
  const [only] = items;
  if (items.length === 1 && typeof only === 'number') return only;
  return items.map((item) => (typeof item === 'string' ? escapeCsvItem(item) : scalarCell(item))).join(';');
}

function countsCell(value: unknown): Cell {
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, count]) => escapeCsvItem(`${key}=${String(count)}`))
    .join(';');
}
