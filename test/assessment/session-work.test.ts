/** What a session's shares amount to, where their difficulty is seen late or never. */
import { describe, expect, it } from 'vitest';
import { poolRows } from '../../src/assessment/pool-rows.ts';
import { counterOf, sessionOf } from '../../src/assessment/session-facts.ts';
import { sessionRow } from '../../src/assessment/session-rows.ts';
import type { CounterClock, CounterEstimate } from '../../src/evidence/counter/counter-input.ts';
import { type FinalSession, finalizeSession } from '../../src/sessions/finalize.ts';
import type { Session } from '../../src/sessions/session.ts';
import { verbatim } from '../../src/statements/index.ts';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { bareSession, finalizedAs, NO_POOL } from '../support/sessions.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
/** Meets the target below: the last word is the most significant one. */
const RESULT = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1b88d0500';
const HASH = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';

/** Shares of job `a`, whose target came before the capture; then perhaps a job whose target is seen, and a share of it. */
async function workOf(name: string, seesJob: boolean) {
  let talk = conversation({ miner: '192.0.2.9:40000', pool: '198.51.100.9:3333' });
  const share = (id: number, job: string) => {
    talk = talk
      .minerSays({
        id,
        method: 'submit',
        params: { id: 's', job_id: job, nonce: `0000000${id}`, result: `0000000${id}${RESULT.slice(8)}` },
      })
      .poolSays({ id, result: { status: 'OK' }, error: null })
      .after(20);
  };
  share(1, 'a');
  share(2, 'a');
  if (seesJob) {
    const blob = `1010f1d69ad606${HASH}00000000${HASH}1f`;
    talk = talk.poolSays({ method: 'job', params: { job_id: 'b', blob, target: 'b88d0600', algo: 'rx/0' } });
    share(3, 'b');
  }
  const audit = await scanInputs([writeCapture(folder, name, talk.toPackets())]);
  return audit.sessions[0]?.work;
}

describe('the work of a session', () => {
  it('is not known where no share could be priced', async () => {
    expect(await workOf('unpriced', false)).toEqual({
      hashes: null,
      difficultyUnits: null,
      unpricedShares: 2,
    });
  });

  it('is that of the shares that could be', async () => {
    expect(await workOf('in part', true)).toEqual({
      hashes: 10_000,
      difficultyUnits: null,
      unpricedShares: 2,
    });
  });
});

/** The begin of a minute, us since 1970. */
const MINUTE_US = 28_333_333 * 60e6;
const at = (second: number): number => MINUTE_US + second * 1e6;
const time = (second: number): string => new Date(at(second) / 1000).toISOString().replace('Z', '000Z');

/** Mined from second 30 on, with shares at 40 s (two) and 100 s. */
function mined(scale: 'hashes' | 'units', untilSecond: number): Session {
  const session = bareSession();
  session.jobs.setDifficulty({ scale, value: 1000 }, at(30));
  session.job('a', null, {}, at(30));
  for (const [nonce, second] of [
    ['01', 40],
    ['02', 41],
    ['03', 100],
  ] as const)
    session.share(
      { jobId: 'a', account: null, worker: null, nonce, extraNonce2: null, reaches: null },
      at(second),
    );
  session.observed.lastUs = at(untilSecond);
  session.cover(at(30), at(untilSecond));
  return session;
}

function finalized(session: Session, algorithm: string | null): FinalSession {
  if (algorithm !== null)
    session.algorithm({ kind: 'algorithm', algorithm, source: 'agent', detail: '', side: 'pool' });
  const found = finalizeSession(session, NO_POOL, () => null);
  if (found === null) throw new Error('no session');
  return found;
}

describe('the row of a session', () => {
  const seriesOf = (session: Session, algorithm: string | null) =>
    sessionRow(finalized(session, algorithm), 600).series.map(({ start, seconds, shares, hashrate }) => [
      start,
      seconds,
      shares,
      hashrate,
    ]);

  it('has a rate for each minute, over the part of it that was mined', () => {
    expect(seriesOf(mined('hashes', 150), 'rx/0')).toEqual([
      [time(0), 60, 2, 2000 / 30],
      [time(60), 60, 1, 1000 / 60],
      [time(120), 60, 0, 0],
    ]);
    // A unit of sha256d is 2^32 hashes.
    expect(seriesOf(mined('units', 120.5), 'sha256d')).toEqual([
      [time(0), 60, 2, (2000 * 2 ** 32) / 30],
      [time(60), 60, 1, (1000 * 2 ** 32) / 60],
      [time(120), 60, 0, null],
    ]);
    expect(seriesOf(mined('units', 119), null).map(([, , , rate]) => rate)).toEqual([null, null]);
    const silent = bareSession();
    silent.observed.opened = true;
    silent.cover(at(0), at(90));
    expect(seriesOf(silent, null)).toEqual([]);
  });

  it('has the work in hashes if every share has a price, and in units if it came in such', () => {
    const work = (session: Session, algorithm: string | null) =>
      sessionRow(finalized(session, algorithm), 600).work;
    expect([
      work(mined('hashes', 150), 'rx/0'),
      work(mined('units', 150), 'sha256d'),
      work(mined('units', 150), null),
    ]).toEqual([
      { hashes: 3000, difficultyUnits: null, unpricedShares: 0 },
      { hashes: 3000 * 2 ** 32, difficultyUnits: 3000, unpricedShares: 0 },
      { hashes: null, difficultyUnits: 3000, unpricedShares: 0 },
    ]);
  });

  it('tells what was said, when, and of how many attempts', () => {
    const session = mined('hashes', 150);
    session.selfReported(900, at(60));
    session.jobs.setDifficulty({ scale: 'hashes', value: 2 ** 300 }, at(140));
    session.connections.traffic = { bytesOut: 600, bytesIn: 1200, packetsOut: 1, packetsIn: 2 };
    session.observed.messages.pool = 1;
    const row = sessionRow(finalized(session, 'rx/0'), 600);
    expect(row).toMatchObject({
      start: time(30),
      end: time(150),
      activeSeconds: 120,
      difficulty: [{ time: time(30), hashesPerShare: 1000, difficultyUnits: null }],
      selfReported: [{ time: time(60), hashrate: 900 }],
      traffic: { mbpsOut: 8e-6, mbpsIn: 16e-6 },
      shares: { submitted: 3, accepted: 0, rejected: 0, stale: 0, unanswered: 3 },
      open: null,
      counter: null,
    });
    expect(row).not.toHaveProperty('attempts');
    session.connections.attempts = 3;
    expect(sessionRow(finalized(session, 'rx/0'), 600).attempts).toBe(3);
  });

  it('has the jobs and shares that are open, of which the next part may know more', () => {
    const session = mined('units', 150);
    for (let job = 0; job < 40; job++) session.job(`${job}`, null, {}, at(110));
    session.connections.isOpen = true;
    session.connections.unfinished = 2;
    const row = sessionRow(finalized(session, 'sha256d'), 600);
    expect(row.open?.jobs.map(({ id }) => id)).toEqual(Array.from({ length: 32 }, (_, i) => `${i + 8}`));
    expect(row.open).toMatchObject({ hashesPerShare: 1000 * 2 ** 32, difficultyUnits: 1000, unfinished: 2 });
    expect(row.open?.jobs[0]).toEqual({
      id: '8',
      time: time(110),
      algorithm: null,
      hashesPerShare: 1000 * 2 ** 32,
      difficultyUnits: 1000,
    });
    expect(row.open?.unanswered).toEqual(
      [40, 41, 100].map((second) => ({ time: time(second), jobId: 'a', hashesPerShare: 1000 * 2 ** 32 })),
    );
  });

  it('is read back as the session that it was', () => {
    for (const session of [
      mined('units', 150),
      mined('hashes', 150),
      bareSession('cryptonote', { transport: 'noise' }),
    ]) {
      session.cover(at(30), at(150));
      session.login('acct' as Parameters<Session['login']>[0], null);
      session.claims.admission(false, 'no');
      session.claims.target('pool.example', 1);
      session.claims.reconnect('pool.example', 2, at(31));
      session.claims.coin({ kind: 'coin', coin: 'XMR', source: 'job', side: 'pool' });
      session.selfReported(900, at(60));
      session.connections.sawRoundTrip(500);
      session.connections.isOpen = true;
      const row = sessionRow(finalized(session, 'sha256d'), 600);
      const again = sessionOf(row);
      if (again === null) throw new Error('no session');
      expect(sessionRow(finalized(again, null), 600)).toEqual(row);
    }
  });
});

describe('what nonces tell, in the row of a session', () => {
  const clock: CounterClock = {
    verdict: 'clock',
    pValue: 1e-20,
    evidence: 46,
    structure: { kind: 'single', size: null, spread: 0.01, outliers: 0 },
    tracks: null,
    rigs: 2,
    estimate: 900,
    low95: 890,
    high95: 910,
    sharesUsed: 12,
    sharesUnplaced: 0,
    series: [{ startUs: at(0), endUs: at(60), estimate: 900, low95: 890, high95: 910, shares: 12 }],
    words: [verbatim('one thread')],
  };
  const row = (counter: Partial<NonNullable<FinalSession['counter']>>) => {
    const told = { algorithm: 'rx/0', rigs: 0, leastRigs: 0, unreadShares: 0, estimate: clock, ...counter };
    return sessionRow(finalizedAs(mined('hashes', 150), { counter: told }), 600).counter;
  };

  it('is the rate, with the machines that are sure', () => {
    expect(row({})).toMatchObject({
      verdict: 'clock',
      algorithm: 'rx/0',
      pValue: 1e-12,
      rigs: 2,
      estimate: 900,
      low95: 890,
      high95: 910,
      shares: 12,
      notes: [{ text: 'one thread' }],
      // It is counted back to before the session began.
      series: [{ start: time(30), end: time(60), estimate: 900 }],
    });
    expect([
      row({ rigs: 5, leastRigs: 5 })?.rigs,
      row({ rigs: 5, leastRigs: 1 })?.rigs,
      row({ estimate: { ...clock, rigs: null } })?.rigs,
    ]).toEqual([5, 2, null]);
    const [, note] = row({ unreadShares: 7 })?.notes ?? [];
    expect(note).toMatchObject({ code: 'counter-newest', params: { unread: 7 } });
  });

  it('is read back as it was, but for why there is no clock', () => {
    const { pValue, evidence, sharesUsed, sharesUnplaced, words } = clock;
    const none = { pValue, evidence, sharesUsed, sharesUnplaced, words };
    const noClock: CounterEstimate = { ...none, verdict: 'no-clock', reason: 'unsteady' };
    const estimates = [clock, noClock, null];
    for (const estimate of estimates) {
      const counter = { algorithm: 'rx/0', rigs: 2, leastRigs: 1, unreadShares: 7, estimate };
      const first = sessionRow(finalizedAs(mined('hashes', 150), { counter }), 600);
      const again = sessionRow(finalizedAs(mined('hashes', 150), { counter: counterOf(first) }), 600);
      expect(again.counter).toEqual(first.counter);
      expect(again.facts).toEqual(first.facts);
    }
  });

  it('is why there is none', () => {
    const { pValue, evidence, sharesUsed, sharesUnplaced, words } = clock;
    const none = { pValue, evidence, sharesUsed, sharesUnplaced, words };
    expect(row({ estimate: { ...none, verdict: 'no-clock', reason: 'no-fit' } })).toMatchObject({
      verdict: 'no-clock',
      estimate: null,
      low95: null,
      rigs: null,
      structure: null,
      series: [],
      shares: 12,
    });
    expect(row({ estimate: null })).toMatchObject({
      verdict: 'not-read',
      pValue: null,
      shares: 0,
      notes: [{ code: 'counter-not-read' }],
    });
  });
});

it('The row of a pool sums its hosts, sessions, endpoints and coins, the pools with most hosts first', () => {
  const of = (miner: string, pool: string, port: number, more: Partial<FinalSession> = {}): FinalSession => {
    const session = bareSession('cryptonote', { miner: { ip: miner, port: 1 }, pool: { ip: pool, port } });
    session.connections.traffic = { bytesOut: 1, bytesIn: 2, packetsOut: 3, packetsIn: 4 };
    session.connections.attempts = 2;
    return finalizedAs(session, more);
  };
  const named = { match: { ...NO_POOL, pool: 'P', operator: 'O', name: 'p.example' } };
  const rows = poolRows(
    [
      of('192.0.2.1', '198.51.100.9', 80),
      of('192.0.2.1', '198.51.100.1', 4444, named),
      of('192.0.2.2', '198.51.100.1', 3333, { ...named, coin: 'BTC' }),
      of('192.0.2.2', '198.51.100.1', 3333, { ...named, coin: null }),
      of('192.0.2.3', '198.51.100.8', 80),
    ],
    [],
    8,
  );
  expect(rows.map(({ pool, hosts, sessions }) => [pool, hosts, sessions])).toEqual([
    ['P', 2, 6],
    ['198.51.100.8', 1, 2],
    ['198.51.100.9', 1, 2],
  ]);
  expect(rows[0]).toMatchObject({
    operator: 'O',
    endpoints: ['p.example:3333', 'p.example:4444'],
    coins: ['BTC', 'XMR'],
    traffic: { bytesOut: 3, bytesIn: 6, packetsOut: 9, packetsIn: 12, mbpsOut: 3e-6, mbpsIn: 6e-6 },
  });
});
