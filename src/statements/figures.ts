/**
 * The one writer of figures for people: numbers with SI prefixes and three significant digits, units, ranges, intervals,
 * limits, durations, times. What is the same in every language is a function; the rest is a `Figures` of a catalogue.
 * '<' is an upper limit, '~' a rate or a power that nothing here measured. No text from the wire passes here.
 */

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'] as const;

/** Rounded to so many significant digits. */
export function digits(value: number, most: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(most))) : '?';
}

/** With so many decimals. */
export function decimals(value: number, many: number): string {
  return value.toFixed(many);
}

/**
 * A whole number with thousands apart: 1,204,211; without Intl, whose loading would cost a short scan more than all its
 * counters.
 */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** '1 host', '2 hosts'. */
export function counted(count: number, one: string): string {
  return `${grouped(count)} ${one}${count === 1 ? '' : 's'}`;
}

/** A number in three significant digits, without an exponent: 2.15, 21.5, 215, 2,150. */
export function significant(value: number): string {
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e21) return value.toPrecision(3);
  if (magnitude >= 999.5) return grouped(value);
  if (magnitude < 0.0005) return '<0.001';
  return decimals(value, magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : magnitude >= 0.9995 ? 2 : 3);
}

/** The same of what is estimated, no digit of a large one beyond the third: 26,200. */
function estimated(value: number): string {
  return significant(Number(value.toPrecision(3)));
}

/** The power of 1000 that leaves 1 to 999 before the unit. */
function prefixOf(value: number): number {
  let power = 0;
  for (let rest = Math.abs(value); rest >= 999.5 && power < PREFIXES.length - 1; rest /= 1000) power++;
  return power;
}

/** A value with its unit: '2.15 kH/s', '1.20 GB'; without a unit '2.15 k', '12.0'. */
export function si(value: number, unit: string, write: (value: number) => string = significant): string {
  const power = prefixOf(value);
  return `${write(value / 1000 ** power)} ${PREFIXES[power]}${unit}`.trimEnd();
}

/** Words side by side; behind a bracket of full width stands no blank. */
export function sideBySide(words: readonly string[]): string {
  return words.join(' ').replaceAll('） ', '）');
}

/** A value with a unit that takes no prefix: '1,083 J/TH'. */
export function plain(value: number, unit: string): string {
  return `${significant(value)} ${unit}`;
}

/** A rate given in Mbit/s: '136.8 Mbps' as '137 Mbps', '2.60 kbps', '0'. */
export function bitrate(mbps: number): string {
  return mbps === 0 ? '0' : si(mbps * 1e6, 'bps');
}

/** Bytes: '0 B', '734 MB'. */
export function byteCount(bytes: number): string {
  // A count of few bytes has no decimals.
  return bytes < 999.5 && Number.isInteger(bytes) ? `${bytes} B` : si(bytes, 'B');
}

/** An ISO 8601 UTC time in a zone, to the second: '2026-03-02 08:00:00'. */
export function clock(time: string, zone: string): string {
  const when = new Date(time);
  return Number.isNaN(when.getTime()) ? time : clockIn(zone).format(when);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockIn(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  // The form of Sweden is that of ISO 8601.
  const form = {
    calendar: 'gregory',
    numberingSystem: 'latn',
    dateStyle: 'short',
    timeStyle: 'medium',
  } as const;
  const made = new Intl.DateTimeFormat('sv', { timeZone: zone, hourCycle: 'h23', ...form });
  clocks.set(zone, made);
  return made;
}

/** Fields of an estimate with its 95 % interval. */
export interface Rate {
  readonly estimate: number;
  readonly low95: number | null;
  readonly high95: number | null;
  readonly unit: string;
  readonly basis: string;
}

/** Power and energy as an audit has them. */
export interface PowerFigures {
  readonly watts: number;
  readonly wattsLow: number;
  readonly wattsHigh: number;
  readonly kwhPerDay: number;
  readonly kwhPerDayLow: number;
  readonly kwhPerDayHigh: number;
  /** C: modelled. */
  readonly tier?: string | undefined;
}

type ShortPower = Pick<PowerFigures, 'watts' | 'tier'> & { readonly wattsHigh: number | null };

/** The part of the time watched that was mined, weighted by watts: what makes energy a day out of power. */
export function minedPart({ watts, kwhPerDay }: PowerFigures): number {
  return watts > 0 ? Math.min(1, (kwhPerDay * 1000) / 24 / watts) : 0;
}

const UNIT_SECONDS = [86_400, 3600, 60, 1] as const;

/** Figures as a language writes them, with the texts `form.*` of its catalogue. */
export class Figures {
  constructor(readonly textOf: (code: string, params?: Readonly<Record<string, unknown>>) => string) {}

  /** A part of a whole, 0 to 1: '99.8 %'. Neither 0 nor 100 is written unless it is exact. */
  readonly percent = (part: number): string => this.#percentage(percentage(part));

  /** So many percent, in significant digits. */
  readonly points = (value: number): string => this.#percentage(digits(value, 2));

  /** From low to high: '3', '2–5', '10.3 GH/s – 214 TH/s'; '?' for what is not known. */
  readonly range = (
    low: number | null,
    high: number | null,
    write: (value: number) => string = grouped,
  ): string => {
    const [from, to] = [low, high].map((each) => (each === null ? '?' : write(each)));
    return this.between(from ?? '?', to ?? '?');
  };

  readonly between = (low: string, high: string): string =>
    low === high
      ? low
      : this.textOf(`${low}${high}`.includes(' ') ? 'form.span' : 'form.range', { low, high });

  /** A range of parts of a whole: '19.8–22.2 %'. */
  readonly percentRange = (low: number, high: number): string =>
    this.#percentage(this.range(low, high, percentage));

  /**
   * An estimate with its bounds in the same unit: '2.15 kH/s (1.97–2.35)'; without bounds the estimate alone. Bounds far
   * apart have a unit each: '12.0 GH/s (10.3 MH/s – 214 TH/s)'. An estimate of 0 is only an upper limit: '<214 GH/s'.
   */
  readonly interval = (estimate: number, low: number | null, high: number | null, unit: string): string => {
    const alone = this.limited(estimate, high, unit);
    if ((low === null && high === null) || (estimate === 0 && high !== 0)) return alone;
    const size = 1000 ** prefixOf(estimate);
    const isFar = [low, high].some(
      (each) => each !== null && (each / size >= 9999.5 || (each > 0 && each / size < 0.0095)),
    );
    const write = isFar ? (each: number) => si(each, unit) : (each: number) => estimated(each / size);
    return `${alone}${this.#bracketed(low, high, write)}`;
  };

  /** The estimate of an interval alone: '2.15 kH/s', '<214 GH/s'. */
  readonly limited = (estimate: number, high: number | null, unit: string): string =>
    estimate === 0 && high !== null && high > 0 ? `<${si(high, unit)}` : si(estimate, unit);

  /** A hashrate with its 95 % interval: '2.15 kH/s (1.97–2.35)', '~2.15 kH/s (0.4–9.1)' if it was not measured. */
  readonly hashrate = ({ estimate, low95, high95, unit, basis }: Rate): string =>
    `${unmeasured(basis)}${this.interval(estimate, low95, high95, unit)}`;

  /** The same without its interval. */
  readonly shortRate = ({ estimate, high95, unit, basis }: Rate): string =>
    `${unmeasured(basis)}${this.limited(estimate, high95, unit)}`;

  /** Power while mining: '1.90 kW (1.20–2.80)'. */
  readonly watts = ({ watts, wattsLow, wattsHigh, tier = '' }: PowerFigures): string =>
    `${unmeasured(tier)}${this.interval(watts, wattsLow, wattsHigh, 'W')}`;

  /** The same without its interval. */
  readonly shortWatts = ({ watts, wattsHigh, tier = '' }: ShortPower): string =>
    `${unmeasured(tier)}${this.limited(watts, wattsHigh, 'W')}`;

  /** Energy: '1,200 kWh', in Chinese '26.0 万千瓦时'. */
  readonly energy = (kwh: number, tier = ''): string =>
    `${unmeasured(tier)}${this.#energy(estimated(kwh / this.#per(kwh)), kwh)}`;

  /** Energy as somebody else stated it, with all of its digits: '148,500 kWh'. */
  readonly statedEnergy = (kwh: number): string => this.#energy(significant(kwh / this.#per(kwh)), kwh);

  /** Energy with its bounds, in the unit of the estimate: '1,200 kWh (980–1,500)'. */
  readonly energyRange = (kwh: number, low: number | null, high: number | null, tier = ''): string =>
    `${this.energy(kwh, tier)}${this.#bracketed(low, high, (each) => estimated(each / this.#per(kwh)))}`;

  /** Power while mining, energy a day with its bounds, and the part of the time watched that was mined. */
  readonly power = (power: PowerFigures): [watts: string, kwh: string, mined: string] => [
    this.watts(power),
    this.energyRange(power.kwhPerDay, power.kwhPerDayLow, power.kwhPerDayHigh, power.tier),
    this.percent(minedPart(power)),
  ];

  /** A duration in its two largest units: '2 d 4 h', '15 min', '850 ms'. */
  readonly duration = (seconds: number): string => {
    const unit = (count: number | string, name: string): string =>
      this.textOf(`form.${name}`, { count: typeof count === 'string' ? count : grouped(count) });
    if (seconds > 0 && seconds < 0.0005) return unit('<1', 'ms');
    if (seconds < 1) return unit(Math.round(seconds * 1000), 'ms');
    const parts: string[] = [];
    let rest = Math.round(seconds);
    for (const [i, size] of UNIT_SECONDS.entries()) {
      const count = Math.floor(rest / size);
      rest -= count * size;
      if (count > 0) parts.push(unit(count, ['d', 'h', 'min', 's'][i] ?? ''));
      else if (parts.length > 0) break;
      if (parts.length === 2) break;
    }
    return parts.join(this.textOf('form.apart'));
  };

  /** A span of time, the date said once if it is the same: '2026-03-02 08:00:00 – 08:15:00 UTC'. */
  readonly span = (start: string, end: string, zone: string): string => {
    const [from, to] = [clock(start, zone), clock(end, zone)];
    const high = from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to;
    return `${this.textOf('form.span', { low: from, high })} ${zone}`;
  };

  /** A chance: '0.3', '1 in 2,000', '1 in 10^9'. */
  readonly chance = (part: number): string => {
    if (part >= 0.1) return decimals(part, 1);
    const count = part > 1e-6 ? grouped(1 / part) : `10^${Math.min(12, Math.floor(-Math.log10(part)))}`;
    return this.textOf('form.chance', { count });
  };

  #percentage(value: string): string {
    return this.textOf('form.percent', { value });
  }

  #bracketed(low: number | null, high: number | null, write: (value: number) => string): string {
    const bounds = this.between(low === null ? '?' : write(low), high === null ? '?' : write(high));
    return this.textOf('.bracketed', { text: bounds });
  }

  /** What the number before the unit of energy counts: ten thousands, where a language does. */
  #per(kwh: number): number {
    return kwh >= 10_000 ? Number(this.textOf('form.manyKwh')) : 1;
  }

  #energy(value: string, kwh: number): string {
    return this.textOf('form.kwh', { value, many: this.#per(kwh) > 1 });
  }
}

/** A sum of kWh in a column that names the unit: '6.34', '~6.34' if a part of it is modelled. */
export function kwhCell(kwh: number, isModelled: boolean): string {
  return `${isModelled ? '~' : ''}${estimated(kwh)}`;
}

function unmeasured(basis: string): string {
  return ['modelled', 'self-reported', 'C'].includes(basis) ? '~' : '';
}

function percentage(part: number): string {
  const value = part * 100;
  if (value === 0 || value === 100) return String(value);
  if (value < 0.1) return '<0.1';
  return value > 99.9 ? '>99.9' : decimals(value, 1);
}
