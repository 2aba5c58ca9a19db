/**
 * The files of `--out DIR`. They appear whole or not at all: each is written beside its place, forced to the disk and
 * renamed; nothing is renamed before all are written.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AUDIT, type Audit } from '../audit/audit.ts';
import { codeOf, fail, reasonOf } from '../errors.ts';
import { isFolder } from '../given-file.ts';
import { checked } from '../schema/check.ts';
import { syncFolder } from '../whole-file.ts';
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

/** What a killed run leaves behind, by name; and the age from which no run can still be at work on it, ms. */
const LEFT_BEHIND = /^\.[a-z]+\.[a-z]+\.[0-9a-f-]{36}\.tmp$/;
const ABANDONED_MS = 86_400_000;

/** Audits name people: by default nobody but their owner reads them. */
const PRIVATE = 0o600;

/**
 * Writes every file into the folder, which is made if need be. Throws OUTPUT_FAILED; then none has appeared. An audit that
 * breaks its own schema is not written: no later command could read it. `abandonedMs`: from what age files that were begun
 * are nobody's; 0 for who alone writes there. `files`: others than those of `--out`.
 */
export async function writeReportFiles(
  audit: Audit,
  folder: string,
  options: ReportOptions,
  mode = PRIVATE,
  { abandonedMs = ABANDONED_MS, files = REPORT_FILES } = {},
): Promise<void> {
  const written: { readonly temporary: string; readonly final: string }[] = [];
  try {
    checkAudit(audit);
    await makeFolder(folder);
    await clearLeftBehind(folder, abandonedMs);
    for (const file of files.filter(({ isWanted }) => isWanted?.(audit) ?? true)) {
      const temporary = path.join(folder, `.${file.name}.${randomUUID()}.tmp`);
      written.push({ temporary, final: path.join(folder, file.name) });
      const render = await file.load();
      await writePieces(temporary, render(audit, options), mode);
    }
    for (const { temporary, final } of written) await rename(temporary, final);
    await syncFolder(folder);
  } catch (cause) {
    for (const { temporary } of written) await rm(temporary, { force: true }).catch(() => undefined);
    fail('OUTPUT_FAILED', `cannot write the report files: ${reasonOf(cause)}`, {
      where: folder,
      hint: 'Check that the folder can be written to and that the disk has room.',
      cause,
    });
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

/** Removes the temporary files of runs that were killed. */
async function clearLeftBehind(folder: string, abandonedMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!LEFT_BEHIND.test(name)) continue;
    const file = path.join(folder, name);
    const age = await stat(file).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age >= abandonedMs) await rm(file, { force: true });
  }
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
