/**
 * Who only looks, and who is only looked at: crawlers and watchers of jobs are scanners, servers that answer strangers
 * and judge nothing are honeypots, and neither is a miner. Whoever may be one stays what he was.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PoolConnection } from '../../src/endpoints/pool-connection.ts';
import { judgeScanners } from '../../src/hosts/scanners.ts';
import type { FinalSession } from '../../src/sessions/finalize.ts';
import { verbatim } from '../../src/statements/index.ts';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { bareSession, finalizedAs, NO_POOL } from '../support/sessions.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const START = 1_790_000_000_000_000;
const SECOND = 1_000_000;
type Packets = ReturnType<ReturnType<typeof conversation>['toPackets']>;

const NOTIFY = [
  'mining.notify',
  ['4f', '11'.repeat(32), '01', '02', [], '20000000', '17034219', '68a1b2c3', true],
] as const;

interface Talk {
  readonly miner: string;
  readonly pool: string;
  /** Seconds after the start. */
  readonly at?: number;
  readonly jobs?: number;
  readonly jobEvery?: number;
  /** One share after the first job: accepted, or without an answer. */
  readonly share?: 'accepted' | 'unanswered';
  readonly isOpen?: boolean;
}

/** Subscribe, authorize, jobs; then the connection ends, unless it is open. */
function talk({ miner, pool, at = 0, jobs = 1, jobEvery = 1, share, isOpen = false }: Talk): Packets {
  let said = conversation({ miner, pool, startUs: START + at * SECOND })
    .connect()
    .minerSays({ id: 1, method: 'mining.subscribe', params: ['probe/1.0'] })
    .poolSays({ id: 1, result: [[['mining.notify', 'a6']], '5e0a11c7', 4], error: null })
    .minerSays({ id: 2, method: 'mining.authorize', params: ['someone.1', 'x'] })
    .poolSays({ id: 2, result: true, error: null });
  for (let job = 0; job < jobs; job++) {
    said = said
      .after(jobEvery)
      .poolSays({ id: null, method: NOTIFY[0], params: [`${job}`, ...NOTIFY[1].slice(1)] });
    if (share === undefined || job > 0) continue;
    said = said.minerSays({
      id: 3,
      method: 'mining.submit',
      params: ['someone.1', '0', '00000007', '68a1b2c3', '0000148f'],
    });
    if (share === 'accepted') said = said.poolSays({ id: 3, result: true, error: null });
  }
  return (isOpen ? said : said.close()).toPackets();
}

/** Something else that goes on until the capture ends. */
function lastWord(at: number): Packets {
  return conversation({ miner: '192.0.2.250:5000', pool: '198.51.100.250:80', startUs: START + at * SECOND })
    .connect()
    .toPackets();
}

async function audited(name: string, parts: readonly Packets[], local: readonly string[] = []) {
  const packets = parts.flat().sort((a, b) => a.timeUs - b.timeUs);
  const audit = await scanInputs([writeCapture(folder, name, packets)], { local });
  return { audit, of: (ip: string) => audit.hosts.find((host) => host.ip === ip) };
}

const POOLS = ['198.51.100.1', '198.51.100.2', '203.0.113.3', '203.0.113.4', '203.0.113.5', '203.0.113.6'];
/** The same at each pool, one after the other or together. */
const atAll = (each: (pool: string, i: number) => Talk): Packets[] =>
  POOLS.map((pool, i) => talk(each(`${pool}:3333`, i)));

describe('a host that asks many pools and works for none', () => {
  it('is a scanner where it logs in, takes a job and goes', async () => {
    const { audit, of } = await audited('crawler', [
      ...atAll((pool, i) => ({ miner: `192.0.2.9:${4000 + i}`, pool, at: 10 * i, jobs: 3, jobEvery: 12 })),
      lastWord(300),
    ]);
    const host = of('192.0.2.9');
    expect([host?.verdict, host?.roles]).toEqual(['attempted', ['scanner']]);
    expect(host?.evidence.filter(({ kind }) => kind === 'scan')).toMatchObject([
      { strength: 'hint', code: 'scan', params: { endpoints: 6, atOnce: null } },
    ]);
    expect(audit.totals.minerAddresses).toBe(0);
    expect(new Set(audit.sessions.map(({ verdict }) => verdict))).toEqual(new Set(['attempted']));
  });

  it('is a scanner where it watches the jobs of all of them for long', async () => {
    const { audit, of } = await audited('watcher', [
      ...atAll((pool, i) => ({ miner: `192.0.2.9:${4000 + i}`, pool, at: i, jobs: 25, jobEvery: 30 })),
      lastWord(900),
    ]);
    const host = of('192.0.2.9');
    expect([host?.verdict, host?.roles]).toEqual(['attempted', ['scanner']]);
    expect(host?.evidence.find(({ kind }) => kind === 'scan')?.text).toBe(
      '6 endpoints tried as pools, 6 of them at the same time, no share submitted to any',
    );
    expect(audit.totals.hosts.confirmed).toBe(0);
  });
});

describe('a host that nobody answers', () => {
  const tries = (rounds: number): Packets[] =>
    POOLS.flatMap((pool, i) =>
      Array.from({ length: rounds }, (_, round) =>
        conversation({
          miner: `192.0.2.9:${4000 + 10 * i + round}`,
          pool: `${pool}:3333`,
          startUs: START + (60 * round + i) * SECOND,
        })
          .connect()
          .toPackets()
          .slice(0, 1),
      ),
    );

  it('is a scanner where it goes on, and a miner that is kept out where it tries again and again', async () => {
    const list = path.join(folder, 'pools.txt');
    writeFileSync(list, POOLS.map((pool) => `${pool}:3333\n`).join(''));
    for (const [rounds, roles] of [
      [1, ['scanner']],
      [4, []],
    ] as const) {
      const packets = tries(rounds).flat();
      packets.sort((a, b) => a.timeUs - b.timeUs);
      const audit = await scanInputs([writeCapture(folder, `tries-${rounds}`, packets)], {
        poolFiles: [list],
      });
      expect(audit.hosts.map((host) => [host.ip, host.verdict, host.roles])).toEqual([
        ['192.0.2.9', 'attempted', roles],
      ]);
    }
  });
});

describe('no scanner, but a miner as before, is a host', () => {
  const cases: readonly { readonly name: string; readonly parts: readonly Packets[] }[] = [
    {
      name: 'that works for one of the pools',
      parts: [
        ...atAll((pool, i) => ({
          ...{ miner: `192.0.2.9:${4000 + i}`, pool, at: 10 * i, jobs: 3, jobEvery: 12 },
          ...(i === 5 ? { share: 'accepted' as const } : {}),
        })),
        lastWord(300),
      ],
    },
    {
      name: 'that goes from pool to pool and stays a while with each',
      parts: [
        ...atAll((pool, i) => ({ miner: `192.0.2.9:${4000 + i}`, pool, at: 200 * i, jobs: 6, jobEvery: 30 })),
        lastWord(1500),
      ],
    },
    {
      name: 'whose sessions the end of the capture cuts',
      parts: atAll((pool, i) => ({
        ...{ miner: `192.0.2.9:${4000 + i}`, pool, at: i, jobs: 3, jobEvery: 12, isOpen: true },
      })),
    },
    {
      name: 'of which only the pools’ side was captured',
      parts: [
        ...atAll((pool, i) => ({
          miner: `192.0.2.9:${4000 + i}`,
          pool,
          at: 10 * i,
          jobs: 3,
          jobEvery: 12,
        })).map((packets) => packets.filter(({ bytes }) => bytes[29] !== 9)),
        lastWord(300),
      ],
    },
  ];

  it.each(cases)('$name', async ({ name, parts }) => {
    const { of } = await audited(name.slice(0, 20).replace(/\W/g, '-'), parts);
    const host = of('192.0.2.9');
    expect(['confirmed', 'probable']).toContain(host?.verdict);
    expect(host?.roles).toEqual(['miner']);
  });
});

describe('a monitor', () => {
  it('reads the jobs of a pool for long and submits none: no more than suspected', async () => {
    const one = { miner: '192.0.2.9:4000', pool: '198.51.100.1:3333', jobs: 40, jobEvery: 30 };
    const { audit, of } = await audited('watcher', [talk(one), lastWord(1400)]);
    expect([of('192.0.2.9')?.verdict, of('192.0.2.9')?.roles]).toEqual(['suspected', ['monitor']]);
    expect(audit.totals.minerAddresses).toBe(0);
  });

  it('asks for a job each minute, to the end of the capture', async () => {
    const checks = Array.from({ length: 8 }, (_, i) =>
      talk({ miner: `192.0.2.9:${4000 + i}`, pool: '198.51.100.1:3333', at: 60 * i }),
    );
    const { of } = await audited('checks', checks);
    expect([of('192.0.2.9')?.verdict, of('192.0.2.9')?.roles]).toEqual(['attempted', ['monitor']]);
  });
});

describe('a session that is left at once', () => {
  it('is an attempt after a login and a job, where nothing follows for long', async () => {
    const one = { miner: '192.0.2.9:4000', pool: '198.51.100.1:3333' };
    const { of } = await audited('brief', [talk(one), lastWord(120)]);
    expect([of('192.0.2.9')?.verdict, of('192.0.2.9')?.roles]).toEqual(['attempted', []]);
  });

  it('is none where the capture ends with it', async () => {
    const one = { miner: '192.0.2.9:4000', pool: '198.51.100.1:3333', isOpen: true };
    const { of } = await audited('cut', [talk(one)]);
    expect(of('192.0.2.9')?.verdict).toBe('probable');
  });
});

describe('a server of the own networks that answers strangers like a pool', () => {
  const STRANGERS = ['203.0.113.7', '198.51.100.8', '8.8.4.9', '9.9.9.10', '1.1.1.11', '5.5.5.12'];
  const LOCAL = ['192.0.2.0/24'];
  const asked = (each: Partial<Talk> = {}, clients = STRANGERS): Packets[] => [
    ...clients.map((ip, i) =>
      talk({ miner: `${ip}:4000`, pool: '192.0.2.80:3333', at: 20 * i, jobs: 2, jobEvery: 40, ...each }),
    ),
    lastWord(900),
  ];

  it('is a honeypot where it judges no work, and neither it nor who looked in is a miner', async () => {
    const { audit, of } = await audited('honeypot', asked(), LOCAL);
    const host = of('192.0.2.80');
    expect([host?.verdict, host?.roles]).toEqual(['attempted', ['honeypot']]);
    expect(host?.evidence.find(({ kind }) => kind === 'honeypot')).toMatchObject({
      strength: 'hint',
      code: 'honeypot',
      params: { clients: 6, networks: 6, shares: 0 },
    });
    expect(STRANGERS.map((ip) => of(ip)?.verdict)).toEqual(STRANGERS.map(() => 'attempted'));
    expect(audit.totals.minerAddresses).toBe(0);
    expect(audit.totals.hosts).toEqual({ confirmed: 0, probable: 0, suspected: 0, attempted: 6, listed: 0 });
  });

  it('is one too where a machine of the own networks looked in as well', async () => {
    const look = conversation({ miner: '192.0.2.9:4000', pool: '192.0.2.80:3333', startUs: START })
      .connect()
      .minerSays({ id: 1, method: 'mining.subscribe', params: ['probe/1.0'] })
      .poolSays({ id: 1, result: [[['mining.notify', 'a6']], '5e0a11c7', 4], error: null })
      .close()
      .toPackets();
    const { of } = await audited('inside', [...asked(), look], LOCAL);
    expect(of('192.0.2.80')?.roles).toEqual(['honeypot']);
  });

  it('is one too where work is submitted and nobody is told what became of it', async () => {
    const { audit, of } = await audited('unjudged', asked({ share: 'unanswered' }), LOCAL);
    const host = of('192.0.2.80');
    expect([host?.verdict, host?.roles]).toEqual(['attempted', ['honeypot']]);
    expect(host?.evidence.find(({ kind }) => kind === 'honeypot')?.text).toContain(
      'none of 6 submitted shares was judged',
    );
    // Who submits work mines, for whomever.
    expect(of('8.8.4.9')?.verdict).toBe('probable');
    expect(audit.totals.minerAddresses).toBe(6);
  });

  const notOne: readonly { name: string; parts: Packets[]; local?: readonly string[]; roles?: string[] }[] = [
    { name: 'it judges work', parts: asked({ share: 'accepted' }), roles: ['pool'] },
    {
      name: 'a machine of the own networks mines there',
      parts: [...asked(), talk({ miner: '192.0.2.9:4000', pool: '192.0.2.80:3333', jobs: 9, jobEvery: 20 })],
      roles: ['pool'],
    },
    { name: 'few strangers came', parts: asked({}, STRANGERS.slice(0, 4)), roles: ['pool'] },
    {
      name: 'all strangers are of one network',
      parts: asked({}, ['8.8.1.1', '8.8.1.2', '8.8.2.3', '8.8.9.4', '8.8.200.5', '8.8.8.6']),
      roles: ['pool'],
    },
    {
      name: 'it mines at a pool itself',
      parts: [
        ...asked(),
        talk({ miner: '192.0.2.80:4000', pool: '198.51.100.1:3333', share: 'accepted', jobs: 9 }),
      ],
      roles: ['proxy', 'pool'],
    },
    { name: 'nobody said which networks are the own', parts: asked(), local: [] },
  ];
  it.each(notOne)('is no honeypot where $name', async ({ name, parts, local = LOCAL, roles }) => {
    const { of } = await audited(`not ${name}`.replace(/\W/g, '-'), parts, local);
    expect(of('192.0.2.80')?.roles).toEqual(roles);
  });
});

describe('sessions and contacts that are judged together', () => {
  interface Told {
    readonly client?: string;
    readonly pool?: string;
    readonly from?: number;
    readonly seconds: number;
    readonly kinds?: readonly string[];
    readonly verdict?: 'confirmed' | 'probable' | 'attempted';
    readonly rate?: number;
    readonly jobs?: number;
    readonly isDoubted?: boolean;
  }
  const session = (told: Told): FinalSession => {
    const { client = '192.0.2.1', pool = '198.51.100.1', from = 0, kinds = ['login', 'job'] } = told;
    const made = bareSession('cryptonote', {
      miner: { ip: client, port: 1 },
      pool: { ip: pool, port: 3333 },
    });
    const observations = kinds.map((kind, record) => ({
      kind,
      timeUs: from * 1e6,
      record,
      input: 0,
      count: 1,
      detail: '',
    }));
    made.observed.observations.push(...observations);
    made.jobs.count = told.jobs ?? 1;
    if (told.rate !== undefined) made.claims.selfReport(told.rate, 0);
    if (told.isDoubted)
      made.connections.cameThrough([
        { kind: 'tunnel', source: '203.0.113.1', destination: null, doubt: 'outside' },
      ]);
    made.cover(from * 1e6, (from + told.seconds) * 1e6);
    return finalizedAs(made, { verdict: { verdict: told.verdict ?? 'probable', reason: verbatim('') } });
  };
  /** So many of the kind, each with a pool of its own. */
  const pools = (count: number, told: Told, step = 0): Told[] =>
    Array.from({ length: count }, (_, i) => ({
      pool: `198.51.100.${i + 1}`,
      ...told,
      from: (told.from ?? 0) + i * step,
    }));
  const END = 1000;
  const judgedAs = (told: readonly Told[], poolConnections: readonly PoolConnection[] = []) =>
    judgeScanners(told.map(session), poolConnections, (ip) => ip.startsWith('10.'), END * 1e6);
  const codes = (told: readonly Told[]): string[] => [
    ...new Set(judgedAs(told).sessions.map(({ verdict }) => `${verdict.verdict} ${verdict.reason.code}`)),
  ];
  const unchanged = `probable ${verbatim('').code}`;
  const many = 'attempted one-of-many';
  const left = 'attempted left-at-once';

  it.each<[string, readonly Told[], readonly string[]]>([
    ['five pools for 20 s', pools(5, { seconds: 20 }), [many]],
    ['four pools for 20 s', pools(4, { seconds: 20 }), [left]],
    ['five pools for 119 s', pools(5, { seconds: 119 }), [many]],
    ['five pools for 120 s', pools(5, { seconds: 120 }), [unchanged]],
    ['five pools, a minute before the end', pools(5, { from: 840, seconds: 100 }), [many]],
    ['five pools, less than a minute before the end', pools(5, { from: 841, seconds: 100 }), [unchanged]],
    [
      'five pools, with work for another',
      [...pools(5, { seconds: 100 }), { pool: '198.51.100.9', seconds: 100, kinds: ['login', 'share'] }],
      [unchanged],
    ],
    [
      'five pools, of which one is told from outside',
      [...pools(4, { seconds: 100 }), { pool: '198.51.100.9', seconds: 100, isDoubted: true }],
      [unchanged],
    ],
    ['five pools at one time for 600 s', pools(5, { seconds: 600 }), [many]],
    ['five pools at one time for 599 s', pools(5, { seconds: 599 }), [unchanged]],
    ['four pools at one time for 600 s', pools(4, { seconds: 600 }), [unchanged]],
    ['pools for 600 s, one after the other', pools(5, { seconds: 600 }, 600), [unchanged]],
    ['five checks of one pool', Array.from({ length: 5 }, () => ({ seconds: 29 })), ['attempted pool-check']],
    ['four checks of one pool', Array.from({ length: 4 }, () => ({ seconds: 29 })), [left]],
    ['five visits without a job', Array.from({ length: 5 }, () => ({ seconds: 29, jobs: 0 })), [left]],
    ['a session of less than 30 s', [{ seconds: 29.9 }], [left]],
    ['a session of 30 s', [{ seconds: 30 }], [unchanged]],
    ['a brief one at the end', [{ from: 950, seconds: 20 }], [unchanged]],
    ['a brief one that tells a rate', [{ seconds: 20, rate: 900 }], [unchanged]],
    ['a brief one without a login', [{ seconds: 20, kinds: ['job'] }], [unchanged]],
    ['a brief one after a request', [{ seconds: 20, kinds: ['request'] }], [left]],
    ['a brief one with an answer', [{ seconds: 20, kinds: ['login', 'answer'] }], [unchanged]],
    ['a brief one with itself', [{ seconds: 20, pool: '192.0.2.1' }], [unchanged]],
  ])('%s', (_name, told, expected) => {
    expect(codes(told)).toEqual(expected);
  });

  it('tell how many pools a scanner asked, and how many it held at one time', () => {
    const found = (told: readonly Told[]) => judgedAs(told).scanners.get('192.0.2.1')?.statement.params;
    expect(found(pools(6, { seconds: 20 }, 30))).toMatchObject({ endpoints: 6, atOnce: null });
    expect(found([...pools(6, { seconds: 600 }), { pool: '203.0.113.9', seconds: 20 }])).toMatchObject({
      endpoints: 7,
      atOnce: 6,
    });
    expect(found(pools(4, { seconds: 20 }))).toBeUndefined();
    const { packetRef } = judgedAs(pools(5, { from: 7, seconds: 20 }, 30)).scanners.get('192.0.2.1') ?? {};
    expect(packetRef).toEqual({ timeUs: 7e6, record: 0, input: 0 });
  });

  const tries = (count: number, more: (at: number) => Partial<PoolConnection>): PoolConnection[] =>
    Array.from(
      { length: count },
      (_, at): PoolConnection => ({
        kind: 'connection',
        match: NO_POOL,
        namedBy: 'client',
        ownName: '',
        isEncrypted: false,
        marks: [],
        duty: null,
        client: { ip: '192.0.2.1', port: 1 },
        server: { ip: `198.51.100.${at}`, port: 3333 },
        tls: null,
        watchedFrom: null,
        verdict: 'attempted',
        count: 1,
        startUs: 0,
        endUs: 1e6,
        reason: verbatim(''),
        packetRef: { timeUs: at, record: at, input: 0 },
        traffic: { bytesOut: 0, bytesIn: 0, packetsOut: 0, packetsIn: 0 },
        ...more(at),
      }),
    );
  it.each<[string, readonly PoolConnection[], boolean]>([
    ['five servers that do not answer', tries(5, () => ({})), true],
    ['four of them', tries(4, () => ({})), false],
    ['five, each twice', tries(5, () => ({ count: 2 })), true],
    ['five, one of them three times', tries(5, (at) => ({ count: at === 0 ? 3 : 1 })), false],
    ['four, and one that answers', tries(5, (at) => ({ verdict: at === 0 ? 'listed' : 'attempted' })), true],
    ['five that answer', tries(5, () => ({ verdict: 'listed' })), false],
    [
      'five, and one that is suspected',
      tries(6, (at) => ({ verdict: at === 0 ? 'suspected' : 'attempted' })),
      false,
    ],
    [
      'five, and one that is probable',
      tries(6, (at) => ({ verdict: at === 0 ? 'probable' : 'attempted' })),
      false,
    ],
    ['four, and a look-up', tries(5, (at) => (at === 0 ? { server: null } : {})), false],
  ])('find a scanner that asked %s: %s', (_name, poolConnections, isScanner) => {
    expect(judgedAs([], poolConnections).scanners.has('192.0.2.1')).toBe(isScanner);
  });

  const SERVER = '10.0.0.9';
  const strangers = (ips: readonly string[], more: Partial<Told> = {}): Told[] =>
    ips.map((client) => ({ client, pool: SERVER, seconds: 200, ...more }));
  const FIVE = ['192.0.2.1', '192.0.2.2', '198.51.100.1', '198.51.100.2', '203.0.113.1'];
  it.each<[string, readonly Told[], readonly string[], boolean]>([
    ['five strangers of three networks', strangers(FIVE), ['attempted no-pool-no-shares'], true],
    ['four strangers', strangers(FIVE.slice(1)), [unchanged], false],
    ['five of two networks', strangers([...FIVE.slice(0, 4), '192.0.2.9']), [unchanged], false],
    [
      'five, two of whom get an answer like a pool’s',
      [...strangers(FIVE.slice(0, 2)), ...strangers(FIVE.slice(2), { kinds: ['login'] })],
      [unchanged],
      false,
    ],
    [
      'five, one of whom is told what became of a share',
      [
        ...strangers(FIVE.slice(1)),
        ...strangers(FIVE.slice(0, 1), { kinds: ['login', 'job', 'rejection-stale'] }),
      ],
      [unchanged],
      false,
    ],
    ['five, and it mines itself', [...strangers(FIVE), { client: SERVER, seconds: 200 }], [unchanged], false],
    ['five, and a miner of the own networks', strangers([...FIVE, '10.0.0.1']), [unchanged], false],
    [
      'five, and an attempt of the own networks',
      [...strangers(FIVE), ...strangers(['10.0.0.1'], { verdict: 'attempted' })],
      ['attempted no-pool-no-shares', `attempted ${verbatim('').code}`],
      true,
    ],
    [
      'five who submit and are told nothing',
      strangers(FIVE, { kinds: ['login', 'job', 'share'], verdict: 'confirmed' }),
      ['probable shares-not-judged'],
      true,
    ],
  ])('find a honeypot of %s', (_name, told, expected, isHoneypot) => {
    expect(codes(told)).toEqual(expected);
    expect(judgedAs(told).honeypots.has(SERVER)).toBe(isHoneypot);
  });
});
