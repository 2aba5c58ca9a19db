/**
 * A day as a service lives it: files rotate into a watched folder, the program is killed again and again, midnight passes.
 * Its audits are those of one scan over all files, and each host is told of once: in whatever order the files come, and on a
 * small disk that is full now and then.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { writePcap } from '../support/capture-writer.ts';
import { corpusFolder, flowsFolder, REPO_ROOT } from '../support/corpus.ts';
import { BIN } from '../support/dist.ts';
import { random } from '../support/random.ts';
import { essence, scanInputs } from '../support/scanning.ts';
import { HAS_SMALL_DISKS, NO_SMALL_DISKS, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** 22:22:30 of the captures, at which many sessions are under way, becomes midnight. */
const SHIFT_US = (Date.UTC(2026, 10, 25) - Date.UTC(2026, 10, 24, 22, 22, 30)) * 1000;
const MIDNIGHT_US = Date.UTC(2026, 10, 25) * 1000;
const DAY_US = 86_400e6;
const PARTS = 5;
const KILLS = 20;
/** So long lives the program from kill to kill on average that it begins to read, and is killed at any point of it. */
const LIFE_MS = 4500;

interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly firstUs: number;
}

const byTime = (a: DroppedFile, b: DroppedFile): number => a.firstUs - b.firstUs;

function capturesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

/** A capture in parts, moved by so much. */
function inParts(file: string, parts: number, shiftUs: (firstUs: number) => number): DroppedFile[] {
  const read = readCapture(file);
  const byUs = shiftUs(read[0].timeUs);
  const packets = read.map((packet) => ({ ...packet, timeUs: Math.floor(packet.timeUs + byUs) }));
  const edges = Array.from({ length: parts + 1 }, (_, i) => Math.floor((i * packets.length) / parts));
  return edges.slice(0, -1).map((from, i) => dropped(file, i, packets.slice(from, edges[i + 1])));
}

/** Every capture of the laboratory that ships, in parts. */
function laboratory(): DroppedFile[] {
  return capturesBelow(path.join(REPO_ROOT, 'fixtures')).flatMap((file) =>
    inParts(file, PARTS, () => SHIFT_US),
  );
}

/** Sessions of several years in one file: a clock so far ahead ends no period. */
const OF_YEARS = /four-sessions/;

/** What others have recorded of miners, each begun before midnight, if it is beside the checkout. */
function recorded(): DroppedFile[] {
  const folder = corpusFolder();
  if (folder === null) return [];
  const files = capturesBelow(path.join(folder, 'real')).filter((file) => !OF_YEARS.test(file));
  return files.flatMap((file, i) => inParts(file, 3, (firstUs) => MIDNIGHT_US - (1 + i) * 20e6 - firstUs));
}

/** Flow exports of the evening, by each version, collector and compression, if they are beside the checkout. */
function flowFiles(): DroppedFile[] {
  const folder = flowsFolder();
  if (folder === null) return [];
  return readdirSync(folder)
    .filter((name) => /^office-a-.*\.(nfcapd|csv|pcap)$/.test(name))
    .map((name) => ({
      name,
      bytes: readFileSync(path.join(folder, name)),
      firstUs: Date.UTC(2026, 10, 24, 22, 43, 40) * 1000,
    }));
}

function dropped(file: string, part: number, packets: readonly CapturedPacket[]): DroppedFile {
  const name = `${path.basename(file).split('.')[0]}-${part}.pcap`;
  return { name, bytes: writePcap(packets), firstUs: packets[0]?.timeUs ?? 0 };
}

interface Place {
  readonly watched: string;
  readonly out: string;
  readonly state: string;
  readonly alerts: string;
}

/** @param kept Where the state and the alerts lie. */
function newPlace(kept = temporaryFolder('day'), audits = kept): Place {
  return {
    watched: temporaryFolder('captures'),
    out: path.join(audits, 'audits'),
    state: path.join(kept, 'state'),
    alerts: path.join(kept, 'alerts.json'),
  };
}

function start(place: Place): ChildProcess {
  return spawn(
    process.execPath,
    [
      ...[BIN, 'watch', place.watched, '--out', place.out, '--state', place.state],
      ...['--alerts', `eve:${place.alerts}`, '--alert-from', 'suspected', '--quiet-time', '1s'],
      ...['--every', '2s', '--log-level', 'info'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], cwd: path.dirname(place.out) },
  );
}

async function ended(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return exit;
}

/** As tcpdump's -z or rsync do it: whole under its name at once. */
function drop(place: Place, { name, bytes }: DroppedFile): void {
  const part = path.join(place.watched, `${name}.part`);
  writeFileSync(part, bytes);
  renameSync(part, path.join(place.watched, name));
}

/** Until the files of the second day are in the audit, and all stays as it is. */
async function finalized(place: Place, files: readonly DroppedFile[]): Promise<void> {
  const names = files.filter(({ firstUs }) => firstUs >= MIDNIGHT_US).map(({ name }) => name);
  let before = '';
  for (let i = 0; i < 60; i++) {
    await sleep(5000);
    const now = stateOfInputs(place);
    const known = knownOf(place);
    if (now === before && names.every((name) => known.has(name))) return;
    before = now;
  }
}

function knownOf(place: Place): Set<string> {
  try {
    return new Set(auditIn(place.out).inputs.map((input) => path.basename(input.path)));
  } catch {
    return new Set();
  }
}

function stateOfInputs(place: Place): string {
  try {
    const [head] = readFileSync(place.state, 'latin1').split('\n', 1);
    return String(JSON.parse(head).inputs);
  } catch {
    return '';
  }
}

function auditIn(folder: string): Audit {
  return JSON.parse(readFileSync(path.join(folder, 'audit.json'), 'utf8'));
}

interface Told {
  readonly id: string;
  readonly ip: string;
  readonly kind: string;
}

function told(place: Place): Told[] {
  const lines = readFileSync(place.alerts, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const { alert, src_ip: ip } = JSON.parse(line);
    const id = alert.metadata.tag.find((text: string) => text.startsWith('id:')) ?? '';
    return { id, ip, kind: / (appeared|raised|ended): /.exec(alert.signature)?.[1] ?? '' };
  });
}

/** How a day goes beyond files in the order of time, each a moment after the one before. */
interface ExchangePattern {
  /** True if the file that follows comes with this one. */
  readonly isWithNext?: (i: number) => boolean;
  readonly afterDrop?: (i: number) => void;
}

/** Plays the day; what the watch has logged. */
async function live(
  place: Place,
  files: readonly DroppedFile[],
  course: ExchangePattern = {},
): Promise<string> {
  const draw = random(files.length);
  const killAt = new Set(
    Array.from({ length: KILLS }, (_, i) => Math.floor(((i + draw.next()) * files.length) / KILLS)),
  );
  const paceMs = (2 * LIFE_MS * KILLS) / files.length;
  let log = '';
  const begin = (): ChildProcess => {
    const child = start(place);
    child.stderr?.on('data', (bytes) => {
      log += bytes;
    });
    return child;
  };
  let child = begin();
  for (const [i, file] of files.entries()) {
    drop(place, file);
    course.afterDrop?.(i);
    if (course.isWithNext?.(i) === true) continue;
    await sleep(paceMs * draw.next());
    if (!killAt.has(i)) continue;
    expect(child.exitCode, log).toBeNull();
    await ended(child, 'SIGKILL');
    child = begin();
    await sleep(1000 * draw.next());
  }
  await finalized(place, files);
  expect(child.exitCode, log).toBeNull();
  expect(await ended(child, 'SIGTERM'), log).toBe(0);
  return log;
}

async function expectOneScan(place: Place, files: readonly DroppedFile[]): Promise<void> {
  const inputs = files.map(({ name }) => path.join(place.watched, name));
  const first = await scanInputs(inputs, { sinceUs: MIDNIGHT_US - DAY_US, untilUs: MIDNIGHT_US });
  const second = await scanInputs(inputs, { sinceUs: MIDNIGHT_US, untilUs: MIDNIGHT_US + DAY_US });
  expect(essence(auditIn(path.join(place.out, '2026-11-24')))).toEqual(essence(first));
  expect(essence(auditIn(place.out))).toEqual(essence(second));

  const events = told(place);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  // A host that was silent for long has ended, and appears again.
  const last = new Map<string, Told>();
  for (const event of events) {
    if (event.kind === 'appeared') expect(last.get(event.ip)?.kind ?? 'ended', event.ip).toBe('ended');
    last.set(event.ip, event);
  }
  const hosts = [...first.hosts, ...second.hosts].filter(
    ({ verdict, roles }) =>
      ['confirmed', 'probable', 'suspected'].includes(verdict) && !roles.includes('pool'),
  );
  expect(new Set(last.keys())).toEqual(new Set(hosts.map(({ ip }) => ip)));
}

const LATE_US = 240e6;
const BEHIND = 8;

/** Every eighth capture comes behind the next eight, or those of four minutes. */
function someLate(files: readonly DroppedFile[]): DroppedFile[] {
  const places = files.map(({ firstUs }, i) => {
    if (i % 8 !== 3) return i;
    const next = files.slice(i, i + 1 + BEHIND).filter((file) => file.firstUs < firstUs + LATE_US);
    return i + next.length - 0.5;
  });
  const order = files.map((_, i) => i).sort((a, b) => places[a] - places[b]);
  return order.map((i) => files[i]);
}

describe('a watch lives through kills', () => {
  it('with files in order of time', async () => {
    const [place, files] = [newPlace(), [...laboratory(), ...recorded(), ...flowFiles()].sort(byTime)];
    await live(place, files);
    await expectOneScan(place, files);
  }, 600_000);

  it('with files that wait for others before them', async () => {
    const [place, files] = [newPlace(), [...laboratory(), ...flowFiles()].sort(byTime)];
    for (let i = 0; i + 1 < files.length; i += 2) [files[i], files[i + 1]] = [files[i + 1], files[i]];
    await live(place, files, { isWithNext: (i) => i % 2 === 0 });
    await expectOneScan(place, files);
  }, 600_000);

  it('with captures that come behind later ones of their connections', async () => {
    const [place, files] = [newPlace(), someLate(laboratory().sort(byTime))];
    const log = await live(place, files);
    expect(log).toContain('files are read again');
    await expectOneScan(place, files);
  }, 600_000);

  it.skipIf(!HAS_SMALL_DISKS)(
    HAS_SMALL_DISKS ? 'on disks of a megabyte that are full now and then' : NO_SMALL_DISKS,
    async () => {
      const disk = smallDisk();
      // Both audits of the day, and the larger one once more while it is written.
      const audits = smallDisk(1200);
      try {
        const [place, files] = [newPlace(disk.folder, audits.folder), laboratory().sort(byTime)];
        const log = await live(place, files, {
          afterDrop: (i) => {
            if (i % 20 === 5) audits.fill();
            if (i % 20 === 10) disk.fill();
            if (i % 20 === 12) audits.free();
            if (i % 20 === 17) disk.free();
          },
        });
        expect(log).toMatch(/the state cannot be written: ENOSPC/);
        expect(log).toMatch(/cannot write the report files: ENOSPC/);
        await expectOneScan(place, files);
      } finally {
        disk.remove();
        audits.remove();
      }
    },
    600_000,
  );
});
