/** `minesweep cases list|show|ack|close FILE [IP|MACHINE...]`: what nightly keeps, looked at and judged by people. */
import type { Case, Cases } from '../cases/case.ts';
import { casesText, readCases } from '../cases/file.ts';
import { beginning, fail } from '../errors.ts';
import { escapeJson } from '../escape.ts';
import { withLock } from '../lock.ts';
import { renderCaseHistory, renderCases } from '../report/night.ts';
import { writeWhole } from '../whole-file.ts';
import type { CommandContext, Execute } from './command.ts';
import { destinationOf, formatAmong, writeAll } from './output.ts';

const ACTIONS = ['list', 'show', 'ack', 'close'];

export const runCases: Execute = async ([action = '', file = '', ...words], context) => {
  if (!ACTIONS.includes(action))
    fail('USAGE', `'${beginning(action)}' is nothing to do with cases`, {
      hint: `One of: ${ACTIONS.join(', ')}.`,
    });
  if (action === 'list' || action === 'show') {
    const cases = await readCases(file, true);
    return print(words.length === 0 ? cases.cases : chosen(cases, words), action, context);
  }
  if (words.length === 0)
    fail('USAGE', `${action} needs a case`, {
      hint: 'Name its address, hardware address, host name, user or id.',
    });
  return withLock(file, async () => {
    const cases = await readCases(file, true);
    judge(chosen(cases, words), action, context);
    await writeWhole(file, casesText(cases), { mode: 0o600, part: `${file}.part` });
    return print(chosen(cases, words), 'list', context);
  });
};

async function print(cases: readonly Case[], action: string, context: CommandContext): Promise<'done'> {
  const { streams } = context;
  const format = (await formatAmong(context, ['table', 'json'], 'cases are not printed as')) ?? 'table';
  const { page } = await destinationOf(context);
  const json = [`${escapeJson(JSON.stringify(cases, null, 2))}\n`];
  await writeAll(
    streams.stdout,
    format === 'json' ? json : (action === 'show' ? renderCaseHistory : renderCases)(cases, page),
  );
  return 'done';
}

function judge(cases: readonly Case[], action: string, { settings, env }: CommandContext): void {
  const [untilUs, because] = [settings.read('until'), settings.read('because')];
  if (action === 'ack' && (untilUs === null || because === null)) {
    fail('USAGE', 'ack needs --until and --because', { hint: 'Say until which day it is known, and why.' });
  }
  const now = new Date().toISOString();
  for (const each of cases) {
    each.state = action === 'ack' ? 'acknowledged' : 'closed';
    each.changed = now;
    each.until =
      action === 'ack' && untilUs !== null ? new Date(untilUs / 1000).toISOString().slice(0, 10) : null;
    if (each.until !== null && each.until < each.lastSeen.slice(0, 10))
      fail('USAGE', `it was seen after ${each.until}`, { where: each.id, hint: 'Name a later day.' });
    each.because = because;
    each.by = settings.read('by') ?? env.SUDO_USER ?? env.USER ?? env.USERNAME ?? null;
  }
}

/** The cases that the words name. Throws USAGE if a word names none, or several machines that had an address. */
function chosen({ cases }: Cases, words: readonly string[]): Case[] {
  return words.flatMap((word) => {
    const wanted = word.toLowerCase();
    const found = cases.filter(({ id, machine: { ip, mac, hostname, user } }) =>
      [id, ip, mac, hostname, user].some((name) => name?.toLowerCase() === wanted),
    );
    const [only] = found;
    if (only === undefined) {
      return fail('USAGE', 'there is no such case', {
        where: word,
        hint: 'minesweep cases list FILE prints them all.',
      });
    }
    if (found.length > 1) {
      return fail('USAGE', `this names ${found.length} cases`, {
        where: word,
        hint: `Name one by its id: ${found.map(({ id }) => id).join(', ')}.`,
      });
    }
    return [only];
  });
}
