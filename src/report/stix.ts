/**
 * A STIX 2.1 bundle: indicators of pools, with the attack pattern that they indicate, and what was observed: a network
 * traffic object a session. Identifiers of observables are those that the specification derives from their values
 * (section 2.9); all others come from the audit, so that it may be taken in twice.
 */
import type { Audit, AuditSession } from '../audit/audit.ts';
import { type Indicator, indicatorsOf } from '../audit/indicators.ts';
import { isMiner } from '../audit/miners.ts';
import { marksText } from '../audit/pseudonyms.ts';
import { escapeJson } from '../escape.ts';
import { push } from '../order.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import { OWN_UUIDS, uuidOf } from './uuid.ts';

/** Of identifiers of observables (section 2.9). */
const OBSERVABLES = '00abedb4-aa42-466c-9c01-fed23315a9b7';
/** Confidence by the scale of appendix A: highly likely, likely. */
const CONFIDENCE = { confirmed: 95, probable: 70 } as const;

interface StixObject {
  readonly type: string;
  readonly id: string;
  readonly [property: string]: unknown;
}

export function* renderStix(audit: Audit): Generator<string> {
  const { generated, window } = audit;
  const name = `${generated} ${window.start} ${window.end}`;
  yield `{"type":"bundle","id":"bundle--${uuidOf(`bundle ${name}`, OWN_UUIDS)}","objects":[`;
  const seen = new Set<string>();
  for (const object of objectsOf(audit)) {
    if (seen.has(object.id)) continue;
    yield `${seen.size === 0 ? '' : ','}\n${escapeJson(JSON.stringify(object))}`;
    seen.add(object.id);
  }
  yield '\n]}\n';
}

function* objectsOf(audit: Audit): Generator<StixObject> {
  const { generated, tool } = audit;
  const made = (type: string, key: string, rest: object): StixObject => ({
    type,
    spec_version: '2.1',
    id: `${type}--${uuidOf(`${type} ${key}`, OWN_UUIDS)}`,
    created: generated,
    modified: generated,
    ...rest,
  });
  const marks = marksText(audit);
  const identity = made('identity', `${tool.name} ${tool.version} ${generated}`, {
    name: `${tool.name} ${tool.version}`,
    identity_class: 'system',
    ...(marks === '' ? {} : { description: marks }),
  });
  yield identity;
  const pattern = made('attack-pattern', `T1496 ${generated}`, {
    name: 'Resource Hijacking',
    external_references: [
      { source_name: 'mitre-attack', external_id: 'T1496', url: 'https://attack.mitre.org/techniques/T1496' },
    ],
  });
  yield pattern;
  const observed = new Map<string, string[]>();
  for (const session of audit.sessions) {
    if (!isMiner(session.verdict)) continue;
    const observables = observablesOf(session);
    yield* observables;
    const data = made('observed-data', `${generated} ${observables.map(({ id }) => id).join()}`, {
      created_by_ref: identity.id,
      first_observed: session.start,
      last_observed: session.end,
      number_observed: session.attempts ?? 1,
      object_refs: observables.map(({ id }) => id),
    });
    yield data;
    const { pool } = session;
    for (const key of [`endpoint ${pool.ip} ${pool.port}`, ...pool.names.map((each) => `name ${each} 0`)])
      push(observed, key, data.id);
  }
  for (const indicator of indicatorsOf(audit)) {
    if (!indicator.isTelling || indicator.kind === 'account') continue;
    const key = `${indicator.kind} ${indicator.value} ${indicator.port}`;
    const { first, last, pool, coin, confirmed } = indicator;
    const indicated = made('indicator', `${key} ${generated}`, {
      created_by_ref: identity.id,
      name: `${pool.pool ?? catalogueOf('en').finding.pool}: ${indicator.value}`,
      pattern: patternOf(indicator),
      pattern_type: 'stix',
      valid_from: first,
      // A miner may be a choice of its owner; a proxy that hides a pool is not.
      indicator_types: [pool.kind === 'malware-proxy' ? 'malicious-activity' : 'anomalous-activity'],
      confidence: CONFIDENCE[confirmed ? 'confirmed' : 'probable'],
      labels: ['cryptocurrency-mining', ...(coin === null ? [] : [coin.toLowerCase()])],
    });
    yield indicated;
    yield made('relationship', `${key} indicates ${generated}`, {
      relationship_type: 'indicates',
      source_ref: indicated.id,
      target_ref: pattern.id,
    });
    yield made('sighting', `${key} ${generated}`, {
      sighting_of_ref: indicated.id,
      first_seen: first,
      last_seen: last,
      count: indicator.sessions,
      observed_data_refs: observed.get(key) ?? [],
    });
  }
}

/** The ends of a session, its traffic, the names of the pool and the accounts. */
function observablesOf({ miner, pool, logins, start, end, transport, traffic }: AuditSession): StixObject[] {
  const source = addressOf(miner.ip);
  const names = pool.names.map((value) => observable('domain-name', { value }));
  // Through a proxy that was asked for a name, no address is known.
  const target = pool.ip === '' ? names.slice(0, 1) : [addressOf(pool.ip)];
  const place = {
    src_ref: source.id,
    src_port: miner.port,
    dst_port: pool.port,
    ...Object.fromEntries(target.map(({ id }) => ['dst_ref', id])),
  };
  const protocols = [source.type.slice(0, 4), 'tcp', ...(transport === 'tls' ? ['tls'] : [])];
  return [
    source,
    ...target,
    observable(
      'network-traffic',
      { start, end, ...place, protocols },
      {
        src_byte_count: traffic.bytesOut,
        dst_byte_count: traffic.bytesIn,
        src_packets: traffic.packetsOut,
        dst_packets: traffic.packetsIn,
      },
    ),
    ...names,
    ...logins.flatMap(({ account }) =>
      account === null || account === '' ? [] : [observable('user-account', { user_id: account })],
    ),
  ];
}

function addressOf(ip: string): StixObject {
  return observable(ip.includes(':') ? 'ipv6-addr' : 'ipv4-addr', { value: ip });
}

/** `telling`: what the identifier is made of, in canonical JSON (RFC 8785). */
function observable(type: string, telling: Readonly<Record<string, unknown>>, rest: object = {}): StixObject {
  const sorted = Object.fromEntries(Object.entries(telling).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    type,
    spec_version: '2.1',
    id: `${type}--${uuidOf(JSON.stringify(sorted), OBSERVABLES)}`,
    ...{ ...telling, ...rest },
  };
}

/** Values are host names and addresses, in which nothing needs an escape. */
function patternOf({ kind, value, port }: Indicator): string {
  if (kind === 'name') return `[domain-name:value = '${value}']`;
  return `[network-traffic:dst_ref.value = '${value}' AND network-traffic:dst_port = ${port}]`;
}
