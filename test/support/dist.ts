/** The program as it is shipped, in dist/, for tests that start it as a process. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { REPO_ROOT } from './corpus.ts';

export const BIN = path.join(REPO_ROOT, 'bin', 'minesweep.js');

/** What the program is built from. */
const SOURCES = ['src', 'data', 'bin', 'package.json', 'package-lock.json'];

/** True if the build is younger than everything it is made from. */
function isFresh(): boolean {
  const program = path.join(REPO_ROOT, 'dist/minesweep.cjs');
  if (!existsSync(program)) return false;
  const builtAt = statSync(program).mtimeMs;
  const files = SOURCES.flatMap((source) => {
    const full = path.join(REPO_ROOT, source);
    if (!statSync(full).isDirectory()) return [full];
    return readdirSync(full, { recursive: true, encoding: 'utf8' }).map((name) => path.join(full, name));
  });
  return files.every((file) => statSync(file).mtimeMs < builtAt);
}

/** Builds the program, once before all tests. */
export async function setup(): Promise<void> {
  if (isFresh()) return;
  try {
    await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: REPO_ROOT });
  } catch (error) {
    // The tests that start the program fail on their own; the others need no build.
    console.error('the program could not be built:', error);
  }
}
