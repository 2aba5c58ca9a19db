/**
 * Rows of a table to flow records: the kernel reads them by a plan of the columns (kernel/records/table.ts), here it is
 * decided which plan applies. A header decides which column means what.
 */

import { FULL, NEW_NAME, OPEN_CELL, UNKNOWN_EXPORTER } from '../../kernel/records/why.ts';
import { limits } from '../../limits.ts';
import { AT, MOST_COLUMNS, RECORDS_MEMORY } from '../../schema/records-memory.ts';
import { rulesOf } from '../format-table.ts';
import * as Column from './roles.ts';
import { RowReader, standsAt } from './row-reader.ts';

const LF = 0x0a;
const CR = 0x0d;
const NONE = -1;
/** Of a line that is read as text. */
const LINE_LIMIT = 64 * 1024;

/** Of the lines before rows. */
const HEAD_LIMIT = 64 * 1024;

/** What stands for no byte. */
const NO_BYTE = 256;

/** How a table is cut into cells, and what its columns mean. */
interface TableLayout {
  /** One byte. */
  readonly delimiter: number;
  readonly isQuoted: boolean;
  readonly roles: Uint8Array;
  /** Microseconds that 1 in the column of durations stands for; a second if absent. */
  readonly durationUnitUs?: number;
}

export abstract class TableReader extends RowReader {
  private layout: TableLayout = { delimiter: 0, isQuoted: false, roles: new Uint8Array(0) };
  private isAtStart = true;
  /** True once a layout is known; until then lines go to `line`. */
  protected hasLayout = false;
  protected isDead = false;

  private header: Uint8Array = new Uint8Array(0);
  /** Byte that begins a line which is not a row, once a layout is known; NONE if every line is a row. */
  protected marker = NONE;
  /** Further texts of cells that say nothing, if a file names its own. */
  protected emptyTexts: readonly Uint8Array[] = [];

  /**
   * A line before the layout is known, a copy of the header, or one that begins with `marker`; without its line end.
   * False if it is a row of the layout that is known by now.
   */
  protected abstract line(text: string, at: number): boolean;

  /** Reads rows in this layout from now on; `header` is a line that may come again if files were joined. */
  protected use(layout: TableLayout, header = ''): void {
    this.layout = layout;
    this.hasLayout = true;
    this.header = Buffer.from(header);
    this.kernel.plan = null;
  }

  /** The layout lacks columns: rows are counted, not read. */
  protected lacks(missing: readonly Column.Role[], at: number): void {
    this.damage.add('missing-column', this.blockOffset + at, missing.length);
    if (this.missingColumns.length === 0) this.missingColumns.push(...missing.map(Column.roleName));
    this.hasLayout = true;
    this.isDead = true;
  }

  consume(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    if (this.isAtStart && to - from >= 3) {
      this.isAtStart = false;
      if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
    }
    at = this.skipLine(bytes, at, to);
    const end = lastLineEnd(bytes, at, to);
    while (at < end) {
      const next = this.next(bytes, at, end);
      if (next < 0) {
        // A quoted cell that goes on: wait for its end, but not for ever.
        if (to - (-next - 1) < limits.line) return -next - 1;
        at = this.giveUp(bytes, -next - 1);
      } else at = next;
    }
    if (to - at < limits.line) return at;
    this.damage.refuse('long-line', this.blockOffset + at, to - at);
    this.rows++;
    this.isSkippingLine = true;
    return to;
  }

  finish(bytes: Uint8Array, from: number, to: number): void {
    if (from === to || this.isSkippingLine) return;
    bytes[to] = LF;
    this.isAtStart = false;
    let at = from;
    while (at <= to) {
      const next = this.next(bytes, at, to + 1);
      at = next < 0 ? this.giveUp(bytes, -next - 1) : next;
    }
  }

  /** A quoted cell without end: the line counts as broken, the next one starts again. */
  private giveUp(bytes: Uint8Array, at: number): number {
    const end = bytes.indexOf(LF, at) + 1;
    this.damage.refuse('bad-row', this.blockOffset + at, end - at);
    this.rows++;
    return end;
  }

  /** Lines or rows from `at` on; returns the offset behind them, or -1 less the row whose end is not in sight. */
  private next(bytes: Uint8Array, at: number, end: number): number {
    const first = bytes[at];
    if (first === LF || (first === CR && bytes[at + 1] === LF)) return first === LF ? at + 1 : at + 2;
    const isOther = first === this.marker || this.isHeader(bytes, at);
    if (this.hasLayout && !isOther) return this.dataRows(bytes, at, end);
    const lineEnd = bytes.indexOf(LF, at);
    const length = Math.min(lineEnd - at, LINE_LIMIT);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('utf8');
    const { rows } = this;
    const isTaken = this.line(text.endsWith('\r') ? text.slice(0, -1) : text, at);
    if (isTaken && rows === this.rows && this.head.length + text.length < HEAD_LIMIT)
      this.head += `${text}\n`;
    this.kernel.plan = null;
    return isTaken ? lineEnd + 1 : this.dataRows(bytes, at, end);
  }

  private isHeader(bytes: Uint8Array, at: number): boolean {
    return this.header.length > 0 && standsAt(bytes, at, this.header);
  }

  /** Rows, of which the first is one for sure. */
  private dataRows(bytes: Uint8Array, from: number, end: number): number {
    if (this.isDead) {
      this.rows++;
      const next = bytes.indexOf(LF, from) + 1;
      this.damage.refuse('unread-flow', this.blockOffset + from, next - from);
      return next;
    }
    const { kernel } = this;
    const { reading } = kernel;
    if (kernel.plan !== this) this.plan();
    const base = bytes.byteOffset;
    this.base = base;
    const first = base + from;
    for (let at = first; ; ) {
      this.readRows(at, base + end, at === first);
      const { why, rows, passed } = reading;
      at = reading.stoppedAt;
      this.rows += passed;
      this.note(rows, 0);
      if (why === UNKNOWN_EXPORTER) this.nameExporter();
      else if (why === NEW_NAME) this.tellName(this.rows + 1);
      else if (why === OPEN_CELL) return -(at - base) - 1;
      else if (why !== FULL) return at - base;
    }
  }

  /** Has the kernel read rows of [at, end), of which the first is one for sure with `isRow`. */
  protected readRows(at: number, end: number, isRow: boolean): void {
    const { calls } = this.kernel;
    calls.readTable(at, end, isRow, this.writer.rowAt, this.writer.room, this.rows);
  }

  /** Tells the kernel how rows are cut, and what their columns mean. */
  protected plan(): void {
    const { calls, bytes } = this.kernel;
    const { delimiter, isQuoted, roles, durationUnitUs = 1e6 } = this.layout;
    // Up to the last that means something.
    const columns = Math.min(roles.findLastIndex((role) => role !== Column.SKIP) + 1, MOST_COLUMNS);
    bytes.set(roles.subarray(0, columns), AT.roles);
    let at = AT.nothings;
    const last = at + RECORDS_MEMORY.bytes.nothings - 1;
    for (const text of this.emptyTexts) {
      if (text.length === 0 || text.length > 255 || at + 1 + text.length > last) continue;
      bytes[at] = text.length;
      bytes.set(text, at + 1);
      at += 1 + text.length;
    }
    bytes[at] = 0;
    const marker = this.marker === NONE ? NO_BYTE : this.marker;
    const headerByte = this.header.length > 0 ? this.header[0] : NO_BYTE;
    calls.beginTable(delimiter, isQuoted, columns, marker, headerByte);
    calls.useRules(rulesOf(this.told), durationUnitUs / 1e6);
    calls.setDayFirst(this.time.order === 'day-first');
    this.kernel.plan = this;
  }
}

/** Offset behind the last line end in [from, to), or `from`. */
function lastLineEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = to;
  while (at > from && bytes[at - 1] !== LF) at--;
  return at;
}
