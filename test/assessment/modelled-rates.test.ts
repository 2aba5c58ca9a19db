/** Rates that are modelled on finished rows: whose, from what, why not, and how those of sessions and hosts add up. */
import { describe, expect, it } from 'vitest';
import { modelRates, usualWork } from '../../src/assessment/modelled-rates.ts';
import type { Audit, AuditHost, AuditSession, HashrateRow } from '../../src/audit/audit.ts';
import { parseAssumption } from '../../src/evidence/modelled/assumption.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const [HOST] = sampleAudit().hosts;
const [SESSION] = sampleAudit().sessions;
const time = (second: number): string => new Date(Date.UTC(2026, 2, 2) + second * 1000).toISOString();

/** Shares that were counted over so many seconds. */
function counted(
  low: number,
  central: number,
  high: number,
  activeSeconds = 100,
): AuditSession['sharesSeen'] {
  return {
    ...{
      submitted: { low, central, high },
      accepted: 0,
      rejected: 0,
      firstAt: null,
      lastAt: null,
    },
    ...{ pacePerMinute: 0, activeSeconds, connections: [], series: [], silences: [] },
  };
}

/** A session that nobody could read, of 100 s. */
function session(ip: string, more: Partial<AuditSession> = {}): AuditSession {
  return {
    ...SESSION,
    miner: { ip, port: 4000 },
    ...{ dialect: 'tls', transport: 'tls', verdict: 'probable', hashrate: [], algorithm: 'rx/0', coin: null },
    ...{ start: time(0), end: time(100), sharesSeen: counted(10, 10, 10) },
    ...more,
  };
}

function modelled(
  sessions: AuditSession[],
  rules: readonly string[] = [],
  hosts: readonly Partial<AuditHost>[] = [],
): Audit {
  const ips = [...new Set(sessions.map(({ miner }) => miner.ip))];
  const sample = sampleAudit();
  const audit: Audit = {
    ...sample,
    sessions,
    hosts: ips.map((ip, i) => ({ ...HOST, hashrate: [], ...hosts[i], ip })),
    totals: { ...sample.totals, hashrate: [] },
  };
  modelRates(
    audit,
    rules.map((rule, i) => parseAssumption(rule, `rule ${i}`)),
  );
  return audit;
}

const ratesOf = ({ hashrate }: { readonly hashrate: readonly HashrateRow[] }) =>
  hashrate.map(({ algorithm, basis, estimate, headline }) => [algorithm, basis, estimate, headline]);
const reasons = ({ notes }: Audit) =>
  notes.map(({ code, params }) => [code, params.sessions ?? params.rules, Object(params.reason).code]);

describe('a session whose shares were counted', () => {
  it('has the rate of the work that the rule gives a share, within the limits of a Poisson count', () => {
    const { sessions, hosts, totals, notes } = modelled([session('10.0.0.1')], ['hashes=500..1000..4000']);
    const [{ modelled: model, hashrate, activeSeconds }] = sessions;
    expect(model).toMatchObject({
      ...{ algorithm: 'rx/0', seconds: 100, hashesPerShare: { low: 500, estimate: 1000, high: 4000 } },
      shares: { estimate: 10 },
    });
    // Half the chi-square of 21 degrees of freedom: 10.283 at 2.5 %, 35.479 at 97.5 %.
    expect(model?.shares.low).toBeCloseTo(5.1415, 3);
    expect(model?.shares.high).toBeCloseTo(17.7395, 3);
    expect(model?.notes.map(({ code }) => code)).toEqual(['counted-shares', 'difficulty-given', 'rate-if']);
    expect(model?.notes[2].params).toMatchObject({ estimate: 100, low: 500, central: 1000, high: 4000 });
    expect([activeSeconds, ratesOf({ hashrate })]).toEqual([100, [['rx/0', 'modelled', 100, true]]]);
    expect([hashrate[0].low95, hashrate[0].high95].map((bound) => Math.round(bound ?? 0))).toEqual([26, 710]);
    expect(hosts.map(ratesOf)).toEqual([[['rx/0', 'modelled', 100, true]]]);
    expect(hosts[0].hashrate.map(({ low95, high95 }) => Math.round((low95 ?? 0) + (high95 ?? 0)))).toEqual([
      735,
    ]);
    expect(
      totals.hashrate.map(({ estimate, low95, high95, hosts: count }) => [
        estimate,
        Math.round(low95 ?? 0),
        Math.round(high95 ?? 0),
        count,
      ]),
    ).toEqual([[100, 26, 710, 1]]);
    expect([totals.hashrateAssumptions?.map(({ code }) => code), notes]).toEqual([['difficulty-given'], []]);
  });

  it('may have had none, or more', () => {
    const [{ modelled: model }] = modelled(
      [session('10.0.0.1', { sharesSeen: counted(0, 5, 10) })],
      ['hashes=1000'],
    ).sessions;
    expect(model?.shares).toMatchObject({ low: 0, estimate: 5 });
    expect(model?.shares.high).toBeCloseTo(17.7395, 3);
  });

  it.each([
    ['none was', counted(0, 0, 3)],
    ['no time was watched', counted(1, 2, 3, 0)],
    ['nobody watched', null],
  ])('is judged by its bytes if %s', (_name, sharesSeen) => {
    const [{ modelled: model }] = modelled([session('10.0.0.1', { sharesSeen })], ['hashes=1000']).sessions;
    expect(model?.notes.map(({ code }) => code)).toEqual([
      'modelled-shares',
      'difficulty-given',
      'modelled-share-size',
    ]);
  });

  it('is judged by its bytes if nobody says what a share is worth', () => {
    const audit = modelled([session('10.0.0.1')]);
    expect(audit.sessions[0].modelled?.notes.map(({ code }) => code)).toEqual([
      ...['modelled-shares', 'difficulty-assumed', 'modelled-share-size'],
    ]);
    expect(audit.totals.hashrateAssumptions?.map(({ code }) => code)).toEqual(['difficulty-assumed']);
  });
});

describe('a session of which only bytes are known', () => {
  it('has as many shares over IPv6 as over IPv4, where the headers are longer by 20 bytes a packet', () => {
    const sharesOf = (ip: string, bytesOut: number) => {
      const traffic = { ...SESSION.traffic, bytesOut, packetsOut: 1000, packetsIn: 1000 };
      const [{ modelled: model }] = modelled(
        [session(ip, { sharesSeen: null, traffic })],
        ['hashes=1000'],
      ).sessions;
      return model?.shares;
    };
    expect(sharesOf('2001:db8::1', 120_000)).toEqual(sharesOf('10.0.0.1', 100_000));
    expect(sharesOf('10.0.0.1', 100_000)?.estimate).toBeGreaterThan(0);
  });
});

describe('a session of flow records', () => {
  const flow = {
    ...{ connections: 1, unanswered: 0, activeSeconds: 50, meanSeconds: 50, scatter: null, likeness: null },
    ...{ samplingInterval: 1, observedPackets: 2600 },
  };
  it('was active for as long as those say', () => {
    const of = (more: Partial<AuditSession>) =>
      modelled([session('10.0.0.1', { sharesSeen: null, ...more })], ['hashes=1000']);
    const [{ modelled: model, activeSeconds }] = of({ dialect: 'flow', flow }).sessions;
    expect([model?.seconds, activeSeconds]).toEqual([50, 50]);
    expect(of({}).sessions[0].modelled?.seconds).toBe(100);
    expect(reasons(of({ flow: { ...flow, samplingInterval: 1000, observedPackets: 3 } }))).toEqual([
      ['not-modelled', 1, 'model-no-count'],
    ]);
  });
});

describe('whose rate is not modelled', () => {
  it.each<[string, Partial<AuditSession>]>([
    ['who was read', { dialect: 'cryptonote', transport: 'tcp' }],
    ['who only tried', { verdict: 'attempted' }],
    ['whose endpoint is merely listed', { verdict: 'listed' }],
    ['who has a rate', { hashrate: [...SESSION.hashrate] }],
  ])('%s, of which nothing is said', (_name, more) => {
    const given = session('10.0.0.1', more);
    const audit = modelled([given]);
    expect([audit.sessions[0], reasons(audit), audit.totals.hashrate]).toEqual([given, [], []]);
  });

  it('is told with the reason, and how many', () => {
    const unknown = { algorithm: null, sharesSeen: null };
    const audit = modelled([
      ...[session('10.0.0.1', unknown), session('10.0.0.2', unknown)],
      ...[
        session('10.0.0.3', { transport: 'noise', dialect: 'stratum-v2' }),
        session('10.0.0.4', { algorithm: 'no-such' }),
      ],
    ]);
    expect(reasons(audit)).toEqual([
      ['not-modelled', 2, 'model-no-algorithm'],
      ['not-modelled', 1, 'model-no-difficulty'],
      ['not-modelled', 1, 'model-no-machine'],
    ]);
    expect([audit.totals.hashrate, audit.totals.hashrateAssumptions]).toEqual([[], []]);
  });

  it('is modelled behind encrypted Stratum V2 by the shares that were counted', () => {
    const { sessions } = modelled(
      [session('10.0.0.3', { transport: 'noise', dialect: 'stratum-v2' })],
      ['hashes=1000'],
    );
    expect(ratesOf(sessions[0])).toEqual([['rx/0', 'modelled', 100, true]]);
  });
});

describe('the algorithm', () => {
  it.each<[string, Partial<AuditSession>, string, string | null]>([
    ['is that of the rule', { algorithm: null }, 'port=3333 algorithm=kawpow hashes=1000', 'kawpow'],
    ['is that of the coin of the rule', { algorithm: null, coin: 'BTC' }, 'coin=BTC hashes=1000', 'sha256d'],
    ['is that of the session if the rule names none', {}, 'hashes=1000', 'rx/0'],
    ['is not known, and hashes are hashes', { algorithm: null }, 'hashes=1000', 'unknown'],
    ['is not known, and a difficulty is none', { algorithm: null }, 'difficulty=1000', null],
  ])('%s', (_name, more, rule, algorithm) => {
    const audit = modelled([session('10.0.0.1', more)], [rule]);
    expect(audit.sessions[0].modelled?.algorithm ?? null).toBe(algorithm);
    expect(reasons(audit)).toEqual(algorithm === null ? [['not-modelled', 1, 'model-no-algorithm']] : []);
  });

  it('is that which the coin of the rule had at the time of the session', () => {
    const of = (year: number): string | undefined => {
      const start = `${year}-01-01T00:00:00Z`;
      const when = { algorithm: null, coin: 'XMR', start, end: `${year}-01-01T00:01:40Z` };
      return modelled([session('10.0.0.1', when)], ['coin=XMR hashes=1000']).sessions[0].modelled?.algorithm;
    };
    expect([of(2026), of(2018)]).toEqual(['rx/0', expect.stringMatching(/^cn/)]);
  });

  it('gives the size of a unit of difficulty: 2^32 hashes of sha256d', () => {
    const { sessions } = modelled([session('10.0.0.1', { algorithm: 'sha256d' })], ['difficulty=2']);
    expect(ratesOf(sessions[0])).toEqual([['sha256d', 'modelled', (10 * 2 * 2 ** 32) / 100, true]]);
  });
});

describe('rules', () => {
  it('hold for their place alone, and those that hold for none are told', () => {
    const audit = modelled(
      [session('10.0.0.1'), session('10.0.0.2')],
      [
        ...[
          'miner=10.0.0.1 hashes=2000',
          'hashes=1000',
          'miner=10.0.0.9 hashes=1',
          'pool=no.example hashes=1',
        ],
      ],
    );
    expect(audit.sessions.map(ratesOf)).toEqual([
      [['rx/0', 'modelled', 200, true]],
      [['rx/0', 'modelled', 100, true]],
    ]);
    expect(audit.notes.map(({ code, params }) => [code, params.rules, params.of])).toEqual([
      ['rules-unused', 2, 4],
    ]);
  });

  it('are found by name, address and pool of the server', () => {
    for (const packetRef of [
      'pool=pool.supportxmr.com',
      'pool=198.51.100.10',
      'pool=SupportXMR',
      'port=3333',
    ])
      expect(reasons(modelled([session('10.0.0.1')], [`${packetRef} hashes=1000`])), packetRef).toEqual([]);
    const nobody = { ...SESSION.pool, pool: null };
    expect(reasons(modelled([session('10.0.0.1', { pool: nobody })], ['pool=null hashes=1']))).toEqual([
      ['rules-unused', 1, undefined],
    ]);
  });

  it('are told by how many sessions they hold for, then by their words', () => {
    const audit = modelled(
      [session('10.0.0.1'), session('10.0.0.2'), session('10.0.0.3'), session('10.0.0.4')],
      ['miner=10.0.0.1 hashes=9000', 'miner=10.0.0.4 hashes=2000', 'hashes=5000'],
    );
    expect(audit.totals.hashrateAssumptions?.map(({ params }) => params.low)).toEqual([5000, 2000, 9000]);
  });
});

describe('modelled rates', () => {
  it('of a host are its work over the time in which any session was open', () => {
    const at = (from: number, to: number) => session('10.0.0.1', { start: time(from), end: time(to) });
    const rate = (...sessions: AuditSession[]) =>
      modelled(sessions, ['hashes=1000']).hosts[0].hashrate.map(({ estimate, activeSeconds }) => [
        estimate,
        activeSeconds,
      ]);
    expect(rate(at(0, 100), at(0, 100))).toEqual([[200, 100]]);
    expect(rate(at(0, 100), at(100, 200))).toEqual([[100, 200]]);
  });

  it('of hosts add up, low to low and high to high, of miners alone', () => {
    const one = modelled([session('10.0.0.1')], ['hashes=500..1000..4000']).totals.hashrate[0];
    const { totals } = modelled(
      [
        session('10.0.0.1'),
        session('10.0.0.2'),
        session('10.0.0.3'),
        session('10.0.0.4', { algorithm: 'kawpow' }),
      ],
      ['hashes=500..1000..4000'],
      [{}, {}, { verdict: 'suspected' }],
    );
    expect(totals.hashrate.map(({ algorithm, hosts, estimate }) => [algorithm, hosts, estimate])).toEqual([
      ['kawpow', 1, 100],
      ['rx/0', 2, 200],
    ]);
    expect(totals.hashrate[1].low95).toBeCloseTo(2 * (one.low95 ?? 0), 9);
    expect(totals.hashrate[1].high95).toBeCloseTo(2 * (one.high95 ?? 0), 9);
  });

  it('stand beside those that were measured, by algorithm, and head only what is not known otherwise', () => {
    const [measured] = HOST.hashrate;
    const audit = modelled(
      [session('10.0.0.1'), session('10.0.0.1', { algorithm: 'etchash' })],
      ['hashes=1000'],
      [{ hashrate: [measured] }],
    );
    expect(ratesOf(audit.hosts[0])).toEqual([
      ['etchash', 'modelled', 100, true],
      ['rx/0', 'shares', measured.estimate, true],
      ['rx/0', 'modelled', 100, false],
    ]);
  });
});

describe('what a pool would give a worker', () => {
  it('is what its machine needs for a share each 3 to 60 s', () => {
    const usual = usualWork('sha256d', 2026);
    expect(usual?.machine).toBe('asic');
    const { low = 0, central = 0, high = 0 } = usual?.rate ?? {};
    expect(low > 0 && low < central && central < high).toBe(true);
    expect(usual?.span).toEqual({ low: low * 3, central: central * 13, high: high * 60 });
    // An ASIC of 2026 needs 10 to 40 J/TH, and draws 1,300 to 3,400 W.
    expect(low).toBeGreaterThan(1300 / 60e-12 / 1.01);
    expect(high).toBeLessThan(3400 / 8e-12);
  });

  it('is nothing where no machine is known', () => {
    expect([usualWork('no-such', 2026), usualWork('unknown', 2026)]).toEqual([null, null]);
  });
});
