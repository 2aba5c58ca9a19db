import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { lock, withLock } from '../src/lock.ts';
import { HAS_SMALL_DISKS, NO_SMALL_DISKS, smallDisk } from './support/small-disk.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const since = '2026-11-29T08:00:00.000Z';
const IS_LINUX = process.platform === 'linux';

/** What this process writes into a lock. */
function ownHolder() {
  const file = path.join(temporaryFolder('lock'), 'state');
  const unlock = lock(file);
  const holder = JSON.parse(readFileSync(`${file}.lock`, 'utf8'));
  unlock();
  return holder;
}

function fileOf(holder: object | string, ageSeconds = 0): string {
  const file = path.join(temporaryFolder('lock'), 'state');
  writeFileSync(`${file}.lock`, typeof holder === 'string' ? holder : JSON.stringify(holder));
  const at = Date.now() / 1000 - ageSeconds;
  utimesSync(`${file}.lock`, at, at);
  return file;
}

it('A lock says who holds it, is of one run, and leaves nothing behind', () => {
  const folder = temporaryFolder('lock');
  const file = path.join(folder, 'state');
  const unlock = lock(file);
  const holder = JSON.parse(readFileSync(`${file}.lock`, 'utf8'));
  expect(holder).toMatchObject({ pid: process.pid, host: hostname() });
  expect(Math.abs(Date.now() - Date.parse(holder.since))).toBeLessThan(60_000);
  expect(() => lock(file)).toThrow(`in use by process ${process.pid} on ${hostname()}, since `);
  unlock();
  lock(file)();
  expect(readdirSync(folder)).toEqual([]);
});

it('A lock is taken over if its process is gone, and not if it lives', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const mine = ownHolder();
  lock(fileOf({ ...mine, pid }))();
  // Numbers of processes come again: this process knows its own locks.
  lock(fileOf(mine))();
  const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  const lives = { ...mine, pid: other.pid, since, started: null };
  expect(() => lock(fileOf(lives))).toThrow(
    `in use by process ${other.pid} on ${hostname()}, since ${since}`,
  );
  other.kill();
});

it.runIf(IS_LINUX)(
  'A number that another program has by now holds nothing, nor does one of an earlier boot',
  () => {
    const mine = ownHolder();
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    const stat = readFileSync(`/proc/${other.pid}/stat`, 'latin1').split(') ')[1].split(' ');
    const started = stat[19];
    expect(() => lock(fileOf({ ...mine, pid: other.pid, started }))).toThrow('in use by');
    lock(fileOf({ ...mine, pid: other.pid, started: String(Number(started) - 1) }))();
    // Whether that was this host cannot be known: its time decides.
    const earlier = { ...mine, pid: other.pid, started, boot: '00000000-0000-0000-0000-000000000000' };
    lock(fileOf(earlier, 180))();
    expect(() => lock(fileOf(earlier, 30))).toThrow('in use by');
    other.kill();
  },
);

it('A lock of another host, of an earlier version, or an empty one counts as long as it is renewed', async () => {
  const far = { ...ownHolder(), host: 'elsewhere', space: 'pid:[1]', boot: 'another', since };
  for (const holder of [far, 'not a lock', '']) {
    expect(() => lock(fileOf(holder, 30))).toThrow('in use by');
    const file = fileOf(holder, 180);
    lock(file)();
    expect(existsSync(`${file}.lock`)).toBe(false);
  }
  expect(() => lock(fileOf(far))).toThrow(`in use by process ${far.pid} on elsewhere, since ${since}`);
  // One that ends in a moment is waited for.
  const told: string[] = [];
  const file = fileOf(far, 119);
  const log = (_: 'warn', message: string) => told.push(message);
  expect(await withLock(file, async () => 'done', { log })).toBe('done');
  expect(told).toEqual([
    `${file}: in use by process ${far.pid} on elsewhere, since ${since}; waits for its lock to end, at most 2 minutes`,
  ]);
  // Nor is anything waited for by a service that is told to end.
  const late = withLock(fileOf(far, 60), async () => 'done', { signal: AbortSignal.timeout(100) });
  await expect(late).rejects.toThrow('in use by process');
});

it('A lock that is renewed meanwhile is not waited for', async () => {
  const file = fileOf({ ...ownHolder(), host: 'elsewhere', space: 'pid:[1]', boot: 'another' }, 100);
  const renewal = setTimeout(() => utimesSync(`${file}.lock`, new Date(), new Date()), 500);
  await expect(withLock(file, async () => 'done')).rejects.toThrow('in use by process');
  clearTimeout(renewal);
});

it.skipIf(!HAS_SMALL_DISKS)(
  HAS_SMALL_DISKS ? 'A full disk is locked too, also where a run that is gone had it' : NO_SMALL_DISKS,
  () => {
    const disk = smallDisk();
    try {
      const file = path.join(disk.folder, 'state');
      const { pid } = spawnSync(process.execPath, ['-e', '']);
      writeFileSync(`${file}.lock`, JSON.stringify({ ...ownHolder(), pid }));
      disk.fill();
      const unlock = lock(file);
      expect(() => lock(file)).toThrow('in use by');
      unlock();
    } finally {
      disk.remove();
    }
  },
);
