import { describe, expect, it } from 'vitest';
import { SYN } from '../support/packet-builder.ts';
import { hearStreams, type Sent } from '../support/stream-hearing.ts';

const SEGMENT = 1400;
const TEXT = 'x'.repeat(SEGMENT);
/** Room for two segments. */
const waiting = 2 * (SEGMENT + 256);

/** Connections whose first byte is number 0. */
const OPENED = [0, 1, 2].map((flow): Sent => ({ flow, direction: 0, sequence: -1, flags: SYN }));

function segment(flow: number, sequence: number): Sent {
  return { flow, direction: 0, sequence, text: TEXT };
}

/** What was observed, with the lengths of texts. */
function lengths(observed: readonly string[]): string[] {
  return observed.map((piece) => piece.replace(TEXT, String(SEGMENT)));
}

describe('segments that wait', () => {
  it('keep waiting as long as all of them have room', async () => {
    const late = [0, 1, 2].map((flow) => segment(flow, SEGMENT));
    const { observed } = await hearStreams([
      ...OPENED,
      ...late,
      ...[0, 1, 2].map((flow) => segment(flow, 0)),
    ]);
    expect(observed.filter((piece) => piece.includes('!'))).toEqual([]);
    expect(observed).toHaveLength(6);
  });

  it('are given up by the streams that have waited longest if there is no room', async () => {
    const { observed } = await hearStreams(
      [
        ...OPENED,
        segment(0, 2 * SEGMENT),
        segment(1, SEGMENT),
        segment(2, SEGMENT),
        // The second one no longer waits, so that the third has waited longest.
        segment(1, 0),
        segment(0, 4 * SEGMENT),
        segment(1, 3 * SEGMENT),
      ],
      { waiting },
    );
    expect(lengths(observed).slice(0, 6)).toEqual([
      `0 0!${2 * SEGMENT}`,
      `0 0:${SEGMENT}`,
      `1 0:${SEGMENT}`,
      `1 0:${SEGMENT}`,
      `2 0!${SEGMENT}`,
      `2 0:${SEGMENT}`,
    ]);
  });

  it('take no room once nobody listens', async () => {
    const { observed } = await hearStreams(
      [
        ...OPENED,
        segment(0, 2 * SEGMENT),
        segment(0, 0),
        segment(1, 2 * SEGMENT),
        segment(1, 0),
        segment(2, SEGMENT),
        segment(2, 3 * SEGMENT),
        segment(2, 0),
      ],
      { waiting },
      (flow) => (flow < 2 ? 'foreign' : 'undecided'),
    );
    expect(lengths(observed).slice(0, 4)).toEqual([
      `0 0:${SEGMENT}`,
      `1 0:${SEGMENT}`,
      `2 0:${SEGMENT}`,
      `2 0:${SEGMENT}`,
    ]);
  });
});
