/**
 * The shares of a session as columns of numbers, and what they say of a hypothesis. Densities are proper (each sums to
 * at most 1 over all nonces), so that likelihood ratios against random nonces are Bayes factors.
 */
import type { PlacedShare } from '../counter-input.ts';
import type { Hypothesis } from './hypothesis.ts';
import { type Mixtures, SampleColumns, type Tried } from './sample-columns.ts';

/** What shares say of a hypothesis, whatever was thought of it before. */
export interface Trial extends Tried {
  /** Null until it is asked for. */
  best: { readonly spread: number; readonly off: number; readonly log: number } | null;
}

/** Shares as columns: hundreds of hypotheses are tried on each session. */
export class Sample {
  readonly shares: readonly PlacedShare[];
  /** The highest nonce. */
  readonly highest: number;
  /** Of hypotheses by which all shares are of the first chunk, by a number for tracks and beat, negative for unlike ones. */
  readonly trials = new Map<number, Trial | null>();
  readonly #columns: SampleColumns;
  /** Jobs in the order in which they come. */
  readonly #jobs: Uint32Array;
  readonly #jobCount: number;

  constructor(shares: readonly PlacedShare[]) {
    this.shares = shares;
    const { length } = shares;
    const nonces = new Float64Array(length);
    const seconds = new Float64Array(length);
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
    this.#columns = new SampleColumns({ nonces, seconds, highest });
    this.#jobs = jobs;
    this.#jobCount = ordinals.size;
  }

  /** Null if no rate is common to the shares. */
  try(hypothesis: Hypothesis, range: number): Trial | null {
    const tried = this.#columns.try(hypothesis, weightOf(hypothesis, range));
    // Spreading it takes longer than trying.
    return tried === null ? null : { rate: tried.rate, most: tried.most, best: null };
  }

  /** The likelihood of a hypothesis with this rate and spread. */
  compare(hypothesis: Hypothesis, rate: number, spread: number, range: number): Mixtures {
    return this.#columns.compare(hypothesis, rate, spread, weightOf(hypothesis, range));
  }

  /** For each job the mean over its shares of ln(off + (1 - off) · ratio). Call `compare` before. */
  logsByJob(off: number): Float64Array {
    const jobs = this.#jobs;
    const { ratios } = this.#columns;
    const logs = new Float64Array(this.#jobCount);
    const shares = new Float64Array(this.#jobCount);
    for (let index = 0; index < jobs.length; index += 1) {
      const job = jobs[index] ?? 0;
      logs[job] += Math.log(off + (1 - off) * (ratios[index] ?? 0));
      shares[job] += 1;
    }
    for (let job = 0; job < logs.length; job += 1) logs[job] /= shares[job];
    return logs;
  }
}

/** The number of nonces among which each amount of a track's progress is one. */
function weightOf({ kind, tracks }: Hypothesis, range: number): number {
  return kind === 'chunks' ? range / tracks : range;
}
