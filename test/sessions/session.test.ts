/** What the facts that messages state come to in a session: shares are priced by their jobs, and only real work counts. */
import { describe, expect, it } from 'vitest';
import type { Share } from '../../src/dialects/sink.ts';
import { SentSecrets } from '../../src/evidence/secrets.ts';
import { absorb } from '../../src/sessions/absorb.ts';
import { join } from '../../src/sessions/groups.ts';
import { AGENT } from '../../src/sessions/observations.ts';
import { compareEnds, Session } from '../../src/sessions/session.ts';
import { bareSession } from '../support/sessions.ts';

type Shown = Parameters<Session['login']>[0];

const START = 1.7e15;
const SHARE: Share = {
  ...{ jobId: 'a', account: null, worker: null, nonce: '01', extraNonce2: null, reaches: null },
};

/** A session with one job, whose shares are worth 1000 hashes. */
function working(): Session {
  const session = bareSession();
  session.job('a', 1000, {}, START);
  return session;
}

function hashesOf(session: Session): number {
  return session.work.workIntervals.reduce((sum, { hashes }) => sum + hashes, 0);
}

describe('a share', () => {
  // Pools take 99 % of the difficulty (docs/reference/protocols.md 5.7).
  it.each([
    [null, 1000],
    [5000, 1000],
    [1000, 1000],
    [990, 1000],
    [989, 0],
    [500, 0],
    [1, 0],
  ])('whose hash reaches %s of a difficulty of 1000 is work of %s', (reaches, expected) => {
    const session = working();
    session.share({ ...SHARE, reaches }, START + 1e6);
    expect(hashesOf(session)).toBe(expected);
    expect(session.shares.submitted).toBe(1);
  });

  it('that was sent before is no work again', () => {
    const session = working();
    for (const nonce of ['01', '02', '01', '02', '03']) session.share({ ...SHARE, nonce }, START + 1e6);
    expect(hashesOf(session)).toBe(3000);
  });

  it('whose hash was sent before is no work, whatever nonce and job it is said to be of', () => {
    const session = working();
    session.job('b', 1000, {}, START);
    for (const [jobId, nonce, hash] of [
      ['a', '01', 'aa'],
      ['a', '02', 'aa'],
      ['b', '03', 'AA'],
      ['b', '04', 'bb'],
    ])
      session.share({ ...SHARE, jobId, nonce, hash, reaches: 5000 }, START + 1e6);
    expect(hashesOf(session)).toBe(2000);
  });

  it('is no work once it is refused, and is if it came late or nobody answers', () => {
    const session = working();
    const rows = ['01', '02', '03', '04'].map((nonce) => session.share({ ...SHARE, nonce }, START + 1e6));
    session.answer(rows[0], 'accepted');
    session.answer(rows[1], 'stale');
    session.answer(rows[2], 'low-difficulty');
    expect(hashesOf(session)).toBe(3000);
  });
});

describe('a session of certain times', () => {
  const timed = () =>
    new Session(
      {
        ...{ dialect: 'cryptonote', transport: 'tcp', certain: true, via: [] },
        ...{ miner: { ip: '192.0.2.1', port: 5000 }, pool: { ip: '198.51.100.1', port: 3333 } },
      },
      { sinceUs: START + 10e6, untilUs: START + 20e6 },
    );

  it('counts shares and claims of those alone, the first moment with them and the last not', () => {
    const session = timed();
    session.job('a', 1000, {}, START);
    for (const second of [9, 10, 15, 20, 21]) {
      session.share({ ...SHARE, nonce: `${second}` }, START + second * 1e6);
      session.selfReported(100 + second, START + second * 1e6);
    }
    expect(session.shares.submitted).toBe(2);
    expect(session.claims.selfReported.map(({ hashrate }) => hashrate)).toEqual([110, 115]);
  });

  it('lasts no longer than they do', () => {
    const session = timed();
    session.cover(START, START + 60e6);
    const { startUs, endUs } = session.connections;
    expect([startUs - START, endUs - START]).toEqual([10e6, 20e6]);
  });
});

describe('the last stretch of a session', () => {
  it.each([
    ['ends with its last packet', 20, 20],
    ['ends half a minute after the last message, if nothing but a reset or a copy comes later', 3600, 40],
  ])('%s', (_title, lastSecond, expected) => {
    const session = working();
    session.observed.lastUs = START + 10e6;
    session.cover(START, START + lastSecond * 1e6);
    expect(session.work.workIntervals.map(({ endUs }) => (endUs - START) / 1e6)).toEqual([expected]);
    expect((session.connections.endUs - START) / 1e6).toBe(lastSecond);
  });
});

describe('a session beside a wrong clock', () => {
  const narrowed = (fromSecond: number, toSecond: number): number[] => {
    const session = working();
    session.cover(START + fromSecond * 1e6, START + toSecond * 1e6);
    session.narrow(START + 10e6, START + 60e6);
    const { startUs, endUs } = session.connections;
    return [startUs - START, endUs - START].map((us) => us / 1e6);
  };

  it('lasts no longer than the rest, and is a moment of it if it lies outside', () => {
    expect([narrowed(0, 90), narrowed(20, 30), narrowed(0, 5), narrowed(70, 90)]).toEqual([
      [10, 60],
      [20, 30],
      [10, 10],
      [60, 60],
    ]);
  });

  it('counts nothing outside of the rest, and no stretch lasts longer', () => {
    const session = working();
    session.observed.lastUs = START + 90e6;
    session.cover(START, START + 90e6);
    session.narrow(START, START + 60e6);
    for (const second of [59, 60]) session.share({ ...SHARE, nonce: `${second}` }, START + second * 1e6);
    expect(session.shares.submitted).toBe(1);
    expect(session.work.workIntervals.map(({ endUs }) => endUs - START)).toEqual([60e6]);
  });

  it('of which no packet counted has no times', () => {
    const session = bareSession();
    session.narrow(START, START + 60e6);
    expect(session.connections).toMatchObject({
      startUs: Number.POSITIVE_INFINITY,
      endUs: Number.NEGATIVE_INFINITY,
    });
  });
});

describe('a session in its next period', () => {
  it('mines on with the difficulty in force, and no share of it is known', () => {
    const session = working();
    session.share(SHARE, START + 1e6);
    session.turn({ sinceUs: START + 60e6, untilUs: START + 120e6 });
    session.share({ ...SHARE, nonce: '02' }, START + 61e6);
    expect(session.shares.submitted).toBe(1);
    expect(session.work.workIntervals.map(({ startUs, hashes }) => [startUs - START, hashes])).toEqual([
      [60e6, 1000],
    ]);
  });
});

describe('a session and its later part', () => {
  it('know each job as it came first, and each target, coin and algorithm once', () => {
    const [session, later] = [working(), bareSession()];
    later.job('a', 50, {}, START + 10e6);
    later.job('b', 50, {}, START + 11e6);
    for (const part of [session, later]) {
      part.claims.target('pool.example', 3333);
      part.claims.algorithm({
        kind: 'algorithm',
        algorithm: 'rx/0',
        source: 'job',
        detail: '',
        side: 'pool',
      });
      part.claims.coin({ kind: 'coin', coin: 'XMR', source: 'job', side: 'pool' });
    }
    later.claims.target('other.example', 3333);
    absorb(session, later);
    expect([...session.jobs.recent].map(([id, { difficulty }]) => [id, difficulty?.value])).toEqual([
      ['a', 1000],
      ['b', 50],
    ]);
    const { targets, algorithms, coins } = session.claims;
    expect(targets.map(({ host }) => host)).toEqual(['pool.example', 'other.example']);
    expect([algorithms.length, coins.length]).toEqual([1, 1]);
  });
});

it('What speaks against the packets of a session is counted, at the place where it was first', () => {
  const { observed } = bareSession();
  const at = (record: number) => ({ timeUs: START + record, record, input: 0 });
  observed.doubt('reset', 1, at(5));
  observed.doubt('reset', 2, at(9));
  observed.doubt('conflict', 1, at(7));
  observed.doubt('stall', 1, at(8));
  expect(observed.messages).toMatchObject({ resets: 3, conflicts: 1, stalls: 1 });
  expect(observed.observations).toEqual([
    { kind: 'reset', ...at(5), count: 3, detail: '' },
    { kind: 'conflict', ...at(7), count: 1, detail: '' },
  ]);
});

describe('who a share names', () => {
  const accounts = (session: Session): string[] => session.claims.logins.map(({ account }) => account);
  const HASH = 'ab'.repeat(32);

  it('is an account, but no hash where somebody logged in', () => {
    const session = bareSession();
    const shown = (text: string) => text as Parameters<Session['login']>[0];
    session.named(shown(HASH), null);
    session.login(shown('acct'), null);
    session.named(shown(HASH.replaceAll('a', 'c')), null);
    session.named(shown('other'), null);
    expect(accounts(session)).toEqual([HASH, 'acct', 'other']);
  });
});

describe('what miner and pool say of themselves', () => {
  const { claims: none } = bareSession();
  const admitted = (...answers: [boolean, string][]): unknown[] => {
    const { claims } = bareSession();
    for (const [isAdmitted, reason] of answers) claims.admission(isAdmitted, reason);
    return [claims.admitted, claims.refusal];
  };

  it('is an accepted login once one is, and the first reason of refusals', () => {
    expect([none.admitted, none.refusal]).toEqual([null, '']);
    expect(admitted([false, 'a'], [false, 'b'])).toEqual([false, 'a']);
    expect(admitted([false, 'a'], [true, ''])).toEqual([true, 'a']);
    expect(admitted([true, 'a'], [false, 'b'])).toEqual([true, 'b']);
  });

  it('names each login once, however they change', () => {
    const { claims } = bareSession();
    const logins: [string, string | null][] = [
      ['a', 'x'],
      ['b', 'x'],
      ['a', 'x'],
      ['a', 'y'],
      ['a', null],
      ['b', 'x'],
      ['a', null],
    ];
    for (const [account, worker] of logins) claims.login(account, worker);
    expect(claims.logins.map(({ account, worker }) => `${account} ${worker}`)).toEqual([
      'a x',
      'b x',
      'a y',
      'a null',
    ]);
  });

  it('is bounded, and what has no room is counted', () => {
    const { claims } = bareSession();
    for (let i = 0; i < 258; i++) {
      claims.login(`account ${i}`, null);
      claims.target(`host ${i}`, 1);
      claims.reconnect('host', i, START);
    }
    for (let i = 0; i < 4097; i++) claims.selfReport(i, START);
    const { logins, targets, reconnects, selfReported } = claims;
    expect([logins.length, targets.length, reconnects.length, selfReported.length]).toEqual([
      256, 256, 256, 4096,
    ]);
    expect(claims.overflow).toBe(2 + 2 + 2 + 1);
  });

  it('of two parts are those of both, of the first part first', () => {
    const part = (name: string, isAdmitted: boolean | null, refusal: string): Session => {
      const session = bareSession();
      session.claims.login(name, null);
      session.claims.login('both', null);
      session.claims.target(`${name}.example`, 1);
      session.claims.reconnect(`${name}.example`, 2, START);
      session.claims.selfReport(5, START);
      session.claims.admitted = isAdmitted;
      Object.assign(session.claims, { refusal, overflow: 2 });
      return session;
    };
    const joined = (first: Session, later: Session) => {
      join('claims', first.claims, later.claims);
      return first.claims;
    };
    const claims = joined(part('a', null, ''), part('b', false, 'no'));
    expect(claims.logins.map(({ account }) => account)).toEqual(['a', 'both', 'b']);
    expect(claims.targets.map(({ host }) => host)).toEqual(['a.example', 'b.example']);
    expect(claims.reconnects.map(({ host }) => host)).toEqual(['a.example', 'b.example']);
    expect([claims.selfReported.length, claims.overflow]).toEqual([2, 4]);
    const admission = (first: boolean | null, later: boolean | null): unknown[] => {
      const { admitted: is, refusal } = joined(part('a', first, 'x'), part('b', later, 'y'));
      return [is, refusal];
    };
    expect([claims.admitted, claims.refusal]).toEqual([false, 'no']);
    expect([admission(false, true), admission(true, false), admission(false, null)]).toEqual([
      [true, 'x'],
      [true, 'x'],
      [false, 'x'],
    ]);
    const [silent, named] = [part('a', null, ''), part('b', null, '')];
    named.claims.agent = 'rig/1';
    expect(joined(silent, named).agent).toBe('rig/1');
    const other = part('c', null, '');
    other.claims.agent = 'rig/2';
    expect(joined(silent, other).agent).toBe('rig/1');
  });

  it('loses a password that is known later, wherever it stands', () => {
    const session = bareSession();
    const { claims } = session;
    claims.agent = 'rig Hidden7';
    claims.refusal = 'wrong Hidden7';
    claims.login('acct', 'w Hidden7');
    claims.login('acct', null);
    claims.target('Hidden7.example', 1);
    claims.reconnect('Hidden7.example', 2, START);
    session.observed.note(AGENT, { timeUs: START, record: 1, input: 0 }, 'miner', 'rig Hidden7' as Shown);
    const secrets = new SentSecrets();
    secrets.add('Hidden7');
    session.conceal(secrets);
    expect(JSON.stringify([claims, session.observed.observations])).not.toContain('Hidden7');
    expect(claims.logins.map(({ account, worker }) => [account, worker])).toEqual([
      ['acct', 'w ***'],
      ['acct', null],
    ]);
    expect([claims.targets, claims.reconnects]).toEqual([
      [{ host: '***.example', port: 1 }],
      [{ host: '***.example', port: 2, timeUs: START }],
    ]);
    const silent = bareSession();
    silent.conceal(secrets);
    expect(silent.claims).toMatchObject({ agent: null, refusal: '' });
  });

  it('is no rate that nobody has', () => {
    const session = bareSession();
    session.selfReported(900, START);
    session.selfReported(1e80, START);
    expect([session.claims.selfReported.length, session.claims.overflow]).toEqual([1, 1]);
  });
});

describe('the connections of a session', () => {
  it('show the least round trip that was seen', () => {
    const least = (...trips: number[]): number | null => {
      const { connections } = bareSession();
      for (const trip of trips) connections.sawRoundTrip(trip);
      return connections.roundTripUs;
    };
    expect([least(), least(Number.NaN, -5), least(30, 20, Number.NaN, 40), least(0, 7)]).toEqual([
      null,
      null,
      20,
      0,
    ]);
  });

  it('of two parts are those of both', () => {
    const part = (name: string, second: number, trip: number): Session => {
      const session = bareSession();
      session.connections.name(name);
      session.cover(START + second * 1e6, START + (second + 5) * 1e6);
      session.connections.sawRoundTrip(trip);
      session.connections.missedIn = 3;
      session.connections.traffic = { bytesOut: 1, bytesIn: 2, packetsOut: 3, packetsIn: 4 };
      return session;
    };
    const joined = (trip: number, laterTrip: number) => {
      const { connections } = part('a', 60, trip);
      connections.absorb(part('b', 20, laterTrip).connections);
      return connections;
    };
    expect(joined(9, Number.NaN)).toMatchObject({
      ...{
        names: new Set(['a', 'b']),
        startUs: START + 20e6,
        endUs: START + 65e6,
        roundTripUs: 9,
        missedOut: 0,
        missedIn: 6,
        saidOut: 0,
        saidIn: 0,
        isClosed: false,
      },
      traffic: { bytesOut: 2, bytesIn: 4, packetsOut: 6, packetsIn: 8 },
    });
    expect([joined(9, 4).roundTripUs, joined(4, 9).roundTripUs]).toEqual([4, 4]);
  });

  it('that nothing was heard on are where they began', () => {
    const session = bareSession();
    session.cover(START, START + 1e6);
    expect(session.firstPacketRef).toEqual({ timeUs: START, record: 0, input: 0 });
  });
});

it('Sessions are in the order of miners, their ports, and pools', () => {
  const of = (ip: string, port: number, pool: string): Session =>
    bareSession('cryptonote', { miner: { ip, port }, pool: { ip: pool, port: 1 } });
  const sorted = [
    of('192.0.2.1', 9, '198.51.100.1'),
    of('192.0.2.1', 10, '198.51.100.1'),
    of('192.0.2.1', 10, '198.51.100.2'),
    of('192.0.2.2', 1, '198.51.100.1'),
  ];
  expect([...sorted].reverse().sort(compareEnds)).toEqual(sorted);
});

describe('the jobs of a session', () => {
  it('open it by a request only before any work', () => {
    const opened = (act: (session: Session) => void): boolean => {
      const session = bareSession();
      act(session);
      session.request();
      return session.observed.opened;
    };
    expect([
      opened(() => {}),
      opened((session) => session.job('a', 1, {}, START)),
      opened((session) => session.share({ ...SHARE, jobId: null }, START)),
    ]).toEqual([true, false, false]);
  });

  it('are the last 128, and each change of the difficulty is kept', () => {
    const { jobs } = bareSession();
    const worth = (value: number) => ({ scale: 'hashes', value }) as const;
    for (let i = 0; i < 600; i++) jobs.add(`${i}`, worth(1000 + Math.floor(i / 200)), START + i);
    jobs.add('599', worth(5), START + 600);
    expect([jobs.count, jobs.recent.size, [...jobs.recent][0][0]]).toEqual([601, 128, '472']);
    expect(jobs.recent.get('599')).toEqual({ difficulty: worth(1002), algorithm: null, timeUs: START + 599 });
    expect(jobs.difficulties.map(({ timeUs, difficulty: { value } }) => [timeUs - START, value])).toEqual([
      [0, 1000],
      [200, 1001],
      [400, 1002],
      [600, 5],
    ]);
    for (let i = 0; i < 4100; i++) jobs.setDifficulty(worth(i % 2), START);
    expect([jobs.difficulties.length, jobs.overflow]).toEqual([4096, 8]);
  });
});
