import { describe, expect, it } from 'vitest';
import { packShares, unpackShares } from '../../src/sessions/carry-shares.ts';
import type { LoggedShare } from '../../src/sessions/logged-share.ts';

const DIFFICULTY = { scale: 'hashes', value: 75_000 } as const;

function share(changes: Partial<LoggedShare>): LoggedShare {
  return {
    timeUs: 1_760_000_000_000_001,
    jobTimeUs: 1_760_000_000_000_000,
    jobId: 'a1',
    nonce: 'deadbeef',
    extraNonce2: null,
    difficulty: DIFFICULTY,
    algorithm: 'rx/0',
    outcome: 'accepted',
    ...changes,
  };
}

const SHARES: readonly LoggedShare[] = [
  share({}),
  share({ timeUs: 1_760_000_000_000_002, nonce: null, outcome: 'unanswered' }),
  share({ jobId: 'b 2', nonce: 'two words', extraNonce2: ' 01 02', outcome: 'low-difficulty' }),
  share({ jobId: null, jobTimeUs: null, difficulty: null, algorithm: null, nonce: '', extraNonce2: '' }),
  share({ timeUs: 1_760_000_000_000_003.5, outcome: 'malformed' }),
];

describe('logged shares as lines', () => {
  it('name their job by its number, and hold the nonce as it came', () => {
    expect(packShares(SHARES)).toEqual({
      shareJobs: [
        { jobId: 'a1', jobTimeUs: 1_760_000_000_000_000, algorithm: 'rx/0', difficulty: DIFFICULTY },
        { jobId: 'b 2', jobTimeUs: 1_760_000_000_000_000, algorithm: 'rx/0', difficulty: DIFFICULTY },
        { jobId: null, jobTimeUs: null, algorithm: null, difficulty: null },
      ],
      shareRows: [
        '1760000000000001 0 a 8 0 deadbeef',
        '1760000000000002 0 - -1 0 ',
        '1760000000000001 1 l 9 1 two words 01 02',
        '1760000000000001 2 a 0 1 ',
        '1760000000000003.5 0 m 8 0 deadbeef',
      ],
    });
  });

  it('come back as they were', () => {
    expect(unpackShares(packShares(SHARES))).toEqual(SHARES);
  });

  it.each(['', 'x', '1 0 a 8', 'NaN 0 a 1 0 x', '1 0 z 1 0 x'])(
    'are passed over where they are none: %j',
    (row) => {
      expect(unpackShares({ shareJobs: [], shareRows: [row] })).toEqual([null]);
    },
  );

  it('of a job that is not in the list have none', () => {
    expect(unpackShares({ shareJobs: [], shareRows: ['5 7 a 2 0 ff'] })).toEqual([
      {
        ...{ timeUs: 5, jobTimeUs: null, jobId: null, nonce: 'ff', extraNonce2: null },
        ...{ difficulty: null, algorithm: null, outcome: 'accepted' },
      },
    ]);
  });
});
