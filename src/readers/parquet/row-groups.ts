/**
 * A Parquet file row group by row group, the needed columns only, their pages side by side. The directory of the file is read
 * by hyparquet.
 */
import { type FileMetaData, parquetMetadataAsync, type RowGroup, type SchemaElement } from 'hyparquet';
import type { FlowReadOptions } from '../flow-reading.ts';
import { chosenRoles, STORED_NAMES } from '../tables/csv.ts';
import { ENDPOINT_AND_TIME } from '../tables/headed-table.ts';
import * as Column from '../tables/roles.ts';
import type { Spool } from '../tables/spool.ts';
import { ColumnChunk } from './column-chunk.ts';
import type { ParquetRows } from './parquet-rows.ts';

/** Row groups that unfold to more are refused. */
const GROUP_LIMIT_BYTES = 2 ** 31;
const GROUP_LIMIT_ROWS = 2 ** 24;

/** Returns [name, role] of the columns that mean something. */
function columnsOf(
  names: readonly string[],
  wanted: Readonly<Record<string, string>>,
): [string, Column.Role][] {
  const roles = chosenRoles(names, wanted, STORED_NAMES);
  return names.flatMap((name, column): [string, Column.Role][] =>
    roles[column] === Column.SKIP ? [] : [[name, roles[column]]],
  );
}

/** The columns that hold plain values, by name. */
function plainColumns(metadata: FileMetaData): Map<string, SchemaElement> {
  const elements = new Map<string, SchemaElement>();
  let nested = 0;
  for (const element of metadata.schema.slice(1)) {
    if (nested > 0) nested += (element.num_children ?? 0) - 1;
    else if ((element.num_children ?? 0) > 0) nested = element.num_children ?? 0;
    else elements.set(element.name, element);
  }
  return elements;
}

export async function readFile(file: Spool, rows: ParquetRows, options: FlowReadOptions): Promise<void> {
  let metadata: FileMetaData;
  let elements: Map<string, SchemaElement>;
  let columns: [string, Column.Role][];
  try {
    metadata = await parquetMetadataAsync(file, { geoparquet: false });
    elements = plainColumns(metadata);
    columns = columnsOf([...elements.keys()], options.columns ?? {});
  } catch {
    rows.damage.add('truncated-file', file.byteLength);
    return;
  }
  const missing = Column.missingRoles(
    Uint8Array.from(columns, ([, role]) => role),
    ENDPOINT_AND_TIME,
  );
  if (missing.length > 0) {
    rows.damage.add('missing-column', 0, missing.length);
    rows.missingColumns.push(...missing.map(Column.roleName));
    return;
  }
  rows.look([...elements.keys()], new Map(columns));
  for (const group of metadata.row_groups) {
    const count = Number(group.num_rows);
    if (!(count >= 0) || count > GROUP_LIMIT_ROWS || group.total_byte_size > GROUP_LIMIT_BYTES) {
      rows.damage.add('bad-block', 0);
      return;
    }
    try {
      const chunks = columns.map(([name, role]) => chunkOf(file, rows, group, elements.get(name), role));
      rows.begin((await Promise.all(chunks)).filter((chunk) => chunk !== null));
      for (let left = count; left > 0; ) {
        left -= rows.deliverRows(left);
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
  element: SchemaElement | undefined,
  role: Column.Role,
): Promise<ColumnChunk | null> {
  const chunk = group.columns.find(
    ({ meta_data: metadata }) => metadata?.path_in_schema[0] === element?.name,
  );
  if (element === undefined || element.repetition_type === 'REPEATED' || chunk?.meta_data === undefined)
    return null;
  if (chunk.file_path) throw new RangeError('the column is in another file');
  const { meta_data: metadata } = chunk;
  const from = Number(metadata.dictionary_page_offset || metadata.data_page_offset);
  const bytes = await file.slice(from, from + Number(metadata.total_compressed_size));
  return new ColumnChunk(role, kernel, element, metadata, bytes);
}
