/**
 * HOT. Rows of the kernel's memory (record-row.ts) to records, some at a time, so that the sink can prefetch its rows.
 */
import { FlowRecord, type FlowSink } from '../flows/flow-record.ts';
import { readRow } from './record-row.ts';

/** Records that are foreseen. */
const WINDOW = 64;

export class RecordWindow {
  readonly #numbers: Float64Array;
  readonly #words: Int32Array;
  readonly #records = Array.from({ length: WINDOW }, () => new FlowRecord());

  constructor(numbers: Float64Array, words: Int32Array) {
    this.#numbers = numbers;
    this.#words = words;
  }

  /** Gives the rows to a sink. */
  give(from: number, to: number, sink: FlowSink): void {
    const records = this.#records;
    const numbers = this.#numbers;
    const words = this.#words;
    for (let row = from; row < to; row += WINDOW) {
      const count = Math.min(WINDOW, to - row);
      for (let i = 0; i < count; i++) readRow(numbers, words, row + i, records[i]);
      sink.prefetch?.(records, count);
      for (let i = 0; i < count; i++) sink.flow(records[i]);
    }
  }
}
