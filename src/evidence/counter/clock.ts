/** The result of one way to read a session's digits as a counter. */
import type { CounterRate, CounterStructure, CounterTracks } from './counter-input.ts';

export interface Clock {
  readonly structure: CounterStructure;
  readonly estimate: number;
  readonly low95: number;
  readonly high95: number;
  readonly tracks: CounterTracks | null;
  readonly sharesUsed: number;
  readonly series: readonly CounterRate[];
  /** How much of the spread is of tracks that are not alike, or of a rate that changes: 0 (none) to 1; 0 if absent. */
  readonly unlike?: number;
}

export interface ClockReading {
  readonly evidence: number;
  /** Null if random nonces explain the shares about as well, or if too few of them fit. */
  readonly clock: Clock | null;
  readonly unsteady: boolean;
}

/** One way of reading a session's digits, and what came of it. */
export interface Candidate extends ClockReading {
  /** Machines distinguished by fixed nonce bytes; null if the dialect has none. */
  readonly rigs: number | null;
  /** True if the values rise, but by a timer, jobs or shares, whatever work is done; false if absent. */
  readonly isTimed?: boolean;
}
