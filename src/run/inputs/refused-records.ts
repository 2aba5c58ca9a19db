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
  /** Of these, what was refused or not reached. */
  readonly lostBytes: number;
  readonly records: number;
  readonly refused: number;
  /** What its records held. */
  readonly read: Weight;
}

const NO_LOG: ReadLog = { bytes: 0, lostBytes: 0, records: 0, refused: 0, read: { packets: 0, bytes: 0 } };

function both(a: Weight, b: Weight): Weight {
  return { packets: a.packets + b.packets, bytes: a.bytes + b.bytes };
}

/** Records of the logs of a run. Of a log that is read as it grows, all parts are one. */
export class RefusedRecords {
  private readonly logs = new Map<number, ReadLog>();

  /** @param ordinal Which input of the run it is. */
  add(ordinal: number, log: ReadLog): void {
    const before = this.logs.get(ordinal) ?? NO_LOG;
    this.logs.set(ordinal, {
      bytes: before.bytes + log.bytes,
      lostBytes: before.lostBytes + log.lostBytes,
      records: before.records + log.records,
      refused: before.refused + log.refused,
      read: both(before.read, log.read),
    });
  }

  clear(): void {
    this.logs.clear();
  }

  weight(): Weight {
    return [...this.logs.values()].map(refusedWeight).reduce(both, NO_LOG.read);
  }
}

export function refusedOf(damage: readonly Pick<FlowDamageRow, 'kind' | 'count'>[]): number {
  return totalOf(damage, ({ kind, count }) => (REFUSED_RECORDS.has(kind) ? count : 0));
}

function refusedWeight({ bytes, lostBytes, records, refused, read }: ReadLog): Weight {
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
    lostBytes: refusedBytes,
    records,
    refused: refusedOf(exported.damage),
    read: { packets: all.packets * share, bytes: all.bytes * share },
  });
}
