/**
 * The program as it is shipped: compiled into dist/, for tests that start it as a process. The compiler writes what
 * it can even where a type does not fit, which the type check of the project reports on its own.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { REPO_ROOT } from './corpus.ts';

export const BIN = path.join(REPO_ROOT, 'bin', 'minesweep.js');

/** Compiles the sources, once before all tests. */
export async function setup(): Promise<void> {
  await new Promise<void>((resolve) => {
    const compiler = path.join(REPO_ROOT, 'node_modules', '.bin', 'tsc');
    execFile(compiler, ['-p', 'tsconfig.build.json'], { cwd: REPO_ROOT }, () => resolve());
  });
}
