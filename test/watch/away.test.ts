/** Times without a folder, and what they take from the time that was observed. */
import { expect, it } from 'vitest';
import { coverOf } from '../../src/assessment/observed.ts';
import { isoTime } from '../../src/audit/time.ts';
import { Away } from '../../src/watch/away.ts';

const T0 = Date.UTC(2026, 10, 20) * 1000;
const at = (seconds: number): number => T0 + seconds * 1e6;
const times = (startSeconds: number, endSeconds: number) => ({
  startUs: at(startSeconds),
  endUs: at(endSeconds),
});

it('begin with the last look that found the folders, and end with the next one', () => {
  const away = new Away();
  for (const [seconds, isGone] of [
    ...[[0, false] as const, [10, false] as const, [20, true] as const, [30, true] as const],
    ...[[40, false] as const, [50, false] as const, [60, true] as const],
  ])
    away.look(isGone, at(seconds));
  expect(away.times).toEqual([times(10, 40), times(50, 60)]);
  // After days they are of no more use.
  away.look(false, at(3 * 86_400));
  expect(away.times).toEqual([times(50, 3 * 86_400)]);
  away.look(false, at(6 * 86_400));
  expect(away.times).toEqual([]);
});

it('are observed if another input has packets of them', () => {
  const input = (first: number, last: number) => ({
    ...{ path: 'x', kind: 'csv', bytes: 1, sha256: null, flows: 1, damage: [] },
    ...{ first: isoTime(at(first)), last: isoTime(at(last)) },
  });
  const blind = new Map([[0, [times(1000, 4600)]]]);
  const window = times(0, 7200);
  const observed = (...[inputs, ...given]: Parameters<typeof coverOf>) => coverOf(inputs, ...given).covered;
  expect(observed([input(0, 7200)], window, [], blind)).toEqual([times(0, 1000), times(4600, 7200)]);
  expect(observed([input(0, 7200), input(900, 5000)], window, [], blind)).toEqual([times(0, 7200)]);
  expect(observed([input(0, 7200), input(2000, 3000)], window, [], blind)).toEqual([
    ...[times(0, 1000), times(2000, 3000), times(4600, 7200)],
  ]);
});
