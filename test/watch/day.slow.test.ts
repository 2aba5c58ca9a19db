/**
 * A day as a service lives it: files rotate into a watched folder, the program is killed again and again, midnight passes.
 * Its audits are those of one scan over all files, and each host is told of once.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { writePcap } from '../support/capture-writer.ts';
import { flowsFolder, REPO_ROOT } from '../support/corpus.ts';
import { BIN } from '../support/dist.ts';
import { random } from '../support/random.ts';
import { essence, scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** 22:22:30 of the captures, at which many sessions are under way, becomes midnight. */
const SHIFT_US = (Date.UTC(2026, 10, 25) - Date.UTC(2026, 10, 24, 22, 22, 30)) * 1000;
const PARTS = 5;
const KILLS = 20;

interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly firstUs: number;
}

/** Every capture of the laboratory that ships, in parts, by time. */
function dayOfFiles(): DroppedFile[] {
  const fixtures = path.join(REPO_ROOT, 'fixtures');
  const captures = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name))
    .map((name) => path.join(fixtures, name));
  return captures
    .flatMap((file) => {
      const packets = readCapture(file).map((packet) => ({
        ...packet,
        timeUs: Math.floor(packet.timeUs) + SHIFT_US,
      }));
      const edges = Array.from({ length: PARTS + 1 }, (_, i) => Math.floor((i * packets.length) / PARTS));
      return edges.slice(0, -1).map((from, i) => dropped(file, i, packets.slice(from, edges[i + 1])));
    })
    .concat(flowFiles())
    .sort((a, b) => a.firstUs - b.firstUs);
}

/** Flow records of the evening, if they are beside the checkout. */
function flowFiles(): DroppedFile[] {
  const folder = flowsFolder();
  if (folder === null) return [];
  return ['office-a-v5.nfcapd', 'office-a-ipfix.json'].map((name) => ({
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

function newPlace(): Place {
  const folder = temporaryFolder('day');
  const watched = path.join(folder, 'captures');
  mkdirSync(watched);
  return {
    watched,
    out: path.join(folder, 'audits'),
    state: path.join(folder, 'state'),
    alerts: path.join(folder, 'alerts.json'),
  };
}

function start(place: Place): ChildProcess {
  return spawn(
    process.execPath,
    [
      ...[BIN, 'watch', place.watched, '--out', place.out, '--state', place.state],
      ...['--alerts', `eve:${place.alerts}`, '--alert-from', 'suspected', '--quiet-time', '2s'],
      ...['--every', '2s', '--quiet'],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], cwd: path.dirname(place.out) },
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

/** Until the audits stay as they are. */
async function settled(place: Place): Promise<void> {
  let before = '';
  for (let i = 0; i < 60; i++) {
    await sleep(5000);
    const now = stateOfInputs(place);
    if (now === before && now !== '') return;
    before = now;
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
  readonly ids: readonly string[];
  readonly appeared: readonly string[];
}

function told(place: Place): Told {
  const lines = readFileSync(place.alerts, 'utf8').trim().split('\n');
  const events = lines.map((line) => JSON.parse(line));
  const tag = (event: { alert: { metadata: { tag: string[] } } }, name: string): string =>
    event.alert.metadata.tag.find((text) => text.startsWith(`${name}:`)) ?? '';
  return {
    ids: events.map((event) => tag(event, 'id')),
    appeared: events.filter((event) => / appeared: /.test(event.alert.signature)).map(({ src_ip }) => src_ip),
  };
}

const MIDNIGHT_US = Date.UTC(2026, 10, 25) * 1000;
const DAY_US = 86_400e6;

describe('a watch', () => {
  it.each(['in order of time', 'out of order'])(
    'lives through kills, with files %s',
    async (order) => {
      const place = newPlace();
      const files = dayOfFiles();
      const draw = random(order.length);
      if (order === 'out of order') {
        for (let i = 0; i + 1 < files.length; i += 2) [files[i], files[i + 1]] = [files[i + 1], files[i]];
      }
      let child = start(place);
      const killAt = new Set(
        Array.from({ length: KILLS }, (_, i) => Math.floor(((i + draw.next()) * files.length) / KILLS)),
      );
      for (const [i, file] of files.entries()) {
        drop(place, file);
        // Two that come in the wrong order come within the moment for which a file waits.
        if (order === 'out of order' && i % 2 === 0) continue;
        await sleep(100 + 500 * draw.next());
        if (!killAt.has(i)) continue;
        await ended(child, 'SIGKILL');
        child = start(place);
        await sleep(1000 * draw.next());
      }
      await settled(place);
      expect(await ended(child, 'SIGTERM')).toBe(0);

      const inputs = files.map(({ name }) => path.join(place.watched, name));
      const first = await scanInputs(inputs, { sinceUs: MIDNIGHT_US - DAY_US, untilUs: MIDNIGHT_US });
      const second = await scanInputs(inputs, { sinceUs: MIDNIGHT_US, untilUs: MIDNIGHT_US + DAY_US });
      expect(essence(auditIn(path.join(place.out, '2026-11-24')))).toEqual(essence(first));
      expect(essence(auditIn(place.out))).toEqual(essence(second));

      const { ids, appeared } = told(place);
      expect(new Set(ids).size).toBe(ids.length);
      expect(new Set(appeared).size).toBe(appeared.length);
      const hosts = [...first.hosts, ...second.hosts].filter(({ verdict }) =>
        ['confirmed', 'probable', 'suspected'].includes(verdict),
      );
      expect(new Set(appeared)).toEqual(new Set(hosts.map(({ ip }) => ip)));
    },
    600_000,
  );
});
