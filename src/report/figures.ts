/**
 * Numbers as people read them: SI prefixes with three significant digits, intervals in the prefix of their estimate,
 * durations in two units, times in the reader's zone. Units are those of the Audit. No text from the wire passes here.
 */
import type { HashrateRow, Power } from '../audit/audit.ts';
import { under } from '../order.ts';
import { grouped } from '../statements/figures.ts';

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'] as const;

/** A number in three significant digits, without an exponent: 2.15, 21.5, 215, 2,150. */
export function significant(value: number): string {
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e21) return value.toPrecision(3);
  if (magnitude >= 999.5) return grouped(Math.round(value));
  if (magnitude < 0.0005) return '<0.001';
  const decimals = magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : magnitude >= 0.9995 ? 2 : 3;
  return value.toFixed(decimals);
}

/** The power of 1000 that leaves 1 to 999 before the unit. */
function prefixOf(value: number): number {
  let power = 0;
  for (let rest = Math.abs(value); rest >= 999.5 && power < PREFIXES.length - 1; rest /= 1000) power++;
  return power;
}

/** A value with its unit: '2.15 kH/s', '1.20 GB'. */
export function si(value: number, unit: string): string {
  const power = prefixOf(value);
  return `${significant(value / 1000 ** power)} ${PREFIXES[power]}${unit}`;
}

/**
 * An estimate with its bounds in the same unit: '2.15 kH/s (1.97–2.35)'; without bounds the estimate alone. Bounds far
 * apart have a unit each: '12.0 GH/s (10.3 MH/s – 214 TH/s)'. An estimate of 0 is only an upper bound: '<214 GH/s'.
 */
export function interval(estimate: number, low: number | null, high: number | null, unit: string): string {
  if (estimate === 0 && high !== null && high > 0) return `<${si(high, unit)}`;
  const power = prefixOf(estimate);
  const scaled = (value: number): string => significant(value / 1000 ** power);
  const bounds = [low, high].filter((value) => value !== null);
  const isFar = bounds.some((value) => {
    const size = value / 1000 ** power;
    return size >= 9999.5 || (size > 0 && size < 0.0095);
  });
  const shown = (value: number | null): string =>
    value === null ? '?' : isFar ? si(value, unit) : scaled(value);
  const between = isFar ? ' – ' : '–';
  const range = bounds.length === 0 ? '' : ` (${shown(low)}${between}${shown(high)})`;
  return `${scaled(estimate)} ${PREFIXES[power]}${unit}${range}`;
}

/** A hashrate with its 95 % interval: '2.15 kH/s (1.97–2.35)'. */
export function hashrateWithInterval(row: HashrateRow): string {
  return interval(row.estimate, row.low95, row.high95, row.unit);
}

/** A rate given in Mbit/s: '136.8 Mbps' as '137 Mbps', '2.60 kbps', '0'. */
export function bitrate(mbps: number): string {
  return mbps === 0 ? '0' : si(mbps * 1e6, 'bps');
}

/** The part of the time watched that was mined, weighted by watts: what makes energy a day out of power. */
export function minedPart({ watts, kwhPerDay }: Power): number {
  return watts > 0 ? Math.min(1, (kwhPerDay * 1000) / 24 / watts) : 0;
}

/** Power while mining, energy a day with its bounds, and the part of the time watched that was mined, as sentences have them. */
export function powerFigures(
  power: Power,
): [watts: string, kwh: string, low: string, high: string, mined: string] {
  const watts = interval(power.watts, power.wattsLow, power.wattsHigh, 'W');
  const [kwh, low, high] = [power.kwhPerDay, power.kwhPerDayLow, power.kwhPerDayHigh].map(significant);
  return [watts, kwh, low, high, percent(minedPart(power))];
}

/** A count that is known between limits: '3', '2–5'. */
export function countRange({ low, high }: { readonly low: number; readonly high: number }): string {
  return low === high ? grouped(low) : `${grouped(low)}–${grouped(high)}`;
}

/** Bytes: '0 B', '734 MB'. */
export function byteCount(bytes: number): string {
  return si(bytes, 'B');
}

/** A part of a whole, 0 to 1: '99.8 %'. Neither 0 nor 100 is written unless it is exact. */
export function percent(part: number): string {
  const value = part * 100;
  if (value === 0 || value === 100) return `${value} %`;
  if (value < 0.1) return '<0.1 %';
  if (value > 99.9) return '>99.9 %';
  return `${value.toFixed(1)} %`;
}

const UNIT_SECONDS = [86_400, 3600, 60, 1] as const;
const DURATION_UNITS = ['d', 'h', 'min', 's', 'ms'] as const;

/** A duration in its two largest units: '2 d 4 h', '15 min', '850 ms'. Names of units from days to milliseconds. */
export function duration(seconds: number, units: readonly string[] = DURATION_UNITS): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ${units[4]}`;
  const parts: string[] = [];
  let rest = Math.round(seconds);
  for (const [i, size] of UNIT_SECONDS.entries()) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${units[i]}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

/** An ISO 8601 UTC time in a zone, to the second: '2026-03-02 08:00:00'. */
export function clock(time: string, zone: string): string {
  const when = new Date(time);
  if (Number.isNaN(when.getTime())) return time;
  const parts = clockIn(zone).formatToParts(when);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockIn(zone: string): Intl.DateTimeFormat {
  const make = (): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  return under(clocks, zone, make);
}

/** A span of time, the date said once if it is the same: '2026-03-02 08:00:00 – 08:15:00 UTC'. */
export function span(start: string, end: string, zone: string): string {
  const from = clock(start, zone);
  const to = clock(end, zone);
  const sameDay = from.slice(0, 10) === to.slice(0, 10);
  return `${from} – ${sameDay ? to.slice(11) : to} ${zone}`;
}
