/**
 * How long a host mined: the union of the times in which it did, so that sessions at one time count once
 * (docs/reference/hashrate.md; docs/reference/energy.md section 2: duty is observed active hours divided by observed hours, and never assumed to
 * be 1). For a parsed session the intervals of mining are known; for an unreadable session, the time that it was open.
 */
import { isAtLeast } from '../evidence/verdict.ts';
import { totalOf } from '../order.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { type TimeInterval, unionSeconds } from '../time-interval.ts';
import type { HostLedger } from './ledger.ts';

/** Active for so long between two moments; nobody tells which parts of it. */
export interface ActivePeriod extends TimeInterval {
  readonly activeSeconds: number;
}

/**
 * Length in seconds of the union of intervals and active periods: no more than all of them together, and no more than
 * the union of what they span. Active periods of one miner that do not fill their span are taken one after the other,
 * as those of a miner that changes its server are.
 */
export function unionSecondsWith(
  intervals: readonly TimeInterval[],
  periods: readonly ActivePeriod[],
): number {
  const activeSum = totalOf(periods, ({ startUs, endUs, activeSeconds }) =>
    Math.min(activeSeconds, (endUs - startUs) / 1e6),
  );
  if (activeSum === 0) return unionSeconds(intervals);
  return Math.min(unionSeconds(intervals) + activeSum, unionSeconds([...intervals, ...periods]));
}

/**
 * Seconds in which the host mined anything, or had connections open that behave so; null if there are none. `observed` leaves
 * of intervals what was watched.
 */
export function activeSeconds(
  { sessions, poolConnections }: Pick<HostLedger, 'sessions' | 'poolConnections'>,
  observed: (intervals: readonly TimeInterval[]) => readonly TimeInterval[] = (intervals) => intervals,
): number | null {
  // What is merely suspected is no mining of a host that is known to mine at other times.
  const verdicts = [...sessions.map(({ verdict }) => verdict), ...poolConnections].map(
    ({ verdict }) => verdict,
  );
  const least = verdicts.some((verdict) => isAtLeast(verdict, 'probable')) ? 'probable' : 'suspected';
  const intervals = sessions
    .filter(({ verdict }) => isAtLeast(verdict.verdict, least))
    .flatMap((finalized) => intervalsOf(finalized));
  const periods: ActivePeriod[] = [];
  for (const { verdict, flow, startUs, endUs } of poolConnections) {
    if (!isAtLeast(verdict, least)) continue;
    if (flow === undefined) intervals.push({ startUs, endUs });
    else periods.push({ startUs, endUs, activeSeconds: flow.activeSeconds });
  }
  return intervals.length + periods.length === 0 ? null : unionSecondsWith(observed(intervals), periods);
}

/** Seconds in which parsed sessions of the host mined this algorithm. */
export function secondsOfAlgorithm(sessions: readonly FinalSession[], algorithm: string): number {
  return unionSeconds(sessions.flatMap((finalized) => intervalsOf(finalized, algorithm)));
}

/** When a session mined, or mined the algorithm. */
function intervalsOf(
  { verdict, works, mined, algorithm }: FinalSession,
  only?: string,
): readonly TimeInterval[] {
  const known = works.filter((part) => part.algorithm === only).flatMap((part) => part.intervals);
  const isTold = works.some((part) => part.intervals.length > 0);
  if (only !== undefined && (isTold || algorithm !== only)) return known;
  return verdict.verdict === 'attempted' ? [] : mined;
}
