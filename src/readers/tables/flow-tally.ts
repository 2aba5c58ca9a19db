/**
 * What every reader of this folder shares, the one of Parquet included: the record it fills, the cells it decodes, what
 * it counted, and the last look at a record before it leaves: times that can be, counters that fit, no ports where
 * there are none.
 */
import { FlowDamageLog, type FlowDamageRow } from '../../flows/flow-damage.ts';
import { FlowRecord, type FlowSink } from '../../flows/flow-record.ts';
import type { FlowReadOptions, FlowReadResult } from '../flow-reading.ts';
import { AddressCell } from './address-cell.ts';
import { CountCell } from './count-cell.ts';
import { type Met, Ordinals } from './ordinals.ts';
import { TimeCell } from './time-cell.ts';
import { Zone } from './zone.ts';

/** Times of flows before 1990 or after 2100 are taken for errors. */
const EARLIEST_US = Date.UTC(1990) * 1000;
const LATEST_US = Date.UTC(2100) * 1000;

/** What a reader counted of a part of an input. */
export interface Tally {
  readonly rows: number;
  readonly records: number;
  readonly firstUs: number;
  readonly lastUs: number;
  readonly zoneless: number;
  readonly withoutYear: number;
  readonly damage: readonly FlowDamageRow[];
  /** Exporters that the reader met for the first time. */
  readonly met: readonly Met[];
}

export class FlowTally {
  protected readonly sink: FlowSink;
  protected readonly record = new FlowRecord();
  protected readonly address = new AddressCell();
  protected readonly count = new CountCell();
  protected readonly time = new TimeCell();
  protected readonly sensors: Ordinals;
  readonly damage = new FlowDamageLog();
  /** Texts behind `FlowRecord.exporter`. */
  readonly exporters: string[];
  /** Records given to the sink. */
  records = 0;
  /** Rows begun, those that are no flow included. */
  rows = 0;
  /** Exporters that the last tally told of. */
  private metBefore = 0;
  firstUs = Number.NaN;
  lastUs = Number.NaN;
  /** Offset in the input of the first byte of the block in hand. */
  blockOffset = 0;
  /** Our names of columns that rows mean nothing without, where a table has none that is known for them. */
  readonly missingColumns: string[] = [];

  constructor(sink: FlowSink, options: FlowReadOptions) {
    this.sink = sink;
    this.exporters = options.exporters ?? [];
    this.sensors = new Ordinals(this.exporters, this.damage);
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

  /** Gives the record to the sink, its times and counters put right; `at` is the offset of its row in the block. */
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
    this.sink.flow(record);
  }

  private checkTimes(at: number): void {
    const record = this.record;
    const startUs = this.plausible(record.startUs, at);
    const endUs = this.plausible(record.endUs, at);
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
  }

  /** The time, or NaN where it is unknown (0 stands for that in many logs) or cannot be. */
  private plausible(timeUs: number, at: number): number {
    if (timeUs >= EARLIEST_US && timeUs <= LATEST_US) return timeUs;
    if (timeUs !== 0 && !Number.isNaN(timeUs)) this.damage.add('absurd-time', this.blockOffset + at);
    return Number.NaN;
  }

  /** What was counted since the last call; the counts begin anew. */
  takeTally(): Tally {
    const { rows, records, firstUs, lastUs, time } = this;
    const { zoneless, withoutYear } = time;
    const met = this.exporters.length > this.metBefore ? this.sensors.since(this.metBefore) : [];
    this.rows = 0;
    this.records = 0;
    this.firstUs = Number.NaN;
    this.lastUs = Number.NaN;
    time.zoneless = 0;
    time.withoutYear = 0;
    this.metBefore = this.exporters.length;
    return { rows, records, firstUs, lastUs, zoneless, withoutYear, damage: this.damage.take(), met };
  }

  /**
   * The ordinals of exporters that another reader met in the part of the input that comes next; null where they fill the
   * table, so that which of them fit depends on what else the part holds.
   */
  adopt(met: readonly Met[]): readonly number[] | null {
    const ordinals: number[] = [];
    for (const each of met) {
      if (this.sensors.isFull) return null;
      ordinals.push(this.sensors.adopt(each));
    }
    return this.sensors.isFull ? null : ordinals;
  }

  /** Counts what another reader counted of the part of the input that comes next. */
  addTally(tally: Tally): void {
    this.rows += tally.rows;
    this.records += tally.records;
    if (Number.isNaN(this.firstUs) || tally.firstUs < this.firstUs) this.firstUs = tally.firstUs;
    if (Number.isNaN(this.lastUs) || tally.lastUs > this.lastUs) this.lastUs = tally.lastUs;
    this.time.zoneless += tally.zoneless;
    this.time.withoutYear += tally.withoutYear;
    for (const { kind, count, at } of tally.damage) this.damage.add(kind, at, count);
  }

  result(): FlowReadResult {
    this.damage.add('assumed-year', 0, this.time.withoutYear);
    return {
      records: this.records,
      firstUs: this.firstUs,
      lastUs: this.lastUs,
      damage: this.damage.rows(),
      exporters: this.exporters,
      missingColumns: this.missingColumns,
      hasLocalTimes: this.time.zoneless > 0,
    };
  }

  private cut(count: number, at: number): number {
    if (count <= Number.MAX_SAFE_INTEGER) return count;
    this.damage.add('counter-overflow', this.blockOffset + at);
    return Number.MAX_SAFE_INTEGER;
  }
}
