/** Nonce counters of two parts of a session as one: hashes are rate times time, so that the longer part weighs more. */
import { describe, expect, it } from 'vitest';
import type { CounterClock, NoClock } from '../../src/evidence/counter/counter-input.ts';
import { joinCounters } from '../../src/merge/join-counters.ts';
import type { PartSession } from '../../src/merge/parts.ts';
import type { SessionCounter } from '../../src/sessions/counter.ts';
import { bareSession } from '../support/sessions.ts';

const STRUCTURE = { kind: 'single', size: null, spread: 0, outliers: 0 } as const;
const CLOCK: CounterClock = {
  ...{ verdict: 'clock', pValue: 0.01, evidence: 9, estimate: 0, low95: 0, high95: 0, structure: STRUCTURE },
  ...{ tracks: null, rigs: null, sharesUsed: 0, sharesUnplaced: 0, series: [], words: [] },
};
const NO_CLOCK: NoClock = {
  ...{ verdict: 'no-clock', reason: 'no-fit', pValue: 1, evidence: 0 },
  ...{ sharesUsed: 4, sharesUnplaced: 0, words: [] },
};

/** A part of so many seconds. */
function part(
  seconds: number,
  estimate: SessionCounter['estimate'],
  more: Partial<SessionCounter> = {},
): PartSession {
  const session = bareSession();
  session.cover(1e15, 1e15 + seconds * 1e6);
  session.shares.submitted = 7;
  const counter = { algorithm: 'rx/0', estimate, rigs: 1, leastRigs: 1, unreadShares: 0, ...more };
  return { session, counter, isDuplicate: false };
}

const clock = (estimate: number, sharesUsed: number): CounterClock => ({
  ...CLOCK,
  ...{ estimate, low95: estimate - 10, high95: estimate + 20, sharesUsed, sharesUnplaced: 1 },
});

describe('the counters of two parts', () => {
  it('are the mean of both rates by their times, with the shares of both and the most machines', () => {
    const joined = joinCounters(
      part(10, clock(100, 3), { rigs: 2, leastRigs: 2 }),
      part(30, clock(300, 5), { rigs: 3 }),
    );
    // (100 × 10 + 300 × 30) / 40.
    expect(joined).toMatchObject({
      ...{ rigs: 3, leastRigs: 2, unreadShares: 0 },
      estimate: { estimate: 250, low95: 240, high95: 270, sharesUsed: 8, sharesUnplaced: 2 },
    });
    expect(joinCounters(part(0, clock(100, 3)), part(0, clock(300, 5)))?.estimate).toMatchObject({
      estimate: 200,
    });
  });

  it('are that of the newest part if only that has a clock, and the shares before it are not read', () => {
    const joined = joinCounters(part(10, NO_CLOCK), part(30, clock(300, 5), { unreadShares: 2 }));
    expect(joined).toMatchObject({ unreadShares: 9, estimate: { estimate: 300, sharesUsed: 5 } });
    const other = joinCounters(part(10, clock(1, 1), { algorithm: 'kawpow' }), part(30, clock(300, 5)));
    expect(other).toMatchObject({ unreadShares: 7, estimate: { estimate: 300 } });
  });

  it('are none if the newest part has none', () => {
    const joined = joinCounters(part(10, clock(100, 3)), part(30, NO_CLOCK));
    expect(joined?.estimate).toMatchObject({ verdict: 'no-clock', sharesUsed: 7 });
    expect(
      joinCounters({ ...part(1, null), counter: null }, part(30, clock(300, 5)))?.estimate,
    ).toMatchObject({
      estimate: 300,
    });
  });
});
