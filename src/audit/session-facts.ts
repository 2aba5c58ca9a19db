/**
 * The facts that a merge needs and a session row does not show, so that verdict, algorithm, work and rates of the joined
 * session can be computed from counts; and the row read back into the session. Times are us since 1970.
 */
import type { Difficulty } from '../evidence/fact.ts';
import { priceable } from '../evidence/target.ts';
import type { SessionCounter } from '../sessions/counter.ts';
import type { Job } from '../sessions/memory.ts';
import { Series } from '../sessions/series.ts';
import { Session } from '../sessions/session.ts';
import { hashesPerShare, type SettledSession } from '../sessions/settle.ts';
import type { AuditSession } from './audit.ts';
import type { EarlyShare, OpenSession, SessionFacts } from './facts.ts';
import { isoTime, timeUsOf } from './time.ts';

const MAX_OPEN_JOBS = 32;
const MAX_EARLY = 64;

export function factsOf({ session, counter, isDuplicate = false }: SettledSession): SessionFacts {
  const { memory, reached } = session;
  const { rigs: clockRigs = null } = counter?.estimate?.verdict === 'clock' ? counter.estimate : {};
  return {
    startUs: session.startUs,
    endUs: session.endUs,
    firstHeardUs: finite(memory.firstHeardUs),
    heardUs: finite(session.heardUs),
    certain: session.certain,
    opened: session.opened,
    openedByLogin: memory.openedByLogin,
    fromStart: session.fromStart,
    admitted: session.admitted,
    refusal: session.refusal,
    poolName: session.pool.name ?? null,
    names: [...(session.names ?? [])],
    algorithms: session.algorithms,
    coins: session.coins,
    targets: session.targets.map(({ host, port }) => ({ host, port })),
    reconnects: session.reconnects,
    jobAlgorithm: memory.jobAlgorithm,
    jobs: session.jobs,
    wholeAnswers: session.wholeAnswers,
    assumed: session.assumed,
    missed: session.missed,
    overflow: session.overflow,
    logged: memory.logged,
    bareShares: memory.bareShares,
    bareJobUs: memory.bareJobUs,
    reached: reached.shares === 0 ? null : { ...reached },
    voices: session.voices,
    spans: session.spans,
    windows: { seconds: session.series.seconds, rows: session.series.rows() },
    evidence: session.sightings,
    fixesNonce: session.fixesNonce,
    roundTripUs: session.roundTripUs,
    counter:
      counter === null
        ? null
        : { rigs: counter.rigs, leastRigs: counter.leastRigs, unreadShares: counter.unreadShares, clockRigs },
    isDuplicate,
    early: earlyShares(session),
  };
}

function earlyShares(session: Session): EarlyShare[] {
  if (session.fromStart) return [];
  return session.memory.strays.slice(0, MAX_EARLY).map(({ logged, span, assumed }) => ({
    timeUs: logged.timeUs,
    jobId: logged.jobId,
    jobTimeUs: logged.jobTimeUs,
    algorithm: logged.algorithm,
    difficulty: logged.difficulty,
    outcome: logged.outcome,
    span: span === null ? null : session.spans.indexOf(span),
    assumed,
  }));
}

/** What is open of a session at the end of the input; null if nothing is. */
export function openOf({ session, algorithm }: SettledSession): OpenSession | null {
  if (!session.isOpen) return null;
  const { memory } = session;
  // Written out: an object that is put together by spreading takes several times as much.
  const { hashesPerShare: hashes, difficultyUnits } = figures(priceable(memory.difficulty), algorithm);
  return {
    hashesPerShare: hashes,
    difficultyUnits,
    jobs: [...memory.jobs].slice(-MAX_OPEN_JOBS).map(([id, job]) => {
      const worth = figures(priceable(job.difficulty), job.algorithm ?? algorithm);
      return {
        id,
        time: isoTime(job.timeUs),
        algorithm: job.algorithm,
        hashesPerShare: worth.hashesPerShare,
        difficultyUnits: worth.difficultyUnits,
      };
    }),
    unanswered: memory.unanswered.map(({ timeUs, jobId, difficulty }) => ({
      time: isoTime(timeUs),
      jobId,
      hashesPerShare: figures(difficulty, algorithm).hashesPerShare,
    })),
    unfinished: session.unfinished,
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
  const session = new Session({ dialect, transport, miner, via, pool, certain: facts.certain }, ALL_TIMES);
  const { memory } = session;
  session.agent = row.agent;
  session.logins = row.logins;
  Object.assign(session.shares, row.shares);
  session.rejects = row.rejects;
  session.unpriced = row.work.unpricedShares;
  const { bytesOut, bytesIn, packetsOut, packetsIn } = row.traffic;
  Object.assign(session.traffic, { bytesOut, bytesIn, packetsOut, packetsIn });
  for (const { time, ...worth } of row.difficulty) {
    const difficulty = difficultyOf(worth);
    if (difficulty !== null) session.difficulties.push({ timeUs: timeUsOf(time), difficulty });
  }
  session.selfReported = row.selfReported.map(({ time, hashrate }) => ({ timeUs: timeUsOf(time), hashrate }));
  takeFacts(session, facts);
  session.isOpen = open !== null;
  if (open === null) return session;
  session.unfinished = open.unfinished;
  memory.difficulty = difficultyOf(open);
  let { difficulty } = memory;
  for (const { id, time, algorithm, ...worth } of open.jobs) {
    const own = difficultyOf(worth);
    // Of one worth most are: they share it.
    if (own?.scale !== difficulty?.scale || own?.value !== difficulty?.value) difficulty = own;
    const job: Job = { difficulty, algorithm, timeUs: timeUsOf(time) };
    memory.jobs.set(id, job);
  }
  memory.unanswered = open.unanswered.map(({ time, jobId, hashesPerShare: hashes }) => ({
    timeUs: timeUsOf(time),
    jobTimeUs: null,
    jobId,
    nonce: null,
    extraNonce2: null,
    difficulty: hashes === null ? null : { scale: 'hashes', value: hashes },
    algorithm: null,
    outcome: 'unanswered',
  }));
  return session;
}

const ALL_TIMES = { sinceUs: Number.NEGATIVE_INFINITY, untilUs: Number.POSITIVE_INFINITY };

function takeFacts(session: Session, facts: SessionFacts): void {
  const { startUs, endUs, opened, fromStart, admitted, refusal, jobs, wholeAnswers } = facts;
  const { assumed, missed, overflow, fixesNonce, roundTripUs } = facts;
  Object.assign(session, { startUs, endUs, opened, fromStart, admitted, refusal, jobs, wholeAnswers });
  Object.assign(session, { assumed, missed, overflow, fixesNonce, roundTripUs });
  session.heardUs = facts.heardUs ?? Number.NEGATIVE_INFINITY;
  for (const name of facts.names) session.name(name);
  session.algorithms = [...facts.algorithms];
  session.coins = [...facts.coins];
  session.targets = facts.targets;
  session.reconnects = facts.reconnects;
  if (facts.reached !== null) session.reached = facts.reached;
  Object.assign(session.voices, facts.voices);
  session.spans = facts.spans.map((span) => ({ ...span }));
  session.series.absorb(Series.of(facts.windows.seconds, facts.windows.rows));
  session.sightings.push(...facts.evidence.map((sighting) => ({ ...sighting })));
  const { memory } = session;
  const { logged, bareShares, bareJobUs, jobAlgorithm, openedByLogin } = facts;
  Object.assign(memory, { logged, bareShares, bareJobUs, jobAlgorithm, openedByLogin });
  memory.firstHeardUs = facts.firstHeardUs ?? Number.POSITIVE_INFINITY;
  memory.strays = facts.early.map(({ span, assumed, ...share }) => ({
    logged: { ...share, nonce: null, extraNonce2: null },
    span: span === null ? null : (session.spans[span] ?? null),
    assumed,
  }));
}

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

function finite(timeUs: number): number | null {
  return Number.isFinite(timeUs) ? timeUs : null;
}
