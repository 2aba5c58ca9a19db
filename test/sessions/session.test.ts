/** What the facts that messages state come to in a session: shares are priced by their jobs, and only real work counts. */
import { describe, expect, it } from 'vitest';
import type { Share } from '../../src/dialects/sink.ts';
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
