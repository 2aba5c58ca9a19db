/**
 * A hypothesis fitted to shares: its rate, how far shares spread about it, and its evidence against random nonces.
 */
import { FEW_OFF, type Hypothesis, MANY_OFF } from './hypothesis.ts';
import type { Sample, Trial } from './sample.ts';

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
// Rates from 1e-3 to 1e9 a second in steps of 1 %, four spreads, two outlier weights, 33 widths of the null.
const LOG_GRID = Math.log(2_777) + Math.log(SPREADS.length * 2) + Math.log(33);

/**
 * Fits rate, spread and outlier weight; null if no rate is common to two in five of the shares, or if no spread
 * could lift the evidence to `floor`.
 */
export function fitHypothesis(
  sample: Sample,
  hypothesis: Hypothesis,
  range: number,
  logPrior: number,
  floor: number,
): Fit | null {
  const trial = trialOf(sample, hypothesis, range);
  const before = logPrior + hypothesis.choice - LOG_GRID;
  if (trial === null || before + trial.most < floor) return null;
  trial.best ??= bestOf(sample, hypothesis, trial.rate, range);
  const { spread, off, log } = trial.best;
  return { hypothesis, rate: trial.rate, spread, off, evidence: before + log, logPrior };
}

/** Null if no rate is common to the shares. */
function trialOf(sample: Sample, hypothesis: Hypothesis, range: number): Trial | null {
  const { kind, size, tracks, beat, unlike } = hypothesis;
  // Chunks that no share has left explain the shares alike, whatever their size.
  const isFirst = kind === 'chunks' && sample.highest < size;
  // Beats are below a hundred seconds.
  const key = isFirst ? (unlike === true ? -1 : 1) * (tracks + beat / 100) : null;
  const known = key === null ? undefined : sample.trials.get(key);
  if (known !== undefined) return known;
  const trial = sample.try(hypothesis, range);
  if (key !== null) sample.trials.set(key, trial);
  return trial;
}

function bestOf(
  sample: Sample,
  hypothesis: Hypothesis,
  rate: number,
  range: number,
): NonNullable<Trial['best']> {
  let best = { spread: SPREADS[0] ?? 0, off: FEW_OFF, log: Number.NEGATIVE_INFINITY };
  for (const spread of SPREADS) {
    const { few, many } = sample.compare(hypothesis, rate, spread, range);
    const narrower = best;
    if (few > best.log) best = { spread, off: FEW_OFF, log: few };
    if (many > best.log) best = { spread, off: MANY_OFF, log: many };
    // The likelihood has one top: past it, wider spreads only lose.
    if (best === narrower) break;
  }
  return best;
}

/**
 * The evidence of a fit against jobs that each count up from a random start of all `width` nonces: the shares of such a
 * job fit or miss together, so that all of them are worth but one. Below the evidence against random nonces where jobs
 * are few and their nonces lie anywhere.
 */
export function againstRandomStarts(fit: Fit, sample: Sample, range: number, width: number): number {
  const { hypothesis, rate, spread, off, logPrior } = fit;
  sample.compare(hypothesis, rate, spread, range);
  const choice = hypothesis.choice / sample.shares.length;
  const wider = Math.log(width / range);
  const logs = sample.logsByJob(off);
  let evidence = logPrior - LOG_GRID;
  for (let job = 0; job < logs.length; job += 1) evidence += (logs[job] ?? 0) + choice + wider;
  return Math.min(fit.evidence, evidence);
}
