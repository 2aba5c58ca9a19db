/**
 * The time in front of a line that a daemon wrote: epoch seconds in brackets, ISO 8601, what BIND and Windows print, and
 * syslog's (RFC 3164), which states no year: the last year in which the date is not to come is taken.
 */
import type { TimeCell } from './time-cell.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const CLOCK = String.raw`(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,6})\d*)?`;
const EPOCH = /^\[(\d{9,10})(?:\.(\d{1,6})\d*)?\]/;
const BIND = new RegExp(String.raw`^(\d{1,2})-([a-z]{3})-(\d{4}) ${CLOCK}`, 'i');
const SYSLOG = new RegExp(String.raw`^([a-z]{3})\s+(\d{1,2}) ${CLOCK}`, 'i');
const WINDOWS = new RegExp(String.raw`^(\d{1,2})/(\d{1,2})/(\d{4}) ${CLOCK}\s*([ap]m)?`, 'i');
const DAY_MS = 86_400_000;

/** us since 1970, UTC; NaN if the line begins with no time. `nowMs` tells the year that syslog leaves out. */
export function logTimeUs(line: string, cell: TimeCell, nowMs: number): number {
  const text = line.replace(/^<\d{1,3}>(?:1 )?/, '');
  const epoch = EPOCH.exec(text);
  if (epoch !== null) return Number(epoch[1]) * 1e6 + micros(epoch[2]);
  const bind = BIND.exec(text);
  if (bind !== null) {
    const [, day, month, year, ...clock] = bind;
    return local(cell, Number(year), monthOf(month), Number(day), clock);
  }
  const syslog = SYSLOG.exec(text);
  if (syslog !== null) {
    const [, month, day, ...clock] = syslog;
    const year = new Date(nowMs).getUTCFullYear();
    const thisYear = local(cell, year, monthOf(month), Number(day), clock);
    // A clock of the east may be ahead by a day.
    return thisYear / 1000 > nowMs + DAY_MS
      ? local(cell, year - 1, monthOf(month), Number(day), clock)
      : thisYear;
  }
  const windows = WINDOWS.exec(text);
  if (windows !== null) {
    const [, first, second, year, hour, minute, seconds, fraction, half] = windows;
    const [month, day] = Number(first) > 12 ? [second, first] : [first, second];
    const shift = half === undefined ? 0 : half.toLowerCase() === 'pm' ? 12 : 0;
    const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + shift;
    return local(cell, Number(year), Number(month) - 1, Number(day), [
      String(hours),
      minute,
      seconds,
      fraction,
    ]);
  }
  return cell.ofText(text.slice(0, 64));
}

function local(
  cell: TimeCell,
  year: number,
  month: number,
  day: number,
  [hour, minute, second, fraction]: readonly (string | undefined)[],
): number {
  if (month < 0) return Number.NaN;
  const ms = Date.UTC(year, month, day, Number(hour), Number(minute), Number(second));
  const us = ms * 1000 + micros(fraction);
  cell.zoneless++;
  return cell.zone === null ? us : cell.zone.toUtc(us);
}

function monthOf(name = ''): number {
  return MONTHS.indexOf(name.toLowerCase());
}

function micros(digits = ''): number {
  return digits === '' ? 0 : Number(digits.padEnd(6, '0'));
}
