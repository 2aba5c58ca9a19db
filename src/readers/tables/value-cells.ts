/**
 * Values of columns that are decoded already (Parquet, JSON) to the row in hand: numbers, big integers, text as strings or
 * bytes. Text goes through the same cells as in tables.
 */

import type { BatchWriter } from '../../batch/batches.ts';
import { DENIED } from '../../kernel/records/marks.ts';
import { TABLE_ROW_AT, TEXT_AT } from '../../kernel/records/memory.ts';
import * as Place from '../../kernel/records/row-places.ts';
import { AWS_STATUS } from '../../kernel/records/rules.ts';
import type { RecordsKernel } from '../../records-kernel.ts';
import { AddressCell } from './address-cell.ts';
import { CountCell } from './count-cell.ts';
import type { Ordinals } from './ordinals.ts';
import * as Column from './roles.ts';
import type { TimeCell } from './time-cell.ts';

const TEXT_LIMIT = 255;
const MAPPED = 0xffff;

/** No port is this high: the row is broken (kernel/records/settle.ts). */
const NO_PORT = 0x10000;
/** Where counters lie, by role. */
const COUNTS: readonly number[] = Object.assign([], {
  [Column.PACKETS]: Place.PACKETS,
  [Column.BYTES]: Place.BYTES,
  [Column.REVERSE_PACKETS]: Place.REVERSE_PACKETS,
  [Column.REVERSE_BYTES]: Place.REVERSE_BYTES,
  [Column.SAMPLING]: Place.SAMPLING_INTERVAL,
  [Column.PAYLOAD]: Place.PAYLOAD,
  [Column.REVERSE_PAYLOAD]: Place.REVERSE_PAYLOAD,
  [Column.TOTAL_PACKETS]: Place.TOTAL_PACKETS,
  [Column.TOTAL_BYTES]: Place.TOTAL_BYTES,
});

function isSource(role: Column.Role): boolean {
  return role === Column.SOURCE || role === Column.PACKET_SOURCE;
}

export class ValueCells {
  readonly #kernel: RecordsKernel;
  readonly #writer: BatchWriter;
  readonly #time: TimeCell;
  readonly #sensors: Ordinals;
  readonly #address: AddressCell;
  readonly #count: CountCell;
  /** The row in hand. */
  readonly #numbers: Float64Array;
  readonly #words: Int32Array;
  /** Of the kernel's memory. */
  readonly #text: Uint8Array;
  #got = 0;
  #bad = 0;

  constructor(writer: BatchWriter, time: TimeCell, sensors: Ordinals) {
    const { kernel } = writer;
    this.#kernel = kernel;
    this.#writer = writer;
    this.#address = new AddressCell(kernel);
    this.#count = new CountCell(kernel);
    this.#numbers = kernel.numbers.subarray(TABLE_ROW_AT / 8);
    this.#words = kernel.words.subarray(TABLE_ROW_AT / 4);
    this.#text = kernel.bytes.subarray(TEXT_AT, TEXT_AT + TEXT_LIMIT + 1);
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
    this.#numbers[Place.SAMPLING_INTERVAL] = samplingInterval;
    this.#got = 0;
    this.#bad = 0;
  }

  /** The row is full. */
  end(): void {
    this.#words[Place.GOT] = this.#got;
    this.#words[Place.BAD] = this.#bad;
  }

  /** What a column of the row holds; null and undefined hold nothing. */
  put(role: Column.Role, value: unknown): void {
    if (value === undefined || value === null) return;
    if (this.#set(role, value)) this.#got |= 1 << role;
    else if (this.#word(value) !== '' && this.#word(value) !== '-') this.#bad |= 1 << role;
  }

  /** The address that a column of the row holds: the four words that stand there. */
  putAddress(role: Column.Role, words: Int32Array, first: number): void {
    this.#address.take(words, first);
    this.#address.put(this.#words, isSource(role) ? Place.SOURCE : Place.DESTINATION);
    this.#got |= 1 << role;
  }

  /** Sets what a column holds; false if it is nothing of that kind. */
  #set(role: Column.Role, value: unknown): boolean {
    const numbers = this.#numbers;
    const words = this.#words;
    switch (role) {
      case Column.START:
        numbers[Place.START_US] = this.#timeUs(value);
        return !Number.isNaN(numbers[Place.START_US]);
      case Column.END:
        numbers[Place.END_US] = this.#timeUs(value);
        return !Number.isNaN(numbers[Place.END_US]);
      case Column.DURATION:
        return this.#setDuration(value);
      case Column.DAY:
        return this.#setDay(value, Place.DAY_US);
      case Column.END_DAY:
        return this.#setDay(value, Place.END_DAY_US);
      case Column.CLOCK:
        return this.#setClock(value, false);
      case Column.END_CLOCK:
        return this.#setClock(value, true);
      case Column.SOURCE:
      case Column.PACKET_SOURCE:
      case Column.DESTINATION:
      case Column.PACKET_DESTINATION:
        if (!this.#readAddress(value)) return false;
        this.#address.put(words, isSource(role) ? Place.SOURCE : Place.DESTINATION);
        return true;
      case Column.PROTOCOL:
        words[Place.PROTOCOL] =
          typeof value === 'object' || typeof value === 'string'
            ? this.#protocol(value)
            : this.#number(value);
        return words[Place.PROTOCOL] >= 0;
      case Column.TCP_FLAGS:
        words[Place.TCP_FLAGS] = this.#flags(value);
        return true;
      case Column.REVERSE_TCP_FLAGS:
        words[Place.REVERSE_TCP_FLAGS] = this.#flags(value);
        return true;
      case Column.HISTORY:
      case Column.ARROW:
        return false;
      case Column.ACTION:
        if (this.#isRefusal(value)) words[Place.MARKS] |= DENIED;
        return true;
      case Column.STATUS:
        words[Place.STATUS] = Buffer.from(this.#word(value).padEnd(4, '\0')).readInt32LE();
        return true;
      case Column.EXPORTER:
        words[Place.EXPORTER] = this.#sensors.of(this.#text, 0, this.#load(value), 0);
        this.#writer.meet(words[Place.EXPORTER]);
        return true;
      default:
        return this.#setCount(role, this.#number(value));
    }
  }

  #setCount(role: Column.Role, value: number): boolean {
    if (!(value >= 0)) return false;
    if (role === Column.SOURCE_PORT) this.#words[Place.SOURCE_PORT] = Math.min(value, NO_PORT);
    else if (role === Column.DESTINATION_PORT) this.#words[Place.DESTINATION_PORT] = Math.min(value, NO_PORT);
    else this.#numbers[COUNTS[role]] = role === Column.SAMPLING && value > 0xffffffff ? 0 : value;
    return true;
  }

  #setDuration(value: unknown): boolean {
    let us = Number.NaN;
    if (typeof value === 'number' || typeof value === 'bigint') us = Number(value) * 1e6;
    else if (this.#load(value) > 0 && this.#time.readSpan(this.#text, 0) > 0) us = this.#time.timeUs;
    this.#numbers[Place.DURATION_US] = us;
    return us >= 0;
  }

  #setDay(value: unknown, place: number): boolean {
    if (typeof value === 'number' || typeof value === 'bigint') this.#time.timeUs = this.#timeUs(value);
    else if (this.#load(value) === 0 || this.#time.readDay(this.#text, 0) < 0) return false;
    this.#numbers[place] = this.#time.timeUs;
    return true;
  }

  /** A time of day; or a whole time, which then is the start or the end. */
  #setClock(value: unknown, isEnd: boolean): boolean {
    const isText = typeof value !== 'number' && typeof value !== 'bigint';
    if (!isText || this.#load(value) === 0 || this.#time.readClock(this.#text, 0) < 0)
      return this.#set(isEnd ? Column.END : Column.START, value);
    this.#numbers[isEnd ? Place.END_CLOCK_US : Place.CLOCK_US] = this.#time.timeUs;
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

  #readAddress(value: unknown): boolean {
    const address = this.#address;
    if (typeof value === 'number' || typeof value === 'bigint') {
      const number = Number(value);
      if (!Number.isInteger(number) || number < -(2 ** 31) || number >= 2 ** 32) return false;
      address.word0 = 0;
      address.word1 = 0;
      address.word2 = MAPPED;
      address.word3 = number | 0;
      return true;
    }
    return address.readValue(this.#text.byteOffset, this.#load(value));
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
