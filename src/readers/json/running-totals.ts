/**
 * Flows that a log reports several times while they last, each time with their totals so far (Packetbeat until
 * `flow.final`): what each report adds to the one before. Bounded: if the table is full, the oldest flow is forgotten.
 */
import type { FlowRecord } from '../../flows/flow-record.ts';

const MOST_FLOWS = 1 << 17;

interface Totals {
  readonly packets: number;
  readonly bytes: number;
  readonly reversePackets: number;
  readonly reverseBytes: number;
  readonly endUs: number;
}

export class RunningTotals {
  readonly #last = new Map<string, Totals>();

  /** Takes off what the flow had counted when it was told before. */
  subtract(record: FlowRecord, keys: readonly string[], values: readonly unknown[]): void {
    const isFinal = values[keys.indexOf('flow.final')];
    const id = values[keys.indexOf('flow.id')];
    if (typeof isFinal !== 'boolean' || typeof id !== 'string') return;
    const before = this.#last.get(id);
    const { packets, bytes, reversePackets, reverseBytes, endUs } = record;
    this.#last.delete(id);
    if (!isFinal) {
      if (this.#last.size >= MOST_FLOWS)
        for (const [oldest] of this.#last) if (this.#last.delete(oldest)) break;
      this.#last.set(id, { packets, bytes, reversePackets, reverseBytes, endUs });
    }
    if (before === undefined) return;
    record.packets = Math.max(0, packets - before.packets);
    record.bytes = Math.max(0, bytes - before.bytes);
    if (reversePackets >= 0) record.reversePackets = Math.max(0, reversePackets - before.reversePackets);
    if (reverseBytes >= 0) record.reverseBytes = Math.max(0, reverseBytes - before.reverseBytes);
    if (before.endUs <= endUs) record.startUs = Math.max(record.startUs, before.endUs);
  }
}
