/** Which sessions' nonces are read, as what, and how many machines their set bytes tell apart. */
import { describe, expect, it } from 'vitest';
import { CounterBudget, readCounter, type SessionCounter } from '../../src/sessions/counter.ts';
import type { Session } from '../../src/sessions/session.ts';
import type { LoggedShare } from '../../src/sessions/share-table.ts';
import { random } from '../support/random.ts';
import { searching } from '../support/sessions.ts';

function read(
  session: Session,
  algorithm: string | null = 'rx/0',
  budget = new CounterBudget(),
): SessionCounter | null {
  return readCounter(session, algorithm, budget);
}

/** Verdict, and the rate within 2 % of the expected one. */
function expectRate(session: Session, rate: number): void {
  const estimate = read(session)?.estimate;
  if (estimate?.verdict !== 'clock')
    throw new Error(`no clock: ${estimate?.words.map(({ text }) => text).join(' ')}`);
  expect(Math.abs(estimate.estimate / rate - 1)).toBeLessThan(0.02);
  expect([estimate.low95 <= rate, rate <= estimate.high95]).toEqual([true, true]);
}

describe('the counter of a session', () => {
  it('reads one machine', () => {
    const session = searching({ rates: [900] });
    expectRate(session, 900);
    expect(read(session)).toMatchObject({ algorithm: 'rx/0', rigs: 0 });
  });

  it('adds the machines behind set nonce bytes, and counts them', () => {
    const session = searching({ rates: [900, 450, 1200], sets: true });
    expectRate(session, 2550);
    expect(read(session)).toMatchObject({ rigs: 3, estimate: { rigs: 3 } });
  });

  it('knows that xmrig-proxy sets them, whatever the pool’s jobs show', () => {
    const session = searching({ rates: [900, 450], agent: 'xmrig-proxy/6.22.0 (Linux x86_64) libuv/1.48.0' });
    expectRate(session, 1350);
    expect(read(session)?.rigs).toBe(2);
  });

  it('is one machine’s behind a program that nobody knows', () => {
    const session = searching({ rates: [900], agent: 'quizapp/2.3' });
    expectRate(session, 900);
    expect(read(session)?.rigs).toBe(0);
  });

  it('counts none for sure where the bytes said to be set are drawn at random', () => {
    const session = searching({ rates: [900], sets: true });
    const draw = random(9);
    session.shares.log = session.shares.log.map((share) => {
      const byte = draw.below(256).toString(16).padStart(2, '0');
      return { ...share, nonce: `${share.nonce?.slice(0, 6)}${byte}` };
    });
    const { rigs = 0, leastRigs } = read(session) ?? {};
    expect({ leastRigs, isRange: rigs > 1 }).toEqual({ leastRigs: 1, isRange: true });
  });

  it('reads the algorithm with most shares where jobs name several', () => {
    const session = searching({ rates: [900], jobs: 9, algorithm: (job) => (job < 6 ? 'cn/r' : 'rx/0') });
    expect(read(session, null)).toMatchObject({ algorithm: 'cn/r', estimate: { sharesUsed: 36 } });
  });

  it('of unknown algorithm is read all the same', () => {
    expect(read(searching({ rates: [900] }), null)).toMatchObject({
      algorithm: null,
      estimate: { verdict: 'clock' },
    });
  });

  it.each([
    ['fewer than four shares', { rates: [900], jobs: 0 }],
    ['solo mining by whole blocks', { rates: [900], dialect: 'monero-daemon' }],
    ['a dialect that nobody knows', { rates: [900], dialect: 'other' }],
    ['Ethash, whose miners start at nonces of their own', { rates: [900], dialect: 'ethereum-stratum-1' }],
  ])('is none of %s', (_name, miner) => {
    expect(read(searching(miner))).toBeNull();
  });

  it('of fewer than four shares says how many could be read', () => {
    const few = (change: Partial<LoggedShare>) => {
      const session = searching({ rates: [900] });
      session.shares.log = session.shares.log
        .slice(0, 3)
        .map((share, at) => (at === 0 ? share : { ...share, ...change }));
      return read(session);
    };
    expect([few({})?.estimate?.sharesUsed, few({ nonce: null })?.estimate?.sharesUsed]).toEqual([3, 1]);
    expect(few({ isMadeUp: true })?.estimate?.sharesUsed).toBe(1);
    const none = searching({ rates: [900] });
    none.shares.log = none.shares.log.slice(0, 3).map((share) => ({ ...share, isMadeUp: true }));
    expect(read(none)).toBeNull();
  });

  it('is not read where the run has no time left, and says so', () => {
    const budget = new CounterBudget();
    while (budget.take(2000));
    while (budget.take(1));
    const counter = read(searching({ rates: [900, 450], sets: true }), 'rx/0', budget);
    expect(counter).toEqual({ algorithm: 'rx/0', estimate: null, rigs: 2, leastRigs: 2, unreadShares: 0 });
  });

  it('reads thousands of shares, and knows what the log has forgotten', () => {
    const session = searching({ rates: [900], jobs: 600 });
    session.shares.logged = session.shares.kept;
    expectRate(session, 900);
    expect(read(session)?.unreadShares).toBe(0);
    session.shares.logged += 2500;
    expect(read(session)?.unreadShares).toBe(2500);
  });

  it('costs a run as much as the machines that are read', () => {
    const many = searching({ rates: Array.from({ length: 100 }, (_, i) => 200 + i), sets: true });
    const budget = new CounterBudget();
    let sessions = 0;
    while (readCounter(many, 'rx/0', budget)?.estimate != null) sessions++;
    // 100 machines with 36 shares each: a million is enough for 73.
    expect(sessions).toBe(73);
  });

  it('takes bytes that are no nonce for what they are', () => {
    const session = searching({ rates: [900] });
    session.shares.log = session.shares.log.map((share) => ({
      ...share,
      nonce: 'zz'.repeat(500),
      timeUs: Number.NaN,
    }));
    expect(read(session)?.estimate?.verdict).toBe('no-clock');
  });
});
