/** The row in hand of a table: what its cells say, and then the flow record that it makes. */
import { copyBlocks } from './copies.ts';
import { TABLE_ROW_AT, TABLE_ROW_BYTES, TEMPLATE_AT } from './memory.ts';
import { Row } from './row.ts';
import * as place from './row-places.ts';

/** Behind what is as in every flow record, what the cells say besides. */
@unmanaged
export class TableRow extends Row {
  durationUs: f64;
  payload: f64;
  reversePayload: f64;
  totalPackets: f64;
  totalBytes: f64;
  /** A date and a time of day in two columns, of the start and of the end. */
  dayUs: f64;
  clockUs: f64;
  endDayUs: f64;
  endClockUs: f64;
  /** Where its line begins, and where the next one does. */
  line: usize;
  behind: usize;
  /** Bits of the roles whose columns said something, and of those that held nonsense. */
  got: u32;
  bad: u32;
  /** First four bytes of the STATUS cell, the first one lowest. */
  status: u32;
  originatorFlags: i32;
  responderFlags: i32;
  isFlipped: i32;
  /** Marks of the times of start and end (cell.ts). */
  startMarks: i32;
  endMarks: i32;
  exporterHash: u32;
  exporterFrom: usize;
  exporterTo: usize;
}

export const row: TableRow = changetype<TableRow>(TABLE_ROW_AT);

/** The row says nothing yet, but what holds for all rows of the input. */
export function beginRow(): void {
  copyBlocks(TABLE_ROW_AT, TEMPLATE_AT, TABLE_ROW_BYTES);
}

// The compiler ends here if a place is another.
if (
  offsetof<TableRow>('durationUs') !== place.DURATION_US << 3 ||
  offsetof<TableRow>('payload') !== place.PAYLOAD << 3 ||
  offsetof<TableRow>('reversePayload') !== place.REVERSE_PAYLOAD << 3 ||
  offsetof<TableRow>('totalPackets') !== place.TOTAL_PACKETS << 3 ||
  offsetof<TableRow>('totalBytes') !== place.TOTAL_BYTES << 3 ||
  offsetof<TableRow>('dayUs') !== place.DAY_US << 3 ||
  offsetof<TableRow>('clockUs') !== place.CLOCK_US << 3 ||
  offsetof<TableRow>('endDayUs') !== place.END_DAY_US << 3 ||
  offsetof<TableRow>('endClockUs') !== place.END_CLOCK_US << 3 ||
  offsetof<TableRow>('line') !== place.LINE << 2 ||
  offsetof<TableRow>('behind') !== place.BEHIND << 2 ||
  offsetof<TableRow>('got') !== place.GOT << 2 ||
  offsetof<TableRow>('bad') !== place.BAD << 2 ||
  offsetof<TableRow>('status') !== place.STATUS << 2
)
  ERROR('row-places.ts');
