/** What stands in a cell of a table, by the role of its column, to the row. */
import { copyAddress } from '../ends.ts';
import { readAddress } from './address.ts';
import { byteAt, COLON, LF, MINUS } from './cell.ts';
import { row } from './cell-row.ts';
import { rules } from './compose.ts';
import { readCount, readHex } from './count.ts';
import { readFlags, readHistory } from './flags.ts';
import { toUtc } from './host.ts';
import { BY_DESTINATION, BY_SOURCE, DENIED, ORIGINATORS } from './marks.ts';
import { CELL_ROW_AT, CellRow, cell } from './memory.ts';
import { readProtocol } from './protocol.ts';
import * as role from './roles.ts';
import { HEX_FLAGS } from './rules.ts';
import { readClock, readDay, readSpan, readTime } from './time.ts';
import { endOfState, hashText, isRefusal } from './words.ts';

/** The text in [at, to) names the exporter of the row. */
export function putExporter(at: usize, to: usize): void {
  if (to <= at) return;
  row.exporterHash = hashText(at, to);
  row.exporterFrom = at;
  row.exporterTo = to;
}

/** Reads one cell into the row; returns the place behind it, 0 if it holds nothing of its kind. */
export function readCell(what: u32, at: usize, delimiters: v128): usize {
  if (what >= role.SOURCE_PORT) return readNumber(what, at);
  if (what >= role.DAY) return readDate(what, at, delimiters);
  let stop: usize;
  switch (what) {
    case role.START:
    case role.END:
      stop = readTime(at);
      if (stop !== 0) setTime(what === role.START);
      return stop;
    case role.DURATION:
      stop = readSpan(at);
      row.durationUs = cell.timeUs;
      return stop;
    case role.SOURCE:
    case role.PACKET_SOURCE:
      stop = readAddress(at);
      if (stop !== 0 && mayName(what, role.PACKET_SOURCE)) copyAddress(row.source, cell.word);
      return stop;
    case role.DESTINATION:
    case role.PACKET_DESTINATION:
      stop = readAddress(at);
      if (stop !== 0 && mayName(what, role.PACKET_DESTINATION)) copyAddress(row.destination, cell.word);
      return stop;
    case role.PROTOCOL:
      stop = readProtocol(at);
      if (stop !== 0) row.protocol = <i32>cell.value;
      return stop;
    case role.TCP_FLAGS:
    case role.REVERSE_TCP_FLAGS:
      stop = (rules & HEX_FLAGS) === 0 ? readFlags(at) : readHex(at);
      if (stop === 0) return 0;
      if (what === role.TCP_FLAGS) row.tcpFlags = <i32>cell.value & 0xff;
      else row.reverseTcpFlags = <i32>cell.value & 0xff;
      return stop;
    case role.ACTION:
      stop = endOfState(at, delimiters);
      row.marks = isRefusal(at, stop) ? row.marks | DENIED : row.marks & ~DENIED;
      return stop;
    case role.EXPORTER:
      stop = endOfState(at, delimiters);
      putExporter(at, stop);
      return stop;
    case role.HISTORY:
      stop = readHistory(at);
      row.originatorFlags = cell.originatorFlags;
      row.responderFlags = cell.responderFlags;
      row.isFlipped = cell.isFlipped;
      return stop;
    case role.STATUS:
      row.status = load<u32>(at);
      return endOfState(at, delimiters);
    case role.ARROW:
      return readArrow(at);
    default:
      return 0;
  }
}

/** The same of a text that a line end ends, or what is no part of its kind. */
export function readText(what: u32, at: usize): usize {
  return readCell(what, at, i8x16.splat(<i8>LF));
}

/** The time in the cell is that of the start, or of the end. */
function setTime(isStart: bool): void {
  if (isStart) {
    row.startUs = cell.timeUs;
    row.startMarks = cell.timeMarks;
  } else {
    row.endUs = cell.timeUs;
    row.endMarks = cell.timeMarks;
  }
}

/** True of an address of the packet itself, and of one beside which no such stands. */
function mayName(what: u32, ofPacket: u32): bool {
  return what === ofPacket || (row.got & (1 << ofPacket)) === 0;
}

/** A date, or the time of day that stands in a column of its own. */
function readDate(what: u32, at: usize, delimiters: v128): usize {
  if (what === role.DAY || what === role.END_DAY) {
    const stop = readDay(at);
    // Which number is the month is known outside: a date that nobody can tell is none.
    const dayUs = cell.timeMarks === 0 ? cell.timeUs : cell.timeUs + toUtc(0, cell.timeMarks);
    if (what === role.DAY) row.dayUs = dayUs;
    else row.endDayUs = dayUs;
    return stop;
  }
  const stop = readClock(at);
  if (what === role.CLOCK) row.clockUs = cell.timeUs;
  else row.endClockUs = cell.timeUs;
  // A column of whole times beside one of dates.
  return stop === 0 ? readCell(what === role.CLOCK ? role.START : role.END, at, delimiters) : stop;
}

/** Where the numbers of roles lie in the row, each role from SOURCE_PORT on. */
const NUMBERS: usize = memory.data<u8>([
  <u8>offsetof<CellRow>('sourcePort'),
  <u8>offsetof<CellRow>('destinationPort'),
  <u8>offsetof<CellRow>('packets'),
  <u8>offsetof<CellRow>('bytes'),
  <u8>offsetof<CellRow>('reversePackets'),
  <u8>offsetof<CellRow>('reverseBytes'),
  <u8>offsetof<CellRow>('samplingInterval'),
  <u8>offsetof<CellRow>('payload'),
  <u8>offsetof<CellRow>('reversePayload'),
  <u8>offsetof<CellRow>('totalPackets'),
  <u8>offsetof<CellRow>('totalBytes'),
]);

export function numberPlace(what: u32): usize {
  return CELL_ROW_AT + <usize>load<u8>(NUMBERS + what - role.SOURCE_PORT);
}

function readNumber(what: u32, at: usize): usize {
  const stop = readCount(at);
  if (stop === 0 || cell.isFractional !== 0) return 0;
  const value = cell.value;
  if (what < role.PACKETS) store<i32>(numberPlace(what), portOf(value));
  else store<f64>(numberPlace(what), what === role.SAMPLING && value > 0xffffffff ? 0 : value);
  return stop;
}

/** Reads the port of `address:port` behind an address of this role; returns the place behind it, 0 if there is none. */
export function readPortBehind(what: u32, at: usize): usize {
  if (byteAt(at) !== COLON || (what !== role.SOURCE && what !== role.DESTINATION)) return 0;
  const port = what === role.SOURCE ? role.SOURCE_PORT : role.DESTINATION_PORT;
  const stop = readNumber(port, at + 1);
  if (stop !== 0) row.got |= 1 << port;
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
