/** The bundle starts with the bytecode of the build, without it, and with bytecode that is not its own. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';

const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), 'minesweep-load-'));
const CAPTURE = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-plain-vardiff.pcap');
let bytecode = '';

/** First line of a scan's page, which needs a package that is imported late. */
async function scanned(...flags: string[]): Promise<string> {
  const args = [
    ...flags,
    path.join(folder, 'bin/minesweep.js'),
    'scan',
    CAPTURE,
    '--format',
    'html',
    '--quiet',
  ];
  const { stdout, stderr } = await run(process.execPath, args, { maxBuffer: 1 << 24 });
  return stderr + stdout.slice(0, 15);
}

beforeAll(() => {
  for (const part of ['bin', 'dist', 'package.json']) {
    cpSync(path.join(REPO_ROOT, part), path.join(folder, part), { recursive: true });
  }
  symlinkSync(path.join(REPO_ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  bytecode = path.join(folder, 'dist', readdirSync(path.join(folder, 'dist')).findLast(isBytecode) ?? 'none');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the program starts', () => {
  it('with the bytecode of the build', async () => {
    expect(isBytecode(bytecode)).toBe(true);
    expect(await scanned()).toBe('<!doctype html>');
  });

  it('where V8 refuses the bytecode, as it was made with other flags', async () => {
    expect(await scanned('--no-opt')).toBe('<!doctype html>');
  });

  it('where the bytecode is of something else', async () => {
    for (const name of readdirSync(path.join(folder, 'dist')).filter(isBytecode)) {
      writeFileSync(path.join(folder, 'dist', name), 'no bytecode at all');
    }
    expect(await scanned()).toBe('<!doctype html>');
  });

  it('where there is none', async () => {
    for (const name of readdirSync(path.join(folder, 'dist')).filter(isBytecode)) {
      rmSync(path.join(folder, 'dist', name));
    }
    expect(await scanned()).toBe('<!doctype html>');
  });

  it('and ends with 1 where it never comes to an end', async () => {
    writeFileSync(path.join(folder, 'dist/stuck.cjs'), 'exports.main = () => new Promise(() => {});');
    writeFileSync(path.join(folder, 'dist/bundle.json'), '{"name":"stuck"}');
    await expect(scanned()).rejects.toMatchObject({ code: 1 });
  });
});

function isBytecode(name: string): boolean {
  return name.endsWith('.bytecode');
}
