/** What a host is, by its sessions and pool connections. */
import { describe, expect, it } from 'vitest';
import type { PoolConnection } from '../../src/endpoints/pool-connection.ts';
import { NOTHING_SHOWN } from '../../src/evidence/secrets.ts';
import { activeSeconds, secondsOfAlgorithm } from '../../src/hosts/active-time.ts';
import { rolesOf, type Status } from '../../src/hosts/roles.ts';
import type { FinalSession } from '../../src/sessions/finalize.ts';
import { PASSTHROUGH } from '../../src/sessions/observations.ts';
import { statement, verbatim } from '../../src/statements/index.ts';
import { bareSession, finalizedAs, NO_POOL } from '../support/sessions.ts';

interface Told {
  readonly dialect?: string;
  readonly transport?: string;
  readonly agent?: string;
  readonly passesOn?: boolean;
  readonly kind?: 'browser-miner';
  readonly verdict?: FinalSession['verdict']['verdict'];
  readonly code?: 'watcher' | 'pool-check';
  readonly seconds?: readonly [number, number];
  readonly works?: FinalSession['works'];
  readonly algorithm?: string;
}

function finalized(told: Told): FinalSession {
  const { dialect, transport = 'tcp', verdict = 'confirmed', algorithm = 'rx/0', works = [] } = told;
  const session = bareSession(dialect, { transport });
  session.claims.agent = told.agent ?? null;
  if (told.passesOn)
    session.observed.note(PASSTHROUGH, { timeUs: 1, record: 1, input: 0 }, 'miner', NOTHING_SHOWN);
  const [from, to] = told.seconds ?? [0, 100];
  session.cover(from * 1e6, to * 1e6);
  const reason = told.code === undefined ? verbatim('') : statement(told.code);
  const match = { ...NO_POOL, kind: told.kind ?? null };
  const intervals = works.flatMap((part) => part.intervals);
  const mined = intervals.length > 0 ? intervals : [{ startUs: from * 1e6, endUs: to * 1e6 }];
  return finalizedAs(session, { verdict: { verdict, reason }, match, algorithm, works, mined });
}

function poolConnection(more: Partial<PoolConnection>): PoolConnection {
  return {
    kind: 'connection',
    match: NO_POOL,
    namedBy: 'client',
    ownName: '',
    isEncrypted: true,
    marks: [],
    duty: null,
    client: { ip: '192.0.2.1', port: 5000 },
    server: { ip: '198.51.100.1', port: 3333 },
    tls: null,
    watchedFrom: null,
    verdict: 'listed',
    count: 1,
    startUs: 0,
    endUs: 100e6,
    reason: statement('listed-endpoint'),
    packetRef: { timeUs: 1, record: 1, input: 0 },
    traffic: { bytesOut: 0, bytesIn: 0, packetsOut: 0, packetsIn: 0 },
    ...more,
  };
}

describe('the roles of a host', () => {
  const BROWSER = { ...NO_POOL, kind: 'browser-miner' as const };
  const roles = (
    sessions: readonly Told[],
    poolConnections: readonly Partial<PoolConnection>[],
    status: Partial<Status>,
  ) =>
    rolesOf(
      {
        ip: '192.0.2.1',
        sessions: sessions.map(finalized),
        poolConnections: poolConnections.map(poolConnection),
      },
      { verdict: 'confirmed', serves: false, isProxy: false, scans: false, ...status },
    );

  it.each<[string, readonly Told[], readonly Partial<PoolConnection>[], Partial<Status>, readonly string[]]>([
    ['a session', [{}], [], {}, ['miner']],
    ['a suspected one', [{ verdict: 'suspected' }], [], { verdict: 'suspected' }, ['miner']],
    ['a probable one', [{ verdict: 'probable' }], [], { verdict: 'probable' }, ['miner']],
    ['an attempt', [{ verdict: 'attempted' }], [], { verdict: 'attempted' }, []],
    ['work of a node', [{ dialect: 'monero-daemon' }], [], {}, ['solo']],
    ['attempts at a node', [{ dialect: 'monero-daemon', verdict: 'attempted' }, {}], [], {}, ['miner']],
    ['a page', [{ dialect: 'websocket-miner', transport: 'websocket' }], [], {}, ['browser-miner']],
    ['the words of a page over TCP', [{ dialect: 'websocket-miner' }], [], {}, ['miner']],
    [
      'another dialect in a WebSocket',
      [{ dialect: 'stratum-v1', transport: 'websocket' }],
      [],
      {},
      ['miner'],
    ],
    ['a pool of pages', [{ kind: 'browser-miner' }], [], {}, ['browser-miner']],
    ['miners of its own', [{}], [], { serves: true }, ['proxy']],
    ['work that it passes on', [{ passesOn: true }], [], {}, ['proxy']],
    ['a proxy’s program', [{ agent: 'xmrig-proxy/6.22.0' }], [], {}, ['proxy']],
    ['a miner’s program', [{ agent: 'XMRig/6.22.0' }], [], {}, ['miner']],
    ['a page behind a proxy', [{ kind: 'browser-miner' }], [], { serves: true }, ['browser-miner', 'proxy']],
    [
      'a probable pool of pages',
      [],
      [{ verdict: 'probable', match: BROWSER }],
      { verdict: 'probable' },
      ['browser-miner'],
    ],
    [
      'a suspected pool of pages',
      [],
      [{ verdict: 'suspected', match: BROWSER }],
      { verdict: 'suspected' },
      ['miner'],
    ],
    ['a probable contact', [], [{ verdict: 'probable' }], { verdict: 'probable' }, ['miner']],
    ['a listed contact', [], [{}], { verdict: 'listed' }, []],
    ['a watch', [{ verdict: 'suspected', code: 'watcher' }], [], { verdict: 'suspected' }, ['monitor']],
    [
      'checks of a pool',
      [{ verdict: 'attempted', code: 'pool-check' }],
      [],
      { verdict: 'attempted' },
      ['monitor'],
    ],
    ['a watch and a session', [{ code: 'watcher' }, {}], [], {}, ['miner', 'monitor']],
    ['questions to a device', [], [{ kind: 'asked' }], { verdict: 'listed' }, ['monitor']],
    ['a scan', [{ verdict: 'attempted' }], [], { verdict: 'attempted', scans: true }, ['scanner']],
  ])('with %s', (_name, sessions, poolConnections, status, expected) => {
    expect(roles(sessions, poolConnections, status)).toEqual(expected);
  });
});

describe('the time in which a host mined', () => {
  const flow = (activeSeconds: number): Partial<PoolConnection> => ({
    flow: {
      connections: 1,
      unanswered: 0,
      activeSeconds,
      meanSeconds: activeSeconds,
      scatter: null,
      likeness: null,
      samplingInterval: 1,
      observedPackets: 1,
    },
  });
  const active = (sessions: readonly Told[], ...poolConnections: Partial<PoolConnection>[]) =>
    activeSeconds({
      sessions: sessions.map(finalized),
      poolConnections: poolConnections.map(poolConnection),
    });
  const work = (algorithm: string | null, ...seconds: [number, number][]): FinalSession['works'][number] => ({
    algorithm,
    intervals: seconds.map(([from, to]) => ({ startUs: from * 1e6, endUs: to * 1e6 })),
    shares: 1,
    work: 1,
    workSquared: 1,
    workInForce: 0,
    units: null,
  });

  it('is that of its stretches, or of sessions that have none', () => {
    expect([
      active([{}]),
      active([{ works: [work('rx/0', [10, 30], [40, 50])] }]),
      active([{ works: [work('rx/0')] }]),
      active([{ seconds: [0, 10] }, { seconds: [5, 20] }]),
    ]).toEqual([100, 30, 100, 20]);
  });

  it('leaves out what is suspected if anything is more, and attempts', () => {
    const later: Told = { seconds: [200, 250] };
    expect([
      active([{ ...later, verdict: 'suspected' }]),
      active([{ ...later, verdict: 'suspected' }, {}]),
      active([{ ...later, verdict: 'suspected' }], { verdict: 'probable' }),
      active([{ ...later, verdict: 'attempted' }]),
      active([{ ...later, verdict: 'probable' }], { verdict: 'suspected' }),
      active([], { verdict: 'suspected' }),
      active([], { verdict: 'probable', ...flow(40) }),
      active([later], { verdict: 'probable', ...flow(40) }),
    ]).toEqual([50, 100, 100, null, 50, 100, 40, 90]);
  });

  it('of an algorithm is that of its own stretches, or of its sessions that have none', () => {
    const seconds = (...told: Told[]) => secondsOfAlgorithm(told.map(finalized), 'rx/0');
    expect([
      seconds({ works: [work('rx/0', [10, 30]), work('cn/r', [30, 90])] }),
      seconds({ works: [work('cn/r', [30, 90])] }),
      seconds({ works: [work('cn/r')] }),
      seconds({ works: [work('cn/r')], algorithm: 'cn/r' }),
      seconds({ verdict: 'attempted' }),
    ]).toEqual([20, 0, 100, 0, 0]);
  });
});
