/**
 * A point in time in a text log to microseconds since 1970: seconds, milliseconds, microseconds or nanoseconds by their
 * size, with a fraction or without, and dates as ISO 8601 and its relatives write them (`-` or `/`, `T`, blank, `.` or
 * `_` before the clock, `Z` or an offset or nothing after it). A byte that is not part of a time comes before the end.
 */

import { byteAt, COLON, DOT, digitAt, isLetterOrDigit, MINUS, twoDigits } from './cell.ts';
import { digitsAt, numberAt } from './digits.ts';
import { AMBIGUOUS, DAY_FIRST, MONTH_FIRST, YEARLESS, ZONELESS } from './marks.ts';
import { cell } from './memory.ts';

const SPACE: u32 = 0x20;
const PLUS: u32 = 0x2b;
const SLASH: u32 = 0x2f;
const MINUTE_US: i64 = 60_000_000;
const DAY_US: i64 = 86_400_000_000;
/** Digits of `YYYYMMDDhhmmss`: as milliseconds it would be after the year 2600. */
const COMPACT_DIGITS: usize = 14;
const COMPACT_FROM: u64 = 19_900_000_000_000;
const COMPACT_TO: u64 = 21_000_000_000_000;
/** Digits that a count of microseconds since 1970 may have; those behind are below a microsecond. */
const KEPT_DIGITS: usize = 16;

/** The day on which we read, for times without a year. */
let thisYear: i32 = 1970;
let thisDay: i64 = 0;
/** How dates are read that may begin with the month or the day. */
let isDayFirst: bool = false;
/** Of the fraction read last, millionths. */
let millionths: i64 = 0;
/** The date read last, and its day, as days come again in row after row. */
let dateKey: i32 = 0;
let dateUs: i64 = 0;

/** It is this year, and so many days since 1970. */
export function setToday(year: i32, day: f64): void {
  thisYear = year;
  thisDay = <i64>day;
}

/** Dates that may begin with the month or the day begin with the day from now on, or with the month. */
export function setDayFirst(dayFirst: bool): void {
  isDayFirst = dayFirst;
}

/** Reads the time at a place into the cell; returns the place behind it, 0 if there is none. */
export function readTime(from: usize): usize {
  if (isNegative(from)) return negated(readTime(from + 1));
  const first = digitsAt(from);
  if (first === 0) return readMonthFirst(from);
  let at = from + first;
  let whole = numberAt(from, first);
  for (let digit = digitAt(at); digit <= 9; digit = digitAt(++at)) {
    if (at - from < KEPT_DIGITS) whole = whole * 10 + digit;
  }
  const digits = at - from;
  cell.timeMarks = 0;
  const next = byteAt(at);
  if (digits === 4 && (next === MINUS || next === SLASH || next === COLON)) return readDate(at, <i32>whole);
  if (digits <= 2 && (next === SLASH || next === MINUS || next === DOT)) {
    const end = readYearLast(from);
    if (end !== 0) return end;
    if (digits === 2 && next === SLASH) return readYearless(at, <i32>whole);
  }
  if (digits > 20) return 0;
  if (digits === 8 && (next | 32) === 0x74 && digitsAt(at + 1) === 6)
    return readCompact(at + 7, <i64>whole * 1_000_000 + <i64>numberAt(at + 1, 6));
  if (digits === COMPACT_DIGITS && whole >= COMPACT_FROM && whole < COMPACT_TO)
    return readCompact(at, <i64>whole);
  const unit: u64 = whole < 100_000_000_000 ? 1_000_000 : whole < 100_000_000_000_000 ? 1000 : 1;
  // Nanoseconds: 19 digits, of which the 16 kept ones are the microseconds; 18 before 2001.
  let timeUs = digits === 18 ? whole / 10 : digits === 17 ? whole / 100 : whole * unit;
  if (next === DOT) {
    at = readFraction(at + 1);
    if (unit === 1_000_000) timeUs += millionths;
    else if (unit === 1000) timeUs += millionths / 1000;
  }
  cell.timeUs = <f64>timeUs;
  // What goes on behind a number is a date of another kind, or no time: `9/16/19` is no ninth second of 1970.
  return isPartOfTime(byteAt(at)) ? 0 : at;
}

/** True of what may stand in a date or a word, and not behind a number that is a time. */
function isPartOfTime(byte: u32): bool {
  return byte === SLASH || byte === COLON || byte === MINUS || (byte | 32) - 0x61 < 26;
}

/** Reads seconds with a fraction, or `h:mm:ss`, as a span in microseconds. */
export function readSpan(from: usize): usize {
  if (isNegative(from)) return negated(readSpan(from + 1));
  const digits = digitsAt(from);
  if (digits === 0) return 0;
  let at = from + digits;
  let whole = <f64>numberAt(from, digits);
  if (digits === 8)
    for (let digit = digitAt(at); digit <= 9; digit = digitAt(++at)) whole = whole * 10 + <f64>digit;
  // `h:mm:ss` or `m:ss`.
  for (; byteAt(at) === COLON; at += 3) {
    const sixtieths = twoDigits(at + 1);
    if (sixtieths < 0) return 0;
    whole = whole * 60 + sixtieths;
  }
  millionths = 0;
  if (byteAt(at) === DOT) at = readFraction(at + 1);
  cell.timeUs = whole * 1e6 + <f64>millionths;
  return at;
}

/** True of a time before 1970, or an end before its start, which the last step counts. */
function isNegative(from: usize): bool {
  return byteAt(from) === MINUS && digitAt(from + 1) <= 9;
}

function negated(stop: usize): usize {
  cell.timeUs = -cell.timeUs;
  return stop;
}

/** The digits behind the point, in millionths; those beyond are dropped. */
function readFraction(from: usize): usize {
  const digits = digitsAt(from);
  let at = from + digits;
  const kept = min(digits, 6);
  millionths = kept === 0 ? 0 : <i64>numberAt(from, kept);
  for (let missing = kept; missing < 6; missing++) millionths *= 10;
  if (digits === 8) while (digitAt(at) <= 9) at++;
  return at;
}

/** Behind `YYYY`. */
function readDate(at: usize, year: i32): usize {
  const month = twoDigits(at + 1);
  const day = twoDigits(at + 4);
  if (byteAt(at + 3) !== byteAt(at) || month < 1 || month > 12 || day < 1 || day > 31) return 0;
  // `2026:11:20-10:30:00` of Sophos UTM.
  const isDashed = byteAt(at) === COLON && byteAt(at + 6) === MINUS;
  return readClockOf(at + 6, year, month, day, isDashed);
}

/** Behind `MM` of `MM/DD.hh:mm:ss`, as ra prints it: of the last year in which that day is not to come. */
function readYearless(at: usize, month: i32): usize {
  const day = twoDigits(at + 1);
  if (byteAt(at + 3) !== DOT || month < 1 || month > 12 || day < 1 || day > 31) return 0;
  // Clocks ahead of ours, and zones, make a day of difference.
  const year = daysSince1970(thisYear, month, day) > thisDay + 1 ? thisYear - 1 : thisYear;
  const end = readClockOf(at + 3, year, month, day);
  if (end !== 0) cell.timeMarks |= YEARLESS;
  return end;
}

/**
 * `Mon DD hh:mm:ss`, as syslog writes it without a year (RFC 3164 section 4.1.2), and with one behind the day or at the end;
 * the name of the day may stand in front.
 */
function readMonthFirst(from: usize): usize {
  let month = monthAt(from);
  let at = from;
  if (month === 0 && byteAt(from + 3) === SPACE) {
    at = from + 4;
    month = monthAt(at);
  }
  if (month === 0 || byteAt(at + 3) !== SPACE) return 0;
  at += byteAt(at + 4) === SPACE ? 5 : 4;
  const day = shortNumber(at);
  at += digitAt(at + 1) <= 9 ? 2 : 1;
  if (day < 1 || day > 31) return 0;
  if (byteAt(at) === 0x2c) at++;
  let year = 0;
  if (byteAt(at) === SPACE && digitsAt(at + 1) === 4) {
    year = <i32>numberAt(at + 1, 4);
    at += 5;
  }
  // The clock, as it may stand before the year.
  const behindClock = readClock(byteAt(at) === SPACE ? at + 1 : at);
  if (behindClock === 0) return 0;
  // A zone by its letters may stand before it: `10:30:00 UTC 2026`.
  const behindZone = byteAt(behindClock) === SPACE ? zoneAt(behindClock + 1) : 0;
  const minutes = zoneMinutes;
  const behind = behindZone === 0 ? behindClock : behindZone;
  const isYearBehind = year === 0 && isYearAt(behind);
  cell.timeMarks = 0;
  if (isYearBehind) year = <i32>numberAt(behind + 1, 4);
  const isYearless = year === 0;
  if (isYearless) year = daysSince1970(thisYear, month, day) > thisDay + 1 ? thisYear - 1 : thisYear;
  let end = readClockOf(at, year, month, day);
  if (isYearBehind) {
    if (behindZone !== 0) takeOff(minutes);
    end = behind + 5;
  }
  if (isYearless && end !== 0) cell.timeMarks |= YEARLESS;
  return end;
}

/** True if a blank and a year of four digits stand there. */
function isYearAt(at: usize): bool {
  const next = byteAt(at + 5);
  return (
    byteAt(at) === SPACE &&
    digitsAt(at + 1) === 4 &&
    next <= 0x5d &&
    digitAt(at + 5) > 9 &&
    next !== DOT &&
    next !== COLON
  );
}

/** A number of one or two digits; more than 99 if there is none. */
function shortNumber(at: usize): i32 {
  const two = twoDigits(at);
  return two >= 0 ? two : digitAt(at) <= 9 ? <i32>digitAt(at) : 100;
}

/** `MM/DD/YYYY`, `DD/MM/YYYY`, `DD.MM.YYYY`, `DD-MM-YYYY`, `DD/Mon/YYYY`, one digit or two. */
function readYearLast(from: usize): usize {
  let at = from;
  const first = shortNumber(at);
  at += twoDigits(at) >= 0 ? 2 : 1;
  const separator = byteAt(at++);
  const named = monthAt(at);
  const second = named > 0 ? named : shortNumber(at);
  at += named > 0 ? 3 : twoDigits(at) >= 0 ? 2 : 1;
  if (byteAt(at++) !== separator) return 0;
  let century = twoDigits(at);
  let rest = twoDigits(at + 2);
  let yearEnd = at + 4;
  // `9/16/19`; between hyphens a year of two digits may as well stand in front, and between dots it may be an address.
  if (rest < 0 && digitAt(at + 2) > 9 && (separator !== MINUS || named > 0) && byteAt(at + 2) !== DOT) {
    rest = century;
    century = 20;
    yearEnd = at + 2;
  }
  if (century < 0 || rest < 0 || digitAt(yearEnd) <= 9) return 0;
  // Dots and names of months stand in dates that begin with the day.
  const mustBeDay = named > 0 || separator === DOT || first > 12;
  const mayBeEither = !mustBeDay && second <= 12 && first !== second;
  const isDay = mustBeDay || (mayBeEither && isDayFirst);
  const day = isDay ? first : second;
  const month = isDay ? second : first;
  if (month < 1 || month > 12 || day < 1 || day > 31) return 0;
  const end = readClockOf(yearEnd, century * 100 + rest, month, day);
  if (mayBeEither) cell.timeMarks |= AMBIGUOUS;
  else if (named === 0 && separator !== DOT && first !== second)
    cell.timeMarks |= first > 12 ? DAY_FIRST : MONTH_FIRST;
  return end;
}

/** The first three letters of each month. */
const MONTHS: usize = memory.data<u32>([
  0x6a616e, 0x666562, 0x6d6172, 0x617072, 0x6d6179, 0x6a756e, 0x6a756c, 0x617567, 0x736570, 0x6f6374,
  0x6e6f76, 0x646563,
]);

/** The month whose first three letters stand there, or 0. */
function monthAt(at: usize): i32 {
  const letters = ((byteAt(at) | 32) << 16) | ((byteAt(at + 1) | 32) << 8) | (byteAt(at + 2) | 32);
  for (let month = 12; month > 0; month--)
    if (load<u32>(MONTHS + ((month - 1) << 2)) === letters) return month;
  return 0;
}

/** Behind `YYYYMMDDhhmmss`. */
function readCompact(from: usize, digits: i64): usize {
  const date = <i32>(digits / 1_000_000);
  const clock = <i32>(digits % 1_000_000);
  const hour = clock / 10_000;
  const minute = (clock / 100) % 100;
  const second = clock % 100;
  const month = (date / 100) % 100;
  const day = date % 100;
  if (hour > 23 || minute > 59 || second > 60 || month < 1 || month > 12 || day < 1 || day > 31) return 0;
  let at = from;
  millionths = 0;
  if (byteAt(at) === DOT) at = readFraction(at + 1);
  const clockUs = <i64>((hour * 60 + minute) * 60 + second) * 1_000_000;
  return readOffset(at, daysSince1970(date / 10_000, month, day) * DAY_US + clockUs + millionths);
}

/** Reads a date alone, without a zone; `YYYYMMDD`, too. */
export function readDay(from: usize): usize {
  let end = readTime(from);
  if (end === from + 8 && byteAt(from + 4) !== MINUS && byteAt(from + 4) !== SLASH) {
    const date = <i32>(cell.timeUs / 1e6);
    const month = (date / 100) % 100;
    if (month >= 1 && month <= 12)
      cell.timeUs = <f64>(daysSince1970(date / 10_000, month, date % 100) * DAY_US);
    else end = 0;
  }
  cell.timeMarks &= ~ZONELESS;
  return end;
}

/** Reads `hh:mm:ss`, with a fraction or without, as microseconds of a day. */
export function readClock(from: usize): usize {
  const isShort = byteAt(from + 1) === COLON;
  const hour = isShort ? (digitAt(from) <= 9 ? <i32>digitAt(from) : -1) : twoDigits(from);
  let at = from + (isShort ? 1 : 2);
  const minute = twoDigits(at + 1);
  if (hour < 0 || hour > 23 || byteAt(at) !== COLON || minute < 0 || minute > 59) return 0;
  at += 3;
  let us = (hour * 60 + minute) * MINUTE_US;
  if (byteAt(at) === COLON) {
    const second = twoDigits(at + 1);
    if (second < 0 || second > 60) return 0;
    us += <i64>second * 1_000_000;
    at += 3;
    if (byteAt(at) === DOT) {
      at = readFraction(at + 1);
      us += millionths;
    }
  }
  return readHalfDay(at, hour, us);
}

/** `AM` or `PM` behind a time of the hour `hour`. */
function readHalfDay(from: usize, hour: i32, us: i64): usize {
  cell.timeUs = <f64>us;
  const at = byteAt(from) === SPACE ? from + 1 : from;
  if ((byteAt(at + 1) | 32) !== 0x6d || hour > 12) return from;
  const letter = byteAt(at) | 32;
  if (letter === 0x70) cell.timeUs = <f64>(hour < 12 ? us + 720 * MINUTE_US : us);
  else if (letter === 0x61) cell.timeUs = <f64>(hour === 12 ? us - 720 * MINUTE_US : us);
  else return from;
  return at + 2;
}

/** True of what stands between a date and a time of day: `T`, `t`, a blank, `.`, `_`, `:`. */
function isBeforeClock(byte: u32): bool {
  return (byte | 32) === 0x74 || byte === SPACE || byte === DOT || byte === 0x5f || byte === COLON;
}

/** Behind a date: its time of day, if there is one. */
function readClockOf(from: usize, year: i32, month: i32, day: i32, isDashed: bool = false): usize {
  let at = from;
  let clockUs: i64 = 0;
  const isShort = byteAt(at + 2) === COLON && digitAt(at + 1) <= 9;
  if (
    (isDashed || isBeforeClock(byteAt(at))) &&
    (isShort || (twoDigits(at + 1) >= 0 && byteAt(at + 3) === COLON))
  ) {
    at = readClock(at + 1);
    if (at === 0) return 0;
    clockUs = <i64>cell.timeUs;
  }
  const key = (year << 9) | (month << 5) | day;
  if (key !== dateKey) {
    dateKey = key;
    dateUs = daysSince1970(year, month, day) * DAY_US;
  }
  return readOffset(at, dateUs + clockUs);
}

/** `Z`, `UTC`, `EDT`, `+hh:mm`, `+hhmm`, `+hh`, or nothing. */
function readOffset(from: usize, localUs: i64): usize {
  let at = from;
  cell.timeUs = <f64>localUs;
  const ahead = byteAt(at + 1);
  const isSigned = (ahead === PLUS || ahead === MINUS) && digitsAt(at + 2) === 4;
  if (byteAt(at) === SPACE && (ahead === PLUS || isSigned || (ahead | 32) === 0x75 || isGmt(at + 1))) at++;
  if (isGmt(at)) return at + 3;
  const named = byteAt(at) === SPACE ? zoneAt(at + 1) : 0;
  // What a blank follows may be the name of the host.
  if (named !== 0 && byteAt(named) !== SPACE) {
    takeOff(zoneMinutes);
    return named;
  }
  const sign = byteAt(at);
  if ((sign | 32) === 0x7a) return at + 1;
  if ((sign | 32) === 0x75 && (byteAt(at + 1) | 32) === 0x74 && (byteAt(at + 2) | 32) === 0x63) return at + 3;
  if (sign === PLUS || sign === MINUS) {
    const hours = twoDigits(at + 1);
    if (hours < 0 || hours > 23) return 0;
    at += 3;
    if (byteAt(at) === COLON) at++;
    const minutes = twoDigits(at);
    if (minutes >= 0) at += 2;
    const us = (hours * 60 + max(0, minutes)) * MINUTE_US;
    cell.timeUs = <f64>(sign === PLUS ? localUs - us : localUs + us);
    // Go writes the letters as well: `+0200 CEST`.
    const named = byteAt(at) === SPACE ? zoneAt(at + 1) : 0;
    return named !== 0 && byteAt(named) !== SPACE ? named : at;
  }
  cell.timeMarks |= ZONELESS;
  return from;
}

function isGmt(at: usize): bool {
  return (load<u32>(at) & 0xffffff) === 0x544d47 && !isPartOfTime(byteAt(at + 3));
}

/**
 * Zones by their letters, as a number with the first letter highest, and their minutes before UTC. Only those that mean one
 * offset in all regions of the tz database: CST, CDT, IST and PST mean several.
 */
// biome-ignore format: a zone a line
const ZONES: usize = memory.data<i32>([
  0x485354, -600, // HST
  0x414b5354, -540, // AKST
  0x414b4454, -480, // AKDT
  0x4d5354, -420, // MST
  0x504454, -420, // PDT
  0x4d4454, -360, // MDT
  0x455354, -300, // EST
  0x415354, -240, // AST
  0x454454, -240, // EDT
  0x4e5354, -210, // NST
  0x414454, -180, // ADT
  0x4e4454, -150, // NDT
  0x474d54, 0, // GMT
  0x555443, 0, // UTC
  0x574554, 0, // WET
  0x425354, 60, // BST
  0x434554, 60, // CET
  0x574154, 60, // WAT
  0x57455354, 60, // WEST
  0x434154, 120, // CAT
  0x43455354, 120, // CEST
  0x454554, 120, // EET
  0x53415354, 120, // SAST
  0x454154, 180, // EAT
  0x45455354, 180, // EEST
  0x494454, 180, // IDT
  0x4d534b, 180, // MSK
  0x504b54, 300, // PKT
  0x574942, 420, // WIB
  0x41575354, 480, // AWST
  0x484b54, 480, // HKT
  0x57495441, 480, // WITA
  0x4a5354, 540, // JST
  0x4b5354, 540, // KST
  0x574954, 540, // WIT
  0x41435354, 570, // ACST
  0x41455354, 600, // AEST
  0x41434454, 630, // ACDT
  0x41454454, 660, // AEDT
  0x4e5a5354, 720, // NZST
  0x4e5a4454, 780, // NZDT
]);
const ZONE_COUNT: usize = 41;
let zoneMinutes: i64 = 0;

/** The place behind the letters of a zone, whose minutes are `zoneMinutes` then; 0 if none stands there. */
function zoneAt(from: usize): usize {
  let letters: i32 = 0;
  let at = from;
  for (; at < from + 4 && byteAt(at) - 0x41 < 26; at++) letters = (letters << 8) | <i32>byteAt(at);
  if (at < from + 3 || isPartOfWord(byteAt(at))) return 0;
  for (let i: usize = 0; i < ZONE_COUNT; i++) {
    if (load<i32>(ZONES + (i << 3)) !== letters) continue;
    zoneMinutes = <i64>load<i32>(ZONES + (i << 3) + 4);
    return at;
  }
  return 0;
}

function isPartOfWord(byte: u32): bool {
  return isLetterOrDigit(byte) || byte === MINUS || byte === DOT || byte === 0x5f;
}

/** The time in the cell is of a zone so many minutes before UTC. */
function takeOff(minutes: i64): void {
  cell.timeUs -= <f64>(minutes * MINUTE_US);
  cell.timeMarks &= ~ZONELESS;
}

/** Reads a zone that stands beside its times, `+0100`, `+01:00` or `CEST`, into the cell, microseconds; 0 if there is none. */
export function readZone(from: usize): usize {
  const named = zoneAt(from);
  if (named !== 0) {
    cell.timeUs = <f64>(zoneMinutes * MINUTE_US);
    return named;
  }
  const sign = byteAt(from);
  const hours = twoDigits(from + 1);
  if ((sign !== PLUS && sign !== MINUS) || hours < 0 || hours > 23) return 0;
  let at = from + 3;
  if (byteAt(at) === COLON) at++;
  const minutes = twoDigits(at);
  if (minutes >= 0) at += 2;
  const us = (hours * 60 + max(0, minutes)) * MINUTE_US;
  cell.timeUs = <f64>(sign === PLUS ? us : -us);
  return at;
}

/** Days from 1970-01-01 in the Gregorian calendar; days that a month does not have run into the next one. */
function daysSince1970(year: i32, month: i32, day: i32): i64 {
  const shifted = month > 2 ? year : year - 1; // years begin in March, so that February's length matters to none
  const era = shifted / 400;
  const yearOfEra = shifted - era * 400;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return <i64>(era * 146_097 + dayOfEra - 719_468);
}
