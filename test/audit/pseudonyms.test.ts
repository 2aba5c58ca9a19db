/** What formats without notes say of an audit: its pseudonyms, and whose it is. */
import { expect, it } from 'vitest';
import { NO_FILTER } from '../../src/audit/narrow.ts';
import { poolEnd, poolLabel } from '../../src/audit/pool-end.ts';
import { filterIn, pseudonymsIn } from '../../src/audit/pseudonyms.ts';
import { statement } from '../../src/statements/index.ts';
import { sampleAudit } from '../support/sample-audit.ts';

it('An audit has pseudonyms of what its notes say, each kind once, and of nothing else', () => {
  const accounts = statement('pseudonyms-of-accounts');
  const addresses = statement('pseudonyms-of-addresses', { range: '2001:db8::/32' });
  const other = statement('through-unknown', { packets: 1, senders: [], more: 0 });
  const of = (...notes: ReturnType<typeof sampleAudit>['notes']) => pseudonymsIn({ ...sampleAudit(), notes });
  expect([of(), of(other), of(other, accounts), of(addresses, accounts, addresses)]).toEqual([
    null,
    null,
    'accounts',
    'addresses in 2001:db8::/32; accounts',
  ]);
});

it('An audit of some hosts says which they are, and only that', () => {
  const of = (filter: Partial<typeof NO_FILTER>) =>
    filterIn({ ...sampleAudit(), filter: { ...NO_FILTER, ...filter } });
  expect([
    of({ hosts: ['10.0.0.1', '10.0.0.2'] }),
    of({ departments: ['Physics'], verdict: 'probable' }),
    of({ pool: 'x' }),
    filterIn(sampleAudit()),
  ]).toEqual(['host=10.0.0.1,10.0.0.2', 'department=Physics; verdict=probable', 'pool=x', null]);
});

it('A session went to the pool, or the name of its server, or its address', () => {
  const [{ pool }] = sampleAudit().sessions;
  const at = { ...pool, ip: '198.51.100.1', port: 3333 };
  expect([
    poolLabel({ ...at, pool: 'Pool', names: ['a.example'] }),
    poolLabel({ ...at, pool: null, names: ['a.example'] }),
    poolLabel({ ...at, pool: null, names: [] }),
    poolEnd({ ...at, names: ['a.example'] }),
    poolEnd({ ...at, ip: '', names: ['a.example'] }),
    poolEnd({ ...at, ip: '', names: [] }),
  ]).toEqual(['Pool', 'a.example', '198.51.100.1', '198.51.100.1:3333', 'a.example:3333', ':3333']);
});
