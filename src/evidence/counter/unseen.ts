/**
 * From the spread that shares show to the 95 % interval. The spread is calibrated: in simulation (test/bench/counter.ts)
 * the intervals of the bare model held the truth in 90 to 99 % of the sessions, by structure and number of shares, and
 * the factors here make 95 % of it. To that comes what the clock cannot know at all, whatever the shares say.
 */
import type { CounterInput, CounterStructure } from './counter-input.ts';
import type { Interval } from './statistics/interval.ts';

/** What the nonces of a dialect's miners cannot show. */
interface Unseen {
  /** Half width of the 95 % interval for it, as a part of the rate; its distribution is taken for a normal one. */
  readonly half: number;
  /** The statement that says what it is. */
  readonly what: 'counter-unseen-pauses' | 'counter-unseen-donation';
}

/**
 * CryptoNote: XMRig works one minute in a hundred for its authors, and a clock of the pool's jobs cannot see whether it
 * does. Stratum v1: minerd in the laboratory paused for 3 % of the time, and nothing else of them has been seen.
 */
export const UNSEEN: Readonly<Record<CounterInput['dialect'], Unseen>> = {
  cryptonote: { half: 0.01, what: 'counter-unseen-donation' },
  'stratum-v1': { half: 0.04, what: 'counter-unseen-pauses' },
};

/** What an interval was made of: the structure, or several machines behind a proxy. */
type Making = CounterStructure['kind'] | 'rigs';

/** Numbers of shares at which the factors below hold; between them the logarithm is followed. */
const SHARES = [6, 17, 55, 220] as const;

interface Factors {
  /** Of the whole session, of one span of the series. */
  readonly whole: readonly number[];
  readonly span: readonly number[];
  /** Where shares scatter for unlike tracks or changes of the rate alone, whatever their number. */
  readonly unlike: number;
}

const SINGLE: Factors = { whole: [0.9, 0.84, 0.56, 0.45], span: [0.76, 0.7, 0.52, 0.37], unlike: 0.95 };

/**
 * Calibrated with seeds 511, 701, 702, 801, 802, 901 and 902 of the simulation (and others of unlike tracks), measured
 * with others (test/evidence/counter/coverage.slow.test.ts).
 */
const FACTORS: Readonly<Record<Making, Factors>> = {
  single: SINGLE,
  chunks: { whole: [1.25, 0.84, 0.82, 0.74], span: [1.02, 0.82, 0.74, 0.66], unlike: 1.08 },
  lanes: { whole: [1.15, 0.88, 0.8, 0.47], span: [1.12, 0.85, 0.8, 0.52], unlike: 0.9 },
  rigs: { whole: [0.65, 0.56, 0.74, 0.82], span: [0.65, 0.56, 0.74, 0.78], unlike: 0.95 },
};

/**
 * By what the half width of the bare model is multiplied, for so many shares of a session; `unlike` says how much of
 * their scatter is of unlike tracks or changes (0 to 1).
 */
export function calibration(making: Making, shares: number, which: 'whole' | 'span', unlike: number): number {
  const factors = FACTORS[making][which];
  let index = 0;
  while (index < SHARES.length - 2 && shares > SHARES[index + 1]) index += 1;
  const low = SHARES[index];
  const high = SHARES[index + 1];
  const part = Math.min(1, Math.max(0, Math.log(shares / low) / Math.log(high / low)));
  const alike = factors[index] ** (1 - part) * factors[index + 1] ** part;
  return alike ** (1 - unlike) * FACTORS[making].unlike ** unlike;
}

/** The rate in hashes and its interval: calibrated by `factor`, with what the clock cannot know of the dialect. */
export function widened(
  { estimate, low95, high95 }: Interval,
  factor: number,
  dialect: CounterInput['dialect'],
): Interval {
  const spread = (limit: number): number =>
    Math.hypot(factor * Math.log(limit / estimate), UNSEEN[dialect].half);
  return {
    estimate,
    low95: estimate * Math.exp(-spread(low95)),
    high95: estimate * Math.exp(spread(high95)),
  };
}
