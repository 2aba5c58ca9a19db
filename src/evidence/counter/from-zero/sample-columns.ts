/** The shares of a sample as columns, and the loops over them that tell what they say of one hypothesis. */
import { student4 } from '../statistics/mathematics.ts';
import {
  adriftFrom,
  FASTEST,
  FEW_OFF,
  FEW_ON,
  fixedVariance,
  type Hypothesis,
  MANY_OFF,
  MANY_ON,
  UNLIKE,
} from './hypothesis.ts';

/** The shares of a sample as columns, and their highest nonce. */
interface SampleShares {
  readonly nonces: Float64Array;
  /** Seconds since the share's job. */
  readonly seconds: Float64Array;
  readonly highest: number;
}

/** The rate on which shares agree, and at least the logarithm of the best that `compare` gives for it. */
export interface Tried {
  readonly rate: number;
  readonly most: number;
}

/** ln of the product of off + (1 - off) · ratio over all shares, for few or many that are off. */
export interface Mixtures {
  readonly few: number;
  readonly many: number;
}

/** Factors gathered before a logarithm is taken: each lies between 0.03 and 10^10, so the product stays a number. */
const GATHERED = 16;
/** The highest rate of those that agree over the lowest: 20 % to either side. */
const WITHIN = Math.exp(0.36);
/** This part of the shares agrees, at least. */
const LEAST_AGREEING = 0.4;
/** Rates are counted by their exponent and so many bits behind it before they are sorted. */
const CODE_SHIFT = 15;
/** Codes that rates within `WITHIN` of each other span, at most: 19.4 and one at either end. */
const WITHIN_CODES = 21;
const MOST_CODES = 4096;
const codeCounts = new Uint16Array(MOST_CODES);
/**
 * The highest density of Student's t with 4 degrees of freedom; and the highest that a share has by any scale, times
 * what it is off by.
 */
const HIGHEST = 0.375;
const BEST_AT_ONE_SCALE = 0.2147;

/** A share this old, seconds, tells of rates. */
function leastAge({ beat }: Hypothesis): number {
  return Math.max(0.2, beat);
}

export class SampleColumns {
  /** Likelihood ratio of each share, as `compare` last found it. */
  readonly ratios: Float64Array;
  readonly #shares: SampleShares;
  /** Progress under a hypothesis; adrift NaN if the share's round is certain. */
  readonly #inStep: Float64Array;
  readonly #adrift: Float64Array;
  /** What each share is off by, by either reading. */
  readonly #offInStep: Float64Array;
  readonly #offAdrift: Float64Array;
  readonly #rates: Float64Array;
  /** The same memory: the higher word of a rate stands second. */
  readonly #rateWords: Uint32Array;
  #isAdrift = false;

  constructor(shares: SampleShares) {
    this.#shares = shares;
    const { length } = shares.nonces;
    const room = new Float64Array(6 * length);
    const column = (index: number): Float64Array => room.subarray(index * length, (index + 1) * length);
    this.#inStep = column(0);
    this.#adrift = column(1);
    this.#offInStep = column(2);
    this.#offAdrift = column(3);
    this.ratios = column(4);
    this.#rates = column(5);
    this.#rateWords = new Uint32Array(room.buffer, this.#rates.byteOffset, 2 * length);
  }

  /**
   * The rate on which most shares agree within 20 %; null if fewer than two in five do. `weight` is the number of nonces
   * among which each amount of progress is one.
   */
  try(hypothesis: Hypothesis, weight: number): Tried | null {
    this.#place(hypothesis);
    const rate = this.#commonRate(hypothesis);
    if (rate === null) return null;
    this.#judge(hypothesis, rate);
    return { rate, most: this.#compareAtBest(hypothesis, rate, weight) };
  }

  /**
   * Likelihood of each share on the clock over that of a random nonce. Each amount of progress belongs to as many nonces
   * as there are tracks; the choice of the lane is priced by the caller.
   */
  compare(hypothesis: Hypothesis, rate: number, spread: number, weight: number): Mixtures {
    this.#place(hypothesis);
    this.#judge(hypothesis, rate);
    const fixed = fixedVariance(rate, hypothesis);
    const pace = spread * rate;
    const { seconds } = this.#shares;
    const { ratios } = this;
    let few = 0;
    let many = 0;
    let fewProduct = 1;
    let manyProduct = 1;
    for (let index = 0; index < ratios.length; index += 1) {
      const age = pace * seconds[index];
      const variance = age * age + fixed;
      let density = student4(this.#offInStep[index], variance);
      const away = this.#isAdrift ? this.#offAdrift[index] : Number.NaN;
      if (!Number.isNaN(away)) density = (density + student4(away, variance)) / 2;
      let ratio = weight * density;
      if (hypothesis.unlike === true)
        ratio =
          (1 - UNLIKE) * ratio + UNLIKE * weight * this.#flat(index, rate, Math.sqrt(variance), hypothesis);
      ratios[index] = ratio;
      fewProduct *= FEW_OFF + FEW_ON * ratio;
      manyProduct *= MANY_OFF + MANY_ON * ratio;
      if (index % GATHERED === GATHERED - 1) {
        few += Math.log(fewProduct);
        many += Math.log(manyProduct);
        fewProduct = 1;
        manyProduct = 1;
      }
    }
    return { few: few + Math.log(fewProduct), many: many + Math.log(manyProduct) };
  }

  /** Works out where each share stands on its track under a hypothesis, by either reading of a chunk's number. */
  #place(hypothesis: Hypothesis): void {
    const { kind, size, tracks } = hypothesis;
    const { nonces, highest } = this.#shares;
    const from = adriftFrom(hypothesis);
    this.#isAdrift = highest >= from;
    const inStep = this.#inStep;
    // With one chunk or lane for all, they stand where one counter has them.
    if (kind === 'single' || kind === 'pooled' || highest < size) {
      inStep.set(nonces);
      return;
    }
    for (let index = 0; index < nonces.length; index += 1) {
      const nonce = nonces[index];
      const part = Math.floor(nonce / size);
      const offset = nonce - part * size;
      if (kind === 'lanes') inStep[index] = offset;
      else {
        inStep[index] = Math.floor(part / tracks) * size + offset;
        // As progressAdrift has it; the round of a first chunk is certain.
        const draws = part - (tracks - 1) / 2;
        this.#adrift[index] = nonce >= from ? (draws * size) / tracks + offset : Number.NaN;
      }
    }
  }

  #commonRate(hypothesis: Hypothesis): number | null {
    const { beat } = hypothesis;
    const least = leastAge(hypothesis);
    const ages = this.#shares.seconds;
    let count = 0;
    for (let index = 0; index < ages.length; index += 1) {
      const seconds = ages[index] - beat;
      if (seconds <= least) continue;
      const away = this.#isAdrift ? this.#adrift[index] : Number.NaN;
      const progress = Number.isNaN(away) ? this.#inStep[index] : away;
      if (progress > 0) this.#rates[count++] = progress / seconds;
    }
    if (!this.#mayAgree(count)) return null;
    const rates = this.#rates.subarray(0, count).sort();
    let first = 0;
    let best = 0;
    let bestFirst = 0;
    for (let last = 0; last < count; last += 1) {
      while (rates[last] > WITHIN * rates[first]) first += 1;
      if (last - first + 1 > best) {
        best = last - first + 1;
        bestFirst = first;
      }
    }
    return best < 2 || best < LEAST_AGREEING * count ? null : rates[bestFirst + (best >> 1)];
  }

  /** False if no two in five of the first `count` rates agree: nine hypotheses in ten end here, without sorting. */
  #mayAgree(count: number): boolean {
    const words = this.#rateWords;
    let lowest = 0xffff_ffff;
    let highest = 0;
    for (let index = 1; index < 2 * count; index += 2) {
      const code = words[index] >>> CODE_SHIFT;
      if (code < lowest) lowest = code;
      if (code > highest) highest = code;
    }
    if (highest - lowest >= MOST_CODES) return true;
    for (let index = 1; index < 2 * count; index += 2)
      codeCounts[(words[index] >>> CODE_SHIFT) - lowest] += 1;
    let within = 0;
    let most = 0;
    for (let code = 0; code <= highest - lowest; code += 1) {
      within += codeCounts[code];
      if (code >= WITHIN_CODES) within -= codeCounts[code - WITHIN_CODES];
      if (within > most) most = within;
    }
    codeCounts.fill(0, 0, highest - lowest + 1);
    return most >= LEAST_AGREEING * count;
  }

  /** Works out what each share is off by at a rate. */
  #judge({ beat }: Hypothesis, rate: number): void {
    const { seconds } = this.#shares;
    for (let index = 0; index < seconds.length; index += 1) {
      const age = seconds[index] - beat;
      const due = age > 0 ? rate * age : 0;
      this.#offInStep[index] = this.#inStep[index] - due;
      if (this.#isAdrift) this.#offAdrift[index] = this.#adrift[index] - due;
    }
  }

  /** Density of a share of a track that is unlike the others: all rates up to a few times the common one alike. */
  #flat(index: number, rate: number, scale: number, { beat }: Hypothesis): number {
    const due = Math.max(scale, rate * (this.#shares.seconds[index] - beat));
    const most = FASTEST * due;
    const isDue = (progress: number): number => (progress >= 0 && progress <= most ? 1 : 0);
    let times = isDue(this.#inStep[index]);
    const away = this.#isAdrift ? this.#adrift[index] : Number.NaN;
    if (!Number.isNaN(away)) times = (times + isDue(away)) / 2;
    return times / most;
  }

  /**
   * More than `compare` gives for any spread: Student's t is highest where a share is one scale off, and the mixture of
   * the most of either part is more than any mixture.
   */
  #compareAtBest(hypothesis: Hypothesis, rate: number, weight: number): number {
    const least = Math.sqrt(fixedVariance(rate, hypothesis));
    const highest = (weight * HIGHEST) / least;
    const oneOff = weight * BEST_AT_ONE_SCALE;
    let sum = 0;
    let product = 1;
    for (let index = 0; index < this.ratios.length; index += 1) {
      let off = Math.abs(this.#offInStep[index]);
      const away = this.#isAdrift ? Math.abs(this.#offAdrift[index]) : Number.NaN;
      if (away < off) off = away;
      let ratio = Math.min(oneOff / off, highest);
      if (hypothesis.unlike === true)
        ratio = Math.max(ratio, weight * this.#flat(index, rate, least, hypothesis));
      product *= MANY_OFF + FEW_ON * ratio;
      if (index % GATHERED === GATHERED - 1) {
        sum += Math.log(product);
        product = 1;
      }
    }
    return sum + Math.log(product);
  }
}
