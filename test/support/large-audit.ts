/**
 * An audit of a province, made by rule: hosts of many owners, algorithms, pools and cities, every tenth with shares
 * over a day. For the size and speed of reports; the same count always gives the same audit.
 */
import type { Audit, AuditHost, AuditSession, HashrateRow, OwnerClass } from '../../src/audit/audit.ts';
import { sampleAudit } from './sample-audit.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 2, 2);
const CLASSES = [
  'government',
  'education',
  'enterprise',
  'isp',
  'isp',
  'mobile',
  'hosting',
  'unknown',
] as const;
const CITIES = ['Suzhou', 'Xuzhou', 'Nanjing', 'Wuxi', 'Changzhou', 'Nantong', 'Yancheng', null] as const;
const WORK = [
  { algorithm: 'sha256d', unit: 'H/s', coin: 'BTC', pool: 'F2Pool', estimate: 14e12 },
  { algorithm: 'etchash', unit: 'H/s', coin: 'ETC', pool: 'Ethermine', estimate: 420e6 },
  { algorithm: 'rx/0', unit: 'H/s', coin: 'XMR', pool: 'SupportXMR', estimate: 2100 },
  { algorithm: 'scrypt', unit: 'H/s', coin: 'LTC', pool: 'LitecoinPool', estimate: 500e6 },
] as const;

function isoAt(ms: number): string {
  return new Date(ms).toISOString();
}

/** An audit with this many hosts, one to three sessions each. */
export function largeAudit(count: number): Audit {
  const audit = sampleAudit();
  const [host] = audit.hosts;
  const [session] = audit.sessions;
  if (host === undefined || session === undefined) throw new Error('the sample has hosts and sessions');
  audit.window = {
    start: isoAt(START_MS),
    end: isoAt(START_MS + DAY_MS),
    seconds: DAY_MS / 1000,
    observed: [{ start: isoAt(START_MS), end: isoAt(START_MS + DAY_MS) }],
    observedSeconds: DAY_MS / 1000,
  };
  audit.hosts = [];
  audit.sessions = [];
  for (let i = 0; i < count; i++) {
    const work = WORK[i % WORK.length] ?? WORK[0];
    const ip = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
    audit.hosts.push(hostOf(host, ip, i, work));
    for (let k = 0; k <= i % 3; k++) audit.sessions.push(sessionOf(session, ip, i, k, work));
  }
  const owners = new Map<OwnerClass, number>();
  for (const { owner } of audit.hosts) owners.set(owner.class, (owners.get(owner.class) ?? 0) + 1);
  audit.totals.owners = [...owners].map(([name, addresses]) => ({
    class: name,
    addresses,
    share: addresses / count,
  }));
  audit.totals.minerAddresses = count;
  audit.totals.hosts = { confirmed: count, probable: 0, suspected: 0, attempted: 0, listed: 0 };
  audit.totals.institutionalShare = 3 / 8;
  return audit;
}

function rateOf(work: (typeof WORK)[number]): HashrateRow {
  const { algorithm, unit, estimate } = work;
  return {
    algorithm,
    unit,
    basis: 'shares',
    estimate,
    low95: estimate * 0.9,
    high95: estimate * 1.1,
    headline: true,
  };
}

function hostOf(sample: AuditHost, ip: string, i: number, work: (typeof WORK)[number]): AuditHost {
  const city = CITIES[i % CITIES.length] ?? null;
  return {
    ...structuredClone(sample),
    ip,
    verdict: 'confirmed',
    owner: {
      ...sample.owner,
      class: CLASSES[i % CLASSES.length] ?? 'unknown',
      name: `Organisation ${i % 97}`,
      city,
      intent: 'undetermined',
    },
    workers: [`rig-${i}`],
    coins: [work.coin],
    algorithms: [work.algorithm],
    hashrate: [rateOf(work)],
    firstSeen: isoAt(START_MS + (i % 600) * 60_000),
    lastSeen: isoAt(START_MS + DAY_MS - (i % 300) * 60_000),
    pools: [work.pool],
  };
}

function sessionOf(
  sample: AuditSession,
  ip: string,
  i: number,
  k: number,
  work: (typeof WORK)[number],
): AuditSession {
  const windows = i % 10 === 0 && k === 0 ? 288 : 0;
  return {
    ...structuredClone(sample),
    miner: { ip, port: 40_000 + k },
    algorithm: work.algorithm,
    coin: work.coin,
    start: isoAt(START_MS + (i % 600) * 60_000),
    end: isoAt(START_MS + DAY_MS - (i % 300) * 60_000),
    hashrate: [rateOf(work)],
    series: Array.from({ length: windows }, (_, w) => ({
      start: isoAt(START_MS + w * 300_000),
      seconds: 300,
      shares: 3 + ((i + w) % 5),
      hashrate: work.estimate * (0.8 + ((i + w) % 5) / 10),
    })),
  };
}
