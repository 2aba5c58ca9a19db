/**
 * Hashrate from the miner's own counter: where each share stands in the nonce search, over the time since its job.
 * Shares of any dialect in, a rate with its interval out, or "no clock" with the figure of the test. What is not
 * done here: counting shares (that is the other estimator, and the two are compared by the caller).
 */
import { type Candidate, candidatesOf, FEWEST_SHARES, looksOf } from './candidates.ts';
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

/**
 * Half width of the 95 % interval, as a part of the rate, for what the nonces of a dialect's miners cannot show: the
 * pauses between two scans, while the miner fetches work. XMRig has been compared with its own figures and has none
 * to speak of; miners of the other dialects have been seen in the laboratory only, where minerd paused for 3 %.
 */
const UNSEEN: Readonly<Record<CounterInput['dialect'], number>> = {
  cryptonote: 0,
  ethash: 0.04,
  'stratum-v1': 0.04,
  equihash: 0.04,
  kawpow: 0.04,
};

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
  const looks = Math.log(looksOf(input.dialect));
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
    ...widened(clock, scale, input.dialect),
    tracks: clock.tracks,
    rigs: best.rigs,
    sharesUsed: clock.sharesUsed,
    sharesUnplaced: unplaced,
    series: clock.series.map((one) => ({
      ...one,
      ...widened(one, scale, input.dialect),
    })),
  };
  return { ...result, words: describeClock(result) };
}

interface RateInterval {
  readonly estimate: number;
  readonly low95: number;
  readonly high95: number;
}

/** The rate in hashes, its interval with what the clock cannot know of the dialect's miners. */
function widened(
  { estimate, low95, high95 }: RateInterval,
  scale: number,
  dialect: CounterInput['dialect'],
): RateInterval {
  const unseen = UNSEEN[dialect];
  const spread = (limit: number): number => Math.hypot(Math.log(limit / estimate), unseen);
  return {
    estimate: estimate * scale,
    low95: estimate * scale * Math.exp(-spread(low95)),
    high95: estimate * scale * Math.exp(spread(high95)),
  };
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
