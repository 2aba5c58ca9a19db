/**
 * Logs of firewalls and proxies, a line a connection: each product of data/logs.tsv is a format. The kernel reads the lines
 * by their plan; names are told here, each once an hour for the same two ends.
 */
import { FULL, NEW_NAME, UNKNOWN_EXPORTER } from '../../kernel/records/why.ts';
import { limits } from '../../limits.ts';
import { textKernel } from '../../rows/records-kernel.ts';
import { AT, BATCH_ROWS, DAMAGE, ROW_DAMAGE } from '../../schema/records-memory.ts';
import type { FlowFormat } from '../flow-format.ts';
import { type ToldFormat, toldLogs } from '../format-table.ts';
import { firstLine, isJson } from '../tables/headed-table.ts';
import { headLines } from '../tables/line-reader.ts';
import * as Column from '../tables/roles.ts';
import { rowFormat } from '../tables/row-reader.ts';
import { TableReader } from '../tables/table-reader.ts';
import { leaseOfEvent } from './dhcp-event.ts';
import { headedPlan, LinePlan } from './line-plan.ts';

const LF = 0x0a;
const BLANK = 0x20;
/** A text of so many letters is enough to recognise a line. */
const LEAST_WORD = 5;
/** Of the first lines of a log of no known product. */
const GUESS_BYTES = 4096;

class LineLogReader extends TableReader {
  #plan = new LinePlan(this.told);
  protected override hasLayout = this.told.facts.header === undefined;
  protected override readonly neverCounts =
    this.told.facts.counts !== undefined || countsNothing(this.#plan.roles);

  constructor(...[writer, options, told]: ConstructorParameters<typeof TableReader>) {
    super(writer, options, told.facts.unknown === undefined ? told : withKeys(told, options.columns));
    this.kernel.calls.useFileTime(this.options.fileTimeUs ?? Number.NaN);
  }

  override consume(bytes: Uint8Array, from: number, to: number): number {
    if (!this.#plan.isFolded) return this.#tellLeases(bytes, from, super.consume(bytes, from, to));
    const end = unfold(bytes, from, to);
    // A record whose end is not in sight is waited for, but not for ever.
    return end === from && to - from >= limits.line
      ? super.consume(bytes, from, to)
      : super.consume(bytes, from, end);
  }

  override finish(bytes: Uint8Array, from: number, to: number): void {
    if (this.#plan.isFolded) unfold(bytes, from, to);
    super.finish(bytes, from, to);
    this.#tellLeases(bytes, from, to);
  }

  /** Leases that the lines in [from, to) tell beside what counts flows. Returns `to`. */
  #tellLeases(bytes: Uint8Array, from: number, to: number): number {
    const { id, facts } = this.told;
    if (facts.leases === undefined) return to;
    const lines = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
    for (let at = lines.indexOf(facts.leases); at >= 0; at = lines.indexOf(facts.leases, at)) {
      const begin = lines.lastIndexOf(LF, at) + 1;
      at = lines.indexOf(LF, at);
      if (at < 0) at = lines.length;
      const lease = leaseOfEvent(lines.toString('utf8', begin, at), zonedTime);
      if (lease !== null) this.writer.machine({ ...lease, source: id });
    }
    return to;
  }

  /** A line before the one that names the columns. */
  protected line(text: string, at: number): boolean {
    const plan = headedPlan(this.told, text);
    if (plan === null) {
      this.rows++;
      this.damage.add('other-line', this.blockOffset + at);
    } else {
      this.#plan = plan;
      this.hasLayout = true;
    }
    return true;
  }

  protected override plan(): void {
    this.#plan.tell(this.kernel);
    this.kernel.plan = this;
  }

  protected override readRows(at: number, end: number): void {
    const { calls, bytes } = this.kernel;
    if (this.told.facts.unknown !== undefined && this.guessedColumns.length === 0) {
      const guesses = this.told.columns.filter(({ field }) => this.options.columns?.[field] === undefined);
      this.guessedColumns.push(...keysTaken(guesses, bytes.subarray(at, Math.min(end, at + GUESS_BYTES))));
    }
    calls.readLines(at, end, this.writer.rowAt, this.writer.room, this.rows);
  }
}

/** us since 1970 of a time that states its zone, which without `eventtime` it must: leases have nobody who says it. NaN if not. */
function zonedTime(text: string): number {
  return /[+-]\d{2}:?\d{2}$/.test(text) ? Date.parse(text) * 1000 : Number.NaN;
}

/** Lines in which the operator says what keys mean; other keys mean what they usually do. */
function withKeys(told: ToldFormat, keys: Readonly<Record<string, string>> = {}): ToldFormat {
  const { src } = keys;
  if (src === undefined) return told;
  const columns = Object.entries(keys).flatMap(([field, theirs]) => {
    const role = Column.COLUMN_ROLES.get(field);
    return role === undefined ? [] : [{ field, role, theirs }];
  });
  const others = told.columns.filter(({ field }) => !Object.hasOwn(keys, field));
  return { ...told, lines: [{ marks: 0, form: `*${src}={pairs}` }], columns: [...columns, ...others] };
}

/** True if the first line has the keys that the operator names as those of the ends. */
export function hasKeys(columns: Readonly<Record<string, string>>, head: Uint8Array): boolean {
  const line = firstLine(head);
  return [columns.src, columns.dst].every((key) => key !== undefined && line.includes(`${key}=`));
}

/** What the first lines call our fields, as `--columns` writes it: `src=source_ip`. */
function keysTaken(columns: ToldFormat['columns'], lines: Uint8Array): string[] {
  const text = Buffer.from(lines).toString('latin1');
  const keys = new Set([...text.matchAll(/([\w.@-]{1,40})=/g)].map(([, key]) => key));
  const taken = new Map<string, string>();
  for (const { field, theirs } of columns)
    if (keys.has(theirs) && !taken.has(field)) taken.set(field, theirs);
  return [...taken].map(([field, theirs]) => `${field}=${theirs}`);
}

/** Makes one line of each that goes on in lines that begin with a blank; returns where the last whole one ends. */
function unfold(bytes: Uint8Array, from: number, to: number): number {
  let end = from;
  for (let at = bytes.indexOf(LF, from); at >= 0 && at + 1 < to; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === BLANK) bytes[at] = BLANK;
    else end = at + 1;
  }
  return end;
}

function countsNothing(roles: Uint8Array): boolean {
  return Column.countsNothing(roles) && !roles.includes(Column.REVERSE_BYTES);
}

/** How many lines of a head are of the product: rows, or names. */
function linesOf(plan: LinePlan, head: Uint8Array): { readonly read: number; readonly all: number } {
  const kernel = textKernel();
  const { calls, reading, arrays } = kernel;
  const lines = Uint8Array.from(wholeLines(head));
  if (plan.isFolded) unfold(lines, 0, lines.length);
  kernel.begin();
  calls.clearSensors();
  calls.endSieve();
  calls.beginRows();
  kernel.bytes.fill(0, AT.template, AT.cellRow);
  plan.tell(kernel);
  kernel.plan = null;
  const at = AT.input;
  kernel.bytes.set(lines, at);
  let all = 0;
  let read = 0;
  for (let from: number = at; ; ) {
    calls.readLines(from, at + lines.length, AT.batches, BATCH_ROWS, 0);
    from = reading.stoppedAt;
    all += reading.passed;
    read += reading.rows;
    if (reading.why === UNKNOWN_EXPORTER) calls.nameExporter(0);
    // A line that only tells names becomes no row, so it is counted here.
    else if (reading.why === NEW_NAME) read += Math.min(1, kernel.row.onlyNames);
    else if (reading.why !== FULL) break;
  }
  const named = AT.damage + ROW_DAMAGE.indexOf('only-named') * DAMAGE.bytes + DAMAGE.at.count;
  return { read: read + arrays.i32[named >> 2], all };
}

/** The lines of a head without its last one, which may be cut; each ends. */
function wholeLines(head: Uint8Array): Uint8Array {
  const from = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const end = head.lastIndexOf(LF) + 1;
  if (end > 0) return head.subarray(from, end);
  return Buffer.concat([head.subarray(from), Buffer.from('\n')]);
}

/** Text, and no object of JSON. */
function mayBeLines(head: Uint8Array): boolean {
  return !isJson(firstLine(head)) && !head.subarray(0, 512).some((byte) => byte < 9);
}

/** The plan by the first line, or by the remark of the W3C's format that names the columns. */
function headOf(told: ToldFormat, head: Uint8Array): LinePlan | null {
  const lines = headLines(head);
  return headedPlan(told, lines.find((line) => line.startsWith('#Fields:')) ?? lines[0] ?? '');
}

function formatOf(told: ToldFormat): FlowFormat {
  const isHeaded = told.facts.header !== undefined;
  const plan = new LinePlan(told);
  // Without such a text, or the names of columns, one line that fits proves nothing.
  const isTold = isHeaded || plan.tellingLength >= LEAST_WORD;
  return rowFormat(told, LineLogReader, {
    sniff: (head) => {
      if (!mayBeLines(head)) return false;
      const headed = isHeaded ? headOf(told, head) : plan;
      if (headed === null) return false;
      const { read, all } = linesOf(headed, head);
      return read > 0 && (isTold || read * 2 > all);
    },
  });
}

/** The products whose logs are lines. */
export const lineLogs: readonly FlowFormat[] = toldLogs()
  .filter(({ lines, facts }) => lines.length > 0 || facts.header !== undefined)
  .map(formatOf);
