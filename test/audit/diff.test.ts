import { describe, expect, it } from 'vitest';
import type { Audit, AuditHost, HashrateRow } from '../../src/audit/audit.ts';
import { type DiffOptions, diffAudits } from '../../src/audit/diff.ts';
import { quietAudit, sampleAudit } from '../support/sample-audit.ts';

const OPTIONS: DiffOptions = {
  least: 'suspected',
  failOn: 'probable',
  failOnChange: [],
  hashrateChange: 0.5,
  trafficChange: 1,
};

const MINER = '192.0.2.11';

/** The sample with its first miner changed. */
function changed(host: Partial<AuditHost>, more: Partial<Audit> = {}): Audit {
  const audit = sampleAudit();
  return {
    ...audit,
    hosts: audit.hosts.map((each) => (each.ip === MINER ? { ...each, ...host } : each)),
    ...more,
  };
}

function row(
  estimate: number,
  low95: number | null,
  high95: number | null,
  more: Partial<HashrateRow> = {},
): HashrateRow {
  return {
    algorithm: 'rx/0',
    unit: 'H/s',
    basis: 'shares',
    estimate,
    low95,
    high95,
    headline: true,
    ...more,
  };
}

function changesOf(old: Audit, fresh: Audit, options: Partial<DiffOptions> = {}) {
  return diffAudits(old, fresh, { ...OPTIONS, ...options }).changes.map(({ ip, kinds, crosses }) => ({
    ...{ ip, kinds, crosses },
  }));
}

describe('traffic that rests on few packets', () => {
  const traffic = (packets: number): AuditHost['traffic'] => ({
    ...{ bytesOut: packets * 60, bytesIn: packets * 60, packetsOut: packets / 2, packetsIn: packets / 2 },
    ...{ mbpsOut: packets / 1e6, mbpsIn: packets / 1e6 },
  });
  const between = (before: number, after: number, sampling = 1) => {
    const audits = [before, after].map((packets) => {
      const audit = changed({ traffic: traffic(packets) });
      const [session] = audit.sessions;
      const flow = {
        ...{ connections: 1, unanswered: 0, activeSeconds: 600, meanSeconds: 600, scatter: null },
        ...{ likeness: null, samplingInterval: sampling, observedPackets: packets / sampling },
      };
      return { ...audit, sessions: [{ ...session, miner: { ip: MINER, port: 1 }, flow }] };
    });
    return changesOf(audits[0], audits[1]).flatMap(({ kinds }) => kinds);
  };

  it('has changed if that is beyond what chance makes of so many packets', () => {
    expect(between(10_000, 30_000)).toEqual(['grew']);
    expect(between(30_000, 10_000)).toEqual(['shrank']);
  });

  it('has not changed in a short audit: 30 packets may as well be 10', () => {
    expect(between(10, 30)).toEqual([]);
  });

  it('has not changed in sampled records, of which one packet in 1,000 was seen', () => {
    expect(between(10_000, 30_000, 1000)).toEqual([]);
    expect(between(1_000_000, 3_000_000, 1000)).toEqual(['grew']);
  });
});

describe('a hashrate has changed', () => {
  const cases = [
    {
      name: 'by more than the threshold and beyond both intervals',
      before: row(100, 80, 120),
      after: row(200, 150, 250),
      kinds: ['grew'],
    },
    { name: 'the other way', before: row(200, 150, 250), after: row(100, 80, 120), kinds: ['shrank'] },
    {
      name: 'not where the intervals overlap',
      before: row(100, 60, 160),
      after: row(200, 150, 250),
      kinds: null,
    },
    { name: 'not where they touch', before: row(100, 80, 150), after: row(200, 150, 250), kinds: null },
    {
      name: 'not by less than the threshold, however sharp',
      before: row(100, 99, 101),
      after: row(149, 148, 150),
      kinds: null,
    },
    {
      name: 'not where nobody knows an interval',
      before: row(100, null, null),
      after: row(900, null, null),
      kinds: null,
    },
    {
      name: 'not between bases',
      before: row(100, 99, 101),
      after: row(900, 890, 910, { basis: 'counter' }),
      kinds: null,
    },
    {
      name: 'not between algorithms',
      before: row(100, 99, 101),
      after: row(900, 890, 910, { algorithm: 'kawpow' }),
      kinds: null,
    },
    {
      name: 'not in a row that is no headline',
      before: row(100, 99, 101),
      after: row(900, 890, 910, { headline: false }),
      kinds: null,
    },
  ];
  it.each(cases)('$name', ({ before, after, kinds }) => {
    const found = changesOf(changed({ hashrate: [before] }), changed({ hashrate: [after] }));
    expect(found).toEqual(kinds === null ? [] : [{ ip: MINER, kinds, crosses: false }]);
  });

  it('by thresholds of the caller', () => {
    const [old, fresh] = [
      changed({ hashrate: [row(100, 99, 101)] }),
      changed({ hashrate: [row(120, 119, 121)] }),
    ];
    expect(changesOf(old, fresh)).toEqual([]);
    expect(changesOf(old, fresh, { hashrateChange: 0.1, failOnChange: ['grew'] })).toEqual([
      { ip: MINER, kinds: ['grew'], crosses: true },
    ]);
  });
});

describe('traffic has changed', () => {
  const traffic = (mbpsOut: number) => ({ ...sampleAudit().totals.traffic, mbpsOut, mbpsIn: 0 });
  it.each([
    [1, 2.1, ['grew']],
    [1, 1.9, null],
    [2.1, 1, ['shrank']],
    [0, 5, null],
  ] as const)('from %d to %d Mbit/s: %j', (before, after, kinds) => {
    const found = changesOf(changed({ traffic: traffic(before) }), changed({ traffic: traffic(after) }));
    expect(found.flatMap((change) => change.kinds)).toEqual(kinds ?? []);
  });
});

describe('a host has moved', () => {
  it('where it has a pool or an account that it had not, and had one before', () => {
    const old = changed({ pools: ['A', 'B'] });
    expect(diffAudits(old, changed({ pools: ['B', 'C'] }), OPTIONS).changes).toMatchObject([
      { ip: MINER, kinds: ['moved'], moved: [{ what: 'pool', from: ['A'], to: ['C'] }] },
    ]);
    expect(changesOf(old, changed({ pools: ['B'] }))).toEqual([]);
    expect(changesOf(changed({ pools: [] }), old)).toEqual([]);
  });

  it('where it logs in with another account', () => {
    const audit = sampleAudit();
    const sessions = audit.sessions.map((session) =>
      session.miner.ip === MINER ? { ...session, logins: [{ account: 'another', worker: null }] } : session,
    );
    const [change] = diffAudits(audit, { ...audit, sessions }, OPTIONS).changes;
    expect(change).toMatchObject({
      ip: MINER,
      kinds: ['moved'],
      moved: [{ what: 'account', to: ['another'] }],
    });
  });
});

describe('new and gone', () => {
  it('count from the least verdict on, on either side', () => {
    const [weak, strong] = [changed({ verdict: 'listed' }), changed({ verdict: 'confirmed' })];
    expect(changesOf(weak, strong)).toEqual([{ ip: MINER, kinds: ['new'], crosses: true }]);
    expect(changesOf(strong, weak)).toEqual([{ ip: MINER, kinds: ['gone'], crosses: false }]);
    expect(changesOf(weak, strong, { least: 'listed' })).toEqual([
      { ip: MINER, kinds: ['verdict'], crosses: true },
    ]);
  });

  it('leave out what is nothing but a pool server', () => {
    expect(changesOf(quietAudit(), changed({ roles: ['pool'] }, {})).map(({ ip }) => ip)).not.toContain(
      MINER,
    );
  });

  it('cross the threshold by their verdict only', () => {
    const [none, some] = [changed({ verdict: 'listed' }), changed({ verdict: 'suspected' })];
    expect(changesOf(none, some)).toEqual([{ ip: MINER, kinds: ['new'], crosses: false }]);
    expect(changesOf(none, some, { failOn: 'suspected' })).toEqual([
      { ip: MINER, kinds: ['new'], crosses: true },
    ]);
  });
});

it('Audits that were filtered in different ways are not compared', () => {
  const filter = { hosts: [], departments: [], verdict: 'probable' as const, pool: null };
  const [whole, part] = [sampleAudit(), { ...sampleAudit(), filter }];
  expect(() => diffAudits(whole, part, OPTIONS)).toThrow('not filtered in the same way');
  expect(() => diffAudits(part, { ...part, filter: { ...filter, pool: 'x' } }, OPTIONS)).toThrow(
    'not filtered',
  );
  expect(diffAudits(part, { ...part }, OPTIONS)).toMatchObject({ changes: [], crossed: false, unchanged: 5 });
});

describe('caveats', () => {
  it('are told where the two are hard to compare', () => {
    const audit = sampleAudit();
    const later = {
      start: '2026-03-09T08:00:00.000Z',
      end: '2026-03-09T09:00:00.000Z',
      seconds: 3600,
      observed: [],
      observedSeconds: 3600,
    };
    const poor = { ...audit, partial: true, window: { ...later, observedSeconds: audit.window.seconds * 5 } };
    expect(diffAudits(audit, poor, OPTIONS).caveats.map(({ text }) => text)).toEqual([
      'The new audit is partial: hosts may be missing in it.',
      'One window is more than four times as long as the other: the shorter one shows fewer hosts.',
    ]);
    expect(diffAudits(audit, audit, OPTIONS).caveats.map(({ text }) => text)).toEqual([
      'The windows overlap by 15 min: what is in both shows as unchanged.',
    ]);
    const before = { ...audit, window: { ...later, start: '2026-01-01T08:00:00.000Z' } };
    expect(diffAudits(audit, before, OPTIONS).caveats.map(({ text }) => text)).toContain(
      'The new audit begins before the old one: the two may be in the wrong order.',
    );
  });

  it('are none of consecutive days whose files overlap by seconds', () => {
    const audit = sampleAudit();
    const day = (start: string, end: string) => ({
      ...audit,
      window: { start, end, seconds: 86_400, observed: [], observedSeconds: 86_400 },
    });
    const old = day('2026-03-08T00:00:00.000Z', '2026-03-09T00:00:12.000Z');
    const fresh = day('2026-03-09T00:00:00.000Z', '2026-03-10T00:00:05.000Z');
    expect(diffAudits(old, fresh, OPTIONS).caveats.map(({ text }) => text)).toEqual([]);
  });
});

describe('the changes of two audits', () => {
  it('stand in the order of the gravest kind of each host, then of addresses', () => {
    const [first, ...others] = sampleAudit().hosts;
    const host = (ip: string, more: Partial<AuditHost>): AuditHost => ({ ...first, ip, ...more });
    const audit = (...hosts: AuditHost[]): Audit => ({ ...sampleAudit(), hosts });
    const falling = [row(200, 150, 250), row(100, 80, 120)];
    expect(others.length).toBeGreaterThan(0);
    const old = audit(
      host('192.0.2.1', {}),
      host('192.0.2.2', { pools: ['a.example'] }),
      host('192.0.2.3', { verdict: 'probable', hashrate: [falling[0]] }),
      host('192.0.2.4', { pools: ['a.example'] }),
    );
    const fresh = audit(
      host('192.0.2.2', { pools: ['b.example'] }),
      host('192.0.2.3', { verdict: 'confirmed', hashrate: [falling[1]] }),
      host('192.0.2.4', { pools: ['b.example'] }),
      host('192.0.2.5', {}),
    );
    expect(changesOf(old, fresh).map(({ ip, kinds }) => [ip, ...kinds])).toEqual([
      ['192.0.2.5', 'new'],
      ['192.0.2.3', 'verdict', 'shrank'],
      ['192.0.2.2', 'moved'],
      ['192.0.2.4', 'moved'],
      ['192.0.2.1', 'gone'],
    ]);
  });
});
