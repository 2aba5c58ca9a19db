/** A pipe or a device in place of a file that is written: it stays what it is, and nothing waits for it. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openTarget } from '../../src/alerts/target.ts';
import { main } from '../../src/cli.ts';
import { extractHost } from '../../src/extract.ts';
import { writeReportFiles } from '../../src/report/files.ts';
import { renderJson } from '../../src/report/json.ts';
import { writePacks } from '../../src/report/packs.ts';
import { writeWhole } from '../../src/whole-file.ts';
import { capture } from '../cli/streams.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const pipe = path.join(folder, 'pipe');
execFileSync('mkfifo', [pipe]);
const REFUSED = { code: 'OUTPUT_FAILED', where: pipe };
const audit = await scanInputs([path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-many-shares.pcap')]);
const [host] = audit.hosts;

it('no file takes its place', async () => {
  await expect(writeWhole(pipe, 'text')).rejects.toMatchObject(REFUSED);
  await expect(extractHost(audit, host?.ip ?? '', pipe)).rejects.toMatchObject(REFUSED);
  const page = { width: 80, color: false, zone: 'UTC', language: 'en' } as const;
  const files = [{ name: 'pipe', load: () => renderJson }];
  await expect(writeReportFiles(audit, folder, page, 0o600, files)).rejects.toThrow(/a pipe or a device/);
  expect(statSync(pipe).isFIFO()).toBe(true);
});

it('names are not asked for before that is known', async () => {
  const to = capture();
  expect(await main(['pools', 'resolve', '--out', pipe], {}, to.streams)).toBe(1);
  expect(to.err()).toBe(`minesweep: ${pipe}: cannot be written: it is a pipe or a device, not a file\n`);
});

it('a watch does not put it aside as a state of another layout', async () => {
  const to = capture();
  expect(
    await main(['watch', folder, '--out', path.join(folder, 'out'), '--state', pipe], {}, to.streams),
  ).toBe(1);
  expect(to.err()).toContain('it is a pipe or a device, not a file');
  expect(statSync(pipe).isFIFO()).toBe(true);
});

it('packs need a folder', async () => {
  const page = { width: 80, color: false, zone: 'UTC', language: 'en' } as const;
  await expect(writePacks(audit, pipe, page, 0o600)).rejects.toMatchObject(REFUSED);
});

it('alerts go to a pipe that somebody reads, and wait for nobody', async () => {
  expect(() => openTarget(pipe, process.stdout)).toThrow(/alerts cannot be written there/);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const target = openTarget(pipe, process.stdout);
  await target.send('{"a":1}', '');
  const line = Buffer.alloc(64);
  expect(line.toString('utf8', 0, readSync(reader, line))).toBe('{"a":1}\n');
  // Nothing more is taken out: at some time it is full.
  const fill = async (): Promise<void> => {
    for (let count = 0; count < 100; count++) await target.send('x'.repeat(4000), '');
  };
  await expect(fill()).rejects.toThrow(/EAGAIN/);
  await target.close();
  closeSync(reader);
});
