/**
 * A Parquet file row group by row group, the needed columns only, their pages side by side, to flow records. The directory of
 * the file is read by hyparquet.
 */
import { type FileMetaData, parquetMetadataAsync, type RowGroup, type SchemaElement } from 'hyparquet';
import type { BatchWriter } from '../../rows/batches.ts';
import type { FlowReadOptions, FlowReadResult, FlowSource } from '../flow-reading.ts';
import type { ToldFormat } from '../format-table.ts';
import { chosenRoles, STORED_NAMES } from '../tables/csv.ts';
import { FlowTally } from '../tables/flow-tally.ts';
import { durationUnitOf, ENDPOINT_AND_TIME } from '../tables/headed-table.ts';
import * as Column from '../tables/roles.ts';
import { Spool } from '../tables/spool.ts';
import { ValueCells } from '../tables/value-cells.ts';
import { ColumnChunk } from './column-chunk.ts';

/** Row groups that unfold to more are refused. */
const GROUP_LIMIT_BYTES = 2 ** 31;
const GROUP_LIMIT_ROWS = 2 ** 24;
/** No row of a flow log takes less than a byte: files that claim more rows are refused before time is spent on them. */
const ANY_ROWS = 2 ** 16;
const MOST_ROWS_A_BYTE = 16;

export async function readParquet(
  source: FlowSource,
  writer: BatchWriter,
  options: FlowReadOptions,
  told: ToldFormat,
): Promise<FlowReadResult> {
  const rows = new ParquetRows(writer, options, told);
  const spool = new Spool();
  try {
    await spool.fill(source);
    if (spool.byteLength === 0) rows.damage.add('empty', 0);
    else await readFile(spool, rows, options);
  } finally {
    await spool.close();
  }
  return rows.result();
}

class ParquetRows extends FlowTally {
  readonly #cells = new ValueCells(this.writer, this.sensors);

  /** What the columns of the table mean; false if some are missing. */
  use(names: readonly string[], roles: Uint8Array): boolean {
    const missing = Column.missingRoles(roles, ENDPOINT_AND_TIME);
    this.damage.add('missing-column', 0, missing.length);
    this.missingColumns.push(...missing.map(Column.roleName));
    if (missing.length > 0) return false;
    this.lookAtCounters(names, roles);
    this.guess(names, roles);
    this.#cells.use(roles, durationUnitOf(names, roles));
    return true;
  }

  /** Gives rows to the writer, `most` at most, up to where a page of any column ends. Returns how many; throws if one is broken. */
  deliverRows(chunks: readonly ColumnChunk[], most: number): number {
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
      this.#cells.begin();
      for (const chunk of chunks) chunk.put(this.#cells);
      this.#cells.end();
      this.deliver();
    }
    return rows;
  }
}

/** The columns that hold plain values. */
function plainColumns(metadata: FileMetaData): SchemaElement[] {
  const elements = new Map<string, SchemaElement>();
  let nested = 0;
  for (const element of metadata.schema.slice(1)) {
    if (nested > 0) nested += (element.num_children ?? 0) - 1;
    else if ((element.num_children ?? 0) > 0) nested = element.num_children ?? 0;
    else elements.set(element.name, element);
  }
  return [...elements.values()];
}

async function readFile(file: Spool, rows: ParquetRows, options: FlowReadOptions): Promise<void> {
  let metadata: FileMetaData;
  let elements: SchemaElement[];
  let names: string[];
  let roles: Uint8Array;
  try {
    metadata = await parquetMetadataAsync(file, { geoparquet: false });
    elements = plainColumns(metadata);
    names = elements.map(({ name }) => name);
    roles = chosenRoles(names, options.columns ?? {}, STORED_NAMES);
  } catch {
    rows.damage.add('truncated-file', file.byteLength);
    return;
  }
  if (!rows.use(names, roles)) return;
  const meant = elements.flatMap((element, column) =>
    roles[column] === Column.SKIP ? [] : [{ element, role: roles[column] }],
  );
  let most = ANY_ROWS + MOST_ROWS_A_BYTE * file.byteLength;
  for (const group of metadata.row_groups) {
    const count = Number(group.num_rows);
    most -= count;
    if (!(count >= 0 && most >= 0) || count > GROUP_LIMIT_ROWS || group.total_byte_size > GROUP_LIMIT_BYTES) {
      rows.damage.add('bad-block', 0);
      return;
    }
    try {
      const opened = await Promise.all(
        meant.map(({ element, role }) => chunkOf(file, rows, group, element, role)),
      );
      const chunks = opened.filter((chunk) => chunk !== null);
      for (let left = count; left > 0; ) {
        left -= rows.deliverRows(chunks, left);
        if (options.onBlock?.(rows.records) === false) return;
      }
    } catch {
      rows.damage.add('bad-block', 0);
    }
  }
}

/** The bytes of a column in a row group; null if it is not there, or holds several values a row. */
async function chunkOf(
  file: Spool,
  { kernel }: ParquetRows,
  group: RowGroup,
  element: SchemaElement,
  role: Column.Role,
): Promise<ColumnChunk | null> {
  const chunk = group.columns.find(({ meta_data: metadata }) => metadata?.path_in_schema[0] === element.name);
  if (element.repetition_type === 'REPEATED' || chunk?.meta_data === undefined) return null;
  if (chunk.file_path) throw new RangeError('the column is in another file');
  const { meta_data: metadata } = chunk;
  const from = Number(metadata.dictionary_page_offset || metadata.data_page_offset);
  const bytes = await file.slice(from, from + Number(metadata.total_compressed_size));
  return new ColumnChunk(role, kernel, element, metadata, bytes);
}
