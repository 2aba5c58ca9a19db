/** What the fuzzer begins with: the fixtures of the repository, small ones first. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** A mutant of a larger file costs more than it finds. */
const LARGEST_BYTES = 100_000;
// Targets are bundled, so that the place of this file says nothing; the fuzzer runs in the root.
const FIXTURES = path.resolve('fixtures');

/** Fixtures of a theme (all if empty) whose names end so. */
export function samples(theme: string, ending: RegExp): readonly Uint8Array[] {
  const found = readdirSync(path.join(FIXTURES, theme), { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(FIXTURES, theme, name))
    .filter((name) => ending.test(name) && statSync(name).size <= LARGEST_BYTES)
    .sort();
  if (found.length === 0) throw new Error(`no fixtures in ${theme}`);
  return found.map((name) => readFileSync(name));
}
