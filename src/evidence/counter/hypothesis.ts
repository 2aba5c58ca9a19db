/**
 * One hypothesis about how nonces are handed out: what it expects of a share, how well it fits. Densities are proper
 * (each sums to at most 1 over all nonces), so that likelihood ratios against random nonces are Bayes factors.
 */
import type { PlacedShare } from './counter-input.ts';
import { student4 } from './mathematics.ts';

export interface Hypothesis {
  readonly kind: 'single' | 'pooled' | 'chunks' | 'lanes';
  /** Nonces of a chunk or lane; the whole range for a single or pooled counter. */
  readonly size: number;
  /** Tracks that draw chunks; distinct lanes seen; 1 otherwise. */
  readonly tracks: number;
  /** Lanes only: every lane of the range is in use. */
  readonly full: boolean;
  /** Additive noise of a pooled counter, nonces. */
  readonly batch: number;
  /** Seconds of one round of work: a new job waits for the round in hand, and a find for the end of its round. */
  readonly beat: number;
  /** Chunks only: whether the tracks may have drifted apart, so that a draw's number no longer tells its round. */
  readonly adrift: boolean;
}

export interface Fit {
  readonly hypothesis: Hypothesis;
  /** Counts per second of one track. */
  readonly rate: number;
  /** Relative scale of one share's residual. */
  readonly spread: number;
  /** Prior weight of a share that is off the clock. */
  readonly off: number;
  /** ln of prior times likelihood ratio against random nonces. */
  readonly evidence: number;
  readonly logPrior: number;
}

const SPREADS = [0.01, 0.03, 0.1, 0.25];
const OFFS = [0.03, 0.25];
// Rates from 1e-3 to 1e9 a second in steps of 1 %, four spreads, two outlier weights, 33 widths of the null.
const LOG_GRID = Math.log(2_777) + Math.log(SPREADS.length * OFFS.length) + Math.log(33);
/** Seconds by which the miner's clock may lag: queues, the hash in hand, scheduling. */
const LAG_SECONDS = 0.1;

/** Scale of a share's residual, in counts, at `seconds` after its job. */
export function residualScale(rate: number, seconds: number, spread: number, hypothesis: Hypothesis): number {
  return Math.sqrt((spread * rate * seconds) ** 2 + fixedVariance(rate, hypothesis));
}

/** The part of it that does not grow with time, squared. */
function fixedVariance(rate: number, hypothesis: Hypothesis): number {
  // Waiting for one round and for the end of another: two uniform times, together 0.41 of a beat in deviation.
  const lag = rate * (LAG_SECONDS + 0.41 * hypothesis.beat);
  return lag * lag + hypothesis.batch ** 2 + 0.4;
}

/** Progress of the share's track if all tracks draw in step: rounds done times chunk, plus the offset in it. */
export function progressInStep(nonce: number, hypothesis: Hypothesis): number {
  if (hypothesis.kind === 'chunks') {
    const chunk = Math.floor(nonce / hypothesis.size);
    return Math.floor(chunk / hypothesis.tracks) * hypothesis.size + (nonce % hypothesis.size);
  }
  return hypothesis.kind === 'lanes' ? nonce % hypothesis.size : nonce;
}

/** Progress if the tracks have drifted apart: from the number of draws before this one, half a chunk less each. */
export function progressAdrift(nonce: number, hypothesis: Hypothesis): number {
  const chunk = Math.floor(nonce / hypothesis.size);
  if (!hypothesis.adrift || chunk < hypothesis.tracks) return progressInStep(nonce, hypothesis);
  const draws = chunk - (hypothesis.tracks - 1) / 2;
  return (draws * hypothesis.size) / hypothesis.tracks + (nonce % hypothesis.size);
}

/** Fits rate, spread and outlier weight; null where no rate is common to two in five of the shares. */
export function fitHypothesis(
  sample: readonly PlacedShare[],
  hypothesis: Hypothesis,
  range: number,
  logPrior: number,
): Fit | null {
  const rate = commonRate(sample, hypothesis);
  if (rate === null) return null;
  const seen = new Residuals(sample, hypothesis, rate);
  const ratios = new Float64Array(sample.length);
  let best: Fit | null = null;
  for (const spread of SPREADS) {
    for (let index = 0; index < ratios.length; index += 1)
      ratios[index] = range * seen.density(index, spread);
    for (const off of OFFS) {
      const evidence = logPrior - LOG_GRID + logOfMixture(ratios, off);
      if (best === null || evidence > best.evidence)
        best = { hypothesis, rate, spread, off, evidence, logPrior };
    }
  }
  return best;
}

/** Factors gathered before a logarithm is taken: each lies between 0.03 and 10^10, so the product stays a number. */
const GATHERED = 16;

/** ln of the product of off + (1 - off) · ratio over all shares. */
function logOfMixture(ratios: Float64Array, off: number): number {
  let sum = 0;
  let product = 1;
  for (let index = 0; index < ratios.length; index += 1) {
    product *= off + (1 - off) * (ratios[index] ?? 0);
    if (index % GATHERED === GATHERED - 1) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return sum + Math.log(product);
}

/** What each share is off by under a hypothesis, worked out once for all spreads that are tried. */
class Residuals {
  readonly #hypothesis: Hypothesis;
  /** Squares of the parts of the scale: the lag with the batch and rounding, and the age times the rate. */
  readonly #fixed: number;
  readonly #rate: number;
  readonly #seconds: Float64Array;
  readonly #inStep: Float64Array;
  /** NaN where the share is of a first chunk, whose round is certain. */
  readonly #adrift: Float64Array;

  constructor(sample: readonly PlacedShare[], hypothesis: Hypothesis, rate: number) {
    this.#hypothesis = hypothesis;
    this.#rate = rate;
    this.#fixed = fixedVariance(rate, hypothesis);
    this.#seconds = new Float64Array(sample.length);
    this.#inStep = new Float64Array(sample.length);
    this.#adrift = new Float64Array(sample.length);
    const firstRound = hypothesis.size * hypothesis.tracks;
    const mayDrift = hypothesis.kind === 'chunks' && hypothesis.adrift;
    let index = 0;
    for (const { nonce, seconds } of sample) {
      const due = rate * Math.max(0, seconds - hypothesis.beat);
      this.#seconds[index] = seconds;
      this.#inStep[index] = progressInStep(nonce, hypothesis) - due;
      this.#adrift[index] =
        mayDrift && nonce >= firstRound ? progressAdrift(nonce, hypothesis) - due : Number.NaN;
      index += 1;
    }
  }

  /**
   * Density per nonce of a share that is on the clock. Each amount of progress belongs to as many nonces as there are
   * tracks; the choice of the lane is priced by the caller.
   */
  density(index: number, spread: number): number {
    const age = spread * this.#rate * (this.#seconds[index] ?? 0);
    const scale = Math.sqrt(age * age + this.#fixed);
    const inStep = student4((this.#inStep[index] ?? 0) / scale) / scale;
    if (this.#hypothesis.kind !== 'chunks') return inStep;
    const away = this.#adrift[index] ?? Number.NaN;
    if (Number.isNaN(away)) return inStep / this.#hypothesis.tracks;
    return (inStep + student4(away / scale) / scale) / 2 / this.#hypothesis.tracks;
  }
}

/** The highest rate of those that agree over the lowest: 20 % to either side. */
const WITHIN = Math.exp(0.36);

/** The rate that most shares agree on within 20 %; null where fewer than two in five do. */
function commonRate(sample: readonly PlacedShare[], hypothesis: Hypothesis): number | null {
  const found = new Float64Array(sample.length);
  let count = 0;
  for (const share of sample) {
    const progress = progressAdrift(share.nonce, hypothesis);
    const seconds = share.seconds - hypothesis.beat;
    if (seconds > Math.max(0.2, hypothesis.beat) && progress > 0) found[count++] = progress / seconds;
  }
  // Thousands of hypotheses are tried: a typed array sorts without a call for each comparison.
  const rates = found.subarray(0, count).sort();
  let first = 0;
  let bestCount = 0;
  let bestFirst = 0;
  for (let last = 0; last < rates.length; last += 1) {
    while ((rates[last] ?? 0) > WITHIN * (rates[first] ?? 0)) first += 1;
    if (last - first + 1 > bestCount) {
      bestCount = last - first + 1;
      bestFirst = first;
    }
  }
  if (bestCount < 2 || bestCount < 0.4 * rates.length) return null;
  return rates[bestFirst + (bestCount >> 1)] ?? null;
}
