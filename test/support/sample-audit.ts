/**
 * A rich audit, written by hand, for tests of reports: two algorithms, IPv6, CJK, a TLS session, an unknown algorithm
 * and a host whose every word from the wire is hostile. Its totals are the sums of its rows.
 */
import type { Audit, AuditSession, Evidence, Owner, Traffic } from '../../src/audit/audit.ts';
import { damageRow } from '../../src/audit/damage.ts';
import { narrowTo } from '../../src/audit/narrow.ts';
import { hostCounts } from '../../src/audit/totals.ts';
import { statement, verbatim } from '../../src/statements/index.ts';

const WINDOW_SECONDS = 900;

export const XMR_WALLET =
  '48FAKEWaLLetForTestsDoNotPay9dwtq5H8YqVXiRsE7Y2zvRUfqr1mVJotFe7zM222ib1yRkEUo2aFqVYcFPFkFqWK2Tv';
export const BTC_WALLET = 'bc1qfakewalletfortestsdonotpay0000000000';

/** What a hostile miner says, by where it says it. */
export const HOSTILE = {
  /** Clears the screen and sets the title of a terminal. */
  agent: 'evil\u001b[2J\u001b]0;owned\u0007/1.0',
  /** A spreadsheet's command, and a cell of Markdown that ends early. */
  account: "=cmd|' /C calc'!A0;=1+1",
  /** HTML, a link and backticks. */
  worker: '<img src=x onerror=alert(1)> | [x](javascript:alert(1)) `` `',
  /** Right-to-left override, zero-width space, line separator, C1 CSI, a new line. */
  detail: 'login \u202Egnp.exe\u202C acc\u200Bepted\u2028\u009b31m\r\nFAKE 10.0.0.1 confirmed',
  pool: '@pool.example\t+2',
} as const;

function traffic(bytesOut: number, bytesIn: number, packetsOut: number, packetsIn: number): Traffic {
  return {
    bytesOut,
    bytesIn,
    packetsOut,
    packetsIn,
    mbpsOut: (bytesOut * 8) / WINDOW_SECONDS / 1e6,
    mbpsIn: (bytesIn * 8) / WINDOW_SECONDS / 1e6,
  };
}

function at(clock: string): string {
  return `2026-03-02T${clock}Z`;
}

const NO_OWNER: Owner = {
  class: 'unknown',
  name: null,
  asn: null,
  country: null,
  region: null,
  city: null,
  source: null,
  confidence: null,
  rule: null,
  department: null,
  contact: null,
  intent: 'undetermined',
  reasons: [],
};

const UNIVERSITY: Owner = {
  class: 'education',
  name: 'Example University',
  asn: 64496,
  country: 'NL',
  region: 'Utrecht',
  city: 'Utrecht',
  source: 'asn',
  confidence: 0.9,
  rule: statement('owner-asn', { asn: 64_496, name: 'Example University' }),
  department: 'IT centre',
  contact: 'noc@university.example',
  intent: 'hijacked',
  reasons: [verbatim('wallet seen at three owners')],
};

function evidence(
  kind: string,
  strength: Evidence['strength'],
  detail: string,
  record: number,
  clock: string,
): Evidence {
  return { kind, strength, ...verbatim(detail), count: 1, input: 'edge-01.pcap.gz', record, time: at(clock) };
}

const QUIET_SESSION = {
  via: [],
  transport: 'tcp',
  algorithm: null,
  algorithmSource: null,
  coin: null,
  agent: null,
  logins: [],
  shares: { submitted: 0, accepted: 0, rejected: 0, stale: 0, unanswered: 0 },
  rejects: {},
  work: { hashes: null, difficultyUnits: null, unpricedShares: 0 },
  activeSeconds: 0,
  difficulty: [],
  hashrate: [],
  selfReported: [],
  series: [],
} satisfies Partial<AuditSession>;

/** The connections of sessions that are one connection each. */
function withConnections(sessions: Omit<AuditSession, 'connections'>[]): AuditSession[] {
  return sessions.map((session) => {
    const { miner, start, end, traffic } = session;
    const { bytesOut, bytesIn } = traffic;
    return { ...session, connections: [{ port: miner.port, start, end, bytesOut, bytesIn }] };
  });
}

const RX_RATE = {
  algorithm: 'rx/0',
  unit: 'H/s',
  basis: 'shares',
  estimate: 2150,
  low95: 1970,
  high95: 2350,
  headline: true,
} as const;
const SHA_RATE = {
  algorithm: 'sha256d',
  unit: 'H/s',
  basis: 'shares',
  estimate: 95.2e12,
  low95: 81.4e12,
  high95: 110.6e12,
  headline: true,
} as const;
const ETC_RATE = {
  algorithm: 'etchash',
  unit: 'H/s',
  basis: 'shares',
  estimate: 61.3e6,
  low95: 12.6e6,
  high95: 179e6,
  headline: true,
} as const;
const ETC_CLAIM = {
  algorithm: 'etchash',
  unit: 'H/s',
  basis: 'self-reported',
  estimate: 88e6,
  low95: null,
  high95: null,
  headline: false,
} as const;
const ZEC_RATE = {
  algorithm: 'equihash-200-9',
  unit: 'Sol/s',
  basis: 'shares',
  estimate: 410,
  low95: 0,
  high95: 1510,
  headline: true,
} as const;

/** The audit. A new value on each call, so that tests may change it. */
export function sampleAudit(): Audit {
  const audit: Audit = {
    schema: 'minesweep.audit/4',
    tool: { name: 'minesweep', version: '0.1.0' },
    generated: '2026-03-02T09:00:00.000Z',
    partial: false,
    notes: [],
    sources: [],
    inputs: [
      {
        path: 'edge-01.pcap.gz',
        kind: 'pcap',
        bytes: 734_003_200,
        sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        packets: 2_400_120,
        first: at('08:00:00.000'),
        last: at('08:10:00.000'),
        damage: [],
      },
      {
        path: 'edge-02.pcapng',
        kind: 'pcapng',
        bytes: 310_500_000,
        sha256: null,
        packets: 1_150_000,
        first: at('08:10:00.100'),
        last: at('08:15:00.000'),
        damage: [
          damageRow({ kind: 'truncated-record', count: 1, at: 310_499_874 }),
          damageRow({ kind: 'bad-wire-length', count: 12, at: 4411 }),
        ],
      },
      {
        path: 'notes.txt',
        kind: 'unreadable',
        bytes: 812,
        sha256: null,
        first: null,
        last: null,
        damage: [damageRow({ kind: 'not-a-capture', count: 1, at: 0 })],
      },
    ],
    window: {
      start: at('08:00:00.000'),
      end: at('08:15:00.000'),
      seconds: WINDOW_SECONDS,
      observed: [{ start: at('08:00:00.000'), end: at('08:15:00.000') }],
      observedSeconds: WINDOW_SECONDS,
    },
    coverage: {
      complete: true,
      decoded: { bytes: 0.9982, packets: 0.9951 },
      encrypted: { bytes: 0.714, packets: 0.662 },
      truncated: { bytes: 0, packets: 0 },
      sampled: { bytes: 0, packets: 0 },
      oneSided: { bytes: 0.031, packets: 0.044 },
      skipped: { bytes: 0.0018, packets: 0.0049 },
      skippedReasons: { 'not-ip': 17_395 },
      judged: {
        read: { conversations: 400, bytes: 703_000 },
        searched: { conversations: 0, bytes: 0 },
        listed: { conversations: 0, bytes: 0 },
        allowed: { conversations: 0, bytes: 0 },
        unlike: { conversations: 0, bytes: 0 },
        notJudged: {},
      },
    },
    totals: {
      hosts: { confirmed: 3, probable: 1, suspected: 1, attempted: 1, listed: 1 },
      minerAddresses: 4,
      machines: { low: 4, high: 7 },
      traffic: traffic(280_000, 396_000, 2_850, 3_200),
      hashrate: [
        { ...RX_RATE, estimate: 4300, low95: 4040, high95: 4570, hosts: 2 },
        { ...SHA_RATE, hosts: 1 },
        { ...ETC_RATE, hosts: 1 },
        { ...ETC_CLAIM, hosts: 1 },
      ],
      power: {
        wattsLow: 3100,
        watts: 3690,
        wattsHigh: 4900,
        kwhPerDayLow: 74.4,
        kwhPerDay: 88.6,
        kwhPerDayHigh: 117.6,
      },
      powerAssumptions: [],
      owners: [
        { class: 'education', addresses: 1, share: 0.25 },
        { class: 'unknown', addresses: 3, share: 0.75 },
      ],
      institutionalShare: 0.25,
      cities: [],
    },
    hosts: [
      {
        ip: '192.0.2.11',
        verdict: 'confirmed',
        roles: ['miner'],
        owner: UNIVERSITY,
        traffic: traffic(120_000, 180_000, 1_200, 1_400),
        sessions: 1,
        workers: ['rig-a'],
        coins: ['XMR'],
        algorithms: ['rx/0'],
        hashrate: [RX_RATE],
        duty: 0.97,
        rigs: { low: 1, high: 1 },
        power: {
          wattsLow: 60,
          watts: 90,
          wattsHigh: 140,
          kwhPerDayLow: 1.4,
          kwhPerDay: 2.2,
          kwhPerDayHigh: 3.4,
        },
        firstSeen: at('08:00:03.166'),
        lastSeen: at('08:14:59.900'),
        pools: ['SupportXMR'],
        evidence: [
          evidence('service', 'weak', 'keepalived answered', 900, '08:01:00.000'),
          evidence('login', 'strong', 'login accepted by the pool', 118, '08:00:03.280'),
          evidence('share', 'proof', '412 shares accepted, 3 stale', 204, '08:00:09.747'),
        ],
      },
      {
        ip: '2001:db8:10:4::1:2f',
        verdict: 'confirmed',
        roles: ['miner'],
        owner: NO_OWNER,
        traffic: traffic(60_000, 90_000, 600, 700),
        sessions: 1,
        workers: ['機房-07', 'rack2.s19'],
        coins: ['BTC'],
        algorithms: ['sha256d'],
        hashrate: [SHA_RATE],
        duty: 1,
        rigs: { low: 1, high: 1 },
        power: {
          wattsLow: 3040,
          watts: 3600,
          wattsHigh: 4760,
          kwhPerDayLow: 73,
          kwhPerDay: 86.4,
          kwhPerDayHigh: 114.2,
        },
        firstSeen: at('08:00:00.100'),
        lastSeen: at('08:15:00.000'),
        pools: ['Braiins Pool'],
        evidence: [
          evidence('share', 'proof', '164 shares accepted, 2 rejected as low difficulty', 88, '08:00:02.000'),
          evidence('job', 'strong', '31 jobs received', 60, '08:00:01.000'),
        ],
      },
      {
        ip: '192.0.2.77',
        verdict: 'confirmed',
        roles: ['miner', 'proxy'],
        owner: NO_OWNER,
        traffic: traffic(80_000, 100_000, 900, 950),
        sessions: 3,
        workers: ['gpu1', 'gpu2'],
        coins: ['XMR', 'ETC'],
        algorithms: ['rx/0', 'etchash'],
        hashrate: [RX_RATE, ETC_RATE, ETC_CLAIM],
        duty: 0.4,
        rigs: { low: 1, high: 1 },
        power: null,
        firstSeen: at('08:02:00.000'),
        lastSeen: at('08:08:10.000'),
        pools: ['2Miners', 'SupportXMR'],
        evidence: [
          evidence('share', 'proof', '415 shares accepted', 1200, '08:02:06.000'),
          evidence('self-reported', 'weak', 'claims 88 MH/s', 1290, '08:02:30.000'),
        ],
      },
      {
        ip: '192.0.2.140',
        verdict: 'suspected',
        roles: ['miner'],
        owner: NO_OWNER,
        traffic: traffic(12_000, 15_000, 110, 120),
        sessions: 2,
        workers: [HOSTILE.worker],
        coins: [],
        algorithms: ['equihash-200-9'],
        hashrate: [ZEC_RATE],
        duty: 0.1,
        rigs: { low: 1, high: 1 },
        power: null,
        firstSeen: at('08:05:00.000'),
        lastSeen: at('08:06:30.000'),
        pools: [HOSTILE.pool],
        evidence: [evidence('login', 'weak', HOSTILE.detail, 5000, '08:05:01.000')],
      },
      {
        ip: '198.18.204.200',
        verdict: 'probable',
        roles: ['miner'],
        owner: NO_OWNER,
        traffic: traffic(20_000, 26_000, 150, 150),
        sessions: 1,
        workers: [],
        coins: [],
        algorithms: [],
        hashrate: [],
        duty: 0.88,
        rigs: { low: 1, high: 1 },
        power: null,
        firstSeen: at('08:01:00.000'),
        lastSeen: at('08:14:10.000'),
        pools: ['NiceHash'],
        evidence: [
          evidence(
            'endpoint',
            'strong',
            'TLS name auto.nicehash.com, dedicated to mining',
            77,
            '08:01:00.040',
          ),
          evidence('behaviour', 'weak', 'small messages at a steady pace for 13 min', 90, '08:14:10.000'),
        ],
      },
      {
        ip: '192.0.2.150',
        verdict: 'attempted',
        roles: ['miner'],
        owner: NO_OWNER,
        traffic: traffic(0, 0, 0, 0),
        sessions: 1,
        workers: [],
        coins: [],
        algorithms: [],
        hashrate: [],
        duty: null,
        rigs: { low: 1, high: 1 },
        power: null,
        firstSeen: at('08:03:00.000'),
        lastSeen: at('08:03:09.000'),
        pools: ['MoneroOcean'],
        evidence: [evidence('connection', 'weak', '4 connections refused', 2100, '08:03:00.000')],
      },
      {
        ip: '192.0.2.9',
        verdict: 'listed',
        roles: [],
        owner: NO_OWNER,
        traffic: traffic(0, 0, 0, 0),
        sessions: 0,
        workers: [],
        coins: [],
        algorithms: [],
        hashrate: [],
        duty: null,
        rigs: { low: 1, high: 1 },
        power: null,
        firstSeen: at('08:04:00.000'),
        lastSeen: at('08:04:00.000'),
        pools: ['F2Pool'],
        evidence: [evidence('dns', 'hint', 'asked for btc.f2pool.com', 3100, '08:04:00.000')],
      },
    ],
    machines: [],
    sessions: withConnections([
      {
        ...QUIET_SESSION,
        miner: { ip: '192.0.2.11', port: 59124 },
        pool: {
          ip: '198.51.100.10',
          port: 3333,
          names: ['pool.supportxmr.com'],
          pool: 'SupportXMR',
          kind: null,
        },
        dialect: 'cryptonote',
        verdict: 'confirmed',
        algorithm: 'rx/0',
        algorithmSource: 'job',
        coin: 'XMR',
        agent: 'XMRig/6.22.2 (Linux x86_64) libuv/1.48.0 gcc/14.2.0',
        logins: [{ account: XMR_WALLET, worker: 'rig-a' }],
        start: at('08:00:03.166'),
        end: at('08:14:59.900'),
        traffic: traffic(120_000, 180_000, 1_200, 1_400),
        shares: { submitted: 416, accepted: 412, rejected: 1, stale: 3, unanswered: 0 },
        rejects: { duplicate: 1 },
        work: { hashes: 1_926_400, difficultyUnits: null, unpricedShares: 0 },
        activeSeconds: 896,
        difficulty: [
          { time: at('08:00:03.200'), hashesPerShare: 4000, difficultyUnits: null },
          { time: at('08:04:00.000'), hashesPerShare: 5000, difficultyUnits: null },
        ],
        hashrate: [RX_RATE],
        selfReported: [],
        series: [
          { start: at('08:00:00.000'), seconds: 60, shares: 30, hashrate: 2000 },
          { start: at('08:01:00.000'), seconds: 60, shares: 33, hashrate: 2200 },
        ],
      },
      {
        ...QUIET_SESSION,
        miner: { ip: '2001:db8:10:4::1:2f', port: 41002 },
        pool: {
          ip: '2001:db8:ffff::5',
          port: 3333,
          names: ['stratum.braiins.com'],
          pool: 'Braiins Pool',
          kind: null,
        },
        dialect: 'stratum-v1',
        verdict: 'confirmed',
        algorithm: 'sha256d',
        algorithmSource: 'proof',
        coin: 'BTC',
        agent: 'cgminer/4.12.1',
        logins: [
          { account: BTC_WALLET, worker: '機房-07' },
          { account: BTC_WALLET, worker: 'rack2.s19' },
        ],
        start: at('08:00:00.100'),
        end: at('08:15:00.000'),
        traffic: traffic(60_000, 90_000, 600, 700),
        shares: { submitted: 166, accepted: 164, rejected: 2, stale: 0, unanswered: 0 },
        rejects: { 'low-difficulty': 2 },
        work: { hashes: 8.568e16, difficultyUnits: null, unpricedShares: 0 },
        activeSeconds: 900,
        difficulty: [
          { time: at('08:00:00.300'), hashesPerShare: 522_400_000_000_000, difficultyUnits: 121_634 },
        ],
        hashrate: [SHA_RATE],
      },
      {
        ...QUIET_SESSION,
        miner: { ip: '192.0.2.77', port: 50001 },
        pool: {
          ip: '198.51.100.10',
          port: 3333,
          names: ['pool.supportxmr.com'],
          pool: 'SupportXMR',
          kind: null,
        },
        dialect: 'cryptonote',
        verdict: 'confirmed',
        algorithm: 'rx/0',
        algorithmSource: 'job',
        coin: 'XMR',
        agent: 'xmrig-proxy/6.22.0',
        logins: [{ account: XMR_WALLET, worker: 'gpu1' }],
        start: at('08:02:00.000'),
        end: at('08:08:10.000'),
        traffic: traffic(50_000, 60_000, 500, 550),
        shares: { submitted: 412, accepted: 412, rejected: 0, stale: 0, unanswered: 0 },
        work: { hashes: 795_500, difficultyUnits: null, unpricedShares: 0 },
        activeSeconds: 370,
        hashrate: [RX_RATE],
      },
      {
        ...QUIET_SESSION,
        miner: { ip: '192.0.2.77', port: 50002 },
        pool: { ip: '198.51.100.20', port: 1010, names: ['etc.2miners.com'], pool: '2Miners', kind: null },
        via: [{ ip: '192.0.2.1', port: 1080, kind: 'socks5' }],
        dialect: 'eth-proxy',
        verdict: 'confirmed',
        algorithm: 'etchash',
        algorithmSource: 'pool',
        coin: 'ETC',
        logins: [{ account: '0xfa4ee0000000000000000000000000000000c0de', worker: 'gpu2' }],
        start: at('08:02:00.000'),
        end: at('08:04:10.000'),
        traffic: traffic(20_000, 30_000, 300, 300),
        shares: { submitted: 3, accepted: 3, rejected: 0, stale: 0, unanswered: 0 },
        work: { hashes: 7_969_000_000, difficultyUnits: null, unpricedShares: 0 },
        activeSeconds: 130,
        hashrate: [ETC_RATE, ETC_CLAIM],
        selfReported: [{ time: at('08:02:30.000'), hashrate: 88e6 }],
      },
      {
        ...QUIET_SESSION,
        miner: { ip: '192.0.2.77', port: 50003 },
        pool: { ip: '198.51.100.20', port: 1010, names: ['etc.2miners.com'], pool: '2Miners', kind: null },
        dialect: 'eth-proxy',
        verdict: 'confirmed',
        algorithm: 'etchash',
        algorithmSource: 'pool',
        coin: 'ETC',
        logins: [{ account: '0xfa4ee0000000000000000000000000000000c0de', worker: 'gpu2' }],
        start: at('08:04:20.000'),
        end: at('08:04:40.000'),
        traffic: traffic(10_000, 10_000, 100, 100),
      },
      {
        ...QUIET_SESSION,
        miner: { ip: '192.0.2.140', port: 60000 },
        pool: { ip: '203.0.113.66', port: 8080, names: [HOSTILE.pool], pool: null, kind: null },
        dialect: 'zip301',
        verdict: 'suspected',
        algorithm: 'equihash-200-9',
        algorithmSource: 'job',
        agent: HOSTILE.agent,
        logins: [{ account: HOSTILE.account, worker: HOSTILE.worker }],
        start: at('08:05:00.000'),
        end: at('08:06:00.000'),
        traffic: traffic(7_000, 9_000, 60, 70),
        shares: { submitted: 1, accepted: 0, rejected: 0, stale: 0, unanswered: 1 },
        work: { hashes: 36_900, difficultyUnits: null, unpricedShares: 0 },
        activeSeconds: 90,
        hashrate: [ZEC_RATE],
      },
      {
        ...QUIET_SESSION,
        miner: { ip: '192.0.2.140', port: 60001 },
        pool: { ip: '203.0.113.66', port: 8081, names: [], pool: null, kind: null },
        dialect: 'stratum-v1',
        verdict: 'suspected',
        start: at('08:06:00.000'),
        end: at('08:06:30.000'),
        traffic: traffic(5_000, 6_000, 50, 50),
        shares: { submitted: 9, accepted: 9, rejected: 0, stale: 0, unanswered: 0 },
        work: { hashes: null, difficultyUnits: 4608, unpricedShares: 2 },
        activeSeconds: 30,
      },
      {
        ...QUIET_SESSION,
        miner: { ip: '198.18.204.200', port: 40100 },
        pool: { ip: '198.51.100.30', port: 443, names: ['auto.nicehash.com'], pool: 'NiceHash', kind: null },
        transport: 'tls',
        dialect: 'tls',
        verdict: 'probable',
        start: at('08:01:00.000'),
        end: at('08:14:10.000'),
        traffic: traffic(20_000, 26_000, 150, 150),
        activeSeconds: 790,
      },
      {
        ...QUIET_SESSION,
        miner: { ip: '192.0.2.150', port: 52000 },
        pool: {
          ip: '198.51.100.40',
          port: 10001,
          names: ['gulf.moneroocean.stream'],
          pool: 'MoneroOcean',
          kind: null,
        },
        dialect: 'flow',
        verdict: 'attempted',
        start: at('08:03:00.000'),
        end: at('08:03:09.000'),
        traffic: traffic(0, 0, 0, 0),
      },
    ]),
    pools: [
      {
        pool: 'SupportXMR',
        operator: null,
        endpoints: ['pool.supportxmr.com:3333'],
        hosts: 2,
        sessions: 2,
        traffic: traffic(170_000, 240_000, 1_700, 1_950),
        coins: ['XMR'],
      },
      {
        pool: 'Braiins Pool',
        operator: 'Braiins',
        endpoints: ['stratum.braiins.com:3333'],
        hosts: 1,
        sessions: 1,
        traffic: traffic(60_000, 90_000, 600, 700),
        coins: ['BTC'],
      },
      {
        pool: '2Miners',
        operator: null,
        endpoints: ['etc.2miners.com:1010'],
        hosts: 1,
        sessions: 2,
        traffic: traffic(30_000, 40_000, 400, 400),
        coins: ['ETC'],
      },
      {
        pool: 'NiceHash',
        operator: null,
        endpoints: ['auto.nicehash.com:443'],
        hosts: 1,
        sessions: 1,
        traffic: traffic(20_000, 26_000, 150, 150),
        coins: [],
      },
      {
        pool: HOSTILE.pool,
        operator: null,
        endpoints: ['203.0.113.66:8080', '203.0.113.66:8081'],
        hosts: 1,
        sessions: 2,
        traffic: traffic(12_000, 15_000, 110, 120),
        coins: [],
      },
      {
        pool: 'MoneroOcean',
        operator: null,
        endpoints: ['gulf.moneroocean.stream:10001'],
        hosts: 1,
        sessions: 1,
        traffic: traffic(0, 0, 0, 0),
        coins: [],
      },
    ],
  };
  return structuredClone(audit);
}

/** The same inputs with nothing found in them. */
export function quietAudit(): Audit {
  const audit = sampleAudit();
  return {
    ...audit,
    inputs: audit.inputs.slice(0, 1),
    totals: {
      ...audit.totals,
      hosts: { confirmed: 0, probable: 0, suspected: 0, attempted: 0, listed: 0 },
      minerAddresses: 0,
      machines: { low: 0, high: 0 },
      traffic: traffic(0, 0, 0, 0),
      hashrate: [],
      power: null,
      powerAssumptions: [],
      owners: [],
      institutionalShare: null,
      cities: [],
    },
    hosts: [],
    sessions: [],
    pools: [],
  };
}

/** The audit with totals that its hosts make, as what is read back must have. */
export function totalled(audit: Audit): Audit {
  const counted = hostCounts(audit.hosts, audit.window.observedSeconds);
  const { hashrate, power, modelledPower } = narrowTo(audit, audit.hosts).totals;
  const owners = [{ class: 'unknown' as const, addresses: counted.minerAddresses, share: 1 }];
  return {
    ...audit,
    totals: {
      ...audit.totals,
      ...counted,
      owners: counted.minerAddresses === 0 ? [] : owners,
      ...{ hashrate, power, modelledPower },
    },
  };
}
