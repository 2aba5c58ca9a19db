/** Joins the nonce counters of two parts of one session. The shares themselves are no longer known. */
import type { CounterClock } from '../evidence/counter/counter-input.ts';
import type { SessionCounter } from '../sessions/counter.ts';
import type { PartSession } from './parts.ts';

/**
 * Hashes are rate times time, and add up. The errors of one machine's clocks may be common, so they add up too. If only
 * the later part has a clock, it is the rate of the newest part; if only the earlier one has, the whole has none.
 */
export function joinCounters(earlier: PartSession, later: PartSession): SessionCounter | null {
  const [a, b] = [earlier.counter, later.counter];
  if (a === null || b === null) return b ?? a;
  const rigs = Math.max(a.rigs, b.rigs);
  const leastRigs = Math.max(a.leastRigs, b.leastRigs);
  const [from, to] = [a.estimate, b.estimate];
  const isWhole = a.algorithm === b.algorithm && a.unreadShares + b.unreadShares === 0;
  if (from?.verdict === 'clock' && to?.verdict === 'clock' && isWhole) {
    const estimate = joinClocks(from, secondsOf(earlier), to, secondsOf(later));
    return { ...b, rigs, leastRigs, estimate };
  }
  if (to?.verdict === 'clock') {
    return { ...b, rigs, leastRigs, unreadShares: b.unreadShares + earlier.session.shares.submitted };
  }
  const sharesUsed = (from?.sharesUsed ?? 0) + (to?.sharesUsed ?? 0);
  return { ...b, rigs, leastRigs, estimate: to === null ? null : { ...to, sharesUsed } };
}

function joinClocks(a: CounterClock, secondsA: number, b: CounterClock, secondsB: number): CounterClock {
  const all = secondsA + secondsB;
  const mean = (ofA: number, ofB: number): number =>
    all > 0 ? (ofA * secondsA + ofB * secondsB) / all : (ofA + ofB) / 2;
  const main = a.sharesUsed > b.sharesUsed ? a : b;
  return {
    ...main,
    pValue: Math.min(a.pValue, b.pValue),
    estimate: mean(a.estimate, b.estimate),
    low95: mean(a.low95, b.low95),
    high95: mean(a.high95, b.high95),
    sharesUsed: a.sharesUsed + b.sharesUsed,
    sharesUnplaced: a.sharesUnplaced + b.sharesUnplaced,
    series: [...a.series, ...b.series],
  };
}

function secondsOf({ session }: PartSession): number {
  const { startUs, endUs } = session.connections;
  return (endUs - startUs) / 1e6;
}
