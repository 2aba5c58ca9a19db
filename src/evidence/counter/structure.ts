/**
 * How a miner that restarts at 0 with each job hands out its nonces, by likelihood over a few hypotheses: one
 * counter (`single`), one counter in batches (`pooled`), chunks of one counter drawn by N tracks (`chunks`: XMRig
 * from 3 on with 4,096 or 32,768 nonces, xmr-stak), fixed parts of the range (`lanes`: XMRig up to 2, cpuminer,
 * xmr-stak-cpu). Each hypothesis is a proper density over nonces given the seconds since the job; against uniform
 * nonces its prior-weighted likelihood ratio is a Bayes factor, so that luck reaches 1,000 at most once in 1,000
 * random sessions, whatever their length.
 */
import type { PlacedShare } from './counter-input.ts';
import { logAdd, median, student4 } from './mathematics.ts';

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

export interface Inference {
  /** ln Bayes factor of all hypotheses together against random nonces. */
  readonly evidence: number;
  readonly best: Fit | null;
  /** All fits of the best fit's kind and size (one for each number of tracks) and rivals within 12 nats. */
  readonly fits: readonly Fit[];
}

const SPREADS = [0.01, 0.03, 0.1, 0.25];
const OFFS = [0.03, 0.25];
// Rates from 1e-3 to 1e9 a second in steps of 1 %, four spreads, two outlier weights, 33 widths of the null.
const LOG_GRID = Math.log(2_777) + Math.log(SPREADS.length * OFFS.length) + Math.log(33);
/** Seconds by which the miner's clock may lag: queues, the hash in hand, scheduling. */
const LAG_SECONDS = 0.1;
const CHUNK_SIZES = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20].map((bits) => 2 ** bits);
const CHUNK_PRIOR = new Map([
  [4096, 0.3],
  [32_768, 0.4],
  [65_536, 0.1],
]);
/** GPU miners of slow algorithms work in rounds of up to some seconds; for CPU threads a round is one hash. */
const BEATS = [0.3, 0.6, 1.2, 2.4, 4.8, 9.6];
const LOG_BEAT_PRIOR = Math.log(0.03 / BEATS.length);
const BATCHES = [2 ** 12, 2 ** 14, 2 ** 16, 2 ** 18];
const MAX_TRACKS = 256;
/** Harmonic number of 256 less 1: normalises a prior of 1/N over 2 to 256 tracks. */
const TRACK_NORM = 5.125;
const SAMPLE = 120;

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

/**
 * Infers the structure from shares of known age. `width` is the number of possible nonces; `chunks` false where the
 * dialect's miners do not draw chunks or batches from one counter.
 */
export function inferStructure(shares: readonly PlacedShare[], width: number, chunks: boolean): Inference {
  const sample = thin(shares);
  const range = nonceRange(sample, width);
  const fits: Fit[] = [];
  const keep = (hypothesis: Hypothesis, logPrior: number): void => {
    const fit = fitHypothesis(sample, hypothesis, range, logPrior);
    if (fit !== null) fits.push(fit);
  };
  keep(
    { kind: 'single', size: range, tracks: 1, full: false, batch: 0, beat: 0, adrift: false },
    Math.log(0.25),
  );
  for (const batch of BATCHES) {
    if (batch * 2 < range)
      keep(
        { kind: 'pooled', size: range, tracks: 1, full: false, batch, beat: 0, adrift: false },
        Math.log(0.05 / BATCHES.length),
      );
  }
  if (chunks) chunkFits(sample, fits, keep);
  laneFits(sample, range, width, keep);
  refine(sample, fits, range);
  let evidence = Number.NEGATIVE_INFINITY;
  let best: Fit | null = null;
  for (const fit of fits) {
    evidence = logAdd(evidence, fit.evidence);
    if (best === null || fit.evidence > best.evidence) best = fit;
  }
  const floor = best === null ? 0 : best.evidence - 12;
  return { evidence, best, fits: fits.filter((fit) => fit.evidence >= floor) };
}

/**
 * Tries the likelier fits again with tracks in step and with rounds of work that take time. The variants stand
 * beside the first fit, so that what the shares leave open widens the interval.
 */
function refine(sample: readonly PlacedShare[], fits: Fit[], range: number): void {
  let top = Number.NEGATIVE_INFINITY;
  for (const fit of fits) top = Math.max(top, fit.evidence);
  for (const fit of [...fits]) {
    const chunks = fit.hypothesis.kind === 'chunks';
    if (fit.evidence < top - (chunks ? 20 : 60)) continue;
    const variants: Hypothesis[] = chunks ? [{ ...fit.hypothesis, adrift: false }] : [];
    for (const beat of BEATS) variants.push({ ...fit.hypothesis, beat, adrift: false });
    for (const variant of variants) {
      const prior = fit.logPrior + (variant.beat > 0 ? LOG_BEAT_PRIOR : 0);
      const other = fitHypothesis(sample, variant, range, prior);
      if (other !== null) fits.push(other);
    }
  }
}

function chunkFits(
  sample: readonly PlacedShare[],
  fits: Fit[],
  keep: (hypothesis: Hypothesis, logPrior: number) => void,
): void {
  const middle = median(sample.map((share) => share.nonce));
  for (const size of CHUNK_SIZES) {
    // Thousands of draws deep, chunks cannot be told from a pooled counter.
    if (middle > size * 4096) continue;
    const prior = Math.log((CHUNK_PRIOR.get(size) ?? 0.025) * 0.5) - Math.log(TRACK_NORM);
    let highest = 0;
    for (const share of sample) {
      const chunk = Math.floor(share.nonce / size);
      if (chunk < MAX_TRACKS) highest = Math.max(highest, chunk);
    }
    const firstRound = Math.max(2, Math.min(highest + 1, MAX_TRACKS));
    for (let tracks = 2; tracks <= firstRound; tracks += 1) {
      keep(
        { kind: 'chunks', size, tracks, full: false, batch: 0, beat: 0, adrift: true },
        prior - Math.log(tracks),
      );
    }
    // With more tracks than chunks seen, all shares are of the first round and only the choice of chunk dilutes.
    const last = fits.at(-1);
    if (last === undefined || last.hypothesis.size !== size || last.hypothesis.tracks !== firstRound)
      continue;
    const on = sample.length * (1 - last.off);
    for (let tracks = firstRound + 1; tracks <= MAX_TRACKS; tracks += 1) {
      const dilution = (on + 1) * Math.log(tracks / firstRound);
      if (dilution > 14) break;
      fits.push({
        ...last,
        hypothesis: { ...last.hypothesis, tracks },
        evidence: last.evidence - dilution,
        logPrior: last.logPrior - Math.log(tracks / firstRound),
      });
    }
  }
}

function laneFits(
  sample: readonly PlacedShare[],
  range: number,
  width: number,
  keep: (hypothesis: Hypothesis, logPrior: number) => void,
): void {
  // XMRig up to 2 and cpuminer part 2^32-1 (or 2^24-1) by the number of their threads and use every part.
  for (let ways = 2; ways <= MAX_TRACKS; ways += 1) {
    const size = Math.floor((width - 1) / ways);
    if (size >= range) continue;
    const prior = Math.log(0.1 / TRACK_NORM / ways) - sample.length * Math.log(ways);
    keep({ kind: 'lanes', size, tracks: ways, full: true, batch: 0, beat: 0, adrift: false }, prior);
  }
  // xmr-stak-cpu starts at bit-reversed thread numbers: multiples of a power of two, not every one in use.
  const sizes: number[] = [];
  for (let bits = Math.max(16, Math.log2(width) - 12); 2 ** bits < range; bits += 1) sizes.push(2 ** bits);
  const prior = Math.log(0.1 / Math.max(1, sizes.length));
  for (const size of sizes) {
    const lanes = new Map<number, number>();
    const all = range / size;
    let choice = 0;
    let seen = 0;
    for (const share of sample) {
      const lane = Math.floor(share.nonce / size);
      const before = lanes.get(lane) ?? 0;
      choice += Math.log((before + 1 / all) / (seen + 1));
      lanes.set(lane, before + 1);
      seen += 1;
    }
    if (lanes.size > MAX_TRACKS) continue;
    // The density of a lane's choice is per lane; on the clock it multiplies each share's own density.
    keep(
      { kind: 'lanes', size, tracks: lanes.size, full: false, batch: 0, beat: 0, adrift: false },
      prior + choice,
    );
  }
}

function fitHypothesis(
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
  const rates: number[] = [];
  for (const share of sample) {
    const progress = progressAdrift(share.nonce, hypothesis);
    const seconds = share.seconds - hypothesis.beat;
    if (seconds > Math.max(0.2, hypothesis.beat) && progress > 0) rates.push(Math.log(progress / seconds));
  }
  rates.sort((a, b) => a - b);
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

/** The smallest power of two that holds every nonce seen: the tightest range random nonces could come from. */
function nonceRange(sample: readonly PlacedShare[], width: number): number {
  let highest = 1;
  for (const share of sample) highest = Math.max(highest, share.nonce);
  let range = 2;
  while (range <= highest) range *= 2;
  return Math.min(range, Math.max(width, 2));
}

function thin(shares: readonly PlacedShare[]): readonly PlacedShare[] {
  if (shares.length <= SAMPLE) return shares;
  const kept: PlacedShare[] = [];
  for (let index = 0; index < SAMPLE; index += 1) {
    const share = shares[Math.floor((index * shares.length) / SAMPLE)];
    if (share !== undefined) kept.push(share);
  }
  return kept;
}
