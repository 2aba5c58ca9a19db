/**
 * Rates from nonces over the sessions of a host. A session's hashes are its rate times its active time; a host's rate
 * is the sum of hashes over the union of active times, as with shares, so that parallel sessions add and reconnects
 * neither halve nor double. Errors of one host's clocks may be common (the same machine, the same unseen threads), so
 * they add up; those of hosts are independent.
 */
import type { CounterRate } from '../audit/rate-rows.ts';
import type { CounterClock, CounterEstimate } from '../evidence/counter/counter-input.ts';
import type { HostLedger } from '../hosts/ledger.ts';
import { under } from '../order.ts';
import type { AlgorithmWork, SettledSession } from '../sessions/settle.ts';
import { type Stretch, unionSeconds } from '../stretch.ts';

/**
 * The rate of one session; null without a clock, where the algorithm, and so the unit, is unknown, and where it is a rate
 * of the session's newest part alone: thousands of shares tell the whole session's by themselves.
 */
export function sessionCounterRate({ counter }: SettledSession): CounterRate | null {
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

interface Sum {
  readonly stretches: Stretch[];
  /** Hashes of the sessions with a clock, and how far they may be off either way. */
  hashes: number;
  below: number;
  above: number;
  /** The same of the others, by their shares: work, its variance. */
  work: number;
  variance: number;
  shares: number;
  sessions: number;
  /** False if shares of unknown worth leave a hole. */
  isWhole: boolean;
}

/**
 * Rates of a host per algorithm. Sessions too short for a clock enter by their shares, as long as those are less than
 * half of the work; beyond that the rate would be one from shares under another name.
 */
export function hostCounterRates(ledger: HostLedger): CounterRate[] {
  const sums = new Map<string, Sum>();
  for (const settled of ledger.sessions) {
    const rate = sessionCounterRate(settled);
    if (rate === null) continue;
    addClock(under(sums, rate.algorithm, noSum), rate, settled);
  }
  for (const settled of ledger.sessions) {
    const rate = sessionCounterRate(settled);
    for (const part of settled.works) {
      const sum = part.algorithm === null ? undefined : sums.get(part.algorithm);
      if (sum !== undefined && rate?.algorithm !== part.algorithm) addShares(sum, part);
    }
  }
  const rates: CounterRate[] = [];
  for (const [algorithm, sum] of sums) {
    const seconds = unionSeconds(sum.stretches);
    if (!(seconds > 0) || !sum.isWhole || sum.work > sum.hashes) continue;
    const hashes = sum.hashes + sum.work;
    const fromShares = 1.96 * Math.sqrt(sum.variance);
    rates.push({
      algorithm,
      estimate: hashes / seconds,
      low95: Math.max(0, hashes - Math.hypot(sum.below, fromShares)) / seconds,
      high95: (hashes + Math.hypot(sum.above, fromShares)) / seconds,
      shares: sum.shares,
      sessions: sum.sessions,
    });
  }
  return rates;
}

function noSum(): Sum {
  return {
    stretches: [],
    hashes: 0,
    below: 0,
    above: 0,
    work: 0,
    variance: 0,
    shares: 0,
    sessions: 0,
    isWhole: true,
  };
}

function addClock(sum: Sum, rate: CounterRate, { session, works }: SettledSession): void {
  const mined = works.find((part) => part.algorithm === rate.algorithm)?.stretches ?? [];
  // Without a known difficulty no stretch begins; the nonces were searched all the same.
  const stretches =
    mined.length > 0 ? mined : [{ startUs: session.connections.startUs, endUs: session.connections.endUs }];
  const seconds = unionSeconds(stretches);
  sum.stretches.push(...stretches);
  sum.hashes += rate.estimate * seconds;
  sum.below += (rate.estimate - rate.low95) * seconds;
  sum.above += (rate.high95 - rate.estimate) * seconds;
  sum.shares += rate.shares;
  sum.sessions += 1;
}

function addShares(sum: Sum, part: AlgorithmWork): void {
  if (part.work === null) {
    if (part.shares > 0) sum.isWhole = false;
    return;
  }
  sum.stretches.push(...part.stretches);
  sum.work += part.work;
  // The share that the session may have been about to find counts among what is not known.
  sum.variance += part.workSquared + part.workInForce ** 2;
}
