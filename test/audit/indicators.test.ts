/** What other networks can look for: each end, name and account once, and which of them mean anything elsewhere. */
import { describe, expect, it } from 'vitest';
import type { Audit, AuditSession } from '../../src/audit/audit.ts';
import { type Indicator, indicatorsOf } from '../../src/audit/indicators.ts';
import { statement } from '../../src/statements/index.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const [SESSION] = sampleAudit().sessions;
const END: AuditSession['pool'] = { ip: '93.184.216.40', port: 3333, names: [], pool: null, kind: null };
/** An address with a right checksum: the donation address of a miner program. */
const XMR = '48edfHu7V9Z84YzzMa6fUueoELZ9ZRXq9VetWzYGzKt52XU5xvqgzYnDK9URnRoJMk1j8nLwEVsaSWJ4fhdUyZijBGUicoD';

interface Seen extends Partial<Omit<AuditSession, 'pool' | 'logins'>> {
  readonly pool?: Partial<AuditSession['pool']>;
  readonly accounts?: readonly string[];
}

function found(sessions: readonly Seen[], notes: Audit['notes'] = []): Indicator[] {
  const rows = sessions.map(({ pool, accounts = [], ...more }): AuditSession => {
    const logins = accounts.map((account) => ({ account, worker: null }));
    return { ...SESSION, ...more, pool: { ...END, ...pool }, logins };
  });
  return indicatorsOf({ ...sampleAudit(), notes, sessions: rows });
}

const words = (seen: readonly Seen[]): string[] =>
  found(seen).map(({ kind, value, port }) => `${kind} ${value} ${port}`);
const telling = (seen: Seen, notes: Audit['notes'] = []): string[] =>
  found([seen], notes).flatMap(({ isTelling, value }) => (isTelling ? [value] : []));
const named = (...names: string[]): Seen => ({ pool: { ip: '', names } });

describe('indicators', () => {
  it('are ends, names and accounts of miners, in order', () => {
    const pool = { names: ['b.example', 'a.example'] };
    expect(
      words([
        { pool: { ...pool, port: 4444 }, accounts: ['w2', 'w1', ''] },
        { pool, accounts: ['w1'], verdict: 'probable' },
        { pool: { ip: '93.184.216.9' }, accounts: ['not seen'], verdict: 'suspected' },
        { pool: { ip: '', names: ['by-proxy.example'] } },
      ]),
    ).toEqual([
      'account w1 0',
      'account w2 0',
      'endpoint 93.184.216.40 3333',
      'endpoint 93.184.216.40 4444',
      'name a.example 0',
      'name b.example 0',
      'name by-proxy.example 0',
    ]);
  });

  it('count their sessions, from the first to the last, with the best verdict', () => {
    const at = (start: string, end: string, verdict: AuditSession['verdict']): Seen => ({
      start,
      end,
      verdict,
    });
    const seen = [
      at('2026-03-02', '2026-03-03', 'probable'),
      at('2026-03-01', '2026-03-05', 'confirmed'),
      at('2026-03-04', '2026-03-04', 'probable'),
    ];
    const counted = { sessions: 3, first: '2026-03-01', last: '2026-03-05', confirmed: true };
    expect(found(seen)).toMatchObject([counted]);
    expect(found([seen[0], seen[2]])).toMatchObject([
      { sessions: 2, first: '2026-03-02', last: '2026-03-04', confirmed: false },
    ]);
  });

  it('say of which coins an account is an address', () => {
    expect(found([{ pool: { ip: '' }, accounts: [XMR] }])).toMatchObject([{ walletOf: ['XMR'] }]);
    expect(found([{ pool: { ip: '' }, accounts: [`${XMR.slice(0, -1)}E`] }])).toMatchObject([
      { walletOf: [] },
    ]);
    expect(found([{ pool: { ip: '', names: [XMR] } }])).toMatchObject([{ kind: 'name', walletOf: [] }]);
  });

  it.each<[string, Seen, boolean]>([
    ['a public address', {}, true],
    ['a private address', { pool: { ip: '10.0.0.1' } }, false],
    ['a name of mining', named('pool.supportxmr.com', 'x.example'), true],
    ['the only name of a server', named('x.example'), true],
    ['one of many names that nobody knows', named('x.example', 'y.example'), false],
    ['a web site of a pool', named('www.supportxmr.com'), false],
    ['a name of one label', named('localhost'), false],
    ['a name with a blank', named('a b.example'), false],
    ['a name with a hyphen in front', named('-a.example'), false],
    ['a name of underscores and digits', named('_x1.a-b.example'), true],
    ['a label of 63 characters', named(`${'a'.repeat(63)}.example`), true],
    ['a label of 64 characters', named(`${'a'.repeat(64)}.example`), false],
    ['a name of 253 characters', named(`${'a.'.repeat(123)}example`), true],
    ['a name of 255 characters', named(`${'a.'.repeat(124)}example`), false],
    ['an address in place of a name', named('192.0.2.1'), false],
    ['an account of 25 characters', { pool: { ip: '' }, accounts: ['a'.repeat(25)] }, true],
    ['an account of 24 characters', { pool: { ip: '' }, accounts: ['a'.repeat(24)] }, false],
    ['an account with a blank', { pool: { ip: '' }, accounts: [`${'a'.repeat(25)} b`] }, false],
  ])('of %s mean something elsewhere: %s', (_name, seen, isTelling) => {
    expect(telling(seen).length > 0).toBe(isTelling);
  });

  it('mean nothing if they are pseudonyms', () => {
    const note = (which: 'accounts' | 'addresses') =>
      [
        { ...statement('old-catalogue', { date: '', days: 1 }), code: `pseudonyms-of-${which}` as const },
      ] as Audit['notes'];
    const account = { pool: { ip: '' }, accounts: [XMR] };
    expect([telling(account, note('accounts')), telling(account, note('addresses'))]).toEqual([[], [XMR]]);
    const name = named('x.example');
    expect([telling(name, note('addresses')), telling(name, note('accounts'))]).toEqual([[], ['x.example']]);
    const known = { pool: { ip: '', names: ['x.example'], pool: 'X' } };
    expect(telling(known, note('addresses'))).toEqual(['x.example']);
  });
});
