/**
 * Rows of a table to flow records: cells between delimiters, quoted as RFC 4180 has it where the format quotes, CRLF
 * and LF in any mixture. Which column means what is settled when a header comes; after that bytes become numbers
 * where they lie. Cells that are empty, `-` or `(empty)` say nothing.
 *
 * HOT: `row` and `cell` run for every row and column. No strings, no objects, nothing allocated.
 */

import {
  type ByteLayer,
  type FlowSink,
  IP_BYTES,
  ORIGINATOR_DESTINATION,
  ORIGINATOR_SOURCE,
  ORIGINATOR_UNKNOWN,
} from '../../flows/flow-record.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { roleName } from './column-map.ts';
import { HistoryCell } from './count-cell.ts';
import * as Column from './roles.ts';
import { ROW_LIMIT, RowReader } from './row-reader.ts';
import { fourTimes, wordEnd } from './words.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN = 0x28;
const MINUS = 0x2d;
const NONE = -1;
/** Of a line that is read as text. */
const LINE_LIMIT = 64 * 1024;

const ADDRESSES = (1 << Column.SOURCE) | (1 << Column.DESTINATION);
const PORTS = (1 << Column.SOURCE_PORT) | (1 << Column.DESTINATION_PORT);
/** Cells that hold nonsense spoil the row; in other columns they only say nothing. */
const SPOILING =
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
  /** Microseconds that 1 in the column of durations stands for; a second where absent. */
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
  /** The delimiter four times. */
  private delimiters = 0;
  private isQuoted = false;
  private roles: Uint8Array = new Uint8Array(0);
  /** The block in hand, for what is read four bytes at a time. */
  private viewed: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  /** Columns up to the last that means something. */
  private columns = 0;
  private isSkippingLine = false;
  /** What `state` said; null since a line that is no row. */
  private stated: string | null = null;
  private isAtStart = true;
  /** True once a layout is known; until then lines go to `line`. */
  protected hasLayout = false;
  protected isDead = false;

  protected readonly history = new HistoryCell();
  private readonly byteLayer: ByteLayer;
  private readonly samplingInterval: number;
  private readonly isScaled: boolean;
  private readonly originator: number;
  private header: Uint8Array = new Uint8Array(0);
  /** Byte that begins a line which is no row, once a layout is known; NONE where every line is a row. */
  protected marker = NONE;
  /** Further texts of cells that say nothing, where a file names its own. */
  protected nothings: readonly Uint8Array[] = [];

  /** Of the row in hand: columns that said something, columns that held nonsense. */
  protected got = 0;
  protected bad = 0;
  private hasPacketSource = false;
  private hasPacketDestination = false;
  private durationUnit = 1;
  /** The first four bytes of the STATUS cell, the first one lowest. */
  protected status = 0;

  constructor(sink: FlowSink, options: FlowReadOptions, facts: TableFacts = {}) {
    super(sink, options);
    this.byteLayer = facts.byteLayer ?? IP_BYTES;
    const stated = facts.samplingInterval ?? 0;
    this.samplingInterval = stated > 0 ? stated : (options.samplingInterval ?? 0);
    this.isScaled = facts.isScaled ?? false;
    this.originator = facts.originator ?? ORIGINATOR_UNKNOWN;
  }

  /**
   * A line before the layout is known, a copy of the header, or one that begins with `marker`; without its line end.
   * False where it is a row of the layout that is known by now.
   */
  protected abstract line(text: string, at: number): boolean;

  /** Puts right what the format knows of a row; false where it is no flow. */
  protected abstract complete(at: number): boolean;

  /** Reads rows in this layout from now on; `header` is a line that may come again where files were joined. */
  protected use(layout: TableLayout, header = ''): void {
    this.delimiter = layout.delimiter;
    this.delimiters = fourTimes(layout.delimiter);
    this.isQuoted = layout.isQuoted;
    this.durationUnit = (layout.durationUnitUs ?? 1e6) / 1e6;
    this.roles = layout.roles;
    this.columns = 0;
    for (let column = 0; column < layout.roles.length; column++) {
      if (layout.roles[column] !== Column.SKIP) this.columns = column + 1;
    }
    this.hasLayout = true;
    this.header = Buffer.from(header);
  }

  /** The layout lacks columns: rows are counted, not read. */
  protected lacks(missing: readonly Column.Role[], at: number): void {
    this.damage.add('missing-column', this.blockOffset + at, missing.length);
    if (this.missingColumns.length === 0) this.missingColumns.push(...missing.map(roleName));
    this.hasLayout = true;
    this.isDead = true;
  }

  override state(): string | null {
    if (this.isSkippingLine || !this.hasLayout) return null;
    if (this.stated !== null) return `${this.clockState()} ${this.stated}`;
    const { isDead, delimiter, isQuoted, roles, header, nothings, missingColumns, durationUnit } = this;
    const layout = [
      isDead,
      delimiter,
      isQuoted,
      [...roles],
      [...header],
      nothings,
      missingColumns,
      durationUnit,
    ];
    this.stated = JSON.stringify([...layout, this.settings()]);
    return `${this.clockState()} ${this.stated}`;
  }

  /** Names stand in tables of other columns. */
  override get isNameless(): boolean {
    return true;
  }

  /** What a format keeps from line to line besides. */
  protected settings(): readonly unknown[] {
    return [];
  }

  consume(bytes: Uint8Array, from: number, to: number): number {
    this.look(bytes);
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
        this.rows--; // counted again when it is whole
        // A quoted cell that goes on: wait for its end, but not for ever.
        if (to - at < ROW_LIMIT) return at;
        at = this.giveUp(bytes, at);
      } else at = next;
    }
    if (to - at < ROW_LIMIT) return at;
    this.damage.refuse('long-line', this.blockOffset + at, to - at);
    this.rows++;
    this.isSkippingLine = true;
    return to;
  }

  finish(bytes: Uint8Array, from: number, to: number): void {
    if (from === to || this.isSkippingLine) return;
    this.look(bytes);
    bytes[to] = LF;
    this.isAtStart = false;
    let at = from;
    while (at <= to) {
      const next = this.next(bytes, at, to + 1);
      if (next < 0) this.rows--;
      at = next < 0 ? this.giveUp(bytes, at) : next;
    }
  }

  private look(bytes: Uint8Array): void {
    if (this.viewed === bytes) return;
    this.viewed = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** A quoted cell without end: the line counts as broken, the next one begins anew. */
  private giveUp(bytes: Uint8Array, at: number): number {
    const end = bytes.indexOf(LF, at) + 1;
    this.damage.refuse('bad-row', this.blockOffset + at, end - at);
    this.rows++;
    return end;
  }

  /** One line or row; returns the offset behind it, or -1 where its end is not in sight. */
  private next(bytes: Uint8Array, at: number, end: number): number {
    const first = bytes[at];
    if (first === LF || (first === CR && bytes[at + 1] === LF)) return first === LF ? at + 1 : at + 2;
    if (this.hasLayout && first !== this.marker && !this.isHeader(bytes, at))
      return this.dataRow(bytes, at, end);
    this.stated = null;
    const lineEnd = bytes.indexOf(LF, at);
    const length = Math.min(lineEnd - at, LINE_LIMIT);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('utf8');
    return this.line(text.endsWith('\r') ? text.slice(0, -1) : text, at)
      ? lineEnd + 1
      : this.dataRow(bytes, at, end);
  }

  private isHeader(bytes: Uint8Array, at: number): boolean {
    const header = this.header;
    let length = 0;
    while (length < header.length && bytes[at + length] === header[length]) length++;
    return length > 0 && length === header.length;
  }

  private dataRow(bytes: Uint8Array, at: number, end: number): number {
    if (!this.isDead) return this.row(bytes, at, end);
    this.rows++;
    const next = bytes.indexOf(LF, at) + 1;
    this.damage.refuse('unread-flow', this.blockOffset + at, next - at);
    return next;
  }

  private row(bytes: Uint8Array, from: number, end: number): number {
    const roles = this.roles;
    const delimiter = this.delimiter;
    const isQuoted = this.isQuoted;
    const columns = this.columns;
    this.begin();
    let at = from;
    let got = 0;
    let byte = 0;
    for (let column = 0; column < columns; column++) {
      const role = roles[column];
      byte = bytes[at];
      if (isQuoted && byte === QUOTE) {
        const close = closingQuote(bytes, at + 1, end);
        if (close < 0) return -1;
        if (role !== Column.SKIP) this.odd(role, bytes, at + 1, QUOTE);
        at = close;
        byte = bytes[at];
        if (byte !== delimiter && byte !== LF && byte !== CR) this.bad |= 1 << role;
      } else if (role !== Column.SKIP) {
        let stop = -1;
        if (role >= Column.SOURCE_PORT) {
          // Up to nine digits fit a 32-bit word, which costs less than the general way.
          let value = byte - 48;
          if (value >>> 0 <= 9) {
            stop = at + 1;
            for (let digit = bytes[stop] - 48; digit >>> 0 <= 9; digit = bytes[++stop] - 48) {
              value = (Math.imul(value, 10) + digit) | 0;
            }
            if (stop - at <= 9) this.setCount(role, value);
            else stop = -1;
          }
        } else stop = this.cell(role, bytes, at);
        if (stop >= 0 && (bytes[stop] === delimiter || bytes[stop] === LF)) {
          got |= 1 << role;
          at = stop;
        } else at = this.odd(role, bytes, at, delimiter);
        byte = bytes[at];
      }
      while (byte !== delimiter && byte !== LF) byte = bytes[++at];
      at++;
      if (byte === LF) break;
    }
    if (byte !== LF) {
      if (isQuoted) at = quotedRowEnd(bytes, at, end, delimiter);
      else while (bytes[at++] !== LF);
      if (at < 0) return -1;
    }
    this.got |= got;
    if (!this.end(from)) this.damage.refusedBytes += at - from;
    return at;
  }

  private begin(): void {
    const record = this.record;
    record.clear();
    record.byteLayer = this.byteLayer;
    record.samplingInterval = this.samplingInterval;
    record.isScaled = this.isScaled;
    record.originator = this.originator;
    this.rows++;
    this.got = 0;
    this.bad = 0;
    this.status = 0;
    this.hasPacketSource = false;
    this.hasPacketDestination = false;
  }

  /** A cell that is quoted, padded, without a value or broken; returns an offset in or behind it. */
  private odd(role: Column.Role, bytes: Uint8Array, from: number, ender: number): number {
    const blank = ender === SPACE ? NONE : SPACE;
    let at = from;
    while (bytes[at] === blank) at++;
    const stop = this.cell(role, bytes, at);
    let behind = stop < 0 ? at : stop;
    if (stop < 0 && bytes[at] === MINUS) behind++;
    while (bytes[behind] === blank) behind++;
    const byte = bytes[behind];
    if (byte === ender || byte === LF || byte === CR) {
      if (stop >= 0) this.got |= 1 << role;
      return behind;
    }
    const isEmpty = bytes[at] === OPEN && bytes[at + 1] === 0x65; // (empty)
    if (!isEmpty && !this.saysNothing(bytes, at, ender)) this.bad |= 1 << role;
    return at;
  }

  private saysNothing(bytes: Uint8Array, at: number, ender: number): boolean {
    return this.nothings.some((text) => {
      let same = 0;
      while (same < text.length && bytes[at + same] === text[same]) same++;
      const behind = bytes[at + same];
      return same === text.length && (behind === ender || behind === LF || behind === CR);
    });
  }

  /** Decodes one cell into the record; returns the offset behind it, or -1. */
  private cell(role: Column.Role, bytes: Uint8Array, at: number): number {
    const record = this.record;
    const count = this.count;
    let stop: number;
    switch (role) {
      case Column.START:
        stop = this.time.readEpoch(this.view, at);
        if (stop < 0) stop = this.time.read(bytes, at);
        if (stop >= 0) record.startUs = this.time.timeUs;
        return stop;
      case Column.END:
        stop = this.time.readEpoch(this.view, at);
        if (stop < 0) stop = this.time.read(bytes, at);
        if (stop >= 0) record.endUs = this.time.timeUs;
        return stop;
      case Column.DURATION:
        stop = this.time.readSpan(bytes, at);
        this.facts.durationUs = Math.round(this.time.timeUs * this.durationUnit);
        return stop;
      case Column.DAY:
        stop = this.time.readDay(bytes, at);
        this.facts.dayUs = this.time.timeUs;
        return stop;
      case Column.END_DAY:
        stop = this.time.readDay(bytes, at);
        this.facts.endDayUs = this.time.timeUs;
        return stop;
      case Column.CLOCK:
        stop = this.time.readClock(bytes, at);
        this.facts.clockUs = this.time.timeUs;
        // A column of whole times beside one of dates.
        if (stop < 0) return this.cell(Column.START, bytes, at);
        return stop;
      case Column.END_CLOCK:
        stop = this.time.readClock(bytes, at);
        this.facts.endClockUs = this.time.timeUs;
        if (stop < 0) return this.cell(Column.END, bytes, at);
        return stop;
      case Column.SOURCE:
        stop = this.address.read(bytes, at);
        if (stop >= 0 && !this.hasPacketSource) this.setSource();
        return stop;
      case Column.DESTINATION:
        stop = this.address.read(bytes, at);
        if (stop >= 0 && !this.hasPacketDestination) this.setDestination();
        return stop;
      case Column.PACKET_SOURCE:
        stop = this.address.read(bytes, at);
        this.hasPacketSource = stop >= 0;
        if (stop >= 0) this.setSource();
        return stop;
      case Column.PACKET_DESTINATION:
        stop = this.address.read(bytes, at);
        this.hasPacketDestination = stop >= 0;
        if (stop >= 0) this.setDestination();
        return stop;
      case Column.PROTOCOL:
        stop = count.readProtocol(bytes, at);
        if (stop >= 0) record.protocol = count.value;
        return stop;
      case Column.TCP_FLAGS:
        stop = count.readFlags(bytes, at);
        if (stop >= 0) record.tcpFlags = count.value & 0xff;
        return stop;
      case Column.REVERSE_TCP_FLAGS:
        stop = count.readFlags(bytes, at);
        if (stop >= 0) record.reverseTcpFlags = count.value & 0xff;
        return stop;
      case Column.ACTION:
        record.isDenied = isRefusal(bytes[at], bytes[at + 1], bytes[at + 2]);
        return wordEnd(this.view, at, this.delimiters);
      case Column.EXPORTER:
        stop = wordEnd(this.view, at, this.delimiters);
        if (stop > at) record.exporter = this.sensors.of(this.view, at, stop, this.blockOffset + at);
        return stop;
      case Column.HISTORY:
        return this.history.read(bytes, at);
      case Column.STATUS:
        this.status = this.view.getInt32(at, true);
        return wordEnd(this.view, at, this.delimiters);
      case Column.ARROW:
        return this.arrow(bytes, at);
      default:
        return this.counter(role, bytes, at);
    }
  }

  private counter(role: Column.Role, bytes: Uint8Array, at: number): number {
    const stop = this.count.read(bytes, at);
    if (stop < 0) return -1;
    if (role === Column.SOURCE_PORT) this.record.sourcePort = this.count.value;
    else if (role === Column.DESTINATION_PORT) this.record.destinationPort = this.count.value;
    else if (this.count.isFractional) return -1;
    else this.setCount(role, this.count.value);
    return stop;
  }

  private setCount(role: Column.Role, value: number): void {
    const record = this.record;
    switch (role) {
      case Column.SOURCE_PORT:
        record.sourcePort = value;
        return;
      case Column.DESTINATION_PORT:
        record.destinationPort = value;
        return;
      case Column.PACKETS:
        record.packets = value;
        return;
      case Column.BYTES:
        record.bytes = value;
        return;
      case Column.REVERSE_PACKETS:
        record.reversePackets = value;
        return;
      case Column.REVERSE_BYTES:
        record.reverseBytes = value;
        return;
      case Column.SAMPLING:
        record.samplingInterval = value > 0xffffffff ? 0 : value;
        return;
      case Column.PAYLOAD:
        this.facts.payload = value;
        return;
      case Column.TOTAL_PACKETS:
        this.facts.totalPackets = value;
        return;
      case Column.TOTAL_BYTES:
        this.facts.totalBytes = value;
        return;
      default:
        this.facts.reversePayload = value;
    }
  }

  /** `->` and `<-` say who opened the connection; with a `?` Argus does not know. */
  private arrow(bytes: Uint8Array, at: number): number {
    let stop = at;
    let isGuess = false;
    let left = false;
    let right = false;
    for (; ; stop++) {
      const byte = bytes[stop];
      if (byte === 0x3f) isGuess = true;
      else if (byte === 0x3c) left = true;
      else if (byte === 0x3e) right = true;
      else if (byte !== MINUS && byte !== 0x6f && byte !== 0x7c) break;
    }
    if (!isGuess && left !== right) {
      this.record.originator = right ? ORIGINATOR_SOURCE : ORIGINATOR_DESTINATION;
    }
    return stop;
  }

  /** Judges a whole row and hands it on; false where it is refused. */
  private end(from: number): boolean {
    const record = this.record;
    const got = this.got;
    if (!this.complete(from)) return true;
    // Without a port, or with a fraction for one, only ICMP is well-formed.
    const hasPorts = record.protocol === 6 || record.protocol === 17;
    const badPorts =
      hasPorts && ((this.bad & PORTS) !== 0 || record.sourcePort > 0xffff || record.destinationPort > 0xffff);
    if (badPorts || (this.bad & SPOILING) !== 0) {
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
    this.facts.settle(record, got, this.time);
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

/** Offset of the quote that ends a quoted cell; doubled ones are part of it. -1 where it does not end before `end`. */
function closingQuote(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (bytes[at] !== QUOTE) continue;
    if (bytes[at + 1] !== QUOTE) return at + 1;
    at++;
  }
  return -1;
}

/** Offset behind the row whose next cell begins at `from`; -1 where it does not end before `end`. */
function quotedRowEnd(bytes: Uint8Array, from: number, end: number, delimiter: number): number {
  for (let at = from; ; at++) {
    if (bytes[at] === QUOTE) {
      at = closingQuote(bytes, at + 1, end);
      if (at < 0) return -1;
    }
    while (bytes[at] !== delimiter && bytes[at] !== LF) at++;
    if (bytes[at] === LF) return at + 1;
  }
}

/** REJECT, deny, drop, block, refuse and D: what firewalls call it, by the letters that tell them from the others. */
function isRefusal(first: number, second: number, third: number): boolean {
  const one = first | 32;
  const two = second | 32;
  if (one === 0x64) return two !== 0x6e || (third | 32) !== 0x61; // deny, drop, discard, denied, D; not dnat
  if (one === 0x62) return two === 0x6c; // block, not bypass
  return one === 0x72 && two === 0x65 && ((third | 32) === 0x6a || (third | 32) === 0x66); // reject, refused
}
