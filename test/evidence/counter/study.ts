/**
 * How often the counter's 95 % interval holds the truth, over classes of simulated miners: dialect, structure, and how
 * many shares.
 */
import { estimateCounter } from '../../../src/evidence/counter/counter.ts';
import type { CounterInput } from '../../../src/evidence/counter/counter-input.ts';
import type { Chance } from './chance.ts';
import type { Spell } from './course.ts';
import { type Miner, type Simulated, simulate, simulateProxy } from './simulate.ts';

/**
 * What no nonce shows: by so much (a standard deviation, relative) a miner's rate differs from that of its counter.
 * Stated where the estimator states its systematic term (src/evidence/counter/unseen.ts), and drawn here from the
 * same distribution, a normal one.
 */
const UNSEEN: Readonly<Record<CounterInput['dialect'], number>> = {
  cryptonote: 0.01 / 1.96,
  'stratum-v1': 0.04 / 1.96,
};

/** A kind of session: dialect and structure. */
export interface Structure {
  readonly name: string;
  /** Of sessions of 100 shares and more, this part has a clock at least. */
  readonly leastClocks: number;
  play(shares: number, chance: Chance): Simulated;
}

/** Numbers of shares that are expected: from, and below. Fewer than four in the end are never a clock. */
export const STRATA: readonly (readonly [number, number])[] = [
  [1, 4],
  [4, 10],
  [10, 30],
  [30, 100],
  [100, 500],
];

export const STRUCTURES: readonly Structure[] = [
  one('cryptonote, one thread', 'cryptonote', 'chunks', 1, 1),
  one('cryptonote, chunks', 'cryptonote', 'chunks', 2, 128),
  one('cryptonote, parts of the range', 'cryptonote', 'lanes', 2, 128),
  { name: 'cryptonote, machines behind a proxy', leastClocks: 0.8, play: proxy },
  one('stratum-v1, one thread', 'stratum-v1', 'lanes', 1, 1),
  one('stratum-v1, parts of the range', 'stratum-v1', 'lanes', 2, 128),
];

/** Miners whose rate does change for good, which of the others but a few do. */
export const FOR_GOOD: readonly Structure[] = [
  one('cryptonote, one thread, for good', 'cryptonote', 'chunks', 1, 1, anyChange),
  one('cryptonote, chunks, for good', 'cryptonote', 'chunks', 2, 128, anyChange),
];

/** The same for slow spells. Of some no share tells at all: the fewer shares, the more truths lie below the interval. */
export const SLOW_SPELLS: readonly Structure[] = [
  one('cryptonote, one thread, slow spells', 'cryptonote', 'chunks', 1, 1, slowSpells),
  one('cryptonote, chunks, slow spells', 'cryptonote', 'chunks', 2, 128, slowSpells),
];

function one(
  name: string,
  dialect: Miner['dialect'],
  kind: Miner['kind'],
  fewest: number,
  most: number,
  spells = anySpells,
): Structure {
  return {
    name,
    leastClocks: 0.85,
    play: (shares, chance) => {
      const miner = anyMiner(dialect, kind, wholeBetween(fewest, most, chance), shares, chance);
      return simulate({ ...miner, spells: spells(chance) }, chance);
    },
  };
}

function proxy(shares: number, chance: Chance): Simulated {
  const rigs = wholeBetween(1, 8, chance);
  const first = { ...anyMiner('cryptonote', 'chunks', 1, shares / rigs, chance), spells: anySpells(chance) };
  const miners = Array.from({ length: rigs }, () => ({
    ...first,
    tracks: wholeBetween(1, 8, chance),
    rate: first.rate * chance.between(0.5, 1.5),
  }));
  // All get work of one difficulty: who is faster finds more.
  const all = miners.reduce((sum, { rate, tracks }) => sum + rate * tracks, 0);
  return simulateProxy(
    miners.map((miner) => ({ ...miner, shares: (shares * miner.rate * miner.tracks) / all })),
    chance,
  );
}

/** Small numbers as likely as large ones of the same ratio. */
function wholeBetween(low: number, high: number, chance: Chance): number {
  return Math.round(low * (high / low) ** chance.uniform());
}

/** Any miner of a kind whose rate does not change but by wander and trend: everything else by chance. */
export function anyMiner(
  dialect: Miner['dialect'],
  kind: Miner['kind'],
  tracks: number,
  shares: number,
  chance: Chance,
): Miner {
  const seconds = chance.pick([600, 1800, 7200]);
  return {
    dialect,
    kind,
    tracks,
    rate: anyRate(dialect, tracks, chance),
    chunk: chance.pick([4096, 32_768]),
    unlike: chance.pick([0, 0.02, 0.1]),
    wander: chance.pick([0, 0.02, 0.06]),
    trend: chance.pick([0, 0, 0.2]),
    slower: chance.uniform() < 0.1 ? chance.between(0.5, 0.9) : 1,
    spells: [],
    jobSeconds: chance.between(30, 120),
    seconds,
    shares,
    jitter: chance.pick([0.002, 0.02, 0.1]),
    roundTrip: chance.pick([0, 0.03, 0.2]),
    loss: chance.pick([0, 0.02]),
    late: chance.pick([0, 0, 100, seconds / 3]),
    pause: chance.pick([0, 0, 10, 60]),
    pauseAt: chance.uniform(),
  };
}

/** Most miners do the same all the time; for some the rate changes for good, for some there are slow spells. */
function anySpells(chance: Chance): Spell[] {
  const kind = chance.uniform();
  if (kind < 0.15) return anyChange(chance);
  return kind < 0.3 ? slowSpells(chance) : [];
}

/** The rate halves, doubles, or goes up or down by less, and stays there. */
function anyChange(chance: Chance): Spell[] {
  return [{ from: chance.uniform(), to: 1, times: chance.pick([0.5, 0.8, 1.25, 2]) }];
}

/** One or two spells at half the rate or so, together 5 to 15 % of the session. */
function slowSpells(chance: Chance): Spell[] {
  const number = chance.pick([1, 1, 2]);
  return Array.from({ length: number }, () => {
    const length = chance.between(0.05, 0.15) / number;
    const from = chance.between(0, 1 - length);
    return { from, to: from + length, times: chance.between(0.4, 0.7) };
  });
}

function anyRate(dialect: Miner['dialect'], tracks: number, chance: Chance): number {
  // A part of the range must last for a job.
  if (dialect === 'stratum-v1') return Math.min(10 ** chance.between(3, 7), 2 ** 32 / tracks / 1000);
  return 10 ** chance.between(1.5, 3.2);
}

/** How the intervals of a class did: of whole sessions, and of the 15 minutes before the last share. */
export interface Coverage {
  sessions: number;
  clocks: number;
  covered: number;
  below: number;
  above: number;
  spans: number;
  spansCovered: number;
  /** Median half width and median error of the sessions with a clock, relative to the truth. */
  halfWidth: number;
  error: number;
  /** By what factor the half widths (their logarithm) would have to change to hold just 95 %. */
  factor: number;
  spansFactor: number;
}

/** Plays `sessions` of a class and counts how the intervals do. */
export function coverage(
  structure: Structure,
  [fewest, most]: readonly [number, number],
  sessions: number,
  chance: Chance,
): Coverage {
  const result: Coverage = {
    sessions,
    clocks: 0,
    covered: 0,
    below: 0,
    above: 0,
    spans: 0,
    spansCovered: 0,
    halfWidth: 0,
    error: 0,
    factor: 0,
    spansFactor: 0,
  };
  const widths: number[] = [];
  const errors: number[] = [];
  const places: number[] = [];
  const spanPlaces: number[] = [];
  for (let index = 0; index < sessions; index += 1) {
    const { input, truth, truthOver } = structure.play(fewest * (most / fewest) ** chance.uniform(), chance);
    const unseen = Math.exp(UNSEEN[input.dialect] * chance.normal());
    const estimate = estimateCounter(input);
    if (estimate.verdict === 'no-clock') continue;
    const place = placeOf(estimate, truth * unseen);
    result.clocks += 1;
    if (place < -1) result.below += 1;
    else if (place > 1) result.above += 1;
    else result.covered += 1;
    places.push(Math.abs(place));
    const last = estimate.series.at(-1);
    const lastTruth = last === undefined ? Number.NaN : truthOver(last.startUs, last.endUs) * unseen;
    if (last !== undefined && lastTruth > 0) {
      const spanPlace = Math.abs(placeOf(last, lastTruth));
      result.spans += 1;
      if (spanPlace <= 1) result.spansCovered += 1;
      spanPlaces.push(spanPlace);
    }
    widths.push((estimate.high95 - estimate.low95) / 2 / truth);
    errors.push(Math.abs(estimate.estimate / truth - 1));
  }
  result.halfWidth = quantile(widths, 0.5);
  result.error = quantile(errors, 0.5);
  result.factor = quantile(places, 0.95);
  result.spansFactor = quantile(spanPlaces, 0.95);
  return result;
}

/** Where the truth lies in an interval: -1 at its lower end, 0 at the estimate, 1 at its upper end. */
export function placeOf(
  { estimate, low95, high95 }: { readonly estimate: number; readonly low95: number; readonly high95: number },
  truth: number,
): number {
  return truth < estimate
    ? -Math.log(truth / estimate) / Math.log(low95 / estimate)
    : Math.log(truth / estimate) / Math.log(high95 / estimate);
}

function quantile(values: number[], level: number): number {
  values.sort((a, b) => a - b);
  return values[Math.floor(level * values.length)] ?? Number.NaN;
}
