/** The result of one way to read a session's digits as a counter. */
import type { Estimate } from '../../estimate.ts';
import type { CounterRate, CounterStructure } from './counter-input.ts';
import type { Interval } from './statistics/interval.ts';

export interface Clock extends Interval {
  readonly structure: CounterStructure;
  readonly tracks: Estimate;
  readonly sharesUsed: number;
  readonly series: readonly CounterRate[];
  /** How much of the spread is of tracks that are not alike, or of a rate that changes: 0 (none) to 1. */
  readonly unlike: number;
}

/** One way of reading a session's digits, and what came of it. */
export interface Reading {
  /** ln Bayes factor against random nonces. */
  readonly evidence: number;
  /** Null if random nonces explain the shares about as well, or if too few of them fit. */
  readonly clock: Clock | null;
  /** What speaks against a clock: too many shares off it. */
  readonly doubt: 'unsteady' | null;
  /** Machines distinguished by fixed nonce bytes; null if the dialect has none. */
  readonly rigs: number | null;
}

export const NOTHING: Reading = { evidence: Number.NEGATIVE_INFINITY, clock: null, doubt: null, rigs: null };
