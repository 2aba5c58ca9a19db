/**
 * Results on their way out: pages fitted to the stream, and writing that waits for the reader and stops without a
 * word where the reader has gone (`| head`).
 */
import type { Audit } from '../audit/audit.ts';
import { fail } from '../errors.ts';
import type { ReportOptions } from '../report/format.ts';
import { renderAudit } from '../report/index.ts';
import type { CommandContext, TextStream } from './command.ts';
import { FORMAT, LANG, NO_COLOR, OUT, TZ } from './options.ts';

/** Columns of a page that goes into a file, a mail or a ticket. */
const WIDTH_WITHOUT_TERMINAL = 80;
const WRITE_SIZE = 256 * 1024;

/** Where and how an audit is to be printed. */
export interface Destination {
  readonly format: string;
  readonly folder: string | null;
  readonly page: ReportOptions;
}

/** Columns of the page that a stream is: those of the terminal, else those that COLUMNS asks for, else 80. */
export function pageWidth(stream: TextStream, env: NodeJS.ProcessEnv): number {
  // Some terminals say that they have no columns at all.
  return stream.columns || Number(env.COLUMNS) || WIDTH_WITHOUT_TERMINAL;
}

/** Reads the output options. Throws USAGE; to be called before any work is done. */
export function destinationOf(context: CommandContext): Destination {
  const { settings, env, streams } = context;
  const terminal = streams.stdout.isTTY === true;
  const noColor = settings.read(NO_COLOR) || (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  return {
    format: settings.read(FORMAT) ?? (terminal ? 'table' : 'json'),
    folder: settings.read(OUT),
    page: {
      width: pageWidth(streams.stdout, env),
      color: terminal && !noColor,
      zone: settings.read(TZ),
      language: settings.read(LANG),
    },
  };
}

/** Writes the files of --out, then the result itself. Throws OUTPUT_FAILED. */
export async function deliver(audit: Audit, destination: Destination, stream: TextStream): Promise<void> {
  if (destination.folder !== null) {
    const { writeReportFiles } = await import('../report/files.ts');
    await writeReportFiles(audit, destination.folder, destination.page);
  }
  await writeAll(stream, await renderAudit(destination.format, audit, destination.page));
}

/** Writes the pieces one after another. A reader that has gone ends it quietly; any other failure is OUTPUT_FAILED. */
export async function writeAll(stream: TextStream, pieces: Iterable<string>): Promise<void> {
  let gathered = '';
  for (const piece of pieces) {
    gathered += piece;
    if (gathered.length < WRITE_SIZE) continue;
    if (!(await written(stream, gathered))) return;
    gathered = '';
  }
  if (gathered !== '') await written(stream, gathered);
}

async function written(stream: TextStream, text: string): Promise<boolean> {
  if (stream.destroyed) return false;
  const failure = await new Promise<Error | null | undefined>((resolve) => {
    stream.write(text, resolve);
  });
  if (failure === null || failure === undefined) return true;
  if ('code' in failure && (failure.code === 'EPIPE' || failure.code === 'ERR_STREAM_DESTROYED'))
    return false;
  return fail('OUTPUT_FAILED', `cannot write the result: ${failure.message}`, {
    where: 'standard output',
    hint: 'Check that the disk has room.',
    cause: failure,
  });
}
