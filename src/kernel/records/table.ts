/**
 * Rows of a table by a plan, which says what each column holds: cells between delimiters, quoted as RFC 4180 has it if the
 * format quotes, CRLF and LF in any mixture. Cells that are empty, `-` or `(empty)` say nothing. What a row means as a whole
 * is its format's business (readers/tables/table-reader.ts), which is given what each cell says.
 */
import { readAddress } from './address.ts';
import { byteAt, CR, cell, LF, MINUS, QUOTE } from './cell.ts';
import { copyBlocks } from './copies.ts';
import { readCount, readFlags, readHistory, readProtocol } from './count.ts';
import { digitsAt, numberAt } from './digits.ts';
import { DENIED } from './marks.ts';
import { NOTHINGS_AT, ROLES_AT, SENSORS, SENSORS_AT, TABLE_ROW_AT, TEMPLATE_AT } from './memory.ts';
import {
  ACTION,
  ARROW,
  BYTES,
  CLOCK,
  DAY,
  DESTINATION,
  DURATION,
  END,
  END_CLOCK,
  END_DAY,
  EXPORTER,
  HISTORY,
  PACKET_DESTINATION,
  PACKET_SOURCE,
  PACKETS,
  PAYLOAD,
  PROTOCOL,
  REVERSE_TCP_FLAGS,
  SAMPLING,
  SKIP,
  SOURCE,
  SOURCE_PORT,
  START,
  STATUS,
  TCP_FLAGS,
  TOTAL_BYTES,
  TOTAL_PACKETS,
} from './roles.ts';
import { Row } from './row.ts';
import { onlyCounts } from './sieve.ts';
import { readClock, readDay, readSpan, readTime } from './time.ts';
import { AT_END, FULL, ODD, OPEN_CELL, OTHER_LINE } from './why.ts';
import { endOfCell, endOfWord, hashText, isRefusal } from './words.ts';

const ADDRESSES: u32 = (1 << SOURCE) | (1 << DESTINATION);
/** Columns that readers/tables/row-facts.ts makes something of. */
const INDIRECT: u32 =
  (1 << DAY) | (1 << CLOCK) | (1 << END_DAY) | (1 << END_CLOCK) | (1 << TOTAL_PACKETS) | (1 << TOTAL_BYTES);

const TCP: i32 = 6;
const UDP: i32 = 17;
const SYN: i32 = 0x02;
const SYN_ACK: i32 = 0x12;
/** Times of a clock that was set, and that can be (readers/tables/flow-tally.ts). */
const CLOCKS_SET_US: f64 = 631_152_000_000_000;
const LATEST_US: f64 = 4_102_444_800_000_000;
/** The largest counter that stays exact as a number. */
const MOST: f64 = 9_007_199_254_740_991;
/** The rows of one call are of no longer time: TypeScript is told of the first and the last. */
const LONGEST_RUN_US: f64 = 864_000_000_000;

const SPACE: u32 = 0x20;
const NONE: u32 = 256;
/** Marks of who opened the connection. */
const ORIGINATORS: i32 = 3 << 4;
const BY_SOURCE: i32 = 1 << 4;
const BY_DESTINATION: i32 = 2 << 4;

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
const TABLE_ROW_BYTES: usize = 256;
const row: TableRow = changetype<TableRow>(TABLE_ROW_AT);

export let tableAt: usize = 0;
/** Rows made by the last call, those that only counted, and rows passed, an odd one among them. */
export let tableRows: i32 = 0;
export let tableCounted: i32 = 0;
export let tablePassed: i32 = 0;
/** Times of the rows made or counted. */
export let tableFirstUs: f64 = 0;
export let tableLastUs: f64 = 0;

let delimiter: u32 = 0;
let isQuoted: bool = false;
let columns: u32 = 0;
/** Bytes with which lines begin that may be no rows; NONE if there is no such. */
let marker: u32 = NONE;
let headerByte: u32 = NONE;
/** Microseconds of 1 in the column of durations, by a million. */
let durationUnit: f64 = 1;
/** Byte with which the STATUS of a row that is a flow begins; 0 if any does. */
let flowStatus: i32 = 0;
/** Nothing in the other direction may mean that it is not known. */
let isNoAnswerOdd: bool = false;
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
  unit: f64,
  status: i32,
  noAnswerIsOdd: bool,
): void {
  delimiter = delimiterByte;
  isQuoted = quoted;
  columns = count;
  marker = markerByte;
  headerByte = firstOfHeader;
  durationUnit = unit;
  flowStatus = status;
  isNoAnswerOdd = noAnswerIsOdd;
}

/** What is told of an exporter. */
@unmanaged
class Sensor {
  hash: u32;
  /** Ordinal + 1; 0 if none has this place. */
  ordinal: i32;
}

function sensorOf(hash: u32): Sensor {
  return changetype<Sensor>(SENSORS_AT + (<usize>hash & (SENSORS - 1)) * offsetof<Sensor>());
}

export function clearSensors(): void {
  memory.fill(SENSORS_AT, 0, SENSORS * offsetof<Sensor>());
}

/** Rows whose exporter has this hash are of this ordinal. */
export function meetSensor(hash: u32, ordinal: i32): void {
  const sensor = sensorOf(hash);
  sensor.hash = hash;
  sensor.ordinal = ordinal + 1;
}

/**
 * Reads rows in [from, end), of whole lines. Those that need nothing put right are counted, if they only count, or made: at
 * `rowsAt`, `room` at most; without room every row is odd. The first is a row for sure with `isRow`; `number` rows came before.
 */
export function readTable(from: usize, end: usize, isRow: bool, rowsAt: usize, room: i32, number: f64): void {
  delimiters = i8x16.splat(<i8>delimiter);
  ends = i8x16.splat(<i8>LF);
  let at = from;
  let rows = 0;
  let passed = 0;
  let counted = 0;
  tableFirstUs = Infinity;
  tableLastUs = -Infinity;
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
    const next = readRow(at, end);
    if (next === 0) {
      tableWhy = OPEN_CELL;
      break;
    }
    const isOdd = room === 0 || !isPlain();
    const isLong = tableLastUs - row.startUs > LONGEST_RUN_US || row.endUs - tableFirstUs > LONGEST_RUN_US;
    if (!isOdd && isLong) {
      // The next call reads it again.
      tableWhy = FULL;
      break;
    }
    at = next;
    passed++;
    if (isOdd) {
      row.behind = <i32>next;
      tableWhy = ODD;
      break;
    }
    row.number = number + passed;
    tableFirstUs = min(tableFirstUs, row.startUs);
    tableLastUs = max(tableLastUs, row.endUs);
    if (onlyCounts(row)) {
      counted++;
      continue;
    }
    copyBlocks(rowsAt + <usize>rows * offsetof<Row>(), TABLE_ROW_AT, offsetof<Row>());
    if (++rows === room) {
      tableWhy = FULL;
      break;
    }
  }
  tableAt = at;
  tableRows = rows;
  tableCounted = counted;
  tablePassed = passed;
}

/**
 * True if the row in hand says all that a record needs, and nothing that TypeScript would make something else of
 * (readers/tables/): a record with two addresses, of TCP or UDP, with counters and times that can be. It is finished then.
 */
function isPlain(): bool {
  const got = row.got;
  if (row.bad !== 0 || (got & (ADDRESSES | INDIRECT)) !== ADDRESSES) return false;
  if ((got & ((1 << PAYLOAD) | (1 << BYTES))) === 1 << PAYLOAD) return false;
  if (row.protocol !== TCP && row.protocol !== UDP) return false;
  if (row.sourcePort > 0xffff || row.destinationPort > 0xffff) return false;
  if (!(row.packets <= MOST && row.bytes <= MOST)) return false;
  if (!(row.reversePackets <= MOST && row.reverseBytes <= MOST)) return false;
  if (isNoAnswerOdd && row.reversePackets === 0 && row.reverseBytes === 0) return false;
  if (flowStatus !== 0 && (got & (1 << STATUS)) !== 0 && (row.status & 0xff) !== flowStatus) return false;
  if ((row.startMarks | row.endMarks) !== 0) return false;
  let endUs = row.endUs;
  if (!(endUs > -Infinity))
    endUs =
      (got & (1 << DURATION)) === 0 ? row.startUs : row.startUs + floor(row.durationUs * durationUnit + 0.5);
  if (!(row.startUs >= CLOCKS_SET_US && endUs <= LATEST_US && endUs >= row.startUs)) return false;
  if (row.exporterFrom !== 0) {
    const sensor = sensorOf(row.exporterHash);
    if (sensor.ordinal === 0 || sensor.hash !== row.exporterHash) return false;
    row.exporter = sensor.ordinal - 1;
  }
  row.endUs = endUs;
  if (row.protocol !== TCP) {
    row.tcpFlags = -1;
    row.reverseTcpFlags = -1;
  }
  return true;
}

/**
 * What Zeek's history says of a TCP connection. `orig` sent the first packet seen, which proves nothing if the handshake was
 * not seen.
 */
function takeHistory(): void {
  const originator = row.originatorFlags;
  const responder = row.responderFlags;
  row.tcpFlags = originator;
  row.reverseTcpFlags = responder;
  const isOpened = (originator & SYN) !== 0 || (responder & SYN_ACK) === SYN_ACK;
  if (!isOpened || row.isFlipped !== 0) row.marks &= ~ORIGINATORS;
}

export let tableWhy: i32 = AT_END;

/** Returns the place behind the row, 0 if its end is not in sight. */
function readRow(from: usize, end: usize): usize {
  copyBlocks(TABLE_ROW_AT, TEMPLATE_AT, TABLE_ROW_BYTES);
  row.line = <i32>from;
  const next = readCells(from, end);
  if ((row.got & (1 << HISTORY)) !== 0 && row.protocol === TCP) takeHistory();
  return next;
}

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
      if (role !== SKIP) readOdd(role, at + 1, QUOTE);
      at = close;
      byte = byteAt(at);
      if (byte !== comma && byte !== LF && byte !== CR) row.bad |= 1 << role;
    } else if (role >= SOURCE_PORT) {
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
  const stop = readCell(role, at);
  if (stop !== 0) {
    const byte = byteAt(stop);
    if (byte === ender || byte === LF) {
      row.got |= 1 << role;
      return stop;
    }
  }
  return readOdd(role, at, ender);
}

/** A cell that is quoted, padded, without a value or broken; returns a place in or behind it. */
function readOdd(role: u32, from: usize, ender: u32): usize {
  const blank = ender === SPACE ? NONE : SPACE;
  let at = from;
  while (byteAt(at) === blank) at++;
  const stop = readCell(role, at);
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
function readCell(role: u32, at: usize): usize {
  if (role >= SOURCE_PORT) return readNumber(role, at);
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
      return stop === 0 ? readCell(START, at) : stop;
    case END_CLOCK:
      stop = readClock(at);
      row.endClockUs = cell.timeUs;
      return stop === 0 ? readCell(END, at) : stop;
    case DURATION:
      stop = readSpan(at);
      row.durationUs = cell.timeUs;
      return stop;
    case SOURCE:
      stop = readAddress(at);
      if (stop !== 0 && (row.got & (1 << PACKET_SOURCE)) === 0) setSource();
      return stop;
    case DESTINATION:
      stop = readAddress(at);
      if (stop !== 0 && (row.got & (1 << PACKET_DESTINATION)) === 0) setDestination();
      return stop;
    case PACKET_SOURCE:
      stop = readAddress(at);
      if (stop !== 0) setSource();
      return stop;
    case PACKET_DESTINATION:
      stop = readAddress(at);
      if (stop !== 0) setDestination();
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
      stop = endOfWord(at, delimiters);
      row.marks = isRefusal(at, stop) ? row.marks | DENIED : row.marks & ~DENIED;
      return stop;
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
      return readArrow(at);
    default:
      return 0;
  }
}

function setSource(): void {
  row.source0 = cell.word0;
  row.source1 = cell.word1;
  row.source2 = cell.word2;
  row.source3 = cell.word3;
}

function setDestination(): void {
  row.destination0 = cell.word0;
  row.destination1 = cell.word1;
  row.destination2 = cell.word2;
  row.destination3 = cell.word3;
}

/** Where the numbers of roles lie in the row, each role from SOURCE_PORT on. */
const NUMBERS: usize = memory.data<u8>([
  <u8>offsetof<TableRow>('sourcePort'),
  <u8>offsetof<TableRow>('destinationPort'),
  <u8>offsetof<TableRow>('packets'),
  <u8>offsetof<TableRow>('bytes'),
  <u8>offsetof<TableRow>('reversePackets'),
  <u8>offsetof<TableRow>('reverseBytes'),
  <u8>offsetof<TableRow>('samplingInterval'),
  <u8>offsetof<TableRow>('payload'),
  <u8>offsetof<TableRow>('reversePayload'),
  <u8>offsetof<TableRow>('totalPackets'),
  <u8>offsetof<TableRow>('totalBytes'),
]);

function numberPlace(role: u32): usize {
  return TABLE_ROW_AT + <usize>load<u8>(NUMBERS + role - SOURCE_PORT);
}

function readNumber(role: u32, at: usize): usize {
  const stop = readCount(at);
  if (stop === 0) return 0;
  const value = cell.value;
  if (role < PACKETS) store<i32>(numberPlace(role), portOf(value));
  else if (cell.isFractional !== 0) return 0;
  else store<f64>(numberPlace(role), role === SAMPLING && value > 0xffffffff ? 0 : value);
  return stop;
}

/** No port is above 65,535; what is shows that the row is broken. */
function portOf(value: f64): i32 {
  return value > 0xffff ? 0x10000 : <i32>value;
}

/** `->` and `<-` say who opened the connection; with a `?` Argus does not know. */
function readArrow(at: usize): usize {
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
