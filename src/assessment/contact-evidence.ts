/** The facts of a contact, in which no protocol could be read, as rows of evidence. */
import type { Contact, ContactFlow, Likeness, TlsFacts } from '../endpoints/contact.ts';
import { activeSecondsOf } from '../endpoints/shares-seen.ts';
import { hasAllMarks } from '../evidence/mining-marks.ts';
import { type Statement, statement } from '../statements/index.ts';
import type { EvidenceRow } from './evidence-row.ts';
import { sampledPackets } from './sampled.ts';

/** Evidence rows of one contact. */
export function* contactRows(contact: Contact): Iterable<EvidenceRow> {
  const { match, server, reason, place, verdict, tls } = contact;
  const count = Math.max(1, contact.count);
  const name = match.name ?? '';
  const pool = match.pool ?? '';
  if (contact.kind === 'dns-lookup' || server === null) {
    yield { kind: 'dns-lookup', statement: statement('dns-lookup', { name, pool, reason }), count, ...place };
    return;
  }
  const endpoint = `${server.ip === '' ? contact.ownName : server.ip}:${server.port}`;
  if (contact.kind === 'asked') {
    yield { kind: 'device-asked', statement: statement('device-asked', { endpoint }), count, ...place };
    return;
  }
  if (contact.kind === 'alert') {
    const found = statement('sensor-alert', { signature: reason.text, endpoint });
    yield { kind: 'sensor-alert', statement: found, count, ...place };
    return;
  }
  if (match.by !== null) {
    // Else it stands with the figures of its behaviour.
    const isJudged = verdict === 'probable' || verdict === 'suspected';
    const sampling = isJudged ? null : samplingOf(contact);
    const byName = contact.namedBy === 'certificate' ? 'certificate' : 'pool-name';
    yield {
      kind: match.by === 'address' ? 'pool-address' : byName,
      statement: statement('pool-contact', {
        name: name === '' ? pool : name,
        endpoint,
        lookUp: match.lookUp === undefined ? null : lookUpOf(match.lookUp),
        reason,
        sampling,
      }),
      count,
      ...place,
    };
  }
  if (tls !== null) yield { kind: 'tls-hello', statement: helloOf(tls, endpoint), count: 1, ...tls.place };
  const { inStep } = contact;
  if (inStep !== undefined)
    yield { kind: 'in-step', statement: statement('in-step', { endpoint, ...inStep }), count: 1, ...place };
  const { sharesSeen: seen } = contact;
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
    yield { kind: 'shares-seen', statement: found, count: 1, ...(contact.watchedFrom ?? place) };
  }
  const unanswered = contact.flow?.unanswered ?? (verdict === 'attempted' ? count : 0);
  if (unanswered > 0)
    yield {
      kind: 'unanswered',
      statement: statement('unanswered', { endpoint }),
      count: unanswered,
      ...place,
    };
  if (contact.flow !== undefined) yield* flowRows(contact, contact.flow, endpoint);
  else yield* behaviourRows(contact, endpoint);
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
function* flowRows(contact: Contact, flow: ContactFlow, endpoint: string): Iterable<EvidenceRow> {
  const { duty, place, verdict, reason, match, traffic } = contact;
  if (verdict !== 'probable' && verdict !== 'suspected') return;
  const minutes = Math.max(1, flow.activeSeconds) / 60;
  const { bytesOut, bytesIn, packetsOut, packetsIn } = traffic;
  const found = statement('flow-figures', {
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
  yield { kind: 'behaviour', statement: found, count: 1, ...place };
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
  const { marks, duty, place, verdict } = contact;
  const from = contact.watchedFrom ?? place;
  const active = { activeMinutes: duty?.activeMinutes ?? null, minutes: duty?.minutes ?? null };
  if (marks.length > 0 && hasAllMarks(marks)) {
    const found = statement('mining-marks', {
      endpoint,
      ...active,
      marks: marks.map((mark) => mark.statement),
    });
    yield { kind: 'mining-marks', statement: found, count: 1, ...from };
    return;
  }
  if (verdict !== 'probable') return;
  const found = statement('behaviour', {
    endpoint,
    seconds: Math.round((contact.endUs - contact.startUs) / 1e6),
    bytesOut: contact.traffic.bytesOut,
    bytesIn: contact.traffic.bytesIn,
    ...active,
    marks: marks.filter((mark) => mark.holds).map((mark) => mark.statement),
  });
  yield { kind: 'behaviour', statement: found, count: 1, ...place };
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
