/**
 * What every reader of this folder shares, the one of Parquet included: the record it fills, the cells it decodes, what
 * it counted, and the last look at a record before it leaves: times that can be, counters that fit, no ports where
 * there are none.
 */
import type { BatchWriter } from '../../batch/batches.ts';
import { FlowDamageLog } from '../../flows/flow-damage.ts';
import { FlowRecord } from '../../flows/flow-record.ts';
import { TimeSpans } from '../../flows/time-spans.ts';
import type { RecordsKernel } from '../../records-kernel.ts';
import { type FlowReadOptions, type FlowReadResult, timesOf } from '../flow-reading.ts';
import { AddressCell } from './address-cell.ts';
import { CountCell } from './count-cell.ts';
import { Ordinals } from './ordinals.ts';
import * as Column from './roles.ts';
import { RowFacts } from './row-facts.ts';
import { TimeCell } from './time-cell.ts';
import { Zone } from './zone.ts';

/** Times from 1970 on are times, as relative clocks begin there; after 2100 they are errors. */
const EARLIEST_US = 1;
const LATEST_US = Date.UTC(2100) * 1000;
/** No clock that was set shows less. */
const CLOCKS_SET_US = Date.UTC(1990) * 1000;

/** Columns that are named as not read. */
const MOST_UNREAD = 8;

export class FlowTally {
  readonly writer: BatchWriter;
  protected readonly record = new FlowRecord();
  /** In whose memory the bytes lie. */
  readonly kernel: RecordsKernel;
  protected readonly address: AddressCell;
  protected readonly count: CountCell;
  protected readonly time: TimeCell;
  protected readonly facts = new RowFacts();
  protected readonly sensors: Ordinals;
  readonly damage = new FlowDamageLog();
  /** Records given to the writer. */
  records = 0;
  /** Rows begun, those that are no flow included. */
  rows = 0;
  firstUs = Number.NaN;
  lastUs = Number.NaN;
  private readonly spans = new TimeSpans();
  /** Offset in the input of the first byte of the block in hand. */
  blockOffset = 0;
  /** Our names of required columns for which a table has no known column. */
  readonly missingColumns: string[] = [];
  /** Columns that may count bytes and are not read, in the table's own words. */
  readonly unreadColumns: string[] = [];
  /** True if no column counts bytes. */
  protected lacksBytes = false;
  /** Whether the clock of the log was set, as its first time tells; then no time before 1990 is one. */
  private isClockSet: boolean | null = null;

  constructor(writer: BatchWriter, options: FlowReadOptions) {
    this.writer = writer;
    this.kernel = writer.kernel;
    this.address = new AddressCell(this.kernel);
    this.count = new CountCell(this.kernel);
    this.time = new TimeCell(this.kernel);
    this.sensors = new Ordinals(this.kernel, writer.exporters, this.damage);
    if (options.timeZone !== undefined) this.time.zone = new Zone(options.timeZone);
  }

  /** The address read last is the record's source. */
  protected setSource(): void {
    const { record, address } = this;
    record.source0 = address.word0;
    record.source1 = address.word1;
    record.source2 = address.word2;
    record.source3 = address.word3;
  }

  /** The address read last is the record's destination. */
  protected setDestination(): void {
    const { record, address } = this;
    record.destination0 = address.word0;
    record.destination1 = address.word1;
    record.destination2 = address.word2;
    record.destination3 = address.word3;
  }

  /** Gives the record to the writer, its times and counters put right; `at` is the offset of its row in the block. */
  protected deliver(at: number): void {
    const record = this.record;
    record.number = this.rows;
    this.checkTimes(at);
    if (record.packets > Number.MAX_SAFE_INTEGER || record.reversePackets > Number.MAX_SAFE_INTEGER) {
      record.packets = this.cut(record.packets, at);
      record.reversePackets = this.cut(record.reversePackets, at);
    }
    if (record.bytes > Number.MAX_SAFE_INTEGER || record.reverseBytes > Number.MAX_SAFE_INTEGER) {
      record.bytes = this.cut(record.bytes, at);
      record.reverseBytes = this.cut(record.reverseBytes, at);
    }
    // Types and codes of ICMP stand where ports do.
    if (record.protocol === 1 || record.protocol === 58) {
      record.sourcePort = 0;
      record.destinationPort = 0;
    }
    if (record.protocol !== 6) {
      record.tcpFlags = -1;
      record.reverseTcpFlags = -1;
    }
    this.records++;
    this.writer.flow(record);
  }

  private checkTimes(at: number): void {
    const record = this.record;
    let startUs = this.plausible(record.startUs, at);
    const endUs = this.plausible(record.endUs, at);
    // 0 stands for nothing in many logs, and for the first packet where a clock begins there.
    if (record.startUs === 0 && endUs < CLOCKS_SET_US && this.isClockSet === false) startUs = 0;
    if (Number.isNaN(startUs)) {
      record.startUs = endUs;
      record.endUs = endUs;
      if (Number.isNaN(endUs)) {
        this.damage.add('no-time', this.blockOffset + at);
        return;
      }
    } else {
      if (endUs < startUs) this.damage.add('absurd-time', this.blockOffset + at);
      record.startUs = startUs;
      record.endUs = Number.isNaN(endUs) ? startUs : Math.max(startUs, endUs);
    }
    if (!(this.firstUs <= record.startUs)) this.firstUs = record.startUs;
    if (!(this.lastUs >= record.endUs)) this.lastUs = record.endUs;
    this.spans.add(record.startUs, record.endUs);
  }

  /** So many records of these times were given to the writer, or counted, by the kernel. */
  protected heard(firstUs: number, lastUs: number, records: number): void {
    this.isClockSet ??= true;
    if (!(this.firstUs <= firstUs)) this.firstUs = firstUs;
    if (!(this.lastUs >= lastUs)) this.lastUs = lastUs;
    this.spans.add(firstUs, lastUs, records);
    this.records += records;
  }

  /** The time, or NaN if it is unknown (0 stands for that in many logs) or cannot be. */
  private plausible(timeUs: number, at: number): number {
    if (timeUs >= EARLIEST_US && timeUs <= LATEST_US) {
      this.isClockSet ??= timeUs >= CLOCKS_SET_US;
      if (timeUs >= CLOCKS_SET_US || !this.isClockSet) return timeUs;
    }
    if (timeUs !== 0 && !Number.isNaN(timeUs)) this.damage.add('absurd-time', this.blockOffset + at);
    return Number.NaN;
  }

  result(): FlowReadResult {
    this.damage.add('assumed-year', 0, this.time.withoutYear);
    return {
      records: this.records,
      ...timesOf(this.firstUs, this.lastUs, this.spans),
      damage: this.damage.rows(),
      refusedBytes: this.damage.refusedBytes,
      missingColumns: this.missingColumns,
      unreadColumns: this.unreadColumns,
      lacksBytes: this.lacksBytes,
      isTogether: this.facts.together > 0,
      isEstimated: this.facts.estimated > 0,
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

  private cut(count: number, at: number): number {
    if (count <= Number.MAX_SAFE_INTEGER) return count;
    this.damage.add('counter-overflow', this.blockOffset + at);
    return Number.MAX_SAFE_INTEGER;
  }
}
