/**
 * How often the counter's 95 % interval holds the truth, over classes of simulated miners; and how often random
 * nonces pass for a clock. Used by the tests with few sessions and by test/bench with many.
 */
import {
  type CounterInput,
  type CounterShare,
  estimateCounter,
} from '../../../src/evidence/counter/counter.ts';
import { Chance, littleEndian, type Miner, simulate } from './simulate.ts';

export interface Coverage {
  sessions: number;
  clocks: number;
  covered: number;
  below: number;
  above: number;
  /** Median half width and median error of the sessions with a clock, relative to the truth. */
  halfWidth: number;
  error: number;
}

/** Any miner of a kind: everything else by chance. */
export function anyMiner(kind: Miner['kind'], tracks: number, shares: number, chance: Chance): Miner {
  return {
    kind,
    tracks,
    rate: kind === 'base' ? 10 ** chance.between(7, 8) : 10 ** chance.between(1.5, 3.2),
    chunk: chance.pick([4096, 32_768]),
    unlike: chance.pick([0, 0.02, 0.1]),
    wander: chance.pick([0, 0.02, 0.06]),
    trend: chance.pick([0, 0, 0.2]),
    jobSeconds: kind === 'base' ? chance.between(5, 15) : chance.between(30, 120),
    seconds: chance.pick([600, 1800, 7200]),
    shares,
    jitter: chance.pick([0.002, 0.02, 0.1]),
    roundTrip: chance.pick([0, 0.03, 0.2]),
    loss: chance.pick([0, 0.02]),
    late: chance.pick([0, 100]),
    pause: chance.pick([0, 0, 60]),
  };
}

/** Plays `sessions` miners and counts how the interval does. */
export function coverage(sessions: number, seed: number, make: (chance: Chance) => Miner): Coverage {
  const chance = new Chance(seed);
  const result: Coverage = { sessions, clocks: 0, covered: 0, below: 0, above: 0, halfWidth: 0, error: 0 };
  const widths: number[] = [];
  const errors: number[] = [];
  for (let index = 0; index < sessions; index += 1) {
    const { input, truth } = simulate(make(chance), chance);
    const estimate = estimateCounter(input);
    if (estimate.verdict === 'no-clock') continue;
    result.clocks += 1;
    if (truth < estimate.low95) result.below += 1;
    else if (truth > estimate.high95) result.above += 1;
    else result.covered += 1;
    widths.push((estimate.high95 - estimate.low95) / 2 / truth);
    errors.push(Math.abs(estimate.estimate / truth - 1));
  }
  result.halfWidth = middle(widths);
  result.error = middle(errors);
  return result;
}

export interface RandomSource {
  readonly name: string;
  readonly dialect: CounterInput['dialect'];
  /** Random bits, and hex digits of the whole nonce. */
  readonly bits: number;
  readonly digits: number;
}

export const RANDOM_NONCES: readonly RandomSource[] = [
  { name: '32 random bits', dialect: 'cryptonote', bits: 32, digits: 8 },
  { name: '20 random bits of 32', dialect: 'cryptonote', bits: 20, digits: 8 },
  { name: '16 random bits of 32', dialect: 'cryptonote', bits: 16, digits: 8 },
  { name: '32 random bits in Stratum v1', dialect: 'stratum-v1', bits: 32, digits: 8 },
  { name: '64 random bits', dialect: 'ethash', bits: 64, digits: 16 },
  { name: '40 random bits of 64', dialect: 'ethash', bits: 40, digits: 16 },
  { name: '224 random bits', dialect: 'equihash', bits: 224, digits: 56 },
];

/** Sessions of 4 to 300 random nonces that pass for a clock: what was made of each. */
export function falseClocks(sessions: number, seed: number, source: RandomSource): string[] {
  const chance = new Chance(seed);
  const found: string[] = [];
  for (let index = 0; index < sessions; index += 1) {
    const count = chance.pick([4, 5, 8, 15, 30, 60, 120, 300]);
    const seconds = chance.pick([300, 1800]);
    const times = Array.from({ length: count }, () => chance.uniform() * seconds).sort((a, b) => a - b);
    const shares: CounterShare[] = [];
    let job = 0;
    let jobAt = 0;
    let next = chance.exponential(60);
    for (const at of times) {
      while (next < at) {
        jobAt = next;
        job += 1;
        next += chance.exponential(60);
      }
      let big = '';
      for (let bit = 0; bit < source.bits; bit += 4) big += Math.floor(chance.uniform() * 16).toString(16);
      big = big.padStart(source.digits, '0');
      const nonce = source.dialect === 'cryptonote' ? littleEndian(Number.parseInt(big, 16)) : big;
      shares.push({ jobIndex: job, jobTimeUs: jobAt * 1e6, timeUs: at * 1e6, nonce, workHashes: 1000 });
    }
    const estimate = estimateCounter({ dialect: source.dialect, shares, roundTripUs: null });
    if (estimate.verdict === 'clock') found.push(`${count} shares: ${estimate.structure.kind}`);
  }
  return found;
}

function middle(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1] ?? Number.NaN;
}
