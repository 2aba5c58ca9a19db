/** What the facts that messages state come to in a session: shares are priced by their jobs, and only real work counts. */
import { describe, expect, it } from 'vitest';
import type { Share } from '../../src/dialects/sink.ts';
import { absorb } from '../../src/sessions/absorb.ts';
import { Session } from '../../src/sessions/session.ts';
import { bareSession } from '../support/sessions.ts';

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
  return session.work.spans.reduce((sum, { hashes }) => sum + hashes, 0);
}

describe('a share', () => {
  // Pools take 99 % of the difficulty (docs/protocols.md 5.7).
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

describe('a session in its next period', () => {
  it('mines on with the difficulty in force, and no share of it is known', () => {
    const session = working();
    session.share(SHARE, START + 1e6);
    session.turn({ sinceUs: START + 60e6, untilUs: START + 120e6 });
    session.share({ ...SHARE, nonce: '02' }, START + 61e6);
    expect(session.shares.submitted).toBe(1);
    expect(session.work.spans.map(({ startUs, hashes }) => [startUs - START, hashes])).toEqual([
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
  const { heard } = bareSession();
  const at = (record: number) => ({ timeUs: START + record, record, input: 0 });
  heard.doubt('reset', 1, at(5));
  heard.doubt('reset', 2, at(9));
  heard.doubt('conflict', 1, at(7));
  heard.doubt('stall', 1, at(8));
  expect(heard.voices).toMatchObject({ resets: 3, conflicts: 1, stalls: 1 });
  expect(heard.sightings).toEqual([
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
