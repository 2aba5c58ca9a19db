/** Which sessions' nonces are read, as what, and how many machines their set bytes tell apart. */
import { describe, expect, it } from 'vitest';
import { CounterBudget, readSessionCounter } from '../../src/sessions/counter.ts';
import { type LoggedShare, Session } from '../../src/sessions/session.ts';
import { random } from '../support/random.ts';

const START_US = 1.7e15;
/** Seconds after each job at which the miner finds a share, never the same twice. */
const AGES = [1.5, 4.25, 7.75, 13.5, 22.25, 38];

interface Searching {
  readonly dialect?: string;
  readonly jobs?: number;
  /** Hashes per second of each machine; its number is the fourth byte of its nonces where `sets` is true. */
  readonly rates: readonly number[];
  readonly sets?: boolean;
  readonly agent?: string;
  readonly algorithm?: (job: number) => string | null;
}

/** A session whose machines count up from 0 at each job of 60 s. */
function searching({
  dialect = 'cryptonote',
  jobs = 6,
  rates,
  sets = false,
  agent,
  algorithm,
}: Searching): Session {
  const session = new Session(
    {
      dialect,
      miner: { ip: '192.0.2.1', port: 5000 },
      pool: { ip: '198.51.100.1', port: 3333 },
      via: [],
      transport: 'tcp',
      certain: true,
    },
    { sinceUs: Number.NEGATIVE_INFINITY, untilUs: Number.POSITIVE_INFINITY },
  );
  session.fixesNonce = sets;
  session.agent = agent ?? null;
  for (let job = 0; job < jobs; job++) {
    for (const [machine, rate] of rates.entries()) {
      for (const [i, base] of AGES.entries()) {
        const age = base + ((job * 7 + machine * 3 + i) % 10) / 20;
        const count = Math.round(rate * age);
        const nonce = Buffer.alloc(4);
        nonce.writeUInt32LE(sets || rates.length > 1 ? ((machine << 24) | count) >>> 0 : count);
        const jobTimeUs = START_US + job * 60e6;
        const share: LoggedShare = {
          timeUs: jobTimeUs + age * 1e6,
          jobTimeUs,
          jobId: `job ${job}`,
          nonce: nonce.toString('hex'),
          extraNonce2: null,
          difficulty: { scale: 'hashes', value: 5000 },
          algorithm: algorithm?.(job) ?? null,
          outcome: 'accepted',
        };
        session.log.push(share);
      }
    }
  }
  session.log.sort((a, b) => a.timeUs - b.timeUs);
  return session;
}

const read = (session: Session, algorithm: string | null = 'rx/0') =>
  readSessionCounter(session, algorithm, new CounterBudget());

/** Verdict, and the rate within 2 % of the expected one. */
function expectRate(session: Session, rate: number): void {
  const estimate = read(session)?.estimate;
  if (estimate?.verdict !== 'clock') throw new Error(`no clock: ${estimate?.words.join(' ')}`);
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

  it('counts none for sure where the bytes said to be set are drawn at random', () => {
    const session = searching({ rates: [900], sets: true });
    const draw = random(9);
    session.log.forEach((share, at) => {
      const byte = draw.below(256).toString(16).padStart(2, '0');
      session.log[at] = { ...share, nonce: `${share.nonce?.slice(0, 6)}${byte}` };
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
  ])('is none of %s', (_name, miner) => {
    expect(read(searching(miner))).toBeNull();
  });

  it('is none of Equihash parameters whose solutions per nonce are not known', () => {
    expect(read(searching({ rates: [900], dialect: 'zip301' }), 'equihash144_5')).toBeNull();
  });

  it('is not read where the run has no time left, and says so', () => {
    const budget = new CounterBudget();
    while (budget.take(2000));
    while (budget.take(0));
    const counter = readSessionCounter(searching({ rates: [900, 450], sets: true }), 'rx/0', budget);
    expect(counter).toEqual({ algorithm: 'rx/0', estimate: null, rigs: 2, leastRigs: 2, unreadShares: 0 });
  });

  it('reads thousands of shares, and knows what the log has forgotten', () => {
    const session = searching({ rates: [900], jobs: 600 });
    session.memory.logged = session.log.length;
    expectRate(session, 900);
    expect(read(session)?.unreadShares).toBe(0);
    session.memory.logged += 2500;
    expect(read(session)?.unreadShares).toBe(2500);
  });

  it('costs a run as much as the machines that are read', () => {
    const many = searching({ rates: Array.from({ length: 100 }, (_, i) => 200 + i), sets: true });
    const budget = new CounterBudget();
    let sessions = 0;
    while (readSessionCounter(many, 'rx/0', budget)?.estimate !== null) sessions++;
    // 100 machines with 36 shares each: 250,000 are enough for 18.
    expect(sessions).toBe(18);
  });

  it('takes bytes that are no nonce for what they are', () => {
    const session = searching({ rates: [900] });
    for (const share of session.log) Object.assign(share, { nonce: 'zz'.repeat(500), timeUs: Number.NaN });
    expect(read(session)?.estimate?.verdict).toBe('no-clock');
  });
});
