/**
 * Stretches of mining: from the first job with a known difficulty to the end of the connection, one span per
 * algorithm in force. Work of shares is summed per span, so that a rate is work over time of the same stretch.
 */
import type { Difficulty } from '../evidence/fact.ts';

export interface Span {
  /** Algorithm that the jobs name; null where the session's own algorithm holds. */
  readonly algorithm: string | null;
  readonly startUs: number;
  endUs: number;
  shares: number;
  /** Sums of work and of squared work of the shares, in hashes where the difficulty says so. */
  hashes: number;
  hashesSquared: number;
  /** The same in Stratum difficulty units. */
  units: number;
  unitsSquared: number;
  /** Integral over time of the difficulty in force, in its own scale times us. */
  hashesInForce: number;
  unitsInForce: number;
  /** True where some difficulty came in units. */
  hasUnits: boolean;
  difficulty: Difficulty;
  difficultySinceUs: number;
}

export function newSpan(algorithm: string | null, startUs: number, difficulty: Difficulty): Span {
  return {
    algorithm,
    startUs,
    endUs: startUs,
    shares: 0,
    hashes: 0,
    hashesSquared: 0,
    units: 0,
    unitsSquared: 0,
    hashesInForce: 0,
    unitsInForce: 0,
    hasUnits: difficulty.scale === 'units',
    difficulty,
    difficultySinceUs: startUs,
  };
}

/** From `timeUs` on the jobs carry this difficulty. */
export function putInForce(span: Span, difficulty: Difficulty, timeUs: number): void {
  integrate(span, timeUs);
  span.difficulty = difficulty;
  span.hasUnits ||= difficulty.scale === 'units';
}

/** The span lasts until `timeUs` at least. */
export function extend(span: Span, timeUs: number): void {
  span.endUs = Math.max(span.endUs, timeUs);
  integrate(span, span.endUs);
}

function integrate(span: Span, timeUs: number): void {
  const heldUs = timeUs - span.difficultySinceUs;
  if (heldUs <= 0) return;
  if (span.difficulty.scale === 'hashes') span.hashesInForce += span.difficulty.value * heldUs;
  else span.unitsInForce += span.difficulty.value * heldUs;
  span.difficultySinceUs = timeUs;
}

/** Adds a share to the span (`sign` 1) or takes it back after a rejection (`sign` -1). */
export function addWork(span: Span, difficulty: Difficulty, sign: 1 | -1): void {
  span.shares += sign;
  if (difficulty.scale === 'hashes') {
    span.hashes += sign * difficulty.value;
    span.hashesSquared += sign * difficulty.value * difficulty.value;
  } else {
    span.hasUnits = true;
    span.units += sign * difficulty.value;
    span.unitsSquared += sign * difficulty.value * difficulty.value;
  }
}
