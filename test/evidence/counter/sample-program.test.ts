/** The loops over a sample as WebAssembly: they must give the numbers of those in TypeScript, to the last bit. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Hypothesis } from '../../../src/evidence/counter/from-zero/hypothesis.ts';
import { PlainLoops, type SampleShares } from '../../../src/evidence/counter/from-zero/sample-loops.ts';
import { programLoops } from '../../../src/evidence/counter/from-zero/sample-program.ts';
import { Chance } from './chance.ts';
import { STRUCTURES } from './study.ts';

const SPREADS = [0.01, 0.03, 0.1, 0.25];
const RANGE = 2 ** 32;

function whole(low: number, high: number, chance: Chance): number {
  return Math.floor(chance.between(low, high + 1));
}

/** Shares of a miner of several threads, among them some that are off, twice the same nonce, and very young ones. */
function anyShares(chance: Chance, length: number): SampleShares {
  const size = 2 ** whole(8, 20, chance);
  const tracks = whole(1, 12, chance);
  const rate = 10 ** chance.between(0, 6);
  const seconds = Float64Array.from({ length }, () => chance.uniform() ** 3 * 200);
  const nonces = seconds.map((age, index) => {
    if (chance.uniform() < 0.1) return Math.floor(chance.between(0, 2 ** 32));
    if (chance.uniform() < 0.05) return index % 3;
    const progress = Math.floor(rate * age * chance.between(0.8, 1.2));
    const track = whole(0, tracks - 1, chance);
    return (Math.floor(progress / size) * tracks + track) * size + (progress % size);
  });
  return { nonces, seconds, highest: Math.max(0, ...nonces) };
}

function anyHypothesis(chance: Chance, highest: number): Hypothesis {
  const kind = chance.pick(['single', 'pooled', 'chunks', 'lanes'] as const);
  const isOne = kind === 'single' || kind === 'pooled';
  const tracks = isOne ? 1 : whole(2, 40, chance);
  return {
    kind,
    size: isOne
      ? RANGE
      : kind === 'lanes'
        ? Math.floor((RANGE - 1) / tracks)
        : Math.max(1, 2 ** whole(6, 20, chance), Math.floor(highest / whole(1, 9e6, chance))),
    tracks,
    full: kind === 'lanes',
    batch: kind === 'pooled' ? 2 ** whole(12, 18, chance) : 0,
    beat: chance.pick([0, 0, 0.3, 1.2, 9.6]),
    choice: 0,
    adrift: chance.uniform() < 0.5,
    unlike: chance.uniform() < 0.3,
  };
}

describe('the loops over a sample as WebAssembly', () => {
  it('give the numbers of those in TypeScript, whichever samples and hypotheses come in turn', () => {
    const chance = new Chance(26);
    let rates = 0;
    for (let round = 0; round < 400; round += 1) {
      const samples = [0, 1].map(() => {
        const shares = anyShares(chance, whole(1, 8, chance) * (round % 2 === 0 ? 16 : 11));
        return { shares, plain: new PlainLoops(shares), program: programLoops(shares) };
      });
      let hypothesis: Hypothesis | null = null;
      for (let turn = 0; turn < 12; turn += 1) {
        const { shares, plain, program } = samples[whole(0, 1, chance)];
        if (program === null) throw new Error('there is no program');
        // The same one, too, of the other sample and at the same rate.
        if (hypothesis === null || chance.uniform() < 0.6) hypothesis = anyHypothesis(chance, shares.highest);
        const weight = RANGE / hypothesis.tracks;
        let rate = 1000;
        if (chance.uniform() < 0.7) {
          const tried = plain.try(hypothesis, weight);
          expect(program.try(hypothesis, weight)).toEqual(tried);
          rates += tried === null ? 0 : 1;
          rate = tried?.rate ?? rate;
        }
        for (const spread of SPREADS.slice(0, whole(1, 4, chance))) {
          const mixtures = plain.compare(hypothesis, rate, spread, weight);
          expect(program.compare(hypothesis, rate, spread, weight)).toEqual(mixtures);
          expect([...program.ratios]).toEqual([...plain.ratios]);
        }
      }
    }
    // Not only samples of which nothing comes.
    expect(rates).toBeGreaterThan(1000);
  });

  it('are there for as many shares as there is room for', () => {
    const shares = (length: number): SampleShares => anyShares(new Chance(1), length);
    expect(programLoops(shares(128))).not.toBeNull();
    expect(programLoops(shares(129))).toBeNull();
  });
});

describe('without memory for a program', () => {
  afterEach(() => {
    vi.doUnmock('../../../src/wasm.ts');
    vi.resetModules();
  });

  it('clocks are read all the same', async () => {
    const { estimateCounter } = await import('../../../src/evidence/counter/counter.ts');
    vi.resetModules();
    vi.doMock('../../../src/wasm.ts', async (original) => ({
      ...(await original<typeof import('../../../src/wasm.ts')>()),
      allocate: () => {
        throw new Error('no memory');
      },
    }));
    const without = await import('../../../src/evidence/counter/counter.ts');
    const refused = await import('../../../src/evidence/counter/from-zero/sample-program.ts');
    expect(refused.programLoops(anyShares(new Chance(1), 40))).toBeNull();
    const chance = new Chance(3);
    for (const { play } of STRUCTURES.slice(0, 6)) {
      const { input } = play(60, chance);
      expect(without.estimateCounter(input)).toEqual(estimateCounter(input));
    }
  });
});
