/** The facts of a host's sessions and pool connections as rows of evidence: each once, with its number and the place of the first. */
import { describe, expect, it } from 'vitest';
import { hostEvidence } from '../../src/assessment/host-evidence.ts';
import { hostRow, localServers } from '../../src/assessment/host-rows.ts';
import { poolConnectionRows } from '../../src/assessment/pool-connection-evidence.ts';
import { ratesOf, type Sources } from '../../src/assessment/rates.ts';
import { poolConnectionRow } from '../../src/assessment/session-rows.ts';
import { Watched } from '../../src/assessment/watched.ts';
import type { PoolConnection, PoolConnectionFlow, TlsFacts } from '../../src/endpoints/pool-connection.ts';
import type { PoolMatch } from '../../src/endpoints/pool-match.ts';
import type { MiningMark } from '../../src/evidence/mining-marks.ts';
import { markDuplicates } from '../../src/hosts/duplicates.ts';
import type { Observation } from '../../src/sessions/field-types.ts';
import type { FinalSession } from '../../src/sessions/finalize.ts';
import type { Session } from '../../src/sessions/session.ts';
import { statement, verbatim } from '../../src/statements/index.ts';
import { bareSession, finalizedAs, NO_POOL, searching } from '../support/sessions.ts';

const IP = '192.0.2.1';
const NAMED: PoolMatch = { ...NO_POOL, by: 'name', name: 'pool.example', pool: 'Pool', rule: 'a rule' };

function seen(kind: string, timeUs: number, more: Partial<Observation> = {}): Observation {
  return { kind, timeUs, record: timeUs, input: 0, count: 1, detail: '', ...more };
}

function finalized(
  observations: readonly Observation[],
  more: Partial<FinalSession> = {},
  session = bareSession(),
): FinalSession {
  session.observed.observations.push(...observations);
  session.cover(1, 100);
  return finalizedAs(session, { verdict: { verdict: 'probable', reason: verbatim('') }, ...more });
}

function evidenceOf(sessions: readonly FinalSession[], more: Partial<Sources> = {}) {
  const ledger = { ip: IP, sessions: [...sessions], poolConnections: [] };
  return hostEvidence(ledger, ['a.pcap'], { ...ratesOf(ledger), ...more });
}

const told = (sessions: readonly FinalSession[]) =>
  evidenceOf(sessions).map(({ kind, count, record }) => [kind, count, record]);

describe('what was observed of a host', () => {
  it('is one row for all sessions that say the same, at the place of the first', () => {
    expect(
      told([
        finalized([seen('job', 50, { count: 3 })]),
        finalized([seen('job', 20, { count: 4 })]),
        finalized([seen('job', 70)]),
      ]),
    ).toEqual([['job', 8, 20]]);
  });

  it('is a row for each of what is said in other words, or of another pool', () => {
    const agent = (timeUs: number, detail: string, more: Partial<FinalSession> = {}) =>
      finalized([seen('agent', timeUs, { detail })], more);
    expect(told([agent(10, 'x'), agent(20, 'y'), agent(5, 'x')])).toEqual([
      ['agent', 2, 5],
      ['agent', 1, 20],
    ]);
    expect(told([agent(10, 'x'), agent(20, 'x', { match: { ...NO_POOL, pool: 'Other' } })]).length).toBe(2);
    expect(
      told([
        finalized([seen('agent', 10, { detail: 'x' })]),
        finalized([seen('agent', 20, { detail: 'x', isMixed: true })]),
      ]).length,
    ).toBe(2);
  });

  it('is a proof only if shares prove it', () => {
    const proof = { algorithm: 'rx/0', met: 5, tried: 5 };
    const rows = (more: Partial<Observation>) =>
      evidenceOf([finalized([seen('algorithm-share-hash', 9, more)])]).map(({ kind, params }) => [
        kind,
        params.met,
      ]);
    expect([rows({ proof, count: 4 }), rows({})]).toEqual([[['share-hash', 5]], [['algorithm', undefined]]]);
    const agent = evidenceOf([finalized([seen('agent', 9, { proof })])]);
    expect(agent.map(({ kind }) => kind)).toEqual(['agent']);
  });

  it('is the algorithm once a session, however often it was said, and a refusal with its reason', () => {
    const rows = evidenceOf([
      finalized([
        seen('algorithm-job', 1, { count: 9 }),
        seen('rejection-stale', 2, { count: 9 }),
        seen('no-such', 3),
      ]),
    ]);
    expect(rows.map(({ kind, count, params }) => [kind, count, params.reason ?? params.source])).toEqual([
      ['algorithm', 1, 'job'],
      ['rejection', 9, 'stale'],
    ]);
  });

  it('is clipped where it is too long', () => {
    const [row] = evidenceOf([finalized([seen('agent', 1, { detail: 'x'.repeat(301) })])]);
    expect(row.params.said).toBe(`${'x'.repeat(300)}…`);
    const [whole] = evidenceOf([finalized([seen('agent', 1, { detail: 'x'.repeat(300) })])]);
    expect(whole.params.said).toBe('x'.repeat(300));
  });

  it('behind encryption is what sizes tell, and no message', () => {
    const noise = (...kinds: string[]) =>
      finalized(
        kinds.map((kind, i) => seen(kind, i + 1, { count: 5, detail: 'x' })),
        {},
        bareSession('stratum-v2', { transport: 'noise' }),
      );
    const rows = evidenceOf([noise('service', 'share', 'login')]);
    expect(rows.map(({ kind, count, params }) => [kind, count, params.said])).toEqual([
      ['noise-handshake', 1, null],
      ['sealed-share', 5, null],
    ]);
  });

  it('is the pool by its name or address, and what was confirmed', () => {
    const rows = (match: PoolMatch, verdict: 'confirmed' | 'probable' = 'probable') =>
      evidenceOf([finalized([seen('job', 7)], { match, verdict: { verdict, reason: verbatim('why') } })])
        .filter(({ kind }) => kind !== 'job')
        .map(({ kind, record, params }) => [
          kind,
          record,
          params.name ?? params.endpoint ?? params.dialect,
          params.rule,
        ]);
    expect(rows(NAMED)).toEqual([['pool-name', 7, 'pool.example', 'a rule']]);
    expect(rows({ ...NAMED, by: 'address', name: null })).toEqual([
      ['pool-address', 7, '198.51.100.1:3333', 'a rule'],
    ]);
    expect(rows(NO_POOL, 'confirmed')).toEqual([['session', 7, 'cryptonote', undefined]]);
    expect(rows(NO_POOL)).toEqual([]);
  });
});

describe('a rate from nonces', () => {
  const clock = (rate: number, record = 5, sharesUsed = 10): FinalSession => {
    const session = searching({ rates: [900] });
    session.cover(0, 100e6);
    const intervals = [{ startUs: 0, endUs: 100e6 }];
    const work = {
      algorithm: 'rx/0',
      intervals,
      shares: 100,
      work: 1e5,
      workSquared: 1e8,
      workInForce: 1000,
      units: null,
    };
    const estimate = {
      ...{
        verdict: 'clock' as const,
        pValue: 1e-9,
        evidence: 20,
        estimate: rate,
        low95: rate * 0.99,
        high95: rate * 1.01,
      },
      ...{
        structure: { kind: 'single' as const, size: null, spread: 0.01, outliers: 0 },
        tracks: null,
        rigs: null,
      },
      ...{ sharesUsed, sharesUnplaced: 0, series: [], words: [verbatim('one thread')] },
    };
    const counter = { algorithm: 'rx/0', rigs: 0, leastRigs: 0, unreadShares: 0, estimate };
    return finalized([seen('share', record)], { works: [work], counter }, session);
  };
  // 1,000 H/s by shares, 814 to 1,216 by the exact limits.
  it.each([
    [1050, 'agree-wider', null],
    [2000, 'contradict', 'above'],
    [500, 'contradict', 'below'],
  ])('of %d H/s beside 1,000 by shares: %s', (rate, relation, side) => {
    const rows = evidenceOf([clock(rate)]).filter(({ kind }) => kind.startsWith('counter'));
    expect(rows[0]).toMatchObject({
      kind: 'counter',
      record: 5,
      params: { shares: relation, estimate: rate, nonces: 10 },
    });
    expect(rows.length).toBe(side === null ? 1 : 2);
    if (side !== null) expect(rows[1].params).toMatchObject({ estimate: rate, sharesEstimate: 1000 });
  });

  it('of several sessions stands with the one of which most nonces were read', () => {
    const record = (...sessions: FinalSession[]) =>
      evidenceOf(sessions).find(({ kind }) => kind === 'counter')?.record;
    const [few, many] = [clock(1050, 5, 10), clock(1050, 9, 20)];
    expect([record(few, many), record(many, few)]).toEqual([9, 9]);
  });

  it('that is above and one that is below have other causes, and missing packets are one of their own', () => {
    const cause = (rate: number, missed = 0) =>
      Object(
        evidenceOf([clock(rate)], { missed }).find(({ kind }) => kind === 'counter-disagrees')?.params.cause,
      ).text;
    expect(new Set([cause(2000), cause(500), cause(2000, 0.3)]).size).toBe(3);
    expect(cause(500, 0.3)).toBe(cause(500));
  });
});

const HOUR_US = 3_600_000_000;
const TLS: TlsFacts = {
  ...{ packetRef: { timeUs: 4, record: 44, input: 0 }, serverName: 'pool.example', hasEncryptedHello: true },
  ...{ alpn: ['h2', 'http/1.1'], ja3: 'aa', ja4: 'bb', version: 0x0304, certificate: null },
};

function poolConnection(more: Partial<PoolConnection> = {}): PoolConnection {
  return {
    ...{
      kind: 'connection',
      match: NAMED,
      namedBy: 'client',
      ownName: '',
      isEncrypted: true,
      marks: [],
      duty: null,
    },
    ...{
      client: { ip: IP, port: 5000 },
      server: { ip: '198.51.100.1', port: 3333 },
      tls: null,
      watchedFrom: null,
    },
    ...{ verdict: 'listed', count: 2, startUs: 0, endUs: HOUR_US },
    reason: statement('listed-endpoint'),
    packetRef: { timeUs: 1, record: 11, input: 0 },
    traffic: { bytesOut: 10, bytesIn: 20, packetsOut: 1, packetsIn: 2 },
    ...more,
  };
}

const IN_STEP = {
  coin: 'XMR',
  source: 'file',
  blocks: 9,
  followed: 8,
  tests: 1,
  chance: 1e-6,
} as const;

/** Of 4 connections, one after the other, 2 minutes in all. */
const FLOW: PoolConnectionFlow = {
  connections: 4,
  unanswered: 0,
  activeSeconds: 120,
  meanSeconds: 30,
  scatter: 1.5,
  likeness: null,
  samplingInterval: 1,
  observedPackets: 13,
};

function mark(name: MiningMark['name'], holds: boolean): MiningMark {
  return { name, holds, statement: verbatim(name) };
}

/** A watch that began at record 77, over so many shares. */
function sharesOf(count: number): Partial<PoolConnection> {
  const submitted = { low: count, central: count, high: count };
  const sharesSeen = {
    submitted,
    accepted: submitted,
    rejected: 0,
    newTargets: null,
    channels: null,
    firstUs: 0,
    lastUs: 1e6,
    seconds: 60,
    connections: [{ startUs: 0, endUs: 60e6 }],
    windows: [[0, count]] as [number, number][],
  };
  return { sharesSeen, watchedFrom: { timeUs: 7, record: 77, input: 0 } };
}

describe('a contact', () => {
  const rows = (more: Partial<PoolConnection>) =>
    [...poolConnectionRows(poolConnection(more))].map(({ kind, count, record }) => [kind, count, record]);
  const paramsOf = (more: Partial<PoolConnection>) =>
    [...poolConnectionRows(poolConnection(more))][0].statement.params;

  it.each<[string, Partial<PoolConnection>, readonly (readonly [string, number, number])[]]>([
    ['by a name', {}, [['pool-name', 2, 11]]],
    ['by a certificate', { namedBy: 'certificate' }, [['certificate', 2, 11]]],
    ['by an address', { match: { ...NAMED, by: 'address' } }, [['pool-address', 2, 11]]],
    ['with nobody known', { match: NO_POOL }, []],
    ['that is a look-up', { kind: 'dns-lookup', server: null }, [['dns-lookup', 2, 11]]],
    ['that asks a device', { kind: 'asked' }, [['device-asked', 2, 11]]],
    ['that a sensor tells', { kind: 'alert', count: 0 }, [['sensor-alert', 1, 11]]],
    [
      'with TLS',
      { tls: TLS },
      [
        ['pool-name', 2, 11],
        ['tls-hello', 1, 44],
      ],
    ],
    [
      'that nobody answered',
      { verdict: 'attempted' },
      [
        ['pool-name', 2, 11],
        ['unanswered', 2, 11],
      ],
    ],
    [
      'that behaves like mining',
      { verdict: 'probable' },
      [
        ['pool-name', 2, 11],
        ['behaviour', 1, 11],
      ],
    ],
    ['that is suspected by its place', { verdict: 'suspected' }, [['pool-name', 2, 11]]],
    ['with nobody known, by a certificate', { match: NO_POOL, tls: TLS }, [['tls-hello', 1, 44]]],
    ['in step with blocks', { match: NO_POOL, inStep: IN_STEP }, [['in-step', 1, 11]]],
    ['in which shares were counted', { match: NO_POOL, ...sharesOf(1) }, [['shares-seen', 1, 77]]],
    ['in which no share was counted', { match: NO_POOL, ...sharesOf(0) }, []],
    ['of flow records', { flow: FLOW }, [['pool-name', 2, 11]]],
    [
      'of flow records that are like mining',
      { flow: FLOW, verdict: 'suspected', match: NO_POOL },
      [['behaviour', 1, 11]],
    ],
    [
      'of flow records of which some were not answered',
      { flow: { ...FLOW, unanswered: 3 }, match: NO_POOL },
      [['unanswered', 3, 11]],
    ],
    [
      'of flow records, an attempt that was answered',
      { flow: FLOW, verdict: 'attempted', match: NO_POOL },
      [],
    ],
    [
      'with all marks of mining',
      { match: NO_POOL, verdict: 'suspected', marks: [mark('sizes', true)], ...sharesOf(0) },
      [['mining-marks', 1, 77]],
    ],
    [
      'with one mark of two',
      { match: NO_POOL, verdict: 'suspected', marks: [mark('sizes', true), mark('jobs', false)] },
      [],
    ],
    [
      'with one mark of two at a pool',
      { match: NO_POOL, verdict: 'probable', marks: [mark('sizes', true), mark('jobs', false)] },
      [['behaviour', 1, 11]],
    ],
  ])('%s has these rows', (_name, more, expected) => {
    expect(rows(more)).toEqual(expected);
  });

  it('by an address says the look-up that gave it, if there was one', () => {
    const lookUp = { name: 'x.example', atUs: Date.UTC(2026, 1, 3) * 1000, isShared: true, isFar: false };
    const address: PoolMatch = { ...NAMED, by: 'address', name: null };
    expect(paramsOf({ match: { ...address, lookUp } })).toMatchObject({
      ...{ name: 'Pool', endpoint: '198.51.100.1:3333' },
      lookUp: { params: { name: 'x.example', day: '2026-02-03', isShared: true, isFar: false } },
    });
    expect(paramsOf({ match: address })).toMatchObject({ name: 'Pool', lookUp: null });
    expect(
      paramsOf({
        match: { ...address, name: 'y.example' },
        server: { ip: '', port: 1 },
        ownName: 'own.example',
      }),
    ).toMatchObject({
      ...{ name: 'y.example', endpoint: 'own.example:1' },
    });
  });

  it('of flow records has the figures of a minute and of a packet', () => {
    const traffic = { bytesOut: 1000, bytesIn: 600, packetsOut: 10, packetsIn: 3 };
    const figures = (more: Partial<PoolConnection>) =>
      paramsOf({ match: NO_POOL, verdict: 'suspected', flow: FLOW, traffic, ...more });
    const [cost, other] = [
      { id: 'share-size', value: 1, cost: 0.05 },
      { id: 'pace', value: 1, cost: 0.04 },
    ];
    const likeness = { score: 1, threshold: 0.4, parts: [cost, other] };
    expect(figures({ duty: { activeMinutes: 7, minutes: 9 }, flow: { ...FLOW, likeness } })).toMatchObject({
      endpoint: '198.51.100.1:3333',
      connections: 4,
      meanSeconds: 30,
      activeMinutes: 7,
      minutes: 9,
      packetsPerMinuteOut: 5,
      bytesPerPacketOut: 100,
      packetsPerMinuteIn: 1.5,
      bytesPerPacketIn: 200,
      scatter: 1.5,
      likeness: { params: { score: 1, threshold: 0.4, costs: ['share-size 0.1'] } },
      reason: { code: 'listed-endpoint' },
      sampling: null,
    });
    const none = { bytesOut: 0, bytesIn: 0, packetsOut: 0, packetsIn: 0 };
    expect(figures({ traffic: none, flow: { ...FLOW, activeSeconds: 0 } })).toMatchObject({
      activeMinutes: null,
      minutes: null,
      packetsPerMinuteOut: 0,
      bytesPerPacketOut: 0,
      bytesPerPacketIn: 0,
      likeness: null,
    });
    expect(figures({ flow: { ...FLOW, activeSeconds: 0 } })).toMatchObject({ packetsPerMinuteOut: 600 });
  });

  it('of sampled flow records says so once, with its figures or with its pool', () => {
    const flow = { ...FLOW, samplingInterval: 2, observedPackets: 0 };
    const sampling = { params: { interval: 2, observed: 0, low: null, high: null } };
    expect(paramsOf({ flow })).toMatchObject({ sampling });
    const [pool, figures] = [...poolConnectionRows(poolConnection({ flow, verdict: 'probable' }))];
    expect(pool.statement.params).toMatchObject({ sampling: null });
    expect(figures.statement.params).toMatchObject({ sampling, reason: null });
  });

  it('of a capture has the figures of its behaviour, and its marks', () => {
    const [, row] = poolConnectionRows(
      poolConnection({
        verdict: 'probable',
        endUs: 90.6e6,
        marks: [mark('sizes', true), mark('jobs', false)],
      }),
    );
    expect(row.statement.params).toMatchObject({
      seconds: 91,
      bytesOut: 10,
      bytesIn: 20,
      activeMinutes: null,
    });
    expect(row.statement.params.marks).toHaveLength(1);
  });

  it('says of TLS what is known of it', () => {
    const told = (tls: Partial<TlsFacts>) => paramsOf({ match: NO_POOL, tls: { ...TLS, ...tls } });
    const certificate = { subject: 'a', names: [], issuer: 'c', selfSigned: false };
    expect(told({ certificate })).toMatchObject({
      serverName: 'pool.example',
      refused: false,
      encryptedHello: true,
      subject: 'a',
      issuer: 'c',
    });
    expect(told({ certificate: { ...certificate, selfSigned: true } })).toMatchObject({ issuer: null });
    expect(told({ serverName: '', isRefused: true })).toMatchObject({
      serverName: null,
      refused: true,
      subject: null,
      issuer: null,
    });
  });

  it('is a session whose TLS is told in full', () => {
    const row = (more: Partial<PoolConnection>) => poolConnectionRow(poolConnection(more), 3600);
    const certificate = { subject: 'a', names: ['b'], issuer: 'c', selfSigned: false };
    expect(row({ tls: { ...TLS, certificate } }).tls).toEqual({
      ...{
        serverName: 'pool.example',
        encryptedHello: true,
        alpn: ['h2', 'http/1.1'],
        ja3: 'aa',
        ja4: 'bb',
        version: '1.3',
        certificate,
      },
    });
    const versions = [0x0300, 0x0301, 0x0303, 0x7f1c, 0x0002, null].map(
      (version) => row({ tls: { ...TLS, version } }).tls?.version,
    );
    expect(versions).toEqual(['SSL 3.0', '1.0', '1.2', '7f1c', '0002', null]);
    expect(row({ tls: { ...TLS, serverName: '', isRefused: true } }).tls).toMatchObject({
      serverName: null,
      refused: true,
    });
    expect(row({})).toMatchObject({
      ...{
        tls: null,
        transport: 'tls',
        dialect: 'tls',
        algorithm: null,
        algorithmSource: null,
        coin: null,
        sharesSeen: null,
      },
      traffic: { bytesOut: 10, bytesIn: 20, mbpsOut: (10 * 8) / 3600 / 1e6 },
    });
    expect(row({ isEncrypted: false, match: { ...NAMED, coins: ['XMR'], algorithm: 'rx/0' } })).toMatchObject(
      {
        ...{
          transport: 'tcp',
          dialect: 'flow',
          algorithm: 'rx/0',
          algorithmSource: 'pool',
          coin: 'XMR',
        },
      },
    );
    expect(row({ match: { ...NAMED, coins: ['XMR', 'BTC'] } }).coin).toBeNull();
  });

  it('has the shares that were counted in it, if there were any', () => {
    const none = { low: 0, central: 0, high: 0 };
    const shares = {
      ...{
        submitted: { low: 58, central: 60, high: 62 },
        accepted: { low: 50, central: 55, high: 60 },
        rejected: 1,
      },
      ...{ newTargets: null, channels: null, firstUs: 0, lastUs: 59e6, seconds: 60 },
      ...{ connections: [{ startUs: 0, endUs: 60e6 }], windows: [[0, 60]] as [number, number][] },
    };
    const row = (sharesSeen: PoolConnection['sharesSeen']) =>
      poolConnectionRow(poolConnection({ sharesSeen }), 3600).sharesSeen;
    expect(row(shares)).toEqual({
      ...{
        submitted: shares.submitted,
        accepted: 55,
        acceptedLow: 50,
        rejected: 1,
        pacePerMinute: 60,
        activeSeconds: 60,
      },
      ...{ firstAt: '1970-01-01T00:00:00.000000Z', lastAt: '1970-01-01T00:00:59.000000Z', silences: [] },
      connections: [{ start: '1970-01-01T00:00:00.000000Z', end: '1970-01-01T00:01:00.000000Z' }],
      series: [{ start: '1970-01-01T00:00:00.000000Z', seconds: 60, shares: 60 }],
    });
    expect(row({ ...shares, accepted: { low: 55, central: 55, high: 55 } })).not.toHaveProperty(
      'acceptedLow',
    );
    expect(row({ ...shares, submitted: none })).toBeNull();
    expect(row({ ...shares, submitted: none, newTargets: 3, channels: 0 })).toMatchObject({
      newTargets: 3,
      channels: 0,
    });
    expect(row({ ...shares, submitted: none, newTargets: 0, channels: 2 })).toMatchObject({ channels: 2 });
    expect(row({ ...shares, connections: [] })).toMatchObject({ pacePerMinute: 0, activeSeconds: 0 });
  });
});

it('A rate that the machines cannot have stands with the session that mined the algorithm', () => {
  const work = (algorithm: string) => {
    const parts = { intervals: [], shares: 1, work: 1, workSquared: 1, workInForce: 1, units: null };
    return { works: [{ algorithm, ...parts }] };
  };
  const refused = new Map([
    ['rx/0', { algorithm: 'rx/0', rate: 1e9, highest: 1e6, machine: 'cpu' as const, machines: 1 }],
  ]);
  const placeOf = (...sessions: FinalSession[]) =>
    evidenceOf(sessions, { refused }).find(({ kind }) => kind === 'implausible-rate')?.record;
  const other = finalized([seen('job', 5)], work('sha256d'));
  expect(placeOf(other, finalized([seen('job', 9)], work('rx/0')))).toBe(9);
  expect(placeOf(other, finalized([seen('job', 9)], work('kawpow')))).toBe(5);
});

it('The row of a server has what was said to it, and nothing that it mined', () => {
  const session = bareSession('cryptonote', { pool: { ip: '10.0.0.9', port: 3333 } });
  const served = finalized(
    [seen('share', 5)],
    { verdict: { verdict: 'confirmed', reason: verbatim('') } },
    session,
  );
  const servers = { isLocal: (ip: string) => ip === '10.0.0.9', honeypots: new Map() };
  expect(
    localServers([served], servers, [], ['a.pcap'], new Watched([], [{ startUs: 0, endUs: 60e6 }])),
  ).toMatchObject([
    {
      ip: '10.0.0.9',
      roles: ['pool'],
      verdict: 'confirmed',
      hashrate: [],
      workers: [],
      pools: [],
      duty: null,
    },
  ]);
});

describe('the row of a host', () => {
  const pools = (...poolConnections: PoolConnection[]) => {
    const ledger = { ip: IP, sessions: [], poolConnections };
    return hostRow(ledger, ratesOf(ledger), ['a.pcap'], new Watched([], [{ startUs: 0, endUs: 3600e6 }]))
      .pools;
  };
  it('names pools, and the address of a server that nobody knows if it is suspected', () => {
    const unknown = { match: NO_POOL };
    expect(pools(poolConnection())).toEqual(['Pool']);
    expect([
      pools(poolConnection({ ...unknown, verdict: 'suspected' })),
      pools(poolConnection({ ...unknown, verdict: 'probable' })),
    ]).toEqual([['198.51.100.1'], ['198.51.100.1']]);
    expect([
      pools(poolConnection(unknown)),
      pools(poolConnection({ ...unknown, verdict: 'attempted' })),
    ]).toEqual([[], []]);
  });
});

describe('the same shares in two sessions', () => {
  const played = (origin: Parameters<typeof bareSession>[1], shares = 5): FinalSession => {
    const session: Session = bareSession('cryptonote', origin);
    for (let i = 0; i < shares; i++)
      session.share(
        { jobId: 'a', account: null, worker: null, nonce: `${i}`, extraNonce2: null, reaches: null },
        i,
      );
    return finalizedAs(session);
  };
  const end = (ip: string) => ({ ip, port: 1 });
  const marks = (...all: FinalSession[]) => markDuplicates(all).map(({ isDuplicate = false }) => isDuplicate);
  const [a, b, pool] = [end('10.0.0.1'), end('10.0.0.2'), end('10.0.0.9')];

  it('mark all but the first by address', () => {
    const all = [
      played({ miner: b, pool }),
      played({ miner: a, pool }),
      played({ miner: end('10.0.0.3'), pool }),
    ];
    expect(marks(...all)).toEqual([true, false, true]);
  });

  it('are no copy if one is the next step of the other', () => {
    expect(marks(played({ miner: a, pool: b }), played({ miner: b, pool }))).toEqual([false, false]);
    expect(marks(played({ miner: b, pool: a }), played({ miner: a, pool }))).toEqual([false, false]);
    const through = { miner: a, pool, via: [{ ...b, kind: 'socks5' }] };
    expect(marks(played(through), played({ miner: b, pool }))).toEqual([false, false]);
    expect(
      marks(played({ ...through, via: [{ ...b, kind: 'proxy-protocol' }] }), played({ miner: b, pool })),
    ).toEqual([false, true]);
    expect(marks(played({ miner: a, pool: end('') }), played({ miner: end(''), pool }))).toContain(true);
  });

  it('are at least three, and four of five of the shorter session', () => {
    expect(marks(played({ miner: a, pool }, 2), played({ miner: b, pool }, 2))).toEqual([false, false]);
    expect(marks(played({ miner: a, pool }, 3), played({ miner: b, pool }, 3))).toEqual([false, true]);
    const other = (shares: number): FinalSession => {
      const settledOne = played({ miner: b, pool }, 4);
      for (let i = 0; i < shares; i++)
        settledOne.session.share(
          { jobId: 'b', account: null, worker: null, nonce: `${i}`, extraNonce2: null, reaches: null },
          9 + i,
        );
      return settledOne;
    };
    expect([
      marks(played({ miner: a, pool }, 9), other(1)),
      marks(played({ miner: a, pool }, 9), other(2)),
    ]).toEqual([
      [false, true],
      [false, false],
    ]);
  });
});
