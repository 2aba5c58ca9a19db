import { describe, expect, it } from 'vitest';
import { hearStreams } from '../support/stream-hearing.ts';

/** Played in order: [what passes, direction of the bytes, sequence number, ms]; then the least trip of direction 1, ms. */
type Passing = readonly ['bytes' | 'ack', 0 | 1, number, number];

const CASES: readonly { name: string; passing: readonly Passing[]; leastMs: number }[] = [
  {
    name: 'is unknown before anything was acknowledged',
    passing: [['bytes', 1, 100, 0]],
    leastMs: Number.NaN,
  },
  {
    name: 'is the time to the acknowledgement that covers the bytes',
    passing: [
      ['bytes', 1, 100, 0],
      ['ack', 1, 99, 5],
      ['ack', 1, 100, 12],
    ],
    leastMs: 12,
  },
  {
    name: 'is the least of all, delayed acknowledgements left out',
    passing: [
      ['bytes', 1, 100, 0],
      ['ack', 1, 100, 40],
      ['bytes', 1, 200, 100],
      ['ack', 1, 200, 103],
      ['bytes', 1, 300, 200],
      ['ack', 1, 300, 240],
    ],
    leastMs: 3,
  },
  {
    name: 'counts from the first passing of bytes that are sent again',
    passing: [
      ['bytes', 1, 100, 0],
      ['bytes', 1, 100, 200],
      ['ack', 1, 100, 201],
    ],
    leastMs: 201,
  },
  {
    name: 'goes over the end of the sequence numbers',
    passing: [
      ['bytes', 1, (2 ** 32 - 2) | 0, 0],
      ['ack', 1, 5, 7],
    ],
    leastMs: 7,
  },
  {
    name: 'is kept apart by lane, and never negative',
    passing: [
      ['bytes', 0, 100, 0],
      ['ack', 0, 100, 1],
      ['bytes', 1, 100, 10],
      ['ack', 1, 100, 9],
    ],
    leastMs: Number.NaN,
  },
];

const BYTES = '0123456789';

describe('the round trip to an end', () => {
  for (const { name, passing, leastMs } of CASES) {
    it(name, async () => {
      const { tripsUs } = await hearStreams(
        passing.map(([what, direction, number, ms]) =>
          what === 'bytes'
            ? { direction, sequence: number - BYTES.length, text: BYTES, at: ms / 1000 }
            : { direction: direction === 0 ? 1 : 0, sequence: 1, ack: number, at: ms / 1000 },
        ),
      );
      expect(tripsUs[1] / 1000).toEqual(leastMs);
    });
  }
});
