/** What totals say of owners, places and verdicts, from rows of hosts that are written by hand. */
import { describe, expect, it } from 'vitest';
import type { Audit, AuditHost, AuditSession, Owner } from '../../src/audit/audit.ts';
import { totalRates } from '../../src/audit/total-rates.ts';
import { assessTotals, hostCounts, servedBy } from '../../src/audit/totals.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const [HOST] = sampleAudit().hosts;
const [SESSION] = sampleAudit().sessions;
const POWER = { wattsLow: 1, watts: 2, wattsHigh: 3, kwhPerDayLow: 4, kwhPerDay: 5, kwhPerDayHigh: 6 };

function host(owner: Partial<Owner>, more: Partial<AuditHost> = {}): AuditHost {
  const nowhere = { country: 'CN', region: null, city: null, class: 'unknown' } as const;
  return { ...HOST, power: null, owner: { ...HOST.owner, ...nowhere, ...owner }, ...more };
}

function totalled(hosts: AuditHost[], estimates: Parameters<typeof assessTotals>[1] = []): Audit['totals'] {
  const audit = { ...sampleAudit(), hosts };
  assessTotals(audit, estimates);
  return audit.totals;
}

describe('the totals', () => {
  it('of hosts without a single share are an upper limit, the sum of theirs', () => {
    const none = {
      algorithm: 'rx/0',
      unit: 'H/s',
      basis: 'shares',
      headline: true,
      estimate: 0,
      low95: 0,
    } as const;
    const hashrate = totalRates([[{ ...none, high95: 300 }], [{ ...none, high95: 500 }]]);
    expect(hashrate).toMatchObject([{ estimate: 0, low95: 0, high95: 800, hosts: 2 }]);
  });

  it('tell the part of each class of owners, of miners alone', () => {
    const totals = totalled([
      ...[host({ class: 'education' }), host({ class: 'research' }), host({ class: 'government' })],
      ...[host({ class: 'hosting' }), host({}), host({})],
      ...[
        host({ class: 'education' }, { verdict: 'suspected' }),
        host({ class: 'education' }, { roles: ['pool'] }),
      ],
    ]);
    expect(Object.fromEntries(totals.owners.map((row) => [row.class, [row.addresses, row.share]]))).toEqual({
      ...{
        education: [1, 1 / 6],
        research: [1, 1 / 6],
        government: [1, 1 / 6],
        hosting: [1, 1 / 6],
        unknown: [2, 1 / 3],
      },
    });
    expect([totals.institutionalShare, totals.institutionalShareWithResearch]).toEqual([2 / 6, 3 / 6]);
    const none = totalled([host({}, { verdict: 'listed' })]);
    expect([none.owners, none.institutionalShare, none.institutionalShareWithResearch]).toEqual([
      [],
      null,
      null,
    ]);
  });

  it('tell places by miners, then by name; a city in one region only is there, whoever leaves it out', () => {
    const suzhou = { city: 'Suzhou', region: 'Jiangsu' };
    const row = (city: string, region: string | null, addresses: number, country = 'CN') => ({
      ...{ country, region, city, addresses, kwhPerDay: 0 },
    });
    expect(
      totalled([
        ...[host({ city: 'Suzhou' }), host(suzhou), host({ ...suzhou, region: 'Anhui', country: 'XX' })],
        ...[host({ city: 'Ulm' }), host({ city: 'Ulm', region: 'A' }), host({ city: 'Ulm', region: 'B' })],
        ...[host({ city: 'Aachen' }), host({}), host(suzhou)],
      ]).cities,
    ).toEqual([
      ...[row('Suzhou', 'Jiangsu', 3), row('Aachen', null, 1), row('Suzhou', 'Anhui', 1, 'XX')],
      ...[row('Ulm', null, 1), row('Ulm', 'A', 1), row('Ulm', 'B', 1)],
    ]);
  });

  it('add the energy of a place, and that which is modelled beside it', () => {
    const at = (kwhPerDay: number, tier: 'A' | 'C') =>
      host({ city: 'Ulm' }, { power: { ...POWER, kwhPerDay, tier } });
    expect(totalled([at(1, 'A'), at(2, 'C'), at(4, 'A'), at(8, 'C'), host({ city: 'Ulm' })]).cities).toEqual([
      { country: 'CN', region: null, city: 'Ulm', addresses: 5, kwhPerDay: 5, modelledKwhPerDay: 10 },
    ]);
  });

  it('keep power that is modelled apart, and have none of what nobody estimates', () => {
    const estimate = (tier: 'A' | 'C') => ({ ...POWER, tier, assumptions: [] });
    const { power, modelledPower } = totalled([], [estimate('A'), estimate('C'), estimate('A')]);
    expect(power).toEqual({
      ...{ wattsLow: 2, watts: 4, wattsHigh: 6, kwhPerDayLow: 8, kwhPerDay: 10, kwhPerDayHigh: 12 },
    });
    expect(modelledPower).toEqual({ ...POWER, tier: 'C' });
    expect(totalled([], [estimate('C')]).power).toBeNull();
    expect(totalled([], [estimate('A')])).not.toHaveProperty('modelledPower');
    expect(totalled([], []).power).toBeNull();
  });

  it('count hosts by verdict without pool servers, and the traffic of miners', () => {
    const traffic = { ...HOST.traffic, bytesOut: 1000, bytesIn: 500, packetsOut: 2, packetsIn: 1 };
    const of = (verdict: AuditHost['verdict'], more: Partial<AuditHost> = {}) =>
      host({}, { verdict, traffic, ...more });
    const counts = hostCounts(
      [
        ...[of('confirmed'), of('probable'), of('probable'), of('suspected'), of('attempted'), of('listed')],
        ...[
          of('confirmed', { roles: ['pool'] }),
          of('confirmed', { roles: ['honeypot'] }),
          of('confirmed', { roles: ['pool', 'miner'] }),
        ],
      ],
      8,
    );
    expect(counts).toEqual({
      hosts: { confirmed: 2, probable: 2, suspected: 1, attempted: 1, listed: 1 },
      minerAddresses: 4,
      traffic: { bytesOut: 4000, bytesIn: 2000, packetsOut: 8, packetsIn: 4, mbpsOut: 0.004, mbpsIn: 0.002 },
    });
    expect(hostCounts([of('confirmed')], 0).traffic).toMatchObject({ mbpsOut: 0, mbpsIn: 0 });
  });
});

describe('who is served by a host', () => {
  const session = (pool: string, more: Partial<AuditSession> = {}): AuditSession => ({
    ...SESSION,
    miner: { ip: '10.0.0.1', port: 1 },
    pool: { ...SESSION.pool, ip: pool },
    ...more,
  });
  const served = (...sessions: AuditSession[]) => [...servedBy(sessions)].map(([ip, all]) => [ip, [...all]]);

  it('is told with all algorithms, though a session names none', () => {
    expect(
      served(
        ...[
          session('10.0.0.9', { algorithm: null }),
          session('10.0.0.9'),
          session('10.0.0.9', { algorithm: 'kawpow' }),
        ],
        ...[session('10.0.0.9', { algorithm: null }), session('10.0.0.8', { algorithm: null })],
      ),
    ).toEqual([
      ['10.0.0.9', ['rx/0', 'kawpow']],
      ['10.0.0.8', []],
    ]);
  });

  it('is whoever mines at it or through it, and nobody of whom mining is only suspected', () => {
    const proxy = (ip: string, kind: string) => ({ ip, port: 1080, kind });
    expect(served(session('10.0.0.9', { verdict: 'suspected' }))).toEqual([]);
    expect(served(session('10.0.0.9', { via: [proxy('10.0.0.7', 'socks5')] }))).toEqual([
      ['10.0.0.7', ['rx/0']],
    ]);
    expect(served(session('10.0.0.9', { via: [proxy('10.0.0.7', 'proxy-protocol')] }))).toEqual([
      ['10.0.0.9', ['rx/0']],
    ]);
    expect([served(session('10.0.0.1')), served(session(''))]).toEqual([[], []]);
  });
});
