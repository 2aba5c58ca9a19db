/**
 * The facts that a merge needs and a session row does not show, so that verdict, algorithm, work and rates of the joined
 * session can be computed from counts; and the row read back into the session. Times are us since 1970.
 */

import type { AuditSession, EarlyShare, OpenSession, SessionFacts } from '../audit/audit.ts';
import { isoTime, timeUsOf } from '../audit/time.ts';
import type { Difficulty } from '../evidence/fact.ts';
import { addFrames } from '../evidence/sealed-frames.ts';
import { priceable } from '../evidence/target.ts';
import type { SessionCounter } from '../sessions/counter.ts';
import type { Job } from '../sessions/field-types.ts';
import type { GroupName } from '../sessions/fields.ts';
import { type FinalSession, hashesPerShare } from '../sessions/finalize.ts';
import { factsOfGroups, restoreGroups } from '../sessions/groups.ts';
import { isSame } from '../sessions/job-book.ts';
import { SealedFrames } from '../sessions/sealed-frames.ts';
import { Session } from '../sessions/session.ts';
import { NO_ROW, ShareTable } from '../sessions/share-table.ts';
import { mapped } from '../sessions/short-list.ts';

const MAX_OPEN_JOBS = 32;
const MAX_EARLY = 64;

export function factsOf({ session, counter, isDuplicate = false }: FinalSession): SessionFacts {
  const { rigs: clockRigs = null } = counter?.estimate?.verdict === 'clock' ? counter.estimate : {};
  return {
    poolName: session.pool.name ?? null,
    counter:
      counter === null
        ? null
        : { rigs: counter.rigs, leastRigs: counter.leastRigs, unreadShares: counter.unreadShares, clockRigs },
    isDuplicate,
    early: earlyShares(session),
    ...(factsOfGroups(session.groups) as Pick<SessionFacts, GroupName>),
  };
}

function earlyShares(session: Session): EarlyShare[] {
  const repriceable = session.connections.fromStart ? [] : session.shares.repriceable.slice(0, MAX_EARLY);
  return mapped(repriceable, ({ logged, workInterval, assumed }) => ({
    timeUs: logged.timeUs,
    jobId: logged.jobId,
    jobTimeUs: logged.jobTimeUs,
    algorithm: logged.algorithm,
    difficulty: logged.difficulty,
    outcome: logged.outcome,
    workInterval: workInterval === null ? null : session.work.workIntervals.indexOf(workInterval),
    assumed,
  }));
}

/** What is open of a session at the end of the input; null if nothing is. */
export function openOf({ session, algorithm }: FinalSession): OpenSession | null {
  if (!session.connections.isOpen) return null;
  const { jobs, shares } = session;
  // Written out: an object that is put together by spreading takes several times as much.
  const { hashesPerShare: hashes, difficultyUnits } = figures(priceable(jobs.difficulty), algorithm);
  return {
    hashesPerShare: hashes,
    difficultyUnits,
    jobs: [...jobs.recent].slice(-MAX_OPEN_JOBS).map(([id, job]) => {
      const worth = figures(priceable(job.difficulty), job.algorithm ?? algorithm);
      return {
        id,
        time: isoTime(job.timeUs),
        algorithm: job.algorithm,
        hashesPerShare: worth.hashesPerShare,
        difficultyUnits: worth.difficultyUnits,
      };
    }),
    unanswered: shares.leftOpen.map(({ timeUs, jobId, difficulty }) => ({
      time: isoTime(timeUs),
      jobId,
      hashesPerShare: figures(difficulty, algorithm).hashesPerShare,
    })),
    unfinished: session.connections.unfinished,
  };
}

interface Figures {
  hashesPerShare: number | null;
  difficultyUnits: number | null;
}

/** A difficulty as rows have it. */
export function figures(difficulty: Difficulty | null, algorithm: string | null): Figures {
  if (difficulty === null) return { hashesPerShare: null, difficultyUnits: null };
  return {
    hashesPerShare: hashesPerShare(difficulty, algorithm),
    difficultyUnits: difficulty.scale === 'units' ? difficulty.value : null,
  };
}

function difficultyOf({
  hashesPerShare: hashes,
  difficultyUnits: units,
}: Readonly<Figures>): Difficulty | null {
  if (units !== null) return { scale: 'units', value: units };
  return hashes === null ? null : { scale: 'hashes', value: hashes };
}

/** The session of a row; null for a connection in which nothing could be read. */
export function sessionOf(row: AuditSession): Session | null {
  const { facts, open = null } = row;
  if (facts === undefined) return null;
  const { dialect, transport, miner, via } = row;
  const { ip, port } = row.pool;
  const pool = facts.poolName === null ? { ip, port } : { ip, port, name: facts.poolName };
  const session = new Session(
    { dialect, transport, miner, via, pool, certain: facts.observed.certain },
    ALL_TIMES,
  );
  restoreGroups(session.groups, row);
  const { connections, jobs, shares, work } = session;
  shares.repriceable = facts.early.map(({ workInterval, assumed, ...share }) => ({
    logged: { ...share, nonce: null, extraNonce2: null, isMadeUp: false },
    workInterval: workInterval === null ? null : (work.workIntervals[workInterval] ?? null),
    assumed,
    row: NO_ROW,
  }));
  if (row.sharesSeen != null) session.frames?.absorb(framesOf(row.sharesSeen));
  connections.list = mapped(row.connections, ({ start, end, ...one }) => ({
    ...one,
    startUs: timeUsOf(start),
    endUs: timeUsOf(end),
  }));
  connections.isOpen = open !== null;
  if (open === null) return session;
  jobs.difficulty = difficultyOf(open);
  let { difficulty } = jobs;
  for (const { id, time, algorithm, ...worth } of open.jobs) {
    const own = difficultyOf(worth);
    // Of one worth most are: they share it.
    if (!isSame(own, difficulty)) difficulty = own;
    const job: Job = { difficulty, algorithm, timeUs: timeUsOf(time) };
    jobs.recent.set(id, job);
  }
  shares.leftOpen = open.unanswered.map(({ time, jobId, hashesPerShare: hashes }) => ({
    timeUs: timeUsOf(time),
    jobTimeUs: null,
    jobId,
    nonce: null,
    extraNonce2: null,
    difficulty: hashes === null ? null : { scale: 'hashes', value: hashes },
    algorithm: null,
    outcome: 'unanswered',
    isMadeUp: false,
  }));
  return session;
}

function framesOf(seen: NonNullable<AuditSession['sharesSeen']>): SealedFrames {
  const frames = new SealedFrames();
  const { submitted, accepted, acceptedLow, rejected, newTargets = 0, channels = 0 } = seen;
  const answered = { successes: acceptedLow ?? accepted, refused: rejected, newTargets, channels };
  addFrames(frames.sum, answered, submitted.central);
  const [fromUs, toUs] = [seen.firstAt, seen.lastAt].map((time) => (time === null ? null : timeUsOf(time)));
  frames.timeline.span(fromUs ?? null, toUs ?? null);
  for (const { start, seconds, shares } of seen.series)
    frames.pour(seconds, [[timeUsOf(start) / 1e6 / seconds, shares]]);
  return frames;
}

/** Of rows, which hold no shares one by one. */
const ALL_TIMES = {
  sinceUs: Number.NEGATIVE_INFINITY,
  untilUs: Number.POSITIVE_INFINITY,
  shares: new ShareTable(),
};

/** What the row says of its nonces; null if they were not read. */
export function counterOf({ facts, counter }: AuditSession): SessionCounter | null {
  if (facts === undefined || facts.counter === null || counter == null) return null;
  const { rigs, leastRigs, unreadShares, clockRigs } = facts.counter;
  const { algorithm, verdict, pValue, structure, tracks, estimate, low95, high95 } = counter;
  const known = { algorithm, rigs, leastRigs, unreadShares };
  if (verdict === 'not-read' || pValue === null) return { ...known, estimate: null };
  const words = counter.notes.filter(({ code }) => code !== 'counter-newest');
  const common = {
    pValue,
    evidence: -Math.log(pValue),
    words,
    sharesUsed: counter.shares,
    sharesUnplaced: 0,
  };
  if (structure === null || estimate === null || low95 === null || high95 === null)
    return { ...known, estimate: { ...common, verdict: 'no-clock', reason: 'no-fit' } };
  const series = counter.series.map(({ start, end, ...rate }) => ({
    startUs: timeUsOf(start),
    endUs: timeUsOf(end),
    ...rate,
  }));
  const clock = { ...common, verdict: 'clock' as const, structure, tracks, rigs: clockRigs, series };
  return { ...known, estimate: { ...clock, estimate, low95, high95 } };
}
