/**
 * Any table of flows whose columns the operator names, or whose header uses the usual names (RFC 4180; docs/reference/formats.md
 * 3.15): exports of collectors and databases, pmacct csv. Times by their size or as ISO text; those without a zone
 * are of `timeZone`. Whether counters are multiplied by the sampling factor such a table does not say: they are not.
 */

import { LINK_BYTES } from '../../rows/flow-sink.ts';
import { namesOf, toldFormat } from '../format-table.ts';
import { LAYOUT } from './column-map.ts';
import { delimiterOf, HeadedTableReader, isCicFlowMeter, namesColumns, splitLine } from './headed-table.ts';
import * as Column from './roles.ts';
import { rowFormat } from './row-reader.ts';

const TOLD = toldFormat('csv');
const ALL_NAMES = namesOf(TOLD);
/** The usual names of each field, without case and what stands between words; the first that a header has wins. */
const USUAL_NAMES: Column.RoleNames = new Map([...ALL_NAMES].filter(([role]) => role !== Column.NAME));
/** Names of columns that name the receiver; a table may have several. */
export const RECEIVER_NAMES: ReadonlySet<string> = new Set(ALL_NAMES.get(Column.NAME));

/** The same in tables of stores that keep AWS VPC Flow Logs, too. */
export const STORED_NAMES: Column.RoleNames = new Map([
  ...USUAL_NAMES,
  [Column.PACKET_SOURCE, ['pkt_srcaddr']],
  [Column.PACKET_DESTINATION, ['pkt_dstaddr']],
  [Column.STATUS, ['log_status']],
  [Column.EXPORTER, ['interface_id', ...(USUAL_NAMES.get(Column.EXPORTER) ?? [])]],
]);

/** Columns of a count whose direction the name does not say. */
const NEUTRAL: ReadonlyMap<Column.Role, RegExp> = new Map([
  [Column.PACKETS, /^(packets|pkts|pkt|npackets|numpackets|packetcount|pktcount)$/],
  [Column.BYTES, /^(bytes|octets|byt|nbytes|numbytes|bytecount)$/],
]);

/**
 * The roles of the columns of a header by their usual names, if one name has several meanings: `dpkts` and `doctets` of
 * flow-tools are no way back, a date beside a time of day is half a time, and packets without a direction beside bytes of
 * both directions are a total.
 */
export function usualRoles(names: readonly string[], free: Column.RoleNames = USUAL_NAMES): Uint8Array {
  const plain = names.map(Column.plainName);
  const chosen = new Map(free);
  const without = (role: Column.Role, ...left: readonly string[]): void => {
    const kept = (chosen.get(role) ?? []).filter((name) => !left.includes(name));
    chosen.set(role, kept);
  };
  if (plain.includes('doctets')) without(Column.REVERSE_PACKETS, 'dpkts');
  else without(Column.PACKETS, 'dpkts');
  // Zeek's and ToN-IoT's payload beside the bytes of IP.
  if (!plain.includes('srcipbytes')) without(Column.PAYLOAD, 'srcbytes');
  if (!plain.includes('dstipbytes')) without(Column.REVERSE_PAYLOAD, 'dstbytes');
  // Times since the boot of a router.
  if (plain.includes('unixsecs')) {
    without(Column.START, 'first');
    without(Column.END, 'last');
  }
  const namesFor = (role: Column.Role): readonly string[] => free.get(role) ?? [];
  const hasDay = plain.some((name) => namesFor(Column.DAY).includes(name));
  const hasClock = plain.some((name) => namesFor(Column.CLOCK).includes(name) && !name.startsWith('event'));
  if (hasDay && hasClock && !plain.some((name) => WHOLE_TIMES.test(name))) {
    without(Column.START, ...namesFor(Column.CLOCK), ...namesFor(Column.DAY));
    without(plain.includes('enddate') ? Column.END : Column.END_CLOCK, ...namesFor(Column.END_CLOCK));
  } else for (const role of [Column.DAY, Column.CLOCK, Column.END_DAY, Column.END_CLOCK]) chosen.delete(role);
  const roles = Column.rolesOf(names, chosen);
  const end = roles.indexOf(Column.END);
  if (end >= 0 && free.has(Column.END) && WRITTEN.test(plain[end]) && roles.includes(Column.START))
    roles[end] = Column.SKIP;
  const isNeutral = (role: Column.Role): boolean => {
    const column = roles.indexOf(role);
    return free.has(role) && column >= 0 && NEUTRAL.get(role)?.test(plain[column] ?? '') === true;
  };
  const isTwoWay =
    roles.includes(Column.REVERSE_BYTES) && roles.includes(Column.BYTES) && !isNeutral(Column.BYTES);
  if (isTwoWay && isNeutral(Column.PACKETS) && !roles.includes(Column.REVERSE_PACKETS)) {
    roles[roles.indexOf(Column.PACKETS)] = Column.TOTAL_PACKETS;
  }
  // One direction or none: what is called a total is the only count there is.
  for (const [total, reverse] of TOTALS) {
    const column = roles.indexOf(total);
    if (column >= 0 && roles.includes(reverse)) roles[column] = Column.SKIP;
  }
  return roles;
}

/** Names of columns that tell when a record was written, which is its end if nothing else tells a time. */
const WRITTEN = /^(timegenerated|generatetime|generatedtime|timereceived(ns)?|receivetime)$/;

const TOTALS = [
  [Column.TOTAL_PACKETS, Column.REVERSE_PACKETS],
  [Column.TOTAL_BYTES, Column.REVERSE_BYTES],
] as const;

/** Names of columns that hold a date and a time of day together. */
const WHOLE_TIMES =
  /^(start|stime|firstseen|flowstart|eventstart|timestamp.*|timeflowstart(ns)?|flowstart.*|firstswitched|ts|timereceived(ns)?|datefirstseen|startdatetime|datetime)$/;

class CsvReader extends HeadedTableReader {
  readonly #columns = this.options.columns ?? {};

  protected override takeHeader(header: string, at: number, delimiter?: string): void {
    const names = splitLine(header, delimiter ?? delimiterOf(header, this.table.delimiters));
    // NFStream counts frames unless it is told otherwise (accounting_mode 0 of its streamer.py).
    if (names.includes('bidirectional_first_seen_ms')) this.assume(LINK_BYTES);
    super.takeHeader(header, at, delimiter);
    if (!this.isDead) this.guess(names, this.rolesOf(names));
    // CICFlowMeter writes dd/MM/yyyy.
    if (!isCicFlowMeter(names)) return;
    this.time.order = 'day-first';
    this.time.isLearned = false;
  }

  protected override line(text: string, at: number): boolean {
    const layout = this.#columns[LAYOUT];
    if (layout !== undefined) {
      const delimiter = delimiterIn(text);
      this.takeHeader(layout.split(' ').join(delimiter), at, delimiter);
      return false;
    }
    super.line(text, at);
    // Columns named by position alone: the file may have no header, and then its first line is a row.
    return !(
      this.hasLayout &&
      isRow(text) &&
      Object.values(this.#columns).every((theirs) => theirs.startsWith('#'))
    );
  }

  /** The operator's columns first; the others by their usual names. */
  protected override rolesOf(names: readonly string[]): Uint8Array {
    const roles = chosenRoles(names, this.#columns, USUAL_NAMES);
    // Of several names of the receiver that a row has, the last is told.
    return roles.map((role, column) =>
      role === Column.SKIP && RECEIVER_NAMES.has(Column.plainName(names[column])) ? Column.NAME : role,
    );
  }

  /** A column that the operator names and the file does not have is missing, however little rows need it. */
  protected override missing(roles: Uint8Array): readonly Column.Role[] {
    const named = Object.keys(this.#columns).map((ours) => Column.COLUMN_ROLES.get(ours));
    const needed = new Set([...this.table.needed, ...named.filter((role) => role !== undefined)]);
    return Column.missingRoles(roles, [...needed]);
  }
}

/**
 * Roles of columns: those of the operator first, found among `given` if the names are not as the table has them; the others by
 * their usual names.
 */
export function chosenRoles(
  names: readonly string[],
  columns: Readonly<Record<string, string>>,
  usual: Column.RoleNames,
  given: readonly string[] = names,
): Uint8Array {
  const roles = new Uint8Array(names.length);
  const free = new Map(usual);
  for (const [ours, theirs] of Object.entries(columns)) {
    const role = Column.COLUMN_ROLES.get(ours);
    const column = columnNamed(theirs, given);
    if (role === undefined) continue;
    free.delete(role);
    if (column >= 0) roles[column] = role;
  }
  const others = usualRoles(names, free);
  return roles.map((role, column) => (role === Column.SKIP ? (others[column] ?? Column.SKIP) : role));
}

/** By position, by the exact name, or by the name without case and what stands between words; -1 if absent. */
export function columnNamed(theirs: string, names: readonly string[]): number {
  const position = /^#(\d+)$/.exec(theirs);
  if (position !== null) return Number(position[1]) <= names.length ? Number(position[1]) - 1 : -1;
  const exact = names.indexOf(theirs);
  return exact >= 0 ? exact : names.map(Column.plainName).indexOf(Column.plainName(theirs));
}

function delimiterIn(row: string): string {
  return [...',;\t| '].find((candidate) => row.includes(candidate)) ?? ',';
}

/** True if a cell is an address: headers hold none. */
function isRow(line: string): boolean {
  return splitLine(line, delimiterIn(line)).some((cell) =>
    /^(\d+\.\d+\.\d+\.\d+|[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*)$/i.test(cell),
  );
}

export const csv = rowFormat(TOLD, CsvReader, { sniff: (head) => namesColumns(head, TOLD, usualRoles) });
