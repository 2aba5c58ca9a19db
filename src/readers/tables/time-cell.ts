/**
 * A point in time in a text log, decoded in place to microseconds since 1970: seconds, milliseconds, microseconds or
 * nanoseconds by their size (docs/formats.md), with a fraction or without, and dates as ISO 8601 and its relatives
 * write them (`-` or `/`, `T`, blank, `.` or `_` before the clock, `Z` or an offset or nothing behind).
 *
 * HOT: every row holds one or two. The caller sees to it that a byte that is no part of a time stands before the end.
 */
import { fourDigits } from './words.ts';
import type { Zone } from './zone.ts';

const SPACE = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const COLON = 0x3a;

/** Digits of which a count of microseconds since 1970 may have; those behind are below a microsecond. */
const KEPT_DIGITS = 16;
/** Digits of `YYYYMMDDhhmmss`: as milliseconds it would be after the year 2600. */
const COMPACT_DIGITS = 14;
const COMPACT_FROM = 1990_00_00_000000;
const COMPACT_TO = 2100_00_00_000000;
/** What stands between a date and a time of day. */
const BEFORE_CLOCK = new Uint8Array(256);
for (const character of 'Tt ._:') BEFORE_CLOCK[character.charCodeAt(0)] = 1;
const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec';

export class TimeCell {
  /** Microseconds since 1970, UTC. */
  timeUs = 0;
  /** Texts without a zone that were read as `zone` says. */
  zoneless = 0;
  /** Texts without a year. */
  withoutYear = 0;
  /** Dates of numbers that may be read month or day first, and those that only are dates if the day stands first. */
  ambiguous = 0;
  dayFirst = 0;
  /** How such dates are read where both ways are possible. */
  isDayFirst = false;
  /** Of texts that state none; null is UTC. */
  zone: Zone | null = null;
  private number = 0;
  /** The day of the date read last. */
  private dayKey = 0;
  private dayUs = 0;

  /** Decodes the time at `at`; returns the offset behind it, or -1 where there is none. */
  read(bytes: Uint8Array, from: number): number {
    let at = from;
    let whole = 0;
    let digit = bytes[at] - 48;
    for (let start = 0; digit >>> 0 <= 9 && start < 9; start++) {
      whole = (Math.imul(whole, 10) + digit) | 0; // nine digits fit a word
      digit = bytes[++at] - 48;
    }
    while (digit >>> 0 <= 9) {
      if (at - from < KEPT_DIGITS) whole = whole * 10 + digit;
      digit = bytes[++at] - 48;
    }
    const digits = at - from;
    if (digits === 0) return -1;
    const next = bytes[at];
    if (digits === 4 && (next === MINUS || next === SLASH)) return this.date(bytes, at, whole);
    if (digits <= 2 && (next === SLASH || next === MINUS || next === DOT)) {
      const end = this.yearLast(bytes, from);
      if (end >= 0) return end;
      if (digits === 2 && next === SLASH) return this.yearless(bytes, at, whole);
    }
    if (digits > 20) return -1;
    if (digits === COMPACT_DIGITS && whole >= COMPACT_FROM && whole < COMPACT_TO) {
      return this.compact(bytes, at, whole);
    }

    const unitUs = whole < 1e11 ? 1e6 : whole < 1e14 ? 1e3 : 1;
    // Nanoseconds: 19 digits, of which the 16 kept ones are the microseconds; 18 before 2001.
    let timeUs =
      digits === 18 ? Math.floor(whole / 10) : digits === 17 ? Math.floor(whole / 100) : whole * unitUs;
    if (next === DOT) {
      at = this.fraction(bytes, at + 1);
      if (unitUs > 1) timeUs += unitUs === 1e6 ? this.number : Math.floor(this.number / 1e3);
    }
    this.timeUs = timeUs;
    return at;
  }

  /**
   * The same for what most logs write, without a branch a digit: seconds since 1970 of ten digits, with six behind a
   * point or none, and milliseconds of thirteen. -1 where it is anything else. Reads up to eighteen bytes.
   */
  readEpoch(view: DataView, at: number): number {
    const high = fourDigits(view, at);
    const low = fourDigits(view, at + 4);
    const last = twoDigitsOf(view, at + 8);
    if (high < 1000 || low < 0 || last < 0) return -1;
    const seconds = (high * 10_000 + low) * 100 + last;
    const next = view.getUint8(at + 10);
    if (next === DOT) {
      const first = fourDigits(view, at + 11);
      const second = twoDigitsOf(view, at + 15);
      if (first < 0 || second < 0 || isDigit(view.getUint8(at + 17))) return -1;
      this.timeUs = seconds * 1e6 + first * 100 + second;
      return at + 17;
    }
    if (!isDigit(next)) {
      this.timeUs = seconds * 1e6;
      return at + 10;
    }
    const rest = twoDigitsOf(view, at + 11);
    const behind = view.getUint8(at + 13);
    if (rest < 0 || isDigit(behind) || behind === DOT) return -1;
    this.timeUs = (seconds * 1000 + (next - 48) * 100 + rest) * 1000;
    return at + 13;
  }

  /** Seconds with a fraction, or `h:mm:ss`, as a span in microseconds. */
  readSpan(bytes: Uint8Array, from: number): number {
    let at = from;
    let whole = 0;
    let digit = bytes[at] - 48;
    while (digit >>> 0 <= 9) {
      whole = whole * 10 + digit;
      digit = bytes[++at] - 48;
    }
    if (at === from) return -1;
    // `h:mm:ss` or `m:ss`.
    while (bytes[at] === COLON) {
      const sixtieths = twoDigits(bytes, at + 1);
      if (sixtieths < 0) return -1;
      whole = whole * 60 + sixtieths;
      at += 3;
    }
    this.number = 0;
    if (bytes[at] === DOT) at = this.fraction(bytes, at + 1);
    this.timeUs = whole * 1e6 + this.number;
    return at;
  }

  /** The digits behind the point, in millionths; those beyond are dropped. */
  private fraction(bytes: Uint8Array, from: number): number {
    let at = from;
    let digit = bytes[at] - 48;
    let value = 0;
    while (digit >>> 0 <= 9) {
      if (at - from < 6) value = (Math.imul(value, 10) + digit) | 0;
      digit = bytes[++at] - 48;
    }
    for (let digits = at - from; digits < 6; digits++) value = Math.imul(value, 10);
    this.number = value;
    return at;
  }

  /** Behind `YYYY`. */
  private date(bytes: Uint8Array, from: number, year: number): number {
    const at = from;
    const separator = bytes[at];
    const month = twoDigits(bytes, at + 1);
    if (bytes[at + 3] !== separator) return -1;
    const day = twoDigits(bytes, at + 4);
    if (month < 1 || month > 12 || day < 1 || day > 31) return -1;
    return this.clock(bytes, at + 6, year, month, day);
  }

  /** `MM/DD/YYYY`, `DD/MM/YYYY`, `DD.MM.YYYY`, `DD-MM-YYYY`, `DD/Mon/YYYY`, one digit or two. -1 where it is none. */
  private yearLast(bytes: Uint8Array, from: number): number {
    let at = from;
    const first = twoDigits(bytes, at) >= 0 ? twoDigits(bytes, at) : bytes[at] - 48;
    at += twoDigits(bytes, at) >= 0 ? 2 : 1;
    const separator = bytes[at++];
    const named = monthAt(bytes, at);
    const second = named > 0 ? named : twoDigits(bytes, at) >= 0 ? twoDigits(bytes, at) : bytes[at] - 48;
    at += named > 0 ? 3 : twoDigits(bytes, at) >= 0 ? 2 : 1;
    if (bytes[at++] !== separator) return -1;
    const century = twoDigits(bytes, at);
    const rest = twoDigits(bytes, at + 2);
    if (century < 0 || rest < 0 || isDigit(bytes[at + 4])) return -1;
    // Dots and names of months stand in dates that begin with the day.
    const mustBeDay = named > 0 || separator === DOT || first > 12;
    const mayBeEither = !mustBeDay && second <= 12 && first !== second;
    const isDay = mustBeDay || (mayBeEither && this.isDayFirst);
    const day = isDay ? first : second;
    const month = isDay ? second : first;
    if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return -1;
    if (mayBeEither) this.ambiguous++;
    else if (named === 0 && separator !== DOT && first > 12) this.dayFirst++;
    return this.clock(bytes, at + 4, century * 100 + rest, month, day);
  }

  /** Behind `YYYYMMDDhhmmss`. */
  private compact(bytes: Uint8Array, from: number, digits: number): number {
    const day = Math.floor(digits / 1e6);
    const clock = digits % 1e6;
    const hour = Math.floor(clock / 1e4);
    const minute = Math.floor(clock / 100) % 100;
    const month = Math.floor(day / 100) % 100;
    if (hour > 23 || minute > 59 || clock % 100 > 60 || month < 1 || month > 12) return -1;
    if (day % 100 < 1 || day % 100 > 31) return -1;
    const clockUs = ((hour * 60 + minute) * 60 + (clock % 100)) * 1e6;
    let at = from;
    this.number = 0;
    if (bytes[at] === DOT) at = this.fraction(bytes, at + 1);
    this.timeUs = daysSince1970(Math.floor(day / 1e4), month, day % 100) * 86400e6 + clockUs + this.number;
    return this.offset(bytes, at);
  }

  /** A date alone into `timeUs`, without a zone; `YYYYMMDD`, too. */
  readDay(bytes: Uint8Array, from: number): number {
    const { zone, zoneless } = this;
    this.zone = null;
    let end = this.read(bytes, from);
    if (end === from + 8 && bytes[from + 4] !== MINUS && bytes[from + 4] !== SLASH) {
      const day = this.timeUs / 1e6;
      const month = Math.floor(day / 100) % 100;
      if (month >= 1 && month <= 12)
        this.timeUs = daysSince1970(Math.floor(day / 1e4), month, day % 100) * 86400e6;
      else end = -1;
    }
    this.zone = zone;
    this.zoneless = zoneless;
    return end;
  }

  /** `hh:mm:ss`, with a fraction or without, into `timeUs`; -1 where it is none. */
  readClock(bytes: Uint8Array, from: number): number {
    const isShort = bytes[from + 1] === COLON;
    const hour = isShort ? bytes[from] - 48 : twoDigits(bytes, from);
    let at = from + (isShort ? 1 : 2);
    const minute = twoDigits(bytes, at + 1);
    if (!(hour >= 0 && hour <= 23) || bytes[at] !== COLON || minute < 0 || minute > 59) return -1;
    at += 3;
    this.timeUs = (hour * 60 + minute) * 60e6;
    if (bytes[at] === COLON) {
      const second = twoDigits(bytes, at + 1);
      if (second < 0 || second > 60) return -1;
      this.timeUs += second * 1e6;
      at += 3;
      if (bytes[at] === DOT) {
        at = this.fraction(bytes, at + 1);
        this.timeUs += this.number;
      }
    }
    return this.halfDay(bytes, at, hour);
  }

  /** `AM` or `PM` behind a time of the hour `hour`; both move `timeUs`. */
  private halfDay(bytes: Uint8Array, from: number, hour: number): number {
    const at = bytes[from] === SPACE ? from + 1 : from;
    if ((bytes[at + 1] | 32) !== 0x6d || hour > 12) return from;
    const letter = bytes[at] | 32;
    if (letter === 0x70) this.timeUs += hour < 12 ? 12 * 3600e6 : 0;
    else if (letter === 0x61) this.timeUs -= hour === 12 ? 12 * 3600e6 : 0;
    else return from;
    return at + 2;
  }

  /** Microseconds since 1970, UTC, of a date and a time of day that name no zone. */
  ofDay(dayUs: number, clockUs: number): number {
    this.zoneless++;
    return this.zone === null ? dayUs + clockUs : this.zone.toUtc(dayUs + clockUs);
  }

  /** Behind `MM` of `MM/DD.hh:mm:ss`, as ra prints it: of the last year in which that day is not to come. */
  private yearless(bytes: Uint8Array, from: number, month: number): number {
    const day = twoDigits(bytes, from + 1);
    if (bytes[from + 3] !== DOT || month < 1 || month > 12 || day < 1 || day > 31) return -1;
    const nowDays = Date.now() / 86_400_000;
    let year = new Date().getUTCFullYear();
    // Clocks ahead of ours, and zones, make a day of difference.
    if (daysSince1970(year, month, day) > nowDays + 1) year--;
    const end = this.clock(bytes, from + 3, year, month, day);
    if (end >= 0) this.withoutYear++;
    return end;
  }

  private clock(bytes: Uint8Array, from: number, year: number, month: number, day: number): number {
    let at = from;
    let clockUs = 0;
    const between = bytes[at];
    const isShort = bytes[at + 2] === COLON && isDigit(bytes[at + 1]);
    if (
      BEFORE_CLOCK[between] === 1 &&
      (isShort || (twoDigits(bytes, at + 1) >= 0 && bytes[at + 3] === COLON))
    ) {
      at = this.readClock(bytes, at + 1);
      if (at < 0) return -1;
      clockUs = this.timeUs;
    }
    // Days come again in row after row.
    const key = (year << 9) | (month << 5) | day;
    if (key !== this.dayKey) {
      this.dayKey = key;
      this.dayUs = daysSince1970(year, month, day) * 86400e6;
    }
    this.timeUs = this.dayUs + clockUs;
    return this.offset(bytes, at);
  }

  /** `Z`, `UTC`, `+hh:mm`, `+hhmm`, `+hh`, or nothing. */
  private offset(bytes: Uint8Array, from: number): number {
    let at = from;
    if (bytes[at] === SPACE && (bytes[at + 1] === PLUS || (bytes[at + 1] | 32) === 0x75)) at++;
    const sign = bytes[at];
    if ((sign | 32) === 0x7a) return at + 1;
    if ((sign | 32) === 0x75 && (bytes[at + 1] | 32) === 0x74 && (bytes[at + 2] | 32) === 0x63) return at + 3;
    if (sign === PLUS || sign === MINUS) {
      const hours = twoDigits(bytes, at + 1);
      if (hours < 0 || hours > 23) return -1;
      at += 3;
      if (bytes[at] === COLON) at++;
      const minutes = twoDigits(bytes, at);
      if (minutes >= 0) at += 2;
      const us = (hours * 60 + Math.max(0, minutes)) * 60e6;
      this.timeUs += sign === PLUS ? -us : us;
      return at;
    }
    this.zoneless++;
    if (this.zone !== null) this.timeUs = this.zone.toUtc(this.timeUs);
    return from;
  }
}

/** A number of two digits, or -1. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - 48;
  const ones = bytes[at + 1] - 48;
  return tens >>> 0 <= 9 && ones >>> 0 <= 9 ? tens * 10 + ones : -1;
}

function twoDigitsOf(view: DataView, at: number): number {
  const tens = view.getUint8(at) - 48;
  const ones = view.getUint8(at + 1) - 48;
  return tens >>> 0 <= 9 && ones >>> 0 <= 9 ? tens * 10 + ones : -1;
}

/** The month whose first three letters stand there, or 0. */
function monthAt(bytes: Uint8Array, at: number): number {
  const name = String.fromCharCode(bytes[at] | 32, bytes[at + 1] | 32, bytes[at + 2] | 32);
  const place = MONTHS.indexOf(name);
  return place >= 0 && place % 3 === 0 ? place / 3 + 1 : 0;
}

function isDigit(byte: number): boolean {
  return (byte - 48) >>> 0 <= 9;
}

/** Days from 1970-01-01 in the Gregorian calendar; days that a month does not have run into the next one. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1; // years begin in March, so that February's length matters to none
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}
