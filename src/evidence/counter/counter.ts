/**
 * Hashrate from the miner's own counter: where each share stands in the nonce search, over the time since its job.
 * Shares of any dialect in, a rate with its interval out, or "no clock" with the figure of the test. What is not
 * done here: counting shares (that is the other estimator, and the two are compared by the caller).
 */
import { type BaseReading, type BaseShare, readBaseClock } from './base.ts';
import { type Clock, type ClockReading, readClock } from './clock.ts';
import type {
  CounterClock,
  CounterEstimate,
  CounterInput,
  CounterShare,
  CounterStructure,
  NoClock,
  PlacedShare,
} from './counter-input.ts';
import { LOG_CLOCK } from './terms.ts';
import { readUnits } from './units.ts';
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

/** Fewer shares than this give no structure, whatever they say. */
const FEWEST_SHARES = 4;
/** More shares than this are thinned: the clock gains nothing from them. */
const MOST_SHARES = 20_000;

const NOTHING: Candidate = {
  evidence: Number.NEGATIVE_INFINITY,
  clock: null,
  rigs: null,
  unsteady: false,
};

interface Candidate {
  readonly evidence: number;
  readonly clock: Clock | null;
  readonly rigs: number | null;
  readonly unsteady: boolean;
}

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

function candidatesOf(input: CounterInput, shares: readonly CounterShare[]): Candidate[] {
  switch (input.dialect) {
    case 'cryptonote': {
      const zero = fromZero(input, shares, 'little');
      return zero.clock !== null ? [zero] : [zero, fromBase(input, shares, 'little')];
    }
    case 'stratum-v1':
      return [fromZero(input, shares, 'big'), fromZero(input, shares, 'little'), fromUnits(input, shares)];
    case 'equihash':
      return [fromBase(input, shares, 'head'), fromBase(input, shares, 'tail')];
    default:
      return [fromBase(input, shares, 'big')];
  }
}

function fromZero(input: CounterInput, shares: readonly CounterShare[], order: 'big' | 'little'): Candidate {
  const rigs = new Map<number, PlacedShare[]>();
  const fixed = new Set<number>();
  const placed: { share: PlacedShare; nonce: number }[] = [];
  const firstUnit = new Map<number, string>();
  for (const share of shares) {
    const seconds = ageOf(share, input);
    const digits = digitsOf(share.nonce);
    if (seconds === null || seconds < 0 || digits === null || digits.length !== 8) continue;
    // Stratum v1: another extranonce2 within the job restarts the nonces at a time that nobody saw.
    const unit = share.extraNonce2 ?? '';
    const first = firstUnit.get(share.jobIndex) ?? unit;
    firstUnit.set(share.jobIndex, first);
    if (first !== unit) continue;
    const nonce = Number.parseInt(order === 'little' ? reverseBytes(digits) : digits, 16);
    fixed.add(nonce >>> 24);
    const work = share.workHashes !== null && share.workHashes > 0 ? share.workHashes : 1;
    placed.push({ share: { nonce, seconds, timeUs: share.timeUs, job: share.jobIndex, work }, nonce });
  }
  // A fourth byte that never moves and is not 0 is a proxy's, whether the job said so or not.
  const byProxy =
    input.dialect === 'cryptonote' && (input.niceHash === true || (fixed.size === 1 && !fixed.has(0)));
  for (const { share, nonce } of placed) {
    const rig = byProxy ? nonce >>> 24 : 0;
    const list = rigs.get(rig) ?? [];
    list.push({ ...share, nonce: byProxy ? nonce & 0xffffff : nonce });
    rigs.set(rig, list);
  }
  if (placed.length < FEWEST_SHARES) return NOTHING;
  const width = byProxy ? 2 ** 24 : 2 ** 32;
  if (rigs.size <= 1) {
    const reading = readClock([...rigs.values()][0] ?? [], width, input.dialect === 'cryptonote');
    return {
      evidence: reading.evidence,
      clock: reading.clock,
      rigs: byProxy ? 1 : null,
      unsteady: reading.unsteady,
    };
  }
  return sumOfRigs([...rigs.values()], width, placed.length);
}

/** The rigs behind a proxy, each with its own clock; rigs without one count as the others do, by their shares. */
function sumOfRigs(rigs: readonly PlacedShare[][], width: number, shares: number): Candidate {
  let evidence = 0;
  let read = 0;
  let work = 0;
  let readWork = 0;
  let sum = 0;
  let variance = 0;
  const clocks: Clock[] = [];
  let unsteady = false;
  for (const rig of rigs) {
    for (const share of rig) work += share.work;
    const reading: ClockReading | null = rig.length >= FEWEST_SHARES ? readClock(rig, width, true) : null;
    if (reading?.unsteady === true) unsteady = true;
    if (reading === null || reading.clock === null) continue;
    evidence += reading.evidence;
    read += rig.length;
    for (const share of rig) readWork += share.work;
    clocks.push(reading.clock);
    sum += reading.clock.estimate;
    variance += ((reading.clock.high95 - reading.clock.low95) / 3.92) ** 2;
  }
  const first = clocks[0];
  if (first === undefined || read < 0.5 * shares) {
    return { evidence: Number.NEGATIVE_INFINITY, clock: null, rigs: rigs.length, unsteady };
  }
  const whole = work / readWork;
  const unread = whole - 1;
  // The unread part is known from shares alone: as well as their number allows.
  const spread = Math.sqrt(
    variance * whole ** 2 + (sum * unread) ** 2 / Math.max(1, shares - read) + (sum * 0.003) ** 2,
  );
  const structure: CounterStructure = { ...first.structure, outliers: 1 - read / shares };
  let low = 0;
  let central = 0;
  let high = 0;
  for (const clock of clocks) {
    low += clock.tracks?.low ?? 1;
    central += clock.tracks?.central ?? 1;
    high += clock.tracks?.high ?? 1;
  }
  return {
    evidence,
    rigs: rigs.length,
    unsteady,
    clock: {
      structure,
      estimate: sum * whole,
      low95: Math.max(0, sum * whole - 1.96 * spread),
      high95: sum * whole + 1.96 * spread * (unread > 0 ? 1.2 : 1),
      tracks: { low, central, high },
      sharesUsed: read,
      series: [],
    },
  };
}

function fromBase(
  input: CounterInput,
  shares: readonly CounterShare[],
  order: 'big' | 'little' | 'head' | 'tail',
): Candidate {
  const placed: BaseShare[] = [];
  for (const share of shares) {
    const digits = digitsOf(share.nonce);
    if (digits === null || !Number.isFinite(share.timeUs)) continue;
    const cut = order === 'head' ? Math.min(16, digits.length) : digits.length - Math.min(16, digits.length);
    const counter =
      order === 'head'
        ? reverseBytes(digits.slice(0, cut))
        : order === 'little'
          ? reverseBytes(digits)
          : order === 'tail'
            ? digits.slice(cut)
            : digits;
    const key = order === 'head' ? digits.slice(cut) : order === 'tail' ? digits.slice(0, cut) : '';
    placed.push({
      nonce: BigInt(`0x${counter}`),
      key,
      seconds: ageOf(share, input),
      job: share.jobIndex,
      timeUs: share.timeUs,
    });
  }
  if (placed.length < FEWEST_SHARES) return NOTHING;
  const reading: BaseReading = readBaseClock(placed);
  return { evidence: reading.evidence, clock: reading.clock, rigs: null, unsteady: false };
}

/** Stratum v1: extranonce2 as a counter of whole units of work, where the shares tell how large a unit is. */
function fromUnits(input: CounterInput, shares: readonly CounterShare[]): Candidate {
  let best = NOTHING;
  for (const order of ['big', 'little'] as const) {
    const placed: BaseShare[] = [];
    const works: number[] = [];
    for (const share of shares) {
      const digits = digitsOf(share.extraNonce2 ?? '');
      if (digits === null || !Number.isFinite(share.timeUs)) continue;
      const counter = order === 'little' ? reverseBytes(digits) : digits;
      placed.push({
        nonce: BigInt(`0x${counter}`),
        key: '',
        seconds: ageOf(share, input),
        job: share.jobIndex,
        timeUs: share.timeUs,
      });
      if (share.workHashes !== null && share.workHashes > 0) works.push(share.workHashes);
    }
    if (placed.length < FEWEST_SHARES || works.length < placed.length) continue;
    const reading = readUnits(placed, works);
    if (reading.evidence > best.evidence) best = { ...reading, rigs: null, unsteady: false };
  }
  return best;
}

/** Seconds between the miner's getting the job and its sending the share; null where the job is unknown. */
export function ageOf(share: CounterShare, input: { readonly roundTripUs: number | null }): number | null {
  if (share.jobTimeUs === null || share.jobIndex < 0) return null;
  const age = (share.timeUs - share.jobTimeUs - (input.roundTripUs ?? 0)) / 1e6;
  return Number.isFinite(age) ? age : null;
}

/** The digits of a nonce in lower case without 0x, of even number and at most 64; null where it is none. */
function digitsOf(nonce: string): string | null {
  const bare = /^0x/i.test(nonce) ? nonce.slice(2) : nonce;
  if (!/^[0-9a-f]{2,64}$/i.test(bare)) return null;
  return bare.length % 2 === 0 ? bare.toLowerCase() : `0${bare.toLowerCase()}`;
}

function reverseBytes(digits: string): string {
  let reversed = '';
  for (let at = digits.length - 2; at >= 0; at -= 2) reversed += digits.slice(at, at + 2);
  return reversed;
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
