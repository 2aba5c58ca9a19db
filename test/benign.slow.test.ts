/** Captures of others without mining, read in place: no host is more than listed, and most are silent. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CORPUS_ABSENT, corpusFolder } from './support/corpus.ts';
import { scanInputs } from './support/scanning.ts';

const corpus = corpusFolder();
const folder = corpus === null ? null : path.join(corpus, 'benign');

describe.skipIf(folder === null)(`ordinary traffic${folder === null ? ` (${CORPUS_ABSENT})` : ''}`, () => {
  for (const file of folder === null ? [] : readdirSync(folder)) {
    it(`of ${file} accuses nobody`, async () => {
      const audit = await scanInputs([path.join(folder ?? '', file)]);
      expect(audit.hosts.filter((host) => host.verdict !== 'listed')).toEqual([]);
    });
  }
});
