/**
 * One run at a time on a file: `FILE.lock` beside it says which process on which host has it, and since when. One whose
 * process is gone is taken over. On the same host that is known: by the number and the start time of the process, and by the
 * boot of the host, for numbers come again. Of another host, or another container, nobody can tell; so the holder renews its
 * lock, and one that was not renewed for two minutes is free. Times are those of the file system that has the lock, as hosts
 * have different clocks.
 *
 * The lock is a file that is made or not made at once, on a full disk as well: there it is empty, and its time alone counts.
 */
import {
  closeSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, fail, MinesweepError, reasonOf } from './errors.ts';
import { readBackLine } from './schema/check.ts';
import { count, field, type Of, orNull, record, text, time } from './schema/field.ts';

const HOLDER = record({
  pid: field(count, 'Number of the process.'),
  host: field(text, 'Its host.'),
  since: field(time, 'When it took the lock.'),
  boot: field(orNull(text), 'Which boot of the host; null if the system does not tell.'),
  space: field(orNull(text), 'In which name space of processes the number counts.'),
  started: field(orNull(text), 'When the process began, by the clock of its boot.'),
});
type Holder = Of<typeof HOLDER>;

/** A lock that was not renewed for so long is free, if its holder cannot be asked for. */
const LEASE_MS = 120_000;
const RENEW_MS = 20_000;
/** How often one looks whether a holder on another host still renews its lock. */
const POLL_MS = 1000;
const MOST_BYTES = 4096;

/** Why a lock cannot be made. */
const REFUSED: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EROFS',
  'EPERM',
  'ENOSPC',
  'EISDIR',
]);

/** Locks of this process: one of its number that is not among them is of a process that is gone. */
const own = new Map<string, string>();

/** The lock as it lies there. */
interface Found {
  readonly text: string;
  /** Null if the text is none of ours, or there is none. */
  readonly holder: Holder | null;
  readonly modifiedMs: number;
}

/** Locks the file; what comes back unlocks it. Throws FILE_UNREADABLE, naming who holds it. */
export function lock(file: string): () => void {
  const path = `${file}.lock`;
  try {
    if (!isMade(path)) {
      const found = readLock(path);
      if (found !== null && isHeld(found, path)) return held(file, path, found);
      if (found !== null) takeAway(path, found);
      if (!isMade(path)) return held(file, path, readLock(path));
    }
  } catch (cause) {
    if (!REFUSED.has(codeOf(cause))) throw cause;
    return fail('FILE_UNREADABLE', `cannot be locked: ${reasonOf(cause)}`, { where: file, cause });
  }
  const renewing = setInterval(() => renew(path), RENEW_MS).unref();
  return () => {
    clearInterval(renewing);
    const text = own.get(path);
    own.delete(path);
    // After a long sleep of this host another one may have it.
    if (text !== undefined && readLock(path)?.text === text) rmSync(path, { force: true });
  };
}

interface Waiting {
  /** Hears once that the lock is waited for. */
  readonly log?: ((level: 'warn', message: string) => void) | undefined;
  /** Ends the wait: then it throws as if there had been none. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does the work while nobody else has the file. A lock of another host is waited for as long as it is not renewed: its holder
 * may be gone.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, waiting: Waiting = {}): Promise<T> {
  const unlock = await lockInTime(file, waiting);
  try {
    return await work();
  } finally {
    unlock();
  }
}

async function lockInTime(file: string, { log, signal }: Waiting): Promise<() => void> {
  const path = `${file}.lock`;
  const first = readLock(path);
  for (let isFirst = true; ; isFirst = false) {
    try {
      return lock(file);
    } catch (cause) {
      const now = readLock(path);
      const mayBeGone = now !== null && !isHere(now.holder) && now.modifiedMs === first?.modifiedMs;
      if (!(cause instanceof MinesweepError) || !mayBeGone || signal?.aborted === true) throw cause;
      if (isFirst)
        log?.(
          'warn',
          `${file}: ${cause.message}; waits for its lock to end, at most ${LEASE_MS / 60_000} minutes`,
        );
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Makes the lock, if there is none. */
function isMade(path: string): boolean {
  let made: number;
  try {
    made = openSync(path, 'wx');
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw cause;
  }
  const holder: Holder = {
    ...{ pid: process.pid, host: hostname(), since: new Date().toISOString() },
    ...{ boot: bootId(), space: processSpace('self'), started: startOf('self') },
  };
  let text = `${JSON.stringify(holder)}\n`;
  try {
    writeSync(made, text);
  } catch {
    text = ''; // a full disk
  } finally {
    closeSync(made);
  }
  own.set(path, text);
  return true;
}

/** Puts a lock aside that nobody holds; another run may do so as well: what was put aside must be what was read. */
function takeAway(path: string, found: Found): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return;
    throw cause;
  }
  const now = readLock(aside);
  if (now === null || (now.text === found.text && now.modifiedMs === found.modifiedMs))
    rmSync(aside, { force: true });
  else renameSync(aside, path);
}

function isHeld({ holder, modifiedMs }: Found, path: string): boolean {
  if (holder === null || !isHere(holder)) return timeThere(path) - modifiedMs < LEASE_MS;
  if (holder.pid === process.pid) return own.has(path);
  return isAlive(holder);
}

/** On this host, in this boot, where numbers of processes mean the same. Not known on a system that tells no boot: by its name. */
function isHere(holder: Holder | null): boolean {
  if (holder === null || holder.space !== processSpace('self')) return false;
  const boot = bootId();
  return boot === null || holder.boot === null ? holder.host === hostname() : holder.boot === boot;
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if (codeOf(cause) === 'ESRCH') return false;
  }
  const now = startOf(String(pid));
  return now === null || started === null || now === started;
}

/** The time that the file system of the lock gives a file now, ms since 1970. */
function timeThere(path: string): number {
  const probe = `${path}.${process.pid}`;
  try {
    closeSync(openSync(probe, 'w'));
    return statSync(probe).mtimeMs;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Says that the holder goes on, by the time of the file. */
function renew(path: string): void {
  const text = own.get(path);
  try {
    if (text === undefined || readLock(path)?.text !== text) return;
    if (text === '') {
      const now = new Date();
      utimesSync(path, now, now);
      return;
    }
    // Written again, and not only dated: the time is that of the file system then.
    const file = openSync(path, 'r+');
    try {
      writeSync(file, text, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    // A file system that is away: the lock is renewed when it is back.
  }
}

function held(file: string, path: string, found: Found | null): never {
  const holder = found?.holder ?? null;
  const who =
    holder === null ? 'another run' : `process ${holder.pid} on ${holder.host}, since ${holder.since}`;
  const isFar = found !== null && !isHere(holder);
  return fail('FILE_UNREADABLE', `in use by ${who}`, {
    where: file,
    hint: isFar
      ? `Wait for it, or stop it there. If it is gone, its lock ends ${LEASE_MS / 60_000} minutes after it.`
      : `Wait for it, or stop it. If there is no such run, remove ${path}.`,
  });
}

/** Null if there is none. A symbolic link, as earlier versions made it, is a lock whose holder nobody knows. */
function readLock(path: string): Found | null {
  try {
    const stats = lstatSync(path);
    const { mtimeMs, size } = stats;
    const text = !stats.isFile() || size > MOST_BYTES ? '' : readFileSync(path, 'utf8');
    return { text, holder: readBackLine(text.trim(), HOLDER), modifiedMs: mtimeMs };
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null;
    throw cause;
  }
}

/** Which boot of Linux this is; null on other systems, or where it is hidden. */
function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}

/** The name space of process numbers on Linux: each container has its own. */
function processSpace(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return null;
  }
}

/** When a process began, in ticks since the boot (proc(5), field 22 of stat; the second is a name in parentheses). */
function startOf(pid: string): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
