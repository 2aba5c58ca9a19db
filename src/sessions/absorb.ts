/**
 * Joins a session with an earlier part of it that was scanned separately: sums add, stretches join, and shares that the
 * later part could not price, because the job or difficulty was in the earlier one, are priced now. The result is that of
 * one scan of both, up to the rounding of sums that were added in another order.
 */
import { addTraffic } from '../endpoints/traffic.ts';
import type { Difficulty } from '../evidence/fact.ts';
import { priceable } from '../evidence/target.ts';
import type { LoggedShare } from './logged-share.ts';
import type { Stray } from './memory.ts';
import { MAX_JOBS, MAX_LOGGED, type Session } from './session.ts';
import { withItem } from './short-list.ts';
import { joinSighting, sightingOf } from './sightings.ts';
import { addWork, extend, goesOnIn, joinSpan, newSpan, type Span, spanFor } from './span.ts';
import { addVoices } from './voices.ts';

/** What the reader of a connection says once, and anew where it begins in the middle. */
const SAID_ONCE: ReadonlySet<string> = new Set(['coin', 'algorithm-share-hash']);

/**
 * Adds `later`, which must not be used afterwards, to `session`. Neither may be settled. `isOneConnection`: both are
 * parts of one connection, whose reader says some things once.
 */
export function absorb(session: Session, later: Session, isOneConnection = false): void {
  const before = {
    difficulty: session.memory.difficulty,
    hasWork: session.jobs + session.shares.submitted > 0,
  };
  joinHeader(session, later, before.hasWork, isOneConnection);
  const spanOf = joinSpans(session, later);
  joinBare(session, later, before.difficulty);
  joinCounts(session, later);
  // A later part that never heard a difficulty has no stretch of its own.
  const last = session.spans.at(-1);
  if (last !== undefined) extend(last, session.endUs);
  session.series.absorb(later.series);
  for (const pending of later.memory.pending?.values() ?? []) {
    pending.span = pending.span === null ? null : spanOf(pending.span);
  }
  const open: Stray[] = [];
  for (const stray of later.memory.strays) {
    const span = stray.span === null ? null : spanOf(stray.span);
    if (!reprice(session, { ...stray, span }, before.difficulty)) open.push({ ...stray, span });
  }
  joinMemory(session, later, open);
}

function joinHeader(session: Session, later: Session, hasWork: boolean, isOneConnection: boolean): void {
  session.certain ||= later.certain;
  session.agent ??= later.agent;
  for (const login of later.logins) {
    const isKnown = session.logins.some(
      ({ account, worker }) => account === login.account && worker === login.worker,
    );
    if (!isKnown) session.logins.push(login);
  }
  if (later.admitted === true) session.admitted = true;
  else session.admitted ??= later.admitted;
  if (session.refusal === '') session.refusal = later.refusal;
  // A request opens a session only before its first job or share.
  session.opened ||= hasWork ? later.memory.openedByLogin : later.opened;
  for (const fact of later.algorithms) {
    const isKnown = session.algorithms.some(
      (known) => known.algorithm === fact.algorithm && known.source === fact.source,
    );
    if (!isKnown) session.algorithms.push(fact);
  }
  for (const fact of later.coins) {
    const isKnown = session.coins.some((known) => known.coin === fact.coin && known.source === fact.source);
    if (!isKnown) session.coins.push(fact);
  }
  for (const target of later.targets) {
    if (!session.targets.some((known) => known.host === target.host))
      session.targets = withItem(session.targets, target);
  }
  session.reconnects = [...session.reconnects, ...later.reconnects];
  for (const name of later.names ?? []) session.name(name);
  session.fixesNonce ||= later.fixesNonce;
  if (later.roundTripUs !== null) session.sawRoundTrip(later.roundTripUs);
  for (const sighting of later.sightings) {
    const isKnown = sightingOf(session.sightings, sighting.kind) !== undefined;
    const again = isKnown && isOneConnection && SAID_ONCE.has(sighting.kind) ? 1 : 0;
    joinSighting(session.sightings, { ...sighting, count: sighting.count - again });
  }
}

function joinCounts(session: Session, later: Session): void {
  const { shares } = session;
  shares.submitted += later.shares.submitted;
  shares.accepted += later.shares.accepted;
  shares.rejected += later.shares.rejected;
  shares.stale += later.shares.stale;
  shares.unanswered += later.shares.unanswered;
  for (const [reason, count] of Object.entries(later.rejects)) {
    session.rejects = { ...session.rejects, [reason]: (session.rejects[reason] ?? 0) + count };
  }
  session.wholeAnswers += later.wholeAnswers;
  session.reached = {
    shares: session.reached.shares + later.reached.shares,
    least: Math.min(session.reached.least, later.reached.least),
  };
  session.unpriced += later.unpriced;
  session.assumed += later.assumed;
  session.jobs += later.jobs;
  addVoices(session.voices, later.voices);
  session.overflow += later.overflow;
  session.missed += later.missed;
  const [first, ...rest] = later.difficulties;
  if (first !== undefined) {
    const isChange = !isSame(session.memory.difficulty, first.difficulty);
    session.difficulties.push(...(isChange ? [first] : []), ...rest);
  }
  session.selfReported = [...session.selfReported, ...later.selfReported];
  addTraffic(session.traffic, later.traffic);
  session.heardUs = Math.max(session.heardUs, later.heardUs);
  session.startUs = Math.min(session.startUs, later.startUs);
  session.endUs = Math.max(session.endUs, later.endUs);
}

/** Joins the stretches; answers which span of `session` each of `later` became. */
function joinSpans(session: Session, later: Session): (span: Span) => Span {
  const { memory } = session;
  const became = new Map<Span, Span>();
  const { bareJobUs } = later.memory;
  if (session.spans.length === 0 && memory.difficulty !== null && bareJobUs !== null) {
    session.spans.push(newSpan(memory.jobAlgorithm, bareJobUs, memory.difficulty));
  }
  for (const span of later.spans) {
    const open = session.spans.at(-1);
    // A later part that begins without a named algorithm goes on with that of the earlier one.
    const algorithm = span.algorithm ?? (open?.algorithm === null ? null : memory.jobAlgorithm);
    if (open !== undefined && goesOnIn(open, algorithm, span.difficulty)) {
      joinSpan(open, span);
      became.set(span, open);
    } else {
      if (open !== undefined) extend(open, span.startUs);
      const own = { ...span, algorithm };
      session.spans.push(own);
      became.set(span, own);
    }
  }
  return (span) => became.get(span) ?? span;
}

/** Shares of jobs that came before the later part knew a difficulty have the one that was in force. */
function joinBare(session: Session, later: Session, difficulty: Difficulty | null): void {
  const { memory } = later;
  const worth = priceable(difficulty);
  const span = worth === null ? null : spanFor(session.spans, session.memory.jobAlgorithm);
  if (difficulty === null || (worth !== null && span === null)) return;
  if (worth !== null && span !== null) {
    later.unpriced -= memory.bareShares;
    addWork(span, worth, memory.bareShares);
  }
  memory.bareShares = 0;
  later.series.priceBare(worth);
  for (const logged of later.log) if (isBare(logged, later)) logged.difficulty = worth;
  for (const [jobId, job] of memory.jobs) {
    if (job.difficulty === null) memory.jobs.set(jobId, { ...job, difficulty });
  }
  for (const pending of memory.pending?.values() ?? []) {
    if (!pending.isBare) continue;
    pending.isBare = false;
    pending.span = span;
    pending.logged.difficulty = worth;
  }
}

/** True for a share of a job that came before any difficulty, as opposed to one that no hash can meet. */
function isBare({ difficulty, jobId, jobTimeUs }: LoggedShare, { memory, difficulties }: Session): boolean {
  if (difficulty !== null || jobId === null || jobTimeUs === null) return false;
  const job = memory.jobs.get(jobId);
  if (job !== undefined) return job.difficulty === null;
  const [first] = difficulties;
  return first === undefined || jobTimeUs < first.timeUs;
}

/** Prices a share by what the earlier part knows of its job; false if that knows no more. */
function reprice(session: Session, stray: Stray, inForce: Difficulty | null): boolean {
  const { logged } = stray;
  const job = logged.jobId === null ? undefined : session.memory.jobs.get(logged.jobId);
  if (job === undefined) {
    if (stray.assumed || logged.jobTimeUs !== null || inForce === null) return false;
    session.assumed++;
    price(session, stray, inForce, spanFor(session.spans, session.spans.at(-1)?.algorithm ?? null));
    return true;
  }
  if (stray.assumed) session.assumed--;
  const algorithm = job.algorithm ?? logged.algorithm;
  const span = spanFor(session.spans, algorithm);
  if (!isSame(priceable(job.difficulty), logged.difficulty)) price(session, stray, job.difficulty, span);
  logged.jobTimeUs = job.timeUs;
  logged.algorithm = algorithm;
  return true;
}

function price(
  session: Session,
  { logged, span: old }: Stray,
  difficulty: Difficulty | null,
  span: Span | null,
): void {
  const isWork = ['accepted', 'stale', 'unanswered'].includes(logged.outcome);
  const before = logged.difficulty;
  const now = priceable(difficulty);
  if (isWork) {
    if (before !== null && old !== null) addWork(old, before, -1);
    else session.unpriced--;
    session.series.add(logged.timeUs, before, -1);
    session.series.add(logged.timeUs, now, 1);
    if (now === null || span === null) session.unpriced++;
    else addWork(span, now, 1);
  }
  logged.difficulty = now;
}

function joinMemory(session: Session, later: Session, strays: readonly Stray[]): void {
  const { memory } = session;
  for (const [jobId, job] of later.memory.jobs) {
    if (!memory.jobs.has(jobId)) memory.jobs.set(jobId, job);
  }
  for (const jobId of memory.jobs.keys()) {
    if (memory.jobs.size <= MAX_JOBS) break;
    memory.jobs.delete(jobId);
  }
  if (later.memory.pending !== null) {
    memory.pending = new Map([...(memory.pending ?? []), ...later.memory.pending]);
  }
  memory.difficulty = later.memory.difficulty ?? memory.difficulty;
  memory.jobAlgorithm = later.memory.jobAlgorithm ?? memory.jobAlgorithm;
  memory.bareJobUs ??= later.memory.bareJobUs;
  memory.bareShares += later.memory.bareShares;
  memory.strays = [...memory.strays, ...strays];
  memory.openedByLogin ||= later.memory.openedByLogin;
  memory.firstHeardUs = Math.min(memory.firstHeardUs, later.memory.firstHeardUs);
  memory.logged += later.memory.logged;
  session.log.push(...later.log);
  session.log.splice(0, session.log.length - keptOf(memory.logged));
}

/** How many of so many logged shares a session still has (`MAX_LOGGED`). */
function keptOf(logged: number): number {
  if (logged <= MAX_LOGGED) return logged;
  return MAX_LOGGED / 2 + ((logged - MAX_LOGGED - 1) % (MAX_LOGGED / 2)) + 1;
}

function isSame(a: Difficulty | null, b: Difficulty | null): boolean {
  return a?.scale === b?.scale && a?.value === b?.value;
}
