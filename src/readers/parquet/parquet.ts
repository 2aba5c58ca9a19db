/**
 * Flow tables in Parquet (Apache Parquet format; columns as AWS writes VPC flow logs, or by the usual names of csv.ts,
 * or by the operator's column map): row group by row group, the needed columns only. Decoding is hyparquet's, which
 * is loaded when the first such file comes. The directory of the format stands at its end, so input that cannot be
 * read backwards is spooled. Addresses may be text, 4 or 16 bytes, or IPv4 as a number. Nested columns are not read.
 */
import type { FileMetaData } from 'hyparquet';
import type { FlowSink } from '../../flows/flow-record.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions, FlowReadResult, FlowSource } from '../flow-reading.ts';
import { COLUMN_ROLES, roleName } from '../tables/column-map.ts';
import { columnNamed, STORED_NAMES, usualRoles } from '../tables/csv.ts';
import * as Column from '../tables/roles.ts';
import { Spool } from '../tables/spool.ts';
import { ParquetRows } from './parquet-rows.ts';

/** Row groups that unfold to more are refused. */
const GROUP_LIMIT_BYTES = 2 ** 31;
const GROUP_LIMIT_ROWS = 2 ** 24;

const NEEDED = [Column.START, Column.SOURCE, Column.DESTINATION, Column.DESTINATION_PORT];

/** Returns [name, role] of the columns that mean something. */
function columnsOf(
  names: readonly string[],
  wanted: Readonly<Record<string, string>>,
): [string, Column.Role][] {
  const free = new Map(STORED_NAMES);
  const columns: [string, Column.Role][] = [];
  for (const [ours, theirs] of Object.entries(wanted)) {
    const role = COLUMN_ROLES.get(ours);
    const name = names[columnNamed(theirs, names)];
    if (role === undefined) continue;
    free.delete(role);
    if (name !== undefined) columns.push([name, role]);
  }
  const roles = usualRoles(names, free);
  for (const [index, name] of names.entries()) {
    const role = roles[index];
    if (role !== Column.SKIP && !columns.some(([taken]) => taken === name)) columns.push([name, role]);
  }
  return columns;
}

/** Names of the columns that hold plain values. */
function plainColumns(metadata: FileMetaData): string[] {
  const names: string[] = [];
  let nested = 0;
  for (const element of metadata.schema.slice(1)) {
    if (nested > 0) nested += (element.num_children ?? 0) - 1;
    else if ((element.num_children ?? 0) > 0) nested = element.num_children ?? 0;
    else names.push(element.name);
  }
  return names;
}

async function read(
  source: FlowSource,
  sink: FlowSink,
  options: FlowReadOptions = {},
): Promise<FlowReadResult> {
  const rows = new ParquetRows(sink, options);
  const spool = new Spool();
  try {
    await spool.take(source);
    if (spool.byteLength === 0) rows.damage.add('empty', 0);
    else await readFile(spool, rows, options);
  } finally {
    await spool.close();
  }
  return rows.result();
}

async function readFile(file: Spool, rows: ParquetRows, options: FlowReadOptions): Promise<void> {
  const [{ parquetMetadataAsync, parquetRead }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  let metadata: FileMetaData;
  let columns: [string, Column.Role][];
  let names: string[];
  try {
    metadata = await parquetMetadataAsync(file, { geoparquet: false });
    names = plainColumns(metadata);
    columns = columnsOf(names, options.columns ?? {});
  } catch {
    rows.damage.add('truncated-file', file.byteLength);
    return;
  }
  const missing = Column.missingRoles(
    Uint8Array.from(columns, ([, role]) => role),
    NEEDED,
  );
  if (missing.length > 0) {
    rows.damage.add('missing-column', 0, missing.length);
    rows.missingColumns.push(...missing.map(roleName));
    return;
  }
  const meaning = new Map(columns);
  rows.look(
    names,
    Uint8Array.from(names, (name) => meaning.get(name) ?? Column.SKIP),
  );
  rows.use(columns);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    if (
      !(rowEnd >= rowStart) ||
      rowEnd - rowStart > GROUP_LIMIT_ROWS ||
      group.total_byte_size > GROUP_LIMIT_BYTES
    ) {
      rows.damage.add('bad-block', 0);
      return;
    }
    try {
      rows.begin(rowStart, rowEnd);
      await parquetRead({
        file,
        metadata,
        columns: columns.map(([name]) => name),
        rowStart,
        rowEnd,
        compressors,
        utf8: false,
        geoparquet: false,
        parsers: ParquetRows.PARSERS,
        onChunk: (chunk) => rows.chunk(chunk.columnName, chunk.columnData, chunk.rowStart),
      });
    } catch {
      rows.damage.add('bad-block', 0);
      rowStart = rowEnd;
      continue;
    }
    rows.deliverAll();
    if (options.onBlock?.(rows.records) === false) return;
    rowStart = rowEnd;
  }
}

export const parquet: FlowFormat = {
  id: 'parquet',
  title: 'flow tables in Parquet',
  reference: 'Apache Parquet format 2; column names of AWS VPC Flow Logs and of the usual collectors',
  sniff: (head) => head[0] === 0x50 && head[1] === 0x41 && head[2] === 0x52 && head[3] === 0x31,
  fields: {
    start: 'start, starttime, …',
    end: 'end, endtime, …, or start + duration',
    source: 'pkt_srcaddr, srcaddr, srcip, …',
    destination: 'pkt_dstaddr, dstaddr, dstip, …',
    sourcePort: 'srcport, …',
    destinationPort: 'dstport, …',
    protocol: 'protocol, proto, …',
    packets: 'packets, …',
    bytes: 'bytes, octets, …',
    reversePackets: 'reversepackets, outpackets, …',
    reverseBytes: 'reversebytes, outbytes, …',
    tcpFlags: 'tcp_flags, flags',
    samplingInterval: 'samplingrate, samplinginterval',
    denied: 'action',
    exporter: 'interface_id, exporter, …',
  },
  abilities: {
    time: 'flow',
    tcpFlags: 'partial',
    bothDirections: 'partial',
    packets: 'counted',
    records: 'either',
  },
  // Its directory stands at its end.
  beganUs: () => null,
  read,
};
