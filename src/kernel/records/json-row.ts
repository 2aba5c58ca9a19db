/** An object of JSON to the row: what its values say, by the roles of the paths that are asked for. */
import { mayHold } from '../names.ts';
import { byteAt, MINUS } from './cell.ts';
import { beginRow, row } from './cell-row.ts';
import { isNew } from './compose.ts';
import { scanObject, values } from './json.ts';
import { ARRAY, NUMBER, TEXT } from './json-kinds.ts';
import { readHost } from './line-name.ts';
import { ENDS_AT, KINDS_AT, POOL_NAMES_AT, STARTS_AT, VALUE_ROLES_AT } from './memory.ts';
import { EXPORTER, NAME, SKIP } from './roles.ts';
import { putExporter, readCell, readPortBehind } from './table-cell.ts';
import { hashText } from './words.ts';

/** Nothing stands between the values of JSON and their ends. */
const QUOTE: i8 = 0x22;

/**
 * As `scanObject`; a whole object has then filled the row. A number or a text that is not of its role's kind is bad, like such
 * a cell of a table, unless another path of the role has a good one. Empty texts, `-`, objects and the like say nothing.
 */
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
    let at: usize = base + load<u32>(STARTS_AT + (value << 2));
    let behind: usize = base + load<u32>(ENDS_AT + (value << 2));
    if (kind === ARRAY) {
      // Elastic and Hubble give single values as lists, too.
      at = behindQuote(at, behind);
      behind = behindQuote(at, behind) - 1;
    } else if (kind !== TEXT && kind !== NUMBER) continue;
    if (role === EXPORTER) putExporter(at, behind);
    else if (role === NAME) readHost(at, behind);
    else {
      const stop = readCell(role, at, quotes);
      if (stop !== 0 && (stop === behind || readPortBehind(role, stop) === behind)) row.got |= 1 << role;
      else if (kind !== ARRAY && !isNothing(at, behind)) row.bad |= 1 << role;
    }
  }
  row.bad &= ~row.got;
  return end;
}

function isNothing(at: usize, behind: usize): bool {
  return at === behind || (behind - at === 1 && byteAt(at) === MINUS);
}

/** True if the list of names at [from, to) is to be told: for each client if it may hold one of a pool. */
export function isNewList(from: usize, to: usize): bool {
  let mayBeOfPool: bool = false;
  for (let at = behindQuote(from, to); at < to && !mayBeOfPool; at = behindQuote(at, to)) {
    const end = behindQuote(at, to);
    mayBeOfPool = mayHold(POOL_NAMES_AT, at, end - 1);
    at = end;
  }
  return isNew(hashText(from, to), mayBeOfPool, mayBeOfPool);
}

/** The place behind the next quote, the end if there is none. */
function behindQuote(from: usize, end: usize): usize {
  for (let at = from; at < end; at++) if (byteAt(at) === QUOTE) return at + 1;
  return end;
}
