/** The file of cases: plain JSON with a version. */
import { codeOf, fail, reasonOf } from '../errors.ts';
import { escapeJson } from '../escape.ts';
import { readGiven } from '../given-file.ts';
import { readBack } from '../schema/check.ts';
import { CASES, type Cases, noCases } from './case.ts';

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
      hint: 'Nothing of it was taken. Correct this place, or name a file that minesweep nightly wrote.',
    });
  const cases = readBack(text, CASES, ({ at, message }) => invalid(`${at} ${message}`.trim()));
  const problem = rowsProblem(cases);
  return problem === null ? cases : invalid(problem);
}

/** What each case for itself does not tell. */
function rowsProblem({ cases, nights }: Cases): string | null {
  const isOnce = (words: readonly string[]): boolean => new Set(words).size === words.length;
  if (!isOnce(cases.map(({ id }) => id))) return 'cases has an id twice';
  if (!isOnce(nights.map(({ date }) => date))) return 'nights has a date twice';
  for (const [at, each] of cases.entries()) {
    const dates = each.nights.map(({ date }) => date);
    if (dates.length === 0) return `cases[${at}].nights has no night`;
    if (!isOnce(dates)) return `cases[${at}].nights has a date twice`;
    if (Date.parse(each.lastSeen) < Date.parse(each.opened))
      return `cases[${at}].lastSeen is before it was opened`;
  }
  return null;
}

/** JSON with a line for each case. */
export function casesText({ schema, cases, nights, unsent, pairs = {} }: Cases): string {
  const lines = (rows: readonly object[]): string =>
    `[${rows.map((row) => `\n${escapeJson(JSON.stringify(row))}`).join(',')}]`;
  return `{"schema":"${schema}","cases":${lines(cases)},\n"nights":${lines(nights)},\n"unsent":${lines(unsent)},\n"pairs":${escapeJson(JSON.stringify(pairs))}}\n`;
}
