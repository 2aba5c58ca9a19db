/**
 * Rows of a table to flow records: the kernel reads cells by a plan of the columns (kernel/records/table.ts), here it is
 * decided which plan applies, and what a row means as a whole. A header decides which column means what.
 *
 * HOT: `take` and `end` run for every row. Nothing allocated.
 */

import type { BatchWriter } from '../../batch/batches.ts';
import { ROW_DOUBLES, readRow, writeRow } from '../../batch/record-row.ts';
import {
  type ByteLayer,
  IP_BYTES,
  type ORIGINATOR_SOURCE,
  ORIGINATOR_UNKNOWN,
} from '../../flows/flow-record.ts';
import {
  MOST_COLUMNS,
  NOTHINGS_AT,
  NOTHINGS_BYTES,
  ROLES_AT,
  TABLE_ROW_AT,
  TEMPLATE_AT,
} from '../../kernel/records/memory.ts';
import { FULL, ODD, OPEN_CELL } from '../../kernel/records/why.ts';
import { limits } from '../../limits.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { roleName } from './column-map.ts';
import * as Column from './roles.ts';
import { RowReader } from './row-reader.ts';

const LF = 0x0a;
const CR = 0x0d;
const NONE = -1;
/** Of a line that is read as text. */
const LINE_LIMIT = 64 * 1024;

const ADDRESSES = (1 << Column.SOURCE) | (1 << Column.DESTINATION);
const PORTS = (1 << Column.SOURCE_PORT) | (1 << Column.DESTINATION_PORT);
// What the kernel leaves of a row behind what every record has (TableRow in kernel/records/table.ts). Doubles: 16
// duration | 17 payload | 18 payload back | 19 packets, 20 bytes of both | 21 day | 22 clock | 23 and 24 of the end.
// Words: 50 line | 51 columns that said something | 52 that held nonsense | 53 status | 57 and 58 marks of start and end
// | 59 hash of the exporter | 60 and 61 its text | 62 next line.
const ROW_BYTES = 256;
/** What stands for no byte. */
const NO_BYTE = 256;

/** Cells that hold nonsense spoil the row; in other columns they only say nothing. */
const MUST_BE_VALID =
  ADDRESSES |
  (1 << Column.PACKETS) |
  (1 << Column.BYTES) |
  (1 << Column.REVERSE_PACKETS) |
  (1 << Column.REVERSE_BYTES) |
  (1 << Column.PAYLOAD) |
  (1 << Column.REVERSE_PAYLOAD) |
  (1 << Column.TOTAL_PACKETS) |
  (1 << Column.TOTAL_BYTES);

/** How a table is cut into cells, and what its columns mean. */
export interface TableLayout {
  /** One byte. */
  readonly delimiter: number;
  readonly isQuoted: boolean;
  readonly roles: Uint8Array;
  /** Microseconds that 1 in the column of durations stands for; a second if absent. */
  readonly durationUnitUs?: number;
}

/** What holds for every row of a format. */
export interface TableFacts {
  readonly byteLayer?: ByteLayer;
  readonly samplingInterval?: number;
  readonly isScaled?: boolean;
  readonly originator?: typeof ORIGINATOR_UNKNOWN | typeof ORIGINATOR_SOURCE;
}

export abstract class TableReader extends RowReader {
  private delimiter = 0;
  private isQuoted = false;
  private roles: Uint8Array = new Uint8Array(0);
  /** Columns up to the last that means something. */
  private columns = 0;
  private isSkippingLine = false;
  private isAtStart = true;
  /** True once a layout is known; until then lines go to `line`. */
  protected hasLayout = false;
  protected isDead = false;

  private readonly rowAt: number;

  protected byteLayer: ByteLayer;
  private readonly samplingInterval: number;
  private readonly isScaled: boolean;
  private readonly originator: number;
  private header: Uint8Array = new Uint8Array(0);
  /** Byte that begins a line which is not a row, once a layout is known; NONE if every line is a row. */
  protected marker = NONE;
  /** Further texts of cells that say nothing, if a file names its own. */
  protected emptyTexts: readonly Uint8Array[] = [];

  /** Of the row in hand: columns that said something, columns that held nonsense. */
  protected got = 0;
  protected bad = 0;
  private durationUnit = 1;
  /** The first four bytes of the STATUS cell, the first one lowest. */
  protected status = 0;
  /** Byte with which the STATUS of a flow begins; 0 if any does. */
  protected flowStatus = 0;
  /** Nothing in the other direction may mean that it is not known. */
  protected isNoAnswerOdd = false;

  constructor(writer: BatchWriter, options: FlowReadOptions, facts: TableFacts = {}) {
    super(writer, options);
    this.rowAt = TABLE_ROW_AT;
    this.kernel.calls.clearSensors();
    this.byteLayer = facts.byteLayer ?? IP_BYTES;
    const stated = facts.samplingInterval ?? 0;
    this.samplingInterval = stated > 0 ? stated : (options.samplingInterval ?? 0);
    this.isScaled = facts.isScaled ?? false;
    this.originator = facts.originator ?? ORIGINATOR_UNKNOWN;
  }

  /**
   * A line before the layout is known, a copy of the header, or one that begins with `marker`; without its line end.
   * False if it is a row of the layout that is known by now.
   */
  protected abstract line(text: string, at: number): boolean;

  /** Puts right what the format knows of a row that is not plain to the kernel; false if it is no flow. */
  protected complete(_at: number): boolean {
    return true;
  }

  /** Reads rows in this layout from now on; `header` is a line that may come again if files were joined. */
  protected use(layout: TableLayout, header = ''): void {
    this.delimiter = layout.delimiter;
    this.isQuoted = layout.isQuoted;
    this.durationUnit = (layout.durationUnitUs ?? 1e6) / 1e6;
    this.roles = layout.roles;
    this.columns = 0;
    for (let column = 0; column < layout.roles.length; column++) {
      if (layout.roles[column] !== Column.SKIP) this.columns = column + 1;
    }
    this.hasLayout = true;
    this.header = Buffer.from(header);
    this.kernel.plan = null;
  }

  /** The layout lacks columns: rows are counted, not read. */
  protected lacks(missing: readonly Column.Role[], at: number): void {
    this.damage.add('missing-column', this.blockOffset + at, missing.length);
    if (this.missingColumns.length === 0) this.missingColumns.push(...missing.map(roleName));
    this.hasLayout = true;
    this.isDead = true;
  }

  consume(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    if (this.isAtStart && to - from >= 3) {
      this.isAtStart = false;
      if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
    }
    if (this.isSkippingLine) {
      const lineEnd = bytes.indexOf(LF, at);
      const hasEnd = lineEnd >= 0 && lineEnd < to;
      this.damage.refusedBytes += (hasEnd ? lineEnd + 1 : to) - at;
      if (!hasEnd) return to;
      at = lineEnd + 1;
      this.isSkippingLine = false;
    }
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
    const isTaken = this.line(text.endsWith('\r') ? text.slice(0, -1) : text, at);
    this.kernel.plan = null;
    return isTaken ? lineEnd + 1 : this.dataRows(bytes, at, end);
  }

  private isHeader(bytes: Uint8Array, at: number): boolean {
    const header = this.header;
    let length = 0;
    while (length < header.length && bytes[at + length] === header[length]) length++;
    return length > 0 && length === header.length;
  }

  /** Rows, of which the first is one for sure. */
  private dataRows(bytes: Uint8Array, from: number, end: number): number {
    if (this.isDead) {
      this.rows++;
      const next = bytes.indexOf(LF, from) + 1;
      this.damage.refuse('unread-flow', this.blockOffset + from, next - from);
      return next;
    }
    const { kernel, writer } = this;
    const { calls } = kernel;
    if (kernel.plan !== this) this.plan();
    const base = bytes.byteOffset;
    for (let at = base + from, isRow = true; ; isRow = false) {
      const rowsAt = writer.row * ROW_DOUBLES * 8;
      calls.readTable(at, base + end, isRow, rowsAt, writer.room, this.rows);
      this.takePlain();
      at = calls.tableAt.value;
      const why = calls.tableWhy.value;
      if (why === ODD) this.take(base);
      else if (why === OPEN_CELL) return -(at - base) - 1;
      else if (why !== FULL) return at - base;
    }
  }

  /** Counts the rows that the kernel has made or counted by itself. */
  private takePlain(): void {
    const { calls } = this.kernel;
    this.rows += calls.tablePassed.value;
    const made = calls.tableRows.value;
    const all = made + calls.tableCounted.value;
    if (all === 0) return;
    this.writer.wrote(made);
    this.heard(calls.tableFirstUs.value, calls.tableLastUs.value, all);
  }

  /** Tells the kernel how rows are cut, and what their columns mean. */
  private plan(): void {
    const { calls, bytes, numbers, words } = this.kernel;
    const columns = Math.min(this.columns, MOST_COLUMNS);
    bytes.set(this.roles.subarray(0, columns), ROLES_AT);
    let at = NOTHINGS_AT;
    const last = at + NOTHINGS_BYTES - 1;
    for (const text of this.emptyTexts) {
      if (text.length === 0 || text.length > 255 || at + 1 + text.length > last) continue;
      bytes[at] = text.length;
      bytes.set(text, at + 1);
      at += 1 + text.length;
    }
    bytes[at] = 0;
    const { record } = this;
    record.clear();
    record.byteLayer = this.byteLayer;
    record.samplingInterval = this.samplingInterval;
    record.isScaled = this.isScaled;
    record.originator = this.originator;
    const template = TEMPLATE_AT;
    bytes.fill(0, template, template + ROW_BYTES);
    writeRow(numbers, words, template / (ROW_BYTES / 2), record);
    const marker = this.marker === NONE ? NO_BYTE : this.marker;
    const headerByte = this.header.length > 0 ? this.header[0] : NO_BYTE;
    calls.beginTable(
      this.delimiter,
      this.isQuoted,
      columns,
      marker,
      headerByte,
      this.durationUnit,
      this.flowStatus,
      this.isNoAnswerOdd,
    );
    calls.setDayFirst(this.time.isDayFirst);
    this.kernel.plan = this;
  }

  /** Hands on the row that the kernel has in hand, of a block that begins at `base` of its memory. */
  private take(base: number): void {
    const { numbers, words } = this.kernel;
    const { record, facts, time } = this;
    const at = this.rowAt;
    const d = at / 8;
    const w = at / 4;
    readRow(numbers, words, at / (ROW_BYTES / 2), record);
    this.got = words[w + 51];
    this.bad = words[w + 52];
    this.status = words[w + 53];
    record.startUs = time.taken(record.startUs, words[w + 57]);
    record.endUs = time.taken(record.endUs, words[w + 58]);
    facts.durationUs = Math.round(numbers[d + 16] * this.durationUnit);
    facts.payload = numbers[d + 17];
    facts.reversePayload = numbers[d + 18];
    facts.totalPackets = numbers[d + 19];
    facts.totalBytes = numbers[d + 20];
    facts.dayUs = numbers[d + 21];
    facts.clockUs = numbers[d + 22];
    facts.endDayUs = numbers[d + 23];
    facts.endClockUs = numbers[d + 24];
    const line = words[w + 50] - base;
    const exporter = words[w + 60];
    if (exporter !== 0) {
      const inputAt = this.blockOffset + exporter - base;
      record.exporter = this.sensors.ofHash(words[w + 59], exporter, words[w + 61], inputAt);
      // What is not kept is counted again and again.
      if (record.exporter !== 0) {
        this.writer.meet(record.exporter);
        this.kernel.calls.meetSensor(words[w + 59], record.exporter);
      }
    }
    if (!this.end(line)) this.damage.refusedBytes += words[w + 62] - base - line;
  }

  /** Judges a whole row and hands it on; false if it is refused. */
  private end(from: number): boolean {
    const record = this.record;
    const got = this.got;
    if (!this.complete(from)) return true;
    // Without a port, or with a fraction for one, only ICMP is well-formed.
    const hasPorts = record.protocol === 6 || record.protocol === 17;
    const badPorts =
      hasPorts && ((this.bad & PORTS) !== 0 || record.sourcePort > 0xffff || record.destinationPort > 0xffff);
    if (badPorts || (this.bad & MUST_BE_VALID) !== 0) {
      this.damage.add('bad-row', this.blockOffset + from);
      return false;
    }
    if ((got & ADDRESSES) !== ADDRESSES) {
      this.damage.add('unread-flow', this.blockOffset + from);
      return false;
    }
    if ((this.bad & (1 << Column.START)) !== 0) record.startUs = Number.NaN;
    if ((this.bad & (1 << Column.END)) !== 0) record.endUs = Number.NaN;
    if (record.sourcePort > 0xffff) record.sourcePort = 0;
    if (record.destinationPort > 0xffff) record.destinationPort = 0;
    this.facts.finish(record, got, this.time);
    this.deliver(from);
    return true;
  }
}

/** Offset behind the last line end in [from, to), or `from`. */
function lastLineEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = to;
  while (at > from && bytes[at - 1] !== LF) at--;
  return at;
}
