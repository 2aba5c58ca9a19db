/**
 * Scanners: hosts that open sessions at pools and submit no work (crawlers, latency meters, watchers of jobs). Honeypots:
 * servers inside --local that answer outside clients like a pool and never judge their shares. Their sessions are not mining,
 * whatever messages they had: they count as attempts
 * (docs/reference/protocols.md 6.1 and 6.3: a session without work and soon over is a probe). If there is any sign of
 * work by a host, or only the pool's side was captured, its verdict stays.
 */

import { networkOf } from '../address.ts';
import type { PoolConnection } from '../endpoints/pool-connection.ts';
import { poolAddress } from '../endpoints/servers.ts';
import { doubtful } from '../endpoints/through.ts';
import { judged, type VerdictReason } from '../evidence/verdict.ts';
import { groupBy, totalOf } from '../order.ts';
import { earliest, type PacketRef } from '../packet-ref.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { isAnswer } from '../sessions/observations.ts';
import type { Session } from '../sessions/session.ts';
import { type Statement, statement } from '../statements/index.ts';
import { mostAtOnce, unionOf } from '../time-interval.ts';

/** So many endpoints asked by one host, without work for any of them, make a scanner and no miner with a bad network. */
const SCANNER_ENDPOINTS = 5;
/** A login and a job, and gone again within this time: nobody mines so. */
const BRIEF_US = 30_000_000;
/** A scanner may stay longer, but a miner without luck stays longer still. */
const SHORT_US = 120_000_000;
/** So many sessions of this kind with one pool are a monitor's checks. */
const CHECKS = 5;
/** Silence to the end of the capture, after which a connection is over and not cut by it. */
const SILENCE_US = 60_000_000;
/** Without a share for so long, at so many endpoints at one time, somebody watches jobs. */
const LASTING_US = 600_000_000;
/** So many tries of one endpoint that never answers are those of a miner that is kept out. */
const RETRIES = 3;
/** Outside clients, and networks that they come from, that make a server a honeypot. */
const HONEYPOT_CLIENTS = 5;
const HONEYPOT_NETWORKS = 3;
const HONEYPOT_ANSWERS = 3;
/** What is observed of a server that answers like a pool. */
const SAID_BY_POOLS: ReadonlySet<string> = new Set(['service', 'admission', 'difficulty', 'job']);

/** What a scanner or honeypot did, and where it was first seen. */
export interface Finding {
  readonly statement: Statement;
  readonly packetRef: PacketRef;
}

interface Judged {
  /** All sessions, those of scanners and at honeypots judged again. */
  readonly sessions: FinalSession[];
  readonly scanners: ReadonlyMap<string, Finding>;
  readonly honeypots: ReadonlyMap<string, Finding>;
}

/**
 * What came through tunnels that are not believed is judged apart, so that it makes nobody else a scanner or a honeypot.
 *
 * @param endUs End of the window; us since 1970.
 */
export function judgeScanners(
  sessions: readonly FinalSession[],
  poolConnections: readonly PoolConnection[],
  isLocal: (ip: string) => boolean,
  endUs: number,
): Judged {
  const isDoubted = ({ session }: FinalSession): boolean => doubtful(session.connections.through) !== null;
  const believed = judgeTogether(
    sessions.filter((finalized) => !isDoubted(finalized)),
    poolConnections.filter(({ through = [] }) => doubtful(through) === null),
    isLocal,
    endUs,
  );
  const doubted = judgeTogether(sessions.filter(isDoubted), [], isLocal, endUs);
  const judged = new Map(
    [...believed.sessions, ...doubted.sessions].map((finalized) => [finalized.session, finalized]),
  );
  return { ...believed, sessions: sessions.map((finalized) => judged.get(finalized.session) ?? finalized) };
}

function judgeTogether(
  sessions: readonly FinalSession[],
  poolConnections: readonly PoolConnection[],
  isLocal: (ip: string) => boolean,
  endUs: number,
): Judged {
  const byMiner = groupBy(sessions, ({ session }) => session.miner.ip);
  const byClient = groupBy(poolConnections, ({ client }) => client.ip);
  const scanners = new Map<string, Finding>();
  for (const ip of new Set([...byMiner.keys(), ...byClient.keys()])) {
    const found = scannerOf(byMiner.get(ip) ?? [], byClient.get(ip) ?? [], endUs);
    if (found !== null) scanners.set(ip, found);
  }
  const checks = checkedIn(sessions);
  const honeypots = new Map<string, Finding>();
  for (const [ip, served] of groupBy(sessions, ({ session }) => poolAddress(session))) {
    const found = isLocal(ip) && !byMiner.has(ip) ? honeypotOf(served, isLocal) : null;
    if (found !== null) honeypots.set(ip, found);
  }
  return {
    sessions: sessions.map((finalized) => withScanners(finalized, { scanners, honeypots }, checks, endUs)),
    scanners,
    honeypots,
  };
}

function withScanners(
  finalized: FinalSession,
  { scanners, honeypots }: Omit<Judged, 'sessions'>,
  checks: ReadonlySet<FinalSession>,
  endUs: number,
): FinalSession {
  const { session } = finalized;
  const { verdict } = finalized.verdict;
  const as = (verdict: VerdictReason): FinalSession => ({ ...finalized, verdict });
  if (verdict === 'attempted') return finalized;
  const isAtHoneypot = honeypots.has(poolAddress(session));
  if (!isIdle(session))
    return verdict === 'confirmed' && isAtHoneypot ? as(judged('probable', 'shares-not-judged')) : finalized;
  if (scanners.has(session.miner.ip)) return as(judged('attempted', 'one-of-many'));
  if (isAtHoneypot) return as(judged('attempted', 'no-pool-no-shares'));
  if (checks.has(finalized)) return as(judged('attempted', 'pool-check'));
  const isBrief = isOver(session, endUs) && lengthUs(session) < BRIEF_US;
  return isBrief ? as(judged('attempted', 'left-at-once')) : finalized;
}

/** Brief sessions without work, of which one client had many with one pool. */
function checkedIn(sessions: readonly FinalSession[]): ReadonlySet<FinalSession> {
  const brief = sessions.filter(
    ({ session, verdict }) =>
      isIdle(session) &&
      session.jobs.count > 0 &&
      verdict.verdict !== 'attempted' &&
      lengthUs(session) < BRIEF_US,
  );
  const byPair = groupBy(brief, (each) => `${each.session.miner.ip} ${endpointOf(each)}`);
  return new Set([...byPair.values()].filter((each) => each.length >= CHECKS).flat());
}

/** Its opening was seen, so that work would have been seen too, and there was none. */
function isIdle({ claims, observed, pool, miner }: Session): boolean {
  const { observations } = observed;
  const hasLoggedIn = observations.some(({ kind }) => kind === 'login' || kind === 'request');
  const hasWorked = observations.some(({ kind }) => kind === 'share' || isAnswer(kind));
  return hasLoggedIn && !hasWorked && claims.selfReported.length === 0 && pool.ip !== miner.ip;
}

function isOver({ connections }: Session, endUs: number): boolean {
  return endUs - connections.endUs >= SILENCE_US;
}

function lengthUs({ connections: { startUs, endUs } }: Session): number {
  return endUs - startUs;
}

/** A host that asked many pools and worked for none; null if it may be a miner. */
function scannerOf(
  sessions: readonly FinalSession[],
  poolConnections: readonly PoolConnection[],
  endUs: number,
): Finding | null {
  const isAttempt = ({ verdict }: FinalSession): boolean => verdict.verdict === 'attempted';
  if (!sessions.every((each) => isAttempt(each) || isIdle(each.session))) return null;
  if (poolConnections.some(({ verdict }) => verdict === 'probable' || verdict === 'suspected')) return null;
  const hasTried = sessions.length > 0 || poolConnections.some(({ verdict }) => verdict === 'attempted');
  // Who knocks again and again wants in: a miner behind a wall does, a scanner goes on.
  const once = poolConnections.filter(({ verdict, count }) => verdict !== 'attempted' || count < RETRIES);
  const touched = once.flatMap(({ server }) => (server === null ? [] : [`${server.ip} ${server.port}`]));
  const lasting = sessions.filter(({ session }) => lengthUs(session) >= LASTING_US);
  const isShort = ({ session }: FinalSession): boolean =>
    isOver(session, endUs) && lengthUs(session) < SHORT_US;
  const probes = sessions.filter((each) => isAttempt(each) || isShort(each));
  const probed = new Set([...probes.map(endpointOf), ...touched]);
  const watched = endpointsAtOnce(lasting.filter((each) => !isAttempt(each)));
  const isWatcher = watched >= SCANNER_ENDPOINTS;
  // A long session that is not an attempt may be a miner without luck, and a session that the capture cut may still
  // submit.
  const unsure = sessions.length - probes.length;
  const isCrawler = hasTried && probed.size >= SCANNER_ENDPOINTS && unsure === 0;
  if (!isWatcher && !isCrawler) return null;
  const endpoints = new Set([...probed, ...sessions.map(endpointOf)]).size;
  return {
    statement: statement('scan', { endpoints, atOnce: isWatcher ? watched : null }),
    packetRef: firstPacketRef(sessions, poolConnections),
  };
}

/** A server that outside clients speak to like a pool, and that judges nothing they submit; null if it may be one. */
function honeypotOf(sessions: readonly FinalSession[], isLocal: (ip: string) => boolean): Finding | null {
  const isOwnMiner = ({ session, verdict }: FinalSession): boolean =>
    isLocal(session.miner.ip) && verdict.verdict !== 'attempted';
  if (sessions.some(isOwnMiner)) return null;
  const clients = new Set(sessions.map(({ session }) => session.miner.ip).filter((ip) => !isLocal(ip)));
  const networks = new Set([...clients].map(networkOf));
  if (clients.size < HONEYPOT_CLIENTS || networks.size < HONEYPOT_NETWORKS) return null;
  const isJudge = sessions.some(({ session }) =>
    session.observed.observations.some(({ kind }) => isAnswer(kind)),
  );
  const answered = sessions.filter(({ session }) =>
    session.observed.observations.some(({ kind }) => SAID_BY_POOLS.has(kind)),
  ).length;
  if (isJudge || answered < HONEYPOT_ANSWERS) return null;
  const shares = totalOf(sessions, ({ session }) => session.shares.submitted);
  return {
    statement: statement('honeypot', { clients: clients.size, networks: networks.size, shares }),
    packetRef: firstPacketRef(sessions, []),
  };
}

/** Most endpoints that were held at one time. */
function endpointsAtOnce(sessions: readonly FinalSession[]): number {
  const byEndpoint = groupBy(sessions, endpointOf);
  return mostAtOnce(
    [...byEndpoint.values()].flatMap((own) => unionOf(own.map(({ session }) => session.connections))),
  );
}

function endpointOf({ session: { pool } }: FinalSession): string {
  return `${pool.ip === '' ? (pool.name ?? '') : pool.ip} ${pool.port}`;
}

function firstPacketRef(
  sessions: readonly FinalSession[],
  poolConnections: readonly PoolConnection[],
): PacketRef {
  const observed = sessions.flatMap(({ session }) => session.observed.observations);
  return earliest([...observed, ...poolConnections.map(({ packetRef }) => packetRef)]);
}
