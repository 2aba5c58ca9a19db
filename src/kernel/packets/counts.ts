/** Packets and bytes of the run, all and by fate. */
import {
  clearCounts,
  counts,
  JUDGED_AT,
  JUDGED_BYTES,
  REASON_BYTES_AT,
  REASON_PACKETS_AT,
  record,
} from './memory.ts';

/** Nothing has been counted yet. */
export function beginCounts(): void {
  clearCounts(counts);
  memory.fill(REASON_PACKETS_AT, 0, JUDGED_AT + JUDGED_BYTES - REASON_PACKETS_AT);
}

export function countRecord(reason: i32): void {
  const wireBytes = <f64>record.wireBytes;
  counts.packets++;
  counts.bytes += wireBytes;
  const row = (<usize>reason) << 3;
  store<f64>(REASON_PACKETS_AT + row, load<f64>(REASON_PACKETS_AT + row) + 1);
  store<f64>(REASON_BYTES_AT + row, load<f64>(REASON_BYTES_AT + row) + wireBytes);
  if (record.captured < record.wireBytes) {
    counts.truncatedPackets++;
    counts.truncatedBytes += wireBytes;
    if (reason === 0) counts.cutBytes += <f64>(record.wireBytes - record.captured);
  }
  // Written so that the first time replaces NaN.
  if (!(record.timeUs >= counts.firstUs)) counts.firstUs = record.timeUs;
  if (!(record.timeUs <= counts.lastUs)) counts.lastUs = record.timeUs;
}

export function countJudged(judgement: i32, bytes: f64): void {
  const at = JUDGED_AT + ((<usize>judgement) << 4);
  store<f64>(at, load<f64>(at) + 1);
  store<f64>(at + 8, load<f64>(at + 8) + bytes);
}
