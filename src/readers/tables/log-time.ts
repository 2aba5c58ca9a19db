/**
 * The time in front of a line that a daemon wrote: epoch seconds in brackets, ISO 8601, what BIND and Windows print, and
 * syslog's (RFC 3164), which states no year: the last year in which the date is not to come is taken.
 */
import type { TimeCell } from './time-cell.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const CLOCK = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2}):(?<second>\d{2})(?:[.,](?<fraction>\d{1,6})\d*)?`;
const EPOCH = /^\[(\d{9,10})(?:\.(\d{1,6})\d*)?\]/;
/** BIND, syslog, Windows. */
const SHAPES = [
  String.raw`(?<day>\d{1,2})-(?<name>[a-z]{3})-(?<year>\d{4}) ${CLOCK}`,
  String.raw`(?<name>[a-z]{3})\s+(?<day>\d{1,2}) ${CLOCK}`,
  String.raw`(?<month>\d{1,2})/(?<day>\d{1,2})/(?<year>\d{4}) ${CLOCK}\s*(?<half>[ap]m)?`,
].map((shape) => new RegExp(`^${shape}`, 'i'));
const DAY_MS = 86_400_000;

/** us since 1970, UTC; NaN if the line begins with no time. `nowMs` tells the year that syslog leaves out. */
export function logTimeUs(line: string, cell: TimeCell, nowMs: number): number {
  const text = line.replace(/^<\d{1,3}>(?:1 )?/, '');
  const epoch = EPOCH.exec(text);
  if (epoch !== null) return Number(epoch[1]) * 1e6 + micros(epoch[2]);
  for (const shape of SHAPES) {
    const found = shape.exec(text)?.groups;
    if (found !== undefined) return foundUs(found, cell, nowMs);
  }
  return cell.ofText(text.slice(0, 64));
}

function foundUs(found: Readonly<Record<string, string | undefined>>, cell: TimeCell, nowMs: number): number {
  const { name, year, hour, minute, second, fraction, half } = found;
  const at = name === undefined ? Number(found.month) - 1 : MONTHS.indexOf(name.toLowerCase());
  // Windows may write the day first.
  const [month, day] = at > 11 ? [Number(found.day) - 1, at + 1] : [at, Number(found.day)];
  if (month < 0) return Number.NaN;
  const shift = half?.toLowerCase() === 'pm' ? 12 : 0;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + shift;
  const inYear = (each: number): number => {
    const us = Date.UTC(each, month, day, hours, Number(minute), Number(second)) * 1000;
    const localUs = us + micros(fraction);
    return cell.zone === null ? localUs : cell.zone.toUtc(localUs);
  };
  cell.zoneless++;
  if (year !== undefined) return inYear(Number(year));
  const current = new Date(nowMs).getUTCFullYear();
  const timeUs = inYear(current);
  // A clock of the east may be ahead by a day.
  return timeUs / 1000 > nowMs + DAY_MS ? inYear(current - 1) : timeUs;
}

function micros(digits = ''): number {
  return digits === '' ? 0 : Number(digits.padEnd(6, '0'));
}
