/**
 * A hypothesis about how nonces are handed out, fitted to shares (kernel/counters/fit.ts), and the position of a share's
 * track under it.
 */
import { fixedVariance } from '../../../kernel/counters/odds.ts';

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
  /** Seconds of one round of work: a new job waits for the round that runs, and a find for the end of its round. */
  readonly beat: number;
  /** Chunks only: whether the tracks may have drifted apart, so that a draw's number no longer tells its round. */
  readonly adrift: boolean;
  /** True if there may be other rates beside the common one: of other tracks (efficient cores), at other times. */
  readonly unlike: boolean;
}

export interface Fit {
  readonly hypothesis: Hypothesis;
  /** Counts per second of one track. */
  readonly rate: number;
  /** Relative scale of one share's residual. */
  readonly spread: number;
  /** Prior weight of a share that is off the clock. */
  readonly off: number;
  /** ln of prior times likelihood ratio against random nonces. */
  readonly evidence: number;
}

/** Scale of a share's residual, in counts, at `seconds` after its job. */
export function residualScale(seconds: number, { rate, spread, hypothesis }: Fit): number {
  const age = spread * rate * seconds;
  return Math.sqrt(age * age + fixedVariance(rate, hypothesis.beat, hypothesis.batch));
}

/** Progress of the share's track if all tracks draw in step: rounds done times chunk, plus the offset in it. */
export function progressInStep(nonce: number, { kind, size, tracks }: Hypothesis): number {
  if (kind !== 'chunks' && kind !== 'lanes') return nonce;
  const part = Math.floor(nonce / size);
  const offset = nonce - part * size;
  return kind === 'chunks' ? Math.floor(part / tracks) * size + offset : offset;
}

/** Progress if the tracks have drifted apart: from the number of draws before this one, half a chunk less each. */
export function progressAdrift(nonce: number, hypothesis: Hypothesis): number {
  const { adrift, size, tracks } = hypothesis;
  const chunk = Math.floor(nonce / size);
  if (!adrift || chunk < tracks) return progressInStep(nonce, hypothesis);
  return ((chunk - (tracks - 1) / 2) * size) / tracks + (nonce - chunk * size);
}
