/** What a watch tells of itself, and what a monitoring program makes of it. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { Health, verdictOf } from '../../src/watch/health.ts';
import { watch } from '../../src/watch/watch.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { BIN } from '../support/dist.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CAPTURE = readFileSync(path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-plain-vardiff.pcap'));

it('the health of a watch is right while it is idle, behind, blind and over', async () => {
  const folder = temporaryFolder('watched');
  const file = path.join(temporaryFolder('health'), 'health.prom');
  const log: string[] = [];
  const tell = (level: string, message: string): void => void log.push(`${level} ${message}`);
  const health = new Health(file, 600_000, tell);
  const stopping = new AbortController();
  const audits: Audit[] = [];
  const settle = async (): Promise<string> => {
    await health.write();
    return readFileSync(file, 'utf8');
  };
  health.begin();
  const ended = watch(
    {
      ...{ inputs: [folder], local: [], poolFiles: [], allowFile: null, hash: false, inputFormat: null },
      ...{ stateFile: null, period: 'day', everyUs: 0, quietUs: 50_000, signal: stopping.signal, health },
      log: tell,
      onAudit: async (audit) => {
        audits.push(audit);
        health.audited();
      },
    },
    { wanted: false },
  );
  writeFileSync(path.join(folder, 'a.pcap'), CAPTURE);
  while (audits.length === 0) await sleep(20);
  const busy = await settle();
  expect(busy).toMatch(/^minesweep_watch_up 1$/m);
  expect(busy).toMatch(/^minesweep_watch_files_waiting 0$/m);
  const last = Number(/^minesweep_watch_last_packet_timestamp_seconds ([\d.]+)$/m.exec(busy)?.[1]);
  expect(last).toBeCloseTo(Date.parse(audits[0].window.end ?? '') / 1000, 0);
  expect((await verdictOf(file)).line).toMatch(/^OK: /);
  expect(log).toContain(`info ${path.join(folder, 'a.pcap')}: read, and read on as it grows`);
  // Nothing comes for longer than it should.
  while (!log.some((line) => line.includes('no input came'))) await sleep(20);
  expect((await settle()) && (await verdictOf(file))).toMatchObject({ isWell: false });
  expect((await verdictOf(file)).line).toContain('no input for longer than --expect');
  // The mount goes away: the audit is not complete, and says what was not there.
  rmSync(folder, { recursive: true });
  while (audits.at(-1)?.coverage.complete !== false) await sleep(20);
  expect(audits.at(-1)?.notes.map(({ code }) => code)).toContain('watch-silent');
  expect(audits.at(-1)?.inputs).toContainEqual(expect.objectContaining({ path: folder, kind: 'unreadable' }));
  await settle();
  expect((await verdictOf(file)).line).toContain('1 watched folders are missing');
  stopping.abort();
  await ended;
  await health.end();
  expect((await verdictOf(file)).line).toContain('the watch has ended');
});

it('a file that nothing writes any more, and one that is no health, are told', async () => {
  const file = path.join(temporaryFolder('health'), 'health.prom');
  const complaints: string[] = [];
  const health = new Health(file, null, (_, message) => complaints.push(message));
  // Two at once, as at the end of a watch that has just begun.
  await Promise.all([health.write(), health.write()]);
  expect(complaints).toEqual([]);
  expect((await verdictOf(file, Date.now() + 100_000)).isWell).toBe(true);
  expect((await verdictOf(file, Date.now() + 200_000)).line).toContain(
    'CRITICAL: not written for 3 min 20 s',
  );
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [BIN, 'health', ...args], { encoding: 'utf8' });
  expect(run(file)).toMatchObject({ status: 0, stderr: '' });
  writeFileSync(file, 'other_metric 1\n');
  expect(run(file).status).toBe(1);
  expect(run(path.join(file, 'absent')).status).toBe(1);
});
