/** The row that a reader of cells fills: what its cells say, and then the flow record that it makes. */
import { copyBlocks } from './copies.ts';
import { CELL_ROW_AT, CELL_ROW_BYTES, CellRow, TEMPLATE_AT } from './memory.ts';

export const row: CellRow = changetype<CellRow>(CELL_ROW_AT);

/** The row says nothing yet, but what holds for all rows of the input. */
export function beginRow(): void {
  copyBlocks(CELL_ROW_AT, TEMPLATE_AT, CELL_ROW_BYTES);
}
