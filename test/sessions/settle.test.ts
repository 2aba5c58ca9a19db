/** What a finished session is said to have mined. */
import { describe, expect, it } from 'vitest';
import { matchPool, type PoolMatch } from '../../src/endpoints/pool-match.ts';
import { NOTHING_SHOWN } from '../../src/evidence/secrets.ts';
import { PoolSet } from '../../src/pools/pool-set.ts';
import { settleSession } from '../../src/sessions/settle.ts';
import { JOB, LOGIN } from '../../src/sessions/sightings.ts';
import { bareSession, NO_POOL } from '../support/sessions.ts';

/** The algorithm of a session whose jobs name these, one after the other. */
function algorithmAfter(names: readonly string[]): string | null | undefined {
  const session = bareSession();
  const place = { timeUs: 1.7e15, record: 1, input: 0 };
  names.forEach((algorithm, at) => {
    session.heard.take(JOB, place, 'pool', NOTHING_SHOWN);
    session.algorithm({
      kind: 'algorithm',
      algorithm,
      source: 'job',
      detail: 'algo of the job',
      side: 'pool',
    });
    session.job(`job ${at}`, 5000, {}, place.timeUs);
  });
  session.cover(1.7e15, 1.7e15 + 60e6);
  const match = matchPool(new PoolSet(), [], '198.51.100.1', 3333, 1.7e15);
  return settleSession(session, match, () => null)?.algorithm;
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
    const place = { timeUs: 1.7e15, record: 1, input: 0 };
    session.login(XMR as Parameters<typeof session.login>[0], null);
    session.heard.take(LOGIN, place, 'miner', NOTHING_SHOWN);
    for (let at = 0; at < jobs; at++) {
      session.heard.take(JOB, place, 'pool', NOTHING_SHOWN);
      session.job(`job ${at}`, 5000, {}, place.timeUs);
    }
    session.cover(1.7e15, 1.7e15 + 60e6);
    const settled = settleSession(session, { ...NO_POOL, ...match }, () => null);
    return [settled?.algorithm, settled?.algorithmSource];
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
