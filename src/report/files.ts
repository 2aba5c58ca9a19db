/**
 * The files of `--out DIR`. They appear whole or not at all: each is written beside its place, forced to the disk and
 * renamed; nothing is renamed before all are written.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AUDIT, type Audit } from '../audit/audit.ts';
import { codeOf, fail, MinesweepError, reasonOf } from '../errors.ts';
import { isFolder } from '../given-file.ts';
import { lock } from '../lock.ts';
import { checked } from '../schema/check.ts';
import { replaced, syncFolder } from '../whole-file.ts';
import { renderHostsCsv, renderPoolsCsv, renderSessionsCsv } from './csv.ts';
import { hasDepartments, renderDepartmentsCsv } from './departments.ts';
import { gathered, type Render, type ReportOptions } from './format.ts';
import { renderJson } from './json.ts';
import { renderTotalsCsv } from './totals-csv.ts';

export interface ReportFile {
  readonly name: string;
  load(): Render | Promise<Render>;
  /** Absent: always. */
  isWanted?(audit: Audit): boolean;
}

/** The registry of files; a further one is one line. */
export const REPORT_FILES: readonly ReportFile[] = [
  { name: 'audit.json', load: () => renderJson },
  { name: 'hosts.csv', load: () => renderHostsCsv },
  { name: 'sessions.csv', load: () => renderSessionsCsv },
  { name: 'pools.csv', load: () => renderPoolsCsv },
  { name: 'totals.csv', load: () => renderTotalsCsv },
  { name: 'departments.csv', load: () => renderDepartmentsCsv, isWanted: hasDepartments },
  { name: 'report.html', load: async () => (await import('./html/page.ts')).renderHtml },
];

/** What a killed run leaves behind, by a name that nobody else gives. It may hold a whole audit. */
const LEFT_BEHIND = /^\.[a-z]+\.[a-z]+\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** Audits name people: by default nobody but their owner reads them. */
const PRIVATE = 0o600;

/**
 * Writes every file into the folder, which is made if need be. Throws OUTPUT_FAILED; then none has appeared. An audit that
 * breaks its own schema is not written: no later command could read it. `files`: others than those of `--out`. Returns how
 * many files of killed runs were removed from the folder.
 */
export async function writeReportFiles(
  audit: Audit,
  folder: string,
  options: ReportOptions,
  mode = PRIVATE,
  files = REPORT_FILES,
): Promise<number> {
  const written: { readonly temporary: string; readonly final: string }[] = [];
  let unlock: (() => void) | null = null;
  try {
    checkAudit(audit);
    await makeFolder(folder);
    unlock = lockOf(folder);
    // What somebody else may be at work on stays.
    const removed = unlock === null ? 0 : await clearLeftBehind(folder);
    for (const file of files.filter(({ isWanted }) => isWanted?.(audit) ?? true)) {
      const final = path.join(folder, file.name);
      await replaced(final);
      const temporary = path.join(folder, `.${file.name}.${randomUUID()}.tmp`);
      written.push({ temporary, final });
      const render = await file.load();
      await writePieces(temporary, render(audit, options), mode);
    }
    for (const { temporary, final } of written) await rename(temporary, final);
    await syncFolder(folder);
    return removed;
  } catch (cause) {
    for (const { temporary } of written) await rm(temporary, { force: true }).catch(() => undefined);
    return fail('OUTPUT_FAILED', `cannot write the report files: ${reasonOf(cause)}`, {
      where: folder,
      hint: 'Check that the folder can be written to and that the disk has room.',
      cause,
    });
  } finally {
    unlock?.();
  }
}

/** Null if another run writes there: both may, and the last one's files stay. */
function lockOf(folder: string): (() => void) | null {
  try {
    return lock(path.join(folder, '.audit'));
  } catch (cause) {
    if (cause instanceof MinesweepError) return null;
    throw cause;
  }
}

function checkAudit(audit: Audit): void {
  checked(audit, AUDIT, ({ at, message }) => {
    throw new Error(`the audit breaks its own schema at ${at}: ${message}; please report this`);
  });
}

/**
 * Makes a folder and those above it. Node's own `recursive` never ends if the system denies a new folder below one
 * that is there with ENOENT, as /proc does.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (cause) {
    if (await isFolder(folder)) return;
    const above = path.dirname(folder);
    if (codeOf(cause) !== 'ENOENT' || above === folder || (await isFolder(above))) throw cause;
    await makeFolder(above);
    await makeFolder(folder);
  }
}

/** Removes the temporary files of runs that were killed, and says how many. */
async function clearLeftBehind(folder: string): Promise<number> {
  const left = (await readdir(folder)).filter((name) => LEFT_BEHIND.test(name));
  for (const name of left) await rm(path.join(folder, name), { force: true });
  return left.length;
}

async function writePieces(file: string, pieces: Iterable<string>, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    // The umask may have taken more away than was asked for.
    await handle.chmod(mode);
    for (const text of gathered(pieces)) await handle.appendFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
