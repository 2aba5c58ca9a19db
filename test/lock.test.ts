import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { lock } from '../src/lock.ts';
import { HAS_SMALL_DISKS, NO_SMALL_DISKS, smallDisk } from './support/small-disk.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const started = '2026-11-29T08:00:00.000Z';

it('A lock says who holds it, is of one run, and leaves nothing behind', () => {
  const folder = temporaryFolder('lock');
  const file = path.join(folder, 'state');
  const unlock = lock(file);
  const [pid, host, time] = readlinkSync(`${file}.lock`).split(' ');
  expect([Number(pid), host]).toEqual([process.pid, hostname()]);
  expect(Math.abs(Date.now() - Date.parse(time))).toBeLessThan(60_000);
  expect(() => lock(file)).toThrow(`in use by process ${process.pid} on ${hostname()}, since `);
  unlock();
  lock(file)();
  expect(readdirSync(folder)).toEqual([]);
});

it('A lock is taken over if its process is gone, and not if it lives or is of another host', () => {
  const file = path.join(temporaryFolder('lock'), 'state');
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const holds = (pid: number | string, host: string): void => {
    rmSync(`${file}.lock`, { force: true });
    symlinkSync(`${pid} ${host} ${started}`, `${file}.lock`);
  };
  holds(pid, hostname());
  lock(file)();
  // Numbers of processes come again: this process knows its own locks.
  holds(process.pid, hostname());
  lock(file)();
  const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  holds(other.pid ?? 0, hostname());
  expect(() => lock(file)).toThrow(`in use by process ${other.pid} on`);
  other.kill();
  holds(1, 'elsewhere');
  expect(() => lock(file)).toThrow('in use by process 1 on elsewhere, since 2026-11-29');
  holds('x', 'elsewhere');
  expect(() => lock(file)).toThrow('in use by another run');
  expect(readlinkSync(`${file}.lock`)).toBe(`x elsewhere ${started}`);
  rmSync(`${file}.lock`);
  writeFileSync(`${file}.lock`, 'not a lock');
  expect(() => lock(file)).toThrow('in use by another run');
});

it.skipIf(!HAS_SMALL_DISKS)(
  HAS_SMALL_DISKS ? 'A full disk is locked too, also where a run that is gone had it' : NO_SMALL_DISKS,
  () => {
    const disk = smallDisk();
    try {
      const file = path.join(disk.folder, 'state');
      const { pid } = spawnSync(process.execPath, ['-e', '']);
      symlinkSync(`${pid} ${hostname()} ${started}`, `${file}.lock`);
      disk.fill();
      const unlock = lock(file);
      expect(() => lock(file)).toThrow('in use by');
      unlock();
    } finally {
      disk.remove();
    }
  },
);
