/** What to do about a host. */
import { expect, it } from 'vitest';
import { actionOf } from '../../src/audit/action.ts';
import type { AuditHost } from '../../src/audit/audit.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const [HOST] = sampleAudit().hosts;
type Roles = AuditHost['roles'];

it.each<[Roles, AuditHost['verdict'], 'hijacked' | 'undetermined', string]>([
  [['scanner'], 'confirmed', 'hijacked', 'nothing'],
  [['honeypot'], 'confirmed', 'undetermined', 'nothing'],
  [['miner'], 'listed', 'undetermined', 'look-up'],
  [['miner'], 'attempted', 'hijacked', 'look-up'],
  [['miner'], 'suspected', 'hijacked', 'check'],
  [['miner'], 'probable', 'hijacked', 'isolate'],
  [['browser-miner', 'proxy'], 'probable', 'undetermined', 'clean-browser'],
  [['proxy'], 'probable', 'undetermined', 'find-miners'],
  [['pool'], 'confirmed', 'undetermined', 'find-miners'],
  [['miner'], 'confirmed', 'undetermined', 'ask'],
])('of %j that is %s, %s: %s', (roles, verdict, intent, expected) => {
  expect(actionOf({ ...HOST, roles, verdict, owner: { ...HOST.owner, intent } })).toBe(expected);
});
