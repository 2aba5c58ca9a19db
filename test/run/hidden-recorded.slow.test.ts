/** Miners recorded by others, in captures of headers alone. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CORPUS_ABSENT, corpusFolder } from '../support/corpus.ts';
import { absentPrograms } from '../support/flow-exporting.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('hidden');
/** Ethernet, IPv4 and TCP without options. */
const SNAP_LENGTH = 54;

describe('a capture of headers alone', () => {
  const corpus = corpusFolder();
  const lacking = absentPrograms('editcap');
  it.skipIf(corpus === null || lacking !== '')(
    `shows recorded miners and nobody else (${CORPUS_ABSENT} where skipped)${lacking}`,
    async () => {
      const short = (file: string): string => {
        const target = path.join(folder, `cut-${path.basename(file)}`);
        execFileSync('editcap', ['-s', String(SNAP_LENGTH), file, target], { stdio: 'ignore' });
        return target;
      };
      const verdictsOf = async (file: string): Promise<string> =>
        (await scanInputs([short(file)])).hosts.map(({ verdict }) => verdict).join();
      const [real, benign] = ['real', 'benign'].map((name) => path.join(corpus ?? '', name));
      for (const file of readdirSync(real ?? '').filter((name) => /^cj-.*\.pcap$/.test(name)))
        expect({ file, verdict: await verdictsOf(path.join(real ?? '', file)) }).toEqual({
          file,
          verdict: 'suspected',
        });
      for (const file of readdirSync(benign ?? ''))
        expect({ file, verdict: await verdictsOf(path.join(benign ?? '', file)) }).not.toMatchObject({
          verdict: expect.stringMatching(/suspected|probable|confirmed/),
        });
    },
  );
});
