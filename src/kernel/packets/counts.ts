/** Packets and bytes of the run, all and by fate. */
import { JUDGEMENTS } from './flow-state.ts';
import { REASONS } from './layers/skip-reason.ts';
import { COUNTS_AT } from './memory.ts';
import { record } from './record.ts';

@unmanaged
export class Counts {
  packets: f64;
  bytes: f64;
  truncatedPackets: f64;
  truncatedBytes: f64;
  /** Bytes of decoded packets that were cut off. */
  cutBytes: f64;
  /** Capture time of the packets counted, us; NaN before the first. */
  firstUs: f64;
  lastUs: f64;
}

export const counts = changetype<Counts>(COUNTS_AT);
/** Packets by reason, then bytes by reason, behind the row. */
const REASON_PACKETS_AT: usize = COUNTS_AT + offsetof<Counts>();
const REASON_BYTES_AT: usize = REASON_PACKETS_AT + REASONS * 8;
/** Behind those connections and their bytes, in pairs, by how they were judged. */
export const JUDGED_AT: usize = REASON_BYTES_AT + REASONS * 8;

export function clearTimes(): void {
  counts.firstUs = NaN;
  counts.lastUs = NaN;
}

/** Nothing has been counted yet. */
export function clearCounts(): void {
  memory.fill(COUNTS_AT, 0, JUDGED_AT + JUDGEMENTS * 16 - COUNTS_AT);
  clearTimes();
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
