/**
 * Rows of a table by a plan, which says what each column holds: cells between delimiters, quoted as RFC 4180 has it if the
 * format quotes, CRLF and LF in any mixture. Cells that are empty, `-` or `(empty)` say nothing. What a row means as a whole
 * is its format's business (readers/tables/table-reader.ts), which is given what each cell says.
 */
import { readAddress } from './address.ts';
import { byteAt, CR, cell, LF, MINUS, QUOTE } from './cell.ts';
import { readCount, readFlags, readHistory, readProtocol } from './count.ts';
import { NOTHINGS_AT, ROLES_AT, TABLE_ROWS, TABLE_ROWS_AT, TEMPLATE_AT } from './memory.ts';
import { DENIED, Row } from './row.ts';
import { readClock, readDay, readSpan, readTime } from './time.ts';
import { endOfCell, endOfWord, hashText } from './words.ts';

// Roles of columns, as readers/tables/roles.ts numbers them.
const SKIP: u32 = 0;
const START: u32 = 1;
const END: u32 = 2;
const DURATION: u32 = 3;
const SOURCE: u32 = 4;
const DESTINATION: u32 = 5;
const PROTOCOL: u32 = 6;
const TCP_FLAGS: u32 = 7;
const REVERSE_TCP_FLAGS: u32 = 8;
const ACTION: u32 = 9;
const EXPORTER: u32 = 10;
const HISTORY: u32 = 11;
const PACKET_SOURCE: u32 = 12;
const PACKET_DESTINATION: u32 = 13;
const STATUS: u32 = 14;
const ARROW: u32 = 15;
const DAY: u32 = 16;
const CLOCK: u32 = 17;
const END_DAY: u32 = 18;
const END_CLOCK: u32 = 19;
const SOURCE_PORT: u32 = 20;
const DESTINATION_PORT: u32 = 21;
const PACKETS: u32 = 22;
const BYTES: u32 = 23;
const REVERSE_PACKETS: u32 = 24;
const REVERSE_BYTES: u32 = 25;
const SAMPLING: u32 = 26;
const PAYLOAD: u32 = 27;
const REVERSE_PAYLOAD: u32 = 28;
const TOTAL_PACKETS: u32 = 29;

const SPACE: u32 = 0x20;
const NONE: u32 = 256;
/** Marks of who opened the connection. */
const ORIGINATORS: i32 = 3 << 4;
const BY_SOURCE: i32 = 1 << 4;
const BY_DESTINATION: i32 = 2 << 4;

/** Why `readTable` came back. */
export const AT_END: i32 = 0;
/** There is no room for another row. */
export const FULL: i32 = 1;
/** The line at `tableAt` may be a header or a remark. */
export const OTHER_LINE: i32 = 2;
/** The row at `tableAt` has a quoted cell that goes on behind what there is. */
export const OPEN_CELL: i32 = 3;

/** A row, behind what is as in every flow record what the cells say besides. */
@unmanaged
class TableRow extends Row {
  durationUs: f64;
  payload: f64;
  reversePayload: f64;
  totalPackets: f64;
  totalBytes: f64;
  dayUs: f64;
  clockUs: f64;
  endDayUs: f64;
  endClockUs: f64;
  /** Where its line begins. */
  line: i32;
  /** Bits of the roles whose columns said something, and of those that held nonsense. */
  got: u32;
  bad: u32;
  /** First four bytes of the STATUS cell, the first one lowest. */
  status: i32;
  originatorFlags: i32;
  responderFlags: i32;
  isFlipped: i32;
  /** Marks of the times of start and end (cell.ts). */
  startMarks: i32;
  endMarks: i32;
  exporterHash: u32;
  exporterFrom: i32;
  exporterTo: i32;
  /** Where the next line begins. */
  behind: i32;
}
/** Bytes from one row to the next, a whole number of rows. */
const STRIDE: usize = 256;

export let tableAt: usize = 0;

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

/** Reads rows in [from, end), of whole lines; returns how many. The first is one for sure with `isRow`. */
export function readTable(from: usize, end: usize, isRow: bool): i32 {
  delimiters = i8x16.splat(<i8>delimiter);
  ends = i8x16.splat(<i8>LF);
  let at = from;
  let rows = 0;
  let row = TABLE_ROWS_AT;
  tableWhy = AT_END;
  while (at < end) {
    const first = byteAt(at);
    if (first === LF) {
      at++;
      continue;
    }
    if (first === CR && byteAt(at + 1) === LF) {
      at += 2;
      continue;
    }
    if ((first === marker || first === headerByte) && !(isRow && at === from)) {
      tableWhy = OTHER_LINE;
      break;
    }
    if (rows === TABLE_ROWS) {
      tableWhy = FULL;
      break;
    }
    const next = readRow(at, end, changetype<TableRow>(row));
    if (next === 0) {
      tableWhy = OPEN_CELL;
      break;
    }
    changetype<TableRow>(row).behind = <i32>next;
    at = next;
    row += STRIDE;
    rows++;
  }
  tableAt = at;
  return rows;
}

export let tableWhy: i32 = AT_END;

/** Returns the place behind the row, 0 if its end is not in sight. */
function readRow(from: usize, end: usize, row: TableRow): usize {
  for (let at: usize = 0; at < STRIDE; at += 16)
    v128.store(changetype<usize>(row) + at, v128.load(TEMPLATE_AT + at));
  row.line = <i32>from;
  let at = from;
  let byte: u32 = 0;
  for (let column: u32 = 0; column < columns; column++) {
    const role = <u32>load<u8>(ROLES_AT + column);
    byte = byteAt(at);
    if (isQuoted && byte === QUOTE) {
      const close = closingQuote(at + 1, end);
      if (close === 0) return 0;
      if (role !== SKIP) readOdd(role, at + 1, QUOTE, row);
      at = close;
      byte = byteAt(at);
      if (byte !== delimiter && byte !== LF && byte !== CR) row.bad |= 1 << role;
    } else if (role !== SKIP) {
      const stop = readCell(role, at, row);
      byte = stop === 0 ? 0 : byteAt(stop);
      if (stop !== 0 && (byte === delimiter || byte === LF)) {
        row.got |= 1 << role;
        at = stop;
      } else at = readOdd(role, at, delimiter, row);
      byte = byteAt(at);
    }
    if (byte !== delimiter && byte !== LF) {
      at = endOfCell(at, delimiters, ends);
      byte = byteAt(at);
    }
    at++;
    if (byte === LF) return at;
  }
  if (isQuoted) return quotedRowEnd(at, end);
  return endOfCell(at, ends, ends) + 1;
}

/** A cell that is quoted, padded, without a value or broken; returns a place in or behind it. */
function readOdd(role: u32, from: usize, ender: u32, row: TableRow): usize {
  const blank = ender === SPACE ? NONE : SPACE;
  let at = from;
  while (byteAt(at) === blank) at++;
  const stop = readCell(role, at, row);
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

/** Reads one cell into the row; returns the place behind it, 0 if it holds nothing of its kind. */
function readCell(role: u32, at: usize, row: TableRow): usize {
  if (role >= SOURCE_PORT) return readNumber(role, at, row);
  let stop: usize;
  switch (role) {
    case START:
      stop = readTime(at);
      if (stop !== 0) {
        row.startUs = cell.timeUs;
        row.startMarks = cell.timeMarks;
      }
      return stop;
    case END:
      stop = readTime(at);
      if (stop !== 0) {
        row.endUs = cell.timeUs;
        row.endMarks = cell.timeMarks;
      }
      return stop;
    case DAY:
      stop = readDay(at);
      row.dayUs = cell.timeUs;
      return stop;
    case END_DAY:
      stop = readDay(at);
      row.endDayUs = cell.timeUs;
      return stop;
    case CLOCK:
      stop = readClock(at);
      row.clockUs = cell.timeUs;
      // A column of whole times beside one of dates.
      return stop === 0 ? readCell(START, at, row) : stop;
    case END_CLOCK:
      stop = readClock(at);
      row.endClockUs = cell.timeUs;
      return stop === 0 ? readCell(END, at, row) : stop;
    case DURATION:
      stop = readSpan(at);
      row.durationUs = cell.timeUs;
      return stop;
    case SOURCE:
      stop = readAddress(at);
      if (stop !== 0 && (row.got & (1 << PACKET_SOURCE)) === 0) setSource(row);
      return stop;
    case DESTINATION:
      stop = readAddress(at);
      if (stop !== 0 && (row.got & (1 << PACKET_DESTINATION)) === 0) setDestination(row);
      return stop;
    case PACKET_SOURCE:
      stop = readAddress(at);
      if (stop !== 0) setSource(row);
      return stop;
    case PACKET_DESTINATION:
      stop = readAddress(at);
      if (stop !== 0) setDestination(row);
      return stop;
    case PROTOCOL:
      stop = readProtocol(at);
      if (stop !== 0) row.protocol = <i32>cell.value;
      return stop;
    case TCP_FLAGS:
      stop = readFlags(at);
      if (stop !== 0) row.tcpFlags = <i32>cell.value;
      return stop;
    case REVERSE_TCP_FLAGS:
      stop = readFlags(at);
      if (stop !== 0) row.reverseTcpFlags = <i32>cell.value;
      return stop;
    case ACTION:
      row.marks = isRefusal(byteAt(at), byteAt(at + 1), byteAt(at + 2))
        ? row.marks | DENIED
        : row.marks & ~DENIED;
      return endOfWord(at, delimiters);
    case EXPORTER:
      stop = endOfWord(at, delimiters);
      if (stop > at) {
        row.exporterHash = hashText(at, stop);
        row.exporterFrom = <i32>at;
        row.exporterTo = <i32>stop;
      }
      return stop;
    case HISTORY:
      stop = readHistory(at);
      row.originatorFlags = cell.originatorFlags;
      row.responderFlags = cell.responderFlags;
      row.isFlipped = cell.isFlipped;
      return stop;
    case STATUS:
      row.status = load<i32>(at);
      return endOfWord(at, delimiters);
    case ARROW:
      return readArrow(at, row);
    default:
      return 0;
  }
}

function setSource(row: TableRow): void {
  row.source0 = cell.word0;
  row.source1 = cell.word1;
  row.source2 = cell.word2;
  row.source3 = cell.word3;
}

function setDestination(row: TableRow): void {
  row.destination0 = cell.word0;
  row.destination1 = cell.word1;
  row.destination2 = cell.word2;
  row.destination3 = cell.word3;
}

function readNumber(role: u32, at: usize, row: TableRow): usize {
  const stop = readCount(at);
  if (stop === 0) return 0;
  const value = cell.value;
  if (role === SOURCE_PORT) row.sourcePort = portOf(value);
  else if (role === DESTINATION_PORT) row.destinationPort = portOf(value);
  else if (cell.isFractional !== 0) return 0;
  else if (role === PACKETS) row.packets = value;
  else if (role === BYTES) row.bytes = value;
  else if (role === REVERSE_PACKETS) row.reversePackets = value;
  else if (role === REVERSE_BYTES) row.reverseBytes = value;
  else if (role === SAMPLING) row.samplingInterval = value > 0xffffffff ? 0 : value;
  else if (role === PAYLOAD) row.payload = value;
  else if (role === REVERSE_PAYLOAD) row.reversePayload = value;
  else if (role === TOTAL_PACKETS) row.totalPackets = value;
  else row.totalBytes = value;
  return stop;
}

/** No port is above 65,535; what is shows that the row is broken. */
function portOf(value: f64): i32 {
  return value > 0xffff ? 0x10000 : <i32>value;
}

/** `->` and `<-` say who opened the connection; with a `?` Argus does not know. */
function readArrow(at: usize, row: TableRow): usize {
  let stop = at;
  let isGuess = false;
  let left = false;
  let right = false;
  for (; ; stop++) {
    const byte = byteAt(stop);
    if (byte === 0x3f) isGuess = true;
    else if (byte === 0x3c) left = true;
    else if (byte === 0x3e) right = true;
    else if (byte !== MINUS && byte !== 0x6f && byte !== 0x7c) break;
  }
  if (!isGuess && left !== right)
    row.marks = (row.marks & ~ORIGINATORS) | (right ? BY_SOURCE : BY_DESTINATION);
  return stop;
}

/** REJECT, deny, drop, block, refuse and D: what firewalls call it, by the letters that tell them from the others. */
function isRefusal(first: u32, second: u32, third: u32): bool {
  const one = first | 32;
  const two = second | 32;
  if (one === 0x64) return two !== 0x6e || (third | 32) !== 0x61; // deny, drop, discard, denied, D; not dnat
  if (one === 0x62) return two === 0x6c; // block, not bypass
  return one === 0x72 && two === 0x65 && ((third | 32) === 0x6a || (third | 32) === 0x66); // reject, refused
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
