import { describe, expect, it } from 'vitest';
import { readingsOf } from '../../../src/evidence/counter/from-zero/strays.ts';
import type { Place } from '../../../src/evidence/counter/statistics/neighbours.ts';

/** A share: its job, seconds since it, seconds that it lags, where it lies. */
type Row = readonly [job: number, seconds: number, lag: number, place: Place];

/** Jobs of one share on the clock, to make a session of it. */
const QUIET: readonly Row[] = Array.from({ length: 40 }, (_, job) => [100 + job, 30, 0, 'on'] as const);

/** Which of the rows each reading uses, beside all quiet ones. */
function read(rows: readonly Row[]): { weight: number; used: string }[] {
  const all = [...rows, ...QUIET];
  const readings = readingsOf(
    {
      count: all.length,
      jobs: Int32Array.from(all, ([job]) => job),
      seconds: Float64Array.from(all, ([, seconds]) => seconds),
    },
    all.map((row) => row[3]),
    Float64Array.from(all, (row) => row[2]),
  );
  return readings.map(({ usable, weight }) => {
    expect(usable.slice(rows.length).every((yes) => yes)).toBe(true);
    const used = usable.slice(0, rows.length).map((yes) => (yes ? '+' : '-'));
    return { weight, used: used.join('') };
  });
}

describe('shares off the clock', () => {
  const cases: readonly {
    name: string;
    rows: readonly Row[];
    expected: { weight: number; used: string }[];
  }[] = [
    { name: 'none: one reading', rows: [[1, 20, 0, 'on']], expected: [{ weight: 1, used: '+' }] },
    {
      name: 'two of a job that lag by the same minute: a pause, set aside',
      rows: [
        [1, 80, 58, 'below'],
        [1, 110, 59, 'below'],
      ],
      expected: [{ weight: 1, used: '--' }],
    },
    {
      name: 'a later one that has nearly made up for the pause by its age proves it too',
      rows: [
        [1, 20, 10, 'below'],
        [1, 200, 10, 'on'],
      ],
      expected: [{ weight: 1, used: '-+' }],
    },
    {
      name: 'slow ones beside others of the job that ran on: a slow thread, which counts',
      rows: [
        [1, 40, 16, 'below'],
        [1, 80, 0, 'on'],
        [2, 30, 12, 'below'],
        [2, 50, 0, 'on'],
      ],
      expected: [{ weight: 1, used: '++++' }],
    },
    {
      name: 'a lag that grows with age: a slow spell, which counts',
      rows: [
        [1, 40, 16, 'below'],
        [1, 80, 32, 'below'],
        [1, 120, 48, 'below'],
      ],
      expected: [{ weight: 1, used: '+++' }],
    },
    {
      name: 'one alone in its job: both readings',
      rows: [[1, 40, 16, 'below']],
      expected: [
        { weight: 0.5, used: '-' },
        { weight: 0.5, used: '+' },
      ],
    },
    {
      name: 'what is nowhere near the clock: never used',
      rows: [[1, 40, 39, 'off']],
      expected: [{ weight: 1, used: '-' }],
    },
    {
      name: 'more than one in ten, each alone in its job: tracks that are unlike',
      rows: Array.from(
        { length: 8 },
        (_, job): Row => [job, 40, job % 2 ? 16 : -16, job % 2 ? 'below' : 'above'],
      ),
      expected: [{ weight: 1, used: '++++++++' }],
    },
  ];
  for (const { name, rows, expected } of cases) {
    it(name, () => {
      expect(read(rows)).toEqual(expected);
    });
  }
});
