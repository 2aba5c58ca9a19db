/** HOT. Rows of shared memory (record-row.ts) to records, some at a time, so that the sink can foresee them. */
import { FlowRecord, type FlowSink } from '../flows/flow-record.ts';
import { readRow } from './record-row.ts';

/** Records that are foreseen. */
const WINDOW = 64;

export class RecordWindow {
  readonly #numbers: Float64Array;
  readonly #words: Int32Array;
  readonly #records = Array.from({ length: WINDOW }, () => new FlowRecord());

  constructor(rows: SharedArrayBuffer) {
    this.#numbers = new Float64Array(rows);
    this.#words = new Int32Array(rows);
  }

  /** Gives the rows to a sink. Their numbers count from behind `base`; `exporters` are ordinals by those in the rows. */
  give(from: number, to: number, sink: FlowSink, base: number, exporters: readonly number[] | null): void {
    const records = this.#records;
    const numbers = this.#numbers;
    const words = this.#words;
    for (let row = from; row < to; row += WINDOW) {
      const count = Math.min(WINDOW, to - row);
      for (let i = 0; i < count; i++) {
        const record = records[i];
        readRow(numbers, words, row + i, record);
        record.number += base;
        if (exporters !== null) record.exporter = exporters[record.exporter];
      }
      sink.foresee?.(records, count);
      for (let i = 0; i < count; i++) sink.flow(records[i]);
    }
  }
}
