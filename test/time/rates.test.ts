/** Rates of simulated miners whose truth is known, with fixed seeds; rates.slow.test.ts has as many as the pages show. */
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { measure, ROWS } from './rows.ts';

const MINERS = 40;

describe('rates of simulated miners', () => {
  const folder = temporaryFolder();

  it.each(ROWS)('are right: $name', async (row) => {
    const { rated, bias, coverage } = await measure(folder, row, { runs: 1, miners: MINERS, seed: 4801 });
    expect(rated / MINERS).toBeGreaterThanOrEqual((row.rated ?? 100) / 100 - 0.1);
    // Few miners: where shares are few the luck of those that the estimate leaves out remains.
    const most = row.isMet === true ? 20 : row.most + 1;
    expect(Math.abs(100 * bias)).toBeLessThan(most);
    expect(coverage).toBeGreaterThanOrEqual(0.85);
  });
});
