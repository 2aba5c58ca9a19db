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
  /** ln of the chance of just the lanes that the shares are in, all together; 0 where there are no lanes. */
  readonly choice: number;
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
/** The mixture of the most of either part is more than any mixture. */
const MOST_OFF = 0.25;
const BOTH_OFFS = 0.97 / 0.75;
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

/**
 * Fits rate, spread and outlier weight; null where no rate is common to two in five of the shares, or where no spread
 * could lift the evidence to `floor`.
 */
export function fitHypothesis(
  sample: Sample,
  hypothesis: Hypothesis,
  range: number,
  logPrior: number,
  floor: number,
): Fit | null {
  sample.place(hypothesis);
  const rate = sample.commonRate(hypothesis.beat);
  if (rate === null) return null;
  sample.judge(hypothesis.beat, rate);
  sample.compareAtBest(hypothesis, rate, range);
  const before = logPrior + hypothesis.choice - LOG_GRID;
  if (before + sample.logOfMixture(MOST_OFF) < floor) return null;
  let best = Number.NEGATIVE_INFINITY;
  let bestSpread = SPREADS[0] ?? 0;
  let bestOff = OFFS[0] ?? 0;
  for (const spread of SPREADS) {
    sample.compare(hypothesis, rate, spread, range);
    const narrower = best;
    for (const off of OFFS) {
      const log = sample.logOfMixture(off);
      if (log <= best) continue;
      best = log;
      bestSpread = spread;
      bestOff = off;
    }
    // The likelihood has one top: past it, wider spreads only lose.
    if (best === narrower) break;
  }
  return {
    hypothesis,
    rate,
    spread: bestSpread,
    off: bestOff,
    evidence: before + best,
    logPrior,
  };
}

/**
 * The evidence of a fit against jobs that each count up from a random start of all `width` nonces: the shares of such a
 * job fit or miss together, so that all of them are worth but one. Below the evidence against random nonces where jobs
 * are few and their nonces lie anywhere.
 */
export function againstRandomStarts(fit: Fit, sample: Sample, range: number, width: number): number {
  const { hypothesis, rate, spread, off, logPrior } = fit;
  sample.place(hypothesis);
  sample.judge(hypothesis.beat, rate);
  sample.compare(hypothesis, rate, spread, range);
  const choice = hypothesis.choice / sample.shares.length;
  const wider = Math.log(width / range);
  const logs = sample.logsByJob(off);
  let evidence = logPrior - LOG_GRID;
  for (let job = 0; job < logs.length; job += 1) evidence += (logs[job] ?? 0) + choice + wider;
  return Math.min(fit.evidence, evidence);
}

/** Factors gathered before a logarithm is taken: each lies between 0.03 and 10^10, so the product stays a number. */
const GATHERED = 16;
/** The highest rate of those that agree over the lowest: 20 % to either side. */
const WITHIN = Math.exp(0.36);

/**
 * Shares as columns of numbers, with room to work in: hundreds of hypotheses are tried on each session, and a scan
 * spent more on arrays made for them than on the arithmetic.
 */
export class Sample {
  readonly shares: readonly PlacedShare[];
  readonly #nonces: Float64Array;
  readonly #seconds: Float64Array;
  /** Progress under a hypothesis, then what it is off by; adrift NaN where the share's round is certain. */
  readonly #inStep: Float64Array;
  readonly #adrift: Float64Array;
  readonly #ratios: Float64Array;
  readonly #rates: Float64Array;
  /** Jobs in the order in which they come. */
  readonly #jobs: Uint32Array;
  readonly #jobCount: number;

  constructor(shares: readonly PlacedShare[]) {
    this.shares = shares;
    const length = shares.length;
    const room = new Float64Array(6 * length);
    const column = (index: number): Float64Array => room.subarray(index * length, (index + 1) * length);
    this.#nonces = column(0);
    this.#seconds = column(1);
    this.#inStep = column(2);
    this.#adrift = column(3);
    this.#ratios = column(4);
    this.#rates = column(5);
    this.#jobs = new Uint32Array(length);
    const jobs = new Map<number, number>();
    for (let index = 0; index < length; index += 1) {
      const { nonce, seconds, job } = shares[index];
      this.#nonces[index] = nonce;
      this.#seconds[index] = seconds;
      const own = jobs.get(job) ?? jobs.size;
      jobs.set(job, own);
      this.#jobs[index] = own;
    }
    this.#jobCount = jobs.size;
  }

  /** Works out where each share stands on its track under a hypothesis, by either reading of a chunk's number. */
  place(hypothesis: Hypothesis): void {
    const { kind, size, tracks } = hypothesis;
    const nonces = this.#nonces;
    const firstRound = size * tracks;
    const between = (tracks - 1) / 2;
    for (let index = 0; index < nonces.length; index += 1) {
      const nonce = nonces[index] ?? 0;
      if (kind === 'chunks') {
        const chunk = Math.floor(nonce / size);
        const offset = nonce - chunk * size;
        this.#inStep[index] = Math.floor(chunk / tracks) * size + offset;
        // As progressAdrift has it; the round of a first chunk is certain.
        this.#adrift[index] =
          hypothesis.adrift && nonce >= firstRound
            ? ((chunk - between) * size) / tracks + offset
            : Number.NaN;
      } else {
        this.#inStep[index] = kind === 'lanes' ? nonce % size : nonce;
        this.#adrift[index] = Number.NaN;
      }
    }
  }

  /** The rate that most shares agree on within 20 %; null where fewer than two in five do. Call `place` before. */
  commonRate(beat: number): number | null {
    const least = Math.max(0.2, beat);
    let count = 0;
    for (let index = 0; index < this.#nonces.length; index += 1) {
      const adrift = this.#adrift[index] ?? Number.NaN;
      const progress = Number.isNaN(adrift) ? (this.#inStep[index] ?? 0) : adrift;
      const seconds = (this.#seconds[index] ?? 0) - beat;
      if (seconds > least && progress > 0) this.#rates[count++] = progress / seconds;
    }
    const rates = count === this.#rates.length ? this.#rates : this.#rates.subarray(0, count);
    rates.sort();
    let first = 0;
    let bestCount = 0;
    let bestFirst = 0;
    for (let last = 0; last < count; last += 1) {
      const most = rates[last] ?? 0;
      while (most > WITHIN * (rates[first] ?? 0)) first += 1;
      if (last - first + 1 > bestCount) {
        bestCount = last - first + 1;
        bestFirst = first;
      }
    }
    if (bestCount < 2 || bestCount < 0.4 * count) return null;
    return rates[bestFirst + (bestCount >> 1)] ?? null;
  }

  /** Turns where each share stands into what it is off by at a rate. */
  judge(beat: number, rate: number): void {
    for (let index = 0; index < this.#nonces.length; index += 1) {
      const due = rate * Math.max(0, (this.#seconds[index] ?? 0) - beat);
      this.#inStep[index] = (this.#inStep[index] ?? 0) - due;
      this.#adrift[index] = (this.#adrift[index] ?? Number.NaN) - due;
    }
  }

  /**
   * Likelihood of each share on the clock over that of a random nonce. Each amount of progress belongs to as many
   * nonces as there are tracks; the choice of the lane is priced by the caller.
   */
  compare(hypothesis: Hypothesis, rate: number, spread: number, range: number): void {
    const fixed = fixedVariance(rate, hypothesis);
    const weight = hypothesis.kind === 'chunks' ? range / hypothesis.tracks : range;
    for (let index = 0; index < this.#nonces.length; index += 1) {
      const age = spread * rate * (this.#seconds[index] ?? 0);
      const scale = Math.sqrt(age * age + fixed);
      let density = student4((this.#inStep[index] ?? 0) / scale);
      const away = this.#adrift[index] ?? Number.NaN;
      if (!Number.isNaN(away)) density = (density + student4(away / scale)) / 2;
      this.#ratios[index] = (weight * density) / scale;
    }
  }

  /** The same at the best that any spread can do for each share: Student's t is highest where it is one scale off. */
  compareAtBest(hypothesis: Hypothesis, rate: number, range: number): void {
    const least = Math.sqrt(fixedVariance(rate, hypothesis));
    const weight = hypothesis.kind === 'chunks' ? range / hypothesis.tracks : range;
    for (let index = 0; index < this.#nonces.length; index += 1) {
      let off = Math.abs(this.#inStep[index] ?? 0);
      const away = this.#adrift[index] ?? Number.NaN;
      if (!Number.isNaN(away)) off = Math.min(off, Math.abs(away));
      this.#ratios[index] = Math.min((weight * 0.375) / least, (weight * 0.2147) / off) * BOTH_OFFS;
    }
  }

  /** For each job the mean over its shares of ln(off + (1 - off) · ratio). */
  logsByJob(off: number): Float64Array {
    const logs = new Float64Array(this.#jobCount);
    const shares = new Float64Array(this.#jobCount);
    for (let index = 0; index < this.#ratios.length; index += 1) {
      const job = this.#jobs[index] ?? 0;
      logs[job] += Math.log(off + (1 - off) * (this.#ratios[index] ?? 0));
      shares[job] += 1;
    }
    for (let job = 0; job < logs.length; job += 1) logs[job] /= shares[job];
    return logs;
  }

  /** ln of the product of off + (1 - off) · ratio over all shares. */
  logOfMixture(off: number): number {
    let sum = 0;
    let product = 1;
    for (let index = 0; index < this.#ratios.length; index += 1) {
      product *= off + (1 - off) * (this.#ratios[index] ?? 0);
      if (index % GATHERED === GATHERED - 1) {
        sum += Math.log(product);
        product = 1;
      }
    }
    return sum + Math.log(product);
  }
}
