/** What a connection amounts to, rule by rule: who names the endpoint, what for, and how the session behaves. */
import { describe, expect, it } from 'vitest';
import { type ConnectionSeen, connectionVerdict } from '../../src/endpoints/contact.ts';
import type { PoolMatch } from '../../src/endpoints/pool-match.ts';

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
