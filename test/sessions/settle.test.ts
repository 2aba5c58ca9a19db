/** What a finished session is said to have mined. */
import { describe, expect, it } from 'vitest';
import { matchPool } from '../../src/endpoints/pool-match.ts';
import type { Fact } from '../../src/evidence/fact.ts';
import { PoolSet } from '../../src/pools/pool-set.ts';
import { settleSession } from '../../src/sessions/settle.ts';
import { messagesOf, server } from '../support/dialogue.ts';
import { bareSession } from '../support/sessions.ts';

/** The algorithm of a session whose jobs name these, one after the other. */
function algorithmAfter(names: readonly string[]): string | null | undefined {
  const session = bareSession();
  const facts = names.flatMap((algorithm, at): Fact[] => [
    { kind: 'algorithm', algorithm, source: 'job', detail: 'algo of the job', side: 'pool' },
    { kind: 'job', jobId: `job ${at}`, difficulty: { scale: 'hashes', value: 5000 } },
  ]);
  for (const message of messagesOf([server('{"method":"job"}\n')])) {
    for (const fact of facts) session.take(fact, message, 0, 'pool');
  }
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
