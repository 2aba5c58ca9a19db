/** What a connection amounts to, rule by rule: who names the endpoint, what for, and how the session behaves. */
import { describe, expect, it } from 'vitest';
import {
  type ConnectionSeen,
  connectionVerdict,
  copyPoolConnection,
  type PoolConnection,
  type PoolConnectionFlow,
  PoolConnectionTable,
  type TlsFacts,
} from '../../src/endpoints/pool-connection.ts';
import type { PoolMatch } from '../../src/endpoints/pool-match.ts';
import { statement } from '../../src/statements/index.ts';

const POOL: PoolMatch = {
  pool: 'Lab',
  operator: null,
  kind: 'pool',
  names: ['xmr.pool.lab.example'],
  name: 'xmr.pool.lab.example',
  use: 'mining',
  dedicated: true,
  paysInOther: false,
  portListed: true,
  coins: ['XMR'],
  algorithm: 'rx/0',
  rule: 'test',
  by: 'name',
};
const NOBODY: PoolMatch = { ...POOL, pool: null, name: null, use: null, by: null, dedicated: false };

/** Ten minutes of small messages: behaves like mining, without any measured mark. */
const SEEN: ConnectionSeen = {
  answered: true,
  seconds: 600,
  bytesOut: 30_000,
  bytesIn: 30_000,
  pushesOut: 100,
  pushesIn: 100,
  namedBy: 'client',
  offersHttp2: false,
  isMarked: false,
};
const SHORT = { seconds: 5, pushesOut: 2, pushesIn: 2 };

describe('a connection', () => {
  const cases: readonly {
    name: string;
    match?: Partial<PoolMatch>;
    port?: number;
    seen?: Partial<ConnectionSeen>;
    expected: string | null;
  }[] = [
    { name: 'to a dedicated name that behaves like mining is probable', expected: 'probable' },
    { name: 'that is short is listed', seen: SHORT, expected: 'listed' },
    { name: 'that nobody answered is attempted', seen: { answered: false }, expected: 'attempted' },
    { name: 'of a reader of pages is listed', seen: { offersHttp2: true }, expected: 'listed' },
    {
      name: 'of a reader of pages with every mark is probable',
      seen: { offersHttp2: true, isMarked: true },
      expected: 'probable',
    },
    {
      name: 'by DNS alone, at a port of mining, is probable',
      seen: { namedBy: 'dns' },
      port: 3333,
      expected: 'probable',
    },
    {
      name: 'by DNS alone, at a port that is not known for the pool’s, is listed: it may be another’s at that address',
      match: { portListed: false },
      seen: { namedBy: 'dns' },
      port: 5223,
      expected: 'listed',
    },
    {
      name: 'by DNS alone, at such a port of an address that bears no other name, is probable',
      match: { portListed: false },
      seen: { namedBy: 'dns', isShared: false },
      port: 5223,
      expected: 'probable',
    },
    { name: 'by DNS alone, at a web port, is listed', seen: { namedBy: 'dns' }, expected: 'listed' },
    {
      name: 'by DNS alone, at a web port, with every mark, is probable',
      seen: { namedBy: 'dns', isMarked: true },
      expected: 'probable',
    },
    {
      name: 'by a certificate alone is listed',
      seen: { namedBy: 'certificate' },
      port: 3333,
      expected: 'listed',
    },
    {
      name: 'by a certificate with every mark is probable',
      seen: { namedBy: 'certificate', isMarked: true },
      expected: 'probable',
    },
    { name: 'by the operator’s list is probable', seen: { namedBy: 'list' }, expected: 'probable' },
    { name: 'to a pool’s web site is nothing', match: { use: 'web' }, expected: null },
    {
      name: 'to a pool’s web site with every mark is suspected, for a site is no pool',
      match: { use: 'web' },
      seen: { isMarked: true },
      expected: 'suspected',
    },
    { name: 'to a name of unsure use at a web port is nothing', match: { use: 'unsure' }, expected: null },
    {
      name: 'to a name of unsure use at a listed port is listed',
      match: { use: 'unsure' },
      port: 3333,
      expected: 'listed',
    },
    {
      name: 'to a name of unsure use by a certificate is nothing',
      match: { use: 'unsure' },
      seen: { namedBy: 'certificate' },
      port: 3333,
      expected: null,
    },
    { name: 'to a shared front at a web port is listed', match: { dedicated: false }, expected: 'listed' },
    {
      name: 'to a shared front at a web port with every mark is suspected',
      match: { dedicated: false },
      seen: { isMarked: true },
      expected: 'suspected',
    },
    { name: 'to nobody known is nothing', match: NOBODY, expected: null },
    {
      name: 'to nobody known with every mark is suspected',
      match: NOBODY,
      seen: { isMarked: true },
      expected: 'suspected',
    },
  ];
  for (const port of [80, 443, 8080, 8443]) {
    it(`at port ${port} is one of the web, so that DNS alone or an unsure name says nothing of mining`, () => {
      const verdict = (match: Partial<PoolMatch>, seen: Partial<ConnectionSeen>, at = port) =>
        connectionVerdict({ ...POOL, ...match }, at, { ...SEEN, ...seen })?.verdict ?? null;
      expect(verdict({ use: 'unsure' }, {})).toBeNull();
      expect(verdict({ use: 'unsure' }, {}, port + 1)).toBe('listed');
      expect(verdict({}, { namedBy: 'dns' })).toBe('listed');
      expect(verdict({}, { namedBy: 'dns' }, port + 1)).toBe('probable');
      expect(verdict({ dedicated: false }, {})).toBe('listed');
      expect(verdict({ dedicated: false }, {}, port + 1)).toBe('probable');
    });
  }

  for (const { name, match = {}, port = 443, seen = {}, expected } of cases) {
    it(name, () => {
      const judged = connectionVerdict({ ...POOL, ...match }, port, { ...SEEN, ...seen });
      expect(judged?.verdict ?? null).toBe(expected);
    });
  }
});

describe('a connection that lasts long with a pool’s port, and does not behave like mining', () => {
  const LONG = { seconds: 3600, pushesOut: 2, pushesIn: 2 };
  /** 6,000 bytes a second, over an hour. */
  const MOST_BYTES = 21_600_000;
  it.each<[string, Partial<ConnectionSeen>, Partial<PoolMatch>, string]>([
    ['for an hour is suspected', {}, {}, 'pool-port-long'],
    ['for less than an hour is listed', { seconds: 3599.9 }, {}, 'listed-endpoint'],
    ['and says nothing is listed', { bytesOut: 0 }, {}, 'listed-endpoint'],
    ['and is as thin as may be', { bytesOut: 1, bytesIn: MOST_BYTES - 1 }, {}, 'pool-port-long'],
    ['and is thicker is listed', { bytesOut: 1, bytesIn: MOST_BYTES }, {}, 'listed-endpoint'],
    ['and is thick both ways', { bytesOut: 15e6, bytesIn: 10e6 }, {}, 'listed-endpoint'],
    ['to a shared front is suspected', {}, { dedicated: false }, 'pool-port-long'],
    ['at a port that is not the pool’s', {}, { portListed: false }, 'listed-endpoint'],
    ['of a reader of pages', { offersHttp2: true }, {}, 'listed-endpoint'],
    ['by a certificate alone', { namedBy: 'certificate' }, {}, 'listed-endpoint'],
    ['by DNS alone is suspected', { namedBy: 'dns', isShared: true }, {}, 'pool-port-long'],
    ['to a name of unsure use', {}, { use: 'unsure' }, 'listed-endpoint'],
    ['hour after hour is probable', { lastsForHours: true }, {}, 'pool-for-hours'],
    [
      'hour after hour by a certificate',
      { lastsForHours: true, namedBy: 'certificate' },
      {},
      'listed-endpoint',
    ],
    ['with every mark', { isMarked: true }, {}, 'pool-and-marks'],
    ['with every mark, of unsure use', { isMarked: true }, { use: 'unsure' }, 'marks-alone'],
    ['without an answer', { answered: false }, {}, 'not-answered'],
  ])('%s', (_name, seen, match, reason) => {
    const judged = connectionVerdict({ ...POOL, ...match }, 3333, { ...SEEN, ...LONG, ...seen });
    expect(judged?.reason.code).toBe(reason);
  });

  it('is told to be at an address of many names if only DNS gives it to the pool', () => {
    const reason = (seen: Partial<ConnectionSeen>) =>
      connectionVerdict(POOL, 3333, { ...SEEN, ...SHORT, ...seen })?.reason.code;
    expect(reason({ namedBy: 'dns', isShared: true })).toBe('shared-address');
    expect(reason({ namedBy: 'dns', isShared: false })).toBe('listed-endpoint');
    expect(reason({ namedBy: 'client', isShared: true })).toBe('listed-endpoint');
  });
});

describe('contacts of one client with one endpoint', () => {
  const HOUR_US = 3_600_000_000;
  const poolConnection = (hour: number, more: Partial<PoolConnection> = {}): PoolConnection => ({
    ...{ kind: 'connection', match: POOL, namedBy: 'client', ownName: POOL.name ?? '', isEncrypted: false },
    ...{ client: { ip: '192.0.2.1', port: 5000 + hour }, server: { ip: '198.51.100.1', port: 3333 } },
    ...{ tls: null, marks: [], duty: null, watchedFrom: null, verdict: 'listed', count: 1 },
    reason: statement('listed-endpoint'),
    packetRef: { timeUs: hour * HOUR_US, record: hour, input: 0 },
    ...{ startUs: hour * HOUR_US, endUs: hour * HOUR_US + 60e6 },
    traffic: { bytesOut: 10, bytesIn: 20, packetsOut: 1, packetsIn: 2 },
    ...more,
  });
  const folded = (...parts: PoolConnection[]): PoolConnection | undefined => {
    const poolConnections = new PoolConnectionTable();
    for (const part of parts) poolConnections.add(part);
    const [one, ...others] = poolConnections.values();
    expect(others).toEqual([]);
    return one;
  };

  it('are one, with the time, traffic and number of all, and the ends of the first', () => {
    expect(
      folded(poolConnection(3), poolConnection(1), poolConnection(2, { isEncrypted: true })),
    ).toMatchObject({
      ...{ count: 3, isEncrypted: true, startUs: HOUR_US, endUs: 3 * HOUR_US + 60e6 },
      ...{ client: { port: 5001 }, packetRef: { record: 1 } },
      traffic: { bytesOut: 30, bytesIn: 60, packetsOut: 3, packetsIn: 6 },
    });
  });

  it('have the strongest verdict, with its own reason, whichever comes first', () => {
    const strong = poolConnection(2, { verdict: 'probable', reason: statement('pool-for-hours') });
    for (const parts of [
      [poolConnection(1), strong],
      [strong, poolConnection(1)],
    ])
      expect(folded(...parts)).toMatchObject({ verdict: 'probable', reason: { code: 'pool-for-hours' } });
  });

  it('came through all that each came through', () => {
    const [a, b] = ['192.0.2.8', '192.0.2.9'].map((source) => ({
      ...{ kind: 'tunnel' as const, source, destination: null, doubt: null },
    }));
    expect(
      folded(poolConnection(1), poolConnection(2, { through: [a] }), poolConnection(3, { through: [b] }))
        ?.through,
    ).toEqual([a, b]);
    expect(folded(poolConnection(1), poolConnection(2))?.through).toBeUndefined();
  });

  it('are as much in step with blocks as the one that is least by chance', () => {
    const step = (chance: number) => ({
      inStep: { coin: 'XMR', source: 'file' as const, blocks: 9, followed: 9, tests: 1, chance },
    });
    expect(
      folded(poolConnection(1, step(0.1)), poolConnection(2, step(0.01)), poolConnection(3, step(0.5)))
        ?.inStep?.chance,
    ).toBe(0.01);
    expect(folded(poolConnection(1), poolConnection(2, step(0.2)), poolConnection(3))?.inStep?.chance).toBe(
      0.2,
    );
  });

  it('are the shares of all', () => {
    const shares = (count: number, hour: number) => ({
      sharesSeen: {
        ...{
          submitted: { low: count, central: count, high: count },
          accepted: { low: 0, central: 0, high: 0 },
        },
        ...{ rejected: 0, newTargets: null, channels: null, firstUs: null, lastUs: null, seconds: 60 },
        ...{ connections: [{ startUs: hour * HOUR_US, endUs: hour * HOUR_US + 60e6 }], windows: [] },
      },
    });
    const all = folded(poolConnection(1), poolConnection(2, shares(3, 2)), poolConnection(3, shares(4, 3)));
    expect(all?.sharesSeen?.submitted).toEqual({ low: 7, central: 7, high: 7 });
  });

  it('have the flow of both parts; a part of a capture was open all its time', () => {
    const flow = (more: Partial<PoolConnectionFlow>): Partial<PoolConnection> => ({
      flow: {
        ...{ connections: 1, unanswered: 0, activeSeconds: 0, meanSeconds: 0, scatter: null, likeness: null },
        ...{ samplingInterval: 1, observedPackets: 0, ...more },
      },
    });
    const one = flow({ connections: 3, unanswered: 1, activeSeconds: 100, meanSeconds: 10, scatter: 2 });
    const other = flow({
      connections: 1,
      unanswered: 4,
      activeSeconds: 300,
      meanSeconds: 50,
      observedPackets: 7,
    });
    const both = { connections: 4, unanswered: 5, activeSeconds: 400, meanSeconds: 20, observedPackets: 7 };
    for (const [a, b] of [
      [one, other],
      [other, one],
    ])
      expect(folded(poolConnection(1, a), poolConnection(2, b))?.flow).toMatchObject({ ...both, scatter: 2 });
    const sharp = { ...other.flow, scatter: 5, samplingInterval: 9 };
    expect(
      folded(
        poolConnection(1, one),
        poolConnection(2, { flow: { ...one.flow, ...sharp } as PoolConnectionFlow }),
      )?.flow,
    ).toMatchObject({
      ...{ scatter: 5, samplingInterval: 9 },
    });
    const none = flow({ connections: 0, unanswered: 2 });
    expect(folded(poolConnection(1, none), poolConnection(2, none))?.flow).toMatchObject({
      connections: 0,
      meanSeconds: 0,
    });
    expect(folded(poolConnection(1, one), poolConnection(2))?.flow?.activeSeconds).toBe(160);
    expect(
      folded(poolConnection(1, { endUs: HOUR_US + 30e6 }), poolConnection(2, one))?.flow?.activeSeconds,
    ).toBe(130);
    expect(folded(poolConnection(1), poolConnection(2))?.flow).toBeUndefined();
  });

  it('have the minutes of both parts, and one that both have once', () => {
    const part = (from: number, to: number, activeMinutes: number): PoolConnection => ({
      ...poolConnection(1, { startUs: from * 60e6, endUs: to * 60e6, duty: { activeMinutes, minutes: 0 } }),
      flow: {
        ...{ connections: 1, unanswered: 0, activeSeconds: 0, meanSeconds: 0, scatter: null, likeness: null },
        ...{ samplingInterval: 1, observedPackets: 0 },
      },
    });
    const copy = (each: PoolConnection): PoolConnection => structuredClone(each);
    const duty = (a: PoolConnection, b: PoolConnection) => [
      folded(copy(a), copy(b))?.duty,
      folded(copy(b), copy(a))?.duty,
    ];
    const apart = { activeMinutes: 7, minutes: 20 };
    expect(duty(part(0, 9.5, 3), part(10.2, 19.5, 4))).toEqual([apart, apart]);
    const within = { activeMinutes: 6, minutes: 20 };
    expect(duty(part(0, 10.1, 3), part(10.2, 19.5, 4))).toEqual([within, within]);
    const full = { activeMinutes: 20, minutes: 20 };
    expect(duty(part(0, 12, 15), part(5, 19.5, 14))).toEqual([full, full]);
    expect(folded(part(0, 9, 3), { ...part(10, 19, 4), duty: null })?.duty).toEqual({
      activeMinutes: 3,
      minutes: 0,
    });
  });

  it('have the first opening of TLS that the server accepted', () => {
    const tls = (hour: number, more: Partial<TlsFacts> = {}): Partial<PoolConnection> => ({
      tls: {
        ...{
          packetRef: { timeUs: hour, record: hour, input: 0 },
          serverName: `${hour}`,
          hasEncryptedHello: false,
        },
        ...{ alpn: [], ja3: '', ja4: '', version: null, certificate: null, ...more },
      },
    });
    const kept = (...all: Partial<PoolConnection>[]) =>
      folded(...all.map((each) => poolConnection(1, each)))?.tls?.serverName;
    expect([kept(tls(2), tls(1)), kept(tls(1), tls(2)), kept({}, tls(2)), kept(tls(2), {})]).toEqual([
      '1',
      '1',
      '2',
      '2',
    ]);
    const refused = tls(1, { isRefused: true });
    expect([
      kept(refused, tls(2)),
      kept(tls(2), refused),
      kept(tls(3, { isRefused: true }), refused),
    ]).toEqual(['2', '2', '1']);
  });

  it('take what a stronger one was judged by, and nothing of a weaker one', () => {
    const watchedFrom = { timeUs: 5, record: 5, input: 0 };
    const duty = { activeMinutes: 1, minutes: 2 };
    const strong: Partial<PoolConnection> = { verdict: 'suspected', duty, watchedFrom };
    const weak: Partial<PoolConnection> = { verdict: 'listed', duty: { activeMinutes: 9, minutes: 9 } };
    expect(folded(poolConnection(1, weak), poolConnection(2, strong))).toMatchObject({ duty, watchedFrom });
    expect(folded(poolConnection(1, strong), poolConnection(2, weak))).toMatchObject({ duty, watchedFrom });
  });

  it('of another kind, server, port or own name are others; look-ups are one for each name', () => {
    const poolConnections = new PoolConnectionTable();
    const server = { ip: '198.51.100.1', port: 3333 };
    const [lookUp, name] = [{ kind: 'dns-lookup' as const, server: null }, 'other.example'];
    for (const more of [
      {},
      { server: { ...server, port: 1 } },
      { server: { ...server, ip: '198.51.100.2' } },
    ])
      poolConnections.add(poolConnection(1, more));
    for (const more of [
      { ownName: name },
      { kind: 'alert' as const },
      { client: { ip: '192.0.2.2', port: 1 } },
    ])
      poolConnections.add(poolConnection(1, more));
    for (const more of [lookUp, { ...lookUp, ownName: name }, { ...lookUp, match: { ...POOL, name } }])
      poolConnections.add(poolConnection(1, more));
    expect([...poolConnections.values()].length).toBe(8);
  });

  it('stay what they were in a copy', () => {
    const known = poolConnection(1);
    const copy = copyPoolConnection(known);
    const poolConnections = new PoolConnectionTable();
    poolConnections.add(known);
    poolConnections.add(poolConnection(2));
    expect(copy).toEqual(poolConnection(1));
  });

  it('that have no room are counted', () => {
    const poolConnections = new PoolConnectionTable(2);
    for (const port of [1, 2, 3, 3, 1])
      poolConnections.add(poolConnection(1, { server: { ip: '198.51.100.1', port } }));
    expect([[...poolConnections.values()].length, poolConnections.overflow]).toEqual([2, 2]);
    poolConnections.narrow(1);
    expect([[...poolConnections.values()].length, poolConnections.overflow]).toEqual([1, 3]);
  });
});
