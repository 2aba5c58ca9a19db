/**
 * Hashrate from the miner's own counter: the position of each share in the nonce search, divided by the time since its
 * job. Shares of any dialect in, a rate with its interval out, or "no clock" with the figure of the test. What is not
 * done here: counting shares (that is the other estimator, and the two are compared by the caller).
 */
import { candidatesOf, looksOf } from './candidates.ts';
import type { Candidate } from './clock.ts';
import type { CounterClock, CounterEstimate, CounterInput, NoClock } from './counter-input.ts';
import { readShares } from './digits.ts';
import { thinned } from './statistics/mathematics.ts';
import { FEWEST_SHARES, LOG_CLOCK } from './terms.ts';
import { calibration, widened } from './unseen.ts';
import { describeClock, describeNoClock } from './words.ts';

/** More shares than this are thinned: the clock gains nothing from them. */
const MOST_SHARES = 20_000;

/** Estimates the hashrate of one session from its shares; never throws, whatever the digits. */
export function estimateCounter(input: CounterInput): CounterEstimate {
  const kept = thinned(
    [...input.shares].sort((a, b) => a.timeUs - b.timeUs),
    MOST_SHARES,
  );
  const read = readShares(kept, input);
  const candidates = candidatesOf(input, read);
  let placedShares = 0;
  for (let index = 0; index < kept.length; index += 1)
    if (read.ages[index] !== null && read.digits[index] !== null) placedShares += 1;
  const unplaced = kept.length - placedShares;
  let best: Candidate | null = null;
  let unsteady = false;
  let isTimed = false;
  // Each way of reading the digits is a look at the same shares: their number weakens each one's evidence.
  const looks = Math.log(looksOf(input.dialect));
  for (const candidate of candidates) {
    if (candidate.unsteady) unsteady = true;
    if (candidate.isTimed === true) isTimed = true;
    if (candidate.clock === null) continue;
    if (best === null || candidate.evidence > best.evidence) best = candidate;
  }
  const strongest =
    candidates.reduce((top, one) => Math.max(top, one.evidence), Number.NEGATIVE_INFINITY) - looks;
  if (best === null || best.clock === null || best.evidence - looks < LOG_CLOCK) {
    const few = kept.length < FEWEST_SHARES;
    const reason = few ? 'too-few-shares' : isTimed ? 'timed' : unsteady ? 'unsteady' : 'no-fit';
    return noClock(reason, strongest, { used: placedShares, unplaced });
  }
  const scale = input.hashesPerCount ?? 1;
  const evidence = best.evidence - looks;
  const clock = best.clock;
  const making = best.rigs !== null && best.rigs > 1 ? 'rigs' : clock.structure.kind;
  const whole = calibration(making, clock.sharesUsed, 'whole', clock.unlike);
  // One span that is the whole session has its interval.
  const isAll = clock.series.length === 1 && clock.series[0]?.estimate === clock.estimate;
  const span = isAll ? whole : calibration(making, clock.sharesUsed, 'span', clock.unlike);
  const result: Omit<CounterClock, 'words'> = {
    verdict: 'clock',
    pValue: chance(evidence),
    evidence,
    structure: clock.structure,
    ...widened(clock, scale, whole, input.dialect),
    tracks: clock.tracks,
    rigs: best.rigs,
    sharesUsed: clock.sharesUsed,
    sharesUnplaced: unplaced,
    series: clock.series.map((one) => ({
      ...one,
      ...widened(one, scale, span, input.dialect),
    })),
  };
  return { ...result, words: describeClock(result, input.dialect) };
}

/** The answer for fewer shares than tell anything: nothing is tried on them. */
export function tooFewShares(sharesUsed: number): NoClock {
  return noClock('too-few-shares', Number.NEGATIVE_INFINITY, { used: sharesUsed, unplaced: 0 });
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
