/** The test of coincidence with blocks by itself. */
import { describe, expect, it } from 'vitest';
import {
  followEachOther,
  followsBlocks,
  type PushTrain,
  tailOf,
  withoutBeats,
} from '../../src/evidence/in-step.ts';
import { poisson } from '../in-step/network.ts';
import { random } from '../support/random.ts';

const HOUR = 3600;
const train = (times: readonly number[], seconds = HOUR): PushTrain => ({
  fromUs: 0,
  toUs: seconds * 1e6,
  timesUs: [...times].sort((a, b) => a - b).map((at) => at * 1e6),
});
const clock = (period: number, phase = 0): number[] =>
  Array.from({ length: Math.floor((HOUR - phase) / period) }, (_, i) => phase + (i + 1) * period);

describe('the chance of so many of several events', () => {
  it('is that of the binomial distribution where all are alike', () => {
    // 1 - 0.9^10, and the whole tail from 3 of 10 at 0.1 (Abramowitz and Stegun 26.5): 0.0702.
    expect(tailOf(Array(10).fill(0.1), 1)).toBeCloseTo(1 - 0.9 ** 10, 12);
    expect(tailOf(Array(10).fill(0.1), 3)).toBeCloseTo(0.07019, 4);
  });

  it('is exact where they differ', () => {
    expect(tailOf([0.5, 0.2], 2)).toBeCloseTo(0.1, 12);
    expect(tailOf([0.5, 0.2], 1)).toBeCloseTo(0.6, 12);
    expect(tailOf([1, 1, 0.25], 3)).toBeCloseTo(0.25, 12);
  });
});

describe('pushes by the clock', () => {
  it.each([10, 30, 120])('every %i s are left out, those between them stay', (period) => {
    const between = [103, 705, 1313, 1985, 2505, 3333];
    const left = withoutBeats(train([...clock(period), ...between])).timesUs.map((timeUs) => timeUs / 1e6);
    // The first of the clock has none before it.
    expect(left.filter((at) => at !== period)).toEqual(between);
  });

  it('that begin anew with each block are left out, the blocks stay', () => {
    const blocks = [95, 310, 377, 805, 930, 1511, 1777, 2222];
    const from = [0, ...blocks].flatMap((at, i) =>
      clock(30)
        .map((later) => at + later)
        .filter((later) => later < (blocks[i] ?? 2400)),
    );
    const left = withoutBeats(train([...blocks, ...from])).timesUs.map((timeUs) => timeUs / 1e6);
    for (const block of blocks) expect(left).toContain(block);
    expect(left.length).toBeLessThanOrEqual(blocks.length + 2);
  });

  it('are none among pushes by chance', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const pushes = train(poisson(random(seed), 40, HOUR));
      const apart = pushes.timesUs.filter((timeUs, i) => i === 0 || timeUs - pushes.timesUs[i - 1] >= 1e6);
      expect(withoutBeats(pushes).timesUs.length).toBeGreaterThanOrEqual(apart.length * 0.95);
    }
  });
});

describe('a conversation that follows blocks', () => {
  const blocks = [200, 500, 900, 1300, 1800, 2400, 3000].map((at) => at * 1e6);

  it('is as unlikely as the places of its pushes in their cells', () => {
    // Seven cells of 120 s with one push each, in a window of 5 s: (5 / 120)^7.
    const step = followsBlocks(train(blocks.map((at) => at / 1e6 + 0.7)), blocks);
    expect(step).toMatchObject({ blocks: 7, followed: 7 });
    expect(step?.probability).toBeCloseTo((5 / 120) ** 7, 15);
  });

  it('follows a block from 2 s before to 3 s after it', () => {
    expect(followsBlocks(train(blocks.map((at) => at / 1e6 - 1.9)), blocks)).not.toBeNull();
    expect(followsBlocks(train(blocks.map((at) => at / 1e6 + 2.9)), blocks)).not.toBeNull();
    expect(followsBlocks(train(blocks.map((at) => at / 1e6 + 3.2)), blocks)).toBeNull();
  });

  it('must follow most of them', () => {
    expect(followsBlocks(train([200, 500, 900, 1300]), blocks)).toBeNull();
    expect(followsBlocks(train([200, 500, 900, 1300, 1800]), blocks)).toMatchObject({ followed: 5 });
  });

  it('must have seen four', () => {
    expect(followsBlocks(train([200, 500, 900]), blocks.slice(0, 3))).toBeNull();
  });

  it('is none where the same pushes at other times follow as many', () => {
    const regular = clock(300).map((at) => at * 1e6);
    expect(followsBlocks(train(clock(300)), regular)).toBeNull();
  });
});

describe('two conversations', () => {
  const moments = poisson(random(8), 120, HOUR);

  it('follow each other at moments that come by chance', () => {
    const other = moments.map((at) => at + 0.8);
    expect(followEachOther(train(moments), train(other))?.probability).toBeLessThan(1e-12);
  });

  it('do not where they share a clock', () => {
    expect(followEachOther(train(clock(120)), train(clock(120, 0.5)))).toBeNull();
  });
});
