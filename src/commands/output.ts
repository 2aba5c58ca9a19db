/**
 * Results on their way out: pages fitted to the stream, and writing that waits for the reader and stops without a
 * word if the reader has gone (`| head`).
 */

import { appendFile } from 'node:fs/promises';
import type { Audit, AuditFilter } from '../audit/audit.ts';
import { isNetwork } from '../audit/narrow.ts';
import { codeOf, fail, reasonOf } from '../errors.ts';
import { Networks } from '../networks.ts';
import { gathered, type ReportOptions } from '../report/format.ts';
import { renderAudit } from '../report/index.ts';
import { hasColor } from './color.ts';
import type { CommandContext, TextStream } from './command.ts';
import { createLog } from './log.ts';

/** Columns of a page that goes into a file, a mail or a ticket. */
const WIDTH_WITHOUT_TERMINAL = 80;

/** Where and how an audit is to be printed. */
type Destination = Awaited<ReturnType<typeof destinationOf>>;

/** Columns of the page that a stream is: those of the terminal, else those that COLUMNS asks for, else 80. */
export function pageWidth(stream: TextStream, env: NodeJS.ProcessEnv): number {
  // Some terminals say that they have no columns at all.
  return stream.columns || Number(env.COLUMNS) || WIDTH_WITHOUT_TERMINAL;
}

/** True if the table and the messages come on one terminal: what the table says need not be said before or after it. */
export function isOneScreen({ format }: Destination, { stdout, stderr }: CommandContext['streams']): boolean {
  return format === 'table' && stdout.isTTY === true && stderr.isTTY === true;
}

/** Machines on a terminal, unless --top asks for more. */
const MOST_ON_TERMINAL = 20;

/** Reads the output options; `audit`: where it is read from. Throws USAGE; to be called before any work is done. */
export async function destinationOf(context: CommandContext, audit: string | null = null) {
  const { settings, env, streams } = context;
  const terminal = streams.stdout.isTTY === true;
  const hosts = settings.read('host');
  await Networks.parse(hosts.filter(isNetwork), settings.sourceOf('host').where);
  /** Which hosts the audit is narrowed to. */
  const filter: AuditFilter = {
    hosts: [...hosts],
    departments: [...settings.read('department')],
    verdict: settings.read('verdict'),
    pool: settings.read('pool'),
  };
  const page: ReportOptions = {
    width: pageWidth(streams.stdout, env),
    color: hasColor(streams.stdout, env, settings.read('no-color')),
    zone: settings.read('tz'),
    language: settings.read('lang'),
    reader: settings.read('for'),
    sampleOf: settings.read('sample-of'),
    compare: settings.read('compare'),
    selection: {
      sort: settings.read('sort'),
      top: settings.read('top'),
      columns: settings.read('report-columns'),
    },
    screen: settings.read('wide')
      ? undefined
      : { most: terminal ? MOST_ON_TERMINAL : null, audit: settings.read('out') ?? audit },
  };
  return {
    filter,
    page,
    format: settings.read('style') ?? settings.read('format') ?? (terminal ? 'table' : 'json'),
    folder: settings.read('out'),
    /** Folder for the packs of departments. */
    packs: settings.read('packs'),
    /** Permissions of the files in the folder. */
    mode: settings.read('out-mode'),
    warn: async (message: string): Promise<void> => {
      (await createLog(context)).write('warn', message);
    },
  };
}

/**
 * The format of a command that has formats of its own; null if nobody names one. A format that it lacks is wrong usage if a
 * flag names it. The environment and the settings file speak to every command: if they name it, a warning says that it is not
 * for this one. `refusal` is why, as in 'a diff is not printed as'. Throws USAGE.
 */
export async function formatAmong<T extends string>(
  context: CommandContext,
  formats: readonly T[],
  refusal: string,
): Promise<T | null> {
  const { settings } = context;
  const asked = settings.read('format');
  const format = formats.find((each) => each === asked) ?? null;
  if (asked === null || format !== null) return format;
  const { where, isFlag } = settings.sourceOf('format');
  const known = `One of: ${formats.join(', ')}.`;
  if (isFlag) fail('USAGE', `${refusal} ${asked}`, { where, hint: known });
  const log = await createLog(context, 'warn');
  log.write('warn', `${where}: ${refusal} ${asked}, the default is taken. ${known}`);
  return null;
}

/** Writes the files of --out and --packs, if they are asked for. Throws OUTPUT_FAILED. */
export async function writeFiles(
  audit: Audit,
  { folder, packs, page, mode, warn }: Destination,
): Promise<void> {
  // Files are for the archive: they hold all hosts of the audit, however many are shown.
  const { selection: _, screen: __, night, ...whole } = page;
  if (folder !== null) {
    const { writeReportFiles } = await import('../report/files.ts');
    const removed = await writeReportFiles(
      audit,
      folder,
      night === undefined ? whole : { ...whole, night },
      mode,
    );
    if (removed > 0)
      await warn(`${folder}: ${removed} unfinished files of runs that were killed were removed`);
  }
  if (packs !== null) await (await import('../report/packs.ts')).writePacks(audit, packs, whole, mode);
}

/** True if the filter leaves hosts out. */
export function isFiltered({ hosts, departments, verdict, pool }: AuditFilter): boolean {
  return hosts.length + departments.length > 0 || verdict !== null || pool !== null;
}

/** Writes the files of --out, then the result itself. Throws OUTPUT_FAILED. */
export async function deliver(
  audit: Audit,
  destination: Destination,
  context: CommandContext,
): Promise<void> {
  const { stdout: stream } = context.streams;
  await writeFiles(audit, destination);
  if (destination.format === 'github')
    await appendSummary(context, [...(await renderAudit('markdown', audit, destination.page))].join(''));
  await writeAll(stream, await renderAudit(destination.format, audit, destination.page));
}

/** Most that GitHub takes for the summary of a step, less room for what other commands of it write. */
const MOST_SUMMARY = 900 * 1024;

/** Adds Markdown to the summary of a step of GitHub Actions, if this is one. Throws OUTPUT_FAILED. */
export async function appendSummary({ env }: CommandContext, markdown: string): Promise<void> {
  const { GITHUB_STEP_SUMMARY: file = '' } = env;
  if (file === '' || Buffer.byteLength(markdown) > MOST_SUMMARY) return;
  await appendFile(file, markdown).catch((cause: unknown) =>
    fail('OUTPUT_FAILED', `cannot write the summary of the step: ${reasonOf(cause)}`, { where: file, cause }),
  );
}

/** Writes the pieces one after another. A reader that has gone ends it quietly; any other failure is OUTPUT_FAILED. */
export async function writeAll(stream: TextStream, pieces: Iterable<string>): Promise<void> {
  for (const text of gathered(pieces)) if (!(await written(stream, text))) return;
}

async function written(stream: TextStream, text: string): Promise<boolean> {
  if (stream.destroyed) return false;
  const failure = await new Promise<Error | null | undefined>((resolve) => {
    stream.write(text, resolve);
  });
  if (failure === null || failure === undefined) return true;
  if (['EPIPE', 'ERR_STREAM_DESTROYED'].includes(codeOf(failure))) return false;
  return fail('OUTPUT_FAILED', `cannot write the result: ${failure.message}`, {
    where: 'standard output',
    hint: 'Check that the disk has room.',
    cause: failure,
  });
}
