/**
 * Where the captures lie that tests read in place: recorded by others (`real/`, `benign/`), not ours to ship.
 * MINESWEEP_CORPUS names the folder; by default it is looked for beside the checkout.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPO_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of captures, or null where it is absent: tests then skip with that word. */
export function corpusFolder(): string | null {
  const folder = process.env.MINESWEEP_CORPUS ?? path.join(REPO_ROOT, '..', 'shared', 'captures');
  return existsSync(folder) ? folder : null;
}

/** The folder of flow exports beside it, or null. */
export function flowsFolder(): string | null {
  const captures = corpusFolder();
  const folder = captures === null ? null : path.join(captures, '..', 'flows');
  return folder !== null && existsSync(folder) ? folder : null;
}

export const CORPUS_ABSENT = 'captures recorded by others are not beside this checkout';
