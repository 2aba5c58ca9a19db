/**
 * Tables whose first line names their columns: what formats of that kind share. The delimiter is the one of the
 * candidates that the header holds most of.
 */

import type { FlowFormat } from '../flow-format.ts';
import { namesOf, type ToldFormat, toldFormat } from '../format-table.ts';
import * as Column from './roles.ts';
import { rowFormat } from './row-reader.ts';
import { TableReader } from './table-reader.ts';

/** What a connection cannot be told without. */
export const ENDPOINT_AND_TIME: readonly Column.Role[] = [
  Column.START,
  Column.SOURCE,
  Column.DESTINATION,
  Column.DESTINATION_PORT,
];

/** Delimiters that a table of data/ cannot hold as they are. */
const BLANKS: ReadonlyMap<string, string> = new Map([
  ['blank', ' '],
  ['tab', '\t'],
  ['quoted', ''],
]);

/** How a table is cut, by candidates of which the likeliest is the first, and the columns without which a row is no flow. */
function tableOf({ facts }: ToldFormat) {
  const cells = facts.cells?.split(' ') ?? [];
  const needed = facts.needs?.split(' ').map((name) => Column.NAMED_ROLES.get(name)?.role ?? Column.SKIP);
  return {
    delimiters: cells.map((cell) => BLANKS.get(cell) ?? cell).join(''),
    isQuoted: cells.includes('quoted'),
    needed: needed ?? ENDPOINT_AND_TIME,
  };
}

export class HeadedTableReader extends TableReader {
  protected readonly table = tableOf(this.told);

  protected line(text: string, at: number): boolean {
    this.takeHeader(text, at);
    return true;
  }

  /** Takes a header; columns that are needed and absent are damage. */
  protected takeHeader(
    header: string,
    at: number,
    delimiter = delimiterOf(header, this.table.delimiters),
  ): void {
    const names = splitLine(header, delimiter);
    const roles = this.rolesOf(names);
    const missing = this.missing(roles);
    if (missing.length > 0) {
      this.lacks(missing, at);
      return;
    }
    this.lookAtCounters(names, roles);
    const { isQuoted } = this.table;
    const durationUnitUs = durationUnitOf(names, roles);
    this.use({ delimiter: delimiter.charCodeAt(0), isQuoted, roles, durationUnitUs }, header);
  }

  protected rolesOf(names: readonly string[]): Uint8Array {
    return Column.rolesOf(names, namesOf(this.told));
  }

  /** Columns that are needed and absent. */
  protected missing(roles: Uint8Array): readonly Column.Role[] {
    return Column.missingRoles(roles, this.table.needed);
  }
}

/** A table whose first line says all there is to know. */
export function headedTable(id: string): FlowFormat {
  const told = toldFormat(id);
  const [, pattern = '', flags] = /^\/(.*)\/(i?)$/.exec(told.facts['first-line'] ?? '') ?? [];
  const first = new RegExp(pattern, flags);
  return rowFormat(told, HeadedTableReader, {
    sniff: (head) => first.test(firstLine(head)) && namesColumns(head, told),
  });
}

/** Microseconds that 1 in the column of durations stands for, by its name; CICFlowMeter's has no unit in it. */
export function durationUnitOf(names: readonly string[], roles: Uint8Array): number {
  const column = roles.indexOf(Column.DURATION);
  const plain = column < 0 ? '' : Column.plainName(names[column] ?? '');
  if (/(ms|msec|msecs|millis|milliseconds)$/.test(plain)) return 1e3;
  if (/(us|usec|usecs|micros|microseconds)$/.test(plain)) return 1;
  // That of ECS counts nanoseconds.
  if (/(ns|nsec|nanos|nanoseconds)$|^eventduration$/.test(plain)) return 1e-3;
  return isCicFlowMeter(names) && plain === 'flowduration' ? 1 : 1e6;
}

/** True of a header that CICFlowMeter writes. */
export function isCicFlowMeter(names: readonly string[]): boolean {
  const plain = names.map(Column.plainName);
  return (
    plain.includes('flowid') && plain.some((name) => /^(tot|total)fwdp(ac)?kets?$|^totfwdpkts$/.test(name))
  );
}

/** The candidate that stands most often in a line; of equals the first. */
export function delimiterOf(line: string, candidates: string): string {
  let best = candidates[0] ?? ',';
  let most = 0;
  for (const candidate of candidates) {
    const count = line.split(candidate).length - 1;
    if (count > most) {
      best = candidate;
      most = count;
    }
  }
  return best;
}

/** The cells of a header line: trimmed, quotes off. */
export function splitLine(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    while (delimiter !== ' ' && line[at] === ' ') at++;
    let cell = '';
    if (line[at] === '"') {
      at++;
      while (at < line.length && (line[at] !== '"' || line[at + 1] === '"')) {
        if (line[at] === '"') at++;
        cell += line[at++];
      }
    }
    const end = line.indexOf(delimiter, at);
    cells.push(cell === '' ? line.slice(at, end < 0 ? undefined : end).trim() : cell);
    if (end < 0) return cells;
    at = end + 1;
  }
}

/** The text of a head, without byte order mark. */
export function headText(head: Uint8Array): string {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('utf8');
  return text.replace(/^\ufeff/, '');
}

/** The first line of a head, without line end. */
export function firstLine(head: Uint8Array): string {
  const [line = ''] = headText(head)
    .replace(/^[\r\n]+/, '')
    .split('\n', 1);
  return line.replace(/\r$/, '');
}

/** True of a line that begins an object or array: its keys, between quotes and commas, look like columns. */
export function isJson(line: string): boolean {
  return /^\s*(?:\{|\[\s*(?:[[{"]|$))/.test(line);
}

/** True if the columns that the first line names are enough for a table. */
export function namesColumns(
  head: Uint8Array,
  told: ToldFormat,
  rolesOf = (names: readonly string[]) => Column.rolesOf(names, namesOf(told)),
): boolean {
  const header = firstLine(head);
  if (isJson(header)) return false;
  const { delimiters, needed } = tableOf(told);
  return (
    Column.missingRoles(rolesOf(splitLine(header, delimiterOf(header, delimiters))), needed).length === 0
  );
}
