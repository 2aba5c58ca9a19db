/** Silences of a miner whose connections overlap. */
import { expect, it } from 'vitest';
import { activeSecondsOf, joinSeen, type SharesSeen, silencesOf } from '../../src/endpoints/shares-seen.ts';

const MINUTE_US = 60e6;

/** One connection between two minutes, with a share in each of `minutes`. */
function connection(start: number, end: number, minutes: readonly number[]): SharesSeen {
  const count = { low: minutes.length, central: minutes.length, high: minutes.length };
  return {
    ...{
      submitted: count,
      accepted: count,
      rejected: 0,
      newTargets: null,
      channels: null,
      firstUs: null,
      lastUs: null,
    },
    connections: [{ startUs: start * MINUTE_US, endUs: end * MINUTE_US }],
    seconds: 60,
    windows: minutes.map((minute) => [minute, 1]),
  };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

it('counts a silence once in which two connections were watched', () => {
  const both = joinSeen(
    connection(0, 100, [...range(0, 30), ...range(60, 70)]),
    connection(40, 100, [...range(60, 70), ...range(95, 100)]),
  );
  expect(silencesOf(both)).toEqual([
    { startUs: 30 * MINUTE_US, endUs: 60 * MINUTE_US },
    { startUs: 70 * MINUTE_US, endUs: 95 * MINUTE_US },
  ]);
  expect(activeSecondsOf(both)).toBe(45 * 60);
});
