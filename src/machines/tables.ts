/**
 * Leases in tables with a header: Kea's memfile (lease files of DHCPv4 and v6), FreeRADIUS accounting out of SQL
 * (radacct), Zeek's dhcp.log as TSV, and what an admin writes: address, mac, hostname, user, from, to in any order.
 * Zeek's dhcp.log as JSON lines has the same names.
 */
import { columnsOf, csvRows, delimiterOf } from '../csv.ts';
import { readBackLine } from '../schema/check.ts';
import { record } from '../schema/field.ts';
import type { FoundLease, LeaseFormat } from './lease.ts';

/** Names of columns, ours to theirs. */
const WORDS = {
  ip: 'ip|address|ip_address|ipaddress|assigned_addr|assigned_ip|framedipaddress|framed_ip_address|framed-ip-address|地址|ip地址',
  /** Of Zeek, if nothing was assigned in the same exchange. */
  client: 'client_addr|requested_addr',
  mac: 'mac|hwaddr|mac_address|hardware|lladdr|callingstationid|calling_station_id|calling-station-id|mac地址',
  hostname: 'hostname|host|host_name|name|client_fqdn|主机名',
  user: 'user|username|user_name|user-name|login|用户|用户名',
  from: 'from|start|starts|since|first|acctstarttime|ts|time|开始时间|起始时间',
  to: 'to|end|ends|until|last|expire|expires|acctstoptime|结束时间|失效时间',
  /** Seconds. */
  length: 'valid_lifetime|lease_time',
  /** Of Kea: 0 is in force; what was declined or given back is nobody's. */
  state: 'state',
} as const;
/** Of Zeek, and of exports of SQL. */
const ABSENT = /^(?:-|\(empty\)|NULL|\\N|0000-00-00 00:00:00)$/;
type Column = keyof typeof WORDS;

export const LEASE_TABLES: LeaseFormat = {
  id: 'table',
  title:
    'Kea lease files, FreeRADIUS accounting as CSV, Zeek `dhcp.log` (TSV and JSON), tables with a header',
  sniff: (head) => /^#separator|^\s*\{/.test(head) || isHeader(columnsOf(firstRow(head), WORDS)),
  *read(text, timeUs) {
    for (const cell of /^\s*\{/.test(text) ? jsonRows(text) : rows(text)) {
      const found = leaseOf(cell, timeUs);
      if (found !== null) yield found;
    }
  },
};

/** The text of a row in a column, '' for none. */
type Cell = (name: Column) => string;

function firstRow(head: string): readonly string[] {
  const [row] = csvRows(head, delimiterOf(head));
  return row?.fields ?? [];
}

function isHeader(columns: ReadonlyMap<Column, number>): boolean {
  return columns.has('ip') && (columns.has('mac') || columns.has('hostname') || columns.has('user'));
}

function* rows(text: string): Generator<Cell> {
  // Zeek names its columns in a comment.
  const zeek = /^#fields\t(.*)$/m.exec(text);
  const delimiter = zeek === null ? delimiterOf(text) : '\t';
  let columns = zeek === null ? null : columnsOf(zeek[1].split('\t'), WORDS);
  for (const { fields } of csvRows(text, delimiter)) {
    if (columns === null) {
      columns = columnsOf(fields, WORDS);
      continue;
    }
    const known = columns;
    yield (name) => {
      const at = known.get(name);
      const value = at === undefined ? '' : (fields[at] ?? '').trim();
      return ABSENT.test(value) ? '' : value;
    };
  }
}

function* jsonRows(text: string): Generator<Cell> {
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    // What is no object is a row that names nobody, and counts as wrong.
    const row = readBackLine(line, record({})) ?? {};
    yield (name) => {
      const key = WORDS[name].split('|').find((word) => Object.hasOwn(row, word));
      const value: unknown = key === undefined ? '' : Reflect.get(row, key);
      return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    };
  }
}

function leaseOf(cell: Cell, timeUs: (text: string) => number): FoundLease | null {
  const state = cell('state');
  if (/^[1-9]\d*$/.test(state)) return null;
  const seconds = cell('length') === '' ? Number.NaN : Number(cell('length'));
  let [fromUs, toUs] = [timeUs(cell('from')), timeUs(cell('to'))];
  // A time that cannot be read must not make a lease that holds for ever: it counts as wrong.
  if ((Number.isNaN(fromUs) && cell('from') !== '') || (Number.isNaN(toUs) && cell('to') !== ''))
    return { ip: undefined };
  if (Number.isNaN(toUs)) toUs = fromUs + seconds * 1e6;
  else if (Number.isNaN(fromUs)) fromUs = toUs - seconds * 1e6;
  const [mac, hostname, user] = [cell('mac'), cell('hostname'), cell('user')];
  return { ip: cell('ip') || cell('client'), mac, hostname, user, fromUs, toUs };
}
