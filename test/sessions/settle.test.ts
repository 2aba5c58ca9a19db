/** What a finished session is said to have mined. */
import { describe, expect, it } from 'vitest';
import { matchPool } from '../../src/endpoints/pool-match.ts';
import { NOTHING_SHOWN } from '../../src/evidence/secrets.ts';
import { PoolSet } from '../../src/pools/pool-set.ts';
import { settleSession } from '../../src/sessions/settle.ts';
import { JOB } from '../../src/sessions/sightings.ts';
import { bareSession } from '../support/sessions.ts';

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
