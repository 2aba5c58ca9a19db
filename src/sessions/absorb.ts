/**
 * Joins a session with an earlier part of it that was scanned separately: sums add, stretches join, and shares that the
 * later part could not price, because the job or difficulty was in the earlier one, are priced now. The result is that of
 * one scan of both, up to the rounding of sums that were added in another order.
 */
import type { Difficulty } from '../evidence/fact.ts';
import { priceable } from '../evidence/target.ts';
import type { Stray } from './field-types.ts';
import { join } from './groups.ts';
import { isSame } from './job-book.ts';
import type { Session } from './session.ts';
import { addWork, extend, goesOnIn, joinSpan, newSpan, type Span, spanFor } from './span.ts';

/**
 * Adds `later`, which must not be used afterwards, to `session`. Neither may be settled. `isOneConnection`: both are
 * parts of one connection, whose reader says some things once.
 */
export function absorb(session: Session, later: Session, isOneConnection = false): void {
  const { difficulty } = session.jobs;
  const hasWork = session.jobs.count + session.shares.submitted > 0;
  join('claims', session.claims, later.claims);
  session.heard.absorb(later.heard, isOneConnection, hasWork);
  session.connections.absorb(later.connections);
  const spanOf = joinSpans(session, later);
  joinBare(session, later, difficulty);
  // A later part that never heard a difficulty has no stretch of its own.
  session.endWork();
  session.work.absorb(later.work);
  later.shares.strays = later.shares.strays
    .map((stray) => ({ ...stray, span: stray.span === null ? null : spanOf(stray.span) }))
    .filter((stray) => !reprice(session, stray, difficulty));
  session.jobs.absorb(later.jobs);
  join('shares', session.shares, later.shares);
  if (later.frames !== null) session.frames?.absorb(later.frames);
}

/** Joins the stretches; answers which span of `session` each of `later` became. */
function joinSpans({ work, jobs }: Session, later: Session): (span: Span) => Span {
  const became = new Map<Span, Span>();
  const { bareJobUs } = later.work;
  if (work.spans.length === 0 && jobs.difficulty !== null && bareJobUs !== null) {
    work.spans.push(newSpan(jobs.algorithm, bareJobUs, jobs.difficulty));
  }
  for (const span of later.work.spans) {
    const open = work.spans.at(-1);
    // A later part that begins without a named algorithm goes on with that of the earlier one.
    const algorithm = span.algorithm ?? (open?.algorithm === null ? null : jobs.algorithm);
    if (open !== undefined && goesOnIn(open, algorithm, span.difficulty)) {
      joinSpan(open, span);
      became.set(span, open);
    } else {
      if (open !== undefined) extend(open, span.startUs);
      const own = { ...span, algorithm };
      work.spans.push(own);
      became.set(span, own);
    }
  }
  return (span) => became.get(span) ?? span;
}

/** Shares of jobs that came before the later part knew a difficulty have the one that was in force. */
function joinBare(session: Session, later: Session, difficulty: Difficulty | null): void {
  const { jobs, work } = later;
  const worth = priceable(difficulty);
  const span = worth === null ? null : spanFor(session.work.spans, session.jobs.algorithm);
  if (difficulty === null || (worth !== null && span === null)) return;
  if (worth !== null && span !== null) {
    work.unpriced -= work.bareShares;
    addWork(span, worth, work.bareShares);
  }
  work.bareShares = 0;
  work.series.priceBare(worth);
  for (const [jobId, job] of jobs.recent) {
    if (job.difficulty === null) jobs.recent.set(jobId, { ...job, difficulty });
  }
}

/** Prices a share by what the earlier part knows of its job; false if that knows no more. */
function reprice(session: Session, stray: Stray, inForce: Difficulty | null): boolean {
  const { logged } = stray;
  const { jobs, shares, work } = session;
  const job = logged.jobId === null ? undefined : jobs.recent.get(logged.jobId);
  if (job === undefined) {
    if (stray.assumed || logged.jobTimeUs !== null || inForce === null) return false;
    shares.assumed++;
    price(session, stray, inForce, work.spans.at(-1)?.algorithm ?? null);
    return true;
  }
  if (stray.assumed) shares.assumed--;
  const algorithm = job.algorithm ?? logged.algorithm;
  if (!isSame(priceable(job.difficulty), logged.difficulty)) price(session, stray, job.difficulty, algorithm);
  logged.jobTimeUs = job.timeUs;
  logged.algorithm = algorithm;
  return true;
}

function price(
  { work }: Session,
  { logged, span }: Stray,
  difficulty: Difficulty | null,
  algorithm: string | null,
): void {
  const worth = priceable(difficulty);
  if (['accepted', 'stale', 'unanswered'].includes(logged.outcome)) {
    const counted = span === null ? -1 : work.spans.indexOf(span);
    work.takeBack({ ...logged, span: counted === -1 ? null : counted, isBare: false });
    work.add(logged.timeUs, worth, algorithm, false);
  }
  logged.difficulty = worth;
}
