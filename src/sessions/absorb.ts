/**
 * Joins a session with an earlier part of it that was scanned separately: sums add, intervals join, and shares that the
 * later part could not price, because the job or difficulty was in the earlier one, are priced now. The result is that of
 * one scan of both, up to the rounding of sums that were added in another order.
 */
import type { Difficulty } from '../evidence/fact.ts';
import { priceable } from '../evidence/target.ts';
import type { RepriceableShare } from './field-types.ts';
import { join } from './groups.ts';
import { isSame } from './job-book.ts';
import type { Session } from './session.ts';
import {
  addWork,
  extend,
  goesOnIn,
  joinWorkInterval,
  newWorkInterval,
  type WorkInterval,
  workIntervalFor,
} from './work-interval.ts';

/**
 * Adds `later`, which must not be used afterwards, to `session`. Neither may be finalized. `isOneConnection`: both are
 * parts of one connection, whose reader says some things once.
 */
export function absorb(session: Session, later: Session, isOneConnection = false): void {
  const { difficulty } = session.jobs;
  const hasWork = session.jobs.count + session.shares.submitted > 0;
  join('claims', session.claims, later.claims);
  session.observed.absorb(later.observed, isOneConnection, hasWork);
  session.connections.absorb(later.connections, isOneConnection);
  const workIntervalOf = joinWorkIntervals(session, later);
  joinBare(session, later, difficulty);
  // A later part that never observed a difficulty has no interval of its own.
  session.endWork();
  session.work.absorb(later.work);
  later.shares.repriceable = later.shares.repriceable
    .map((early) => ({
      ...early,
      workInterval: early.workInterval === null ? null : workIntervalOf(early.workInterval),
    }))
    .filter((early) => !reprice(session, early, difficulty));
  session.jobs.absorb(later.jobs);
  join('shares', session.shares, later.shares);
  if (later.frames !== null) session.frames?.absorb(later.frames);
}

/** Joins the intervals; answers which work interval of `session` each of `later` became. */
function joinWorkIntervals(
  { work, jobs }: Session,
  later: Session,
): (workInterval: WorkInterval) => WorkInterval {
  const became = new Map<WorkInterval, WorkInterval>();
  const { bareJobUs } = later.work;
  if (work.workIntervals.length === 0 && jobs.difficulty !== null && bareJobUs !== null) {
    work.workIntervals.push(newWorkInterval(jobs.algorithm, bareJobUs, jobs.difficulty));
  }
  for (const workInterval of later.work.workIntervals) {
    const open = work.workIntervals.at(-1);
    // A later part that begins without a named algorithm goes on with that of the earlier one.
    const algorithm = workInterval.algorithm ?? (open?.algorithm === null ? null : jobs.algorithm);
    if (open !== undefined && goesOnIn(open, algorithm, workInterval.difficulty)) {
      joinWorkInterval(open, workInterval);
      became.set(workInterval, open);
    } else {
      if (open !== undefined) extend(open, workInterval.startUs);
      const own = { ...workInterval, algorithm };
      work.workIntervals.push(own);
      became.set(workInterval, own);
    }
  }
  return (workInterval) => became.get(workInterval) ?? workInterval;
}

/** Shares of jobs that came before the later part knew a difficulty have the one that was in force. */
function joinBare(session: Session, later: Session, difficulty: Difficulty | null): void {
  const { jobs, work } = later;
  const worth = priceable(difficulty);
  const workInterval =
    worth === null ? null : workIntervalFor(session.work.workIntervals, session.jobs.algorithm);
  if (difficulty === null || (worth !== null && workInterval === null)) return;
  if (worth !== null && workInterval !== null) {
    work.unpriced -= work.bareShares;
    addWork(workInterval, worth, work.bareShares);
  }
  work.bareShares = 0;
  work.series.priceBare(worth);
  for (const [jobId, job] of jobs.recent) {
    if (job.difficulty === null) jobs.recent.set(jobId, { ...job, difficulty });
  }
}

/** Prices a share by what the earlier part knows of its job; false if that knows no more. */
function reprice(session: Session, early: RepriceableShare, inForce: Difficulty | null): boolean {
  const { logged } = early;
  const { jobs, shares, work } = session;
  const job = logged.jobId === null ? undefined : jobs.recent.get(logged.jobId);
  if (job === undefined) {
    if (early.assumed || logged.jobTimeUs !== null || inForce === null) return false;
    shares.assumed++;
    price(session, early, inForce, work.workIntervals.at(-1)?.algorithm ?? null);
    return true;
  }
  if (early.assumed) shares.assumed--;
  const algorithm = job.algorithm ?? logged.algorithm;
  if (!isSame(priceable(job.difficulty), logged.difficulty)) price(session, early, job.difficulty, algorithm);
  logged.jobTimeUs = job.timeUs;
  logged.algorithm = algorithm;
  return true;
}

function price(
  { work }: Session,
  { logged, workInterval }: RepriceableShare,
  difficulty: Difficulty | null,
  algorithm: string | null,
): void {
  const worth = priceable(difficulty);
  if (['accepted', 'stale', 'unanswered'].includes(logged.outcome)) {
    const counted = workInterval === null ? -1 : work.workIntervals.indexOf(workInterval);
    work.takeBack({ ...logged, workInterval: counted === -1 ? null : counted, isBare: false });
    work.add(logged.timeUs, worth, algorithm, false);
  }
  logged.difficulty = worth;
}
