/**
 * The ways in which a session's digits may be a counter, by dialect: nonces from 0 at each job (one machine or several
 * behind a proxy), nonces from starts of their own, extranonce2 as units of work.
 */

import { groupBy } from '../../order.ts';
import { besideShares, worksWithin } from './beside-shares.ts';
import { NOTHING, type Reading } from './clock.ts';
import type { CounterInput } from './counter-input.ts';
import { type ReadShares, reverseBytes } from './digits.ts';
import { readBaseClock } from './from-base/base-clock.ts';
import type { BaseShare } from './from-base/division.ts';
import { rolledCounters } from './from-units/rolled.ts';
import { readUnitClock } from './from-units/unit-clock.ts';
import { firstUnits } from './from-zero/first-unit.ts';
import { PlacedShares } from './from-zero/placed-shares.ts';
import { sumOfRigs } from './from-zero/rigs.ts';
import { readZeroClock } from './from-zero/zero-clock.ts';
import { FEWEST_SHARES, LOG_SURE } from './terms.ts';

/** Shares from one that was seen to the next, at most, if some were not; and steps that tell how large one is. */
const MOST_UNSEEN = 4;
const MOST_STEPS = 100;

type Way = (input: CounterInput, read: ReadShares) => Reading;

/**
 * Whether miners of a dialect are known to count on from job to job. If all go back to their start, nonces that rise
 * through the session do so by a clock on the wall, or cannot be told from such.
 */
const COUNTS_ON: Readonly<Record<CounterInput['dialect'], boolean>> = {
  cryptonote: false,
  'stratum-v1': true,
  equihash: true,
  ethash: false,
  kawpow: false,
};

const FROM_ZERO: Way = (input, read) => fromZero(input, read, 'little');

/** Ways of reading the digits of each dialect's miners. */
const WAYS: Readonly<Record<CounterInput['dialect'], readonly Way[]>> = {
  cryptonote: [FROM_ZERO, (input, read) => fromBase(input, read, 'little')],
  'stratum-v1': [FROM_ZERO, (input, read) => fromZero(input, read, 'big'), (_, read) => fromUnits(read)],
  equihash: [(input, read) => fromBase(input, read, 'head'), (input, read) => fromBase(input, read, 'tail')],
  ethash: [(input, read) => fromBase(input, read, 'big')],
  kawpow: [(input, read) => fromBase(input, read, 'big')],
};

/** How many ways there are for a dialect: each is a look at the same shares. */
export function looksOf(dialect: CounterInput['dialect']): number {
  return WAYS[dialect].length;
}

/**
 * What the ways of the dialect make of the shares, up to the first that is beyond doubt. CryptoNote's starts of their
 * own are tried only if nothing counts from 0, and not on several machines: those have a start each, by their bytes.
 */
export function candidatesOf(input: CounterInput, read: ReadShares): Reading[] {
  const candidates: Reading[] = [];
  const ways = WAYS[input.dialect];
  // Stratum v1 miners write nonces either way: the way in which more of them are small comes first.
  const order = input.dialect === 'stratum-v1' && rises(read) ? [ways[1], ways[0], ways[2]] : ways;
  for (const way of order) {
    const candidate = way?.(input, read) ?? NOTHING;
    candidates.push(candidate);
    const sure = candidate.clock !== null && candidate.evidence > LOG_SURE;
    // Read the wrong way round, the threads of a miner look like many more: only one counter for all leaves no doubt.
    const isLikeOther = input.dialect === 'stratum-v1' && candidates.length === 1;
    if (sure && !(isLikeOther && candidate.clock?.structure.kind !== 'single')) break;
    if (input.dialect === 'cryptonote' && (candidate.clock !== null || (candidate.rigs ?? 0) > 1)) break;
  }
  return candidates;
}

/** True if nonces have more zeros in front than behind, as counters from 0 that are written highest byte first. */
function rises(read: ReadShares): boolean {
  let front = 0;
  let behind = 0;
  for (const digits of read.digits) {
    if (digits === null) continue;
    front += Number.parseInt(digits.slice(0, 2), 16);
    behind += Number.parseInt(digits.slice(-2), 16);
  }
  return front < behind;
}

function fromZero(input: CounterInput, read: ReadShares, order: 'big' | 'little'): Reading {
  const { shares, ages, digits } = read;
  const units = input.dialect === 'stratum-v1' ? firstUnits(shares) : null;
  const placed = new PlacedShares(shares.length);
  for (const [index, { jobIndex, timeUs, extraNonce2, workHashes }] of shares.entries()) {
    const seconds = ages[index];
    const own = digits[index];
    if (seconds === null || seconds < 0 || own?.length !== 8) continue;
    if (units !== null && units.get(jobIndex) !== (extraNonce2 ?? '')) continue;
    const nonce = Number.parseInt(order === 'little' ? reverseBytes(own) : own, 16);
    const work = workHashes !== null && workHashes > 0 ? workHashes : 1;
    placed.put(nonce, seconds, timeUs, jobIndex, work);
  }
  const { count, nonces } = placed;
  if (count < FEWEST_SHARES || numberShares(count, (index) => nonces[index] - nonces[index - 1]))
    return NOTHING;
  if (input.dialect !== 'cryptonote') return readZeroClock(placed, 2 ** 32, false);
  // A fourth byte that never moves and is not 0 is a proxy's, whether the job said so or not.
  const byRig = groupBy(nonces.subarray(0, count).keys(), (index) => nonces[index] >>> 24);
  if (input.niceHash !== true && (byRig.size > 1 || byRig.has(0)))
    return readZeroClock(placed, 2 ** 32, true);
  const rigs = [...byRig.values()].map((indices) => {
    const rig = new PlacedShares(indices.length);
    for (const index of indices) rig.add(placed, index, nonces[index] & 0xffffff);
    return rig;
  });
  return sumOfRigs(rigs, 2 ** 24);
}

type Order = 'big' | 'little' | 'head' | 'tail';

/** The digits that count, highest first, and the others. */
function counterOf(digits: string, order: Order): readonly [counter: string, key: string] {
  const width = Math.min(16, digits.length);
  if (order === 'head') return [reverseBytes(digits.slice(0, width)), digits.slice(width)];
  if (order === 'tail') return [digits.slice(-width), digits.slice(0, -width)];
  return [order === 'little' ? reverseBytes(digits) : digits, ''];
}

/** Shares as counts from any start; those without a value are left out. */
function baseShares(
  { shares, ages }: ReadShares,
  countOf: (index: number) => Pick<BaseShare, 'nonce' | 'key'> | null,
): BaseShare[] {
  const placed: BaseShare[] = [];
  for (const [index, { timeUs, jobIndex: job }] of shares.entries()) {
    const own = Number.isFinite(timeUs) ? countOf(index) : null;
    if (own !== null) placed.push({ nonce: own.nonce, key: own.key, seconds: ages[index], job, timeUs });
  }
  return placed;
}

function fromBase(input: CounterInput, read: ReadShares, order: Order): Reading {
  const placed = baseShares(read, (index) => {
    const digits = read.digits[index];
    if (digits === null) return null;
    const [counter, key] = counterOf(digits, order);
    return { nonce: BigInt(`0x${counter}`), key };
  });
  const stepTo = (index: number): number => Number(placed[index].nonce - placed[index - 1].nonce);
  if (placed.length < FEWEST_SHARES || numberShares(placed.length, stepTo)) return NOTHING;
  const reading = readBaseClock(placed);
  const { clock } = reading;
  if (clock === null) return reading;
  const perCount = input.hashesPerCount ?? 1;
  const beside = besideShares(read.shares, clock.low95 * perCount, clock.high95 * perCount);
  const isOdd = clock.structure.kind === 'base-session' && !COUNTS_ON[input.dialect];
  if (isOdd || beside === 'too-high') return { ...reading, clock: null, doubt: 'timed' };
  return beside === 'too-low' ? { ...reading, clock: null, doubt: 'unsteady' } : reading;
}

/**
 * True if the nonces do no more than number the shares: one step for each, or a few if some were not seen. Shares
 * come as work is done, so that such a number rises like a counter, but it counts what is counted anyway.
 */
function numberShares(count: number, stepTo: (index: number) => number): boolean {
  let least = Number.POSITIVE_INFINITY;
  for (let index = 1; index < count && index <= MOST_STEPS; index += 1)
    least = Math.min(least, stepTo(index));
  if (!(least > 0)) return false;
  for (let index = 1; index < count; index += 1) {
    const step = stepTo(index);
    if (step % least !== 0 || step > MOST_UNSEEN * least) return false;
  }
  return true;
}

/** Stratum v1: digits that the miner chooses as a counter of whole units of work, if shares show how large one is. */
function fromUnits(read: ReadShares): Reading {
  let best = NOTHING;
  let isTimed = false;
  const counters = rolledCounters(read.shares);
  for (const { values, ...kind } of counters) {
    const placed = baseShares(read, (index) => {
      const nonce = values[index];
      return nonce === null ? null : { nonce, key: '' };
    });
    // What stands still counts nothing.
    if (placed.length < FEWEST_SHARES || placed.every(({ nonce }) => nonce === placed[0].nonce)) continue;
    const works = worksWithin(read.shares, placed[0].timeUs, placed[placed.length - 1].timeUs);
    if (works === null) continue;
    const reading = readUnitClock(placed, works, kind);
    // Each counter is a look of its own at the same shares.
    const evidence = reading.evidence - Math.log(counters.length);
    if (reading.doubt === 'timed') isTimed = true;
    // A clock goes before what is none, however well that lies on a line.
    const isClock = reading.clock !== null;
    const isBetter = isClock === (best.clock !== null) ? evidence > best.evidence : isClock;
    if (isBetter) best = { ...reading, evidence };
  }
  return { ...best, doubt: isTimed && best.clock === null ? 'timed' : null };
}
