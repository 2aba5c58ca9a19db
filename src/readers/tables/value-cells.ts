/**
 * Values of columns that are decoded already (Parquet, JSON) to a row: numbers, big integers, text as strings or
 * bytes. Text goes through the same cells as in tables.
 */

import { AWS_STATUS } from '../../kernel/records/rules.ts';
import type { BatchWriter } from '../../rows/batches.ts';
import type { RecordsKernel } from '../../rows/records-kernel.ts';
import { CELL_ROW } from '../../schema/flow-row.ts';
import { AT, CELL } from '../../schema/records-memory.ts';
import type { Ordinals } from './ordinals.ts';
import * as Column from './roles.ts';

const TEXT_LIMIT = 255;
const MAPPED = 0xffff;

const MOST_PROTOCOL = 255;
/** No port is this high: the row is broken (kernel/records/compose.ts). */
const NO_PORT = 0x10000;
/** Times and counters of the row, by role. */
const TIMES = new Map([
  [Column.START, 'startUs'],
  [Column.CLOCK, 'startUs'],
  [Column.END, 'endUs'],
  [Column.END_CLOCK, 'endUs'],
  [Column.DAY, 'dayUs'],
  [Column.END_DAY, 'endDayUs'],
] as const);
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

const SOURCES: readonly Column.Role[] = [Column.SOURCE, Column.PACKET_SOURCE];
/** Columns of addresses. */
export const ADDRESSES = [...SOURCES, Column.DESTINATION, Column.PACKET_DESTINATION];

export class ValueCells {
  readonly #kernel: RecordsKernel;
  readonly #writer: BatchWriter;
  readonly #sensors: Ordinals;
  readonly #row: RecordsKernel['row'];
  /** Of the kernel's memory. */
  readonly #text: Uint8Array;
  /** Flows of AWS are of all packets. */
  #isAws = false;
  #got = 0;
  #bad = 0;

  constructor(writer: BatchWriter, sensors: Ordinals) {
    const { kernel } = writer;
    this.#kernel = kernel;
    this.#writer = writer;
    this.#row = kernel.row;
    this.#text = kernel.bytes.subarray(AT.text, AT.text + TEXT_LIMIT + 1);
    this.#sensors = sensors;
  }

  /** Columns to come mean this; 1 in the column of durations stands for so many microseconds. */
  use(roles: Uint8Array, durationUnitUs: number): void {
    this.#isAws = roles.includes(Column.STATUS);
    this.#kernel.calls.useRules(this.#isAws ? AWS_STATUS : 0, durationUnitUs / 1e6);
  }

  /** A row begins. */
  begin(): void {
    this.#kernel.calls.beginRow();
    if (this.#isAws) this.#row.samplingInterval = 1;
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
    else if (isNumber(value) || !['', '-'].includes(this.#word(value))) this.#bad |= 1 << role;
  }

  /** The address that a column of the row holds: the four words that stand there. */
  putAddress(role: Column.Role, words: ArrayLike<number>, first: number): void {
    const place = SOURCES.includes(role) ? CELL_ROW.at.source0 : CELL_ROW.at.destination0;
    const at = (AT.cellRow + place) >> 2;
    for (let word = 0; word < 4; word++) this.#kernel.arrays.i32[at + word] = words[first + word];
    this.#got |= 1 << role;
  }

  /** Sets what a column holds; false if it is nothing of that kind. */
  #set(role: Column.Role, value: unknown): boolean {
    if (role >= Column.SOURCE_PORT) return this.#setCount(role, this.#number(value));
    if (ADDRESSES.includes(role)) return this.#readAddress(role, value);
    if (role === Column.EXPORTER) {
      const at = this.#text.byteOffset;
      this.#row.exporter = this.#sensors.of(at, at + this.#load(value), 0);
      this.#writer.meet(this.#row.exporter);
      return true;
    }
    if (isNumber(value)) return this.#setNumber(role, value);
    if (this.#load(value) === 0 || role === Column.HISTORY || role === Column.ARROW) return false;
    return this.#kernel.calls.readText(role, this.#text.byteOffset) !== 0;
  }

  #setNumber(role: Column.Role, value: number | bigint): boolean {
    const row = this.#row;
    const number = Number(value);
    const time = TIMES.get(role);
    if (time !== undefined) {
      row[time] = timeUsOf(value);
      return !Number.isNaN(row[time]);
    }
    if (role === Column.DURATION) {
      // One below 0 is an end before its start, which the last step counts.
      row.durationUs = number * 1e6;
      return Number.isFinite(number);
    }
    if (!(number >= 0)) return false;
    if (role === Column.TCP_FLAGS) row.tcpFlags = number & 0xff;
    else if (role === Column.REVERSE_TCP_FLAGS) row.reverseTcpFlags = number & 0xff;
    else if (role === Column.PROTOCOL && number <= MOST_PROTOCOL) row.protocol = number;
    else return false;
    return true;
  }

  #setCount(role: Column.Role, value: number): boolean {
    if (!(value >= 0) || !Number.isInteger(value)) return false;
    const row = this.#row;
    if (role === Column.SOURCE_PORT) row.sourcePort = Math.min(value, NO_PORT);
    else if (role === Column.DESTINATION_PORT) row.destinationPort = Math.min(value, NO_PORT);
    else {
      const name = COUNTS.get(role);
      if (name !== undefined) row[name] = role === Column.SAMPLING && value > 0xffffffff ? 0 : value;
    }
    return true;
  }

  #number(value: unknown): number {
    if (isNumber(value)) return Number(value);
    const length = this.#load(value);
    const end = this.#kernel.read('readCount', this.#text, 0);
    const { cell } = this.#kernel;
    return length > 0 && end === length && cell.isFractional === 0 ? cell.value : Number.NaN;
  }

  #readAddress(role: Column.Role, value: unknown): boolean {
    if (isNumber(value)) {
      const number = Number(value);
      if (!Number.isInteger(number) || number < -(2 ** 31) || number >= 2 ** 32) return false;
      this.putAddress(role, [0, 0, MAPPED, number], 0);
      return true;
    }
    if (this.#kernel.calls.readAddressValue(this.#text.byteOffset, this.#load(value)) === 0) return false;
    this.putAddress(role, this.#kernel.arrays.i32, (AT.cell + CELL.at.word0) >> 2);
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

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Numbers by their size, as in tables; microseconds are what timestamps were made to. */
function timeUsOf(value: number | bigint): number {
  const number = Number(value);
  if (number < 1e11) return Math.round(number * 1e6);
  if (number < 1e14) return Math.round(number * 1e3);
  if (number < 1e17) return number;
  return typeof value === 'bigint' ? Number(value / 1000n) : Math.floor(number / 1e3);
}
