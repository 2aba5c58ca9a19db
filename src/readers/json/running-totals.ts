/**
 * Flows that a log reports several times while they last, each time with their totals so far (Packetbeat until
 * `flow.final`): what each report adds to the one before. Bounded: if the table is full, the oldest flow is forgotten.
 */
import type { RecordsKernel } from '../../rows/records-kernel.ts';

const MOST_FLOWS = 1 << 17;

const COUNTS = ['packets', 'bytes', 'reversePackets', 'reverseBytes'] as const;

interface Totals {
  readonly counts: readonly number[];
  readonly endUs: number;
}

export class RunningTotals {
  readonly #last = new Map<string, Totals>();

  /** Takes off what the flow of the row had counted when it was told before. */
  subtract(row: RecordsKernel['row'], keys: readonly string[], values: readonly unknown[]): void {
    const isFinal = values[keys.indexOf('flow.final')];
    const id = values[keys.indexOf('flow.id')];
    if (typeof isFinal !== 'boolean' || typeof id !== 'string') return;
    const before = this.#last.get(id);
    const endUs = row.endUs;
    const counts = COUNTS.map((count) => row[count]);
    this.#last.delete(id);
    if (!isFinal) {
      if (this.#last.size >= MOST_FLOWS)
        for (const [oldest] of this.#last) if (this.#last.delete(oldest)) break;
      this.#last.set(id, { counts, endUs });
    }
    if (before === undefined) return;
    // A direction that is not known stays so.
    for (const [i, count] of COUNTS.entries())
      if (row[count] >= 0) row[count] = Math.max(0, row[count] - Math.max(0, before.counts[i]));
    if (before.endUs <= endUs) row.startUs = Math.max(row.startUs, before.endUs);
  }
}
