/**
 * One run at a time on a file: `FILE.lock` beside it says which process on which host has it, and since when. One whose
 * process is gone is taken over. The lock is a symbolic link that points to nothing: its target is `PROCESS HOST TIME`. It is
 * made whole or not at all, and on a full disk as well: a target below 60 bytes takes no block of its own (ext4; others
 * have more room).
 */
import { readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { codeOf, fail, reasonOf } from './errors.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly started: string;
}

/** Why a lock cannot be made. */
const REFUSED: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EROFS', 'EPERM', 'ENOSPC']);

/** Locks of this process: one of its number that is not among them is of a process that is gone. */
const own = new Set<string>();

/** Locks the file; what comes back unlocks it. Throws FILE_UNREADABLE, naming who holds it. */
export function lock(file: string): () => void {
  const path = `${file}.lock`;
  const holder = `${process.pid} ${hostname()} ${new Date().toISOString()}`;
  try {
    if (!isLinked(holder, path)) {
      const before = readLock(path);
      const said = holderOf(before);
      if (said === null || isAlive(said, path)) return held(file, path, said);
      // Another run may be taking it over as well: what was put aside must be what was read.
      const aside = `${path}.${process.pid}`;
      renameSync(path, aside);
      const now = readLock(aside);
      if (now !== before) isLinked(now, path);
      rmSync(aside, { force: true });
      if (now !== before || !isLinked(holder, path)) return held(file, path, holderOf(readLock(path)));
    }
  } catch (cause) {
    if (!REFUSED.has(codeOf(cause))) throw cause;
    return fail('FILE_UNREADABLE', `cannot be locked: ${reasonOf(cause)}`, { where: file, cause });
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

function isLinked(holder: string, path: string): boolean {
  try {
    symlinkSync(holder, path);
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
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
    return codeOf(cause) !== 'ESRCH';
  }
}

/** Empty if there is none, or a file that is no lock of ours. */
function readLock(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function holderOf(text: string): Holder | null {
  const [, pid, host = '', started = ''] = /^([1-9]\d*) (\S+) (\S+)$/.exec(text) ?? [];
  return pid === undefined ? null : { pid: Number(pid), host, started };
}
