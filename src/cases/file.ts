/** The file of cases: plain JSON with a version. */
import { VERDICTS } from '../audit/audit.ts';
import { codeOf, fail, reasonOf } from '../errors.ts';
import { escapeJson } from '../escape.ts';
import { readGiven } from '../given-file.ts';
import { wordOf } from '../json.ts';
import { CASE_STATES, CASES_SCHEMA, type Case, type Cases, noCases } from './case.ts';

const MOST_BYTES = 256 * 1024 * 1024;

/** Reads the cases; none if there is no file and there need be none. Throws FILE_UNREADABLE or FILE_INVALID. */
export async function readCases(file: string, mustExist = false): Promise<Cases> {
  let text: string;
  try {
    text = (await readGiven(file, MOST_BYTES)).toString();
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' && !mustExist) return noCases();
    return fail('FILE_UNREADABLE', `cannot be read: ${reasonOf(cause)}`, { where: file, cause });
  }
  const invalid = (what: string): never =>
    fail('FILE_INVALID', `not a file of cases: ${what}`, {
      where: file,
      hint: 'Name a file that minesweep nightly wrote.',
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return invalid(reasonOf(cause));
  }
  if (!hasFields(value, ['schema'])) return invalid('it is no object');
  if (value.schema !== CASES_SCHEMA)
    return invalid(`its schema is ${wordOf(value.schema)}, not ${CASES_SCHEMA}`);
  if (!isCases(value)) return invalid('a field is missing or of another kind');
  return value;
}

function isCases(value: object): value is Cases {
  if (!hasFields(value, ['cases', 'nights', 'unsent'])) return false;
  const { cases, nights, unsent } = value;
  return (
    Array.isArray(cases) &&
    cases.every(isCase) &&
    Array.isArray(nights) &&
    nights.every((night) => hasFields(night, ['date', 'complete']) && typeof night.date === 'string') &&
    Array.isArray(unsent) &&
    unsent.every(
      (each) => hasFields(each, ['to', 'night']) && hasFields(each.night, ['news', 'rest', 'window']),
    )
  );
}

function isCase(value: unknown): value is Case {
  return (
    hasFields(value, [
      'id',
      'machine',
      'opened',
      'lastSeen',
      'changed',
      'state',
      'until',
      'verdict',
      'owner',
      'kwh',
      'nights',
    ]) &&
    hasFields(value.machine, ['ip', 'mac', 'hostname', 'user']) &&
    typeof value.machine.ip === 'string' &&
    hasFields(value.owner, ['class', 'name']) &&
    CASE_STATES.some((state) => state === value.state) &&
    VERDICTS.some((verdict) => verdict === value.verdict) &&
    typeof value.opened === 'string' &&
    typeof value.lastSeen === 'string' &&
    typeof value.kwh === 'number' &&
    Array.isArray(value.nights) &&
    value.nights.length > 0 &&
    value.nights.every((night) => hasFields(night, ['date', 'verdict', 'rate', 'kwh', 'pool']))
  );
}

function hasFields<K extends string>(value: unknown, names: readonly K[]): value is Record<K, unknown> {
  return typeof value === 'object' && value !== null && names.every((name) => Object.hasOwn(value, name));
}

/** JSON with a line for each case. */
export function casesText({ schema, cases, nights, unsent, pairs = {} }: Cases): string {
  const lines = (rows: readonly object[]): string =>
    `[${rows.map((row) => `\n${escapeJson(JSON.stringify(row))}`).join(',')}]`;
  return `{"schema":"${schema}","cases":${lines(cases)},\n"nights":${lines(nights)},\n"unsent":${lines(unsent)},\n"pairs":${escapeJson(JSON.stringify(pairs))}}\n`;
}
