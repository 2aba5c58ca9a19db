/** Sessions, and connections in which nothing could be read, as rows of the audit. */

import type { AuditSession, AuditTls } from '../audit/audit.ts';
import { trafficRow } from '../audit/rate-rows.ts';
import { isoTime, isoTimeOrNull } from '../audit/time.ts';
import type { ConnectionList } from '../endpoints/connection-list.ts';
import type { PoolConnection, TlsFacts } from '../endpoints/pool-connection.ts';
import type { PoolMatch } from '../endpoints/pool-match.ts';
import { activeSecondsOf, type SharesSeen, silencesOf } from '../endpoints/shares-seen.ts';
import { SOURCE_NAMES } from '../evidence/fact.ts';
import { isReachable } from '../evidence/target.ts';
import { FRAMES } from '../machines/lease.ts';
import { totalOf } from '../order.ts';
import { type FinalSession, hashesPerShare, isKnown } from '../sessions/finalize.ts';
import { shareSumOf } from '../sessions/loss.ts';
import type { Endpoint } from '../sessions/session.ts';
import { mapped } from '../sessions/short-list.ts';
import { statement } from '../statements/index.ts';
import { lengthUs, sharedSeconds, type TimeInterval } from '../time-interval.ts';
import { clockOf, sessionCounterRate } from './counter-rates.ts';
import { refusalsOf } from './implausible.ts';
import { missedPart } from './missed.ts';
import { claimOf, hashrateRows } from './rates.ts';
import { sampledPackets } from './sampled.ts';
import { factsOf, figures, openOf } from './session-facts.ts';

/** The row of a parsed session; `seconds` is the length of the audit's window. */
export function sessionRow(finalized: FinalSession, seconds: number): AuditSession {
  const { session, verdict, algorithm, match } = finalized;
  const works = finalized.works.flatMap((part) =>
    part.algorithm === null || part.work === null
      ? []
      : [{ algorithm: part.algorithm, sum: shareSumOf(session, part) }],
  );
  const units = finalized.works.filter((part) => part.units !== null);
  const counter = sessionCounterRate(finalized);
  const sources = { works, counters: counter === null ? [] : [counter], selfReported: claimOf(finalized) };
  const isPriced = isKnown(finalized) && finalized.works.every((part) => part.work !== null);
  return {
    miner: session.miner,
    pool: poolRow(session.pool, match),
    via: viaRows(session.via, seconds),
    transport: session.transport,
    dialect: session.dialect,
    verdict: verdict.verdict,
    reason: verdict.reason,
    algorithm,
    algorithms: [...finalized.algorithms],
    algorithmSource: finalized.algorithmSource === null ? null : SOURCE_NAMES[finalized.algorithmSource],
    coin: finalized.coin,
    tls: null,
    agent: session.claims.agent,
    logins: session.claims.logins,
    start: isoTime(session.connections.startUs),
    end: isoTime(session.connections.endUs),
    ...(session.connections.attempts === 1 ? {} : { attempts: session.connections.attempts }),
    traffic: trafficRow(session.connections.traffic, seconds),
    ...connectionRows(session.connections),
    shares: shareRow(session),
    rejects: session.shares.rejects,
    work: {
      hashes: isPriced ? totalOf(finalized.works, ({ work }) => work ?? 0) : null,
      difficultyUnits:
        units.length > 0 && isKnown(finalized) ? totalOf(units, (part) => part.units ?? 0) : null,
      unpricedShares: session.work.unpriced,
    },
    ...(session.frames === null ? {} : { sharesSeen: seenRow(session.frames.seen(session.connections)) }),
    activeSeconds: totalOf(finalized.works, (part) => lengthUs(part.intervals) / 1e6),
    // One that no hash can meet is not a difficulty that is known: its shares are those without a price.
    difficulty: session.jobs.difficulties
      .filter(({ difficulty }) => isReachable(difficulty))
      .map(({ timeUs, difficulty }) => {
        const { hashesPerShare: hashes, difficultyUnits } = figures(difficulty, algorithm);
        return { time: isoTime(timeUs), hashesPerShare: hashes, difficultyUnits };
      }),
    hashrate: hashrateRows({
      ...sources,
      missed: missedPart([finalized]),
      refused: refusalsOf({ ip: session.miner.ip, sessions: [finalized], poolConnections: [] }, sources),
    }),
    counter: counterRow(finalized),
    selfReported: mapped(session.claims.selfReported, ({ timeUs, hashrate }) => ({
      time: isoTime(timeUs),
      hashrate,
    })),
    series: seriesRows(finalized),
    open: openOf(finalized),
    ...machineRow(session.observed.hardware),
    // Those of both legs are kept apart.
    ...(finalized.isProxied === true ? {} : { facts: factsOf(finalized) }),
  };
}

function viaRows(via: NonNullable<PoolConnection['via']>, seconds: number): AuditSession['via'] {
  return mapped(via, ({ ip, port, kind, traffic }) => ({
    ip,
    port,
    kind,
    ...(traffic === undefined ? {} : { traffic: trafficRow(traffic, seconds) }),
  }));
}

function connectionRows({
  list = [],
  more = 0,
}: Partial<ConnectionList>): Pick<AuditSession, 'connections' | 'more'> {
  return {
    connections: mapped(list, ({ port, startUs, endUs, bytesOut, bytesIn }) => ({
      port,
      start: isoTime(startUs),
      end: isoTime(endUs),
      bytesOut,
      bytesIn,
    })),
    ...(more > 0 ? { more } : {}),
  };
}

function shareRow({ shares }: FinalSession['session']): AuditSession['shares'] {
  const { submitted, accepted, rejected, stale, unanswered } = shares;
  return { submitted, accepted, rejected, stale, unanswered };
}

function poolRow({ ip, port }: Endpoint, { names, pool, kind }: PoolMatch): AuditSession['pool'] {
  return { ip, port, names: [...names], pool, kind };
}

/** Smaller chances than this say nothing more: the model itself is less sure. */
const LEAST_CHANCE = 1e-12;

/** What the nonces say, in full: also why they say nothing, and rates over time. */
function counterRow({ counter, session }: FinalSession): AuditSession['counter'] {
  if (counter === null) return null;
  const { algorithm, estimate, unreadShares: unread } = counter;
  const clock = clockOf(estimate);
  // Where it is not sure that somebody sets the bytes, they tell no machines apart.
  const sure = counter.leastRigs === counter.rigs ? counter.rigs : 0;
  return {
    verdict: estimate?.verdict ?? 'not-read',
    algorithm,
    notes:
      estimate === null
        ? [statement('counter-not-read')]
        : [...estimate.words, ...(unread === 0 ? [] : [statement('counter-newest', { unread })])],
    pValue: estimate === null ? null : Math.max(LEAST_CHANCE, estimate.pValue),
    structure: clock === null ? null : { ...clock.structure },
    tracks: clock === null || clock.tracks === null ? null : { ...clock.tracks },
    rigs: Math.max(sure, clock?.rigs ?? 0) || null,
    estimate: clock?.estimate ?? null,
    low95: clock?.low95 ?? null,
    high95: clock?.high95 ?? null,
    shares: estimate?.sharesUsed ?? 0,
    series: (clock?.series ?? []).map(({ startUs, endUs, ...rate }) => ({
      // The earliest span is counted back to before the session began.
      start: isoTime(Math.max(startUs, session.connections.startUs)),
      end: isoTime(endUs),
      ...rate,
    })),
  };
}

/** Windows of the session; their rate is work over the part of the window in which the session was mining. */
function seriesRows(finalized: FinalSession): AuditSession['series'] {
  const { session, works, algorithm } = finalized;
  if (session.shares.submitted === 0 && works.length === 0) return [];
  const intervals = works.flatMap((part) => part.intervals);
  const windows = session.work.series.windows(session.connections.startUs, session.connections.endUs);
  const hasPrice = ({ hashes, units }: (typeof windows)[number]['bucket']): boolean =>
    hashes > 0 || units > 0;
  const isPriced = windows.some(({ bucket }) => hasPrice(bucket));
  return windows.map(({ startUs, seconds, bucket }) => {
    const perUnit = bucket.units > 0 ? hashesPerShare({ scale: 'units', value: 1 }, algorithm) : 0;
    const isKnown = isPriced && (bucket.shares === 0 || hasPrice(bucket));
    const work = perUnit === null || !isKnown ? null : bucket.hashes + bucket.units * perUnit;
    const window = { startUs, endUs: startUs + seconds * 1e6 };
    const active = totalOf(intervals, (interval) => sharedSeconds(interval, window));
    const hashrate = work === null || active < 1 ? null : work / active;
    return { start: isoTime(startUs), seconds, shares: bucket.shares, hashrate };
  });
}

/** A connection to a listed endpoint in which nothing could be read, as a session of its own. */
export function poolConnectionRow(poolConnection: PoolConnection, seconds: number): AuditSession {
  const { client, server, match, verdict, isEncrypted, startUs, endUs, flow } = poolConnection;
  const packets95 = flow === undefined ? null : sampledPackets(flow, poolConnection.traffic);
  return {
    miner: client,
    pool: poolRow(server ?? { ip: '', port: 0 }, match),
    via: viaRows(poolConnection.via ?? [], seconds),
    transport: isEncrypted ? 'tls' : 'tcp',
    dialect: isEncrypted ? 'tls' : 'flow',
    verdict,
    reason: poolConnection.reason,
    algorithm: match.algorithm,
    algorithms: match.algorithm === null ? [] : [match.algorithm],
    algorithmSource: match.algorithm === null ? null : SOURCE_NAMES.catalogue,
    coin: poolConnection.inStep?.coin ?? (match.coins.length === 1 ? match.coins[0] : null),
    tls: poolConnection.tls === null ? null : tlsRow(poolConnection.tls),
    agent: null,
    logins: [],
    start: isoTime(startUs),
    end: isoTime(endUs),
    traffic: trafficRow(poolConnection.traffic, seconds),
    ...connectionRows(poolConnection),
    shares: { submitted: 0, accepted: 0, rejected: 0, stale: 0, unanswered: 0 },
    rejects: {},
    work: { hashes: null, difficultyUnits: null, unpricedShares: 0 },
    ...(flow === undefined ? { sharesSeen: seenRow(poolConnection.sharesSeen ?? null) } : {}),
    ...(poolConnection.sharesSeen?.isPadded === true ? { sharesUncounted: 'padded' } : {}),
    activeSeconds: 0,
    difficulty: [],
    hashrate: [],
    counter: null,
    selfReported: [],
    series: [],
    open: null,
    ...machineRow(poolConnection.hardware ?? null),
    ...(flow === undefined ? {} : { flow: { ...flow, ...(packets95 === null ? {} : { packets95 }) } }),
  };
}

/** The machine as its own frames show it, until a lease says more. */
function machineRow(mac: string | null): Pick<AuditSession, 'machine'> {
  if (mac === null) return {};
  return { machine: { mac, hostname: null, user: null, from: null, to: null, source: FRAMES } };
}

function seenRow(seen: SharesSeen | null): AuditSession['sharesSeen'] {
  if (
    seen === null ||
    seen.isPadded === true ||
    (seen.submitted.high === 0 && !seen.newTargets && !seen.channels)
  )
    return null;
  const { submitted, accepted, rejected, firstUs, lastUs, newTargets, channels, seconds } = seen;
  const activeSeconds = activeSecondsOf(seen);
  return {
    submitted,
    accepted: accepted.central,
    ...(accepted.low === accepted.high ? {} : { acceptedLow: accepted.low }),
    rejected,
    firstAt: isoTimeOrNull(firstUs),
    lastAt: isoTimeOrNull(lastUs),
    pacePerMinute: activeSeconds > 0 ? (60 * submitted.central) / activeSeconds : 0,
    activeSeconds,
    ...(newTargets === null ? {} : { newTargets }),
    ...(channels == null ? {} : { channels }),
    connections: seen.connections.map(spanRow),
    series: seen.windows.map(([window, shares]) => ({
      start: isoTime(window * seconds * 1e6),
      seconds,
      shares,
    })),
    silences: silencesOf(seen).map(spanRow),
  };
}

function spanRow({ startUs, endUs }: TimeInterval): { start: string; end: string } {
  return { start: isoTime(startUs), end: isoTime(endUs) };
}

function tlsRow(tls: TlsFacts): AuditTls {
  const { certificate } = tls;
  return {
    serverName: tls.serverName === '' ? null : tls.serverName,
    encryptedHello: tls.hasEncryptedHello,
    alpn: [...tls.alpn],
    ja3: tls.ja3,
    ja4: tls.ja4,
    version: tls.version === null ? null : versionText(tls.version),
    certificate: certificate === null ? null : { ...certificate, names: [...certificate.names] },
    ...(tls.isRefused === true ? { refused: true } : {}),
  };
}

/** 0x0304 is '1.3', 0x0300 is SSL '3.0'. */
function versionText(version: number): string {
  if (version >> 8 !== 3) return version.toString(16).padStart(4, '0');
  return (version & 0xff) === 0 ? 'SSL 3.0' : `1.${(version & 0xff) - 1}`;
}
