/** The facts of a pool connection, in which no protocol could be read, as rows of evidence. */

import type { EvidenceKindId } from '../audit/evidence-kinds.ts';
import type { Likeness, PoolConnection, PoolConnectionFlow, TlsFacts } from '../endpoints/pool-connection.ts';
import { activeSecondsOf } from '../endpoints/shares-seen.ts';
import { hasAllMarks } from '../evidence/mining-marks.ts';
import type { PacketRef } from '../packet-ref.ts';
import { decimals } from '../statements/figures.ts';
import { type Statement, statement } from '../statements/index.ts';
import { sampledPackets } from './sampled.ts';

/** A fact that a verdict rests on: how often it was seen, and where first. */
export interface EvidenceRow extends PacketRef {
  readonly kind: EvidenceKindId;
  readonly statement: Statement;
  count: number;
}

export function row(
  kind: EvidenceKindId,
  statement: Statement,
  { timeUs, record, input }: PacketRef,
  count = 1,
): EvidenceRow {
  return { kind, statement, count, timeUs, record, input };
}

/** Evidence rows of one pool connection. */
export function* poolConnectionRows(poolConnection: PoolConnection): Iterable<EvidenceRow> {
  const { match, server, reason, packetRef, verdict, tls, inStep, flow, sharesSeen: seen } = poolConnection;
  const count = Math.max(1, poolConnection.count);
  const name = match.name ?? '';
  const pool = match.pool ?? '';
  if (poolConnection.kind === 'dns-lookup' || server === null) {
    yield row('dns-lookup', statement('dns-lookup', { name, pool, reason }), packetRef, count);
    return;
  }
  const endpoint = `${server.ip === '' ? poolConnection.ownName : server.ip}:${server.port}`;
  if (poolConnection.kind === 'asked') {
    yield row('device-asked', statement('device-asked', { endpoint }), packetRef, count);
    return;
  }
  if (poolConnection.kind === 'alert') {
    yield row(
      'sensor-alert',
      statement('sensor-alert', { signature: reason.text, endpoint }),
      packetRef,
      count,
    );
    return;
  }
  if (poolConnection.words !== undefined) {
    yield row('mining-words', statement('mining-words', { endpoint, ...poolConnection.words }), packetRef);
    return;
  }
  const isJudged = verdict === 'probable' || verdict === 'suspected';
  if (match.by !== null) {
    const byName = poolConnection.namedBy === 'certificate' ? 'certificate' : 'pool-name';
    const found = statement('pool-contact', {
      name: name === '' ? pool : name,
      endpoint,
      lookUp: match.lookUp === undefined ? null : lookUpOf(match.lookUp),
      reason,
      // Else it stands with the figures of its behaviour.
      sampling: isJudged ? null : samplingOf(poolConnection),
    });
    yield row(match.by === 'address' ? 'pool-address' : byName, found, packetRef, count);
  }
  if (tls !== null) yield row('tls-hello', helloOf(tls, endpoint), tls.packetRef);
  if (inStep !== undefined) yield row('in-step', statement('in-step', { endpoint, ...inStep }), packetRef);
  if (seen !== undefined && seen.submitted.high > 0) {
    const { submitted, accepted, rejected } = seen;
    const found = statement('shares-seen', {
      endpoint,
      ...submitted,
      rejected,
      acceptedLow: accepted.low,
      accepted: accepted.high,
      activeSeconds: activeSecondsOf(seen),
    });
    yield row('shares-seen', found, poolConnection.watchedFrom ?? packetRef);
  }
  const unanswered = flow?.unanswered ?? (verdict === 'attempted' ? count : 0);
  if (unanswered > 0) yield row('unanswered', statement('unanswered', { endpoint }), packetRef, unanswered);
  if (flow === undefined) yield* behaviourRows(poolConnection, endpoint);
  else if (isJudged) yield row('behaviour', figuresOf(poolConnection, flow, endpoint), packetRef);
}

function lookUpOf({
  name,
  atUs,
  isShared,
  isFar,
}: NonNullable<PoolConnection['match']['lookUp']>): Statement {
  return statement('address-of-name', {
    name,
    day: new Date(atUs / 1000).toISOString().slice(0, 10),
    isShared,
    isFar,
  });
}

/** What flow records tell of a client and its server over the whole of the input, as far as it is like mining. */
function figuresOf(poolConnection: PoolConnection, flow: PoolConnectionFlow, endpoint: string): Statement {
  const { duty, reason, match, traffic } = poolConnection;
  const minutes = Math.max(1, flow.activeSeconds) / 60;
  const { bytesOut, bytesIn, packetsOut, packetsIn } = traffic;
  return statement('flow-figures', {
    endpoint,
    connections: flow.connections,
    meanSeconds: flow.meanSeconds,
    activeMinutes: duty?.activeMinutes ?? null,
    minutes: duty?.minutes ?? null,
    packetsPerMinuteOut: packetsOut / minutes,
    bytesPerPacketOut: bytesOut / Math.max(1, packetsOut),
    packetsPerMinuteIn: packetsIn / minutes,
    bytesPerPacketIn: bytesIn / Math.max(1, packetsIn),
    scatter: flow.scatter,
    likeness: flow.likeness === null ? null : likenessOf(flow.likeness),
    reason: match.by === null ? reason : null,
    sampling: samplingOf(poolConnection),
  });
}

function likenessOf({ score, threshold, parts }: Likeness): Statement {
  const costs = parts.filter(({ cost }) => cost >= 0.05).map(({ id, cost }) => `${id} ${decimals(cost, 1)}`);
  return statement('likeness', { score, threshold, costs });
}

/** Null if every packet was counted. */
function samplingOf({ flow, traffic }: PoolConnection): Statement | null {
  if (flow === undefined || flow.samplingInterval <= 1) return null;
  const limits = sampledPackets(flow, traffic);
  const { samplingInterval: interval, observedPackets: observed } = flow;
  return statement('sampling', { interval, observed, low: limits?.low ?? null, high: limits?.high ?? null });
}

function* behaviourRows(poolConnection: PoolConnection, endpoint: string): Iterable<EvidenceRow> {
  const { marks, duty, packetRef, verdict, traffic } = poolConnection;
  const active = { activeMinutes: duty?.activeMinutes ?? null, minutes: duty?.minutes ?? null };
  if (marks.length > 0 && hasAllMarks(marks)) {
    const held = { endpoint, ...active, marks: marks.map((mark) => mark.statement) };
    yield row('mining-marks', statement('mining-marks', held), poolConnection.watchedFrom ?? packetRef);
  } else if (verdict === 'probable') {
    const found = statement('behaviour', {
      endpoint,
      seconds: Math.round((poolConnection.endUs - poolConnection.startUs) / 1e6),
      bytesOut: traffic.bytesOut,
      bytesIn: traffic.bytesIn,
      ...active,
      marks: marks.filter((mark) => mark.holds).map((mark) => mark.statement),
    });
    yield row('behaviour', found, packetRef);
  }
}

/** What the client said of its server, and the server of itself. */
function helloOf(facts: TlsFacts, endpoint: string): Statement {
  const { serverName, alpn, hasEncryptedHello: encryptedHello, certificate, isRefused = false } = facts;
  return statement('tls-hello', {
    endpoint,
    serverName: serverName === '' ? null : serverName,
    refused: isRefused,
    encryptedHello,
    alpn,
    ja3: facts.ja3,
    ja4: facts.ja4,
    subject: certificate?.subject ?? null,
    issuer: certificate === null || certificate.selfSigned ? null : certificate.issuer,
  });
}
