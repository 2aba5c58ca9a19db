/**
 * Values of columns that are decoded already (Parquet, JSON) to a flow record: numbers, big integers, text as strings or
 * bytes. Text goes through the same cells as in tables. What a row as a whole means is decided once it is full.
 */

import type { FlowRecord } from '../../flows/flow-record.ts';
import { TEXT_AT } from '../../kernel/records/memory.ts';
import type { RecordsKernel } from '../../records-kernel.ts';
import { AddressCell } from './address-cell.ts';
import { CountCell } from './count-cell.ts';
import type { Ordinals } from './ordinals.ts';
import * as Column from './roles.ts';
import type { RowFacts } from './row-facts.ts';
import type { TimeCell } from './time-cell.ts';

const TEXT_LIMIT = 255;
const MAPPED = 0xffff;

const PORTS = (1 << Column.SOURCE_PORT) | (1 << Column.DESTINATION_PORT);

/** Why a row is none. */
export type RowFault = 'no-data' | 'lost-records' | 'bad-row' | 'unread-flow';

export class ValueCells {
  /** Microseconds that 1 in the column of durations stands for. */
  durationUnitUs = 1e6;
  readonly #kernel: RecordsKernel;
  readonly #record: FlowRecord;
  readonly #facts: RowFacts;
  readonly #time: TimeCell;
  readonly #sensors: Ordinals;
  readonly #address: AddressCell;
  readonly #count: CountCell;
  /** Of the kernel's memory. */
  readonly #text: Uint8Array;
  #got = 0;
  #bad = 0;
  #status = '';

  constructor(kernel: RecordsKernel, record: FlowRecord, facts: RowFacts, time: TimeCell, sensors: Ordinals) {
    this.#kernel = kernel;
    this.#address = new AddressCell(kernel);
    this.#count = new CountCell(kernel);
    const at = TEXT_AT;
    this.#text = kernel.bytes.subarray(at, at + TEXT_LIMIT + 1);
    this.#record = record;
    this.#facts = facts;
    this.#time = time;
    this.#sensors = sensors;
  }

  /** A row begins; the record is cleared. */
  begin(): void {
    this.#record.clear();
    this.#got = 0;
    this.#bad = 0;
    this.#status = '';
  }

  /** What a column of the row holds; null and undefined hold nothing. */
  put(role: Column.Role, value: unknown): void {
    if (value === undefined || value === null) return;
    if (role === Column.STATUS) this.#status = this.#word(value);
    else if (this.#set(role, value)) this.#got |= 1 << role;
    else if (this.#word(value) !== '' && this.#word(value) !== '-') this.#bad |= 1 << role;
  }

  /** The address that a column of the row holds: the four words that stand there. */
  putAddress(role: Column.Role, words: Int32Array, first: number): void {
    this.#address.take(words, first);
    if (role === Column.SOURCE || role === Column.PACKET_SOURCE) this.#setSource();
    else this.#setDestination();
    this.#got |= 1 << role;
  }

  /** Puts the record right; null if it is a flow. */
  end(): RowFault | null {
    const got = this.#got;
    const isSource = (got & ((1 << Column.SOURCE) | (1 << Column.PACKET_SOURCE))) !== 0;
    const isDestination = (got & ((1 << Column.DESTINATION) | (1 << Column.PACKET_DESTINATION))) !== 0;
    if (this.#status === 'NODATA') return 'no-data';
    if (this.#status === 'SKIPDATA') return 'lost-records';
    if (this.#bad !== 0) return 'bad-row';
    if (!isSource || !isDestination) return 'unread-flow';
    this.#facts.finish(this.#record, got, this.#time);
    return null;
  }

  /** Sets what a column holds; false if it is nothing of that kind. */
  #set(role: Column.Role, value: unknown): boolean {
    const record = this.#record;
    switch (role) {
      case Column.START:
        record.startUs = this.#timeUs(value);
        return !Number.isNaN(record.startUs);
      case Column.END:
        record.endUs = this.#timeUs(value);
        return !Number.isNaN(record.endUs);
      case Column.DURATION:
        return this.#setDuration(value);
      case Column.DAY:
        return this.#setDay(value, false);
      case Column.END_DAY:
        return this.#setDay(value, true);
      case Column.CLOCK:
        return this.#setClock(value, false);
      case Column.END_CLOCK:
        return this.#setClock(value, true);
      case Column.SOURCE:
      case Column.PACKET_SOURCE:
        if (!this.#readAddress(value)) return false;
        this.#setSource();
        return true;
      case Column.DESTINATION:
      case Column.PACKET_DESTINATION:
        if (!this.#readAddress(value)) return false;
        this.#setDestination();
        return true;
      case Column.PROTOCOL:
        record.protocol =
          typeof value === 'object' || typeof value === 'string'
            ? this.#protocol(value)
            : this.#number(value);
        return record.protocol >= 0;
      case Column.TCP_FLAGS:
        record.tcpFlags = this.#flags(value);
        return true;
      case Column.REVERSE_TCP_FLAGS:
        record.reverseTcpFlags = this.#flags(value);
        return true;
      case Column.HISTORY:
      case Column.ARROW:
        return true;
      case Column.ACTION:
        record.isDenied = this.#isRefusal(value);
        return true;
      case Column.EXPORTER:
        record.exporter = this.#sensors.of(this.#text, 0, this.#load(value), 0);
        return true;
      default:
        return this.#setCount(role, this.#number(value));
    }
  }

  #setCount(role: Column.Role, value: number): boolean {
    const record = this.#record;
    if (!(value >= 0)) return false;
    if (role === Column.SOURCE_PORT) record.sourcePort = value & 0xffff;
    else if (role === Column.DESTINATION_PORT) record.destinationPort = value & 0xffff;
    else if (role === Column.PACKETS) record.packets = value;
    else if (role === Column.BYTES) record.bytes = value;
    else if (role === Column.REVERSE_PACKETS) record.reversePackets = value;
    else if (role === Column.REVERSE_BYTES) record.reverseBytes = value;
    else if (role === Column.SAMPLING) record.samplingInterval = value > 0xffffffff ? 0 : value;
    else if (role === Column.PAYLOAD) this.#facts.payload = value;
    else if (role === Column.REVERSE_PAYLOAD) this.#facts.reversePayload = value;
    else if (role === Column.TOTAL_PACKETS) this.#facts.totalPackets = value;
    else if (role === Column.TOTAL_BYTES) this.#facts.totalBytes = value;
    return ((1 << role) & PORTS) === 0 || value <= 0xffff;
  }

  #setDuration(value: unknown): boolean {
    let seconds = Number.NaN;
    if (typeof value === 'number' || typeof value === 'bigint') seconds = Number(value);
    else if (this.#load(value) > 0 && this.#time.readSpan(this.#text, 0) > 0)
      seconds = this.#time.timeUs / 1e6;
    this.#facts.durationUs = Math.round(seconds * this.durationUnitUs);
    return seconds >= 0;
  }

  #setDay(value: unknown, isEnd: boolean): boolean {
    if (typeof value === 'number' || typeof value === 'bigint') this.#time.timeUs = this.#timeUs(value);
    else if (this.#load(value) === 0 || this.#time.readDay(this.#text, 0) < 0) return false;
    if (isEnd) this.#facts.endDayUs = this.#time.timeUs;
    else this.#facts.dayUs = this.#time.timeUs;
    return true;
  }

  /** A time of day; or a whole time, which then is the start or the end. */
  #setClock(value: unknown, isEnd: boolean): boolean {
    const isText = typeof value !== 'number' && typeof value !== 'bigint';
    if (!isText || this.#load(value) === 0 || this.#time.readClock(this.#text, 0) < 0)
      return this.#set(isEnd ? Column.END : Column.START, value);
    if (isEnd) this.#facts.endClockUs = this.#time.timeUs;
    else this.#facts.clockUs = this.#time.timeUs;
    return true;
  }

  #setSource(): void {
    const record = this.#record;
    record.source0 = this.#address.word0;
    record.source1 = this.#address.word1;
    record.source2 = this.#address.word2;
    record.source3 = this.#address.word3;
  }

  #setDestination(): void {
    const record = this.#record;
    record.destination0 = this.#address.word0;
    record.destination1 = this.#address.word1;
    record.destination2 = this.#address.word2;
    record.destination3 = this.#address.word3;
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
