/** Columns of a Parquet row group to flow records. Values come as numbers, big integers, bytes (text included) or addresses. */

import type { BatchWriter } from '../../rows/batches.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import type { ToldFormat } from '../format-table.ts';
import { FlowTally } from '../tables/flow-tally.ts';
import { durationUnitOf } from '../tables/headed-table.ts';
import * as Column from '../tables/roles.ts';
import { ValueCells } from '../tables/value-cells.ts';
import type { ColumnChunk } from './column-chunk.ts';

export class ParquetRows extends FlowTally {
  readonly #cells: ValueCells;
  readonly #statedSampling: number;
  #samplingInterval = 0;
  #chunks: readonly ColumnChunk[] = [];

  constructor(writer: BatchWriter, options: FlowReadOptions, told: ToldFormat) {
    super(writer, options, told);
    this.#cells = new ValueCells(writer, this.time, this.sensors);
    this.#statedSampling = options.samplingInterval ?? 0;
  }

  /** All columns of the table by name and meaning; those without one are not read. */
  look(names: readonly string[], meaning: ReadonlyMap<string, Column.Role>): void {
    const roles = Uint8Array.from(names, (name) => meaning.get(name) ?? Column.SKIP);
    this.lookAtCounters(names, roles);
    this.#cells.use(roles, durationUnitOf(names, roles));
    // AWS.
    this.#samplingInterval = roles.includes(Column.STATUS) ? 1 : this.#statedSampling;
  }

  /** The rows of these columns come next. */
  begin(chunks: readonly ColumnChunk[]): void {
    this.#chunks = chunks;
  }

  /** Gives rows to the writer, `most` at most, up to where a page of any column ends. Returns how many; throws if one is broken. */
  deliverRows(most: number): number {
    const chunks = this.#chunks;
    const ready = chunks.reduce((least, chunk) => Math.min(least, chunk.ready()), Number.POSITIVE_INFINITY);
    if (ready === Number.POSITIVE_INFINITY) {
      // Every column has ended before the row group does.
      this.rows += most;
      this.damage.add('unread-flow', 0, most);
      return most;
    }
    const rows = Math.min(ready, most);
    for (let row = 0; row < rows; row++) {
      this.rows++;
      this.#cells.begin(this.#samplingInterval);
      for (const chunk of chunks) chunk.put(this.#cells);
      this.#cells.end();
      this.deliver();
    }
    return rows;
  }
}
