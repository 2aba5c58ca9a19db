/**
 * One hypothesis about how nonces are handed out, and the position of a share's track under it.
 */

export interface Hypothesis {
  readonly kind: 'single' | 'pooled' | 'chunks' | 'lanes';
  /** Nonces of a chunk or lane; the whole range for a single or pooled counter. */
  readonly size: number;
  /** Tracks that draw chunks; distinct lanes seen; 1 otherwise. */
  readonly tracks: number;
  /** Lanes only: every lane of the range is in use. */
  readonly full: boolean;
  /** Additive noise of a pooled counter, nonces. */
  readonly batch: number;
  /** Seconds of one round of work: a new job waits for the round in hand, and a find for the end of its round. */
  readonly beat: number;
  /** ln of the chance of just the lanes that the shares are in, all together; 0 if there are no lanes. */
  readonly choice: number;
  /** Chunks only: whether the tracks may have drifted apart, so that a draw's number no longer tells its round. */
  readonly adrift: boolean;
  /** True if there may be other rates beside the common one: of other tracks (efficient cores), at other times. */
  readonly unlike?: boolean;
}

/** Parts of the shares that are off the clock, as tried, and the rest that is on it. */
export const FEW_OFF = 0.03;
export const MANY_OFF = 0.25;
export const FEW_ON = 1 - FEW_OFF;
export const MANY_ON = 1 - MANY_OFF;
/** If tracks are unlike, this part of the shares is of tracks with other rates, up to so many times the common rate. */
export const UNLIKE = 0.4;
export const FASTEST = 2;
/** Seconds by which the miner's clock may lag: queues, the hash in hand, scheduling. */
const LAG_SECONDS = 0.1;
/** Nonces are whole numbers: so much is in the variance of each. */
const ROUNDING = 0.4;

/** From this nonce on a draw's number no longer tells its round. */
export function adriftFrom({ kind, adrift, size, tracks }: Hypothesis): number {
  return kind === 'chunks' && adrift ? size * tracks : Number.POSITIVE_INFINITY;
}

/** Scale of a share's residual, in counts, at `seconds` after its job. */
export function residualScale(rate: number, seconds: number, spread: number, hypothesis: Hypothesis): number {
  const age = spread * rate * seconds;
  return Math.sqrt(age * age + fixedVariance(rate, hypothesis));
}

/** The part of it that does not grow with time, squared. */
export function fixedVariance(rate: number, hypothesis: Hypothesis): number {
  const lag = rate * lagSeconds(hypothesis);
  return lag * lag + hypothesis.batch * hypothesis.batch + ROUNDING;
}

/** The lag of a share, a standard deviation. */
function lagSeconds({ beat }: Hypothesis): number {
  // Waiting for one round and for the end of another: two uniform times, together 0.41 of a beat in deviation.
  return LAG_SECONDS + 0.41 * beat;
}

/** Progress of the share's track if all tracks draw in step: rounds done times chunk, plus the offset in it. */
export function progressInStep(nonce: number, hypothesis: Hypothesis): number {
  if (hypothesis.kind === 'chunks') {
    const chunk = Math.floor(nonce / hypothesis.size);
    return Math.floor(chunk / hypothesis.tracks) * hypothesis.size + (nonce % hypothesis.size);
  }
  return hypothesis.kind === 'lanes' ? nonce % hypothesis.size : nonce;
}

/** Progress if the tracks have drifted apart: from the number of draws before this one, half a chunk less each. */
export function progressAdrift(nonce: number, hypothesis: Hypothesis): number {
  const chunk = Math.floor(nonce / hypothesis.size);
  if (!hypothesis.adrift || chunk < hypothesis.tracks) return progressInStep(nonce, hypothesis);
  const draws = chunk - (hypothesis.tracks - 1) / 2;
  return (draws * hypothesis.size) / hypothesis.tracks + (nonce % hypothesis.size);
}
