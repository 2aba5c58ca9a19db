/** What formats without notes say of an audit with pseudonyms. */
import { expect, it } from 'vitest';
import { pseudonymsIn } from '../../src/audit/pseudonyms.ts';
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
