/**
 * What readers of text and of values share: the row in hand, which the kernel judges and writes (kernel/records/settle.ts), the
 * cells that they decode, and what they counted.
 */
import type { BatchWriter } from '../../batch/batches.ts';
import { type FlowDamageKind, FlowDamageLog } from '../../flows/flow-damage.ts';
import { type ByteLayer, IP_BYTES } from '../../flows/flow-record.ts';
import { InputTimes } from '../../flows/time-spans.ts';
import { COUNTS, TIME_RUNS } from '../../kernel/records/counts.ts';
import { BY_SOURCE, SCALED } from '../../kernel/records/marks.ts';
import { ROW_BYTES, RUNS, TABLE_ROW_AT, TABLE_ROW_BYTES, TEMPLATE_AT } from '../../kernel/records/memory.ts';
import * as Place from '../../kernel/records/row-places.ts';
import { NO_FLOW, STRANGER, WRITTEN } from '../../kernel/records/why.ts';
import type { RecordsKernel, RowHost } from '../../records-kernel.ts';
import { type FlowReadOptions, type FlowReadResult, timesOf } from '../flow-reading.ts';
import { AddressCell } from './address-cell.ts';
import { CountCell } from './count-cell.ts';
import { Ordinals } from './ordinals.ts';
import * as Column from './roles.ts';
import { TimeCell } from './time-cell.ts';
import { Zone } from './zone.ts';

/** Columns that are named as not read. */
const MOST_UNREAD = 8;

/** By number (kernel/records/damage-kind.ts). */
const DAMAGE: readonly FlowDamageKind[] = [
  'bad-row',
  'unread-flow',
  'lost-records',
  'absurd-time',
  'no-time',
  'counter-overflow',
];

/** What holds for every row of a format. */
export interface RowFacts {
  readonly byteLayer?: ByteLayer;
  /** 0, or absent: as the operator states it. */
  readonly samplingInterval?: number;
  readonly isScaled?: boolean;
  /** True if the source opened the connection. */
  readonly isOpenedBySource?: boolean;
}

export class FlowTally implements RowHost {
  readonly writer: BatchWriter;
  /** In whose memory the bytes lie. */
  readonly kernel: RecordsKernel;
  /** The row in hand, by the places of its fields (kernel/records/row-places.ts). */
  protected readonly numbers: Float64Array;
  protected readonly words: Int32Array;
  protected readonly address: AddressCell;
  protected readonly count: CountCell;
  protected readonly time: TimeCell;
  protected readonly sensors: Ordinals;
  readonly damage = new FlowDamageLog();
  /** Records given to the writer. */
  records = 0;
  /** Rows begun, those that are no flow included. */
  rows = 0;
  protected readonly times = new InputTimes();
  /** Offset in the input of the first byte of the block in hand. */
  blockOffset = 0;
  /** Where that block begins in the kernel's memory. */
  protected base = 0;
  /** Our names of required columns for which a table has no known column. */
  readonly missingColumns: string[] = [];
  /** Columns that may count bytes and are not read, in the table's own words. */
  readonly unreadColumns: string[] = [];
  /** True if no column counts bytes. */
  protected lacksBytes = false;

  private readonly statedInterval: number;

  constructor(writer: BatchWriter, options: FlowReadOptions, facts: RowFacts = {}) {
    this.writer = writer;
    this.kernel = writer.kernel;
    const { buffer } = this.kernel.memory;
    this.numbers = new Float64Array(buffer, TABLE_ROW_AT, TABLE_ROW_BYTES / 8);
    this.words = new Int32Array(buffer, TABLE_ROW_AT, TABLE_ROW_BYTES / 4);
    this.statedInterval = options.samplingInterval ?? 0;
    this.address = new AddressCell(this.kernel);
    this.count = new CountCell(this.kernel);
    this.time = new TimeCell(this.kernel);
    this.sensors = new Ordinals(this.kernel, writer.exporters, this.damage);
    this.kernel.host = this;
    this.kernel.calls.clearSensors();
    this.kernel.calls.beginRows();
    this.kernel.calls.beginRuns();
    this.assume(facts);
    if (options.timeZone !== undefined) this.time.zone = new Zone(options.timeZone);
  }

  /** What holds for every row of the input from now on. */
  protected assume({ byteLayer, samplingInterval, isScaled, isOpenedBySource }: RowFacts): void {
    const { numbers, words, bytes } = this.kernel;
    bytes.fill(0, TEMPLATE_AT, TEMPLATE_AT + TABLE_ROW_BYTES);
    const d = TEMPLATE_AT / 8;
    numbers[d + Place.START_US] = Number.NaN;
    numbers[d + Place.END_US] = Number.NaN;
    numbers[d + Place.REVERSE_PACKETS] = -1;
    numbers[d + Place.REVERSE_BYTES] = -1;
    numbers[d + Place.SAMPLING_INTERVAL] = samplingInterval || this.statedInterval;
    const w = TEMPLATE_AT / 4;
    words[w + Place.TCP_FLAGS] = -1;
    words[w + Place.REVERSE_TCP_FLAGS] = -1;
    words[w + Place.MARKS] =
      (byteLayer ?? IP_BYTES) |
      (isScaled === true ? SCALED : 0) |
      (isOpenedBySource === true ? BY_SOURCE : 0);
  }

  /** Has the kernel judge the row in hand, and count or write it if it is a flow. */
  protected deliver(): void {
    const { writer, kernel, rows } = this;
    let fate = kernel.calls.takeRow(writer.row * ROW_BYTES, rows);
    if (fate === STRANGER) {
      this.meetStranger();
      fate = kernel.calls.takeRow(writer.row * ROW_BYTES, rows);
    }
    if (fate !== NO_FLOW) this.records++;
    if (fate === WRITTEN) writer.wrote(1);
    if (kernel.words[COUNTS + TIME_RUNS] === RUNS - 1) this.times.take(kernel.calls);
  }

  /** Names the exporter whose text the kernel does not know. */
  protected meetStranger(): void {
    const { strangerHash, strangerFrom, strangerTo, nameStranger } = this.kernel.calls;
    const from = strangerFrom.value;
    const ordinal = this.sensors.ofHash(strangerHash.value, from, strangerTo.value, this.offsetOf(from));
    if (ordinal !== 0) this.writer.meet(ordinal);
    nameStranger(ordinal);
  }

  taken(timeUs: number, marks: number): number {
    return this.time.taken(timeUs, marks);
  }

  damaged(kind: number, line: number, refusedBytes: number): void {
    this.damage.refuse(DAMAGE[kind], this.offsetOf(line), refusedBytes);
  }

  /** The offset in the input of what lies there in the kernel's memory. */
  private offsetOf(place: number): number {
    return this.blockOffset + place - this.base;
  }

  result(): FlowReadResult {
    const { togetherRows, estimatedRows } = this.kernel.calls;
    this.times.take(this.kernel.calls);
    this.damage.add('assumed-year', 0, this.time.withoutYear);
    return {
      records: this.records,
      ...timesOf(this.times),
      damage: this.damage.rows(),
      refusedBytes: this.damage.refusedBytes,
      missingColumns: this.missingColumns,
      unreadColumns: this.unreadColumns,
      lacksBytes: this.lacksBytes,
      isTogether: togetherRows.value > 0,
      isEstimated: estimatedRows.value > 0,
      hasLocalTimes: this.time.zoneless > 0,
      hasMixedDates: this.time.ambiguous > 0 && this.time.dayFirst > 0 && !this.time.isDayFirst,
    };
  }

  /** Says which columns of a header may count bytes and are not read, and whether none is. */
  protected lookAtCounters(names: readonly string[], roles: Uint8Array): void {
    this.lacksBytes ||= Column.countsNothing(roles);
    for (const name of Column.unreadCounters(names, roles)) {
      const isNew = !this.unreadColumns.includes(name) && this.unreadColumns.length < MOST_UNREAD;
      if (isNew) this.unreadColumns.push(name.slice(0, 64));
    }
  }
}
