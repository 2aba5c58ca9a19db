/**
 * The ways in which a session's digits may be a counter, by dialect: nonces from 0 at each job (one machine or several
 * behind a proxy), nonces from starts of their own, extranonce2 as units of work.
 */

import { besideShares, worksWithin } from './beside-shares.ts';
import type { Candidate } from './clock.ts';
import type { CounterInput, PlacedShare } from './counter-input.ts';
import { type ReadShares, reverseBytes } from './digits.ts';
import { readBaseClock } from './from-base/base-clock.ts';
import type { BaseShare } from './from-base/division.ts';
import { rolledCounters } from './from-units/rolled.ts';
import { readUnitClock } from './from-units/unit-clock.ts';
import { firstUnits } from './from-zero/first-unit.ts';
import { sumOfRigs } from './from-zero/rigs.ts';
import { readZeroClock } from './from-zero/zero-clock.ts';
import { FEWEST_SHARES, LOG_SURE } from './terms.ts';

/** Shares from one that was seen to the next, at most, if some were not; and steps that tell how large one is. */
const MOST_UNSEEN = 4;
const MOST_STEPS = 100;

const NOTHING: Candidate = {
  evidence: Number.NEGATIVE_INFINITY,
  clock: null,
  rigs: null,
  unsteady: false,
};

type Way = (input: CounterInput, read: ReadShares) => Candidate;

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
export function candidatesOf(input: CounterInput, read: ReadShares): Candidate[] {
  const candidates: Candidate[] = [];
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

function fromZero(input: CounterInput, read: ReadShares, order: 'big' | 'little'): Candidate {
  const fixed = new Set<number>();
  const placed: PlacedShare[] = [];
  const units = input.dialect === 'stratum-v1' ? firstUnits(read.shares) : null;
  for (let index = 0; index < read.shares.length; index += 1) {
    const share = read.shares[index];
    const seconds = read.ages[index] ?? null;
    const digits = read.digits[index] ?? null;
    if (seconds === null || seconds < 0 || digits === null || digits.length !== 8) continue;
    if (units !== null && units.get(share.jobIndex) !== (share.extraNonce2 ?? '')) continue;
    const nonce = Number.parseInt(order === 'little' ? reverseBytes(digits) : digits, 16);
    fixed.add(nonce >>> 24);
    const work = share.workHashes !== null && share.workHashes > 0 ? share.workHashes : 1;
    placed.push({ nonce, seconds, timeUs: share.timeUs, job: share.jobIndex, work });
  }
  if (placed.length < FEWEST_SHARES || numberShares(placed)) return NOTHING;
  // A fourth byte that never moves and is not 0 is a proxy's, whether the job said so or not.
  const byProxy =
    input.dialect === 'cryptonote' && (input.niceHash === true || (fixed.size === 1 && !fixed.has(0)));
  if (!byProxy) return { ...readZeroClock(placed, 2 ** 32, input.dialect === 'cryptonote'), rigs: null };
  const rigs = new Map<number, PlacedShare[]>();
  for (const share of placed) {
    const rig = share.nonce >>> 24;
    const own = { ...share, nonce: share.nonce & 0xffffff };
    const list = rigs.get(rig);
    if (list === undefined) rigs.set(rig, [own]);
    else list.push(own);
  }
  return sumOfRigs([...rigs.values()], 2 ** 24);
}

function fromBase(
  input: CounterInput,
  read: ReadShares,
  order: 'big' | 'little' | 'head' | 'tail',
): Candidate {
  const placed: BaseShare[] = [];
  for (let index = 0; index < read.shares.length; index += 1) {
    const share = read.shares[index];
    const digits = read.digits[index] ?? null;
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
      seconds: read.ages[index] ?? null,
      job: share.jobIndex,
      timeUs: share.timeUs,
    });
  }
  if (placed.length < FEWEST_SHARES || numberShares(placed)) return NOTHING;
  const { evidence, clock, isTimed } = readBaseClock(placed);
  if (clock === null) return { ...NOTHING, evidence, isTimed };
  const perCount = input.hashesPerCount ?? 1;
  const beside = besideShares(read.shares, clock.low95 * perCount, clock.high95 * perCount);
  const isOdd = clock.structure.kind === 'base-session' && !COUNTS_ON[input.dialect];
  if (isOdd || beside === 'too-high') return { ...NOTHING, evidence, isTimed: true };
  if (beside === 'too-low') return { ...NOTHING, evidence, unsteady: true };
  return { evidence, clock, rigs: null, unsteady: false };
}

/**
 * True if the nonces do no more than number the shares: one step for each, or a few if some were not seen. Shares
 * come as work is done, so that such a number rises like a counter, but it counts what is counted anyway.
 */
function numberShares<N extends number | bigint>(placed: readonly { readonly nonce: N }[]): boolean {
  const steps: number[] = [];
  for (let index = 1; index < placed.length; index += 1) {
    const [before, after]: (number | bigint)[] = [placed[index - 1].nonce, placed[index].nonce];
    steps.push(typeof after === 'bigint' ? Number(after - BigInt(before)) : after - Number(before));
  }
  const least = Math.min(...steps.slice(0, MOST_STEPS));
  return least > 0 && steps.every((step) => step % least === 0 && step <= MOST_UNSEEN * least);
}

/** Stratum v1: digits that the miner chooses as a counter of whole units of work, if shares show how large one is. */
function fromUnits({ shares, ages }: ReadShares): Candidate {
  let best = NOTHING;
  let isTimed = false;
  const counters = rolledCounters(shares);
  for (const { values, ...kind } of counters) {
    const placed: BaseShare[] = [];
    for (const [index, share] of shares.entries()) {
      const nonce = values[index] ?? null;
      if (nonce === null || !Number.isFinite(share.timeUs)) continue;
      placed.push({
        nonce,
        key: '',
        seconds: ages[index] ?? null,
        job: share.jobIndex,
        timeUs: share.timeUs,
      });
    }
    if (placed.length < FEWEST_SHARES) continue;
    const works = worksWithin(shares, placed[0]?.timeUs ?? 0, placed.at(-1)?.timeUs ?? 0);
    if (works === null) continue;
    const reading = readUnitClock(placed, works, kind);
    // Each counter is a look of its own at the same shares.
    const evidence = reading.evidence - Math.log(counters.length);
    if (reading.isTimed) isTimed = true;
    // A clock goes before what is none, however well that lies on a line.
    const isClock = reading.clock !== null;
    const isBetter = isClock === (best.clock !== null) ? evidence > best.evidence : isClock;
    if (isBetter) best = { ...reading, evidence, rigs: null, unsteady: false };
  }
  return { ...best, isTimed: isTimed && best.clock === null };
}
