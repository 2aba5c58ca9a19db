/**
 * Lines of text logs to rows, as firewalls, proxies and collectors print them. How a line of one kind is written is a list of
 * steps (steps.ts; readers/lines/line-plan.ts makes it): texts, cells between them, pairs of key and value in any order. The
 * kinds are tried in turn. A line that fits none of them, or is broken, is counted. What a row means as a whole is told in
 * compose.ts.
 */
import { byteAt, COLON, CR, digitAt, LF, MINUS, QUOTE } from './cell.ts';
import { beginRow, row } from './cell-row.ts';
import { isTelling, validateCells } from './compose.ts';
import { hashKey, keyOf, nodeOf } from './json.ts';
import { readHost } from './line-name.ts';
import { BY_SOURCE, DENIED, ORIGINATORS, ZONELESS } from './marks.ts';
import { AGAIN_ROLES_AT, cell, Fault, KINDS_AT, Row, STEPS_AT, Step, VALUE_ROLES_AT } from './memory.ts';
import { damaged, stopped } from './reading.ts';
import * as role from './roles.ts';
import * as step from './steps.ts';
import * as head from './syslog-head.ts';
import { numberPlace, putExporter, readCell, readPortBehind } from './table-cell.ts';
import { readSpan, readZone } from './time.ts';
import { isFull } from './time-runs.ts';
import { AT_END, FULL, NEW_NAME, UNKNOWN_EXPORTER, WRITTEN } from './why.ts';
import { endOfCell, isBetweenPairs, wordBits } from './words.ts';

const BLANK: u32 = 0x20;
const BACKSLASH: u32 = 0x5c;
const PLUS: u32 = 0x2b;
/** Lines that begin so are remarks. */
const REMARK: u32 = 0x23;
const ROLES: usize = 48;
const SOURCES: u32 = (1 << role.SOURCE) | (1 << role.PACKET_SOURCE);
const DESTINATIONS: u32 = (1 << role.DESTINATION) | (1 << role.PACKET_DESTINATION);
const TIMES: u32 = (1 << role.START) | (1 << role.END) | (1 << role.DAY) | (1 << role.END_DAY);

// What became of a line that was read as one of a kind.
const OTHER = 0;
const BROKEN = 1;
const FITS = 2;

let count: i32 = 0;
let values: usize = 0;
let delimiters: v128 = i8x16.splat(0);
let assigns: v128 = i8x16.splat(0);
let isAssignedByColon: bool = false;
/** Blanks may stand around what assigns. */
let isSpaced: bool = false;
/** By role: 1 + the number of the value that has filled it. A lower number is better. */
const filledBy: usize = memory.data(<i32>ROLES);
/** The zone that the current line states beside its times, microseconds; NaN if it states none. */
let zoneUs: f64 = NaN;
/** Fields that pairs of the current line state, whether they could be read or not; HAS_PAIRS if it is of pairs at all. */
let stated: u32 = 0;
const HAS_PAIRS: u32 = 1;
/** Where the current line begins behind its head; 0 until it is looked for. */
let bodyAt: usize = 0;

/**
 * Lines to come are written as so many steps say, with so many values of pairs, `assign` between key and
 * value; with `spaced`, blanks may stand around it.
 */
export function beginLines(steps: i32, valueCount: i32, assign: u32, delimiter: u32, spaced: bool): void {
  count = steps;
  values = valueCount;
  isAssignedByColon = assign === COLON;
  assigns = i8x16.splat(<i8>assign);
  delimiters = i8x16.splat(<i8>delimiter);
  isSpaced = spaced;
}

/** As `readTable`: reads lines in [from, end), which are whole. */
export function readLines(from: usize, end: usize, rowsAt: usize, room: i32, number: f64): void {
  const lines = i8x16.splat(<i8>LF);
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
    if (isFull()) {
      why = FULL;
      break;
    }
    // The line of a name that was just told lies in the row.
    const lineEnd = isTelling ? row.behind - 1 : endOfCell(at, lines, lines);
    if (!isTelling && (first === REMARK || !readLine(at, lineEnd))) {
      at = lineEnd + 1;
      passed++;
      continue;
    }
    const outcome = validateCells(rowsAt + <usize>rows * offsetof<Row>(), number + passed + 1);
    if (outcome === UNKNOWN_EXPORTER || outcome === NEW_NAME) {
      why = outcome;
      break;
    }
    at = lineEnd + 1;
    passed++;
    if (outcome !== WRITTEN) continue;
    if (++rows === room) {
      why = FULL;
      break;
    }
  }
  stopped(at, why, rows, passed);
}

/** Fills the row; false if the line is none. */
function readLine(from: usize, to: usize): bool {
  bodyAt = 0;
  let isBroken = false;
  for (let at = 0; at < count; ) {
    const kind = stepAt(at);
    beginRow();
    row.line = from;
    row.behind = to + 1;
    zoneUs = NaN;
    if ((kind.value & step.ONLY_NAMES) !== 0) row.onlyNames = (kind.value & step.ANSWERS) !== 0 ? 2 : 1;
    if ((kind.value & step.BY_THE_SOURCE) !== 0) row.marks = (row.marks & ~ORIGINATORS) | BY_SOURCE;
    if ((kind.value & step.REFUSED) !== 0) row.marks |= DENIED;
    const isBehindHead = (kind.value & (step.ANCHORED | step.BARE)) === step.ANCHORED;
    stated = 0;
    const outcome = readKind(at + 1, kind.length, isBehindHead ? bodyOf(from, to) : from, from, to);
    if (outcome === FITS) {
      // Another event: no pair is of a sender, or none of a receiver.
      if (stated !== 0 && !hasEnds(stated | row.got)) {
        isBroken = false;
        break;
      }
      if (!Number.isNaN(zoneUs)) useZone();
      if ((kind.value & step.BARE) === 0) addHead(from, to);
      return true;
    }
    if (outcome === BROKEN) isBroken = true;
    at = kind.length;
  }
  damaged(isBroken ? Fault.BAD_ROW : Fault.OTHER_LINE, from, to + 1 - from);
  return false;
}

function hasEnds(fields: u32): bool {
  return (fields & SOURCES) !== 0 && ((fields & DESTINATIONS) !== 0 || row.nameTo !== 0);
}

/** Times of the line that state no zone are of the one beside them. */
function useZone(): void {
  if ((row.startMarks & ZONELESS) !== 0) {
    row.startUs -= zoneUs;
    row.startMarks &= ~ZONELESS;
  }
  if ((row.endMarks & ZONELESS) !== 0) {
    row.endUs -= zoneUs;
    row.endMarks &= ~ZONELESS;
  }
  if ((row.got & (1 << role.END_DAY)) !== 0 && Number.isNaN(row.endUs))
    row.endUs = row.endDayUs + ((row.got & (1 << role.END_CLOCK)) === 0 ? 0 : row.endClockUs) - zoneUs;
  if ((row.got & (1 << role.DAY)) !== 0 && Number.isNaN(row.startUs))
    row.startUs = row.dayUs + ((row.got & (1 << role.CLOCK)) === 0 ? 0 : row.clockUs) - zoneUs;
}

function stepAt(index: i32): Step {
  return changetype<Step>(STEPS_AT + <usize>index * offsetof<Step>());
}

function bodyOf(from: usize, to: usize): usize {
  if (bodyAt === 0) bodyAt = head.readHead(from, to);
  return bodyAt;
}

/** What the head says and the line does not: when it was written, at the end of its connection, and by whom. */
function addHead(from: usize, to: usize): void {
  if ((row.got & TIMES) !== 0 && row.exporterFrom !== 0) return;
  bodyOf(from, to);
  if ((row.got & TIMES) === 0 && head.hasTime) {
    row.endUs = head.timeUs;
    row.endMarks = head.timeMarks;
    row.got |= 1 << role.END;
  }
  if (row.exporterFrom === 0) putExporter(head.hostFrom, head.hostTo);
}

function readKind(first: i32, last: i32, begin: usize, from: usize, to: usize): i32 {
  let at = begin;
  let failed = OTHER;
  for (let index = first; index < last; index++) {
    const each = stepAt(index);
    switch (each.what) {
      case step.SEEK:
      case step.EXPECT:
        at = each.what === step.SEEK ? seek(each, at, to) : expect(each, at, to);
        if (at === 0) return failed;
        if (each.value === step.TELLING) failed = BROKEN;
        break;
      case step.READ:
        at = readAt(each.value, at, to);
        if (at === 0) return failed;
        break;
      case step.BACK:
        at = from;
        break;
      case step.CELLS:
        at = passCells(each.value, at, to);
        if (at === 0) return failed;
        break;
      default:
        readPairs(each.value, from, to);
    }
  }
  return FITS;
}

/** The place behind the text of a step, if it stands there, and behind blanks if it ends with one; 0 if it does not. */
function expect(each: Step, at: usize, to: usize): usize {
  const length = <usize>each.length;
  if (at + length > to) return 0;
  for (let i: usize = 0; i < length; i++) if (load<u8>(at + i) !== load<u8>(each.textAt + i)) return 0;
  return behindBlanks(each, at + length);
}

function behindBlanks(each: Step, from: usize): usize {
  let at = from;
  if (load<u8>(each.textAt + <usize>each.length - 1) === BLANK)
    while (byteAt(at) === BLANK || byteAt(at) === 9) at++;
  return at;
}

function seek(each: Step, from: usize, to: usize): usize {
  const text = each.textAt;
  const length = <usize>each.length;
  const firsts = v128.load8_splat(text);
  const lasts = v128.load8_splat(text + length - 1);
  for (let at = from; at + length <= to; at += 16) {
    const starts = i8x16.eq(v128.load(at), firsts);
    let found = i8x16.bitmask(v128.and(starts, i8x16.eq(v128.load(at + length - 1), lasts)));
    for (; found !== 0; found &= found - 1) {
      const place = at + ctz(found);
      if (place + length > to) return 0;
      if (memory.compare(place, text, length) === 0) return behindBlanks(each, place + length);
    }
  }
  return 0;
}

function readAt(what: u32, from: usize, to: usize): usize {
  const isQuoted = byteAt(from) === QUOTE;
  const at = isQuoted ? from + 1 : from;
  let stop = readValue(what, at, to);
  if (stop !== 0) {
    if (what < role.NAME) row.got |= 1 << what;
    // Blanks may stand between flags.
    while (byteAt(stop - 1) === BLANK) stop--;
    return isQuoted && byteAt(stop) === QUOTE ? stop + 1 : stop;
  }
  if (byteAt(at) === MINUS) return at + 1;
  if (isQuoted && byteAt(at) === QUOTE) return at + 1;
  // An empty cell says nothing; any other text does not fit.
  return at >= to || byteAt(at) === <u32>i8x16.extract_lane_u(delimiters, 0) ? at : 0;
}

function readValue(what: u32, at: usize, to: usize): usize {
  if (at >= to) return 0;
  if (what === role.NAME) return readHost(at, to);
  if (what === role.ZONE) {
    const end = readZone(at);
    if (end !== 0) zoneUs = cell.timeUs;
    return end;
  }
  const stop = readCell(what, at, delimiters);
  return stop === 0 && what >= role.PACKETS ? readRounded(what, at) : stop;
}

/** A counter that nfdump has rounded for people: `1.2 M`. */
function readRounded(what: u32, at: usize): usize {
  const stop = readSpan(at);
  if (stop === 0 || byteAt(stop) !== BLANK || byteAt(stop + 2) > BLANK) return 0;
  const unit = byteAt(stop + 1);
  const factor: f64 =
    unit === 0x4b ? 1e3 : unit === 0x4d ? 1e6 : unit === 0x47 ? 1e9 : unit === 0x54 ? 1e12 : 0;
  if (factor === 0) return 0;
  store<f64>(numberPlace(what), nearest((cell.timeUs / 1e6) * factor));
  return stop + 2;
}

function passCells(cells: i32, from: usize, to: usize): usize {
  const lines = i8x16.splat(<i8>LF);
  let at = from;
  for (let passed = 0; passed < cells; passed++) {
    if (byteAt(at) === QUOTE) at = closingQuote(at + 1, to);
    at = endOfCell(at, delimiters, lines) + 1;
    if (at > to) return 0;
  }
  return at;
}

/** The place of the quote that closes a text, or the end of the line. */
function closingQuote(from: usize, to: usize): usize {
  const quotes = i8x16.splat(<i8>QUOTE);
  const lines = i8x16.splat(<i8>LF);
  let at = endOfCell(from, quotes, lines);
  while (at < to && byteAt(at - 1) === BACKSLASH) at = endOfCell(at + 1, quotes, lines);
  return at;
}

function readPairs(node: i32, from: usize, to: usize): void {
  stated = HAS_PAIRS;
  for (let at: usize = 0; at < values; at += 16) v128.store(KINDS_AT + at, i8x16.splat(0));
  v128.store(filledBy, i8x16.splat(0));
  v128.store(filledBy, i8x16.splat(0), 16);
  v128.store(filledBy, i8x16.splat(0), 32);
  const lines = i8x16.splat(<i8>LF);
  let at = from;
  while (at < to) {
    at = endOfCell(at, assigns, lines);
    if (at >= to) return;
    let keyEnd = at;
    if (isSpaced) while (keyEnd > from && byteAt(keyEnd - 1) === BLANK) keyEnd--;
    keyEnd = beforeNumber(from, keyEnd);
    const wordAt = keyFrom(from, keyEnd);
    const isBehindTab = isTab(wordAt - 1);
    const keyAt = isBehindTab ? wordAt + 3 : wordAt;
    at++;
    if (isSpaced) while (byteAt(at) === BLANK) at++;
    else if (isAssignedByColon && byteAt(at) === BLANK) at++;
    const isQuoted = byteAt(at) === QUOTE;
    if (isQuoted) at++;
    if (keyAt < keyEnd && (keyAt === from || isBehindTab || isBeforeKey(byteAt(keyAt - 1)))) {
      const key = keyOf(hashKey(node, keyAt, keyEnd), node, keyAt, <i32>(keyEnd - keyAt));
      if (key.length !== 0) at = readPair(<usize>nodeOf(key.target).value, at, to);
    }
    if (isQuoted) at = closingQuote(at, to);
  }
}

/** True of `#011`, as rsyslog writes a tab. */
function isTab(at: usize): bool {
  return load<u32>(at) === 0x31313023;
}

/** The end of a key before its number, as Comware writes it: `SrcIPAddr(1003)=`. */
function beforeNumber(from: usize, end: usize): usize {
  if (byteAt(end - 1) !== 0x29) return end;
  let at = end - 2;
  while (at > from && digitAt(at) <= 9) at--;
  return byteAt(at) === 0x28 ? at : end;
}

/** Where the key that ends there begins, not before `from`. */
function keyFrom(from: usize, end: usize): usize {
  let others: u32 = 0;
  let at = end;
  while (others === 0 && at > from) {
    others = ~wordBits(v128.load(at - 16)) & 0xffff;
    at -= clz(others) - 16;
  }
  return max(at, from);
}

/** What stands around a pair of every product. */
function isBetween(byte: u32): bool {
  return byte <= BLANK || byte === QUOTE || isBetweenPairs(<u8>byte);
}

/** What a key stands behind: a bracket or the priority of syslog as well, but nothing that is part of a URL. */
function isBeforeKey(byte: u32): bool {
  return isBetween(byte) || byte === 0x5b || byte === 0x28 || byte === 0x3e; // [ ( >
}

/** Reads the value of a pair; returns a place in or behind it. */
function readPair(value: usize, at: usize, to: usize): usize {
  const isAgain = load<u8>(KINDS_AT + value) !== 0;
  store<u8>(KINDS_AT + value, 1);
  const what = <u32>load<u8>((isAgain ? AGAIN_ROLES_AT : VALUE_ROLES_AT) + value);
  if (what === role.SKIP) return at;
  const first = byteAt(at);
  if (what < role.NAME && first > BLANK && first !== QUOTE && first !== MINUS) stated |= 1 << what;
  const better = load<u8>(filledBy + what);
  if (better !== 0 && better <= <u8>value) return at;
  const stop = readValue(what, at, to);
  if (stop === 0 || !(isBehindValue(byteAt(stop)) || isTab(stop))) {
    // `N/A`, `-` and `none` say nothing; what begins like a number is broken.
    const sign = byteAt(at);
    if (what < role.NAME && digitAt(sign === MINUS || sign === PLUS ? at + 1 : at) <= 9) row.bad |= 1 << what;
    return at;
  }
  store<u8>(filledBy + what, <u8>value + 1);
  if (what < role.NAME) row.got |= 1 << what;
  // SonicWall writes `address:port`.
  readPortBehind(what, stop);
  return stop;
}

function isBehindValue(byte: u32): bool {
  return isBetween(byte) || byte === 0x5d || byte === 0x29 || byte === COLON || byte === 0x2f; // ] ) : /
}
