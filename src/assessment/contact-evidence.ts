/** The facts of a contact, in which no protocol could be read, as rows of evidence. */

import type { EvidenceKindId } from '../audit/evidence-kinds.ts';
import type { Contact, ContactFlow, Likeness, TlsFacts } from '../endpoints/contact.ts';
import { activeSecondsOf } from '../endpoints/shares-seen.ts';
import { hasAllMarks } from '../evidence/mining-marks.ts';
import type { Place } from '../place.ts';
import { type Statement, statement } from '../statements/index.ts';
import { sampledPackets } from './sampled.ts';

/** A fact that a verdict rests on: how often it was seen, and where first. */
export interface EvidenceRow extends Place {
  readonly kind: EvidenceKindId;
  readonly statement: Statement;
  count: number;
}

export function row(
  kind: EvidenceKindId,
  statement: Statement,
  { timeUs, record, input }: Place,
  count = 1,
): EvidenceRow {
  return { kind, statement, count, timeUs, record, input };
}

/** Evidence rows of one contact. */
export function* contactRows(contact: Contact): Iterable<EvidenceRow> {
  const { match, server, reason, place, verdict, tls, inStep, flow, sharesSeen: seen } = contact;
  const count = Math.max(1, contact.count);
  const name = match.name ?? '';
  const pool = match.pool ?? '';
  if (contact.kind === 'dns-lookup' || server === null) {
    yield row('dns-lookup', statement('dns-lookup', { name, pool, reason }), place, count);
    return;
  }
  const endpoint = `${server.ip === '' ? contact.ownName : server.ip}:${server.port}`;
  if (contact.kind === 'asked') {
    yield row('device-asked', statement('device-asked', { endpoint }), place, count);
    return;
  }
  if (contact.kind === 'alert') {
    yield row('sensor-alert', statement('sensor-alert', { signature: reason.text, endpoint }), place, count);
    return;
  }
  const isJudged = verdict === 'probable' || verdict === 'suspected';
  if (match.by !== null) {
    const byName = contact.namedBy === 'certificate' ? 'certificate' : 'pool-name';
    const found = statement('pool-contact', {
      name: name === '' ? pool : name,
      endpoint,
      lookUp: match.lookUp === undefined ? null : lookUpOf(match.lookUp),
      reason,
      // Else it stands with the figures of its behaviour.
      sampling: isJudged ? null : samplingOf(contact),
    });
    yield row(match.by === 'address' ? 'pool-address' : byName, found, place, count);
  }
  if (tls !== null) yield row('tls-hello', helloOf(tls, endpoint), tls.place);
  if (inStep !== undefined) yield row('in-step', statement('in-step', { endpoint, ...inStep }), place);
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
    yield row('shares-seen', found, contact.watchedFrom ?? place);
  }
  const unanswered = flow?.unanswered ?? (verdict === 'attempted' ? count : 0);
  if (unanswered > 0) yield row('unanswered', statement('unanswered', { endpoint }), place, unanswered);
  if (flow === undefined) yield* behaviourRows(contact, endpoint);
  else if (isJudged) yield row('behaviour', figuresOf(contact, flow, endpoint), place);
}

function lookUpOf({ name, atUs, isShared, isFar }: NonNullable<Contact['match']['lookUp']>): Statement {
  return statement('address-of-name', {
    name,
    day: new Date(atUs / 1000).toISOString().slice(0, 10),
    isShared,
    isFar,
  });
}

/** What flow records tell of a client and its server over the whole of the input, as far as it is like mining. */
function figuresOf(contact: Contact, flow: ContactFlow, endpoint: string): Statement {
  const { duty, reason, match, traffic } = contact;
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
    sampling: samplingOf(contact),
  });
}

function likenessOf({ score, threshold, parts }: Likeness): Statement {
  const costs = parts.filter(({ cost }) => cost >= 0.05).map(({ id, cost }) => `${id} ${cost.toFixed(1)}`);
  return statement('likeness', { score, threshold, costs });
}

/** Null if every packet was counted. */
function samplingOf({ flow, traffic }: Contact): Statement | null {
  if (flow === undefined || flow.samplingInterval <= 1) return null;
  const limits = sampledPackets(flow, traffic);
  const { samplingInterval: interval, observedPackets: observed } = flow;
  return statement('sampling', { interval, observed, low: limits?.low ?? null, high: limits?.high ?? null });
}

function* behaviourRows(contact: Contact, endpoint: string): Iterable<EvidenceRow> {
  const { marks, duty, place, verdict, traffic } = contact;
  const active = { activeMinutes: duty?.activeMinutes ?? null, minutes: duty?.minutes ?? null };
  if (marks.length > 0 && hasAllMarks(marks)) {
    const held = { endpoint, ...active, marks: marks.map((mark) => mark.statement) };
    yield row('mining-marks', statement('mining-marks', held), contact.watchedFrom ?? place);
  } else if (verdict === 'probable') {
    const found = statement('behaviour', {
      endpoint,
      seconds: Math.round((contact.endUs - contact.startUs) / 1e6),
      bytesOut: traffic.bytesOut,
      bytesIn: traffic.bytesIn,
      ...active,
      marks: marks.filter((mark) => mark.holds).map((mark) => mark.statement),
    });
    yield row('behaviour', found, place);
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
