/**
 * The ways in which a session's digits may be a counter, by dialect: nonces from 0 at each job (one machine or several
 * behind a proxy), nonces from starts of their own, extranonce2 as units of work.
 */
import { type BaseShare, readBaseClock } from './base.ts';
import { type Clock, readClock } from './clock.ts';
import type {
  CounterInput,
  CounterRate,
  CounterShare,
  CounterStructure,
  PlacedShare,
} from './counter-input.ts';
import { ageOf, digitsOf, reverseBytes } from './digits.ts';
import { LOG_SURE } from './terms.ts';
import { readUnits } from './units.ts';

/** Fewer shares than this give no structure, whatever they say. */
export const FEWEST_SHARES = 4;

const NOTHING: Candidate = {
  evidence: Number.NEGATIVE_INFINITY,
  clock: null,
  rigs: null,
  unsteady: false,
};

/** One way of reading the digits, and what came of it. */
export interface Candidate {
  readonly evidence: number;
  readonly clock: Clock | null;
  readonly rigs: number | null;
  readonly unsteady: boolean;
}

type Way = (input: CounterInput, shares: readonly CounterShare[]) => Candidate;

const FROM_ZERO: Way = (input, shares) => fromZero(input, shares, 'little');

/** Ways of reading the digits of each dialect's miners. */
const WAYS: Readonly<Record<CounterInput['dialect'], readonly Way[]>> = {
  cryptonote: [FROM_ZERO, (input, shares) => fromBase(input, shares, 'little')],
  'stratum-v1': [FROM_ZERO, (input, shares) => fromZero(input, shares, 'big'), fromUnits],
  equihash: [
    (input, shares) => fromBase(input, shares, 'head'),
    (input, shares) => fromBase(input, shares, 'tail'),
  ],
  ethash: [(input, shares) => fromBase(input, shares, 'big')],
  kawpow: [(input, shares) => fromBase(input, shares, 'big')],
};

/** How many ways there are for a dialect: each is a look at the same shares. */
export function looksOf(dialect: CounterInput['dialect']): number {
  return WAYS[dialect].length;
}

/**
 * What the ways of the dialect make of the shares, up to the first that is beyond doubt. CryptoNote's starts of their
 * own are tried only where nothing counts from 0.
 */
export function candidatesOf(input: CounterInput, shares: readonly CounterShare[]): Candidate[] {
  const candidates: Candidate[] = [];
  const ways = WAYS[input.dialect];
  // Stratum v1 miners write nonces either way: the way in which more of them are small comes first.
  const order = input.dialect === 'stratum-v1' && rises(shares) ? [ways[1], ways[0], ways[2]] : ways;
  for (const way of order) {
    const candidate = way?.(input, shares) ?? NOTHING;
    candidates.push(candidate);
    const sure = candidate.clock !== null && candidate.evidence > LOG_SURE;
    if (sure || (input.dialect === 'cryptonote' && candidate.clock !== null)) break;
  }
  return candidates;
}

/** True where nonces have more zeros in front than behind, as counters from 0 that are written highest byte first. */
function rises(shares: readonly CounterShare[]): boolean {
  let front = 0;
  let behind = 0;
  for (const { nonce } of shares) {
    const digits = digitsOf(nonce);
    if (digits === null) continue;
    front += Number.parseInt(digits.slice(0, 2), 16);
    behind += Number.parseInt(digits.slice(-2), 16);
  }
  return front < behind;
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
  // All rigs count their spans back from the same share.
  const lastUs = rigs.reduce(
    (last, rig) => Math.max(last, rig.at(-1)?.timeUs ?? last),
    Number.NEGATIVE_INFINITY,
  );
  for (const rig of rigs) {
    for (const share of rig) work += share.work;
    const reading = rig.length >= FEWEST_SHARES ? readClock(rig, width, true, lastUs) : null;
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
      series: addSeries(clocks, whole),
    },
  };
}

/**
 * Adds the rigs' series span by span, scaled for rigs without a clock. A rig without a share in a span is thought to
 * go on as on average, give or take half of that.
 */
function addSeries(clocks: readonly Clock[], scale: number): CounterRate[] {
  const spans = new Map<number, { rate: CounterRate; present: Set<Clock>; sum: number; variance: number }>();
  for (const clock of clocks) {
    for (const rate of clock.series) {
      const span = spans.get(rate.endUs) ?? { rate, present: new Set(), sum: 0, variance: 0 };
      span.rate = { ...rate, shares: span.present.size === 0 ? rate.shares : span.rate.shares + rate.shares };
      span.present.add(clock);
      span.sum += rate.estimate;
      span.variance += ((rate.high95 - rate.low95) / 3.92) ** 2;
      spans.set(rate.endUs, span);
    }
  }
  const series: CounterRate[] = [];
  for (const { rate, present, sum, variance } of spans.values()) {
    let whole = sum;
    let square = variance;
    for (const clock of clocks) {
      if (present.has(clock)) continue;
      whole += clock.estimate;
      square += (0.5 * clock.estimate) ** 2;
    }
    const half = 1.96 * Math.sqrt(square);
    series.push({
      ...rate,
      estimate: whole * scale,
      low95: Math.max(0, whole - half) * scale,
      high95: (whole + half) * scale,
    });
  }
  return series.sort((a, b) => a.startUs - b.startUs);
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
  const reading = readBaseClock(placed);
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
