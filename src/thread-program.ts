/** Where the programs of threads and the kernel lie, as the build leaves them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `reading` parses flow logs, `counting` reads nonces. */
export type ThreadProgram = 'reading' | 'counting';

/** Whether there are threads, and how many with the main one. What is read is the same. */
export interface ThreadUse {
  /** Where it pays, wherever it can be, or nowhere. */
  readonly threads: 'auto' | 'always' | 'never';
  readonly jobs: number;
}

export const NO_THREADS: ThreadUse = { threads: 'never', jobs: 1 };

/** Beside the bundle that this is part of; for sources the one that was built last. Null where nothing is built. */
export function builtFile(ending: string): string | null {
  const here = fileURLToPath(import.meta.url);
  // The bundle, or the program of a thread: <name>.cjs, <name>.<thread>.cjs.
  if (here.endsWith('.cjs')) return here.replace(/(\.[a-z]+)?\.cjs$/, `.${ending}`);
  try {
    const built = new URL('../dist/', import.meta.url);
    const { name }: { name: string } = JSON.parse(readFileSync(new URL('bundle.json', built), 'utf8'));
    return fileURLToPath(new URL(`${name}.${ending}`, built));
  } catch {
    return null;
  }
}

export function threadProgram(program: ThreadProgram): string | null {
  return builtFile(`${program}.cjs`);
}
