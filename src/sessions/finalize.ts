/**
 * A finished session, finalized: which algorithm and coin it mined by the order of sources (docs/guide/reading-an-audit.md), what its work
 * amounts to in hashes, and the verdict on it. From here on nothing changes any more.
 */

import type { PoolMatch } from '../endpoints/pool-match.ts';
import { doubtful } from '../endpoints/through.ts';
import { type Account, identifyAccount } from '../evidence/account.ts';
import { identifyAgent, namesMiner } from '../evidence/agent.ts';
import {
  algorithmOfCoin,
  canonicalAlgorithm,
  familyOf,
  hashesPerUnit,
  isMemberOf,
  membersOf,
} from '../evidence/algorithm.ts';
import { ALGORITHM_SOURCES, type AlgorithmSource, type Difficulty } from '../evidence/fact.ts';
import { type SessionSeen, sessionVerdict, type VerdictReason } from '../evidence/verdict.ts';
import { groupBy, totalOf } from '../order.ts';
import { lengthUs, type TimeInterval, unionOf, within } from '../time-interval.ts';
import { CounterBudget, namedOr, readCounter, type SessionCounter } from './counter.ts';
import { givesEmptyAnswers, isEcho, isTranscript, passesLinesOn } from './message-counts.ts';
import { MiningTimes } from './mining-time.ts';
import { dropObservation, observationOf, putObservation } from './observations.ts';
import type { Session } from './session.ts';
import { extend, isMined, type WorkInterval } from './work-interval.ts';

/** Work of one algorithm over the intervals in which it was mined. */
export interface AlgorithmWork {
  /** Canonical id; null if it is not known. */
  readonly algorithm: string | null;
  /** When it was mined and watched. */
  readonly intervals: readonly TimeInterval[];
  readonly shares: number;
  /** Hashes; null if the worth of a difficulty unit is not known. */
  readonly work: number | null;
  readonly workSquared: number;
  /** Work of one share in force, averaged over the intervals; 0 if it cannot be priced. */
  readonly workInForce: number;
  /** The same work in difficulty units where it came in such, else null. */
  readonly units: number | null;
}

export interface FinalSession {
  readonly session: Session;
  readonly verdict: VerdictReason;
  readonly algorithm: string | null;
  /** All that may be mined: that one, or what it leaves open of a family; empty if nothing is known. */
  readonly algorithms: readonly string[];
  readonly algorithmSource: AlgorithmSource | null;
  readonly coin: string | null;
  readonly match: PoolMatch;
  readonly works: readonly AlgorithmWork[];
  /** When it mined anything, as far as that was watched: before its first job, too, if it was met in its middle. */
  readonly mined: readonly TimeInterval[];
  /** What the nonces say of the rate; null while they are not read, if there are too few, or none that count. */
  readonly counter: SessionCounter | null;
  /** It submits what another session does at the same time (hosts/duplicates). */
  readonly isDuplicate?: boolean;
  /** Two legs through a proxy, joined (hosts/legs). */
  readonly isProxied?: boolean;
}

/** The sessions with what their nonces say, as far as a run's budget goes, in their order. */
export function readCounters(finalized: readonly FinalSession[]): FinalSession[] {
  const budget = new CounterBudget();
  return finalized.map((finalSession) => ({
    ...finalSession,
    counter: readCounter(finalSession.session, finalSession.algorithm, budget),
  }));
}

/** What tells work from chance: a probability of 2^-40. */
const LEAST_PROVEN_BITS = 40;
const LEAST_PROVEN_SHARES = 3;
/** Hashes for one so low: what else is submitted has one by chance once in 16,384 times. */
const LOW_HASH = 2 ** 14;
/** A single reset may come late, or from a device on the way. */
const FORGED_RESETS = 2;
/** Its farmers prove space, for which no pool hands out work. */
const NEEDS_NO_WORK: ReadonlySet<string> = new Set(['chia']);
/** Reports of a miner to a manager, from which on they come regularly. */
const REGULAR_REPORTS = 2;
/** Ways to read a hash, of which the better one counts. */
const READINGS = 2;

/** Finalizes a session, or returns null if nothing in it speaks of mining. */
export function finalizeSession(
  session: Session,
  match: PoolMatch,
  coinOfPort: (algorithm: string) => string | null,
  times: MiningTimes = new MiningTimes([session], () => null),
): FinalSession | null {
  session.shares.finalize();
  const accounts = session.claims.logins.flatMap(
    (login) => identifyAccount(login.account, session.connections.startUs) ?? [],
  );
  const validAccounts = accounts.filter(({ checksum }) => checksum === 'valid');
  const telling = validAccounts.filter((account) => isMinedFor(account, session, match));
  const software = session.claims.agent === null ? null : identifyAgent(session.claims.agent);
  const { messages } = session.observed;
  const echo = isEcho(messages);
  const noteAtStart = (kind: string, count: number): void =>
    putObservation(session.observed.observations, { kind, ...session.firstPacketRef, count, detail: '' });
  if (echo) noteAtStart('echo', messages.minerByPool);
  if (messages.stalls > 0) noteAtStart('stall', 1);
  const workless =
    session.jobs.count === 0 &&
    session.jobs.difficulties.length === 0 &&
    messages.pool + messages.denials > 0 &&
    messages.gaps === 0 &&
    !NEEDS_NO_WORK.has(session.dialect);
  // A pool may lack a method, too.
  if (!workless) dropObservation(session.observed.observations, 'denial');
  const isKnownSoftware = session.claims.agent !== null && namesMiner(session.claims.agent);
  const verdict = sessionVerdict({
    certain: session.observed.certain,
    unknownForm: session.dialect === 'stratum-other',
    opened: session.observed.opened || session.connections.fromStart,
    admitted: session.claims.admitted,
    jobs: session.jobs.count,
    shares: session.shares.submitted,
    answers: session.shares.accepted + session.shares.stale + session.shares.rejected,
    accepted: session.shares.accepted,
    workless,
    denials: messages.denials,
    echo,
    emptyAnswers: givesEmptyAnswers(messages),
    relayed: passesLinesOn(messages),
    enclosed: session.observed.enclosed,
    silentMiner: isSilentMiner(session),
    oneSided: isOneSided(session),
    watches: isWatcher(session),
    forged: messages.stalls > 0 || messages.resets >= FORGED_RESETS,
    doubt: doubtful(session.connections.through)?.doubt ?? null,
    conflict: messages.conflicts > 0,
    wholeAnswers: session.shares.wholeAnswers,
    minerMarks:
      isKnownSoftware ||
      validAccounts.length > 0 ||
      hasMinerMessages(session) ||
      isHandedWork(session) ||
      isProvenWork(session.shares),
    lowHash: session.shares.hashed > 0 && session.shares.leastReached >= LOW_HASH,
    dedicated: match.use === 'mining' && match.dedicated,
    ...toldBeside(session),
    sealed: session.transport === 'noise',
    transcript: isTranscript(messages),
    silentPool: isSilentPool(session),
  });
  if (verdict === null) return null;
  const named = nameAlgorithm(session, [
    ...telling.map((account) => ({ name: account.algorithm, source: 'account' as const })),
    { name: software?.algorithm ?? null, source: 'agent' },
    { name: match.algorithm, source: 'catalogue' },
  ]);
  const { algorithm, algorithms, algorithmSource } = narrowed(named, session, match);
  const factCoin = session.claims.coins.find((fact) => fact.coin !== '')?.coin;
  const { startUs } = session.connections;
  const poolCoin =
    match.coins.length === 1 && agrees(match.coins[0], algorithm, startUs) ? match.coins[0] : null;
  return {
    session,
    verdict,
    algorithm,
    algorithms,
    algorithmSource,
    coin:
      factCoin ??
      coinOfAccounts(validAccounts, session, match, algorithm) ??
      poolCoin ??
      (algorithm === null ? null : coinOfPort(algorithm)),
    match,
    works: worksOf(session, algorithm, times),
    mined: minedOf(session, times),
    counter: null,
  };
}

/** Its end was observed, and said nothing that a pool says. */
function isSilentPool({ connections, observed: { messages } }: Session): boolean {
  const { pool, poolByMiner, denials } = messages;
  return connections.traffic.packetsIn > 0 && pool === 0 && poolByMiner === 0 && denials === 0;
}

/** What is told beside the sessions of a pool: reports of miners, work that is polled. */
function toldBeside({ dialect, jobs, observed }: Session): Partial<SessionSeen> {
  const countOf = (kind: string): number => observationOf(observed.observations, kind)?.count ?? 0;
  const reports = countOf('device-report');
  if (dialect === 'polled-work') return { polled: jobs.count + countOf('service') };
  return dialect === 'telemetry' ? { telemetry: reports >= REGULAR_REPORTS } : { deviceReport: reports > 0 };
}

function isOneSided({ connections: { traffic } }: Session): boolean {
  return (traffic.packetsIn === 0) !== (traffic.packetsOut === 0);
}

/** Hashes for one share, below which a list of hashes may be taken for work. */
const LEAST_WORK = 2 ** 16;

/** Of a pool's end alone: jobs that no three hashes are by chance, or that come under a method of mining again and again. */
function isHandedWork(session: Session): boolean {
  const { jobs, connections, dialect } = session;
  if (!isOneSided(session) || connections.traffic.packetsOut > 0) return false;
  if (dialect === 'stratum-other') return jobs.count > 1;
  const { difficulties } = jobs;
  const isHard = difficulties.every(
    ({ difficulty: { scale, value } }) => scale === 'units' || value >= LEAST_WORK,
  );
  return jobs.count > 0 && difficulties.length > 0 && isHard;
}

/** So many jobs over so long give a share, at the difficulty that pools choose. */
const WATCHED_JOBS = 20;
const WATCHED_US = 300_000_000;

/** Its end was observed from the first packet on, and said nothing that a miner says. */
function isSilentMiner({ connections, observed }: Session): boolean {
  const { fromStart, missedOut, missedIn, traffic } = connections;
  return (
    fromStart &&
    missedOut + missedIn === 0 &&
    traffic.packetsOut > 0 &&
    !observed.opened &&
    observed.messages.miner === 0
  );
}

/**
 * True for a client that reads jobs and submits none, as its packets would show. Who asks a node for work does the same for
 * weeks and is a miner all the same.
 */
function isWatcher(session: Session): boolean {
  const { jobs, shares, claims, connections, transport } = session;
  return (
    jobs.count >= WATCHED_JOBS &&
    connections.endUs - connections.startUs >= WATCHED_US &&
    shares.submitted === 0 &&
    claims.selfReported.length === 0 &&
    transport !== 'http' &&
    !isOneSided(session)
  );
}

/** True if the way in which the session speaks is a miner's, whatever its software and account. */
function hasMinerMessages(session: Session): boolean {
  const { dialect, transport, claims, observed, shares, jobs } = session;
  const request = observationOf(observed.observations, 'request')?.detail ?? '';
  switch (dialect) {
    case 'stratum-v1':
    // Its farmers need no jobs.
    case 'chia':
      return true;
    case 'websocket-miner':
      return jobs.count > 1;
    // Who develops for Ethereum never sends `eth_submitLogin` (docs/reference/protocols.md 6.1), nor work over a plain stream (1.8).
    case 'eth-proxy':
      return (
        claims.logins.length > 0 ||
        request === 'eth_submitLogin' ||
        (transport === 'tcp' && shares.submitted > 0)
      );
    // Who relays blocks asks for no templates, who watches a node hands none in, and of made-up ones none is taken.
    case 'getblocktemplate':
    case 'getwork':
    case 'monero-daemon':
      return jobs.difficulties.length > 0 && shares.accepted > 0;
    // The course of a session is read only where a mark of a miner comes with it.
    case 'stratum-other':
      return observed.certain || /^mining\.|_(?:submitLogin|submitWork)$/.test(request);
    default:
      return request.startsWith('mining.');
  }
}

/**
 * True if the hashes of the shares are too low to have come without work: of n numbers drawn by chance all are below a
 * part p of the range with probability p^n (docs/reference/protocols.md 5.6).
 */
function isProvenWork({ hashed, leastReached }: Session['shares']): boolean {
  return hashed >= LEAST_PROVEN_SHARES && hashed * Math.log2(leastReached / READINGS) >= LEAST_PROVEN_BITS;
}

/** Families of the coins whose addresses have CryptoNote's form, and the dialects that have their jobs. */
const CRYPTONOTE_FAMILIES: ReadonlySet<string | null> = new Set(['randomx', 'cryptonight', 'argon2']);
const CRYPTONOTE_DIALECTS: ReadonlySet<string> = new Set(['cryptonote', 'websocket-miner', 'monero-daemon']);

/**
 * True if an address tells what is mined, and not only in what it is paid. It does not at a pool that pays in other coins,
 * nor if the pool's name says otherwise, nor where no job was seen, which would have said it; and only among the algorithms
 * that jobs of this form are for.
 */
function isMinedFor(account: Account, session: Session, match: PoolMatch): boolean {
  if (match.paysInOther) return false;
  if (match.algorithm !== null && match.algorithm !== account.algorithm) return false;
  if (match.coins.length > 0 && !match.coins.some((coin) => account.coins.includes(coin))) return false;
  if (session.jobs.count === 0) return false;
  if (CRYPTONOTE_DIALECTS.has(session.dialect))
    return CRYPTONOTE_FAMILIES.has(familyOf(account.algorithm ?? ''));
  return !account.isPayoutCoin && session.claims.algorithms.length > 0;
}

/**
 * The coin that a checksummed address names, also if nobody here knows its algorithm. A coin that services pay in says nothing
 * without an algorithm that fits it, and no address does at such a service, or before work came, which would contradict it.
 */
function coinOfAccounts(
  accounts: readonly Account[],
  session: Session,
  match: PoolMatch,
  algorithm: string | null,
): string | null {
  if (match.paysInOther) return null;
  if (session.jobs.count === 0 && session.claims.selfReported.length === 0) return null;
  const { startUs } = session.connections;
  for (const { coins, isPayoutCoin } of accounts) {
    const fitting = coins.filter((coin) => agrees(coin, algorithm, startUs));
    const [coin] = fitting;
    if (fitting.length !== 1 || (match.coins.length > 0 && !match.coins.includes(coin))) continue;
    const isOwn = algorithm !== null && algorithmOfCoin(coin, startUs) !== null;
    if (!isPayoutCoin || isOwn) return coin;
  }
  return null;
}

/** True if the coin was mined with the algorithm then, or one of its family, as far as both are known. */
function agrees(coin: string, algorithm: string | null, timeUs: number): boolean {
  const own = algorithmOfCoin(coin, timeUs);
  return own === null || algorithm === null || own === algorithm || isMemberOf(algorithm, own);
}

type Named = Pick<FinalSession, 'algorithm' | 'algorithmSource'>;

/**
 * The algorithm from the strongest source that names one (docs/guide/reading-an-audit.md). Where jobs tell a group of
 * algorithms, what is only derived names a member of it or nothing.
 */
function nameAlgorithm(
  session: Session,
  derived: readonly { name: string | null; source: AlgorithmSource }[],
): Named {
  const group = session.claims.algorithms.find(({ source }) => source === 'family')?.algorithm;
  const all: { name: string | null; source: AlgorithmSource }[] = [
    ...session.claims.algorithms.map((fact) => ({ name: fact.algorithm, source: fact.source })),
    ...derived.filter(({ name }) => name === null || group === undefined || isMemberOf(group, name)),
  ];
  for (const source of ALGORITHM_SOURCES) {
    // The last job's algorithm is the one in force; of other sources the first.
    const first = all.find((candidate) => candidate.source === source && candidate.name !== null);
    const name = source === 'job' ? session.jobs.algorithm : first?.name;
    if (name == null) continue;
    // A family is called as it is, not by the member that has its name too.
    const algorithm = source === 'family' ? name : (canonicalAlgorithm(name) ?? name);
    return { algorithm, algorithmSource: source };
  }
  return { algorithm: null, algorithmSource: null };
}

/** What of a family may be mined: of its members those that the pool serves, if it serves any of them. */
function narrowed(
  { algorithm, algorithmSource }: Named,
  { connections }: Session,
  { coins }: PoolMatch,
): Pick<FinalSession, 'algorithm' | 'algorithms' | 'algorithmSource'> {
  if (algorithm === null) return { algorithm, algorithms: [], algorithmSource };
  const members = algorithmSource === 'family' ? membersOf(algorithm) : [];
  const served = new Set(coins.map((coin) => algorithmOfCoin(coin, connections.startUs)));
  const own = members.filter((member) => served.has(member));
  if (own.length === 1) return { algorithm: own[0], algorithms: own, algorithmSource: 'catalogue' };
  const algorithms = [own, members, [algorithm]].find(({ length }) => length > 0) ?? [];
  return { algorithm, algorithms, algorithmSource };
}

function worksOf(session: Session, algorithm: string | null, times: MiningTimes): AlgorithmWork[] {
  const works = [...groupBy(workIntervalsOf(session, times).filter(isMined), namedOr(algorithm))].map(
    ([key, workIntervals]) => workOf(key, workIntervals, times.observedOf(session)),
  );
  return isKnown({ session, works }) ? works : works.map((part) => ({ ...part, work: null }));
}

/** The intervals until mining ended. The session keeps its own as the messages show them, for a later part. */
function workIntervalsOf(session: Session, times: MiningTimes): readonly WorkInterval[] {
  const { workIntervals } = session.work;
  const last = workIntervals.at(-1);
  if (last === undefined) return workIntervals;
  const ended = { ...last };
  extend(ended, times.endUs(session));
  return [...workIntervals.slice(0, -1), ended];
}

/** When the session mined anything. Without a known difficulty no interval begins; the miner worked all the same. */
function minedOf(session: Session, times: MiningTimes): readonly TimeInterval[] {
  const known = workIntervalsOf(session, times);
  const { startUs, endUs } = session.connections;
  const intervals: TimeInterval[] = known.filter(isMined);
  if (known.length === 0) intervals.push({ startUs, endUs: Math.max(endUs, times.endUs(session)) });
  const [first] = intervals;
  const beganUs = times.startUs(session);
  if (first !== undefined && beganUs < first.startUs)
    intervals.push({ startUs: beganUs, endUs: first.startUs });
  return watched(unionOf(intervals.filter((one) => one.endUs > one.startUs)), times.observedOf(session));
}

function watched(
  intervals: readonly TimeInterval[],
  observed: readonly TimeInterval[] | null,
): readonly TimeInterval[] {
  return observed === null ? intervals : within(intervals, observed);
}

/** False if there were shares and none could be priced, or nothing that the miner sent was captured: no work is another thing. */
export function isKnown({ session, works }: Pick<FinalSession, 'session' | 'works'>): boolean {
  const isUnheard = isOneSided(session) && session.connections.traffic.packetsOut === 0;
  return works.some((part) => part.shares > 0) || (session.work.unpriced === 0 && !isUnheard);
}

function workOf(
  algorithm: string | null,
  workIntervals: readonly WorkInterval[],
  observed: readonly TimeInterval[] | null,
): AlgorithmWork {
  const perUnit = algorithm === null ? null : hashesPerUnit(algorithm);
  const hasUnits = workIntervals.some((workInterval) => workInterval.hasUnits);
  const isPriced = perUnit !== null || !hasUnits;
  const worth = perUnit ?? 0;
  const lengthOfWorkUs = lengthUs(workIntervals);
  const inForce = totalOf(
    workIntervals,
    (workInterval) => workInterval.hashesInForce + workInterval.unitsInForce * worth,
  );
  return {
    algorithm,
    // Those on either side of a leap may overlap.
    intervals: watched(unionOf(workIntervals.filter(({ startUs, endUs }) => endUs > startUs)), observed),
    shares: totalOf(workIntervals, ({ shares }) => shares),
    work: isPriced
      ? totalOf(workIntervals, (workInterval) => workInterval.hashes + workInterval.units * worth)
      : null,
    workSquared: totalOf(
      workIntervals,
      (workInterval) => workInterval.hashesSquared + workInterval.unitsSquared * worth * worth,
    ),
    workInForce: isPriced && lengthOfWorkUs > 0 ? inForce / lengthOfWorkUs : 0,
    units: hasUnits ? totalOf(workIntervals, ({ units }) => units) : null,
  };
}

/** Hashes that a share of this difficulty stands for; null if the algorithm does not tell. */
export function hashesPerShare(difficulty: Difficulty, algorithm: string | null): number | null {
  if (difficulty.scale === 'hashes') return difficulty.value;
  const perUnit = algorithm === null ? null : hashesPerUnit(algorithm);
  return perUnit === null ? null : difficulty.value * perUnit;
}
