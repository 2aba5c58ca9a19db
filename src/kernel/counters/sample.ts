/**
 * The shares of a sample, and the loops over them that tell what they say of one hypothesis. Densities are proper (each sums
 * to at most 1 over all nonces), so that likelihood ratios against random nonces are Bayes factors.
 */
import { CHUNKS, Fit, LANES } from './fit.ts';
import {
  ADRIFT_AT,
  CODES_AT,
  COUNTS_AT,
  IN_STEP_AT,
  JOBS_AT,
  MOST_CODES,
  NONCES_AT,
  OFF_ADRIFT_AT,
  OFF_IN_STEP_AT,
  RATES_AT,
  RATIOS_AT,
  SECONDS_AT,
  SORTED_AT,
  SUMS_AT,
} from './memory.ts';
import { FASTEST, FEW_OFF, fixedVariance, MANY_OFF } from './odds.ts';

const FEW_ON: f64 = 1 - FEW_OFF;
const MANY_ON: f64 = 1 - MANY_OFF;
/** If tracks are unlike, this part of the shares is of tracks with other rates. */
const UNLIKE: f64 = 0.4;
/** Factors gathered before a logarithm is taken: each lies between 0.03 and 10^10, so the product stays a number. */
const GATHERED: i32 = 16;
/** The highest rate of those that agree over the lowest: 20 % to either side. */
const WITHIN: f64 = Math.exp(0.36);
/** This part of the shares agrees, at least. */
const LEAST_AGREEING: f64 = 0.4;
/** Rates are counted by their exponent and so many bits behind it before they are sorted. */
const CODE_SHIFT: u64 = 47;
/** Codes that rates within `WITHIN` of each other span, at most: 19.4 and one at either end. */
const WITHIN_CODES: u32 = 21;
/**
 * The highest density of Student's t with 4 degrees of freedom; and the highest that a share has by any scale, times
 * what it is off by.
 */
const HIGHEST: f64 = 0.375;
const BEST_AT_ONE_SCALE: f64 = 0.2147;

/** Shares of the sample, and their lowest and highest nonce. */
export let count: i32 = 0;
export let lowest: f64 = 0;
export let highest: f64 = 0;
let jobs: i32 = 0;
let isAdrift: bool = false;
/** ln of the product of off + (1 - off) · ratio over all shares, for few or many that are off, as last compared. */
export let few: f64 = 0;
export let many: f64 = 0;

export function at(column: usize, index: i32): f64 {
  return load<f64>(column + ((<usize>index) << 3));
}

export function put(column: usize, index: i32, value: f64): void {
  store<f64>(column + ((<usize>index) << 3), value);
}

/** Takes the sample that stands in the memory. */
export function beginSample(shares: i32, jobCount: i32): void {
  count = shares;
  jobs = jobCount;
  memory.copy(SORTED_AT, NONCES_AT, (<usize>shares) << 3);
  sort(SORTED_AT, shares);
  lowest = at(SORTED_AT, 0);
  highest = at(SORTED_AT, shares - 1);
}

/** The middle nonce, or the mean of the two middle ones. */
export function middleNonce(): f64 {
  return (at(SORTED_AT, (count - 1) >> 1) + at(SORTED_AT, count >> 1)) / 2;
}

/** Puts a column in order (Shell's sort). */
function sort(column: usize, length: i32): void {
  for (let gap = 40; gap > 0; gap = gap > 1 ? gap / 3 : 0) {
    for (let index = gap; index < length; index++) {
      const own = at(column, index);
      let place = index;
      while (place >= gap && at(column, place - gap) > own) {
        put(column, place, at(column, place - gap));
        place -= gap;
      }
      put(column, place, own);
    }
  }
}

/** From this nonce on a draw's number no longer tells its round. */
function adriftFrom(fit: Fit): f64 {
  return fit.kind === CHUNKS && fit.adrift !== 0 ? fit.size * <f64>fit.tracks : Infinity;
}

/** The rate on which most shares agree within 20 %; NaN if fewer than two in five do. */
export function commonRate(fit: Fit): f64 {
  const rates = ratesOf(fit);
  if (!mayAgree(rates)) return NaN;
  sort(RATES_AT, rates);
  let first = 0;
  let best = 0;
  let bestFirst = 0;
  for (let last = 0; last < rates; last++) {
    while (at(RATES_AT, last) > WITHIN * at(RATES_AT, first)) first++;
    if (last - first + 1 > best) {
      best = last - first + 1;
      bestFirst = first;
    }
  }
  return best < 2 || <f64>best < LEAST_AGREEING * <f64>rates ? NaN : at(RATES_AT, bestFirst + (best >> 1));
}

/** The rates of shares that are old enough to tell of them, in the memory; answers how many. */
function ratesOf(fit: Fit): i32 {
  const beat = fit.beat;
  const least = max(0.2, beat);
  const isByDraws = fit.kind === CHUNKS && fit.adrift !== 0;
  if (!isByDraws) place(fit);
  let rates = 0;
  for (let index = 0; index < count; index++) {
    const seconds = at(SECONDS_AT, index) - beat;
    if (seconds <= least) continue;
    const progress = isByDraws ? byDraws(<u32>at(NONCES_AT, index), fit) : at(IN_STEP_AT, index);
    if (progress > 0) put(RATES_AT, rates++, progress / seconds);
  }
  return rates;
}

/**
 * Progress of tracks that have drifted apart: from the number of draws before this one, half a chunk less each; the round
 * of a first chunk is certain. Chunks are powers of two, and nonces have 32 bits.
 */
function byDraws(nonce: u32, fit: Fit): f64 {
  const size = <u32>fit.size;
  const part = nonce >> ctz<u32>(size);
  const offset = <f64>(nonce & (size - 1));
  const tracks = <f64>fit.tracks;
  return part < <u32>fit.tracks ? offset : ((<f64>part - (tracks - 1) / 2) * fit.size) / tracks + offset;
}

/** False if no two in five of the first rates agree: nine hypotheses in ten end here, without sorting. */
function mayAgree(rates: i32): bool {
  let low: u32 = 0xffff_ffff;
  let high: u32 = 0;
  for (let index = 0; index < rates; index++) {
    const code = codeAt(index);
    low = min(low, code);
    high = max(high, code);
  }
  if (high - low >= MOST_CODES) return true;
  for (let index = 0; index < rates; index++) {
    const place = CODES_AT + ((<usize>(codeAt(index) - low)) << 1);
    store<u16>(place, load<u16>(place) + 1);
  }
  let within: u32 = 0;
  let most: u32 = 0;
  for (let code: u32 = 0; code <= high - low; code++) {
    within += load<u16>(CODES_AT + ((<usize>code) << 1));
    if (code >= WITHIN_CODES) within -= load<u16>(CODES_AT + ((<usize>(code - WITHIN_CODES)) << 1));
    most = max(most, within);
  }
  memory.fill(CODES_AT, 0, (<usize>(high - low + 1)) << 1);
  return <f64>most >= LEAST_AGREEING * <f64>rates;
}

function codeAt(index: i32): u32 {
  return <u32>(load<u64>(RATES_AT + ((<usize>index) << 3)) >> CODE_SHIFT);
}

/** Works out where each share stands on its track under a hypothesis, by either reading of a chunk's number. */
function place(fit: Fit): void {
  const kind = fit.kind;
  const size = fit.size;
  const from = adriftFrom(fit);
  isAdrift = highest >= from;
  // With one chunk or lane for all, they stand where one counter has them.
  if (kind < CHUNKS || highest < size) {
    memory.copy(IN_STEP_AT, NONCES_AT, (<usize>count) << 3);
    return;
  }
  if (kind === LANES) {
    for (let index = 0; index < count; index++) {
      const nonce = at(NONCES_AT, index);
      put(IN_STEP_AT, index, nonce - Math.floor(nonce / size) * size);
    }
    return;
  }
  const bits = ctz<u32>(<u32>size);
  const tracks = <u32>fit.tracks;
  for (let index = 0; index < count; index++) {
    const nonce = <u32>at(NONCES_AT, index);
    const part = nonce >> bits;
    put(IN_STEP_AT, index, <f64>(part / tracks) * size + <f64>(nonce & (<u32>size - 1)));
    if (isAdrift) put(ADRIFT_AT, index, part >= tracks ? byDraws(nonce, fit) : NaN);
  }
}

/** Works out what each share is off by at a rate. */
function judge(beat: f64, rate: f64): void {
  for (let index = 0; index < count; index++) {
    const due = rate * max(0, at(SECONDS_AT, index) - beat);
    put(OFF_IN_STEP_AT, index, at(IN_STEP_AT, index) - due);
    if (isAdrift) put(OFF_ADRIFT_AT, index, at(ADRIFT_AT, index) - due);
  }
}

/**
 * Likelihood of each share on the clock over that of a random nonce. Each amount of progress belongs to as many nonces as
 * there are tracks, one of `weight`; the choice of the lane is priced by the caller.
 */
export function compare(fit: Fit, rate: f64, spread: f64, weight: f64): void {
  place(fit);
  judge(fit.beat, rate);
  compareJudged(fit, rate, spread, weight);
}

/** The same, of shares that are placed and judged. */
export function compareJudged(fit: Fit, rate: f64, spread: f64, weight: f64): void {
  const fixed = fixedVariance(rate, fit.beat, fit.batch);
  const pace = spread * rate;
  few = 0;
  many = 0;
  let fewProduct: f64 = 1;
  let manyProduct: f64 = 1;
  for (let index = 0; index < count; index++) {
    const age = pace * at(SECONDS_AT, index);
    const variance = age * age + fixed;
    let density = student4(at(OFF_IN_STEP_AT, index), variance);
    if (isAdrift) {
      const away = at(OFF_ADRIFT_AT, index);
      if (!Number.isNaN(away)) density = (density + student4(away, variance)) / 2;
    }
    let ratio = weight * density;
    if (fit.unlike !== 0)
      ratio = (1 - UNLIKE) * ratio + UNLIKE * weight * flat(index, rate, Math.sqrt(variance), fit.beat);
    put(RATIOS_AT, index, ratio);
    fewProduct *= FEW_OFF + FEW_ON * ratio;
    manyProduct *= MANY_OFF + MANY_ON * ratio;
    if (index % GATHERED === GATHERED - 1) {
      few += Math.log(fewProduct);
      many += Math.log(manyProduct);
      fewProduct = 1;
      manyProduct = 1;
    }
  }
  few += Math.log(fewProduct);
  many += Math.log(manyProduct);
}

/** Density at `off` of Student's t with 4 degrees of freedom, spread over a scale that is the root of `variance`. */
function student4(off: f64, variance: f64): f64 {
  const base = 1 + (off * off) / (4 * variance);
  return 0.375 / (base * base * Math.sqrt(base * variance));
}

/** Density of a share of a track that is unlike the others: all rates up to a few times the common one alike. */
function flat(index: i32, rate: f64, scale: f64, beat: f64): f64 {
  const most = FASTEST * max(scale, rate * (at(SECONDS_AT, index) - beat));
  let times = isDue(at(IN_STEP_AT, index), most);
  const away = isAdrift ? at(ADRIFT_AT, index) : NaN;
  if (!Number.isNaN(away)) times = (times + isDue(away, most)) / 2;
  return times / most;
}

function isDue(progress: f64, most: f64): f64 {
  return progress >= 0 && progress <= most ? 1 : 0;
}

/**
 * More than any spread gives at a rate: Student's t is highest where a share is one scale
 * off, and the mixture of the most of either part is more than any mixture.
 */
export function compareAtBest(fit: Fit, rate: f64, weight: f64): f64 {
  place(fit);
  judge(fit.beat, rate);
  const least = Math.sqrt(fixedVariance(rate, fit.beat, fit.batch));
  const highestRatio = (weight * HIGHEST) / least;
  const oneOff = weight * BEST_AT_ONE_SCALE;
  let sum: f64 = 0;
  let product: f64 = 1;
  for (let index = 0; index < count; index++) {
    let off = abs(at(OFF_IN_STEP_AT, index));
    if (isAdrift) {
      const away = abs(at(OFF_ADRIFT_AT, index));
      if (away < off) off = away;
    }
    let ratio = min(oneOff / off, highestRatio);
    if (fit.unlike !== 0) ratio = max(ratio, weight * flat(index, rate, least, fit.beat));
    product *= MANY_OFF + FEW_ON * ratio;
    if (index % GATHERED === GATHERED - 1) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return sum + Math.log(product);
}

/** Sums over the jobs, as last compared, the mean over their shares of ln(off + (1 - off) · ratio), and so much more. */
export function sumOverJobs(off: f64, more: f64): f64 {
  memory.fill(SUMS_AT, 0, (<usize>jobs) << 3);
  memory.fill(COUNTS_AT, 0, (<usize>jobs) << 3);
  for (let index = 0; index < count; index++) {
    const job = <i32>at(JOBS_AT, index);
    put(SUMS_AT, job, at(SUMS_AT, job) + Math.log(off + (1 - off) * at(RATIOS_AT, index)));
    put(COUNTS_AT, job, at(COUNTS_AT, job) + 1);
  }
  let sum: f64 = 0;
  for (let job = 0; job < jobs; job++) sum += at(SUMS_AT, job) / at(COUNTS_AT, job) + more;
  return sum;
}
