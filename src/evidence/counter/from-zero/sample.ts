/**
 * The shares of a session as columns of numbers, and what they say of a hypothesis. Densities are proper (each sums to
 * at most 1 over all nonces), so that likelihood ratios against random nonces are Bayes factors.
 */
import type { PlacedShare } from '../counter-input.ts';
import { student4 } from '../statistics/mathematics.ts';
import {
  FASTEST,
  FEW_OFF,
  FEW_ON,
  fixedVariance,
  type Hypothesis,
  MANY_OFF,
  MANY_ON,
  UNLIKE,
} from './hypothesis.ts';

/** What shares say of a hypothesis, whatever was thought of it before. */
export interface Trial {
  readonly rate: number;
  /** At least the log of the best. */
  readonly most: number;
  /** Null until it is asked for. */
  best: { readonly spread: number; readonly off: number; readonly log: number } | null;
}

/** Factors gathered before a logarithm is taken: each lies between 0.03 and 10^10, so the product stays a number. */
const GATHERED = 16;
/** The highest rate of those that agree over the lowest: 20 % to either side. */
const WITHIN = Math.exp(0.36);

/**
 * Shares as columns of numbers, with room to work in: hundreds of hypotheses are tried on each session, and a scan
 * spent more on arrays made for them than on the arithmetic. Most scans run these loops too few times for V8 to compile
 * them, and interpreted it is reading fields, calls and each further loop that cost: hence few, long loops over locals.
 */
export class Sample {
  readonly shares: readonly PlacedShare[];
  /** The highest nonce. */
  readonly highest: number;
  /** Of hypotheses by which all shares are of the first chunk, by a number for tracks and beat, negative for unlike ones. */
  readonly trials = new Map<number, Trial | null>();
  readonly #nonces: Float64Array;
  readonly #seconds: Float64Array;
  /** Progress under a hypothesis; adrift NaN where the share's round is certain. */
  readonly #inStep: Float64Array;
  readonly #adrift: Float64Array;
  /** What each share is off by, by either reading. */
  readonly #offInStep: Float64Array;
  readonly #offAdrift: Float64Array;
  readonly #ratios: Float64Array;
  readonly #rates: Float64Array;
  /** Jobs in the order in which they come. */
  readonly #jobs: Uint32Array;
  readonly #jobCount: number;
  /** What the columns hold: many hypotheses differ in nothing that moves shares. */
  #placed = { isWhole: false, isChunks: false, size: 0, tracks: 0 };
  #isAdrift = false;
  #commonBeat = Number.NaN;
  #commonRate: number | null = null;
  #judgedBeat = Number.NaN;
  #judgedRate = Number.NaN;

  constructor(shares: readonly PlacedShare[]) {
    this.shares = shares;
    const length = shares.length;
    const room = new Float64Array(8 * length);
    const column = (index: number): Float64Array => room.subarray(index * length, (index + 1) * length);
    const nonces = column(0);
    const seconds = column(1);
    const jobs = new Uint32Array(length);
    const ordinals = new Map<number, number>();
    let highest = 0;
    for (let index = 0; index < length; index += 1) {
      const share = shares[index];
      if (share.nonce > highest) highest = share.nonce;
      nonces[index] = share.nonce;
      seconds[index] = share.seconds;
      let own = ordinals.get(share.job);
      if (own === undefined) {
        own = ordinals.size;
        ordinals.set(share.job, own);
      }
      jobs[index] = own;
    }
    this.highest = highest;
    this.#nonces = nonces;
    this.#seconds = seconds;
    this.#inStep = column(2);
    this.#adrift = column(3);
    this.#offInStep = column(4);
    this.#offAdrift = column(5);
    this.#ratios = column(6);
    this.#rates = column(7);
    this.#jobs = jobs;
    this.#jobCount = ordinals.size;
  }

  /** Works out where each share stands on its track under a hypothesis, by either reading of a chunk's number. */
  place(hypothesis: Hypothesis): void {
    const { kind, size, tracks } = hypothesis;
    // With one chunk or lane for all, they stand where one counter has them.
    const isWhole = kind === 'single' || kind === 'pooled' || this.highest < size;
    const adriftFrom = kind === 'chunks' && hypothesis.adrift ? size * tracks : Number.POSITIVE_INFINITY;
    const isAdrift = this.highest >= adriftFrom;
    const isChunks = kind === 'chunks';
    const placed = this.#placed;
    const isSame = isWhole
      ? placed.isWhole
      : !placed.isWhole && placed.isChunks === isChunks && placed.size === size && placed.tracks === tracks;
    if (isSame && this.#isAdrift === isAdrift) return;
    this.#placed = { isWhole, isChunks, size, tracks };
    this.#isAdrift = isAdrift;
    this.#commonBeat = Number.NaN;
    this.#judgedBeat = Number.NaN;
    const nonces = this.#nonces;
    const inStep = this.#inStep;
    const length = nonces.length;
    if (isWhole) inStep.set(nonces);
    else if (kind === 'lanes') {
      for (let index = 0; index < length; index += 1) inStep[index] = (nonces[index] ?? 0) % size;
    } else {
      const adrift = this.#adrift;
      const between = (tracks - 1) / 2;
      for (let index = 0; index < length; index += 1) {
        const nonce = nonces[index] ?? 0;
        const chunk = Math.floor(nonce / size);
        const offset = nonce - chunk * size;
        inStep[index] = Math.floor(chunk / tracks) * size + offset;
        // As progressAdrift has it; the round of a first chunk is certain.
        if (isAdrift)
          adrift[index] = nonce >= adriftFrom ? ((chunk - between) * size) / tracks + offset : Number.NaN;
      }
    }
  }

  /** The rate that most shares agree on within 20 %; null where fewer than two in five do. Call `place` before. */
  commonRate(beat: number): number | null {
    if (this.#commonBeat !== beat) {
      this.#commonBeat = beat;
      this.#commonRate = this.#findCommonRate(beat);
    }
    return this.#commonRate;
  }

  #findCommonRate(beat: number): number | null {
    const least = Math.max(0.2, beat);
    const ages = this.#seconds;
    const inStep = this.#inStep;
    const adrift = this.#isAdrift ? this.#adrift : null;
    const room = this.#rates;
    const length = ages.length;
    let count = 0;
    for (let index = 0; index < length; index += 1) {
      const seconds = (ages[index] ?? 0) - beat;
      if (seconds <= least) continue;
      let progress = inStep[index] ?? 0;
      if (adrift !== null) {
        const away = adrift[index] ?? 0;
        if (!Number.isNaN(away)) progress = away;
      }
      if (progress > 0) room[count++] = progress / seconds;
    }
    const rates = count === length ? room : room.subarray(0, count);
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

  /** Works out what each share is off by at a rate. Call `place` before. */
  judge(beat: number, rate: number): void {
    if (this.#judgedBeat === beat && this.#judgedRate === rate) return;
    this.#judgedBeat = beat;
    this.#judgedRate = rate;
    const seconds = this.#seconds;
    const inStep = this.#inStep;
    const adrift = this.#adrift;
    const offInStep = this.#offInStep;
    const offAdrift = this.#isAdrift ? this.#offAdrift : null;
    const length = seconds.length;
    for (let index = 0; index < length; index += 1) {
      const age = (seconds[index] ?? 0) - beat;
      const due = age > 0 ? rate * age : 0;
      offInStep[index] = (inStep[index] ?? 0) - due;
      if (offAdrift !== null) offAdrift[index] = (adrift[index] ?? 0) - due;
    }
  }

  /**
   * Likelihood of each share on the clock over that of a random nonce. Each amount of progress belongs to as many
   * nonces as there are tracks; the choice of the lane is priced by the caller. Returned are those of all shares
   * together, where few or many are off the clock. Call `judge` before.
   */
  compare(hypothesis: Hypothesis, rate: number, spread: number, range: number): Mixtures {
    const fixed = fixedVariance(rate, hypothesis);
    const weight = hypothesis.kind === 'chunks' ? range / hypothesis.tracks : range;
    const pace = spread * rate;
    const seconds = this.#seconds;
    const offInStep = this.#offInStep;
    const offAdrift = this.#isAdrift ? this.#offAdrift : null;
    const ratios = this.#ratios;
    const length = ratios.length;
    const unlike = hypothesis.unlike === true;
    let few = 0;
    let many = 0;
    let fewProduct = 1;
    let manyProduct = 1;
    for (let index = 0; index < length; index += 1) {
      const age = pace * (seconds[index] ?? 0);
      const variance = age * age + fixed;
      let density = student4(offInStep[index] ?? 0, variance);
      if (offAdrift !== null) {
        const away = offAdrift[index] ?? 0;
        if (!Number.isNaN(away)) density = (density + student4(away, variance)) / 2;
      }
      let ratio = weight * density;
      if (unlike)
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

  /** Density of a share of a track that is unlike the others: all rates up to a few times the common one alike. */
  #flat(index: number, rate: number, scale: number, { beat }: Hypothesis): number {
    const due = Math.max(scale, rate * ((this.#seconds[index] ?? 0) - beat));
    const most = FASTEST * due;
    const isDue = (progress: number): number => (progress >= 0 && progress <= most ? 1 : 0);
    let times = isDue(this.#inStep[index] ?? 0);
    const away = this.#isAdrift ? (this.#adrift[index] ?? 0) : Number.NaN;
    if (!Number.isNaN(away)) times = (times + isDue(away)) / 2;
    return times / most;
  }

  /**
   * More than `compare` gives for any spread: Student's t is highest where a share is one scale off, and the mixture of
   * the most of either part is more than any mixture. Call `judge` before.
   */
  compareAtBest(hypothesis: Hypothesis, rate: number, range: number): number {
    const least = Math.sqrt(fixedVariance(rate, hypothesis));
    const weight = hypothesis.kind === 'chunks' ? range / hypothesis.tracks : range;
    const highest = (weight * 0.375) / least;
    const oneOff = weight * 0.2147;
    const offInStep = this.#offInStep;
    const offAdrift = this.#isAdrift ? this.#offAdrift : null;
    const length = offInStep.length;
    const unlike = hypothesis.unlike === true;
    let sum = 0;
    let product = 1;
    for (let index = 0; index < length; index += 1) {
      let off = Math.abs(offInStep[index] ?? 0);
      if (offAdrift !== null) {
        const away = Math.abs(offAdrift[index] ?? 0);
        if (away < off) off = away;
      }
      let ratio = oneOff / off;
      if (ratio > highest) ratio = highest;
      if (unlike) ratio = Math.max(ratio, weight * this.#flat(index, rate, least, hypothesis));
      product *= MANY_OFF + FEW_ON * ratio;
      if (index % GATHERED === GATHERED - 1) {
        sum += Math.log(product);
        product = 1;
      }
    }
    return sum + Math.log(product);
  }

  /** For each job the mean over its shares of ln(off + (1 - off) · ratio). Call `compare` before. */
  logsByJob(off: number): Float64Array {
    const jobs = this.#jobs;
    const ratios = this.#ratios;
    const logs = new Float64Array(this.#jobCount);
    const shares = new Float64Array(this.#jobCount);
    for (let index = 0; index < ratios.length; index += 1) {
      const job = jobs[index] ?? 0;
      logs[job] += Math.log(off + (1 - off) * (ratios[index] ?? 0));
      shares[job] += 1;
    }
    for (let job = 0; job < logs.length; job += 1) logs[job] /= shares[job];
    return logs;
  }
}

/** ln of the product of off + (1 - off) · ratio over all shares, where few or many are off. */
interface Mixtures {
  readonly few: number;
  readonly many: number;
}
