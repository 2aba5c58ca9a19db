/** What the words after an option mean. All throw USAGE, with `where` as the place that spoke. */

import { isIP } from 'node:net';
import { ALERT_FORMATS } from '../alerts/index.ts';
import { parseSendTarget, type SendTarget } from '../alerts/send-target.ts';
import { VERDICTS, type Verdict } from '../audit/audit.ts';
import { beginning, fail } from '../errors.ts';
import { isLimitName, LIMIT_NAMES, LIMITS, type LimitName } from '../limits.ts';
import { OWNER_CLASSES } from '../owners/answer.ts';
import { parseColumnMap } from '../readers/tables/column-map.ts';
import { Zone } from '../readers/tables/zone.ts';
import { HOST_COLUMNS } from '../report/host-columns.ts';
import type { SampleOf } from '../report/survey.ts';
import type { Parse } from './option.ts';

function isNot(what: string, word: string, where: string, hint: string): never {
  return fail('USAGE', `'${beginning(word)}' is not ${what}`, { where, hint });
}

export function oneOf<const T extends string>(values: readonly T[], noun: string): Parse<T> {
  return (word, where) =>
    values.find((value) => value === word) ??
    isNot(`a ${noun}`, word, where, `One of: ${values.join(', ')}.`);
}

/** From 1 on. */
export function wholeNumber(most: number, noun: string, hint: string): Parse<number> {
  return (word, where) =>
    /^[1-9]\d*$/.test(word) && Number(word) <= most ? Number(word) : isNot(`a ${noun}`, word, where, hint);
}

/** Each word by itself. */
export function each<T>(parse: Parse<T>): (words: readonly string[], where: string) => T[] {
  return (words, where) => words.map((word) => parse(word, where));
}

/** Words that may be separated by commas. */
export function separated<T>(parse: Parse<T>): (words: readonly string[], where: string) => T[] {
  return (words, where) => words.flatMap((word) => word.split(',')).map((word) => parse(word.trim(), where));
}

export function parseDays(word: string, where: string): number {
  const days = Number(word.replace(/\s*d$/, ''));
  if (word.trim() !== '' && days > 0 && days <= 36_500) return days;
  return isNot('a number of days', word, where, 'Write 7, for example.');
}

/** An address, with or without a port. */
export function parseServer(word: string, where: string): string {
  const bare = /^\[(.+)\](?::\d{1,5})?$/.exec(word)?.[1] ?? word.replace(/^([\d.]+):\d{1,5}$/, '$1');
  if (isIP(bare) !== 0) return word;
  return isNot('an address', word, where, 'Write 192.0.2.53 or 192.0.2.53:5353.');
}

/** A map of input columns names ours with '=', or all columns in order as '${version} …'; else it is a list for reports. */
const isColumnMap = (word: string): boolean => /[=$]/.test(word);

export function parseColumns(words: readonly string[]): Readonly<Record<string, string>> | null {
  const maps = words.filter(isColumnMap);
  return maps.length === 0 ? null : parseColumnMap(maps.join(','));
}

export function parseReportColumns(words: readonly string[], where: string): readonly string[] | null {
  const column = oneOf(['all', ...HOST_COLUMNS], 'column');
  const asked = separated((word) => column(word.toLowerCase(), where))(
    words.filter((word) => !isColumnMap(word)),
    where,
  );
  return asked.length === 0 ? null : asked;
}

const BINARY: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Each `name=1000` or `name=64k`: a limit and its value. */
export function parseLimits(words: readonly string[], where: string): Partial<Record<LimitName, number>> {
  return Object.fromEntries(words.map((word) => parseLimit(word, where)));
}

function parseLimit(word: string, where: string): [LimitName, number] {
  const [, name = '', digits = '', unit = ''] = /^([a-z-]+)=(\d{1,15})([kmg]?)$/i.exec(word) ?? [];
  if (!isLimitName(name)) {
    return isNot('a limit', word, where, `NAME=VALUE: ${LIMIT_NAMES.join(', ')}.`);
  }
  const value = Number(digits) * BINARY[unit.toLowerCase()];
  const { most = Number.MAX_SAFE_INTEGER } = LIMITS[name];
  if (value >= 1 && value <= most) return [name, value];
  return fail('USAGE', `${name} cannot be ${digits}${unit}`, { where, hint: `From 1 to ${most}.` });
}

/** On what a run ends with status 3. */
export interface FailOn {
  /** A host with this verdict or a stronger one; null: on none. */
  readonly verdict: Verdict | null;
  /** So many conversations that could not be judged; null: on none. */
  readonly undecided: number | null;
}

export const FAIL_ON_NOTHING: FailOn = { verdict: null, undecided: null };

/** The last verdict and the last number of conversations count. */
export function parseFailOn(words: readonly string[], where: string): FailOn {
  const failOn: { verdict: Verdict | null; undecided: number | null } = { verdict: null, undecided: null };
  for (const word of words.flatMap((text) => (text.trim() === '' ? [''] : splitList(text)))) {
    const undecided = /^undecided(?::(\d{1,9}))?$/.exec(word);
    if (undecided === null)
      failOn.verdict =
        VERDICTS.find((verdict) => verdict === word) ??
        isNot('a verdict', word, where, `One of: ${[...VERDICTS, 'undecided', 'undecided:N'].join(', ')}.`);
    else failOn.undecided = Math.max(1, Number(undecided[1] ?? 1));
  }
  return failOn;
}

const USUAL_UNDECIDED = 20;

/** How many conversations are listed. */
export function parseUndecided(word: string, where: string): number {
  if (word === '' || word === 'true') return USUAL_UNDECIDED;
  return wholeNumber(
    100_000,
    'number of conversations',
    'Write --undecided 20, or put it behind the inputs.',
  )(word, where);
}

/** How many addresses a sample is of: a number, or one for each class of owner. */
export function parseSampleOf(word: string, where: string): SampleOf {
  if (/^[1-9]\d{0,9}$/.test(word)) return Number(word);
  const rows = word.split(',').map((each) => /^(\w+)=([1-9]\d{0,9})$/.exec(each.trim()));
  const classes: readonly string[] = OWNER_CLASSES;
  if (rows.every((row) => row !== null && classes.includes(row[1] ?? '')))
    return Object.fromEntries(rows.map((row) => [row?.[1], Number(row?.[2])]));
  return isNot('a number of addresses', word, where, 'Write 4502, or government=187,education=452.');
}

/** Words that may be separated by commas; what is no network is refused where it is read (src/networks.ts). */
export function networkWords(words: readonly string[]): string[] {
  return words.flatMap(splitList);
}

/** As networkWords; a network without its mask would be one address, which nobody means. */
export function ownNetworkWords(words: readonly string[], where: string): string[] {
  const networks = networkWords(words);
  const bare = networks.find((word) => /^\d+\.\d+\.\d+\.0$/.test(word) || /^[\da-f:]+::$/i.test(word));
  if (bare === undefined) return networks;
  const hint = bare.includes(':') ? `${bare}/48, or ${bare}/128` : `${bare}/16, or ${bare}/32`;
  return fail('USAGE', `'${beginning(bare)}' has no prefix length`, {
    where,
    hint: `Write ${hint} for the address alone.`,
  });
}

/** 'both' stands for all of them. */
export function parseKinds<const T extends string>(kinds: readonly T[], noun: string) {
  const parse = separated(oneOf([...kinds, 'both'], noun));
  return (words: readonly string[], where: string): T[] =>
    parse(words, where).flatMap((word) => (word === 'both' ? kinds : [word as T]));
}

/** Words between commas. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** A zone as logs may be of: an IANA name, or an offset. Throws USAGE for what is none. */
export function asZone(word: string): string {
  return new Zone(word).name;
}

export function parseZone(word: string, where: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: word }).resolvedOptions().timeZone;
  } catch {
    return isNot('a time zone', word, where, 'Use an IANA name such as Europe/Berlin.');
  }
}

const DURATION_US: Readonly<Record<string, number>> = {
  s: 1e6,
  min: 60e6,
  m: 60e6,
  h: 3600e6,
  d: 86_400e6,
  w: 7 * 86_400e6,
};

/** Alerts go to programs, a line each, or to people. */
export type AlertsTo =
  | { readonly format: string; readonly target: string; readonly people?: undefined }
  | { readonly people: SendTarget };

/** FORMAT, FORMAT:TARGET, webhook:URL[#FORM] or mail:ADDRESS. */
export function parseAlerts(word: string, where: string): AlertsTo {
  if (/^(webhook|mail):/.test(word)) return { people: parseSendTarget(word, where) };
  const [, format = '', target = '-'] = /^([^:]*)(?::(.+))?$/.exec(word) ?? [];
  const known = [...ALERT_FORMATS.map(({ id }) => id), 'webhook:URL', 'mail:ADDRESS'];
  if (target.includes('://') && !target.startsWith('syslog:'))
    fail('USAGE', 'alerts of a format go to a file or a syslog server, not to a URL', {
      where,
      hint: 'Write webhook:URL#FORM, without a format before it.',
    });
  return { format: oneOf(known, 'format of alerts')(format, where), target };
}

/** So many inputs, or so long. */
export function parseCheckpoint(word: string, where: string): { inputs: number } | { us: number } {
  if (/^[1-9]\d{0,8}$/.test(word)) return { inputs: Number(word) };
  return { us: parseDurationUs(word, where) };
}

/** '24h', '7d', '90min' to us. */
export function parseDurationUs(word: string, where: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(word.trim());
  const unit = DURATION_US[match?.[2]?.toLowerCase() ?? ''];
  const count = Number(match?.[1]);
  if (unit !== undefined && count > 0) return count * unit;
  return isNot('a duration', word, where, 'Write 24h, 7d or 90min.');
}

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?)?$/i;

const RELATIVE = /^(yesterday|today)(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?$/i;

/**
 * ISO 8601 to us since 1970; a date alone is its midnight, a time without an offset is UTC. Yesterday and today are those
 * of this machine's clock and zone, as for cron.
 */
export function parseTimeUs(word: string, where: string): number {
  const [, relative, hour = '0', minute = '0', second = '0'] = RELATIVE.exec(word.trim()) ?? [];
  if (relative !== undefined && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60) {
    const time = new Date();
    time.setDate(time.getDate() - (relative.toLowerCase() === 'yesterday' ? 1 : 0));
    return time.setHours(Number(hour), Number(minute), Number(second), 0) * 1000;
  }
  if (word.trim().toLowerCase() === 'now') return Date.now() * 1000;
  const match = TIME.exec(word);
  if (match !== null) {
    const [, date, clock = '00:00', fraction = '', offset = 'Z'] = match;
    const zone = /^[+-]\d{4}$/.test(offset)
      ? `${offset.slice(0, 3)}:${offset.slice(3)}`
      : offset.toUpperCase();
    const ms = Date.parse(`${date}T${clock}${zone}`);
    // Date.parse rolls 30 February over into March: such a date is a mistake.
    const real = new Date(`${date}T00:00Z`);
    if (!Number.isNaN(ms) && !Number.isNaN(real.getTime()) && real.toISOString().startsWith(`${date}T`)) {
      return ms * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
    }
  }
  return isNot('a time', word, where, 'Write it as 2026-03-02T08:00:00Z, yesterday or today 08:00.');
}

export function parseMode(text: string): number {
  if (/^0?[0-7]{3}$/.test(text)) return Number.parseInt(text, 8);
  return fail('USAGE', `not permissions: ${text}`, {
    where: '--out-mode',
    hint: 'Three octal digits, such as 640.',
  });
}

function percent(most: number, hint: string): Parse<number> {
  return (word, where) => {
    const given = Number(word.replace(/\s*%$/, ''));
    if (word.trim() !== '' && given >= 0 && given <= most) return given / 100;
    return isNot('a percentage', word, where, hint);
  };
}

/** A part of any size, 0.5 for 50. */
export const parsePercentAbove = percent(Number.MAX_VALUE, 'Write a number from 0 on.');
/** A part from 0 to 1. */
export const parsePercent = percent(100, 'Write a number from 0 to 100.');
