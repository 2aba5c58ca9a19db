/** The same of a thousand miners a scene, and the table of docs/reference/hashrate.md, which MINESWEEP_UPDATE_GOLDEN=1 writes anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { measure, ROWS } from './rows.ts';

const PAGE = path.join(REPO_ROOT, 'docs', 'reference', 'hashrate.md');
const TABLE = /(<!-- rates of simulated miners -->\n).*?(<!-- end of rates -->)/s;

describe('rates of a thousand simulated miners', () => {
  const folder = temporaryFolder();
  const lines: string[] = [];

  it.each(ROWS)(
    'have no bias, and intervals that hold the truth: $name',
    async (row) => {
      const { miners, rated, bias, coverage } = await measure(folder, row, { runs: 20, miners: 50, seed: 7 });
      const percent = (part: number): string => (Math.round(1000 * part) / 10 + 0).toFixed(1);
      lines.push(`| ${row.name} | ${percent(bias)} % | ${percent(coverage)} % | ${rated} of ${miners} |`);
      expect(Math.abs(100 * bias)).toBeLessThan(row.most);
      expect(coverage).toBeGreaterThanOrEqual(0.94);
      expect(rated / miners).toBeGreaterThanOrEqual((row.rated ?? 100) / 100 - 0.02);
    },
    300_000,
  );

  it('are the table of docs/reference/hashrate.md', ({ skip }) => {
    skip(lines.length < ROWS.length, 'some rows were not run');
    const head =
      '| capture | bias | intervals that hold the truth | miners with a rate |\n| --- | ---: | ---: | ---: |';
    const page = readFileSync(PAGE, 'utf8');
    const renewed = page.replace(TABLE, `$1${[head, ...lines].join('\n')}\n$2`);
    if (process.env.MINESWEEP_UPDATE_GOLDEN === '1') writeFileSync(PAGE, renewed);
    else expect(page).toBe(renewed);
  });
});
