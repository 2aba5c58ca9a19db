/** The file of cases: plain JSON with a version. */
import { VERDICTS } from '../audit/audit.ts';
import { codeOf, fail, reasonOf } from '../errors.ts';
import { escapeJson } from '../escape.ts';
import { readGiven } from '../given-file.ts';
import { totalOf } from '../order.ts';
import { readBack } from '../schema/check.ts';
import { CASES, type Case, type Cases, NIGHTS_KEPT, noCases } from './case.ts';

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

/** Sums of fractions depend on their order. */
const SLACK = 1e-6;
/** A day may have begun elsewhere; the traffic of a night ends a day ahead of the clock at most. */
const AHEAD_MS = 2 * 86_400_000;

/** What each field for itself does not tell: how those of a case fit together, and that nothing is of days to come. */
function rowsProblem({ cases, nights }: Cases): string | null {
  const latest = new Date(Date.now() + AHEAD_MS).toISOString();
  const datesProblem = (at: string, dates: readonly string[]): string | null => {
    for (const [i, date] of dates.entries()) {
      if (i > 0 && date === dates[i - 1]) return `${at} has a date twice`;
      if (i > 0 && date < dates[i - 1]) return `${at}[${i}].date is before that of the night above it`;
    }
    return (dates.at(-1) ?? '') > latest
      ? `${at}[${dates.length - 1}].date is in the future: it is wrong, or the clock here`
      : null;
  };
  if (new Set(cases.map(({ id }) => id)).size !== cases.length) return 'cases has an id twice';
  for (const [i, each] of cases.entries()) {
    const at = `cases[${i}]`;
    if (each.nights.length === 0) return `${at}.nights has no night`;
    const dates = each.nights.map(({ date }) => date);
    const wrong = datesProblem(`${at}.nights`, dates) ?? caseProblem(each, latest);
    if (wrong !== null) return wrong.startsWith(at) ? wrong : `${at}.${wrong}`;
  }
  return datesProblem(
    'nights',
    nights.map(({ date }) => date),
  );
}

function caseProblem(about: Case, latest: string): string | null {
  const { state, until, because, opened, lastSeen, verdict, nights, kwh } = about;
  if (Date.parse(lastSeen) < Date.parse(opened)) return 'lastSeen is before it was opened';
  // Seen again is what comes later: a time to come would silence the machine until then.
  for (const field of ['lastSeen', 'changed'] as const)
    if (about[field] > latest) return `${field} is in the future: it is wrong, or the clock here`;
  const odd = nights.findIndex(
    ({ rate, low95, high95 }) =>
      (rate !== null && (rate < (low95 ?? rate) || rate > (high95 ?? rate))) ||
      (low95 !== null && high95 !== null && low95 > high95),
  );
  if (odd !== -1) return `nights[${odd}].rate must be from low95 to high95`;
  const isAcknowledged = state === 'acknowledged';
  if (isAcknowledged !== (until !== null))
    return isAcknowledged
      ? 'until must be a date, as its state is acknowledged'
      : `until must be null, as its state is ${state}`;
  if (isAcknowledged && because === null) return 'because must be text, as its state is acknowledged';
  // Of earlier nights nothing is kept.
  if (nights.length >= NIGHTS_KEPT) return null;
  const strongest = VERDICTS.find((each) => nights.some((night) => night.verdict === each));
  if (verdict !== strongest) return `verdict is ${verdict}, but that of its nights is ${strongest}`;
  const sum = totalOf(nights, (night) => night.kwh ?? 0);
  return Math.abs(kwh - sum) > SLACK * Math.max(kwh, sum)
    ? `kwh is ${kwh}, but its nights make ${sum}`
    : null;
}

/** JSON with a line for each case. */
export function casesText({ schema, cases, nights, unsent, pairs = {} }: Cases): string {
  const lines = (rows: readonly object[]): string =>
    `[${rows.map((row) => `\n${escapeJson(JSON.stringify(row))}`).join(',')}]`;
  return `{"schema":"${schema}","cases":${lines(cases)},\n"nights":${lines(nights)},\n"unsent":${lines(unsent)},\n"pairs":${escapeJson(JSON.stringify(pairs))}}\n`;
}
