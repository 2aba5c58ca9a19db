/**
 * Stretches of mining: from the first job with a known difficulty to the end of the connection, one span per
 * algorithm in force. Work of shares is summed per span, so that a rate is work over time of the same stretch. While a
 * difficulty is in force that no hash can meet, a span of its own keeps that time out of the others'.
 */
import type { Difficulty } from '../evidence/fact.ts';
import { isReachable } from '../evidence/target.ts';

/** Segments that waited for others come less late, us. */
export const SET_BACK_US = 60e6;

export interface Span {
  /** Algorithm that the jobs name; null if the session's own algorithm holds. */
  readonly algorithm: string | null;
  startUs: number;
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
  /** True if some difficulty came in units. */
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

/** False for a stretch whose difficulty no hash can meet: it has time and no work. */
export function isMined({ difficulty }: Span): boolean {
  return isReachable(difficulty);
}

/** True if jobs of this algorithm and difficulty belong to the span. */
export function goesOnIn(span: Span, algorithm: string | null, difficulty: Difficulty): boolean {
  return span.algorithm === algorithm && isMined(span) === isReachable(difficulty);
}

/** The span that a share of the algorithm counts in; null if there is none. */
export function spanFor(spans: readonly Span[], algorithm: string | null): Span | null {
  return (
    spans.findLast((span) => span.algorithm === algorithm && isMined(span)) ?? spans.findLast(isMined) ?? null
  );
}

/** From `timeUs` on the jobs carry this difficulty. */
export function putInForce(span: Span, difficulty: Difficulty, timeUs: number): void {
  integrate(span, timeUs);
  if (isMined(span) !== isReachable(difficulty)) return;
  span.difficulty = difficulty;
  span.hasUnits ||= difficulty.scale === 'units';
  if (timeUs >= span.startUs || timeUs < span.startUs - SET_BACK_US) return;
  // Packets of earlier times may stand behind later ones in a file.
  addInForce(span, span.startUs - timeUs);
  span.startUs = timeUs;
}

/** The span lasts until `timeUs` at least. */
export function extend(span: Span, timeUs: number): void {
  span.endUs = Math.max(span.endUs, timeUs);
  integrate(span, span.endUs);
}

/** Takes back what a clock that was ahead has added since `leftUs`. The mean difficulty in force stays. */
export function takeBackTo(span: Span, leftUs: number): void {
  span.startUs = Math.min(span.startUs, leftUs);
  span.endUs = leftUs;
  integrate(span, leftUs);
  const part = (leftUs - span.startUs) / Math.max(1, span.difficultySinceUs - span.startUs);
  span.hashesInForce *= Math.min(1, part);
  span.unitsInForce *= Math.min(1, part);
  span.difficultySinceUs = leftUs;
}

/** The span begins anew at this time, with the work that it has. */
export function moveTo(span: Span, timeUs: number): void {
  span.startUs = timeUs;
  span.endUs = timeUs;
  span.difficultySinceUs = timeUs;
  span.hashesInForce = 0;
  span.unitsInForce = 0;
}

/** Ends the span at `untilUs` at the latest, and takes what was in force after it out of the integral. */
export function cutOff(span: Span, untilUs: number): void {
  if (span.endUs <= untilUs || span.startUs > untilUs) return;
  span.endUs = untilUs;
  if (span.difficultySinceUs > untilUs) hold(span, untilUs);
}

function integrate(span: Span, timeUs: number): void {
  if (timeUs > span.difficultySinceUs) hold(span, timeUs);
}

/** The difficulty is in force until then: longer than it was so far, or shorter. */
function hold(span: Span, untilUs: number): void {
  addInForce(span, untilUs - span.difficultySinceUs);
  span.difficultySinceUs = untilUs;
}

function addInForce(span: Span, us: number): void {
  const { scale, value } = span.difficulty;
  if (isMined(span)) span[`${scale}InForce` as const] += value * us;
}

/** Adds shares to the span, or takes one back after a rejection (`count` -1). */
export function addWork(span: Span, { scale, value }: Difficulty, count: number): void {
  span.shares += count;
  span[scale] += count * value;
  span[`${scale}Squared` as const] += count * value * value;
  span.hasUnits ||= scale === 'units';
}

/** The span goes on as `later`, a part of the same stretch that was summed elsewhere. */
export function joinSpan(span: Span, later: Readonly<Span>): void {
  integrate(span, later.startUs);
  span.shares += later.shares;
  for (const scale of ['hashes', 'units'] as const)
    for (const sum of [scale, `${scale}Squared`, `${scale}InForce`] as const) span[sum] += later[sum];
  span.hasUnits ||= later.hasUnits;
  span.difficulty = later.difficulty;
  span.difficultySinceUs = Math.max(span.difficultySinceUs, later.difficultySinceUs);
  span.endUs = Math.max(span.endUs, later.endUs);
}
