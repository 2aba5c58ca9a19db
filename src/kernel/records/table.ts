/**
 * Rows of a table by a plan, which says what each column holds: cells between delimiters, quoted as RFC 4180 has it if the
 * format quotes, CRLF and LF in any mixture. Cells that are empty, `-` or `(empty)` say nothing. What a row means as a whole
 * is told in compose.ts.
 */
import { byteAt, CR, LF, MINUS, QUOTE } from './cell.ts';
import { beginRow, row } from './cell-row.ts';
import { validateCells } from './compose.ts';
import { digitsAt, numberAt } from './digits.ts';
import { readHost } from './line-name.ts';
import { NOTHINGS_AT, ROLES_AT, Row } from './memory.ts';
import { stopped } from './reading.ts';
import { NAME, PACKETS, SKIP, SOURCE_PORT } from './roles.ts';
import { numberPlace, readCell } from './table-cell.ts';
import { isFull } from './time-runs.ts';
import { AT_END, FULL, NEW_NAME, OPEN_CELL, OTHER_LINE, UNKNOWN_EXPORTER, WRITTEN } from './why.ts';
import { endOfCell } from './words.ts';

const SPACE: u32 = 0x20;
const NONE: u32 = 256;

let delimiter: u32 = 0;
let isQuoted: bool = false;
let columns: u32 = 0;
/** Bytes with which lines begin that may be no rows; NONE if there is no such. */
let marker: u32 = NONE;
let headerByte: u32 = NONE;
let delimiters: v128 = i8x16.splat(0);
let ends: v128 = i8x16.splat(0);

/**
 * Rows to come are of so many columns, whose roles lie at ROLES_AT. At TEMPLATE_AT lies the row of which no cell says
 * anything, at NOTHINGS_AT texts of cells that say nothing, each behind its length, with 0 behind the last.
 */
export function beginTable(
  delimiterByte: u32,
  quoted: bool,
  count: u32,
  markerByte: u32,
  firstOfHeader: u32,
): void {
  delimiter = delimiterByte;
  isQuoted = quoted;
  columns = count;
  marker = markerByte;
  headerByte = firstOfHeader;
}

/**
 * Reads rows in [from, end), of whole lines. Those that are flow records are counted, if they only count, or written to
 * `rowsAt`, `room` at most. The first line is a row for sure with `isRow`; `number` rows came before.
 */
export function readTable(from: usize, end: usize, isRow: bool, rowsAt: usize, room: i32, number: f64): void {
  delimiters = i8x16.splat(<i8>delimiter);
  ends = i8x16.splat(<i8>LF);
  let at = from;
  let rows = 0;
  let passed = 0;
  let why = AT_END;
  while (at < end) {
    const first = byteAt(at);
    if (first === LF || (first === CR && byteAt(at + 1) === LF)) {
      at += first === LF ? 1 : 2;
      continue;
    }
    if ((first === marker || first === headerByte) && !(isRow && at === from)) {
      why = OTHER_LINE;
      break;
    }
    if (isFull()) {
      why = FULL;
      break;
    }
    beginRow();
    row.line = at;
    const next = readCells(at, end);
    row.behind = next;
    if (next === 0) {
      why = OPEN_CELL;
      break;
    }
    const outcome = validateCells(rowsAt + <usize>rows * offsetof<Row>(), number + passed + 1);
    if (outcome === UNKNOWN_EXPORTER || outcome === NEW_NAME) {
      // The next call reads the row again.
      why = outcome;
      break;
    }
    at = next;
    passed++;
    if (outcome !== WRITTEN) continue;
    if (++rows === room) {
      why = FULL;
      break;
    }
  }
  stopped(at, why, rows, passed);
}

/** Fills the row; returns the place behind it, 0 if its end is not in sight. */
function readCells(from: usize, end: usize): usize {
  const comma = delimiter;
  const cuts = delimiters;
  const lines = ends;
  const count = columns;
  const quote: u32 = isQuoted ? QUOTE : NONE;
  let at = from;
  let got: u32 = 0;
  for (let column: u32 = 0; column < count; column++) {
    const role = <u32>load<u8>(ROLES_AT + column);
    let byte = byteAt(at);
    if (byte === quote) {
      const close = closingQuote(at + 1, end);
      if (close === 0) return 0;
      if (role !== SKIP) readUnusual(role, at + 1, QUOTE);
      at = close;
      byte = byteAt(at);
      if (byte !== comma && byte !== LF && byte !== CR) row.bad |= 1 << role;
    } else if (role - SOURCE_PORT < NAME - SOURCE_PORT) {
      // Nearly all numbers have fewer than eight digits, and nothing else stands in their cells.
      const digits = digitsAt(at);
      byte = byteAt(at + digits);
      if (digits - 1 < 7 && (byte === comma || byte === LF)) {
        const value = <u32>numberAt(at, digits);
        if (role < PACKETS) store<u32>(numberPlace(role), min(value, 0x10000));
        else store<f64>(numberPlace(role), <f64>value);
        got |= 1 << role;
        at += digits;
      } else {
        at = readOther(role, at, comma);
        byte = byteAt(at);
      }
    } else if (role !== SKIP) {
      at = readOther(role, at, comma);
      byte = byteAt(at);
    }
    if (byte !== comma && byte !== LF) {
      at = endOfCell(at, cuts, lines);
      byte = byteAt(at);
    }
    at++;
    if (byte === LF) {
      row.got |= got;
      return at;
    }
  }
  row.got |= got;
  if (isQuoted) return quotedRowEnd(at, end);
  return endOfCell(at, lines, lines) + 1;
}

/** Any cell that is not quoted; returns a place in or behind it. */
function readOther(role: u32, at: usize, ender: u32): usize {
  const stop = byteAt(at) === SPACE || role === NAME ? 0 : readCell(role, at, delimiters);
  if (stop !== 0) {
    const byte = byteAt(stop);
    if (byte === ender || byte === LF) {
      row.got |= 1 << role;
      return stop;
    }
  }
  return readUnusual(role, at, ender);
}

/** A cell that is quoted, padded, without a value or broken; returns a place in or behind it. */
function readUnusual(role: u32, from: usize, ender: u32): usize {
  const blank = ender === SPACE ? NONE : SPACE;
  let at = from;
  while (byteAt(at) === blank) at++;
  if (role === NAME) {
    readName(at, ender);
    return at;
  }
  const stop = readCell(role, at, delimiters);
  let behind = stop === 0 ? at : stop;
  if (stop === 0 && byteAt(at) === MINUS) behind++;
  while (byteAt(behind) === blank) behind++;
  const byte = byteAt(behind);
  if (byte === ender || byte === LF || byte === CR) {
    if (stop !== 0) row.got |= 1 << role;
    return behind;
  }
  const isEmpty = byteAt(at) === 0x28 && byteAt(at + 1) === 0x65; // (empty)
  if (!isEmpty && !saysNothing(at, ender)) row.bad |= 1 << role;
  return at;
}

/** A cell that names the receiver; one of several words names nobody. The port of a URL stands back behind a column of ports. */
function readName(at: usize, ender: u32): void {
  const to = endOfCell(at, i8x16.splat(<i8>ender), ends);
  const port = row.destinationPort;
  const stop = readHost(at, to);
  if (port !== 0) row.destinationPort = port;
  let behind = stop;
  while (behind < to && byteAt(behind) <= SPACE) behind++;
  if (stop !== 0 && behind < to) row.nameTo = 0;
}

/** True if one of the texts that say nothing stands there. */
function saysNothing(at: usize, ender: u32): bool {
  let text = NOTHINGS_AT;
  for (let length = <usize>load<u8>(text); length !== 0; length = <usize>load<u8>(text)) {
    text++;
    if (memory.compare(at, text, length) === 0) {
      const behind = byteAt(at + length);
      if (behind === ender || behind === LF || behind === CR) return true;
    }
    text += length;
  }
  return false;
}

/** The place behind the quote that ends a quoted cell; doubled ones are part of it. 0 if it does not end before `end`. */
function closingQuote(from: usize, end: usize): usize {
  for (let at = from; at < end; at++) {
    if (byteAt(at) !== QUOTE) continue;
    if (byteAt(at + 1) !== QUOTE) return at + 1;
    at++;
  }
  return 0;
}

/** The place behind the row whose next cell begins at `from`; 0 if it does not end before `end`. */
function quotedRowEnd(from: usize, end: usize): usize {
  for (let at = from; at < end; at++) {
    if (byteAt(at) === QUOTE) {
      at = closingQuote(at + 1, end);
      if (at === 0) return 0;
    }
    at = endOfCell(at, delimiters, ends);
    if (byteAt(at) === LF) return at + 1;
  }
  return 0;
}
