/** `npm run compare` over fixtures: what it counts is what the folders and the truth beside the captures say. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { REPO_ROOT } from './support/corpus.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const hasPython = spawnSync('python3', ['--version']).error === undefined;

it.skipIf(!hasPython)('compares tools over folders that it is given (skipped without python3)', () => {
  const words = [
    ...['--mining', 'fixtures/cryptonote', '--mining', 'fixtures/equihash'],
    ...['--clean', 'fixtures/look-alikes', '--folder', temporaryFolder()],
  ];
  const script = path.join(REPO_ROOT, 'test/bench/compare.js');
  const run = spawnSync(process.execPath, [script, ...words], { cwd: REPO_ROOT, encoding: 'utf8' });
  expect([run.status, run.stderr]).toEqual([0, expect.any(String)]);
  const rows = run.stdout
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const of = (tool: string) => rows.find((row) => row[1]?.startsWith(tool)) ?? [];
  // Six captures of miners, six of what looks like it.
  expect(of('minesweep').slice(3, 6)).toEqual(['6 of 6', '0', '0 of 6']);
  for (const tool of ['nDPI', 'Suricata']) {
    if (of(tool)[2] === 'not installed') continue;
    const [found, missed, accused] = of(tool)
      .slice(3, 6)
      .map((cell) => Number.parseInt(cell, 10));
    expect(found).toBeGreaterThan(0);
    expect([(found ?? 0) + (missed ?? 0), accused]).toEqual([6, expect.any(Number)]);
    expect(Number(of(tool)[6])).toBeGreaterThan(0);
  }
  expect(rows.length).toBe(6);
  expect(run.stdout).toContain('Missed: none. Accused: none.');
});
