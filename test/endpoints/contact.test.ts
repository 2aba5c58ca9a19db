/** What a connection amounts to, rule by rule: who names the endpoint, what for, and how the session behaves. */
import { describe, expect, it } from 'vitest';
import {
  type ConnectionSeen,
  type Contact,
  Contacts,
  connectionVerdict,
} from '../../src/endpoints/contact.ts';
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

describe('contacts of one client with one endpoint', () => {
  const HOUR_US = 3_600_000_000;
  const contact = (hour: number, more: Partial<Contact> = {}): Contact => ({
    ...{ kind: 'connection', match: POOL, namedBy: 'client', ownName: POOL.name ?? '', isEncrypted: false },
    ...{ client: { ip: '192.0.2.1', port: 5000 + hour }, server: { ip: '198.51.100.1', port: 3333 } },
    ...{ tls: null, marks: [], duty: null, watchedFrom: null, verdict: 'listed', count: 1 },
    reason: statement('listed-endpoint'),
    place: { timeUs: hour * HOUR_US, record: hour, input: 0 },
    ...{ startUs: hour * HOUR_US, endUs: hour * HOUR_US + 60e6 },
    traffic: { bytesOut: 10, bytesIn: 20, packetsOut: 1, packetsIn: 2 },
    ...more,
  });
  const folded = (...parts: Contact[]): Contact | undefined => {
    const contacts = new Contacts();
    for (const part of parts) contacts.add(part);
    const [one, ...others] = contacts.values();
    expect(others).toEqual([]);
    return one;
  };

  it('are one, with the time, traffic and number of all, and the ends of the first', () => {
    expect(folded(contact(3), contact(1), contact(2, { isEncrypted: true }))).toMatchObject({
      ...{ count: 3, isEncrypted: true, startUs: HOUR_US, endUs: 3 * HOUR_US + 60e6 },
      ...{ client: { port: 5001 }, place: { record: 1 } },
      traffic: { bytesOut: 30, bytesIn: 60, packetsOut: 3, packetsIn: 6 },
    });
  });

  it('have the strongest verdict, with its own reason, whichever comes first', () => {
    const strong = contact(2, { verdict: 'probable', reason: statement('pool-for-hours') });
    for (const parts of [
      [contact(1), strong],
      [strong, contact(1)],
    ])
      expect(folded(...parts)).toMatchObject({ verdict: 'probable', reason: { code: 'pool-for-hours' } });
  });

  it('came through all that each came through', () => {
    const [a, b] = ['192.0.2.8', '192.0.2.9'].map((source) => ({
      ...{ kind: 'tunnel' as const, source, destination: null, doubt: null },
    }));
    expect(folded(contact(1), contact(2, { through: [a] }), contact(3, { through: [b] }))?.through).toEqual([
      a,
      b,
    ]);
    expect(folded(contact(1), contact(2))?.through).toBeUndefined();
  });

  it('are as much in step with blocks as the one that is least by chance', () => {
    const step = (chance: number) => ({
      inStep: { coin: 'XMR', source: 'file' as const, blocks: 9, followed: 9, tests: 1, chance },
    });
    expect(folded(contact(1, step(0.1)), contact(2, step(0.01)), contact(3, step(0.5)))?.inStep?.chance).toBe(
      0.01,
    );
    expect(folded(contact(1), contact(2, step(0.2)), contact(3))?.inStep?.chance).toBe(0.2);
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
    const all = folded(contact(1), contact(2, shares(3, 2)), contact(3, shares(4, 3)));
    expect(all?.sharesSeen?.submitted).toEqual({ low: 7, central: 7, high: 7 });
  });

  it('that have no room are counted', () => {
    const contacts = new Contacts(2);
    for (const port of [1, 2, 3, 3, 1]) contacts.add(contact(1, { server: { ip: '198.51.100.1', port } }));
    expect([[...contacts.values()].length, contacts.overflow]).toEqual([2, 2]);
    contacts.narrow(1);
    expect([[...contacts.values()].length, contacts.overflow]).toEqual([1, 3]);
  });
});
