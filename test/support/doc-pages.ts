import { readdirSync } from 'node:fs';
import path from 'node:path';
import { REPO_ROOT } from './corpus.ts';

/** Pages of the documentation, as paths below the repository. */
export const DOC_PAGES: readonly string[] = readdirSync(path.join(REPO_ROOT, 'docs'), {
  recursive: true,
  encoding: 'utf8',
})
  .filter((name) => name.endsWith('.md'))
  .sort()
  .map((name) => `docs/${name.split(path.sep).join('/')}`);
