/** `minesweep history DIR...`: the audits of many days as a table, a page, CSV, or samples for Prometheus. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readAudit } from '../audit/read-audit.ts';
import { fail, MinesweepError, reasonOf } from '../errors.ts';
import { isFolder } from '../given-file.ts';
import type { ReportOptions } from '../report/format.ts';
import { History } from '../report/history/days.ts';
import { renderHistoryCsv, renderHistoryMetrics } from '../report/history/machine.ts';
import { renderHistoryTable } from '../report/history/table.ts';
import { VERSION } from '../version.ts';
import type { Execute } from './command.ts';
import { createLog } from './log.ts';
import { formatAmong, pageWidth, writeAll } from './output.ts';
import { generatedAt } from './request.ts';

type Page = Pick<ReportOptions, 'zone' | 'language' | 'width'>;
type Made = { readonly tool: string; readonly generatedMs: number };

const FORMATS: Readonly<
  Record<string, (history: History, page: Page, made: Made) => Promise<Iterable<string>>>
> = {
  table: async (history, page) => renderHistoryTable(history, page),
  csv: async (history) => renderHistoryCsv(history),
  html: async (history, page, made) =>
    (await import('../report/html/history.ts')).renderHistoryHtml(history, page, made),
  prometheus: async (history) => renderHistoryMetrics(history),
};

const WHY_NOT = {
  filtered: 'an audit of some hosts only, such as a pack',
  'no-window': 'no traffic in it',
  'too-long': 'its window is longer than ten years, so that some clock was wrong',
  'counted-already': 'its inputs are in another audit of that time',
} as const;

/** Throws INPUT_UNREADABLE if there is no audit, or a folder cannot be listed. */
export const runHistory: Execute = async (places, context) => {
  const { settings, streams } = context;
  const format =
    (await formatAmong(context, Object.keys(FORMATS), 'a history is not printed as')) ??
    (streams.stdout.isTTY === true ? 'table' : 'csv');
  const page = {
    zone: settings.read('tz'),
    language: settings.read('lang'),
    width: pageWidth(streams.stdout, context.env),
  };
  const log = await createLog(context);
  const history = new History(page.zone);
  const reasons = new Set<string>();
  let unread = 0;
  let added = 0;
  try {
    for (const file of await auditsIn(places)) {
      try {
        const why = history.add(await readAudit(file, streams.stdin));
        if (why === null) added++;
        else {
          reasons.add(WHY_NOT[why]);
          log.write('info', `${file}: left out: ${WHY_NOT[why]}`);
        }
      } catch (cause) {
        if (!(cause instanceof MinesweepError)) throw cause;
        unread++;
        log.write('warn', `${file}: not read: ${cause.message}`);
      }
    }
    if (added === 0)
      fail('INPUT_UNREADABLE', ['no audit of a time was found', ...reasons].join('; '), {
        where: places.join(' '),
        hint: 'Name folders that scan --out, watch or nightly wrote.',
      });
    const made = {
      tool: `minesweep ${VERSION}`,
      generatedMs: generatedAt(context.env).generatedMs ?? Date.now(),
    };
    await writeAll(streams.stdout, (await FORMATS[format]?.(history, page, made)) ?? []);
    if (unread === 0) return 'done';
    return settings.read('strict') ? 'failed' : 'damaged';
  } finally {
    log.close();
  }
};

/** Files as they are named, and every audit.json below folders; by name, so that folders of dates are in order. */
async function auditsIn(places: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const place of places) {
    if (!(await isFolder(place))) files.push(place);
    else {
      const names = await readdir(place, { recursive: true }).catch((cause: unknown) =>
        fail('INPUT_UNREADABLE', `cannot be listed: ${reasonOf(cause)}`, {
          where: place,
          hint: 'Check the permissions, or name the folders of single days.',
          cause,
        }),
      );
      files.push(
        ...names.filter((name) => path.basename(name) === 'audit.json').map((name) => path.join(place, name)),
      );
    }
  }
  return [...new Set(files)].sort();
}
