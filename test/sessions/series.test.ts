/** Shares over time, in so many windows at most. */
import { describe, expect, it } from 'vitest';
import { Series } from '../../src/sessions/series.ts';

function seriesOf(seconds: number, rows: number[][]): Series {
  return new Series().fromFacts({ seconds, rows });
}

describe('the windows of a series', () => {
  for (const [name, difficulty] of [
    ['whose difficulty is known', { scale: 'hashes', value: 5000 }],
    ['without a price', null],
  ] as const) {
    it(`are as many as are kept at most, with shares ${name}`, () => {
      const series = new Series();
      for (let minute = 0; minute < 5000; minute++) series.add(1.7e15 + minute * 60e6, difficulty, 1);
      const rows = series.toFacts().rows;
      expect(rows.length).toBeLessThanOrEqual(1440);
      expect(series.seconds).toBe(240);
      expect(rows.reduce((sum, [, shares = 0]) => sum + shares, 0)).toBe(5000);
    });
  }
});

const MINUTE = 60e6;
const hashes = (value: number) => ({ scale: 'hashes', value }) as const;
const units = (value: number) => ({ scale: 'units', value }) as const;

/** Start in minutes, width in s, shares, hashes, units and shares without a price. */
function told(series: Series, fromMinute: number, toMinute: number): number[][] {
  return series
    .windows(fromMinute * MINUTE, toMinute * MINUTE)
    .map(({ startUs, seconds, bucket: { index: _, ...sums } }) => [
      startUs / MINUTE,
      seconds,
      ...Object.values(sums),
    ]);
}

describe('a series', () => {
  it('has every window of its time, and the shares and work of each', () => {
    const series = new Series();
    series.add(11.5 * MINUTE, hashes(5), 1);
    series.add(10 * MINUTE, units(2), 1);
    series.add(10.9 * MINUTE, units(3), 1);
    series.add(13 * MINUTE, null, 1);
    series.add(10.9 * MINUTE, units(2), -1);
    expect(told(series, 9.5, 13)).toEqual([
      [9, 60, 0, 0, 0, 0],
      [10, 60, 1, 0, 3, 0],
      [11, 60, 1, 5, 0, 0],
      [12, 60, 0, 0, 0, 0],
      [13, 60, 1, 0, 0, 0],
    ]);
    expect(series.toFacts().rows).toEqual([
      [11, 1, 5, 0, 0],
      [10, 1, 0, 3, 0],
      [13, 1, 0, 0, 0],
    ]);
  });

  it('of a long time has wider windows, as many as are kept at most', () => {
    const series = new Series();
    series.add(1 * MINUTE, hashes(5), 1);
    expect(told(series, 0, 1439)).toHaveLength(1440);
    expect(series.seconds).toBe(60);
    expect(told(series, 0, 1440)).toHaveLength(721);
    expect(told(series, 0, 3)).toEqual([
      [0, 120, 1, 5, 0, 0],
      [2, 120, 0, 0, 0, 0],
    ]);
  });

  it('prices what had no price once a difficulty is known', () => {
    const priced = (difficulty: ReturnType<typeof hashes | typeof units> | null): number[][] => {
      const series = new Series();
      for (let i = 0; i < 3; i++) series.add(i, null, 1, true);
      series.add(0, null, -1, true);
      series.add(0, hashes(7), 1);
      series.priceBare(difficulty);
      series.priceBare(hashes(1000));
      return series.toFacts().rows;
    };
    expect([priced(hashes(5)), priced(units(5)), priced(null)]).toEqual([
      [[0, 3, 17, 0, 0]],
      [[0, 3, 7, 10, 0]],
      [[0, 3, 7, 0, 0]],
    ]);
  });

  it('takes up another, in the wider windows of the two', () => {
    const rows = [
      [2, 1, 5, 6, 1],
      [3, 2, 7, 8, 0],
    ];
    const wide = seriesOf(120, [[1, 4, 1, 2, 3]]);
    const narrow = seriesOf(60, rows);
    narrow.absorb(seriesOf(120, [[1, 4, 1, 2, 3]]));
    wide.absorb(seriesOf(60, rows));
    expect([narrow.seconds, narrow.toFacts().rows, wide.seconds, wide.toFacts().rows]).toEqual([
      120,
      [[1, 7, 13, 16, 4]],
      120,
      [[1, 7, 13, 16, 4]],
    ]);
    const many = seriesOf(
      60,
      Array.from({ length: 1440 }, (_, i) => [i, 1, 0, 0, 0]),
    );
    many.absorb(seriesOf(60, [[1440, 1, 0, 0, 0]]));
    expect([many.seconds, many.toFacts().rows.length]).toEqual([120, 721]);
  });
});
