/**
 * Hashrate from the miner's own counter: where each share stands in the nonce search, over the time since its job.
 * Shares of any dialect in, a rate with its interval out, or "no clock" with the figure of the test. What is not
 * done here: counting shares (that is the other estimator, and the two are compared by the caller).
 */
import { type Candidate, candidatesOf, FEWEST_SHARES } from './candidates.ts';
import type { CounterClock, CounterEstimate, CounterInput, CounterShare, NoClock } from './counter-input.ts';
import { ageOf, digitsOf } from './digits.ts';
import { LOG_CLOCK } from './terms.ts';
import { describeClock, describeNoClock } from './words.ts';

export type {
  CounterClock,
  CounterDialect,
  CounterEstimate,
  CounterInput,
  CounterRate,
  CounterShare,
  CounterStructure,
  CounterTracks,
  NoClock,
} from './counter-input.ts';

/** More shares than this are thinned: the clock gains nothing from them. */
const MOST_SHARES = 20_000;

/** Estimates the hashrate of one session from its shares; never throws, whatever the digits. */
export function estimateCounter(input: CounterInput): CounterEstimate {
  const kept = thin([...input.shares].sort((a, b) => a.timeUs - b.timeUs));
  const candidates = candidatesOf(input, kept);
  let placedShares = 0;
  for (const share of kept)
    if (ageOf(share, input) !== null && digitsOf(share.nonce) !== null) placedShares += 1;
  const unplaced = kept.length - placedShares;
  let best: Candidate | null = null;
  let unsteady = false;
  // Each way of reading the digits is a look at the same shares: their number weakens each one's evidence.
  const looks = Math.log(Math.max(1, candidates.length));
  for (const candidate of candidates) {
    if (candidate.unsteady) unsteady = true;
    if (candidate.clock === null) continue;
    if (best === null || candidate.evidence > best.evidence) best = candidate;
  }
  const strongest =
    candidates.reduce((top, one) => Math.max(top, one.evidence), Number.NEGATIVE_INFINITY) - looks;
  if (best === null || best.clock === null || best.evidence - looks < LOG_CLOCK) {
    return noClock(
      kept.length < FEWEST_SHARES ? 'too-few-shares' : unsteady ? 'unsteady' : 'no-fit',
      strongest,
      {
        used: placedShares,
        unplaced,
      },
    );
  }
  const scale = input.hashesPerCount ?? 1;
  const evidence = best.evidence - looks;
  const clock = best.clock;
  const result: Omit<CounterClock, 'words'> = {
    verdict: 'clock',
    pValue: chance(evidence),
    evidence,
    structure: clock.structure,
    estimate: clock.estimate * scale,
    low95: clock.low95 * scale,
    high95: clock.high95 * scale,
    tracks: clock.tracks,
    rigs: best.rigs,
    sharesUsed: clock.sharesUsed,
    sharesUnplaced: unplaced,
    series: clock.series.map((one) => ({
      ...one,
      estimate: one.estimate * scale,
      low95: one.low95 * scale,
      high95: one.high95 * scale,
    })),
  };
  return { ...result, words: describeClock(result) };
}

function noClock(
  reason: NoClock['reason'],
  evidence: number,
  shares: { readonly used: number; readonly unplaced: number },
): NoClock {
  const result = {
    verdict: 'no-clock' as const,
    reason,
    pValue: chance(evidence),
    evidence,
    sharesUsed: shares.used,
    sharesUnplaced: shares.unplaced,
  };
  return { ...result, words: describeNoClock(result) };
}

/** A Bayes factor B against a hypothesis bounds the chance of as much luck by 1/B (Markov). */
function chance(evidence: number): number {
  return Math.min(1, Math.exp(-evidence));
}

function thin(shares: readonly CounterShare[]): readonly CounterShare[] {
  if (shares.length <= MOST_SHARES) return shares;
  const kept: CounterShare[] = [];
  for (let index = 0; index < MOST_SHARES; index += 1) {
    const share = shares[Math.floor((index * shares.length) / MOST_SHARES)];
    if (share !== undefined) kept.push(share);
  }
  return kept;
}
