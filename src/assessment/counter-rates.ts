/**
 * Rates from nonces over the sessions of a host. A session's hashes are its rate times its active time; a host's rate
 * is the sum of hashes over the union of active times, as with shares, so that parallel sessions add and reconnects
 * neither halve nor double. Errors of one host's clocks may be common (the same machine, the same unseen threads), so
 * they add up; those of hosts are independent.
 */
import type { CounterRate } from '../audit/rate-rows.ts';
import type { CounterClock, CounterEstimate } from '../evidence/counter/counter-input.ts';
import type { HostLedger } from '../hosts/ledger.ts';
import { groupBy, totalOf } from '../order.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { type TimeInterval, unionSeconds } from '../time-interval.ts';

/**
 * The rate of one session; null without a clock, where the algorithm, and so the unit, is unknown, and where it is a rate
 * of the session's newest part alone: thousands of shares tell the whole session's by themselves.
 */
export function sessionCounterRate({ counter }: FinalSession): CounterRate | null {
  const clock = clockOf(counter?.estimate ?? null);
  if (clock === null || counter === null || counter.algorithm === null || counter.unreadShares > 0)
    return null;
  const { estimate, low95, high95, sharesUsed: shares } = clock;
  return { algorithm: counter.algorithm, estimate, low95, high95, shares, sessions: 1 };
}

/** The estimate where it found a clock. */
export function clockOf(estimate: CounterEstimate | null): CounterClock | null {
  return estimate?.verdict === 'clock' ? estimate : null;
}

/** A session's rate, and when it was mined. */
function clocked(
  finalized: FinalSession,
): { readonly rate: CounterRate; readonly intervals: readonly TimeInterval[] }[] {
  const rate = sessionCounterRate(finalized);
  if (rate === null) return [];
  const mined = finalized.works.find((part) => part.algorithm === rate.algorithm)?.intervals ?? [];
  // Without a known difficulty no interval begins; the nonces were searched all the same.
  const { startUs, endUs } = finalized.session.connections;
  return [{ rate, intervals: mined.length > 0 ? mined : [{ startUs, endUs }] }];
}

/**
 * Rates of a host per algorithm. Sessions too short for a clock enter by their shares, as long as those are less than
 * half of the work; beyond that the rate would be one from shares under another name.
 */
export function hostCounterRates({ sessions }: HostLedger): CounterRate[] {
  const byAlgorithm = groupBy(sessions.flatMap(clocked), ({ rate }) => rate.algorithm);
  return [...byAlgorithm].flatMap(([algorithm, own]) => {
    const parts = sessions
      .filter((finalized) => sessionCounterRate(finalized)?.algorithm !== algorithm)
      .flatMap(({ works }) => works.filter((part) => part.algorithm === algorithm));
    const priced = parts.filter(({ work }) => work !== null);
    // Shares of unknown worth leave a hole.
    const isWhole = parts.every(({ work, shares }) => work !== null || shares === 0);
    /** Hashes of the sessions with a clock, and how far they may be off either way. */
    const inAll = (of: (rate: CounterRate) => number): number =>
      totalOf(own, ({ rate, intervals }) => of(rate) * unionSeconds(intervals));
    const clock = inAll(({ estimate }) => estimate);
    const work = totalOf(priced, (part) => part.work ?? 0);
    const seconds = unionSeconds([...own, ...priced].flatMap(({ intervals }) => intervals));
    if (!(seconds > 0) || !isWhole || work > clock) return [];
    const hashes = clock + work;
    // The share that a session may have been about to find counts among what is not known.
    const variance = totalOf(priced, ({ workSquared, workInForce }) => workSquared + workInForce ** 2);
    const off = (ofClocks: number): number => Math.hypot(ofClocks, 1.96 * Math.sqrt(variance));
    const below = off(inAll(({ estimate, low95 }) => estimate - low95));
    const above = off(inAll(({ estimate, high95 }) => high95 - estimate));
    return [
      {
        algorithm,
        estimate: hashes / seconds,
        low95: Math.max(0, hashes - below) / seconds,
        high95: (hashes + above) / seconds,
        shares: totalOf(own, ({ rate }) => rate.shares),
        sessions: own.length,
      },
    ];
  });
}
