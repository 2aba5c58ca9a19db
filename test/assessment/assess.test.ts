/** Whose a host is asked to be, and what its power rests on: payload that was read, or its kind alone. */
import { expect, it } from 'vitest';
import { assess } from '../../src/assessment/assess.ts';
import { UNKNOWN_OWNER } from '../../src/assessment/host-rows.ts';
import type { AuditHost, AuditSession } from '../../src/audit/audit.ts';
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
