/**
 * Input and result of the counter estimator. A share gives the position of its nonce; together with the time since its
 * job came, that is a position on the miner's own clock. All times are capture times in us, all rates are
 * hashes per second.
 */
import type { Estimate } from '../../estimate.ts';
import type { Statement } from '../../statements/index.ts';
import type { Interval } from './statistics/interval.ts';

/** How nonces are written and how wide they are. */
export type CounterDialect = 'cryptonote' | 'stratum-v1';

/** One submitted share, accepted or not: a refused share was searched for all the same. */
export interface CounterShare {
  /** Ordinal of its job within the session; -1 if the job was not seen. */
  readonly jobIndex: number;
  /** Capture time of the job's first arrival (a repeat of the same job does not restart the search); null unseen. */
  readonly jobTimeUs: number | null;
  readonly timeUs: number;
  /** Nonce digits as sent, hex without 0x. */
  readonly nonce: string;
  /** Expected hashes that the share stands for; null if unknown. */
  readonly workHashes: number | null;
  /** Stratum v1: digits of extranonce2 as sent. */
  readonly extraNonce2?: string | null;
}

export interface CounterInput {
  readonly dialect: CounterDialect;
  readonly shares: readonly CounterShare[];
  /**
   * Round trip between the capture point and the *miner* (SYN/ACK to ACK), us; null if unknown. Next to the
   * miner it is nearly 0; next to the pool the job arrives half of it later and the share left half of it earlier.
   */
  readonly roundTripUs: number | null;
  /** CryptoNote: true if the job's own nonce bytes are not zero, so that the fourth byte is the proxy's. */
  readonly niceHash?: boolean;
}

/** How the nonces are handed out, as inferred. */
export interface CounterStructure {
  /**
   * `single`: one counter from 0 at each job. `chunks`:
   * tracks draw chunks from one counter at each job. `lanes`: each track counts up from its own fixed part of the
   * range at each job.
   */
  readonly kind: 'single' | 'chunks' | 'lanes';
  /** Nonces of a chunk or lane; null if there is none. */
  readonly size: number | null;
  /** Spread of one share about the clock, relative (fitted scale). */
  readonly spread: number;
  /** Share of the shares set aside (pauses, donation minutes, data set changes, maybe slow spells), 0 to 1. */
  readonly outliers: number;
}

/** A rate over a span of time with its 95 % interval. */
export interface CounterRate extends Interval {
  readonly startUs: number;
  readonly endUs: number;
  readonly shares: number;
}

export interface CounterClock extends Interval {
  readonly verdict: 'clock';
  /** How much better than random nonces the clock explains them: chance of as good a fit by luck, at most. */
  readonly pValue: number;
  /** Natural logarithm of the Bayes factor against random nonces. */
  readonly evidence: number;
  readonly structure: CounterStructure;
  /** Threads that count; null if an audit does not say. */
  readonly tracks: Estimate | null;
  /** Machines behind the connection, from fixed nonce bytes; null if the dialect has none. */
  readonly rigs: number | null;
  /** Shares on the clock, and shares that could not be placed (no job, no digits). */
  readonly sharesUsed: number;
  readonly sharesUnplaced: number;
  /** Rates of 15 minutes each, counted back from the last share; spans without a share are absent. */
  readonly series: readonly CounterRate[];
  /** For people, most telling first. */
  readonly words: readonly Statement[];
}

export interface NoClock {
  readonly verdict: 'no-clock';
  readonly reason: 'too-few-shares' | 'no-fit' | 'unsteady';
  readonly pValue: number;
  readonly evidence: number;
  readonly sharesUsed: number;
  readonly sharesUnplaced: number;
  readonly words: readonly Statement[];
}

export type CounterEstimate = CounterClock | NoClock;
