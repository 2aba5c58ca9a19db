/**
 * Flows that a log reports several times while they last, each time with their totals so far (Packetbeat until
 * `flow.final`): what each report adds to the one before. Bounded: if the table is full, the oldest flow is forgotten.
 */
import * as Place from '../../kernel/records/row-places.ts';

const MOST_FLOWS = 1 << 17;

const COUNTS = [Place.PACKETS, Place.BYTES, Place.REVERSE_PACKETS, Place.REVERSE_BYTES];

interface Totals {
  readonly counts: readonly number[];
  readonly endUs: number;
}

export class RunningTotals {
  readonly #last = new Map<string, Totals>();

  /** Takes off what the flow of the row in hand had counted when it was told before. */
  subtract(numbers: Float64Array, keys: readonly string[], values: readonly unknown[]): void {
    const isFinal = values[keys.indexOf('flow.final')];
    const id = values[keys.indexOf('flow.id')];
    if (typeof isFinal !== 'boolean' || typeof id !== 'string') return;
    const before = this.#last.get(id);
    const endUs = numbers[Place.END_US];
    const counts = COUNTS.map((place) => numbers[place]);
    this.#last.delete(id);
    if (!isFinal) {
      if (this.#last.size >= MOST_FLOWS)
        for (const [oldest] of this.#last) if (this.#last.delete(oldest)) break;
      this.#last.set(id, { counts, endUs });
    }
    if (before === undefined) return;
    // A direction that is not known stays so.
    for (const [i, place] of COUNTS.entries())
      if (numbers[place] >= 0) numbers[place] = Math.max(0, numbers[place] - Math.max(0, before.counts[i]));
    if (before.endUs <= endUs) numbers[Place.START_US] = Math.max(numbers[Place.START_US], before.endUs);
  }
}
