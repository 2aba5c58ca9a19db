/**
 * A session that may go on in another part of the input, as plain JSON and back: everything that it found and
 * everything that it remembers, bounded as the session is. Shares that wait, and strays, refer to the share log by
 * number; those that the log has forgotten follow it. Times are us since 1970; infinite ones are null.
 */
import type { TrafficSum } from '../endpoints/traffic.ts';
import type { AlgorithmFact, CoinFact, Difficulty } from '../evidence/fact.ts';
import { type PackedShares, packShares, unpackShares } from './carry-shares.ts';
import type { LoggedShare } from './logged-share.ts';
import type { Job } from './memory.ts';
import { Series } from './series.ts';
import { type Endpoint, Session, type Sighting, type Via } from './session.ts';
import { newSpan, type Span } from './span.ts';
import type { Voices } from './voices.ts';

export interface SessionState extends PackedShares {
  readonly dialect: string;
  readonly miner: Endpoint;
  readonly pool: Endpoint;
  readonly via: readonly Via[];
  readonly transport: string;
  readonly certain: boolean;
  readonly agent: string | null;
  readonly logins: readonly { readonly account: string; readonly worker: string | null }[];
  readonly admitted: boolean | null;
  readonly refusal: string;
  readonly opened: boolean;
  readonly openedByLogin: boolean;
  readonly fromStart: boolean;
  readonly algorithms: readonly AlgorithmFact[];
  readonly coins: readonly CoinFact[];
  readonly targets: readonly { readonly host: string; readonly port: number }[];
  readonly reconnects: readonly { readonly host: string; readonly port: number; readonly timeUs: number }[];
  readonly shares: Readonly<Session['shares']>;
  readonly rejects: Readonly<Record<string, number>>;
  /** wholeAnswers, unpriced, assumed, jobs, overflow, logged, bareShares, missed (absent where it was not counted). */
  readonly counts: readonly number[];
  readonly voices?: Partial<Voices>;
  /** Shares that carry their hash, and the least difficulty that they reach; null or absent where there are none. */
  readonly reached?: readonly [shares: number, least: number] | null;
  readonly difficulties: readonly { readonly timeUs: number; readonly difficulty: Difficulty }[];
  readonly selfReported: readonly { readonly timeUs: number; readonly hashrate: number }[];
  readonly spans: readonly Span[];
  readonly series: { readonly seconds: number; readonly rows: readonly (readonly number[])[] };
  /** How many of `shareRows` are the log itself; behind it are those that only `pending` and `strays` refer to. */
  readonly logLength: number;
  readonly sightings: readonly (Sighting & { readonly kind: string })[];
  readonly fixesNonce: boolean;
  readonly roundTripUs: number | null;
  readonly names: readonly string[];
  readonly traffic: TrafficSum;
  readonly firstHeardUs: number | null;
  readonly heardUs: number | null;
  readonly startUs: number | null;
  readonly endUs: number | null;
  readonly difficulty: Difficulty | null;
  readonly jobAlgorithm: string | null;
  readonly bareJobUs: number | null;
  readonly knownJobs: readonly (Job & { readonly jobId: string })[];
  /** token, number in `shareRows`, number of the span or -1, 1 where bare. */
  readonly pending: readonly (readonly number[])[];
  /** number in `shareRows`, number of the span or -1, 1 where priced by the difficulty in force. */
  readonly strays: readonly (readonly number[])[];
}

/**
 * What the session found and remembers, without ties to the session. `isOver`: nothing of it can follow, so that what
 * only later messages would need is left out.
 */
export function saveSession(session: Session, isOver = false): SessionState {
  const { memory } = session;
  const shareLog: LoggedShare[] = [...session.log];
  const places = new Map(shareLog.map((logged, place) => [logged, place]));
  const placeOf = (logged: LoggedShare): number => {
    let place = places.get(logged);
    if (place === undefined) {
      place = shareLog.push(logged) - 1;
      places.set(logged, place);
    }
    return place;
  };
  const spanOf = (span: Span | null): number => (span === null ? -1 : session.spans.indexOf(span));
  const pending = [...memory.pending].map(([token, { logged, span, isBare }]) => [
    token,
    placeOf(logged),
    spanOf(span),
    isBare ? 1 : 0,
  ]);
  const strays = (isOver ? [] : memory.strays).map(({ logged, span, assumed }) => [
    placeOf(logged),
    spanOf(span),
    assumed ? 1 : 0,
  ]);
  const { dialect, miner, pool, via, transport, certain, agent, admitted, refusal, opened } = session;
  // Copies go as deep as anything changes: a clone of everything costs ten times as much.
  return {
    ...{ dialect, miner, pool, via, transport, certain, agent, admitted, refusal, opened },
    logins: [...session.logins.values()],
    openedByLogin: memory.openedByLogin,
    fromStart: session.fromStart,
    algorithms: [...session.algorithms],
    coins: [...session.coins],
    targets: session.targets.map(({ host, port }) => ({ host, port })),
    reconnects: [...session.reconnects],
    shares: { ...session.shares },
    rejects: { ...session.rejects },
    counts: [
      session.wholeAnswers,
      session.unpriced,
      session.assumed,
      session.jobs,
      session.overflow,
      memory.logged,
      memory.bareShares,
      session.missed,
    ],
    voices: { ...session.voices },
    reached: session.reached.shares === 0 ? null : [session.reached.shares, session.reached.least],
    difficulties: [...session.difficulties],
    selfReported: [...session.selfReported],
    spans: session.spans.map((span) => ({ ...span })),
    series: { seconds: session.series.seconds, rows: session.series.rows() },
    ...packShares(shareLog),
    logLength: session.log.length,
    sightings: [...session.sightings].map(([kind, sighting]) => ({ kind, ...sighting })),
    fixesNonce: session.fixesNonce,
    roundTripUs: session.roundTripUs,
    names: [...session.names],
    traffic: { ...session.traffic },
    firstHeardUs: finite(memory.firstHeardUs),
    heardUs: finite(session.heardUs),
    startUs: finite(session.startUs),
    endUs: finite(session.endUs),
    difficulty: memory.difficulty,
    jobAlgorithm: memory.jobAlgorithm,
    bareJobUs: memory.bareJobUs,
    knownJobs: isOver ? [] : [...memory.jobs].map(([jobId, job]) => ({ jobId, ...job })),
    pending,
    strays,
  };
}

/** The session that was saved; it takes over what `state` holds. Numbers that refer to nothing are passed over. */
export function restoreSession(state: SessionState, window: { sinceUs: number; untilUs: number }): Session {
  const session = new Session(state, window);
  const { memory } = session;
  session.agent = state.agent;
  for (const login of state.logins) {
    session.logins.set(JSON.stringify([login.account, login.worker]), login);
  }
  session.admitted = state.admitted;
  session.refusal = state.refusal;
  session.opened = state.opened;
  memory.openedByLogin = state.openedByLogin;
  session.fromStart = state.fromStart;
  session.algorithms.push(...state.algorithms);
  session.coins.push(...state.coins);
  session.targets.push(...state.targets);
  session.reconnects.push(...state.reconnects);
  Object.assign(session.shares, state.shares);
  Object.assign(session.rejects, state.rejects);
  const [
    wholeAnswers = 0,
    unpriced = 0,
    assumed = 0,
    jobs = 0,
    overflow = 0,
    logged = 0,
    bareShares = 0,
    missed = 0,
  ] = state.counts;
  Object.assign(session, { wholeAnswers, unpriced, assumed, jobs, overflow, missed });
  Object.assign(memory, { logged, bareShares });
  Object.assign(session.voices, state.voices);
  if (state.reached != null) {
    const [reachedBy, least] = state.reached;
    Object.assign(session.reached, { shares: reachedBy, least });
  }
  session.difficulties.push(...state.difficulties);
  session.selfReported.push(...state.selfReported);
  session.spans.push(...state.spans);
  session.series.absorb(Series.of(state.series.seconds, state.series.rows));
  const shares = unpackShares(state);
  for (const share of shares.slice(0, state.logLength)) if (share !== null) session.log.push(share);
  for (const { kind, ...sighting } of state.sightings) session.sightings.set(kind, sighting);
  session.fixesNonce = state.fixesNonce;
  session.roundTripUs = state.roundTripUs;
  for (const name of state.names) session.names.add(name);
  Object.assign(session.traffic, state.traffic);
  memory.firstHeardUs = state.firstHeardUs ?? Number.POSITIVE_INFINITY;
  session.heardUs = state.heardUs ?? Number.NEGATIVE_INFINITY;
  session.startUs = state.startUs ?? Number.POSITIVE_INFINITY;
  session.endUs = state.endUs ?? Number.NEGATIVE_INFINITY;
  memory.difficulty = state.difficulty;
  memory.jobAlgorithm = state.jobAlgorithm;
  memory.bareJobUs = state.bareJobUs;
  for (const { jobId, ...job } of state.knownJobs) memory.jobs.set(jobId, job);
  for (const [token = 0, place = -1, span = -1, isBare = 0] of state.pending) {
    const share = shares[place];
    if (share == null) continue;
    memory.pending.set(token, { logged: share, span: session.spans[span] ?? null, isBare: isBare === 1 });
  }
  for (const [place = -1, span = -1, isAssumed = 0] of state.strays) {
    const share = shares[place];
    if (share == null) continue;
    memory.strays.push({ logged: share, span: session.spans[span] ?? null, assumed: isAssumed === 1 });
  }
  return session;
}

/**
 * The part of a session from here on, for one whose beginning was not seen and is told apart from it: it knows what
 * the session knows and has found nothing yet.
 */
export function goesOn(session: Session, window: { sinceUs: number; untilUs: number }): Session {
  const part = new Session(session, window);
  part.memory.difficulty = session.memory.difficulty;
  part.memory.jobAlgorithm = session.memory.jobAlgorithm;
  for (const [jobId, job] of session.memory.jobs) part.memory.jobs.set(jobId, job);
  const open = session.spans.at(-1);
  if (open !== undefined) part.spans.push(newSpan(open.algorithm, session.heardUs, open.difficulty));
  return part;
}

function finite(timeUs: number): number | null {
  return Number.isFinite(timeUs) ? timeUs : null;
}
