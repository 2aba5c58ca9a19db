/**
 * Measured coverage with few sessions, so that the suite stays quick; test/bench/counter.ts plays many more. The
 * bounds are what chance allows (99.9 %) about the 95 % asked for: the interval may be wide, not narrow.
 */
import { describe, expect, it } from 'vitest';
import type { Miner } from './simulate.ts';
import { anyMiner, coverage, falseClocks, RANDOM_NONCES } from './study.ts';

const CLASSES: readonly { kind: Miner['kind']; tracks: number; shares: number; sessions: number }[] = [
  { kind: 'chunks', tracks: 1, shares: 20, sessions: 60 },
  { kind: 'chunks', tracks: 2, shares: 60, sessions: 60 },
  { kind: 'chunks', tracks: 8, shares: 30, sessions: 60 },
  { kind: 'chunks', tracks: 32, shares: 100, sessions: 20 },
  { kind: 'chunks', tracks: 128, shares: 500, sessions: 6 },
  { kind: 'lanes', tracks: 4, shares: 30, sessions: 60 },
  { kind: 'lanes', tracks: 128, shares: 60, sessions: 40 },
  { kind: 'base', tracks: 1, shares: 60, sessions: 60 },
  { kind: 'base', tracks: 4, shares: 200, sessions: 30 },
];

describe('coverage of the 95 % interval over simulated miners', () => {
  let clocks = 0;
  let covered = 0;
  for (const [index, { kind, tracks, shares, sessions }] of CLASSES.entries()) {
    it(`${kind}, ${tracks} tracks, about ${shares} shares: a clock in most sessions, the truth in its interval`, () => {
      const result = coverage(sessions, 1000 + index, (chance) => anyMiner(kind, tracks, shares, chance));
      clocks += result.clocks;
      covered += result.covered;
      expect(result.clocks).toBeGreaterThanOrEqual(0.85 * sessions);
      // 3.1 standard deviations of a binomial count below 95 %, and one.
      const least = 0.95 * result.clocks - 3.1 * Math.sqrt(0.95 * 0.05 * result.clocks) - 1;
      expect(result.covered).toBeGreaterThanOrEqual(least);
      expect(result.error).toBeLessThan(0.03);
    });
  }

  it('all classes together: at least 94 %', () => {
    expect(covered / clocks).toBeGreaterThanOrEqual(0.94);
  });
});

describe('random nonces', () => {
  for (const source of RANDOM_NONCES) {
    it(`${source.name}: none of 120 sessions passes for a clock`, () => {
      expect(falseClocks(120, 77, source)).toEqual([]);
    });
  }
});
