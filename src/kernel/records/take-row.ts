/** The row in hand to a batch: what every reader of texts and values does with it at last. */
import { copyBlocks } from './copies.ts';
import { TABLE_ROW_AT } from './memory.ts';
import { Row } from './row.ts';
import { isMet } from './sensors.ts';
import { settle } from './settle.ts';
import { onlyCounts } from './sieve.ts';
import { row } from './table-row.ts';
import { COUNTED, NO_FLOW, STRANGER, WRITTEN } from './why.ts';

/** Counts the row in hand, or writes it to `rowAt`, if it is a flow; it is the one of this number in its input. */
export function takeRow(rowAt: usize, number: f64): i32 {
  if (row.exporterFrom !== 0 && !isMet()) return STRANGER;
  if (!settle()) return NO_FLOW;
  row.number = number;
  if (onlyCounts(row)) return COUNTED;
  copyBlocks(rowAt, TABLE_ROW_AT, offsetof<Row>());
  return WRITTEN;
}
