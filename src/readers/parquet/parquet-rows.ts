/**
 * Columns of a Parquet row group to flow records. Values come as numbers, big integers or bytes (text included); text
 * goes through the same cells as in tables.
 */

import type { FlowSink } from '../../flows/flow-record.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import type { AddressCell } from '../tables/address-cell.ts';
import { FlowTally } from '../tables/flow-tally.ts';
import * as Column from '../tables/roles.ts';

const TEXT_LIMIT = 255;
const MAPPED = 0xffff;

/** Bytes that addresses in text consist of. */
const IN_ADDRESS = new Uint8Array(256);
for (const character of '0123456789abcdefABCDEF:.') IN_ADDRESS[character.charCodeAt(0)] = 1;

export class ParquetRows extends FlowTally {
  /** Times become microseconds, text stays bytes. */
  static readonly PARSERS = {
    timestampFromMilliseconds: (ms: bigint): number => Number(ms) * 1000,
    timestampFromMicroseconds: (us: bigint): number => Number(us),
    timestampFromNanoseconds: (ns: bigint): number => Number(ns / 1000n),
    dateFromDays: (days: number): number => days * 86400e6,
    stringFromBytes: (bytes: Uint8Array): Uint8Array => bytes,
    jsonFromBytes: (bytes: Uint8Array): Uint8Array => bytes,
    uuidFromBytes: (bytes: Uint8Array): Uint8Array => bytes,
  };

  readonly #text = new Uint8Array(TEXT_LIMIT + 1);
  readonly #textView = new DataView(this.#text.buffer);
  readonly #statedSampling: number;
  readonly #columns = new Map<string, { readonly role: Column.Role; values: unknown[] }>();
  #rowStart = 0;
  #rowEnd = 0;

  constructor(sink: FlowSink, options: FlowReadOptions) {
    super(sink, options);
    this.#statedSampling = options.samplingInterval ?? 0;
  }

  /** Names of the columns and what they mean. */
  use(columns: readonly (readonly [string, Column.Role])[]): void {
    for (const [name, role] of columns) this.#columns.set(name, { role, values: [] });
  }

  /** Rows [rowStart, rowEnd) of the file come next. */
  begin(rowStart: number, rowEnd: number): void {
    this.#rowStart = rowStart;
    this.#rowEnd = rowEnd;
    for (const column of this.#columns.values()) column.values = [];
  }

  /** A part of a column; what lies outside of the rows in hand is not kept. */
  chunk(name: string, values: ArrayLike<unknown>, rowStart: number): void {
    const column = this.#columns.get(name);
    if (column === undefined) return;
    for (let index = 0; index < values.length; index++) {
      const row = rowStart + index;
      if (row >= this.#rowStart && row < this.#rowEnd) column.values[row - this.#rowStart] = values[index];
    }
  }

  /** Gives the rows in hand to the sink. */
  deliverAll(): void {
    const columns = [...this.#columns.values()];
    const isAws = columns.some(({ role }) => role === Column.STATUS);
    for (let row = 0; row < this.#rowEnd - this.#rowStart; row++) {
      this.rows++;
      this.record.clear();
      this.record.samplingInterval = isAws ? 1 : this.#statedSampling;
      let got = 0;
      let bad = 0;
      let status = '';
      let durationUs = Number.NaN;
      for (const { role, values } of columns) {
        const value = values[row];
        if (value === undefined || value === null) continue;
        if (role === Column.STATUS) status = this.#word(value);
        else if (role === Column.DURATION) durationUs = this.#number(value) * 1e6;
        else if (this.#set(role, value)) got |= 1 << role;
        else if (this.#word(value) !== '' && this.#word(value) !== '-') bad |= 1 << role;
      }
      this.#judge(got, bad, status, durationUs);
    }
  }

  #judge(got: number, bad: number, status: string, durationUs: number): void {
    const record = this.record;
    const isSource = (got & ((1 << Column.SOURCE) | (1 << Column.PACKET_SOURCE))) !== 0;
    const isDestination = (got & ((1 << Column.DESTINATION) | (1 << Column.PACKET_DESTINATION))) !== 0;
    if (status === 'NODATA') return;
    if (status === 'SKIPDATA') this.damage.add('lost-records', 0);
    else if (bad !== 0) this.damage.add('bad-row', 0);
    else if (!isSource || !isDestination) this.damage.add('unread-flow', 0);
    else {
      if (!Number.isNaN(durationUs)) {
        if (Number.isNaN(record.endUs)) record.endUs = record.startUs + durationUs;
        else if (Number.isNaN(record.startUs)) record.startUs = record.endUs - durationUs;
      }
      this.deliver(0);
    }
  }

  /** Sets what a column holds; false where it is nothing of that kind. */
  #set(role: Column.Role, value: unknown): boolean {
    const record = this.record;
    switch (role) {
      case Column.START:
        record.startUs = this.#timeUs(value);
        return !Number.isNaN(record.startUs);
      case Column.END:
        record.endUs = this.#timeUs(value);
        return !Number.isNaN(record.endUs);
      case Column.SOURCE:
      case Column.PACKET_SOURCE:
        if (!this.#readAddress(value)) return false;
        this.setSource();
        return true;
      case Column.DESTINATION:
      case Column.PACKET_DESTINATION:
        if (!this.#readAddress(value)) return false;
        this.setDestination();
        return true;
      case Column.PROTOCOL:
        record.protocol = typeof value === 'object' ? this.#protocol(value) : this.#number(value);
        return record.protocol >= 0;
      case Column.TCP_FLAGS:
        record.tcpFlags = this.#flags(value);
        return true;
      case Column.ACTION:
        record.isDenied = /^(reject|deny|denied|drop|block|refuse|discard|d$)/i.test(this.#word(value));
        return true;
      case Column.EXPORTER:
        record.exporter = this.sensors.of(this.#textView, 0, this.#load(value), 0);
        return true;
      default:
        return this.#setCount(role, this.#number(value));
    }
  }

  #setCount(role: Column.Role, value: number): boolean {
    const record = this.record;
    if (!(value >= 0)) return false;
    if (role === Column.SOURCE_PORT) record.sourcePort = value & 0xffff;
    else if (role === Column.DESTINATION_PORT) record.destinationPort = value & 0xffff;
    else if (role === Column.PACKETS) record.packets = value;
    else if (role === Column.BYTES) record.bytes = value;
    else if (role === Column.REVERSE_PACKETS) record.reversePackets = value;
    else if (role === Column.REVERSE_BYTES) record.reverseBytes = value;
    else if (role === Column.SAMPLING) record.samplingInterval = value;
    const isPort = role === Column.SOURCE_PORT || role === Column.DESTINATION_PORT;
    return !isPort || value <= 0xffff;
  }

  #number(value: unknown): number {
    if (typeof value === 'number') return value;
    if (typeof value === 'bigint') return Number(value);
    const length = this.#load(value);
    const end = this.count.read(this.#text, 0);
    return length > 0 && end === length ? this.count.value : Number.NaN;
  }

  #protocol(value: unknown): number {
    return this.#load(value) > 0 && this.count.readProtocol(this.#text, 0) > 0 ? this.count.value : 0;
  }

  #flags(value: unknown): number {
    if (typeof value === 'number' || typeof value === 'bigint') return Number(value) & 0xff;
    return this.#load(value) > 0 && this.count.readFlags(this.#text, 0) > 0 ? this.count.value & 0xff : -1;
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
    return this.#load(value) > 0 && this.time.read(this.#text, 0) > 0 ? this.time.timeUs : Number.NaN;
  }

  #readAddress(value: unknown): boolean {
    const address = this.address;
    if (typeof value === 'number' || typeof value === 'bigint') {
      const number = Number(value);
      if (!Number.isInteger(number) || number < -(2 ** 31) || number >= 2 ** 32) return false;
      setIpv4(address, number | 0);
      return true;
    }
    const length = this.#load(value);
    const text = this.#text;
    let isText = length > 0;
    for (let at = 0; at < length; at++) if (IN_ADDRESS[text[at]] === 0) isText = false;
    if (isText && address.read(text, 0) === length) return true;
    if (length !== 4 && length !== 16) return false;
    const word = (at: number): number =>
      (text[at] << 24) | (text[at + 1] << 16) | (text[at + 2] << 8) | text[at + 3];
    // goflow2 writes IPv4 into the first of 16 bytes.
    const isIpv4 = length === 4 || (word(0) !== 0 && word(4) === 0 && word(8) === 0 && word(12) === 0);
    if (isIpv4) setIpv4(address, word(0));
    else {
      address.word0 = word(0);
      address.word1 = word(4);
      address.word2 = word(8);
      address.word3 = word(12);
    }
    return true;
  }

  #word(value: unknown): string {
    return Buffer.from(this.#text.subarray(0, this.#load(value))).toString('latin1');
  }

  /** Puts the bytes of a text before a line end into `#text`; returns their number, 0 where it is none or too long. */
  #load(value: unknown): number {
    const bytes = value instanceof Uint8Array ? value : Buffer.from(typeof value === 'string' ? value : '');
    const length = bytes.length > TEXT_LIMIT ? 0 : bytes.length;
    if (length > 0) this.#text.set(bytes);
    this.#text[length] = 0x0a;
    return length;
  }
}

function setIpv4(address: AddressCell, word: number): void {
  address.word0 = 0;
  address.word1 = 0;
  address.word2 = MAPPED;
  address.word3 = word;
}
