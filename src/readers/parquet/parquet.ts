/**
 * Flow tables in Parquet (Apache Parquet format; columns as AWS writes VPC flow logs, or by the usual names of csv.ts,
 * or by the operator's column map). The directory of the format stands at its end, so input that cannot be
 * read backwards is spooled. Addresses may be text, 4 or 16 bytes, or IPv4 as a number. Nested columns are not read.
 */
import type { FlowFormat } from '../flow-format.ts';
import { describe, toldFormat } from '../format-table.ts';

const TOLD = toldFormat('parquet');

export const parquet: FlowFormat = {
  ...describe(TOLD),
  sniff: (head) => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1',
  // Its directory stands at its end.
  beganUs: () => null,
  // hyparquet is loaded when the first such file comes.
  read: async (source, writer, options = {}) =>
    (await import('./row-groups.ts')).readParquet(source, writer, options, TOLD),
};
