/** Columns of a Parquet row group to flow records. Values come as numbers, big integers or bytes (text included). */

import type { FlowSink } from '../../flows/flow-record.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { FlowTally } from '../tables/flow-tally.ts';
import { durationUnitOf } from '../tables/headed-table.ts';
import * as Column from '../tables/roles.ts';
import { ValueCells } from '../tables/value-cells.ts';

/** Values of one column in the rows in hand, in the parts in which they were decoded. */
class ColumnValues {
  readonly role: Column.Role;
  parts: { readonly values: ArrayLike<unknown>; readonly rowStart: number }[] = [];
  #part = 0;

  constructor(role: Column.Role) {
    this.role = role;
  }

  begin(): void {
    this.parts = [];
    this.#part = 0;
  }

  /** Undefined if it was not decoded. Rows are asked for in their order. */
  at(row: number): unknown {
    for (; this.#part < this.parts.length; this.#part++) {
      const { values, rowStart } = this.parts[this.#part];
      if (row < rowStart + values.length) return values[row - rowStart];
    }
    return undefined;
  }
}

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
  readonly #columns = new Map<string, ColumnValues>();
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
    for (const [name, role] of columns) this.#columns.set(name, new ColumnValues(role));
  }

  /** Rows [rowStart, rowEnd) of the file come next. */
  begin(rowStart: number, rowEnd: number): void {
    this.#rowStart = rowStart;
    this.#rowEnd = rowEnd;
    for (const column of this.#columns.values()) column.begin();
  }

  /** A part of a column. */
  chunk(name: string, values: ArrayLike<unknown>, rowStart: number): void {
    this.#columns.get(name)?.parts.push({ values, rowStart });
  }

  /** Gives the rows in hand to the sink. */
  deliverAll(): void {
    const columns = [...this.#columns.values()];
    const isAws = columns.some(({ role }) => role === Column.STATUS);
    for (let row = this.#rowStart; row < this.#rowEnd; row++) {
      this.rows++;
      this.#cells.begin();
      this.record.samplingInterval = isAws ? 1 : this.#statedSampling;
      for (const column of columns) this.#cells.put(column.role, column.at(row));
      const fault = this.#cells.end();
      if (fault === null) this.deliver(0);
      else if (fault !== 'no-data') this.damage.add(fault, 0);
    }
  }
}
