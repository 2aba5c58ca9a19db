/**
 * One run at a time on a file: `FILE.lock` beside it says which process on which host has it, and since when. One whose
 * process is gone is taken over. The lock is made by linking a whole file, so that nobody reads half of one.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fail } from './errors.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly started: string;
}

/** Locks of this process: one of its number that is not among them is of a process that is gone. */
const own = new Set<string>();

/** Locks the file; what comes back unlocks it. Throws FILE_UNREADABLE, naming who holds it. */
export function lock(file: string): () => void {
  const path = `${file}.lock`;
  const draft = `${path}.${process.pid}`;
  const holder: Holder = { pid: process.pid, host: hostname(), started: new Date().toISOString() };
  try {
    writeFileSync(draft, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    if (!isLinked(draft, path)) {
      const before = readHolder(path);
      if (before === null || isAlive(before, path)) return held(file, path, before);
      // Another run may be taking it over as well: what was put aside must be what was read.
      renameSync(path, `${draft}.old`);
      const aside = readHolder(`${draft}.old`);
      const isIt = aside?.pid === before.pid && aside.started === before.started;
      if (!isIt) isLinked(`${draft}.old`, path);
      rmSync(`${draft}.old`, { force: true });
      if (!isIt || !isLinked(draft, path)) return held(file, path, readHolder(path));
    }
  } catch (cause) {
    if (!isError(cause, 'ENOENT', 'EACCES', 'EROFS', 'EPERM', 'ENOSPC')) throw cause;
    return fail('FILE_UNREADABLE', `cannot be locked: ${cause.message}`, { where: file, cause });
  } finally {
    rmSync(draft, { force: true });
  }
  own.add(path);
  return () => {
    if (own.delete(path)) rmSync(path, { force: true });
  };
}

/** Does the work while nobody else has the file. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const unlock = lock(file);
  try {
    return await work();
  } finally {
    unlock();
  }
}

function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (cause) {
    if (isError(cause, 'EEXIST')) return false;
    throw cause;
  }
}

function held(file: string, path: string, holder: Holder | null): never {
  const who =
    holder === null ? 'another run' : `process ${holder.pid} on ${holder.host}, since ${holder.started}`;
  return fail('FILE_UNREADABLE', `in use by ${who}`, {
    where: file,
    hint: `Wait for it. If there is no such run, remove ${path}.`,
  });
}

/** Of another host nobody here can tell. */
function isAlive({ pid, host }: Holder, path: string): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return own.has(path);
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return !isError(cause, 'ESRCH');
  }
}

function readHolder(path: string): Holder | null {
  try {
    const said: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isHolder(said) ? said : null;
  } catch {
    return null;
  }
}

function isHolder(said: unknown): said is Holder {
  if (typeof said !== 'object' || said === null) return false;
  const { pid, host, started } = Object.fromEntries(Object.entries(said));
  return Number.isInteger(pid) && Number(pid) > 0 && typeof host === 'string' && typeof started === 'string';
}

function isError(cause: unknown, ...codes: string[]): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'code' in cause && codes.includes(String(cause.code));
}
