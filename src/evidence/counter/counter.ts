/**
 * Hashrate from the miner's own counter: the position of each share in the nonce search, divided by the time since its
 * job. Shares in, a rate with its interval out, or "no clock" with the figure of the test. What is not
 * done here: counting shares (that is the other estimator, and the two are compared by the caller).
 */
import { candidatesOf } from './candidates.ts';
import { NOTHING } from './clock.ts';
import type { CounterClock, CounterEstimate, CounterInput, NoClock } from './counter-input.ts';
import { readShares } from './digits.ts';
import { FEWEST_SHARES, LOG_CLOCK } from './terms.ts';
import { calibration, widened } from './unseen.ts';
import { describeClock, describeNoClock } from './words.ts';

/** Estimates the hashrate of one session from its shares; never throws, whatever the digits. */
export function estimateCounter(input: CounterInput): CounterEstimate {
  const { dialect } = input;
  const kept = [...input.shares].sort((a, b) => a.timeUs - b.timeUs);
  const read = readShares(kept, input.roundTripUs);
  const sharesUnplaced = kept.length - read.used;
  const candidates = candidatesOf(input, read);
  // Each way of reading the digits is a look at the same shares: their number weakens each one's evidence.
  const looks = dialect === 'stratum-v1' ? Math.log(2) : 0;
  let best = NOTHING;
  let strongest = Number.NEGATIVE_INFINITY;
  for (const candidate of candidates) {
    strongest = Math.max(strongest, candidate.evidence);
    if (candidate.clock !== null && candidate.evidence > best.evidence) best = candidate;
  }
  const { clock, rigs } = best;
  const evidence = best.evidence - looks;
  if (clock === null || evidence < LOG_CLOCK) {
    const doubt = candidates.some((one) => one.doubt === 'unsteady') ? 'unsteady' : 'no-fit';
    const reason = kept.length < FEWEST_SHARES ? 'too-few-shares' : doubt;
    return noClock(reason, strongest - looks, read.used, sharesUnplaced);
  }
  const making = rigs !== null && rigs > 1 ? 'rigs' : clock.structure.kind;
  const whole = calibration(making, clock.sharesUsed, 'whole', clock.unlike);
  // One span that is the whole session has its interval.
  const isAll = clock.series.length === 1 && clock.series[0].estimate === clock.estimate;
  const span = isAll ? whole : calibration(making, clock.sharesUsed, 'span', clock.unlike);
  const result: Omit<CounterClock, 'words'> = {
    verdict: 'clock',
    pValue: chance(evidence),
    evidence,
    structure: clock.structure,
    ...widened(clock, whole, dialect),
    tracks: clock.tracks,
    rigs,
    sharesUsed: clock.sharesUsed,
    sharesUnplaced,
    series: clock.series.map((one) => ({ ...one, ...widened(one, span, dialect) })),
  };
  return { ...result, words: describeClock(result, dialect) };
}

/** The answer for fewer shares than tell anything: nothing is tried on them. */
export function tooFewShares(sharesUsed: number): NoClock {
  return noClock('too-few-shares', Number.NEGATIVE_INFINITY, sharesUsed, 0);
}

function noClock(
  reason: NoClock['reason'],
  evidence: number,
  sharesUsed: number,
  sharesUnplaced: number,
): NoClock {
  const pValue = chance(evidence);
  const result = { verdict: 'no-clock', reason, pValue, evidence, sharesUsed, sharesUnplaced } as const;
  return { ...result, words: describeNoClock(result) };
}

/** A Bayes factor B against a hypothesis bounds the chance of as much luck by 1/B (Markov). */
function chance(evidence: number): number {
  return Math.min(1, Math.exp(-evidence));
}
