/** What a finished session is said to have mined. */
import { describe, expect, it } from 'vitest';
import { matchPool, type PoolMatch } from '../../src/endpoints/pool-match.ts';
import { NOTHING_SHOWN } from '../../src/evidence/secrets.ts';
import { PoolSet } from '../../src/pools/pool-set.ts';
import { finalizeSession } from '../../src/sessions/finalize.ts';
import type { MessageCounts } from '../../src/sessions/message-counts.ts';
import { DENIAL, JOB, LOGIN, PASSTHROUGH, REQUEST } from '../../src/sessions/observations.ts';
import type { Session } from '../../src/sessions/session.ts';
import { newWorkInterval } from '../../src/sessions/work-interval.ts';
import { bareSession, NO_POOL } from '../support/sessions.ts';

/** The algorithm of a session whose jobs name these, one after the other. */
function algorithmAfter(names: readonly string[]): string | null | undefined {
  const session = bareSession();
  const packetRef = { timeUs: 1.7e15, record: 1, input: 0 };
  names.forEach((algorithm, at) => {
    session.observed.note(JOB, packetRef, 'pool', NOTHING_SHOWN);
    session.algorithm({
      kind: 'algorithm',
      algorithm,
      source: 'job',
      detail: 'algo of the job',
      side: 'pool',
    });
    session.job(`job ${at}`, 5000, {}, packetRef.timeUs);
  });
  session.cover(1.7e15, 1.7e15 + 60e6);
  const match = matchPool(new PoolSet(), [], '198.51.100.1', 3333, 1.7e15);
  return finalizeSession(session, match, () => null)?.algorithm;
}

describe('the algorithm of a session', () => {
  it('is that of its last job, also where an earlier one had named it', () => {
    expect(algorithmAfter(['rx/0'])).toBe('rx/0');
    expect(algorithmAfter(['rx/0', 'cn/gpu'])).toBe('cn/gpu');
    expect(algorithmAfter(['rx/0', 'cn/gpu', 'rx/0'])).toBe('rx/0');
  });
});

describe('the algorithm of an address', () => {
  const XMR =
    '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F';
  const named = (match: Partial<PoolMatch>, jobs = 1): unknown[] => {
    const session = bareSession();
    const packetRef = { timeUs: 1.7e15, record: 1, input: 0 };
    session.login(XMR as Parameters<typeof session.login>[0], null);
    session.observed.note(LOGIN, packetRef, 'miner', NOTHING_SHOWN);
    for (let at = 0; at < jobs; at++) {
      session.observed.note(JOB, packetRef, 'pool', NOTHING_SHOWN);
      session.job(`job ${at}`, 5000, {}, packetRef.timeUs);
    }
    session.cover(1.7e15, 1.7e15 + 60e6);
    const finalized = finalizeSession(session, { ...NO_POOL, ...match }, () => null);
    return [finalized?.algorithm, finalized?.algorithmSource];
  };

  it('is what is mined, unless the pool pays in other coins or is another’s, or no job was seen', () => {
    const told = ['rx/0', 'account'];
    expect([named({}), named({ coins: ['XMR'] }), named({ coins: ['BTC', 'XMR'] })]).toEqual([
      told,
      told,
      told,
    ]);
    for (const [match, jobs] of [
      [{ paysInOther: true }, 1],
      [{ coins: ['BTC'] }, 1],
      [{ algorithm: 'kawpow' }, 1],
      [{}, 0],
    ] as const)
      expect(named(match, jobs)[1]).not.toBe('account');
  });
});

const START = 1.7e15;
const PLACE = { timeUs: START, record: 1, input: 0 };
type Shown = Parameters<Session['login']>[0];

/** The facts of a session that its verdict goes by. */
interface Facts {
  readonly dialect?: string;
  readonly transport?: string;
  readonly certain?: boolean;
  readonly fromStart?: boolean;
  readonly admitted?: boolean;
  readonly agent?: string;
  readonly account?: string;
  readonly request?: string;
  readonly jobs?: number;
  readonly difficulties?: number;
  readonly seconds?: number;
  readonly submitted?: number;
  readonly accepted?: number;
  readonly stale?: number;
  readonly rejected?: number;
  readonly wholeAnswers?: number;
  readonly reached?: { readonly shares: number; readonly least: number };
  readonly rate?: number;
  readonly missedOut?: number;
  /** Packets of the miner and of the pool. */
  readonly packets?: readonly [out: number, in_: number];
  readonly messages?: Partial<MessageCounts>;
}

function sessionWith(facts: Facts): Session {
  const { dialect, transport = 'tcp', certain = true, packets: [packetsOut, packetsIn] = [9, 9] } = facts;
  const session = bareSession(dialect, { transport, certain });
  const { claims, connections, observed, jobs, shares } = session;
  if (facts.account !== undefined) claims.login(facts.account, null);
  if (facts.request !== undefined) observed.note(REQUEST, PLACE, 'miner', facts.request as Shown);
  if (facts.rate !== undefined) claims.selfReport(facts.rate, START);
  claims.agent = facts.agent ?? null;
  claims.admitted = facts.admitted ?? null;
  jobs.count = facts.jobs ?? 0;
  for (let i = 1; i <= (facts.difficulties ?? 0); i++)
    jobs.setDifficulty({ scale: 'hashes', value: 1000 * i }, START);
  const { submitted = 0, accepted = 0, stale = 0, rejected = 0, wholeAnswers = 0 } = facts;
  Object.assign(shares, { submitted, accepted, stale, rejected, wholeAnswers });
  if (facts.reached !== undefined) {
    shares.hashed = facts.reached.shares;
    shares.leastReached = facts.reached.least;
  }
  Object.assign(observed.messages, { pool: 1, ...facts.messages });
  const { fromStart = false, missedOut = 0 } = facts;
  Object.assign(connections, { fromStart, missedOut });
  connections.traffic = { bytesOut: 0, bytesIn: 0, packetsOut, packetsIn };
  session.cover(START, START + (facts.seconds ?? 60) * 1e6);
  return session;
}

function verdictOf(facts: Facts, match: Partial<PoolMatch> = {}): string | null {
  const finalized = finalizeSession(sessionWith(facts), { ...NO_POOL, ...match }, () => null);
  return finalized === null ? null : `${finalized.verdict.verdict} ${finalized.verdict.reason.code}`;
}

describe('the verdict on a session', () => {
  const watching: Facts = { fromStart: true, admitted: true, jobs: 20, seconds: 300, messages: { miner: 1 } };
  const silent: Facts = { fromStart: true, jobs: 3 };
  const asking: Facts = { fromStart: true, submitted: 5, messages: { miner: 5, pool: 0, denials: 1 } };
  const whole: Facts = {
    ...watching,
    submitted: 5,
    accepted: 5,
    wholeAnswers: 5,
    messages: { miner: 6, pool: 9 },
  };
  const talk = (messages: Partial<MessageCounts>): Facts => ({
    ...whole,
    messages: { ...whole.messages, ...messages },
  });
  const cut: Facts = { certain: false, submitted: 3, messages: { miner: 3 }, agent: 'XMRig/6.21.0' };
  const through = (doubt: 'outside' | null): string | null => {
    const session = sessionWith(whole);
    const [source, destination] = ['198.51.100.8', '198.51.100.9'];
    session.connections.cameThrough([{ kind: 'tunnel', source, destination, doubt }]);
    return finalizeSession(session, NO_POOL, () => null)?.verdict.reason.code ?? null;
  };

  it.each<[string, Facts, string | null]>([
    ['twenty jobs in five minutes and no share', watching, 'suspected watcher'],
    ['nineteen jobs', { ...watching, jobs: 19 }, 'probable job-stream'],
    ['less than five minutes', { ...watching, seconds: 299 }, 'probable job-stream'],
    ['a share', { ...watching, submitted: 1 }, 'confirmed job-stream'],
    ['a rate that is told', { ...watching, rate: 900 }, 'probable job-stream'],
    ['polls of a node', { ...watching, transport: 'http' }, 'probable job-stream'],
    ['one direction', { ...watching, packets: [0, 9] }, 'probable job-stream'],
    ['jobs to a client that says nothing', silent, 'suspected lone-messages'],
    ['the same with a gap', { ...silent, missedOut: 1 }, 'attempted session-not-established'],
    [
      'the same, the client not captured',
      { ...silent, packets: [0, 9] },
      'attempted session-not-established',
    ],
    [
      'the same and a word of a miner',
      { ...silent, messages: { miner: 1 } },
      'attempted session-not-established',
    ],
    ['the same from the middle', { ...silent, fromStart: false }, 'probable running-jobs'],
    ['denials of what was asked', asking, 'attempted not-a-pool'],
    ['the same and a difficulty', { ...asking, difficulties: 1 }, 'suspected shares-one-sided'],
    [
      'the same with bytes missing',
      { ...asking, messages: { ...asking.messages, gaps: 1 } },
      'suspected shares-one-sided',
    ],
    ['the same of a farmer, who needs no jobs', { ...asking, dialect: 'chia' }, 'probable shares-one-sided'],
    ['shares to one who says nothing', { ...asking, messages: { miner: 5, pool: 0 } }, null],
    [
      'shares to one whose part the client says as well',
      { ...asking, messages: { miner: 5, pool: 0, poolByMiner: 1 } },
      null,
    ],
    [
      'shares to one whose packets were not captured',
      { ...asking, messages: { miner: 5, pool: 0 }, packets: [9, 0] },
      'suspected shares-one-sided',
    ],
    ['a whole session', whole, 'confirmed shares-answered'],
    ['one reset out of place', talk({ resets: 1 }), 'confirmed shares-answered'],
    ['two resets out of place', talk({ resets: 2 }), 'suspected forged-packets'],
    ['an end that acknowledges nothing', talk({ stalls: 1 }), 'suspected forged-packets'],
    ['data in conflict', talk({ conflicts: 1 }), 'probable conflicting-data'],
    ['one direction of it', { ...whole, packets: [0, 9] }, 'probable one-direction'],
    ['the other direction of it', { ...whole, packets: [9, 0] }, 'probable one-direction'],
    [
      'an echo of half of what is said',
      talk({ miner: 6, minerByPool: 3, pool: 1, poolByMiner: 1 }),
      'attempted echo-server',
    ],
    [
      'an echo of less',
      talk({ miner: 7, minerByPool: 3, pool: 1, poolByMiner: 1 }),
      'confirmed shares-answered',
    ],
    ['an echo with jobs of its own', talk({ minerByPool: 6, poolByMiner: 8 }), 'confirmed shares-answered'],
    ['an echo with jobs that it was sent', talk({ minerByPool: 6, poolByMiner: 9 }), 'attempted echo-server'],
    ['errors in plain text for half', talk({ emptyAnswers: 3 }), 'attempted not-a-pool'],
    ['errors in plain text for less', talk({ emptyAnswers: 2 }), 'confirmed shares-answered'],
    ['three lines of six passed on', talk({ pool: 6, relayedLines: 3 }), 'suspected relayed'],
    ['three lines of seven passed on', talk({ pool: 7, relayedLines: 3 }), 'confirmed shares-answered'],
    ['two lines passed on', talk({ pool: 2, relayedLines: 2 }), 'confirmed shares-answered'],
    ['cut shares and an answer that accepts', { ...cut, accepted: 1 }, 'probable cut-shares'],
    ['cut shares and a late one', { ...cut, stale: 1 }, 'probable cut-shares'],
    ['cut shares and a refused one', { ...cut, rejected: 1 }, 'probable cut-shares'],
    ['cut shares without an answer', cut, 'suspected common-messages'],
    [
      'an unknown form without a login',
      { ...cut, certain: true, dialect: 'stratum-other', accepted: 3, jobs: 2 },
      'suspected unknown-form',
    ],
    [
      'an unknown form in full',
      { ...cut, certain: true, dialect: 'stratum-other', accepted: 3, jobs: 2, admitted: true },
      'confirmed unknown-form',
    ],
    [
      'a share without a job, of a low hash',
      {
        ...asking,
        accepted: 1,
        messages: { pool: 1 },
        difficulties: 1,
        reached: { shares: 1, least: 2 ** 14 },
      },
      'suspected shares-without-session',
    ],
    [
      'a share without a job, of a hash that one in 16,383 has',
      {
        ...asking,
        accepted: 1,
        messages: { pool: 1 },
        difficulties: 1,
        reached: { shares: 1, least: 2 ** 14 - 1 },
      },
      null,
    ],
  ])('of %s', (_name, facts, expected) => {
    expect(verdictOf(facts)).toBe(expected);
  });

  it('is no more than suspected through a tunnel that is not believed', () => {
    expect([through('outside'), through(null)]).toEqual(['tunnel-outside', 'shares-answered']);
  });

  it('of sealed shares is probable where mining is all that the name is for', () => {
    const sealed: Facts = { transport: 'noise', submitted: 10 };
    expect([
      verdictOf(sealed, { use: 'mining', dedicated: true }),
      verdictOf(sealed, { use: 'mining', dedicated: false }),
      verdictOf(sealed, { use: 'web', dedicated: true }),
    ]).toEqual(['probable sealed-at-pool', 'suspected sealed-shares', 'suspected sealed-shares']);
  });
});

describe('messages that others send as well', () => {
  const XMR =
    '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F';
  const reached = (shares: number, least: number): Facts => ({ reached: { shares, least } });
  it.each<[string, Facts, boolean]>([
    ['nothing', {}, false],
    ['a known program', { agent: 'XMRig/6.21.0' }, true],
    ['a program that nobody knows', { agent: 'quizapp/2.3' }, false],
    ['an account with a checksum', { account: XMR }, true],
    ['an account whose checksum is wrong', { account: `${XMR.slice(0, -1)}G` }, false],
    ['a call of mining', { request: 'mining.subscribe' }, true],
    ['another call', { request: 'subscribe' }, false],
    ['a dialect that only miners speak', { dialect: 'stratum-v1' }, true],
    ['the dialect of farmers', { dialect: 'chia' }, true],
    ['two jobs in a web page', { dialect: 'websocket-miner', jobs: 2 }, true],
    ['one job in a web page', { dialect: 'websocket-miner', jobs: 1 }, false],
    ['a login of Ethereum', { dialect: 'eth-proxy', account: 'x' }, true],
    ['its call', { dialect: 'eth-proxy', request: 'eth_submitLogin' }, true],
    ['another call of Ethereum', { dialect: 'eth-proxy', request: 'eth_getWork' }, false],
    ['work of Ethereum over a plain stream', { dialect: 'eth-proxy', submitted: 1 }, true],
    ['work of Ethereum to a node', { dialect: 'eth-proxy', submitted: 1, transport: 'http' }, false],
    [
      'a template of which work is taken',
      { dialect: 'getblocktemplate', difficulties: 1, accepted: 1 },
      true,
    ],
    ['a template alone', { dialect: 'getblocktemplate', difficulties: 1 }, false],
    ['blocks without a template', { dialect: 'getblocktemplate', accepted: 1 }, false],
    ['a share in an unknown form', { dialect: 'stratum-other', submitted: 1 }, false],
    ['a share of mining in it', { dialect: 'stratum-other', submitted: 1, request: 'mining.submit' }, true],
    ['a call of mining in an unknown form', { dialect: 'stratum-other', request: 'mining.hello' }, true],
    ['another call in an unknown form', { dialect: 'stratum-other', request: 'hello' }, false],
    // (21,000 / 2)^3 is above 2^40, (20,000 / 2)^3 is below.
    ['three shares of one in 21,000 hashes', reached(3, 21_000), true],
    ['three shares of one in 20,000 hashes', reached(3, 20_000), false],
    ['two shares, however low', reached(2, 2 ** 60), false],
    // Below 2^8 each, and five of them make 2^40.
    ['five shares of one in 512 hashes', reached(5, 512), true],
    ['five shares of one in 511 hashes', reached(5, 511), false],
  ])('are a miner’s with %s: %s', (_name, facts, isMarked) => {
    expect(verdictOf({ certain: false, ...facts }) !== null).toBe(isMarked);
  });
});

describe('what is observed of a session', () => {
  const kinds = (facts: Facts): unknown[] => {
    const session = sessionWith(facts);
    session.observed.note(PASSTHROUGH, { ...PLACE, record: 5 }, 'miner', NOTHING_SHOWN);
    session.observed.note(DENIAL, { ...PLACE, record: 7 }, 'pool', NOTHING_SHOWN);
    finalizeSession(session, NO_POOL, () => null);
    return session.observed.observations.map(({ kind, count, record }) => [kind, count, record]);
  };
  const first = ['passthrough', 1, 5];

  it('has a denial only of a server that gives no work, and doubts where it was first heard', () => {
    const messages: Partial<MessageCounts> = { miner: 4, minerByPool: 3, pool: 0 };
    expect([
      kinds({ messages: { pool: 0 } }),
      kinds({ messages: { pool: 0 }, jobs: 1 }),
      kinds({ messages, jobs: 1 }),
      kinds({ messages: { stalls: 2 }, jobs: 1 }),
    ]).toEqual([[first, ['denial', 1, 7]], [first], [first, ['echo', 3, 5]], [first, ['stall', 1, 5]]]);
  });
});

describe('the coin of a session', () => {
  const coinOf = (claimed: readonly string[], match: Partial<PoolMatch>): string | null | undefined => {
    const session = sessionWith({ jobs: 1, agent: 'XMRig/6.21.0' });
    session.algorithm({ kind: 'algorithm', algorithm: 'rx/0', source: 'job', detail: '', side: 'pool' });
    for (const coin of claimed) session.claims.coin({ kind: 'coin', coin, source: 'job', side: 'pool' });
    return finalizeSession(session, { ...NO_POOL, ...match }, (algorithm) => `by port ${algorithm}`)?.coin;
  };

  it('is what was said, or the only one of its pool with its algorithm, or that of the port', () => {
    expect([
      coinOf(['', 'XMR'], { coins: ['ETC'] }),
      coinOf([], { coins: ['XMR'] }),
      coinOf([], { coins: ['XMR', 'WOW'] }),
      coinOf([], { coins: ['BTC'] }),
      coinOf([''], {}),
    ]).toEqual(['XMR', 'XMR', 'by port rx/0', 'by port rx/0', 'by port rx/0']);
  });
});

describe('the work of a session', () => {
  // A unit of sha256d is 2^32 hashes.
  const worksOf = (algorithm: string | null, make: (session: Session) => void): unknown[] => {
    const session = sessionWith({ jobs: 1 });
    if (algorithm !== null)
      session.algorithm({ kind: 'algorithm', algorithm, source: 'agent', detail: '', side: 'pool' });
    make(session);
    return (finalizeSession(session, NO_POOL, () => null)?.works ?? []).map((work) => ({ ...work }));
  };
  const workInterval = (scale: 'hashes' | 'units', more: object, named: string | null = null) => ({
    ...newWorkInterval(named, START, { scale, value: 2 }),
    ...more,
  });

  it('is the sum of its stretches, in hashes where the algorithm tells what a unit is worth', () => {
    const intervals = (session: Session): void => {
      session.work.workIntervals = [
        workInterval('hashes', {
          endUs: START + 10,
          shares: 2,
          hashes: 7,
          hashesSquared: 9,
          hashesInForce: 30,
        }),
        workInterval('units', { endUs: START + 30, shares: 1, units: 2, unitsSquared: 4, unitsInForce: 90 }),
        workInterval('hashes', { endUs: START, shares: 5, hashes: 1 }),
      ];
    };
    const [startUs, shares, units] = [START, 8, 2];
    // Time that several of them have in common counts once.
    const told = [{ startUs, endUs: START + 30 }];
    expect(worksOf('sha256d', intervals)).toEqual([
      {
        algorithm: 'sha256d',
        intervals: told,
        shares,
        units,
        work: 8 + 2 ** 33,
        workSquared: 9 + 2 ** 66,
        workInForce: (30 + 90 * 2 ** 32) / 40,
      },
    ]);
    expect(worksOf(null, intervals)).toEqual([
      { algorithm: null, intervals: told, shares, units, work: null, workSquared: 9, workInForce: 0 },
    ]);
  });

  it('is not known if no share could be priced, and is none of a stretch without a possible difficulty', () => {
    const works = (unpriced: number, shares: number) =>
      worksOf('rx/0', (session) => {
        session.work.unpriced = unpriced;
        const hashes = shares * 5;
        const impossible = {
          ...newWorkInterval(null, START, { scale: 'hashes', value: 2 ** 300 }),
          endUs: START + 9,
        };
        session.work.workIntervals = [
          workInterval('hashes', { shares, hashes, endUs: START + 5 }),
          impossible,
        ];
      });
    expect([works(1, 0), works(1, 1), works(0, 0)]).toMatchObject([
      [{ work: null, intervals: [{ endUs: START + 5 }] }],
      [{ work: 5, units: null }],
      [{ work: 0 }],
    ]);
  });
});
