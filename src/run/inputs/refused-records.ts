/**
 * The unreadable part of a flow log, in packets and bytes of traffic: its content is unknown, so it counts as much as the
 * same part of the log that was read. The larger of two parts counts: of bytes of the log, and of records.
 */
import type { Weight } from '../../audit/audit.ts';
import { totalOf } from '../../order.ts';
import type { ExportCollector } from '../../readers/netflow/export-collector.ts';
import { type FlowDamageRow, REFUSED_RECORDS } from '../../rows/flow-damage.ts';

/** Reason in the coverage under which they stand. */
export const REFUSED = 'refused flow record';

/** Bytes of a record of NetFlow v5, and of about one of the others. */
const EXPORTED_BYTES = 48;

/** A log as it was read. */
interface ReadLog {
  /** Its size; 0 if it is not known in the bytes that the reader saw. */
  readonly bytes: number;
  readonly refusedBytes: number;
  /** Offset behind which nothing was read; NaN if it was read to its end. */
  readonly stoppedAt: number;
  readonly records: number;
  readonly damage: readonly Pick<FlowDamageRow, 'kind' | 'count'>[];
  /** What its records held. */
  readonly read: Weight;
}

export function refusedWeight(log: ReadLog): Weight {
  const { bytes, records, read } = log;
  const refused = totalOf(log.damage, ({ kind, count }) => (REFUSED_RECORDS.has(kind) ? count : 0));
  const behind = log.stoppedAt < bytes ? bytes - log.stoppedAt : 0;
  const lostBytes = log.refusedBytes + behind;
  const byRecords = refused === 0 ? 0 : refused / (refused + records);
  const byBytes = bytes > 0 ? Math.min(1, lostBytes / bytes) : 0;
  const part = Math.max(byRecords, byBytes);
  if (part === 0) return { packets: 0, bytes: 0 };
  // Nothing was read that says what the rest may weigh: then it weighs what it is.
  if (part === 1 || read.packets + read.bytes === 0) {
    return { packets: Math.max(1, refused), bytes: Math.max(1, lostBytes, bytes * part) };
  }
  const factor = part / (1 - part);
  return { packets: Math.ceil(read.packets * factor), bytes: Math.ceil(read.bytes * factor) };
}

/** The same of exports in captures, whose records held their part of what all records of the run held. */
export function refusedExports(
  exported: { readonly collector: ExportCollector; readonly damage: readonly FlowDamageRow[] },
  all: Weight & { readonly records: number },
): Weight {
  const { records, refusedBytes } = exported.collector;
  const share = all.records === 0 ? 0 : records / all.records;
  return refusedWeight({
    bytes: refusedBytes + records * EXPORTED_BYTES,
    refusedBytes,
    stoppedAt: Number.NaN,
    records,
    damage: exported.damage,
    read: { packets: all.packets * share, bytes: all.bytes * share },
  });
}
