/** Shares over time, in so many windows at most. */
import { describe, expect, it } from 'vitest';
import { Series } from '../../src/sessions/series.ts';

describe('the windows of a series', () => {
  for (const [name, difficulty] of [
    ['whose difficulty is known', { scale: 'hashes', value: 5000 }],
    ['without a price', null],
  ] as const) {
    it(`are as many as are kept at most, with shares ${name}`, () => {
      const series = new Series();
      for (let minute = 0; minute < 5000; minute++) series.add(1.7e15 + minute * 60e6, difficulty, 1);
      const rows = series.rows();
      expect(rows.length).toBeLessThanOrEqual(1440);
      expect(series.seconds).toBe(240);
      expect(rows.reduce((sum, [, shares = 0]) => sum + shares, 0)).toBe(5000);
    });
  }
});
