/**
 * Around a run of the tests: all of it has one temporary folder (os.tmpdir()), also the programs that it starts. The run
 * fails if anything is left in there at the end: each test removes what it made.
 */
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

const outer = process.env.TMPDIR;
let folder: string | null = null;

/** Called once for each project; the first call makes the folder. */
export function setup(): void {
  if (path.basename(tmpdir()).startsWith('minesweep-tests-')) return;
  folder = mkdtempSync(path.join(tmpdir(), 'minesweep-tests-'));
  // Some tests run the program as another user, who must reach his files in here.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
}

export function teardown(): void {
  if (folder === null) return;
  if (outer === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = outer;
  const left = readdirSync(folder).sort();
  rmSync(folder, { recursive: true, force: true });
  if (left.length === 0) return;
  console.error(`tests left in the temporary folder: ${left.join(', ')}`);
  process.exitCode = 1;
}
