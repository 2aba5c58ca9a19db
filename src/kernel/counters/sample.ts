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
  OFFSETS_AT,
  PARTS_AT,
  RATES_AT,
  RATIOS_AT,
  SECONDS_AT,
  SORTED_AT,
  SUMS_AT,
} from './memory.ts';
import {
  FASTEST,
  FEW_OFF,
  fixedVariance,
  MANY_OFF,
  progressAdrift,
  progressInStep,
  student4,
} from './odds.ts';

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
const CODE_SHIFT: u64 = 48;
/** Codes that rates within `WITHIN` of each other span, at most: 9.7, and a part of one at either end. */
const WITHIN_CODES: u32 = 11;
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
/** Whether tracks may have drifted apart, so that the number of a draw no longer tells its round: both readings count. */
let isAdrift: bool = false;
/** Where the progress of shares in step stands, and the size by which nonces are split. */
let inStepAt: usize = NONCES_AT;
let splitBy: f64 = 0;
let lowestCode: u32 = 0;
let highestCode: u32 = 0;
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
  splitBy = 0;
  lowest = at(SORTED_AT, 0);
  highest = at(SORTED_AT, shares - 1);
}

/** The middle nonce, or the mean of the two middle ones. */
export function middleNonce(): f64 {
  return (at(SORTED_AT, (count - 1) >> 1) + at(SORTED_AT, count >> 1)) / 2;
}

/** The rate on which most shares agree within 20 %; NaN if fewer than two in five do. */
export function commonRate(fit: Fit): f64 {
  place(fit);
  const rates = ratesOf(fit.beat, isAdrift ? ADRIFT_AT : inStepAt);
  if (rates === 0 || !mayAgree(rates)) return NaN;
  putInOrder(rates);
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
function ratesOf(beat: f64, progressAt: usize): i32 {
  const least = max(0.2, beat);
  let rates = 0;
  let lowest: u32 = 0xffff_ffff;
  let highest: u32 = 0;
  for (let index = 0; index < count; index++) {
    const seconds = at(SECONDS_AT, index) - beat;
    const progress = at(progressAt, index);
    if (seconds <= least || progress <= 0) continue;
    put(RATES_AT, rates, progress / seconds);
    const code = codeAt(rates++);
    lowest = min(lowest, code);
    highest = max(highest, code);
  }
  lowestCode = lowest;
  highestCode = highest;
  return rates;
}

function codeAt(index: i32): u32 {
  return <u32>(load<u64>(RATES_AT + ((<usize>index) << 3)) >> CODE_SHIFT);
}

/** True if two in five rates lie within so few codes that they may agree: nine hypotheses in ten end here. */
function mayAgree(rates: i32): bool {
  const codes = highestCode - lowestCode + 1;
  if (codes > MOST_CODES) return false;
  memory.fill(CODES_AT, 0, codes + 32);
  for (let index = 0; index < rates; index++) {
    const place = CODES_AT + <usize>(codeAt(index) - lowestCode);
    store<u8>(place, load<u8>(place) + 1);
  }
  let most = i8x16.splat(0);
  for (let first: u32 = 0; first < codes; first += 16) {
    let within = i8x16.splat(0);
    for (let code = first; code < first + WITHIN_CODES; code++)
      within = i8x16.add(within, v128.load(CODES_AT + code));
    most = i8x16.max_u(most, within);
  }
  return v128.any_true(i8x16.ge_u(most, i8x16.splat(<i8>Math.ceil(LEAST_AGREEING * <f64>rates))));
}

/** Puts the rates in order: by insertion, first among those far apart. */
function putInOrder(rates: i32): void {
  for (let gap = 13; gap > 0; gap /= 3) {
    for (let index = gap; index < rates; index++) {
      const own = at(RATES_AT, index);
      let order = index;
      for (; order >= gap && at(RATES_AT, order - gap) > own; order -= gap)
        put(RATES_AT, order, at(RATES_AT, order - gap));
      put(RATES_AT, order, own);
    }
  }
}

/** Splits nonces into the number of their chunk or lane and the offset in it: once for all hypotheses of a size. */
function split(size: f64): void {
  if (size === splitBy) return;
  splitBy = size;
  const sizes = f64x2.splat(size);
  // Two at a time: columns have room for an even number.
  for (let column: usize = 0; column < (<usize>count) << 3; column += 16) {
    const nonces = v128.load(NONCES_AT + column);
    const parts = f64x2.floor(f64x2.div(nonces, sizes));
    v128.store(PARTS_AT + column, parts);
    v128.store(OFFSETS_AT + column, f64x2.sub(nonces, f64x2.mul(parts, sizes)));
  }
}

/** Works out where each share stands on its track if all tracks draw in step. */
function placeInStep(fit: Fit): void {
  const size = fit.size;
  inStepAt = NONCES_AT;
  // With one chunk or lane for all, they stand where one counter has them.
  if (fit.kind < CHUNKS || highest < size) return;
  split(size);
  inStepAt = OFFSETS_AT;
  if (fit.kind === LANES) return;
  inStepAt = IN_STEP_AT;
  const tracks = <f64>fit.tracks;
  for (let index = 0; index < count; index++)
    put(IN_STEP_AT, index, progressInStep(at(PARTS_AT, index), at(OFFSETS_AT, index), size, tracks));
}

/** The same of tracks that have drifted apart. */
function placeAdrift(fit: Fit): void {
  const size = fit.size;
  const tracks = <f64>fit.tracks;
  split(size);
  for (let index = 0; index < count; index++)
    put(ADRIFT_AT, index, progressAdrift(at(PARTS_AT, index), at(OFFSETS_AT, index), size, tracks));
}

/** Works out where each share stands, as far as rates tell by. */
function place(fit: Fit): void {
  isAdrift = fit.adrift !== 0 && highest >= fit.size * <f64>fit.tracks;
  if (isAdrift) placeAdrift(fit);
  else placeInStep(fit);
}

/** Works out what each share is off by at a rate, by either reading of a chunk's number. */
function judge(fit: Fit, rate: f64): void {
  if (isAdrift) placeInStep(fit);
  for (let index = 0; index < count; index++) {
    const due = rate * max(0, at(SECONDS_AT, index) - fit.beat);
    put(OFF_IN_STEP_AT, index, at(inStepAt, index) - due);
    if (isAdrift) put(OFF_ADRIFT_AT, index, at(ADRIFT_AT, index) - due);
  }
}

/**
 * Likelihood of each share on the clock over that of a random nonce. Each amount of progress belongs to as many nonces as
 * there are tracks, one of `weight`; the choice of the lane is priced by the caller.
 */
export function compare(fit: Fit, rate: f64, spread: f64, weight: f64): void {
  place(fit);
  judge(fit, rate);
  compareJudged(fit, rate, spread, weight);
}

/** The same, of shares that are placed and judged. */
export function compareJudged(fit: Fit, rate: f64, spread: f64, weight: f64): void {
  const fixed = fixedVariance(rate, fit.beat);
  const pace = spread * rate;
  few = 0;
  many = 0;
  let fewProduct: f64 = 1;
  let manyProduct: f64 = 1;
  for (let index = 0; index < count; index++) {
    const age = pace * at(SECONDS_AT, index);
    const variance = age * age + fixed;
    let density = student4(at(OFF_IN_STEP_AT, index), variance);
    if (isAdrift) density = (density + student4(at(OFF_ADRIFT_AT, index), variance)) / 2;
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

/** Density of a share of a track that is unlike the others: all rates up to a few times the common one alike. */
function flat(index: i32, rate: f64, scale: f64, beat: f64): f64 {
  const most = FASTEST * max(scale, rate * (at(SECONDS_AT, index) - beat));
  let times = isDue(at(inStepAt, index), most);
  if (isAdrift) times = (times + isDue(at(ADRIFT_AT, index), most)) / 2;
  return times / most;
}

function isDue(progress: f64, most: f64): f64 {
  return progress >= 0 && progress <= most ? 1 : 0;
}

/**
 * More than any spread gives at a rate, of shares that are placed: Student's t is highest where a share is one scale
 * off, and the mixture of the most of either part is more than any mixture.
 */
export function compareAtBest(fit: Fit, rate: f64, weight: f64): f64 {
  judge(fit, rate);
  const least = Math.sqrt(fixedVariance(rate, fit.beat));
  const highestRatio = (weight * HIGHEST) / least;
  const oneOff = weight * BEST_AT_ONE_SCALE;
  let sum: f64 = 0;
  let product: f64 = 1;
  for (let index = 0; index < count; index++) {
    let off = abs(at(OFF_IN_STEP_AT, index));
    if (isAdrift) off = min(off, abs(at(OFF_ADRIFT_AT, index)));
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

/** The sum over all jobs of `more` and the mean over the job's shares of ln(off + (1 - off) · ratio), as last compared. */
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
