/** Where the programs of threads lie, as the build leaves them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `reading` parses flow logs, `decoding` decodes captures, `counting` reads nonces. */
export type ThreadProgram = 'reading' | 'decoding' | 'counting';

/** Whether there are threads: where it pays, where it can be, or not at all. What is read is the same. */
export type ThreadUse = 'auto' | 'always' | 'never';

/** Beside the bundle that this is part of, by its name; for sources the one that was built last; null where none is. */
export function threadProgram(program: ThreadProgram): string | null {
  const here = fileURLToPath(import.meta.url);
  if (here.endsWith('.cjs')) return here.replace(/\.cjs$/, `.${program}.cjs`);
  try {
    const built = new URL('../dist/', import.meta.url);
    const { name }: { name: string } = JSON.parse(readFileSync(new URL('bundle.json', built), 'utf8'));
    return fileURLToPath(new URL(`${name}.${program}.cjs`, built));
  } catch {
    return null;
  }
}
