/** What of the inputs is no capture and no log, what holds nothing of the times asked for, and names alone. */

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAIL_ON_NOTHING } from '../../src/commands/option-values.ts';
import { outcomeOf } from '../../src/commands/outcome.ts';
import { coverageText, headline } from '../../src/report/summary.ts';
import { catalogueOf } from '../../src/statements/catalogue.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratoryCapture } from '../support/truth.ts';

const en = catalogueOf('en');

const root = temporaryFolder();
const { capture } = laboratoryCapture('neg-electrum');
let folders = 0;

function folderOf(files: Readonly<Record<string, string>>, withCapture = true): string {
  const folder = path.join(root, `${folders++}`);
  mkdirSync(folder);
  if (withCapture) copyFileSync(capture, path.join(folder, 'night.pcap'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

describe('a folder', () => {
  it('may hold files that are no captures: they are skipped and counted', async () => {
    const folder = folderOf({ 'README.md': '# Nightly captures\n', 'settings.json': '{"a":1}\n' });
    const audit = await scanInputs([folder]);
    expect(audit.inputs.map(({ path: input }) => path.basename(input))).toEqual(['night.pcap']);
    expect(outcomeOf(audit, FAIL_ON_NOTHING, false)).toBe('done');
    expect(audit.notes.map(({ text }) => text)).toEqual([
      `2 files in folders skipped, neither captures nor logs: ${path.join(folder, 'README.md')}, ${path.join(folder, 'settings.json')}`,
    ]);
  });

  it.each([
    { name: 'a capture of another program', text: 'snoop\0\0\0\0\0\0\u0002' },
    { name: 'a log of a firewall', text: '<166>fw %ASA-6-302014: Teardown TCP connection 1\n' },
    { name: 'packed by xz', text: '\u00fd7zXZ\0' },
    { name: 'empty', text: '' },
  ])('has damage where a file is $name', async ({ text }) => {
    const folder = folderOf({});
    writeFileSync(path.join(folder, 'other'), Buffer.from(text, 'latin1'));
    const audit = await scanInputs([folder]);
    expect(audit.inputs.length).toBe(2);
    expect(outcomeOf(audit, FAIL_ON_NOTHING, false)).toBe('damaged');
  });

  it('is left as a whole by a run that ends while its files are put in order', async () => {
    const folder = folderOf({});
    for (const name of ['a.pcap', 'b.pcap']) copyFileSync(capture, path.join(folder, name));
    const { partial, unread } = await scanInputs([folder], { signal: AbortSignal.abort() });
    expect([partial, unread]).toEqual([true, 3]);
  });

  it('says which pipes were not read', async () => {
    const folder = folderOf({});
    execFileSync('mkfifo', [path.join(folder, 'live')]);
    const { notes } = await scanInputs([folder]);
    expect(notes.map(({ text }) => text)).toEqual([
      `1 pipe, socket or device in folders skipped: ${path.join(folder, 'live')}; name them to read them`,
    ]);
  });
});

it('a file that is named and is no capture is damage', async () => {
  const folder = folderOf({ 'README.md': '# Nightly captures\n' });
  const audit = await scanInputs([path.join(folder, 'README.md'), capture]);
  expect(audit.inputs.map(({ kind }) => kind)).toEqual(['pcap', 'unreadable']);
  expect(outcomeOf(audit, FAIL_ON_NOTHING, false)).toBe('damaged');
});

it('a window without any record is neither an alarm nor an all-clear', async () => {
  const outside = await scanInputs([capture], { sinceUs: Date.UTC(2050) * 1000 });
  expect([
    outcomeOf(outside, { ...FAIL_ON_NOTHING, verdict: 'listed' }, false),
    outcomeOf(outside, FAIL_ON_NOTHING, true),
  ]).toEqual(['damaged', 'failed']);
  const nothing = await scanInputs([folderOf({ 'README.md': 'x\n' }, false)]);
  expect(outcomeOf(nothing, FAIL_ON_NOTHING, false)).toBe('damaged');
  expect(outcomeOf(await scanInputs([capture]), FAIL_ON_NOTHING, false)).toBe('done');
});

it('names alone are names, no traffic of which nothing was decoded', async () => {
  const log = folderOf(
    { 'dns.log': 'Nov 14 22:13:20 dnsmasq[1]: query[A] example.org from 192.0.2.11\n' },
    false,
  );
  const audit = await scanInputs([path.join(log, 'dns.log')]);
  expect(audit.inputs.map(({ names, flows }) => [names, flows])).toEqual([[1, 0]]);
  expect(audit.window.start).not.toBeNull();
  expect(coverageText(audit, en)).toBe('INCOMPLETE: 1 name read, no packet and no flow');
  expect(headline(audit, en)).toContain('No pool among 1 name');
  expect(audit.coverage.complete).toBe(false);
});
