/** Where the program of the reading thread lies, as the build leaves it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Beside the bundle that this is part of, by its name; for sources the one that was built last; null where none is. */
export function threadProgram(): string | null {
  const here = fileURLToPath(import.meta.url);
  if (here.endsWith('.cjs')) return here.replace(/\.cjs$/, '.reading.cjs');
  try {
    const built = new URL('../../../dist/', import.meta.url);
    const { name }: { name: string } = JSON.parse(readFileSync(new URL('bundle.json', built), 'utf8'));
    return fileURLToPath(new URL(`${name}.reading.cjs`, built));
  } catch {
    return null;
  }
}
