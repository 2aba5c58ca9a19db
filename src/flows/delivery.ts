/**
 * The last step of every binary reader: the kernel puts a row right by the rules that all of them share
 * (kernel/records/delivery.ts), and what it counted and found wrong is noted here. Nothing is allocated per record.
 */
import type { BatchWriter, WriterHolder } from '../batch/batches.ts';
import { writeRow } from '../batch/record-row.ts';
import { ABSURD_TIMES, COUNTS, CUT_COUNTERS, MISSING_TIMES, ONLY_COUNTED } from '../kernel/records/counts.ts';
import { ROW_BYTES } from '../kernel/records/memory.ts';
import type { FlowDamageLog } from './flow-damage.ts';
import { FlowRecord } from './flow-record.ts';
import { InputTimes } from './time-spans.ts';

export class Delivery {
  /** Of those records that TypeScript fills. */
  readonly record = new FlowRecord();
  readonly damage: FlowDamageLog;
  // Times travel in fields: as arguments of a call that is not inlined they would be boxed, once a record.
  /** Time of a record that has no believable one, us since 1970; NaN if there is none. */
  fallbackUs = Number.NaN;
  /** Time of the export, within a day of which a record must end; NaN if unknown. */
  exportedUs = Number.NaN;
  /** Flow records met, those included that could not be used. */
  number = 0;
  /** Flow records given on. */
  records = 0;
  readonly times = new InputTimes();
  private readonly holder: WriterHolder;

  constructor(holder: WriterHolder, damage: FlowDamageLog) {
    this.holder = holder;
    this.damage = damage;
  }

  get writer(): BatchWriter {
    return this.holder.writer;
  }

  /** Gives the record on. `position` is where the damage rows point to. */
  deliver(position: number): void {
    const { writer, record } = this;
    const { calls, numbers, words } = writer.kernel;
    record.number = this.number;
    writer.meet(record.exporter);
    const { row } = writer;
    writeRow(numbers, words, row, record);
    this.take(calls.deliverRow(row * ROW_BYTES, this.fallbackUs, this.exportedUs), position);
  }

  /** The kernel has put rows right since the last call: so many were made, others only count. */
  take(rows: number, position: number): void {
    const { writer, damage } = this;
    const { calls, words } = writer.kernel;
    writer.wrote(rows);
    this.records += rows + words[COUNTS + ONLY_COUNTED];
    damage.add('counter-overflow', position, words[COUNTS + CUT_COUNTERS]);
    damage.add('absurd-time', position, words[COUNTS + ABSURD_TIMES]);
    damage.add('no-time', position, words[COUNTS + MISSING_TIMES]);
    this.times.take(calls);
    calls.beginDelivery();
  }
}
