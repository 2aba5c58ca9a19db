/** An object of JSON to the row: what its values say, by the roles of the paths that are asked for. */
import { beginRow, row } from './cell-row.ts';
import { scanObject, values } from './json.ts';
import { NUMBER, TEXT } from './json-kinds.ts';
import { ENDS_AT, KINDS_AT, STARTS_AT, VALUE_ROLES_AT } from './memory.ts';
import { EXPORTER, SKIP } from './roles.ts';
import { putExporter, readCell } from './table-cell.ts';

/** Nothing stands between the values of JSON and their ends. */
const QUOTE: i8 = 0x22;

/** As `scanObject`; a whole object has then filled the row. Values that are not of their role's kind say nothing. */
export function readObject(from: usize, to: usize, base: usize): i32 {
  const end = scanObject(from, to, base);
  if (end < 0) return end;
  beginRow();
  row.line = from;
  row.behind = from;
  const quotes = i8x16.splat(QUOTE);
  for (let value: usize = 0; value < <usize>values; value++) {
    const role = <u32>load<u8>(VALUE_ROLES_AT + value);
    if (role === SKIP) continue;
    const kind = <u32>load<u8>(KINDS_AT + value);
    if (kind !== TEXT && kind !== NUMBER) continue;
    const at = base + load<u32>(STARTS_AT + (value << 2));
    const behind = base + load<u32>(ENDS_AT + (value << 2));
    if (role === EXPORTER) putExporter(at, behind);
    else if (readCell(role, at, quotes) === behind) row.got |= 1 << role;
  }
  return end;
}
