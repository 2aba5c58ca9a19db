/** Which rate is the headline, what rates from nonces add up to, and which sessions contradict themselves. */
import { describe, expect, it } from 'vitest';
import { contradictedSessions } from '../../src/audit/agreement.ts';
import type { Audit, AuditSession, Basis, HashrateRow, TotalHashrateRow } from '../../src/audit/audit.ts';
import { headlineBasis, overlap, totalCounterRates, totalHeadlines } from '../../src/audit/rate-rows.ts';
import { sampleAudit } from '../support/sample-audit.ts';

function row(
  basis: Basis,
  estimate: number,
  low95: number | null,
  high95: number | null,
  algorithm = 'rx/0',
): HashrateRow {
  return { algorithm, unit: 'H/s', basis, estimate, low95, high95, headline: false };
}

it('Two intervals overlap where they touch; a bound that nobody knows excludes nothing', () => {
  const pairs: [readonly (number | null)[], readonly (number | null)[], boolean][] = [
    [[1, 3], [2, 5], true],
    [[1, 3], [3, 5], true],
    [[1, 3], [3.1, 5], false],
    [[1, 9], [2, 3], true],
    [[null, 3], [0, 1], true],
    [[1, null], [100, 200], true],
    [[10, null], [1, 9], false],
    [[null, null], [null, null], true],
  ];
  for (const [a, b, expected] of pairs)
    for (const [one, other] of [
      [a, b],
      [b, a],
    ])
      expect(
        overlap({ low95: one[0], high95: one[1] }, { low95: other[0], high95: other[1] }),
        `${a} ${b}`,
      ).toBe(expected);
});

describe('the headline', () => {
  const claim = row('self-reported', 500, null, null);
  it.each<[string, readonly HashrateRow[], number, Basis | null]>([
    [
      'is the narrower of two that agree',
      [row('shares', 100, 50, 150), row('counter', 110, 100, 120)],
      0,
      'counter',
    ],
    [
      'is that of shares if those are the narrower',
      [row('shares', 100, 90, 110), row('counter', 110, 80, 140)],
      0,
      'shares',
    ],
    [
      'is that of shares if both are as wide',
      [row('shares', 100, 90, 110), row('counter', 110, 100, 120)],
      0,
      'shares',
    ],
    [
      'is that of shares if they disagree',
      [row('shares', 100, 50, 150), row('counter', 200, 190, 210)],
      0,
      'shares',
    ],
    [
      'is the counter’s if packets are missing',
      [row('shares', 100, 50, 150), row('counter', 200, 190, 210)],
      0.01,
      'counter',
    ],
    [
      'is that of shares if hardly any are',
      [row('shares', 100, 50, 150), row('counter', 200, 190, 210)],
      0.0099,
      'shares',
    ],
    [
      'is that of shares if the counter says less',
      [row('shares', 200, 190, 210), row('counter', 100, 50, 150)],
      0.5,
      'shares',
    ],
    [
      'is that of shares with bounds against none',
      [row('shares', 100, 50, 150), row('counter', 110, null, 120)],
      0,
      'shares',
    ],
    [
      'is the counter’s with bounds against none',
      [row('shares', 100, null, null), row('counter', 110, 100, 120)],
      0,
      'counter',
    ],
    ['is that of shares beside a claim', [claim, row('shares', 100, 50, 150)], 0, 'shares'],
    ['is the counter’s beside a claim', [claim, row('counter', 100, 50, 150)], 0, 'counter'],
    ['is a claim if nothing else is known', [claim], 0, 'self-reported'],
    ['is none of nothing', [], 0, null],
  ])('%s', (_name, rows, missed, basis) => {
    expect(headlineBasis(rows, missed)).toBe(basis);
  });

  it('of a total is of as many hosts as any, and of each algorithm one, in order', () => {
    const total = (basis: Basis, hosts: number, estimate: number, algorithm = 'rx/0'): TotalHashrateRow => ({
      ...row(basis, estimate, estimate * 0.9, estimate * 1.1, algorithm),
      hosts,
    });
    const told = (rows: TotalHashrateRow[], missed = 0) =>
      totalHeadlines(rows, missed).map(({ algorithm, basis, headline }) => [algorithm, basis, headline]);
    expect(told([total('shares', 3, 300), total('counter', 2, 100), total('self-reported', 9, 1)])).toEqual([
      ['rx/0', 'counter', false],
      ['rx/0', 'self-reported', false],
      ['rx/0', 'shares', true],
    ]);
    expect(
      told([total('shares', 1, 300), total('counter', 2, 100), total('shares', 1, 5, 'kawpow')]),
    ).toEqual([
      ['kawpow', 'shares', true],
      ['rx/0', 'counter', true],
      ['rx/0', 'shares', false],
    ]);
    expect(told([total('self-reported', 1, 300)])).toEqual([['rx/0', 'self-reported', true]]);
    expect(told([total('shares', 2, 100), total('counter', 2, 300)], 0.5)).toEqual([
      ['rx/0', 'counter', true],
      ['rx/0', 'shares', false],
    ]);
  });
});

it('Rates from nonces of several hosts add up, their errors as those of independent clocks', () => {
  const rate = { algorithm: 'rx/0', estimate: 100, low95: 97, high95: 105, shares: 10, sessions: 2 };
  const other = { ...rate, estimate: 50, low95: 46, high95: 62, shares: 5, sessions: 1 };
  const kawpow = { ...rate, algorithm: 'kawpow' };
  expect(totalCounterRates([[rate, kawpow], [other], []])).toEqual([
    { algorithm: 'rx/0', estimate: 150, low95: 145, high95: 163, shares: 15, sessions: 3, hosts: 2 },
    { ...kawpow, hosts: 1 },
  ]);
  expect(totalCounterRates([[{ ...rate, low95: -900 }]])[0].low95).toBe(0);
});

describe('sessions that contradict themselves', () => {
  const [first] = sampleAudit().sessions;
  const [host] = sampleAudit().hosts;
  const session = (ip: string, counter: number | null, more: Partial<AuditSession> = {}): AuditSession => ({
    ...first,
    miner: { ip, port: 1 },
    hashrate: [
      row('shares', 100, 90, 110),
      ...(counter === null ? [] : [row('counter', counter, counter, counter)]),
    ],
    ...more,
  });
  const counted = (...sessions: AuditSession[]) => {
    const hosts = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((ip) => ({ ...host, ip }));
    const audit: Audit = {
      ...sampleAudit(),
      hosts: [...hosts, { ...host, ip: '10.0.0.4', verdict: 'suspected' }],
      sessions,
    };
    return contradictedSessions(audit, 'rx/0');
  };

  it('are those whose rates from nonces and from shares exclude each other', () => {
    expect(counted(session('10.0.0.1', 100), session('10.0.0.2', 200), session('10.0.0.3', null))).toEqual({
      tested: 2,
      contradicted: 1,
    });
    expect(counted(session('10.0.0.4', 200), session('10.0.0.9', 200))).toEqual({
      tested: 0,
      contradicted: 0,
    });
    const nonces = { hashrate: [row('counter', 5, 5, 5)] };
    const elsewhere = { hashrate: [row('shares', 1, 1, 1, 'kawpow'), row('counter', 5, 5, 5, 'kawpow')] };
    expect(counted(session('10.0.0.1', null, nonces), session('10.0.0.2', null, elsewhere))).toEqual({
      tested: 0,
      contradicted: 0,
    });
  });

  it('are none of a proxy, whose work stands in the rows of those who mine at it', () => {
    const at = (more: Partial<AuditSession>): AuditSession =>
      session('10.0.0.3', 100, { pool: { ...first.pool, ip: '10.0.0.1' }, ...more });
    const proxy = session('10.0.0.1', 200);
    const left = { tested: 1, contradicted: 0 };
    expect(counted(proxy, at({}))).toEqual(left);
    expect(counted(proxy, at({ algorithm: null }))).toEqual(left);
    expect(counted(proxy, at({ hashrate: [] }))).toEqual({ tested: 0, contradicted: 0 });
    // Of another algorithm, or of who is no miner, it is work of its own.
    expect(counted(proxy, at({ algorithm: 'kawpow', hashrate: [row('shares', 1, 1, 1, 'kawpow')] }))).toEqual(
      { tested: 1, contradicted: 1 },
    );
    expect(counted(proxy, at({ verdict: 'suspected' }))).toEqual({ tested: 2, contradicted: 1 });
  });
});
