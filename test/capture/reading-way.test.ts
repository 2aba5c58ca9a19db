import { describe, expect, it } from 'vitest';
import { ReadingWay } from '../../src/capture/reading-way.ts';

const MEBIBYTE = 1024 * 1024;

/** Reads so many MiB where each takes so long either way, and says how many of them were read ahead. */
function read(
  mebibytes: number,
  msOf: (isAhead: boolean, at: number) => number,
): { way: ReadingWay; ahead: number } {
  let nowMs = 0;
  let ahead = 0;
  const way = new ReadingWay(() => nowMs);
  for (let at = 0; at < mebibytes; at++) {
    nowMs += msOf(way.isAhead, at);
    if (way.isAhead) ahead++;
    way.passed(MEBIBYTE);
  }
  return { way, ahead };
}

describe('the way of reading', () => {
  it('is ahead where that is faster', () => {
    const { way, ahead } = read(1000, (isAhead) => (isAhead ? 0.9 : 1));
    expect(way.isAhead).toBe(true);
    expect(ahead).toBeGreaterThan(800);
  });

  it('is on the spot where that is faster, but for the trial', () => {
    const { way, ahead } = read(1000, (isAhead) => (isAhead ? 1.1 : 1));
    expect(way.isAhead).toBe(false);
    expect(ahead).toBe(40);
  });

  it('is not turned by parsing that grows faster meanwhile, nor by a pause', () => {
    const slower = (isAhead: boolean): number => (isAhead ? 1.1 : 1);
    expect(read(1000, (isAhead, at) => slower(isAhead) * (1 + 3 * 0.995 ** at)).way.isAhead).toBe(false);
    expect(read(1000, (isAhead, at) => slower(isAhead) + (at === 110 ? 20 : 0)).way.isAhead).toBe(false);
  });

  it('changes when the disk does', () => {
    const msOf = (isAhead: boolean, at: number): number => (isAhead === at > 1000 ? 1 : 1.2);
    expect(read(1100, msOf).way.isAhead).toBe(false);
    expect(read(1500, msOf).way.isAhead).toBe(true);
  });
});
