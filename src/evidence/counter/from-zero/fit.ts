/**
 * A hypothesis about how nonces are handed out, fitted to shares (kernel/counters/fit.ts), and the position of a share's
 * track under it.
 */
import { fixedVariance, progressAdrift, progressInStep } from '../../../kernel/counters/odds.ts';
import type { PlacedShares } from './placed-shares.ts';

export interface Fit {
  readonly kind: 'single' | 'chunks' | 'lanes';
  /** Nonces of a chunk or lane; the whole range for a single counter. */
  readonly size: number;
  /** Tracks that draw chunks; distinct lanes seen; 1 otherwise. */
  readonly tracks: number;
  /** Lanes only: every one of the range is in use. */
  readonly full: boolean;
  /** Seconds of one round of work: a new job waits for the round that runs, and a find for the end of its round. */
  readonly beat: number;
  /** Chunks only: whether the tracks may have drifted apart, so that a draw's number no longer tells its round. */
  readonly adrift: boolean;
  /** True if there may be other rates beside the common one: of other tracks (efficient cores), at other times. */
  readonly unlike: boolean;
  /** Counts per second of one track. */
  readonly rate: number;
  /** Relative scale of one share's residual. */
  readonly spread: number;
  /** Prior weight of a share that is off the clock. */
  readonly off: number;
  /** ln of prior times likelihood ratio against random nonces. */
  readonly evidence: number;
}

/** Progress of each share's track, in counts: of the two readings of a chunk number the likelier one. */
export function progressOf({ count, nonces, seconds }: PlacedShares, fit: Fit): Float64Array {
  const { kind, size, tracks, rate, beat } = fit;
  if (kind === 'single') return nonces;
  const progress = new Float64Array(count);
  const fixed = fixedVariance(rate, beat);
  for (let index = 0; index < count; index += 1) {
    const part = Math.floor(nonces[index] / size);
    const offset = nonces[index] - part * size;
    const inStep = kind === 'lanes' ? offset : progressInStep(part, offset, size, tracks);
    const adrift = fit.adrift ? progressAdrift(part, offset, size, tracks) : inStep;
    if (inStep === adrift) {
      progress[index] = inStep;
    } else if (fit.unlike) {
      // At other rates than the common one, the nearer reading is not the likelier one.
      progress[index] = (inStep + adrift) / 2;
    } else {
      const due = rate * Math.max(0, seconds[index] - beat);
      const age = fit.spread * rate * seconds[index];
      const scale = Math.sqrt(age * age + fixed);
      const a = 1 / (1 + ((inStep - due) / scale) ** 2) ** 2.5;
      const b = 1 / (1 + ((adrift - due) / scale) ** 2) ** 2.5;
      progress[index] = (a * inStep + b * adrift) / (a + b);
    }
  }
  return progress;
}
