/**
 * How a miner that restarts at 0 with each job hands out its nonces, by likelihood over a few hypotheses: one
 * counter (`single`), chunks of one counter drawn by N tracks (`chunks`: XMRig
 * from 3 on with 4,096 or 32,768 nonces, xmr-stak), fixed parts of the range (`lanes`: XMRig up to 2, cpuminer,
 * xmr-stak-cpu). Each hypothesis is a proper density over nonces given the seconds since the job; against uniform
 * nonces its prior-weighted likelihood ratio is a Bayes factor, so that luck reaches 1,000 at most once in 1,000
 * random sessions, whatever their length.
 */
import { CHUNKS, Fit, fitAt, LANES, SINGLE } from './fit.ts';
import { COUNTS_AT, FIT_BYTES, FITS_AT, MOST_FITS, NONCES_AT, SUMS_AT } from './memory.ts';
import { FEW_OFF, LOG_CLOCK, LOG_SURE, MANY_OFF } from './odds.ts';
import {
  at,
  beginSample,
  commonRate,
  compare,
  compareAtBest,
  compareJudged,
  count,
  few,
  highest,
  lowest,
  many,
  middleNonce,
  put,
  sumOverJobs,
} from './sample.ts';

const LEAST_CHUNK_BITS: i32 = 10;
const MOST_CHUNK_BITS: i32 = 20;
/** GPU miners of slow algorithms work in rounds of 0.3 to 9.6 seconds, doubled; for CPU threads a round is one hash. */
const LEAST_BEAT: f64 = 0.3;
const MOST_BEAT: f64 = 9.6;
const LOG_BEAT_PRIOR: f64 = Math.log(0.03 / 6);
const SPREADS: i32 = 4;
const MAX_TRACKS: i32 = 256;
/** Shares that spread as much as this, relative, may be of tracks that are unlike. */
const WIDE_SPREAD: f64 = 0.25;
const UNLIKE_PRIOR: f64 = 0.2;
/** Harmonic number of 256 less 1: normalises a prior of 1/N over 2 to 256 tracks. */
const TRACK_NORM: f64 = 5.125;
/** So much less likely than the best, a hypothesis may yet win with a beat (chunks: with another order of draws). */
const MARGIN: f64 = 60;
/** If so few shares are off a clock that is as sure as LOG_SURE, all are explained. */
const LITTLE: f64 = 0.1;
const CHUNK_MARGIN: f64 = 20;
/** So much less likely than the best, a finished fit may still be the truth. */
const RIVAL: f64 = Math.log(10_000);
/** With so many more tracks than chunks are seen, a fit is this much less likely (ln), and of no account. */
const MOST_DILUTION: f64 = 14;
/** Rates from 1e-3 to 1e9 a second in steps of 1 %, four spreads, two outlier weights, 33 widths of the null. */
const LOG_GRID: f64 = Math.log(2_777) + Math.log(<f64>SPREADS * 2) + Math.log(33);

/** The tightest range of the sample's nonces; how many fits there are, and the best evidence so far. */
let range: f64 = 0;
let fits: i32 = 0;
let top: f64 = 0;
/** Whether one counter explains every share. */
let isExplained: bool = false;
/** ln Bayes factor of all hypotheses together against random nonces, and against random starts of the jobs. */
export let evidence: f64 = 0;

/**
 * Infers the structure from the shares in the memory; answers how many fits matter, which begin the list: the best, and
 * its rivals. `width` is the number of possible nonces; `chunks` 0 if the dialect's miners do not draw from one counter.
 */
export function infer(shares: i32, jobs: i32, width: f64, chunks: i32): i32 {
  beginSample(shares, jobs);
  range = nonceRange(width);
  fits = 0;
  // What stays this far below the evidence that a clock needs is of no account either.
  top = LOG_CLOCK;
  isExplained = false;
  hypothesis(SINGLE, range, 1);
  keep(Math.log(0.25));
  if (chunks !== 0) chunkFits(0);
  // One counter that explains every share leaves nothing for parts of the range to explain.
  if (!isExplained) laneFits(width);
  // Shares of slower tracks say how many tracks there are, if they do not pass for random nonces; they may also be one
  // track's at another time.
  if (chunks !== 0 && isLoose()) {
    hypothesis(SINGLE, range, 1).unlike = 1;
    keep(Math.log(0.25 * UNLIKE_PRIOR));
    chunkFits(1);
  }
  refine();
  return rivals(width);
}

/** A hypothesis, at the end of the list. */
function hypothesis(kind: u8, size: f64, tracks: i32): Fit {
  memory.fill(FITS_AT + <usize>fits * FIT_BYTES, 0, FIT_BYTES);
  const fit = fitAt(fits);
  fit.kind = kind;
  fit.size = size;
  fit.tracks = tracks;
  return fit;
}

/** Fits the hypothesis at the end of the list, and keeps it if it matters. */
function keep(logPrior: f64): void {
  const fit = fitAt(fits);
  fit.logPrior = logPrior;
  if (fits === MOST_FITS - 1 || !fitted(fit, top - marginOf(fit))) return;
  fits++;
  top = max(top, fit.evidence);
  if (fit.kind !== CHUNKS && fit.evidence > LOG_SURE && fit.off < LITTLE) isExplained = true;
}

/** By how much less likely than the best a hypothesis still matters. */
function marginOf(fit: Fit): f64 {
  // Those that are not tried again matter as rivals alone.
  if (fit.beat > 0) return RIVAL;
  return fit.kind === CHUNKS ? CHUNK_MARGIN : MARGIN;
}

/**
 * Fits rate, spread and outlier weight; false if no rate is common to two in five of the shares, or if no spread could lift
 * the evidence to `floor`.
 */
function fitted(fit: Fit, floor: f64): bool {
  const weight = weightOf(fit);
  const rate = commonRate(fit);
  if (Number.isNaN(rate)) return false;
  const before = fit.logPrior + fit.choice - LOG_GRID;
  if (before + compareAtBest(fit, rate, weight) < floor) return false;
  let best: f64 = -Infinity;
  for (let at = 0; at < SPREADS; at++) {
    compareJudged(fit, rate, spreadAt(at), weight);
    // The likelihood has one top: past it, wider spreads only lose.
    if (max(few, many) <= best) break;
    best = max(few, many);
    fit.spread = spreadAt(at);
    fit.off = many > few ? MANY_OFF : FEW_OFF;
  }
  fit.rate = rate;
  fit.evidence = before + best;
  return true;
}

function spreadAt(at: i32): f64 {
  if (at === 0) return 0.01;
  if (at === 1) return 0.03;
  return at === 2 ? 0.1 : 0.25;
}

/** The number of nonces among which each amount of a track's progress is one. */
function weightOf(fit: Fit): f64 {
  return fit.kind === CHUNKS ? range / <f64>fit.tracks : range;
}

/** Chunks of every size; `unlike` if the tracks that draw them need not be alike, and then of the common sizes alone. */
function chunkFits(unlike: u8): void {
  const among = unlike !== 0 ? UNLIKE_PRIOR : 1;
  const middle = middleNonce();
  for (let bits = LEAST_CHUNK_BITS; bits <= MOST_CHUNK_BITS; bits++) {
    const isCommon = bits === 12 || bits === 15 || bits === 16;
    if (unlike !== 0 && !isCommon) continue;
    const size = <f64>(1 << bits);
    // Thousands of draws deep, the number of a chunk tells nothing.
    if (middle > size * 4096) continue;
    const prior = Math.log(sizePrior(bits) * 0.5 * among) - Math.log(TRACK_NORM);
    let last: f64 = 0;
    for (let index = 0; index < count; index++) {
      const chunk = Math.floor(at(NONCES_AT, index) / size);
      if (chunk < MAX_TRACKS) last = max(last, chunk);
    }
    const firstRound = max(2, min(<i32>last + 1, MAX_TRACKS));
    for (let tracks = 2; tracks <= firstRound; tracks++) {
      const fit = hypothesis(CHUNKS, size, tracks);
      fit.adrift = 1;
      fit.unlike = unlike;
      keep(prior - Math.log(<f64>tracks));
    }
    addUnseen(size, firstRound);
  }
}

function sizePrior(bits: i32): f64 {
  if (bits === 12) return 0.3;
  if (bits === 15) return 0.4;
  return bits === 16 ? 0.1 : 0.025;
}

/** With more tracks than chunks seen, all shares are of the first round and only the choice of chunk dilutes. */
function addUnseen(size: f64, firstRound: i32): void {
  const last = fits - 1;
  if (last < 0 || fitAt(last).size !== size || fitAt(last).tracks !== firstRound) return;
  const on = <f64>count * (1 - fitAt(last).off);
  for (let tracks = firstRound + 1; tracks <= MAX_TRACKS && fits < MOST_FITS - 1; tracks++) {
    const log = Math.log(<f64>tracks / <f64>firstRound);
    if ((on + 1) * log > MOST_DILUTION) break;
    const fit = fitAt(fits++);
    copyFit(fit, fitAt(last));
    fit.tracks = tracks;
    fit.evidence -= (on + 1) * log;
    fit.logPrior -= log;
  }
}

function copyFit(to: Fit, from: Fit): void {
  memory.copy(changetype<usize>(to), changetype<usize>(from), FIT_BYTES);
}

function laneFits(width: f64): void {
  // XMRig up to 2 and cpuminer part 2^32-1 (or 2^24-1) by the number of their threads and use every part.
  for (let ways = 2; ways <= MAX_TRACKS; ways++) {
    const size = Math.floor((width - 1) / <f64>ways);
    if (size >= range) continue;
    const fit = hypothesis(LANES, size, ways);
    fit.full = 1;
    fit.choice = -(<f64>count) * Math.log(<f64>ways);
    keep(Math.log(0.1 / TRACK_NORM / <f64>ways));
  }
  // xmr-stak-cpu starts at bit-reversed thread numbers: multiples of a power of two, not every one in use.
  const least = max(65_536, width / 4096);
  let sizes: f64 = 0;
  for (let size = least; size < range; size *= 2) sizes++;
  const prior = Math.log(0.1 / max(1, sizes));
  for (let size = least; size < range; size *= 2) {
    const fit = hypothesis(LANES, size, 0);
    fit.choice = chooseLanes(fit);
    keep(prior);
  }
}

/** Counts the lanes that shares are in; answers ln of the chance of just these. */
function chooseLanes(fit: Fit): f64 {
  const all = range / fit.size;
  let choice: f64 = 0;
  let lanes = 0;
  for (let index = 0; index < count; index++) {
    const own = Math.floor(at(NONCES_AT, index) / fit.size);
    let lane = 0;
    while (lane < lanes && at(SUMS_AT, lane) !== own) lane++;
    if (lane === lanes) {
      lanes++;
      put(SUMS_AT, lane, own);
      put(COUNTS_AT, lane, 0);
    }
    const before = at(COUNTS_AT, lane);
    choice += Math.log((before + 1 / all) / <f64>(index + 1));
    put(COUNTS_AT, lane, before + 1);
  }
  fit.tracks = lanes;
  // Nonces that lie close together say nothing of time, however few lanes they are in. The density of a lane's choice is
  // per lane; on the clock it multiplies each share's own density.
  return min(choice, -(<f64>count) * Math.log(all));
}

/** The likeliest fit; -1 if there is none. */
function bestFit(): i32 {
  let best = -1;
  for (let index = 0; index < fits; index++)
    if (best < 0 || fitAt(index).evidence > fitAt(best).evidence) best = index;
  return best;
}

/** Whether the likeliest fit leaves so many shares off, or spreads so much, that tracks may be unlike. */
function isLoose(): bool {
  const index = bestFit();
  if (index < 0) return false;
  const best = fitAt(index);
  return best.evidence > LOG_CLOCK && (best.off >= MANY_OFF || best.spread >= WIDE_SPREAD);
}

/**
 * Tries the likelier fits again with tracks in step and with rounds of work that take time. The variants stand
 * beside the first fit, so that what the shares leave open widens the interval.
 */
function refine(): void {
  const likely = top;
  const first = fits;
  for (let index = 0; index < first; index++) {
    const fit = fitAt(index);
    const isChunks = fit.kind === CHUNKS;
    if (fit.evidence < likely - (isChunks ? CHUNK_MARGIN : MARGIN)) continue;
    // In the first round tracks are in step anyway.
    if (isChunks && highest >= fit.size * <f64>fit.tracks) again(fit, 0, fit.logPrior);
    for (let beat = LEAST_BEAT; beat <= MOST_BEAT; beat *= 2) again(fit, beat, fit.logPrior + LOG_BEAT_PRIOR);
  }
}

/** The hypothesis of a fit with tracks in step and with this beat. */
function again(fit: Fit, beat: f64, logPrior: f64): void {
  const other = fitAt(fits);
  copyFit(other, fit);
  other.adrift = 0;
  other.beat = beat;
  keep(logPrior);
}

/** Moves the best fit and its rivals to the front, in their order, and weighs them together; answers how many. */
function rivals(width: f64): i32 {
  evidence = -Infinity;
  const best = bestFit();
  if (best < 0) return 0;
  const floor = fitAt(best).evidence - RIVAL;
  let kept = 0;
  for (let index = 0; index < fits; index++) {
    if (fitAt(index).evidence < floor) continue;
    const fit = fitAt(kept++);
    if (kept <= index) copyFit(fit, fitAt(index));
    evidence = logAdd(evidence, againstRandomStarts(fit, width));
  }
  return kept;
}

/**
 * The evidence of a fit against jobs that each count up from a random start of all `width` nonces: the shares of such a
 * job fit or miss together, so that all of them are worth but one. Below the evidence against random nonces where jobs
 * are few and their nonces lie anywhere.
 */
function againstRandomStarts(fit: Fit, width: f64): f64 {
  compare(fit, fit.rate, fit.spread, weightOf(fit));
  const choice = fit.choice / <f64>count;
  const sum = sumOverJobs(fit.off, choice + Math.log(width / range));
  return min(fit.evidence, fit.logPrior - LOG_GRID + sum);
}

/** ln(e^a + e^b). */
function logAdd(a: f64, b: f64): f64 {
  if (a === -Infinity) return b;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

/**
 * The tightest range that random nonces could come from: the smallest power of two that holds every nonce seen, or
 * those that differ in it if their upper bits are the same.
 */
function nonceRange(width: f64): f64 {
  const most = max(1, highest);
  let own: f64 = 2;
  while (Math.floor(lowest / own) !== Math.floor(most / own)) own *= 2;
  return min(own, max(width, 2));
}
