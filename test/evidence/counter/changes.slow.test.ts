/**
 * Rates that change for good: another program comes to stay, at a time that nobody knows, and leaves a part of the
 * rate. The mean over the time from the first job to the last share must lie in the interval, and that be narrow.
 */
import { describe, expect, it } from 'vitest';
import { estimateCounter } from '../../../src/evidence/counter/counter.ts';
import { changesOf, type Stretch } from '../../../src/evidence/counter/statistics/changes.ts';
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

/** Stretches of one track that follow one another, a job each: its rate, and seconds. */
function track(...rows: readonly (readonly [rate: number, seconds: number])[]): Stretch[] {
  let atUs = 0;
  return rows.map(([rate, seconds], index) => {
    const fromUs = atUs;
    atUs += seconds * 1e6;
    return {
      job: index,
      index,
      fromUs,
      toUs: atUs,
      age: seconds,
      count: 1,
      top: rate * seconds,
      bottom: seconds,
    };
  });
}

/** Shares of several tracks that differ, one every ten seconds, in jobs of a hundred, at a rate halved at some time. */
const UNLIKE = [1.15, 0.9, 1.05, 0.8, 1.2, 0.95, 1];

function tracks(halvedAt: number): Stretch[] {
  return Array.from({ length: 60 }, (_, index) => {
    const to = 10 * (index + 1);
    const from = 100 * Math.floor(index / 10);
    const fast = Math.min(Math.max(0, halvedAt - from), to - from);
    const own = UNLIKE[index % UNLIKE.length] ?? 1;
    const rate = (own * (100 * fast + 50 * (to - from - fast))) / (to - from);
    const age = to - from;
    const job = from / 100;
    return { job, index, fromUs: from * 1e6, toUs: to * 1e6, age, count: 1, top: 1, bottom: 1 / rate };
  });
}

describe('changes of a rate', () => {
  const noise = [1, 1.01, 0.99, 1, 0.98, 1.02, 1, 1.01];

  it('none where rates scatter alike', () => {
    const stretches = track(...[...noise, ...noise].map((rate) => [100 * rate, 60] as const));
    expect(changesOf(stretches, true).changes).toEqual([]);
  });

  it('two where a spell in the middle is slow, and none for one slow stretch', () => {
    const all = [...noise, ...noise];
    const rows = all.map((rate, index) => [(index > 5 && index < 9 ? 50 : 100) * rate, 60] as const);
    expect(changesOf(track(...rows), true).changes.map(({ atUs }) => atUs)).toEqual([360e6, 540e6]);
    const pause = all.map((rate, index) => [(index === 7 ? 30 : 100) * rate, 60] as const);
    expect(changesOf(track(...pause), true).changes).toEqual([]);
  });

  it('one track: between the share before and the next job', () => {
    const rows = [
      ...noise.map((rate) => [100 * rate, 60] as const),
      ...noise.map((rate) => [60 * rate, 60] as const),
    ];
    const { changes } = changesOf(track(...rows), true);
    expect(changes).toEqual([{ atUs: 480e6, deviationUs: 0 }]);
  });

  it.each([230, 305, 370])('several tracks: at %d seconds, from the shares of that job', (halvedAt) => {
    const { changes } = changesOf(tracks(halvedAt), false);
    const misses = changes.map(({ atUs }) => Math.abs(atUs / 1e6 - halvedAt));
    expect(Math.min(...misses)).toBeLessThan(15);
    // The shares of that job may be a part of their own.
    expect(Math.max(...misses)).toBeLessThan(60);
  });

  it('a job whose shares all lag by as many seconds has paused', () => {
    const stretches = tracks(1000).map((one) =>
      one.job === 1 ? { ...one, age: one.age + 100, bottom: (one.bottom * (one.age + 100)) / one.age } : one,
    );
    const { changes, paused } = changesOf(stretches, false);
    expect(changes).toEqual([]);
    expect(paused.length).toBeGreaterThan(8);
    expect(paused.every(({ job }) => job === 1)).toBe(true);
  });

  it('a job whose shares lag the more the older they are was slow', () => {
    const slow = (one: Stretch): Stretch => (one.job === 1 ? { ...one, bottom: 2 * one.bottom } : one);
    const { changes, paused } = changesOf(tracks(1000).map(slow), false);
    expect(changes.length).toBe(2);
    expect(paused).toEqual([]);
  });
});
