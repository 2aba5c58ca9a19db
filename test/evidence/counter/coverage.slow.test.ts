/**
 * Measured coverage of the 95 % interval over simulated miners: of every dialect and structure, with 1 to 128 tracks,
 * alike or not, 1 to 500 shares, rates that wander, drift and change for good, slow spells, pauses, jittered
 * and lossy networks, captures that begin late. The factors of src/evidence/counter/unseen.ts were calibrated with other
 * seeds.
 */
import { describe, expect, it } from 'vitest';
import { Chance } from './chance.ts';
import { falseClocks, RANDOM_NONCES } from './random-nonces.ts';
import { coverage, FOR_GOOD, SLOW_SPELLS, STRATA, STRUCTURES } from './study.ts';

const SEED = 9000;
/** Sessions of a structure and stratum. */
const SESSIONS = 80;

/** How many of so many may be covered if 95 % are: three standard deviations of a binomial count, and one. */
function bounds(clocks: number, low: number, high: number): { least: number; most: number } {
  const slack = 3 * Math.sqrt(0.95 * 0.05 * clocks) + 1;
  return { least: low * clocks - slack, most: Math.min(clocks, high * clocks + slack) };
}

describe('coverage of the 95 % interval over simulated miners', () => {
  const sum = { clocks: 0, covered: 0, spans: 0, spansCovered: 0 };
  for (const [number, structure] of [...STRUCTURES, ...FOR_GOOD].entries()) {
    it(`${structure.name}: the truth lies in as many intervals as 94 to 96 % allow`, () => {
      const own = { clocks: 0, covered: 0, spans: 0, spansCovered: 0, errors: 0 };
      for (const [index, stratum] of STRATA.entries()) {
        const result = coverage(structure, stratum, SESSIONS, new Chance(SEED + number * 10 + index));
        own.clocks += result.clocks;
        own.covered += result.covered;
        own.spans += result.spans;
        own.spansCovered += result.spansCovered;
        const few = bounds(result.clocks, 0.94, 0.96);
        expect(result.covered).toBeGreaterThanOrEqual(few.least);
        expect(result.covered).toBeLessThanOrEqual(few.most);
        if (stratum[0] >= 100) {
          expect(result.clocks).toBeGreaterThanOrEqual(structure.leastClocks * SESSIONS);
          expect(result.error).toBeLessThan(0.03);
        }
      }
      if (number < STRUCTURES.length) {
        sum.clocks += own.clocks;
        sum.covered += own.covered;
        sum.spans += own.spans;
        sum.spansCovered += own.spansCovered;
      }
      const sessions = bounds(own.clocks, 0.94, 0.96);
      expect(own.covered).toBeGreaterThanOrEqual(sessions.least);
      expect(own.covered).toBeLessThanOrEqual(sessions.most);
      const spans = bounds(own.spans, 0.94, 0.96);
      expect(own.spansCovered).toBeGreaterThanOrEqual(spans.least);
      expect(own.spansCovered).toBeLessThanOrEqual(spans.most);
    });
  }

  for (const [number, structure] of SLOW_SPELLS.entries()) {
    it(`${structure.name}: so, too, where there are shares enough to tell of them`, () => {
      const { clocks, covered } = coverage(structure, [100, 500], SESSIONS, new Chance(SEED + 500 + number));
      const { least, most } = bounds(clocks, 0.94, 0.96);
      expect(covered).toBeGreaterThanOrEqual(least);
      expect(covered).toBeLessThanOrEqual(most);
    });
  }

  it('all together: 94 to 96 % of the sessions, and of their last 15 minutes', () => {
    expect(sum.clocks).toBeGreaterThan(1000);
    for (const [covered, all] of [
      [sum.covered, sum.clocks],
      [sum.spansCovered, sum.spans],
    ] as const) {
      // Give or take what so many sessions tell: two standard deviations, half a per cent each.
      const slack = 2 * Math.sqrt((0.95 * 0.05) / all);
      expect(covered / all).toBeGreaterThanOrEqual(0.94 - slack);
      expect(covered / all).toBeLessThanOrEqual(0.96 + slack);
    }
  });
});

describe('random nonces', () => {
  const found: string[] = [];
  for (const source of RANDOM_NONCES) {
    it(`${source.name}: at most 3 of 500 sessions pass for a clock`, () => {
      const own = falseClocks(500, 77, source);
      found.push(...own);
      // One in 1,000 is allowed: more than 3 in 500 would come by chance once in 500 times.
      expect(own.length).toBeLessThanOrEqual(3);
    });
  }

  it('all together: at most one in 1,000', () => {
    expect(found.length).toBeLessThanOrEqual((500 * RANDOM_NONCES.length) / 1000);
  });
});
