/** Columns of a Parquet row group to flow records. Values come as numbers, big integers or bytes (text included). */

import type { FlowSink } from '../../flows/flow-record.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { FlowTally } from '../tables/flow-tally.ts';
import { durationUnitOf } from '../tables/headed-table.ts';
import * as Column from '../tables/roles.ts';
import { ValueCells } from '../tables/value-cells.ts';

export class ParquetRows extends FlowTally {
  /** Times become microseconds, text stays bytes. */
  static readonly PARSERS = {
    timestampFromMilliseconds: (ms: bigint): number => Number(ms) * 1000,
    timestampFromMicroseconds: (us: bigint): number => Number(us),
    timestampFromNanoseconds: (ns: bigint): number => Number(ns / 1000n),
    dateFromDays: (days: number): number => days * 86400e6,
    stringFromBytes: (bytes: Uint8Array): Uint8Array => bytes,
    jsonFromBytes: (bytes: Uint8Array): Uint8Array => bytes,
    uuidFromBytes: (bytes: Uint8Array): Uint8Array => bytes,
  };

  readonly #cells: ValueCells;
  readonly #statedSampling: number;
  readonly #columns = new Map<string, { readonly role: Column.Role; values: unknown[] }>();
  #rowStart = 0;
  #rowEnd = 0;

  constructor(sink: FlowSink, options: FlowReadOptions) {
    super(sink, options);
    this.#cells = new ValueCells(this.kernel, this.record, this.facts, this.time, this.sensors);
    this.#statedSampling = options.samplingInterval ?? 0;
  }

  /** All columns of the table by name and meaning; those without one are not read. */
  look(names: readonly string[], roles: Uint8Array): void {
    this.lookAtCounters(names, roles);
    this.#cells.durationUnitUs = durationUnitOf(names, roles);
  }

  /** Names of the columns that are read and what they mean. */
  use(columns: readonly (readonly [string, Column.Role])[]): void {
    for (const [name, role] of columns) this.#columns.set(name, { role, values: [] });
  }

  /** Rows [rowStart, rowEnd) of the file come next. */
  begin(rowStart: number, rowEnd: number): void {
    this.#rowStart = rowStart;
    this.#rowEnd = rowEnd;
    for (const column of this.#columns.values()) column.values = [];
  }

  /** A part of a column; what lies outside of the rows in hand is not kept. */
  chunk(name: string, values: ArrayLike<unknown>, rowStart: number): void {
    const column = this.#columns.get(name);
    if (column === undefined) return;
    for (let index = 0; index < values.length; index++) {
      const row = rowStart + index;
      if (row >= this.#rowStart && row < this.#rowEnd) column.values[row - this.#rowStart] = values[index];
    }
  }

  /** Gives the rows in hand to the sink. */
  deliverAll(): void {
    const columns = [...this.#columns.values()];
    const isAws = columns.some(({ role }) => role === Column.STATUS);
    for (let row = 0; row < this.#rowEnd - this.#rowStart; row++) {
      this.rows++;
      this.#cells.begin();
      this.record.samplingInterval = isAws ? 1 : this.#statedSampling;
      for (const { role, values } of columns) this.#cells.put(role, values[row]);
      const fault = this.#cells.end();
      if (fault === null) this.deliver(0);
      else if (fault !== 'no-data') this.damage.add(fault, 0);
    }
  }
}
