/** One hypothesis about how nonces are handed out, and what shares make of it. */
import { FIT_BYTES, FITS_AT } from './memory.ts';

export const SINGLE: u8 = 0;
export const CHUNKS: u8 = 1;
export const LANES: u8 = 2;

@unmanaged
export class Fit {
  kind: u8;
  /** Lanes only: every one of the range is in use. */
  full: u8;
  /** Chunks only: whether the tracks may have drifted apart, so that a draw's number no longer tells its round. */
  adrift: u8;
  /** Whether there may be other rates beside the common one: of other tracks (efficient cores), at other times. */
  unlike: u8;
  /** Tracks that draw chunks; distinct lanes seen; 1 otherwise. */
  tracks: i32;
  /** Nonces of a chunk or lane; the whole range for a single counter. */
  size: f64;
  /** Seconds of one round of work: a new job waits for the round that runs, and a find for the end of its round. */
  beat: f64;
  /** ln of the chance of just the lanes that the shares are in, all together; 0 if there are no lanes. */
  choice: f64;
  /** Counts per second of one track. */
  rate: f64;
  /** Relative scale of one share's residual. */
  spread: f64;
  /** Prior weight of a share that is off the clock. */
  off: f64;
  /** ln of prior times likelihood ratio against random nonces. */
  evidence: f64;
  logPrior: f64;
}

export function fitAt(index: i32): Fit {
  return changetype<Fit>(FITS_AT + <usize>index * FIT_BYTES);
}
