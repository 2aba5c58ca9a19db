/** The program as it is shipped, in dist/, for tests that start it as a process. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { REPO_ROOT } from './corpus.ts';

export const BIN = path.join(REPO_ROOT, 'bin', 'minesweep.js');

/** Builds the program, once before all tests. */
export async function setup(): Promise<void> {
  try {
    await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: REPO_ROOT });
  } catch (error) {
    // The tests that start the program fail on their own; the others need no build.
    console.error('the program could not be built:', error);
  }
}
