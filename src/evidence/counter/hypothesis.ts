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
  // Waiting for one round and for the end of another: two uniform times, together 0.41 of a beat in deviation.
  const lag = rate * (LAG_SECONDS + 0.41 * hypothesis.beat);
  return Math.sqrt((spread * rate * seconds) ** 2 + lag * lag + hypothesis.batch ** 2 + 0.4);
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
  const ratios = new Float64Array(sample.length);
  let best: Fit | null = null;
  for (const spread of SPREADS) {
    for (const [index, share] of sample.entries()) {
      ratios[index] = range * densityOnClock(share, hypothesis, rate, spread);
    }
    for (const off of OFFS) {
      let evidence = logPrior - LOG_GRID;
      for (const ratio of ratios) evidence += Math.log(off + (1 - off) * ratio);
      if (best === null || evidence > best.evidence)
        best = { hypothesis, rate, spread, off, evidence, logPrior };
    }
  }
  return best;
}

/**
 * Density per nonce of a share that is on the clock. Each amount of progress belongs to as many nonces as there are
 * tracks; the choice of the lane is priced by the caller.
 */
function densityOnClock(share: PlacedShare, hypothesis: Hypothesis, rate: number, spread: number): number {
  const scale = residualScale(rate, share.seconds, spread, hypothesis);
  const due = rate * Math.max(0, share.seconds - hypothesis.beat);
  const inStep = student4((progressInStep(share.nonce, hypothesis) - due) / scale) / scale;
  if (hypothesis.kind !== 'chunks') return inStep;
  if (!hypothesis.adrift || share.nonce < hypothesis.size * hypothesis.tracks)
    return inStep / hypothesis.tracks;
  const adrift = student4((progressAdrift(share.nonce, hypothesis) - due) / scale) / scale;
  return (inStep + adrift) / 2 / hypothesis.tracks;
}

/** The rate that most shares agree on within 20 %; null where fewer than two in five do. */
function commonRate(sample: readonly PlacedShare[], hypothesis: Hypothesis): number | null {
  const found = new Float64Array(sample.length);
  let count = 0;
  for (const share of sample) {
    const progress = progressAdrift(share.nonce, hypothesis);
    const seconds = share.seconds - hypothesis.beat;
    if (seconds > Math.max(0.2, hypothesis.beat) && progress > 0)
      found[count++] = Math.log(progress / seconds);
  }
  // Thousands of hypotheses are tried: a typed array sorts without a call for each comparison.
  const rates = found.subarray(0, count).sort();
  let first = 0;
  let bestCount = 0;
  let bestFirst = 0;
  for (let last = 0; last < rates.length; last += 1) {
    while ((rates[last] ?? 0) - (rates[first] ?? 0) > 0.36) first += 1;
    if (last - first + 1 > bestCount) {
      bestCount = last - first + 1;
      bestFirst = first;
    }
  }
  if (bestCount < 2 || bestCount < 0.4 * rates.length) return null;
  return Math.exp(rates[bestFirst + (bestCount >> 1)] ?? 0);
}
