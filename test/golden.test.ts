/**
 * Every fixture runs end to end, and its whole audit is what was written down. `npm run test:update` writes it
 * down anew; read the diff before you believe it. Whether the figures are true is for truth.test.ts to say.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { comparable, scanInputs } from './support/scanning.ts';
import { FIXTURES } from './support/truth.ts';

const captures = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.pcap(ng)?(\.gz)?$/.test(file))
  .sort();

describe('the audit of', () => {
  for (const file of captures) {
    it(`${file} is the one that was written down`, async () => {
      const capture = path.join(FIXTURES, file);
      const expectedFile = capture.replace(/\.pcap(ng)?(\.gz)?$/, '.expected.json');
      const found = JSON.parse(JSON.stringify(comparable(await scanInputs([capture]))));
      if (process.env.MINESWEEP_UPDATE_GOLDEN === '1') {
        writeFileSync(expectedFile, `${JSON.stringify(found, null, 2)}\n`);
      }
      expect(existsSync(expectedFile), `${expectedFile} is missing: npm run test:update writes it`).toBe(
        true,
      );
      expect(found).toEqual(JSON.parse(readFileSync(expectedFile, 'utf8')));
    });
  }
});
