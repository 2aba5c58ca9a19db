/**
 * What every reader does with its rows: the kernel validates them (kernel/records/validate.ts), they go to the batches, and what
 * the kernel counted and found wrong is noted. Nothing is allocated per record.
 */
import { AT, DAMAGE, ROW_DAMAGE } from '../schema/records-memory.ts';
import type { BatchWriter, WriterHolder } from './batches.ts';
import type { FlowDamageLog } from './flow-damage.ts';
import { InputTimes } from './time-spans.ts';

export class ValidatedRows {
  /** Flow records given on, or only counted. */
  records = 0;
  readonly times = new InputTimes();

  constructor(
    private readonly holder: WriterHolder,
    readonly damage: FlowDamageLog,
  ) {}

  get writer(): BatchWriter {
    return this.holder.writer;
  }

  /** The kernel has validated rows since the last call: so many were written, others only count. */
  note(rows: number, position: number): void {
    const { writer } = this;
    const { reading } = writer.kernel;
    writer.wrote(rows);
    this.records += rows + reading.onlyCounted;
    reading.onlyCounted = 0;
    if (reading.wrong > 0) this.noteDamage(position);
    this.times.update(writer.kernel);
  }

  protected noteDamage(position: number): void {
    const { arrays, reading } = this.writer.kernel;
    const found: { readonly kind: number; readonly at: number; readonly count: number }[] = [];
    for (let kind = 0; kind < ROW_DAMAGE.length; kind++) {
      const place = AT.damage + kind * DAMAGE.bytes;
      const count = arrays.i32[(place + DAMAGE.at.count) >> 2];
      if (count === 0) continue;
      found.push({ kind, count, at: arrays.u32[(place + DAMAGE.at.line) >> 2] });
      arrays.i32[(place + DAMAGE.at.count) >> 2] = 0;
    }
    for (const { kind, count, at } of found.sort((a, b) => a.at - b.at)) {
      this.damage.add(ROW_DAMAGE[kind], at === 0 ? position : this.offsetOf(at), count);
    }
    this.damage.refusedBytes += reading.refusedBytes;
    reading.refusedBytes = 0;
    reading.wrong = 0;
  }

  /** The offset in the input of what lies there in the kernel's memory. */
  protected offsetOf(place: number): number {
    return place;
  }
}
