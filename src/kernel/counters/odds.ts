/** When a clock is believed, and what is thought of shares by how far they are off it: TypeScript goes by the same. */

/** Bayes factor of 1,000 against random nonces: luck reaches it in at most 1 of 1,000 sessions. */
export const LOG_CLOCK: f64 = Math.log(1000);
/** One clock as sure as this leaves no room for another in the same digits: other ways are then not tried. */
export const LOG_SURE: f64 = LOG_CLOCK + 12;
/** Parts of the shares that are off the clock, as tried. */
export const FEW_OFF: f64 = 0.03;
export const MANY_OFF: f64 = 0.25;
/** If tracks are unlike, shares are of tracks with other rates, up to so many times the common rate. */
export const FASTEST: f64 = 2;
/** Seconds by which the miner's clock may lag: queues, the hash that runs, scheduling. */
const LAG_SECONDS: f64 = 0.1;
/** Nonces are whole numbers: so much is in the variance of each. */
const ROUNDING: f64 = 0.4;

/** The part of the variance of a share's residual, in counts, that does not grow with time. */
export function fixedVariance(rate: f64, beat: f64): f64 {
  // Waiting for one round and for the end of another: two uniform times, together 0.41 of a beat in deviation.
  const lag: f64 = rate * (LAG_SECONDS + 0.41 * beat);
  return lag * lag + ROUNDING;
}

/** Density at `off` of Student's t with 4 degrees of freedom, spread over a scale that is the root of `variance`. */
export function student4(off: f64, variance: f64): f64 {
  const base: f64 = 1 + (off * off) / (4 * variance);
  return 0.375 / (base * base * Math.sqrt(base * variance));
}

/** Progress of a track that draws chunks in step with the others: the rounds that are done, and the offset in its chunk. */
export function progressInStep(chunk: f64, offset: f64, size: f64, tracks: f64): f64 {
  return Math.floor(chunk / tracks) * size + offset;
}

/**
 * Progress of tracks that have drifted apart: from the number of draws before this one, half a chunk less each; the round
 * of a first chunk is certain.
 */
export function progressAdrift(chunk: f64, offset: f64, size: f64, tracks: f64): f64 {
  return chunk < tracks ? offset : ((chunk - (tracks - 1) / 2) * size) / tracks + offset;
}
