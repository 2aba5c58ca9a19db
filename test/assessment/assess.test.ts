/** Whose a host is asked to be, and what its power rests on: payload that was read, or its kind alone. */
import { describe, expect, it } from 'vitest';
import { assess } from '../../src/assessment/assess.ts';
import { UNKNOWN_OWNER } from '../../src/assessment/host-rows.ts';
import type { AuditHost, AuditSession, HostHashrateRow } from '../../src/audit/audit.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const [HOST] = sampleAudit().hosts;
const [SESSION] = sampleAudit().sessions;
const START_US = Date.parse(SESSION.start) * 1000;

function assessed(host: Partial<AuditHost>, sessions: readonly Partial<AuditSession>[]) {
  const moments: unknown[] = [];
  const audit = {
    ...sampleAudit(),
    hosts: [{ ...HOST, power: null, ...host }],
    sessions: sessions.map((more): AuditSession => ({ ...SESSION, hashrate: [], ...more })),
  };
  assess(audit, {
    ownerOf: (ip, at) => {
      moments.push([ip, at]);
      return UNKNOWN_OWNER;
    },
    malwareListOf: () => null,
  });
  return { moments, power: audit.hosts[0].power };
}

it('The owner of an address is asked for when it mined, or else when it was seen', () => {
  const asked = (...sessions: Partial<AuditSession>[]) => assessed({}, sessions).moments;
  expect(asked({ activeSeconds: 60 }, { activeSeconds: 0 })).toEqual([
    [
      HOST.ip,
      [
        { timeUs: START_US, weight: 60 },
        { timeUs: START_US, weight: 1 },
      ],
    ],
  ]);
  expect(asked({ miner: { ip: '192.0.2.250', port: 1 } })).toEqual([
    [HOST.ip, [{ timeUs: Date.parse(HOST.firstSeen) * 1000, weight: 1 }]],
  ]);
});

it.each<[string, Partial<AuditSession>, boolean]>([
  ['that was read', {}, true],
  ['that was read and is suspected', { verdict: 'suspected' }, true],
  ['that was read and is nothing', { verdict: 'listed' }, false],
  ['of flow records', { dialect: 'flow' }, false],
  ['in TLS', { dialect: 'tls' }, false],
  ['of flow records that is nothing', { dialect: 'flow', verdict: 'listed' }, false],
  ['of encrypted Stratum V2', { dialect: 'stratum-v2', transport: 'noise' }, false],
])(
  'The power of a host without a rate rests on a session %s only if payload tells: %s',
  (_name, session, isRead) => {
    const { power } = assessed({ hashrate: [] }, [session]);
    expect(power?.tier).toBe(isRead ? 'B' : 'C');
  },
);

it('What a proxy submits takes the power of its miners, unless it mines as well', () => {
  const served: Partial<AuditSession> = {
    miner: { ip: '192.0.2.250', port: 1 },
    pool: { ...SESSION.pool, ip: HOST.ip },
  };
  const power = (roles: AuditHost['roles'], ...more: Partial<AuditSession>[]) =>
    assessed({ roles }, [{}, ...more]).power;
  expect([
    power(['proxy'], served),
    power(['proxy', 'miner'], served) === null,
    power(['proxy']) === null,
  ]).toEqual([null, false, false]);
});

describe('the signs of intent', () => {
  interface Seen {
    readonly host?: Partial<AuditHost>;
    readonly sessions?: readonly Partial<AuditSession>[];
    readonly windowSeconds?: number;
    /** A second host, with the first one's account, of this owner. */
    readonly otherOwner?: string;
    readonly list?: string;
  }
  /** Codes of the signs of a university's host, and what was asked of the lists of malware. */
  function signsOf({ host, sessions = [{}], windowSeconds = 900, otherOwner, list }: Seen) {
    const asked: unknown[] = [];
    const sample = sampleAudit();
    const own = sessions.map((more): AuditSession => ({ ...SESSION, hashrate: [], ...more }));
    const other = { ...HOST, ip: '192.0.2.250' };
    const audit = {
      ...sample,
      window: { ...sample.window, seconds: windowSeconds, observedSeconds: windowSeconds },
      hosts: [{ ...HOST, ...host }, ...(otherOwner === undefined ? [] : [other])],
      sessions: [...own, { ...own[0], miner: { ip: other.ip, port: 1 } }],
    };
    assess(audit, {
      ownerOf: (ip) => ({
        ...UNKNOWN_OWNER,
        class: 'education',
        name: ip === HOST.ip ? 'Example University' : (otherOwner ?? null),
      }),
      malwareListOf: (minesAs) => {
        asked.push(minesAs);
        return list ?? null;
      },
    });
    const signs = audit.hosts[0].owner.reasons.flatMap(({ params }) => (params.sign ? [params.sign] : []));
    return { signs: signs.map((sign) => Object(sign)), asked };
  }
  const codes = (seen: Seen): string[] => signsOf(seen).signs.map(({ code }) => code);

  const pool = (more: Partial<AuditSession['pool']>): Partial<AuditSession> => ({
    pool: { ...SESSION.pool, ...more },
  });
  it.each<[string, Seen, string, boolean]>([
    ['a day at more than 95 %', { host: { duty: 0.96 }, windowSeconds: 86_400 }, 'sign-around-clock', true],
    ['a day at 95 %', { host: { duty: 0.95 }, windowSeconds: 86_400 }, 'sign-around-clock', false],
    ['less than a day', { host: { duty: 0.96 }, windowSeconds: 86_399 }, 'sign-around-clock', false],
    ['a day of an unknown part', { host: { duty: null }, windowSeconds: 86_400 }, 'sign-around-clock', false],
    ['a list that knows the miner', { list: 'a list' }, 'sign-malware-list', true],
    ['no list that does', {}, 'sign-malware-list', false],
    [
      'a proxy of malware',
      { sessions: [pool({ kind: 'malware-proxy', pool: 'X' })] },
      'sign-malware-list',
      true,
    ],
    [
      'an unnamed one',
      { sessions: [pool({ kind: 'malware-proxy', pool: null })] },
      'sign-malware-list',
      false,
    ],
    [
      'a tunnel',
      { sessions: [{ via: [{ ip: '192.0.2.9', port: 1080, kind: 'socks5' }] }] },
      'sign-hidden-path',
      true,
    ],
    [
      'another proxy',
      { sessions: [{ via: [{ ip: '192.0.2.9', port: 1080, kind: 'http-connect' }] }] },
      'sign-hidden-path',
      false,
    ],
    ['a borrowed port', { sessions: [pool({ port: 80 })] }, 'sign-clear-port', true],
    [
      'one in flow records',
      { sessions: [{ ...pool({ port: 80 }), dialect: 'flow' }] },
      'sign-clear-port',
      false,
    ],
    ['one in TLS', { sessions: [{ ...pool({ port: 443 }), transport: 'tls' }] }, 'sign-public-tls', true],
    [
      'TLS to a pool that nobody lists',
      { sessions: [{ ...pool({ port: 443, pool: null }), transport: 'tls' }] },
      'sign-public-tls',
      false,
    ],
    ['an account at two owners', { otherOwner: 'Other' }, 'sign-many-owners', true],
    ['an account at one owner', { otherOwner: 'Example University' }, 'sign-many-owners', false],
    [
      'an account of a marketplace',
      { otherOwner: 'Other', sessions: [pool({ kind: 'marketplace' })] },
      'sign-many-owners',
      false,
    ],
    ['four workers at an own proxy', { host: proxyOf('proxy', 'miner') }, 'sign-own-proxy', true],
    ['four workers elsewhere', { host: proxyOf('miner') }, 'sign-own-proxy', false],
    ['a stock program', { sessions: [{ agent: 'XMRig/6.21.0' }] }, 'sign-stock-xmrig', true],
    [
      'a stock program that nobody could read',
      { sessions: [{ agent: 'XMRig/6.21.0', dialect: 'tls' }] },
      'sign-stock-xmrig',
      false,
    ],
  ])('of %s (%s, %s)', (_name, seen, code, isSign) => {
    expect(codes(seen).includes(code)).toBe(isSign);
  });

  function proxyOf(...roles: AuditHost['roles']): Partial<AuditHost> {
    return { roles, workers: ['a', 'b', 'c', 'd'] };
  }

  it('name the list, which is asked for all accounts, programs and pools of the host', () => {
    const logins = [{ account: 'one', worker: null }];
    const sessions = [
      { ...pool({ ip: '198.51.100.1', names: ['a.example'] }), logins, agent: 'rig/1' },
      { ...pool({ ip: '198.51.100.2', names: [] }), logins, agent: null },
      { ...pool({ ip: '198.51.100.2', names: [] }), logins: [], agent: 'rig/1' },
    ];
    const { signs, asked } = signsOf({ list: 'a list', sessions });
    expect(signs.map(({ params }) => params.list).filter((list) => list !== undefined)).toEqual(['a list']);
    expect(asked[0]).toEqual({
      accounts: ['one', 'one'],
      agents: ['rig/1'],
      endpoints: ['198.51.100.1', 'a.example', '198.51.100.2', '198.51.100.2'],
    });
    const [proxy] = signsOf({ sessions: [pool({ kind: 'malware-proxy', pool: 'X' })] }).signs;
    expect(proxy.params.list).toBe('pool catalogue: X');
  });
});

describe('the power of a host', () => {
  const rate = (
    basis: 'shares' | 'self-reported',
    estimate: number,
    more: Partial<HostHashrateRow> = {},
  ) => ({
    algorithm: 'rx/0',
    unit: 'H/s' as const,
    basis,
    estimate,
    low95: null,
    high95: null,
    headline: basis === 'shares',
    ...more,
  });
  const wattsOf = (...hashrate: HostHashrateRow[]) => assessed({ hashrate }, [{}]).power?.watts;

  it('is of what the miner claims if no share was seen and the claim is possible', () => {
    const none = rate('shares', 0, { low95: 0, high95: 5000 });
    const isClaimed = (row: HostHashrateRow, claim: HostHashrateRow): boolean =>
      wattsOf(row, claim) !== wattsOf(row);
    expect([
      isClaimed(none, rate('self-reported', 900)),
      isClaimed(none, rate('self-reported', 5000)),
      isClaimed(none, rate('self-reported', 5001)),
      isClaimed(rate('shares', 0), rate('self-reported', 5001)),
      isClaimed(rate('shares', 800), rate('self-reported', 900)),
      isClaimed(none, rate('self-reported', 900, { algorithm: 'cn/r' })),
    ]).toEqual([true, true, false, true, false, false]);
  });

  it('is that of its one algorithm if no rate is known, unless only the family of that is', () => {
    const power = (compatible: AuditSession['algorithms'], algorithms = ['sha256d']) =>
      assessed({ hashrate: [], algorithms }, [{ algorithm: 'sha256d', algorithms: compatible, agent: null }])
        .power;
    const several = ['sha256d', 'sha512256d'];
    expect(power(['sha256d'])?.watts).not.toBe(power(several)?.watts);
    expect(power(['sha256d'], ['rx/0', 'sha256d'])?.watts).toBe(power(several)?.watts);
  });

  it('is taken over the time of the host, or of the algorithm if it mines several', () => {
    const part = (host: Partial<AuditHost>, activeSeconds?: number, more: Partial<AuditSession> = {}) => {
      const hashrate = [rate('shares', 900, activeSeconds === undefined ? {} : { activeSeconds })];
      const { power } = assessed({ duty: 0.5, hashrate, ...host }, [more]);
      return Math.round((100 * (power?.kwhPerDay ?? 0)) / (power?.watts ?? 0) / 0.024) / 100;
    };
    const two = { algorithms: ['rx/0', 'cn/r'] };
    expect([
      part({}, 90),
      part({ duty: null }, 90),
      part(two),
      part({ ...two, duty: null }, 90),
      part({ ...two, duty: null }, 1800),
    ]).toEqual([0.5, 0, 0.5, 0.1, 1]);
    // The window has 900 s; of the time of a host in which it mines two it has the power of one by turns.
    const kwh = (more: Partial<AuditSession>) =>
      assessed({ duty: 0.5, hashrate: [rate('shares', 900, { activeSeconds: 90 })] }, [more]).power
        ?.kwhPerDay ?? 0;
    const [alone, other] = [kwh({}), kwh({ algorithm: 'cn/r' })];
    expect(other / alone).toBeCloseTo(0.2, 6);
    expect(kwh({ algorithm: 'cn/r', verdict: 'attempted' })).toBe(alone);
    expect(kwh({ algorithm: null })).toBe(alone);
  });
});
