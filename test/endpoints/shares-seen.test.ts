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

it('joins connections of which there are too many to the last of them, and loses no time', () => {
  let all = connection(0, 1, []);
  for (let i = 1; i < 300; i++) all = joinSeen(all, connection(2 * i, 2 * i + 1, []));
  expect(all.connections).toHaveLength(256);
  expect(all.connections.at(-1)).toEqual({ startUs: 2 * 255 * MINUTE_US, endUs: (2 * 299 + 1) * MINUTE_US });
  expect(all.connections[254]).toEqual({ startUs: 2 * 254 * MINUTE_US, endUs: (2 * 254 + 1) * MINUTE_US });
});

it('tells connections, times and windows in their order, whichever part comes first', () => {
  const first: SharesSeen = { ...connection(0, 10, [1, 3]), firstUs: 60e6, lastUs: 200e6, rejected: 1 };
  const next: SharesSeen = { ...connection(20, 30, [21]), firstUs: 1300e6, lastUs: 1310e6, rejected: 2 };
  for (const [a, b] of [
    [first, next],
    [next, first],
  ])
    expect(joinSeen(a, b)).toMatchObject({
      submitted: { low: 3, central: 3, high: 3 },
      rejected: 3,
      firstUs: 60e6,
      lastUs: 1310e6,
      connections: [...first.connections, ...next.connections],
      windows: [
        [1, 1],
        [3, 1],
        [21, 1],
      ],
    });
  const none = connection(0, 1, []);
  expect(joinSeen(none, none)).toMatchObject({ firstUs: null, lastUs: null });
  const wide = joinSeen(first, { ...next, seconds: 120, windows: [[10, 4]] });
  expect([wide.seconds, wide.windows]).toEqual([
    120,
    [
      [0, 1],
      [1, 1],
      [10, 4],
    ],
  ]);
});

it('adds the channels of both where sizes told them', () => {
  const told = (channels: number | null): SharesSeen => ({
    ...connection(0, 1, [0]),
    newTargets: 0,
    channels,
  });
  expect([joinSeen(told(2), told(3)).channels, joinSeen(told(2), told(null)).channels]).toEqual([5, 2]);
});

it('counts new targets only where a part could tell them', () => {
  const told = (newTargets: number | null): SharesSeen => ({ ...connection(0, 1, [0]), newTargets });
  expect(joinSeen(told(null), told(null)).newTargets).toBeNull();
  expect(joinSeen(told(2), told(null)).newTargets).toBe(2);
  expect(joinSeen(told(null), told(3)).newTargets).toBe(3);
  expect(joinSeen(told(2), told(3)).newTargets).toBe(5);
});
