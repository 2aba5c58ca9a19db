/** Findings for MISP, STIX, OCSF and Arkime, held against what the published schemas of each ask for. */
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { pseudonymizeAudit } from '../../src/pseudonyms/audit.ts';
import { createPseudonymizer } from '../../src/pseudonyms/pseudonymizer.ts';
import { renderAudit } from '../../src/report/index.ts';
import { renderLetters } from '../../src/report/letter.ts';
import { uuidOf } from '../../src/report/uuid.ts';
import { HOSTILE, quietAudit, sampleAudit, XMR_WALLET } from '../support/sample-audit.ts';

const PUBLIC = '93.184.216.40';

/** An address with a right checksum: the donation address of a miner program. */
const REAL_WALLET =
  '48edfHu7V9Z84YzzMa6fUueoELZ9ZRXq9VetWzYGzKt52XU5xvqgzYnDK9URnRoJMk1j8nLwEVsaSWJ4fhdUyZijBGUicoD';

/** The sample, with a pool that has an address of the internet, or none: a proxy was asked for its name. */
function audit(ip = PUBLIC): Audit {
  const sample = sampleAudit();
  return {
    ...sample,
    sessions: sample.sessions.map((session) =>
      session.pool.ip === '198.51.100.10'
        ? {
            ...session,
            pool: { ...session.pool, ip },
            via: ip === '' ? [{ ip: '192.0.2.9', port: 1080, kind: 'socks5' }] : [],
          }
        : session,
    ),
  };
}

function paidTo(account: string): Audit {
  const pay = (session: Audit['sessions'][number]) => ({
    ...session,
    logins: session.logins.map((login) => ({ ...login, account })),
  });
  return { ...audit(), sessions: audit().sessions.map(pay) };
}

async function rendered(format: string, of: Audit): Promise<string> {
  const options = { width: 100, color: false, zone: 'UTC', language: 'en' } as const;
  return [...(await renderAudit(format, of, options))].join('');
}

const KEY = 'a key that only this test has, 32 bytes long';
const both = createPseudonymizer({ key: KEY, accounts: true, addresses: true });
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const text = { type: 'string' };

describe('a MISP event', () => {
  /** Of MISP's format: what an event must have, and of which type; categories that each type may have. */
  const EVENT = {
    type: 'object',
    required: ['date', 'threat_level_id', 'info', 'published', 'analysis', 'distribution', 'Attribute'],
    properties: {
      ...{ info: text, analysis: text, threat_level_id: text, distribution: text, timestamp: text },
      ...{ published: { type: 'boolean' }, date: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' } },
      uuid: { type: 'string', pattern: `^${UUID}$` },
      Attribute: {
        type: 'array',
        items: {
          type: 'object',
          required: ['type', 'category', 'value', 'to_ids'],
          properties: {
            ...{ uuid: { type: 'string', pattern: `^${UUID}$` }, to_ids: { type: 'boolean' } },
            ...{ value: text, comment: text, distribution: text, timestamp: text },
          },
          oneOf: [
            {
              properties: {
                type: { enum: ['ip-src', 'ip-dst|port', 'hostname'] },
                category: { const: 'Network activity' },
              },
            },
            {
              properties: {
                type: { enum: ['btc', 'xmr', 'dash', 'text'] },
                category: { const: 'Financial fraud' },
              },
            },
            { properties: { type: { const: 'text' }, category: { const: 'Other' } } },
          ],
        },
      },
    },
  };
  const validate = new Ajv().compile({ type: 'object', required: ['Event'], properties: { Event: EVENT } });
  interface Attribute {
    readonly type: string;
    readonly value: string;
    readonly to_ids: boolean;
  }
  const attributesOf = async (of: Audit): Promise<Attribute[]> => {
    const event = JSON.parse(await rendered('misp', of));
    expect([validate(event), validate.errors]).toEqual([true, null]);
    const values = event.Event.Attribute.map(({ type, value }: Attribute) => `${type} ${value}`);
    expect(new Set(values).size).toBe(values.length);
    return event.Event.Attribute;
  };

  it('has pools and wallets to look for, and no own host nor what warninglists hold', async () => {
    const attributes = await attributesOf(audit());
    const wanted = attributes.filter(({ to_ids }) => to_ids).map(({ type, value }) => `${type} ${value}`);
    expect(wanted).toContain(`ip-dst|port ${PUBLIC}|3333`);
    expect(wanted).toContain('hostname pool.supportxmr.com');
    // Its checksum is wrong.
    expect(wanted).toContain(`text ${XMR_WALLET}`);
    const paid = await attributesOf(paidTo(REAL_WALLET));
    expect(paid.filter(({ value }) => value === REAL_WALLET)).toMatchObject([{ type: 'xmr', to_ids: true }]);
    expect(wanted.filter((value) => /ip-src|192\.0\.2\.|198\.51\.100\.|2001:db8/.test(value))).toEqual([]);
    expect(attributes.find(({ value }) => value === '192.0.2.11')).toMatchObject({
      type: 'ip-src',
      to_ids: false,
    });
    // Only suspected: nobody else is told of it.
    expect(attributes.some(({ value }) => value === '192.0.2.140')).toBe(false);
  });

  it('looks for no name that is not of mining', async () => {
    const sessions = audit().sessions.map((session) => {
      const names = ['pool.supportxmr.com', 'lb-7.cloud.example.net', 'www.supportxmr.com', 'a b'];
      return session.pool.ip === PUBLIC ? { ...session, pool: { ...session.pool, names } } : session;
    });
    const attributes = await attributesOf({ ...audit(), sessions });
    const named = attributes.filter(({ value }) => /supportxmr|example\.net|a b/.test(value));
    expect(named.map(({ value, to_ids }) => [value, to_ids]).sort()).toEqual([
      ['a b', false],
      ['lb-7.cloud.example.net', false],
      ['pool.supportxmr.com', true],
      ['www.supportxmr.com', false],
    ]);
  });

  it('names the attack pattern of the galaxy, and is the same for the same audit', async () => {
    const first = await rendered('misp', audit());
    expect(JSON.parse(first).Event.Tag).toContainEqual({
      name: 'misp-galaxy:mitre-attack-pattern="Resource Hijacking - T1496"',
    });
    expect(await rendered('misp', audit())).toBe(first);
    expect(await attributesOf(quietAudit())).toEqual([]);
  });

  it('takes no pseudonym for something to look for', async () => {
    const shared = pseudonymizeAudit(audit(), both);
    const attributes = await attributesOf(shared);
    // The known pool stays as it is; it is what may be shared.
    expect(attributes.filter(({ to_ids }) => to_ids).map(({ value }) => value)).toEqual(
      expect.arrayContaining([`${PUBLIC}|3333`, 'pool.supportxmr.com']),
    );
    expect(
      attributes.filter(({ to_ids, type }) => to_ids && type !== 'hostname' && type !== 'ip-dst|port'),
    ).toEqual([]);
    expect(JSON.parse(await rendered('misp', shared)).Event.info).toContain(
      'pseudonyms: accounts; addresses',
    );
    expect(await rendered('misp', shared)).not.toContain(XMR_WALLET);
  });
});

describe('a STIX bundle', () => {
  const time = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$' };
  /** Section by section of the specification: what each type requires beside type, id and version. */
  const REQUIRED: Readonly<Record<string, readonly string[]>> = {
    identity: ['created', 'modified', 'name'],
    'attack-pattern': ['created', 'modified', 'name'],
    indicator: ['created', 'modified', 'pattern', 'pattern_type', 'valid_from'],
    relationship: ['created', 'modified', 'relationship_type', 'source_ref', 'target_ref'],
    sighting: ['created', 'modified', 'sighting_of_ref'],
    'observed-data': [
      'created',
      'modified',
      'first_observed',
      'last_observed',
      'number_observed',
      'object_refs',
    ],
    'ipv4-addr': ['value'],
    'ipv6-addr': ['value'],
    'domain-name': ['value'],
    'network-traffic': ['protocols', 'src_ref', 'dst_ref'],
    'user-account': ['user_id'],
  };
  const validate = new Ajv().compile({
    type: 'object',
    required: ['type', 'id', 'spec_version'],
    properties: {
      ...{ type: { enum: Object.keys(REQUIRED) }, spec_version: { const: '2.1' } },
      id: { type: 'string', pattern: `^[a-z][a-z0-9-]+[a-z0-9]--${UUID}$` },
      ...{
        created: time,
        modified: time,
        valid_from: time,
        first_seen: time,
        last_seen: time,
        start: time,
        end: time,
      },
      ...{ first_observed: time, last_observed: time, pattern_type: { const: 'stix' } },
      confidence: { type: 'integer', minimum: 0, maximum: 100 },
      number_observed: { type: 'integer', minimum: 1, maximum: 999_999_999 },
      count: { type: 'integer', minimum: 0, maximum: 999_999_999 },
      ...{ src_port: { type: 'integer', maximum: 65_535 }, dst_port: { type: 'integer', maximum: 65_535 } },
    },
  });
  interface StixObject {
    readonly type: string;
    readonly id: string;
    readonly [property: string]: unknown;
  }
  const objectsOf = async (of: Audit): Promise<StixObject[]> => {
    const bundle = JSON.parse(await rendered('stix', of));
    expect(bundle).toMatchObject({ type: 'bundle', id: expect.stringMatching(`^bundle--${UUID}$`) });
    for (const object of bundle.objects) {
      expect([validate(object), validate.errors, object]).toEqual([true, null, object]);
      expect(REQUIRED[object.type]?.filter((property) => !(property in object))).toEqual([]);
      expect(Object.values(object)).not.toContainEqual([]);
    }
    const ids = new Set(bundle.objects.map(({ id }: StixObject) => id));
    expect(ids.size).toBe(bundle.objects.length);
    for (const object of bundle.objects) {
      expect(object.id.startsWith(`${object.type}--`)).toBe(true);
      const refs = Object.entries(object).flatMap(([key, value]) =>
        /_refs?$/.test(key) ? [value].flat() : [],
      );
      expect(refs.filter((ref) => !ids.has(ref))).toEqual([]);
    }
    return bundle.objects;
  };

  it('identifies observables as the specification does', () => {
    // Its own examples, section 2.9 and 6.4.
    const namespace = '00abedb4-aa42-466c-9c01-fed23315a9b7';
    expect(uuidOf('{"value":"198.51.100.3"}', namespace)).toBe('28bb3599-77cd-5a82-a950-b5bc3caf07c4');
    expect(uuidOf('{"value":"example.com"}', namespace)).toBe('bedb4899-d24b-5401-bc86-8f6b4cc18ec7');
    // RFC 9562, appendix A.4: www.example.com in the namespace of DNS.
    expect(uuidOf('www.example.com', '6ba7b810-9dad-11d1-80b4-00c04fd430c8')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  it('has indicators of pools, with what they indicate and what was seen', async () => {
    const objects = await objectsOf(audit());
    const patterns = objects.flatMap(({ type, pattern }) => (type === 'indicator' ? [pattern] : []));
    expect(patterns).toContain("[domain-name:value = 'pool.supportxmr.com']");
    expect(patterns).toContain(
      `[network-traffic:dst_ref.value = '${PUBLIC}' AND network-traffic:dst_port = 3333]`,
    );
    const of = (type: string): number => objects.filter((each) => each.type === type).length;
    expect([of('relationship'), of('sighting')]).toEqual([patterns.length, patterns.length]);
    expect(of('observed-data')).toBeGreaterThan(0);
    await objectsOf(quietAudit());
  });

  it('cannot be broken out of, and says what is a pseudonym', async () => {
    const hostile = audit();
    const sessions = hostile.sessions.map((session, i) => ({
      ...session,
      pool: { ...session.pool, ip: "1' OR '2", names: [i % 2 === 0 ? "a' OR 'b" : HOSTILE.pool] },
    }));
    const objects = await objectsOf({ ...hostile, sessions });
    const patterns = objects.flatMap(({ type, pattern }) => (type === 'indicator' ? [String(pattern)] : []));
    expect(patterns.filter((pattern) => pattern.includes(' OR '))).toEqual([]);
    const shared = await objectsOf(pseudonymizeAudit(audit(), both));
    expect(shared[0]?.description).toContain('accounts; addresses');
    expect(JSON.stringify(shared)).not.toContain(XMR_WALLET);
  });
});

describe('OCSF findings', () => {
  /** Of the class detection_finding and the objects that it holds: required attributes, enumerations. */
  const endpoint = {
    type: 'object',
    minProperties: 1,
    properties: { ip: text, port: { type: 'integer' }, hostname: text, mac: text, svc_name: text },
    additionalProperties: false,
  };
  const named = { type: 'object', required: ['uid', 'name'], properties: { uid: text, name: text } };
  const validate = new Ajv().compile({
    type: 'object',
    required: [
      'activity_id',
      'category_uid',
      'class_uid',
      'type_uid',
      'time',
      'severity_id',
      'metadata',
      'finding_info',
    ],
    additionalProperties: false,
    properties: {
      ...{ activity_id: { enum: [1, 2, 3] }, category_uid: { const: 2 }, class_uid: { const: 2004 } },
      ...{
        type_uid: { enum: [200_401, 200_402, 200_403] },
        severity_id: { enum: [0, 1, 2, 3, 4, 5, 6, 99] },
      },
      ...{ confidence_id: { enum: [0, 1, 2, 3, 99] }, status_id: { enum: [0, 1, 2, 3, 4, 5, 6, 99] } },
      ...{
        time: { type: 'integer' },
        start_time: { type: 'integer' },
        end_time: { type: 'integer' },
        message: text,
      },
      metadata: {
        type: 'object',
        required: ['product', 'version'],
        properties: { version: text, product: { type: 'object', required: ['vendor_name'] } },
      },
      finding_info: {
        type: 'object',
        required: ['uid'],
        properties: {
          ...{ title: text, desc: text, uid: text },
          ...{ first_seen_time: { type: 'integer' }, last_seen_time: { type: 'integer' } },
          analytic: { type: 'object', required: ['type_id'], properties: { type_id: { type: 'integer' } } },
          attacks: {
            type: 'array',
            items: { type: 'object', properties: { tactic: named, technique: named } },
          },
        },
        additionalProperties: false,
      },
      evidences: {
        type: 'array',
        items: {
          type: 'object',
          minProperties: 1,
          additionalProperties: false,
          properties: {
            ...{ src_endpoint: endpoint, dst_endpoint: endpoint },
            connection_info: {
              type: 'object',
              required: ['direction_id'],
              properties: { direction_id: { enum: [0, 1, 2, 3, 99] }, protocol_num: { type: 'integer' } },
            },
          },
        },
      },
      resources: {
        type: 'array',
        items: { type: 'object', properties: { uid: text, name: text, type: text } },
      },
      observables: {
        type: 'array',
        items: {
          type: 'object',
          required: ['name', 'type_id'],
          properties: { type_id: { type: 'integer' } },
        },
      },
      unmapped: { type: 'object' },
    },
  });

  it('are one a host, of the class detection_finding', async () => {
    const lines = (await rendered('ocsf', audit())).trimEnd().split('\n');
    expect(lines.length).toBe(audit().hosts.length);
    for (const line of lines) {
      const finding: unknown = JSON.parse(line);
      expect([validate(finding), validate.errors]).toEqual([true, null]);
    }
    const shared = await rendered('ocsf', pseudonymizeAudit(audit(), both));
    expect(JSON.parse(shared.split('\n')[0] ?? '').unmapped.pseudonyms).toContain('accounts; addresses');
  });
});

it('an audit of some hosts is told as one', async () => {
  const filter = { hosts: ['192.0.2.11'], departments: [], verdict: null, pool: null };
  for (const format of ['misp', 'stix', 'arkime'])
    expect(await rendered(format, { ...audit(), filter })).toContain('filter: host=192.0.2.11');
});

describe('a pool of which only the name is known', () => {
  const named = audit('');

  it('has no empty address in any format', async () => {
    const { Attribute } = JSON.parse(await rendered('misp', named)).Event;
    const values = Attribute.map(({ value }: { value: string }) => value);
    expect(values).toContain('pool.supportxmr.com');
    expect(values.filter((value: string) => value.startsWith('|'))).toEqual([]);
    const { objects } = JSON.parse(await rendered('stix', named));
    const ends = objects.flatMap(({ type, dst_ref = '' }: { type: string; dst_ref?: string }) =>
      type === 'network-traffic' ? [dst_ref.replace(/--.*/, '')] : [],
    );
    expect(ends).toContain('domain-name');
    for (const format of ['stix', 'ocsf', 'ecs', 'eve']) {
      expect(await rendered(format, named)).not.toMatch(/"(value|ip|dest_ip)":""/);
    }
  });

  it('is told by its name in the letter, behind the proxy that it saw', () => {
    const [host] = named.hosts;
    if (host === undefined) throw new Error('no host');
    const letter = [...renderLetters(named, host, { language: 'en' })].join('');
    expect(letter).toMatch(/^Your servers: pool\.supportxmr\.com:3333$/m);
    expect(letter).toMatch(
      /UTC, 192\.0\.2\.11:\d+ → 192\.0\.2\.9:1080 \[behind .*\] → pool\.supportxmr\.com:3333, /,
    );
  });
});

describe('tags of Arkime', () => {
  it('are an address a line, and words that end nothing', async () => {
    const lines = (await rendered('arkime', audit())).trimEnd().split('\n');
    expect(lines[0]).toBe(
      '192.0.2.11;tags=minesweep;tags=minesweep-confirmed;tags=pool:SupportXMR;tags=algorithm:rx/0',
    );
    for (const line of lines) expect(line).toMatch(/^[0-9a-f.:]+(?:;tags=[\p{L}\p{N}./:_-]+)+$/u);
    // No session has a pseudonym for its address.
    expect(await rendered('arkime', pseudonymizeAudit(audit(), both))).not.toMatch(/^[^#]/m);
  });
});
