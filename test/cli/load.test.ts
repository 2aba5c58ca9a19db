/** The program as it is installed: it starts wherever it lies, and says so if it never comes to an end. */
import { execFile } from 'node:child_process';
import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const folder = temporaryFolder();
const CAPTURE = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-plain-vardiff.pcap');

/** First line of a scan's page, for which the program loads modules late. */
async function scanned(): Promise<string> {
  const args = [path.join(folder, 'bin/minesweep.js'), 'scan', CAPTURE, '--format', 'html', '--quiet'];
  const { stdout, stderr } = await run(process.execPath, args, { maxBuffer: 1 << 24 });
  return stderr + stdout.slice(0, 15);
}

beforeAll(() => {
  for (const part of ['bin', 'dist', 'package.json']) {
    cpSync(path.join(REPO_ROOT, part), path.join(folder, part), { recursive: true });
  }
  symlinkSync(path.join(REPO_ROOT, 'node_modules'), path.join(folder, 'node_modules'));
});

describe('the program', () => {
  it('starts, with and without what an earlier run left for it', async () => {
    expect(await scanned()).toBe('<!doctype html>');
    expect(await scanned()).toBe('<!doctype html>');
  });

  it('ends with 1 if it never comes to an end', async () => {
    writeFileSync(path.join(folder, 'dist/minesweep.js'), 'export const main = () => new Promise(() => {});');
    await expect(scanned()).rejects.toMatchObject({ code: 1 });
  });
});
