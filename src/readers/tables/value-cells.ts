/**
 * Values of columns that are decoded already (Parquet, JSON) to a row: numbers, big integers, text as strings or
 * bytes. Text goes through the same cells as in tables.
 */

import { AWS_STATUS } from '../../kernel/records/rules.ts';
import type { BatchWriter } from '../../rows/batches.ts';
import type { RecordsKernel } from '../../rows/records-kernel.ts';
import { AT } from '../../schema/records-memory.ts';
import { CountCell } from './count-cell.ts';
import type { Ordinals } from './ordinals.ts';
import * as Column from './roles.ts';
import type { TimeCell } from './time-cell.ts';

const TEXT_LIMIT = 255;
const MAPPED = 0xffff;

/** No port is this high: the row is broken (kernel/records/compose.ts). */
const NO_PORT = 0x10000;
/** Counters of the row, by role. */
const COUNTS = new Map([
  [Column.PACKETS, 'packets'],
  [Column.BYTES, 'bytes'],
  [Column.REVERSE_PACKETS, 'reversePackets'],
  [Column.REVERSE_BYTES, 'reverseBytes'],
  [Column.SAMPLING, 'samplingInterval'],
  [Column.PAYLOAD, 'payload'],
  [Column.REVERSE_PAYLOAD, 'reversePayload'],
  [Column.TOTAL_PACKETS, 'totalPackets'],
  [Column.TOTAL_BYTES, 'totalBytes'],
] as const);

function isSource(role: Column.Role): boolean {
  return role === Column.SOURCE || role === Column.PACKET_SOURCE;
}

export class ValueCells {
  readonly #kernel: RecordsKernel;
  readonly #writer: BatchWriter;
  readonly #time: TimeCell;
  readonly #sensors: Ordinals;
  readonly #count: CountCell;
  readonly #row: RecordsKernel['row'];
  /** Of the kernel's memory. */
  readonly #text: Uint8Array;
  #got = 0;
  #bad = 0;

  constructor(writer: BatchWriter, time: TimeCell, sensors: Ordinals) {
    const { kernel } = writer;
    this.#kernel = kernel;
    this.#writer = writer;
    this.#count = new CountCell(kernel);
    this.#row = kernel.row;
    this.#text = kernel.bytes.subarray(AT.text, AT.text + TEXT_LIMIT + 1);
    this.#time = time;
    this.#sensors = sensors;
  }

  /** Columns to come mean this; 1 in the column of durations stands for so many microseconds. */
  use(roles: Uint8Array, durationUnitUs: number): void {
    const isAws = roles.includes(Column.STATUS);
    this.#kernel.calls.useRules(isAws ? AWS_STATUS : 0, durationUnitUs / 1e6);
  }

  /** A row begins, of packets sampled like this. */
  begin(samplingInterval: number): void {
    this.#kernel.calls.beginRow();
    this.#row.samplingInterval = samplingInterval;
    this.#got = 0;
    this.#bad = 0;
  }

  /** The row is full. */
  end(): void {
    this.#row.got = this.#got;
    this.#row.bad = this.#bad;
  }

  /** What a column of the row holds; null and undefined hold nothing. */
  put(role: Column.Role, value: unknown): void {
    if (value === undefined || value === null) return;
    if (this.#set(role, value)) this.#got |= 1 << role;
    else if (this.#word(value) !== '' && this.#word(value) !== '-') this.#bad |= 1 << role;
  }

  /** The address that a column of the row holds: the four words that stand there. */
  putAddress(role: Column.Role, words: Int32Array, first: number): void {
    this.#setAddress(role, words[first], words[first + 1], words[first + 2], words[first + 3]);
    this.#got |= 1 << role;
  }

  #setAddress(role: Column.Role, word0: number, word1: number, word2: number, word3: number): void {
    const row = this.#row;
    if (isSource(role)) {
      row.source0 = word0;
      row.source1 = word1;
      row.source2 = word2;
      row.source3 = word3;
    } else {
      row.destination0 = word0;
      row.destination1 = word1;
      row.destination2 = word2;
      row.destination3 = word3;
    }
  }

  /** Sets what a column holds; false if it is nothing of that kind. */
  #set(role: Column.Role, value: unknown): boolean {
    const row = this.#row;
    switch (role) {
      case Column.START:
        row.startUs = this.#timeUs(value);
        return !Number.isNaN(row.startUs);
      case Column.END:
        row.endUs = this.#timeUs(value);
        return !Number.isNaN(row.endUs);
      case Column.DURATION:
        return this.#setDuration(value);
      case Column.DAY:
        return this.#setDay(value, 'dayUs');
      case Column.END_DAY:
        return this.#setDay(value, 'endDayUs');
      case Column.CLOCK:
        return this.#setClock(value, false);
      case Column.END_CLOCK:
        return this.#setClock(value, true);
      case Column.SOURCE:
      case Column.PACKET_SOURCE:
      case Column.DESTINATION:
      case Column.PACKET_DESTINATION:
        return this.#readAddress(role, value);
      case Column.PROTOCOL:
        row.protocol =
          typeof value === 'object' || typeof value === 'string'
            ? this.#protocol(value)
            : this.#number(value);
        return row.protocol >= 0;
      case Column.TCP_FLAGS:
        row.tcpFlags = this.#flags(value);
        return true;
      case Column.REVERSE_TCP_FLAGS:
        row.reverseTcpFlags = this.#flags(value);
        return true;
      case Column.HISTORY:
      case Column.ARROW:
        return false;
      case Column.ACTION:
        if (this.#isRefusal(value)) row.isDenied = 1;
        return true;
      case Column.STATUS:
        row.status = Buffer.from(this.#word(value).padEnd(4, '\0')).readInt32LE();
        return true;
      case Column.EXPORTER:
        row.exporter = this.#sensors.of(this.#text, 0, this.#load(value), 0);
        this.#writer.meet(row.exporter);
        return true;
      default:
        return this.#setCount(role, this.#number(value));
    }
  }

  #setCount(role: Column.Role, value: number): boolean {
    if (!(value >= 0)) return false;
    const row = this.#row;
    if (role === Column.SOURCE_PORT) row.sourcePort = Math.min(value, NO_PORT);
    else if (role === Column.DESTINATION_PORT) row.destinationPort = Math.min(value, NO_PORT);
    else {
      const name = COUNTS.get(role);
      if (name !== undefined) row[name] = role === Column.SAMPLING && value > 0xffffffff ? 0 : value;
    }
    return true;
  }

  #setDuration(value: unknown): boolean {
    let us = Number.NaN;
    if (typeof value === 'number' || typeof value === 'bigint') us = Number(value) * 1e6;
    else if (this.#load(value) > 0 && this.#time.readSpan(this.#text, 0) > 0) us = this.#time.timeUs;
    this.#row.durationUs = us;
    return us >= 0;
  }

  #setDay(value: unknown, field: 'dayUs' | 'endDayUs'): boolean {
    if (typeof value === 'number' || typeof value === 'bigint') this.#time.timeUs = this.#timeUs(value);
    else if (this.#load(value) === 0 || this.#time.readDay(this.#text, 0) < 0) return false;
    this.#row[field] = this.#time.timeUs;
    return true;
  }

  /** A time of day; or a whole time, which then is the start or the end. */
  #setClock(value: unknown, isEnd: boolean): boolean {
    const isText = typeof value !== 'number' && typeof value !== 'bigint';
    if (!isText || this.#load(value) === 0 || this.#time.readClock(this.#text, 0) < 0)
      return this.#set(isEnd ? Column.END : Column.START, value);
    this.#row[isEnd ? 'endClockUs' : 'clockUs'] = this.#time.timeUs;
    return true;
  }

  #number(value: unknown): number {
    if (typeof value === 'number') return value;
    if (typeof value === 'bigint') return Number(value);
    const length = this.#load(value);
    const end = this.#count.read(this.#text, 0);
    return length > 0 && end === length ? this.#count.value : Number.NaN;
  }

  #protocol(value: unknown): number {
    return this.#load(value) > 0 && this.#count.readProtocol(this.#text, 0) > 0 ? this.#count.value : 0;
  }

  #flags(value: unknown): number {
    if (typeof value === 'number' || typeof value === 'bigint') return Number(value) & 0xff;
    return this.#load(value) > 0 && this.#count.readFlags(this.#text, 0) > 0 ? this.#count.value & 0xff : -1;
  }

  #isRefusal(value: unknown): boolean {
    const at = this.#text.byteOffset;
    return this.#kernel.calls.isRefusal(at, at + this.#load(value)) !== 0;
  }

  /** Numbers by their size, as in tables; microseconds are what timestamps were made to. */
  #timeUs(value: unknown): number {
    if (typeof value === 'number' || typeof value === 'bigint') {
      const number = Number(value);
      if (number < 1e11) return Math.round(number * 1e6);
      if (number < 1e14) return Math.round(number * 1e3);
      return number < 1e17
        ? number
        : typeof value === 'bigint'
          ? Number(value / 1000n)
          : Math.floor(number / 1e3);
    }
    return this.#load(value) > 0 && this.#time.read(this.#text, 0) > 0 ? this.#time.timeUs : Number.NaN;
  }

  #readAddress(role: Column.Role, value: unknown): boolean {
    if (typeof value === 'number' || typeof value === 'bigint') {
      const number = Number(value);
      if (!Number.isInteger(number) || number < -(2 ** 31) || number >= 2 ** 32) return false;
      this.#setAddress(role, 0, 0, MAPPED, number | 0);
      return true;
    }
    if (this.#kernel.calls.readAddressValue(this.#text.byteOffset, this.#load(value)) === 0) return false;
    const { word0, word1, word2, word3 } = this.#kernel.cell;
    this.#setAddress(role, word0, word1, word2, word3);
    return true;
  }

  #word(value: unknown): string {
    return Buffer.from(this.#text.subarray(0, this.#load(value))).toString('latin1');
  }

  /** Puts the bytes of a text before a line end into `#text`; returns their number, 0 if it is none or too long. */
  #load(value: unknown): number {
    const bytes = value instanceof Uint8Array ? value : Buffer.from(typeof value === 'string' ? value : '');
    const length = bytes.length > TEXT_LIMIT ? 0 : bytes.length;
    if (length > 0) this.#text.set(bytes);
    this.#text[length] = 0x0a;
    return length;
  }
}
