/**
 * Rates that change for good: another program comes to stay, at a time that nobody knows, and leaves a part of the
 * rate. The mean over the time from the first job to the last share must lie in the interval, and that be narrow.
 */
import { describe, expect, it } from 'vitest';
import { estimateCounter } from '../../../src/evidence/counter/counter.ts';
import { Chance } from './chance.ts';
import { playXmrig, STEADY, type XmrigLife } from './xmrig.ts';

/** Another program comes to stay. */
const CHANGING: XmrigLife = {
  ...STEADY,
  threads: 1,
  busySeconds: 1e12,
  leaves: 0.5,
  shareSeconds: 20,
};

describe('a rate that changes for good', () => {
  it.each([
    [1, 0.5, 0.04],
    [1, 0.7, 0.04],
    [4, 0.5, 0.08],
    [8, 0.5, 0.1],
  ])(
    '%d threads, %d of the rate after it: the interval holds the mean over time',
    (threads, leaves, half) => {
      let clocks = 0;
      let covered = 0;
      let spansCovered = 0;
      const widths: number[] = [];
      for (let index = 0; index < 60; index += 1) {
        const chance = new Chance(31_000 + index);
        const seconds = chance.pick([1800, 3600]);
        const life = { ...CHANGING, threads, leaves, seconds, quietSeconds: seconds / 2 };
        const { input, truthOver } = playXmrig(life, chance);
        const estimate = estimateCounter(input);
        const last = estimate.verdict === 'clock' ? estimate.series.at(-1) : undefined;
        if (estimate.verdict === 'no-clock' || last === undefined) continue;
        const first = Math.min(...input.shares.map((share) => share.jobTimeUs ?? Number.POSITIVE_INFINITY));
        const truth = truthOver(first, input.shares.at(-1)?.timeUs ?? 0);
        const lastTruth = truthOver(Math.max(first, last.startUs), last.endUs);
        clocks += 1;
        if (estimate.low95 <= truth && truth <= estimate.high95) covered += 1;
        if (last.low95 <= lastTruth && lastTruth <= last.high95) spansCovered += 1;
        widths.push((estimate.high95 - estimate.low95) / 2 / truth);
      }
      expect(clocks).toBeGreaterThan(50);
      // 51 or fewer of 60 would come by chance in 1 of 400, if 95 % are covered.
      expect(covered / clocks).toBeGreaterThan(0.86);
      expect(spansCovered / clocks).toBeGreaterThan(0.86);
      expect(widths.sort((a, b) => a - b)[widths.length >> 1]).toBeLessThan(half);
    },
  );
});
