/**
 * Intervals of mining: from the first job with a known difficulty to the end of the connection, one work interval per
 * algorithm in force. Work of shares is summed per work interval, so that a rate is work over time of the same interval. While a
 * difficulty is in force that no hash can meet, a work interval of its own keeps that time out of the others'.
 */
import type { Difficulty } from '../evidence/fact.ts';
import { isReachable } from '../evidence/target.ts';

/** Segments that waited for others come less late, us. */
export const SET_BACK_US = 60e6;

export interface WorkInterval {
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

export function newWorkInterval(
  algorithm: string | null,
  startUs: number,
  difficulty: Difficulty,
): WorkInterval {
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

/** False for an interval whose difficulty no hash can meet: it has time and no work. */
export function isMined({ difficulty }: WorkInterval): boolean {
  return isReachable(difficulty);
}

/** True if jobs of this algorithm and difficulty belong to the work interval. */
export function goesOnIn(
  workInterval: WorkInterval,
  algorithm: string | null,
  difficulty: Difficulty,
): boolean {
  return workInterval.algorithm === algorithm && isMined(workInterval) === isReachable(difficulty);
}

/** The work interval that a share of the algorithm counts in; null if there is none. */
export function workIntervalFor(
  workIntervals: readonly WorkInterval[],
  algorithm: string | null,
): WorkInterval | null {
  return (
    workIntervals.findLast((workInterval) => workInterval.algorithm === algorithm && isMined(workInterval)) ??
    workIntervals.findLast(isMined) ??
    null
  );
}

/** From `timeUs` on the jobs carry this difficulty. */
export function putInForce(workInterval: WorkInterval, difficulty: Difficulty, timeUs: number): void {
  integrate(workInterval, timeUs);
  if (isMined(workInterval) !== isReachable(difficulty)) return;
  workInterval.difficulty = difficulty;
  workInterval.hasUnits ||= difficulty.scale === 'units';
  if (timeUs >= workInterval.startUs || timeUs < workInterval.startUs - SET_BACK_US) return;
  // Packets of earlier times may stand behind later ones in a file.
  addInForce(workInterval, workInterval.startUs - timeUs);
  workInterval.startUs = timeUs;
}

/** The work interval lasts until `timeUs` at least. */
export function extend(workInterval: WorkInterval, timeUs: number): void {
  workInterval.endUs = Math.max(workInterval.endUs, timeUs);
  integrate(workInterval, workInterval.endUs);
}

/** Takes back what a clock that was ahead has added since `leftUs`. The mean difficulty in force stays. */
export function takeBackTo(workInterval: WorkInterval, leftUs: number): void {
  workInterval.startUs = Math.min(workInterval.startUs, leftUs);
  workInterval.endUs = leftUs;
  integrate(workInterval, leftUs);
  const part =
    (leftUs - workInterval.startUs) / Math.max(1, workInterval.difficultySinceUs - workInterval.startUs);
  workInterval.hashesInForce *= Math.min(1, part);
  workInterval.unitsInForce *= Math.min(1, part);
  workInterval.difficultySinceUs = leftUs;
}

/** The work interval begins anew at this time, with the work that it has. */
export function moveTo(workInterval: WorkInterval, timeUs: number): void {
  workInterval.startUs = timeUs;
  workInterval.endUs = timeUs;
  workInterval.difficultySinceUs = timeUs;
  workInterval.hashesInForce = 0;
  workInterval.unitsInForce = 0;
}

/** Ends the work interval at `untilUs` at the latest, and takes what was in force after it out of the integral. */
export function cutOff(workInterval: WorkInterval, untilUs: number): void {
  if (workInterval.endUs <= untilUs || workInterval.startUs > untilUs) return;
  workInterval.endUs = untilUs;
  if (workInterval.difficultySinceUs > untilUs) hold(workInterval, untilUs);
}

function integrate(workInterval: WorkInterval, timeUs: number): void {
  if (timeUs > workInterval.difficultySinceUs) hold(workInterval, timeUs);
}

/** The difficulty is in force until then: longer than it was so far, or shorter. */
function hold(workInterval: WorkInterval, untilUs: number): void {
  addInForce(workInterval, untilUs - workInterval.difficultySinceUs);
  workInterval.difficultySinceUs = untilUs;
}

function addInForce(workInterval: WorkInterval, us: number): void {
  const { scale, value } = workInterval.difficulty;
  if (isMined(workInterval)) workInterval[`${scale}InForce` as const] += value * us;
}

/** Adds shares to the work interval, or takes one back after a rejection (`count` -1). */
export function addWork(workInterval: WorkInterval, { scale, value }: Difficulty, count: number): void {
  workInterval.shares += count;
  workInterval[scale] += count * value;
  workInterval[`${scale}Squared` as const] += count * value * value;
  workInterval.hasUnits ||= scale === 'units';
}

/** The work interval goes on as `later`, a part of the same interval that was summed elsewhere. */
export function joinWorkInterval(workInterval: WorkInterval, later: Readonly<WorkInterval>): void {
  integrate(workInterval, later.startUs);
  workInterval.shares += later.shares;
  for (const scale of ['hashes', 'units'] as const)
    for (const sum of [scale, `${scale}Squared`, `${scale}InForce`] as const) workInterval[sum] += later[sum];
  workInterval.hasUnits ||= later.hasUnits;
  workInterval.difficulty = later.difficulty;
  workInterval.difficultySinceUs = Math.max(workInterval.difficultySinceUs, later.difficultySinceUs);
  workInterval.endUs = Math.max(workInterval.endUs, later.endUs);
}
