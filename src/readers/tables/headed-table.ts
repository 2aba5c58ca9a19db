/**
 * Tables whose first line names their columns: what formats of that kind share. The delimiter is the one of the
 * candidates that the header holds most of.
 */

import type { BatchWriter } from '../../rows/batches.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import type { RowFacts } from './flow-tally.ts';
import * as Column from './roles.ts';
import { readRows } from './row-reader.ts';
import { TableReader } from './table-reader.ts';

export interface TableSpec {
  readonly names: Column.RoleNames;
  /** What the columns of a header mean; by `names` if absent. */
  readonly rolesOf?: (names: readonly string[]) => Uint8Array;
  /** Roles without which a row is no flow. */
  readonly needed: readonly Column.Role[];
  /** Candidates, the likeliest first. */
  readonly delimiters: string;
  readonly isQuoted: boolean;
  readonly facts: RowFacts;
  /** What the format means by a row (kernel/records/rules.ts); 0 if absent. */
  readonly rules?: number;
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

  constructor(writer: BatchWriter, options: FlowReadOptions, spec: TableSpec) {
    super(writer, options, spec.facts, spec.rules);
    this.spec = spec;
  }

  protected line(text: string, at: number): boolean {
    this.takeHeader(text, at);
    return true;
  }

  /** Takes a header; columns that are needed and absent are damage. */
  protected takeHeader(
    header: string,
    at: number,
    delimiter = delimiterOf(header, this.spec.delimiters),
  ): void {
    const names = splitLine(header, delimiter);
    const roles = this.rolesOf(names);
    const missing = this.missing(roles);
    if (missing.length > 0) {
      this.lacks(missing, at);
      return;
    }
    this.lookAtCounters(names, roles);
    const { isQuoted } = this.spec;
    const durationUnitUs = durationUnitOf(names, roles);
    this.use({ delimiter: delimiter.charCodeAt(0), isQuoted, roles, durationUnitUs }, header);
  }

  protected rolesOf(names: readonly string[]): Uint8Array {
    return rolesIn(this.spec, names);
  }

  /** Columns that are needed and absent. */
  protected missing(roles: Uint8Array): readonly Column.Role[] {
    return Column.missingRoles(roles, this.spec.needed);
  }
}

/** Reads a table whose header says all there is to know. */
export function readTable(spec: TableSpec): FlowFormat['read'] {
  return async (source, writer, options = {}) =>
    readRows(source, new HeadedTableReader(writer, options, spec), options);
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
  return /^\s*(?:\{|\[\s*(?:[[{"]|$))/.test(line);
}

function rolesIn(spec: TableSpec, names: readonly string[]): Uint8Array {
  return spec.rolesOf?.(names) ?? Column.rolesOf(names, spec.names);
}

/** True if the columns that the first line names are enough for a spec. */
export function namesColumns(head: Uint8Array, spec: TableSpec): boolean {
  const header = firstLine(head);
  if (isJson(header)) return false;
  const roles = rolesIn(spec, splitLine(header, delimiterOf(header, spec.delimiters)));
  return Column.missingRoles(roles, spec.needed).length === 0;
}
