/**
 * The counter against XMRig as its sources tell it (xmrig.ts): another simulation than the one its intervals were
 * calibrated on, with what happens to miners in the field. `truthOver` is the rate while the miner works for the pool.
 */
import { describe, expect, it } from 'vitest';
import { estimateCounter } from '../../../src/evidence/counter/counter.ts';
import { Chance } from './chance.ts';
import { anyLife, playXmrig, STEADY, type XmrigLife } from './xmrig.ts';

interface Tally {
  clocks: number;
  covered: number;
  /** Intervals that end below the truth, and above it, by more than a tenth of it. */
  wrong: number;
  spans: number;
  spansCovered: number;
  readonly errors: number[];
  /** Half widths, relative to the truth. */
  readonly widths: number[];
}

function play(lives: number, seed: number, lifeOf: (chance: Chance) => XmrigLife): Tally {
  const tally: Tally = { clocks: 0, covered: 0, wrong: 0, spans: 0, spansCovered: 0, errors: [], widths: [] };
  for (let index = 0; index < lives; index += 1) {
    const chance = new Chance(seed + index);
    const { input, truthOver } = playXmrig(lifeOf(chance), chance);
    const estimate = estimateCounter(input);
    if (estimate.verdict === 'no-clock') continue;
    const truth = truthOver(0, Number.POSITIVE_INFINITY);
    tally.clocks += 1;
    tally.errors.push(Math.abs(estimate.estimate / truth - 1));
    tally.widths.push((estimate.high95 - estimate.low95) / 2 / truth);
    if (estimate.low95 <= truth && truth <= estimate.high95) tally.covered += 1;
    if (truth < estimate.low95 / 1.1 || truth > estimate.high95 * 1.1) tally.wrong += 1;
    const last = estimate.series.at(-1);
    const lastTruth = last === undefined ? Number.NaN : truthOver(last.startUs, last.endUs);
    if (last === undefined || !(lastTruth > 0)) continue;
    tally.spans += 1;
    if (last.low95 <= lastTruth && lastTruth <= last.high95) tally.spansCovered += 1;
  }
  tally.errors.sort((a, b) => a - b);
  tally.widths.sort((a, b) => a - b);
  return tally;
}

describe('XMRig played thread by thread', () => {
  const cases: readonly { name: string; life: Partial<XmrigLife>; error: number }[] = [
    { name: 'four threads alike', life: {}, error: 0.01 },
    {
      name: 'one thread, five minutes in a hundred for its authors',
      life: { threads: 1, donate: 5 },
      error: 0.01,
    },
    { name: 'two hashes a round, each with its own chunk', life: { ways: 2, chunk: 4096 }, error: 0.015 },
    { name: 'small and large cores', life: { threads: 8, unlike: 0.3, shareSeconds: 10 }, error: 0.05 },
    { name: 'a machine that warms up', life: { cold: 0.2 }, error: 0.02 },
    {
      name: 'another program half of the time, which leaves two thirds',
      life: { quietSeconds: 300, busySeconds: 300, leaves: 0.67 },
      error: 0.05,
    },
    {
      name: 'pauses while somebody is at the machine',
      life: { pauseEvery: 1200, pauseSeconds: 90, shareSeconds: 12 },
      error: 0.05,
    },
    {
      name: 'new templates each half minute, seen from afar, in mid-session, one packet in a hundred lost',
      life: { templateSeconds: 30, roundTrip: 0.3, stamp: 0.05, from: 4000, loss: 0.01 },
      error: 0.02,
    },
    { name: 'a nonce byte that the pool fixes', life: { niceHash: true, threads: 2 }, error: 0.015 },
  ];
  for (const { name, life, error } of cases) {
    it(`${name}: the interval holds the rate`, () => {
      const tally = play(20, 500, () => ({ ...STEADY, ...life }));
      expect(tally.clocks).toBeGreaterThanOrEqual(18);
      // 15 or fewer of 20 would come by chance in 1 of 400, if 95 % are covered.
      expect(tally.covered).toBeGreaterThanOrEqual(tally.clocks - 4);
      expect(tally.wrong).toBeLessThanOrEqual(1);
      expect(tally.errors[tally.errors.length >> 1]).toBeLessThan(error);
    });
  }

  it.each([
    [2, 0.55],
    [4, 0.55],
    [8, 0.55],
    [16, 0.55],
    [8, 0.7],
  ])(
    '%d threads, every other one at %d of the rate: nine in ten intervals hold it, and they are narrow',
    (threads, efficient) => {
      const tally = play(60, 77_000, (chance) => {
        return { ...STEADY, threads, efficient, shareSeconds: chance.pick([10, 20, 60]) };
      });
      expect(tally.clocks).toBeGreaterThan(50);
      // 51 or fewer of 60 would come by chance in 1 of 400, if 95 % are covered.
      expect(tally.covered / tally.clocks).toBeGreaterThan(0.86);
      expect(tally.errors[tally.errors.length >> 1]).toBeLessThan(0.04);
      expect(tally.widths[tally.widths.length >> 1]).toBeLessThan(0.1);
    },
  );

  it('any life: nine in ten intervals and more hold the rate, and hardly one is wrong by a tenth', () => {
    const tally = play(250, 9_000_000, anyLife);
    expect(tally.clocks).toBeGreaterThan(220);
    expect(tally.covered / tally.clocks).toBeGreaterThan(0.91);
    expect(tally.spansCovered / tally.spans).toBeGreaterThan(0.91);
    expect(tally.wrong / tally.clocks).toBeLessThan(0.015);
    expect(tally.errors[tally.errors.length >> 1]).toBeLessThan(0.01);
  });
});
