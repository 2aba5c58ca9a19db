/**
 * Tables whose first line names their columns: what formats of that kind share. The delimiter is the one of the
 * candidates that the header holds most of.
 */

import type { FlowSink } from '../../flows/flow-record.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import * as Column from './roles.ts';
import { type TableFacts, TableReader } from './table-reader.ts';

export interface TableSpec {
  readonly names: Column.RoleNames;
  /** Roles without which a row is no flow. */
  readonly needed: readonly Column.Role[];
  /** Candidates, the likeliest first. */
  readonly delimiters: string;
  readonly isQuoted: boolean;
  readonly facts: TableFacts;
}

/** What a connection cannot be told without. */
export const ENDPOINT_AND_TIME: readonly Column.Role[] = [
  Column.START,
  Column.SOURCE,
  Column.DESTINATION,
  Column.DESTINATION_PORT,
];

export class HeadedTableReader extends TableReader {
  protected readonly spec: TableSpec;

  constructor(sink: FlowSink, options: FlowReadOptions, spec: TableSpec) {
    super(sink, options, spec.facts);
    this.spec = spec;
  }

  protected line(text: string, at: number): boolean {
    this.settle(text, at);
    return true;
  }

  /** Takes a header; columns that are needed and absent are damage. */
  protected settle(header: string, at: number, delimiter = delimiterOf(header, this.spec.delimiters)): void {
    const roles = this.rolesOf(splitLine(header, delimiter));
    const missing = this.missing(roles);
    if (missing.length > 0) this.lacks(missing, at);
    else this.use({ delimiter: delimiter.charCodeAt(0), isQuoted: this.spec.isQuoted, roles }, header);
  }

  protected rolesOf(names: readonly string[]): Uint8Array {
    return Column.rolesOf(names, this.spec.names);
  }

  /** Columns that are needed and absent. */
  protected missing(roles: Uint8Array): readonly Column.Role[] {
    return Column.missingRoles(roles, this.spec.needed);
  }

  protected complete(_at: number): boolean {
    return true;
  }
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

/** The first line of a head, without byte order mark and line end. */
export function firstLine(head: Uint8Array): string {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('utf8');
  return (
    text
      .replace(/^\ufeff/, '')
      .replace(/^[\r\n]+/, '')
      .split('\n', 1)[0] ?? ''
  ).replace(/\r$/, '');
}

/** True of a line that begins an object or array: its keys, between quotes and commas, look like columns. */
export function isJson(line: string): boolean {
  return /^\s*[[{]/.test(line);
}

/** True where the columns that the first line names are enough for a spec. */
export function namesColumns(head: Uint8Array, spec: TableSpec): boolean {
  const header = firstLine(head);
  if (isJson(header)) return false;
  const roles = Column.rolesOf(splitLine(header, delimiterOf(header, spec.delimiters)), spec.names);
  return Column.missingRoles(roles, spec.needed).length === 0;
}
