/**
 * How a miner that restarts at 0 with each job hands out its nonces, by likelihood over a few hypotheses: one
 * counter (`single`), one counter in batches (`pooled`), chunks of one counter drawn by N tracks (`chunks`: XMRig
 * from 3 on with 4,096 or 32,768 nonces, xmr-stak), fixed parts of the range (`lanes`: XMRig up to 2, cpuminer,
 * xmr-stak-cpu). Each hypothesis is a proper density over nonces given the seconds since the job; against uniform
 * nonces its prior-weighted likelihood ratio is a Bayes factor, so that luck reaches 1,000 at most once in 1,000
 * random sessions, whatever their length.
 */
import type { PlacedShare } from '../counter-input.ts';
import { logAdd, median, thinned } from '../statistics/mathematics.ts';
import { LOG_CLOCK, LOG_SURE } from '../terms.ts';
import { againstRandomStarts, type Fit, fitHypothesis } from './fit.ts';
import { type Hypothesis, MANY_OFF } from './hypothesis.ts';
import { Sample } from './sample.ts';

interface Inference {
  /** ln Bayes factor of all hypotheses together against random nonces, and against random starts of the jobs. */
  readonly evidence: number;
  readonly best: Fit | null;
  /** All fits of the best fit's kind and size (one for each number of tracks) and its rivals. */
  readonly fits: readonly Fit[];
}

/** Fits a hypothesis and keeps what matters. */
type Keep = (hypothesis: Hypothesis, logPrior: number) => void;

const CHUNK_SIZES = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20].map((bits) => 2 ** bits);
const CHUNK_PRIOR = new Map([
  [4096, 0.3],
  [32_768, 0.4],
  [65_536, 0.1],
]);
/** GPU miners of slow algorithms work in rounds of up to some seconds; for CPU threads a round is one hash. */
const BEATS = [0.3, 0.6, 1.2, 2.4, 4.8, 9.6];
const LOG_BEAT_PRIOR = Math.log(0.03 / BEATS.length);
/** Shares that spread as much as this, relative, may be of tracks that are unlike. */
const WIDE_SPREAD = 0.25;
const UNLIKE_PRIOR = 0.2;
const BATCHES = [2 ** 12, 2 ** 14, 2 ** 16, 2 ** 18];
const MAX_TRACKS = 256;
/** Harmonic number of 256 less 1: normalises a prior of 1/N over 2 to 256 tracks. */
const TRACK_NORM = 5.125;
const SAMPLE = 120;
/** So much less likely than the best, a hypothesis may yet win with a beat (chunks: with another order of draws). */
const MARGIN = 60;
/** If so few shares are off a clock that is as sure as LOG_SURE, all are explained. */
const LITTLE = 0.1;
const CHUNK_MARGIN = 20;
/** So much less likely than the best, a finished fit may still be the truth. */
const RIVAL = Math.log(10_000);

/**
 * Infers the structure from shares of known age. `width` is the number of possible nonces; `chunks` false if the
 * dialect's miners do not draw chunks or batches from one counter.
 */
export function inferStructure(shares: readonly PlacedShare[], width: number, chunks: boolean): Inference {
  const sample = new Sample(thinned(shares, SAMPLE));
  const range = nonceRange(sample.shares, width);
  const fits: Fit[] = [];
  // What stays this far below the evidence that a clock needs is of no account either.
  let top = LOG_CLOCK;
  const keep: Keep = (hypothesis, logPrior) => {
    const floor = top - marginOf(hypothesis, fits);
    const fit = fitHypothesis(sample, hypothesis, range, logPrior, floor);
    if (fit === null) return;
    fits.push(fit);
    top = Math.max(top, fit.evidence);
  };
  const single: Hypothesis = {
    kind: 'single',
    size: range,
    tracks: 1,
    full: false,
    batch: 0,
    beat: 0,
    choice: 0,
    adrift: false,
    unlike: false,
  };
  keep(single, Math.log(0.25));
  for (const batch of BATCHES) {
    if (batch * 2 < range)
      keep(
        { kind: 'pooled', size: range, tracks: 1, full: false, batch, beat: 0, choice: 0, adrift: false },
        Math.log(0.05 / BATCHES.length),
      );
  }
  if (chunks) chunkFits(sample, fits, keep, false);
  // One counter that explains every share leaves nothing for parts of the range to explain.
  if (!isExplained(fits)) laneFits(sample, range, width, keep);
  // Shares of slower tracks say how many tracks there are, if they do not pass for random nonces; they may also be one
  // track's at another time.
  if (chunks && isLoose(fits)) {
    keep({ ...single, unlike: true }, Math.log(0.25 * UNLIKE_PRIOR));
    chunkFits(sample, fits, keep, true);
  }
  refine(sample, fits, keep);
  let best: Fit | null = null;
  for (const fit of fits) if (best === null || fit.evidence > best.evidence) best = fit;
  const floor = best === null ? 0 : best.evidence - RIVAL;
  const rivals = fits.filter((fit) => fit.evidence >= floor);
  let evidence = Number.NEGATIVE_INFINITY;
  for (const fit of rivals) evidence = logAdd(evidence, againstRandomStarts(fit, sample, range, width));
  return { evidence, best, fits: rivals };
}

/** By how much less likely than the best a hypothesis still matters. */
function marginOf({ kind, beat }: Hypothesis, fits: readonly Fit[]): number {
  // Those that are not tried again matter as rivals alone, pooled counters also if none yet explains every share.
  if (beat > 0 || (kind === 'pooled' && isExplained(fits))) return RIVAL;
  return kind === 'chunks' ? CHUNK_MARGIN : MARGIN;
}

/** Whether one counter explains every share. */
function isExplained(fits: readonly Fit[]): boolean {
  return fits.some(
    ({ hypothesis, evidence, off }) => hypothesis.kind !== 'chunks' && evidence > LOG_SURE && off < LITTLE,
  );
}

/**
 * Tries the likelier fits again with tracks in step and with rounds of work that take time. The variants stand
 * beside the first fit, so that what the shares leave open widens the interval.
 */
function refine(sample: Sample, fits: Fit[], keep: Keep): void {
  let top = LOG_CLOCK;
  for (const fit of fits) top = Math.max(top, fit.evidence);
  for (const { hypothesis, evidence, logPrior } of [...fits]) {
    const chunks = hypothesis.kind === 'chunks';
    // A pooled counter's batches are the noise that a beat would explain.
    if (evidence < top - (chunks ? CHUNK_MARGIN : MARGIN) || hypothesis.kind === 'pooled') continue;
    // In the first round tracks are in step anyway.
    const mayDrift = sample.highest >= hypothesis.size * hypothesis.tracks;
    if (chunks && mayDrift) keep({ ...hypothesis, adrift: false }, logPrior);
    for (const beat of BEATS) keep({ ...hypothesis, beat, adrift: false }, logPrior + LOG_BEAT_PRIOR);
  }
}

/** Whether the likeliest fit leaves so many shares off, or spreads so much, that tracks may be unlike. */
function isLoose(fits: readonly Fit[]): boolean {
  let best: Fit | null = null;
  for (const fit of fits) if (best === null || fit.evidence > best.evidence) best = fit;
  return best !== null && best.evidence > LOG_CLOCK && (best.off >= MANY_OFF || best.spread >= WIDE_SPREAD);
}

/**
 * Chunks of every size; `unlike` if the tracks that draw them need not be alike, and then of the common sizes alone.
 */
function chunkFits(sample: Sample, fits: Fit[], keep: Keep, unlike: boolean): void {
  const among = unlike ? UNLIKE_PRIOR : 1;
  const middle = median(sample.shares.map((share) => share.nonce));
  for (const size of CHUNK_SIZES) {
    if (unlike && !CHUNK_PRIOR.has(size)) continue;
    // Thousands of draws deep, chunks cannot be told from a pooled counter.
    if (middle > size * 4096) continue;
    const prior = Math.log((CHUNK_PRIOR.get(size) ?? 0.025) * 0.5 * among) - Math.log(TRACK_NORM);
    let highest = 0;
    for (const share of sample.shares) {
      const chunk = Math.floor(share.nonce / size);
      if (chunk < MAX_TRACKS) highest = Math.max(highest, chunk);
    }
    const firstRound = Math.max(2, Math.min(highest + 1, MAX_TRACKS));
    for (let tracks = 2; tracks <= firstRound; tracks += 1) {
      keep(
        { kind: 'chunks', size, tracks, full: false, batch: 0, beat: 0, choice: 0, adrift: true, unlike },
        prior - Math.log(tracks),
      );
    }
    addUnseen(sample, fits, size, firstRound);
  }
}

/** With more tracks than chunks seen, all shares are of the first round and only the choice of chunk dilutes. */
function addUnseen(sample: Sample, fits: Fit[], size: number, firstRound: number): void {
  const last = fits.at(-1);
  if (last === undefined || last.hypothesis.size !== size || last.hypothesis.tracks !== firstRound) return;
  const on = sample.shares.length * (1 - last.off);
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

function laneFits(sample: Sample, range: number, width: number, keep: Keep): void {
  // XMRig up to 2 and cpuminer part 2^32-1 (or 2^24-1) by the number of their threads and use every part.
  for (let ways = 2; ways <= MAX_TRACKS; ways += 1) {
    const size = Math.floor((width - 1) / ways);
    if (size >= range) continue;
    const prior = Math.log(0.1 / TRACK_NORM / ways);
    const choice = -sample.shares.length * Math.log(ways);
    keep({ kind: 'lanes', size, tracks: ways, full: true, batch: 0, beat: 0, choice, adrift: false }, prior);
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
    for (const share of sample.shares) {
      const lane = Math.floor(share.nonce / size);
      const before = lanes.get(lane) ?? 0;
      choice += Math.log((before + 1 / all) / (seen + 1));
      lanes.set(lane, before + 1);
      seen += 1;
    }
    if (lanes.size > MAX_TRACKS) continue;
    // Nonces that lie close together say nothing of time, however few lanes they are in.
    choice = Math.min(choice, -sample.shares.length * Math.log(all));
    // The density of a lane's choice is per lane; on the clock it multiplies each share's own density.
    keep(
      { kind: 'lanes', size, tracks: lanes.size, full: false, batch: 0, beat: 0, choice, adrift: false },
      prior,
    );
  }
}

/**
 * The tightest range that random nonces could come from: the smallest power of two that holds every nonce seen, or
 * those that differ in it if their upper bits are the same.
 */
function nonceRange(sample: readonly PlacedShare[], width: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 1;
  for (const { nonce } of sample) {
    lowest = Math.min(lowest, nonce);
    highest = Math.max(highest, nonce);
  }
  let range = 2;
  while (Math.floor(lowest / range) !== Math.floor(highest / range)) range *= 2;
  return Math.min(range, Math.max(width, 2));
}
