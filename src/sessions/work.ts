/**
 * What the shares of a session are worth, within the times asked for: the intervals of mining with the work of each, and
 * the same work over time.
 */
import type { Difficulty } from '../evidence/fact.ts';
import { isReachable } from '../evidence/target.ts';
import { WorkFields } from './fields.ts';
import { beginPeriod, join } from './groups.ts';
import type { CountedShare } from './share-table.ts';
import { withItem } from './short-list.ts';
import {
  addWork,
  extend,
  goesOnIn,
  moveTo,
  newWorkInterval,
  putInForce,
  SET_BACK_US,
  takeBackTo,
  type WorkInterval,
  workIntervalFor,
} from './work-interval.ts';

const MOST_WORK_INTERVALS = 1024;
/** No connection is silent for so long, us: the clock leaps. */
export const SILENT_US = 86_400e6;

export class Work extends WorkFields {
  /** A job begins, at a time within those that count. */
  job(difficulty: Difficulty | null, algorithm: string | null, timeUs: number): void {
    if (difficulty === null) {
      this.bareJobUs ??= timeUs;
      return;
    }
    const open = this.workIntervals.at(-1);
    // Behind an interval without work there is always room for one with it.
    const limit = isReachable(difficulty) ? MOST_WORK_INTERVALS : MOST_WORK_INTERVALS - 1;
    if (open === undefined || (!goesOnIn(open, algorithm, difficulty) && this.workIntervals.length < limit)) {
      if (open !== undefined) extend(open, timeUs);
      this.workIntervals = withItem(this.workIntervals, newWorkInterval(algorithm, timeUs, difficulty));
    } else putInForce(open, difficulty, timeUs);
  }

  /** Counts a share of this worth; answers the work interval that its work is counted in, null if it counts for none. */
  add(
    timeUs: number,
    worth: Difficulty | null,
    algorithm: string | null,
    isBare: boolean,
  ): WorkInterval | null {
    const workInterval = worth === null ? null : workIntervalFor(this.workIntervals, algorithm);
    if (worth === null || workInterval === null) this.unpriced++;
    else addWork(workInterval, worth, 1);
    if (isBare) this.bareShares++;
    this.series.add(timeUs, worth, 1, isBare);
    return workInterval;
  }

  /** Takes back what was counted for a share. */
  takeBack({ timeUs, difficulty, workInterval: number, isBare }: CountedShare): void {
    const workInterval = number === null ? undefined : this.workIntervals[number];
    if (difficulty === null || workInterval === undefined) this.unpriced--;
    else addWork(workInterval, difficulty, -1);
    if (isBare) this.bareShares--;
    this.series.add(timeUs, difficulty, -1, isBare);
  }

  /** The last interval ends, and goes on from another time: from the one before it if the clock had left that. */
  leap(untilUs: number, fromUs: number): void {
    const [before, open] = [this.workIntervals.at(-2), this.workIntervals.at(-1)];
    if (open === undefined) return;
    extend(open, untilUs);
    // It was away for as long as has passed there.
    const isBack =
      before !== undefined &&
      Math.abs(open.startUs - before.endUs) > SET_BACK_US &&
      Math.abs(fromUs - before.endUs - (open.endUs - open.startUs)) < SET_BACK_US;
    if (isBack && open.shares === 0) {
      putInForce(before, open.difficulty, before.endUs);
      this.workIntervals = this.workIntervals.slice(0, -1);
    } else if (isBack) moveTo(open, before.endUs);
    else if (this.workIntervals.length < MOST_WORK_INTERVALS)
      this.workIntervals = withItem(
        this.workIntervals,
        newWorkInterval(open.algorithm, fromUs, open.difficulty),
      );
  }

  /** What was in force since then was so by a clock that was ahead. */
  comeBack(leftUs: number): void {
    for (const workInterval of this.workIntervals.toReversed()) {
      const isEarlier = workInterval.startUs <= leftUs;
      takeBackTo(workInterval, leftUs);
      if (isEarlier) return;
    }
  }

  /** The last interval lasts as long as the session. */
  lastUntil(endUs: number): void {
    const open = this.workIntervals.at(-1);
    if (open !== undefined) extend(open, endUs);
  }

  /** A period begins, in which no share was counted yet: mining goes on with the difficulty in force. */
  turn(sinceUs: number): void {
    const inForce = this.workIntervals.at(-1);
    this.workIntervals =
      inForce === undefined ? [] : [newWorkInterval(inForce.algorithm, sinceUs, inForce.difficulty)];
    if (this.bareJobUs !== null) this.bareJobUs = sinceUs;
    beginPeriod('work', this, new WorkFields());
  }

  /** Adds the work of a later part of the session, whose intervals are joined by then. */
  absorb(later: Work): void {
    join('work', this, later);
    this.series.absorb(later.series);
  }
}
