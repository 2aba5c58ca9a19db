/**
 * Flow tables in Parquet (Apache Parquet format; columns as AWS writes VPC flow logs, or by the usual names of csv.ts,
 * or by the operator's column map). The directory of the format stands at its end, so input that cannot be
 * read backwards is spooled. Addresses may be text, 4 or 16 bytes, or IPv4 as a number. Nested columns are not read.
 */
import type { BatchWriter } from '../../rows/batches.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions, FlowReadResult, FlowSource } from '../flow-reading.ts';
import { describe, toldFormat } from '../format-table.ts';
import { Spool } from '../tables/spool.ts';
import { ParquetRows } from './parquet-rows.ts';

const TOLD = toldFormat('parquet');

async function read(
  source: FlowSource,
  writer: BatchWriter,
  options: FlowReadOptions = {},
): Promise<FlowReadResult> {
  const rows = new ParquetRows(writer, options, TOLD);
  const spool = new Spool();
  try {
    await spool.fill(source);
    if (spool.byteLength === 0) rows.damage.add('empty', 0);
    // hyparquet is loaded when the first such file comes.
    else await (await import('./row-groups.ts')).readFile(spool, rows, options);
  } finally {
    await spool.close();
  }
  return rows.result();
}

export const parquet: FlowFormat = {
  ...describe(TOLD),
  sniff: (head) => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1',
  // Its directory stands at its end.
  beganUs: () => null,
  read,
};
