/**
 * The ways in which a session's digits may be a counter, by dialect: nonces from 0 at each job (one machine or several
 * behind a proxy), nonces from starts of their own, extranonce2 as units of work.
 */
import { readBaseClock } from './base.ts';
import { type Candidate, readClock } from './clock.ts';
import type { CounterInput, CounterShare, PlacedShare } from './counter-input.ts';
import { ageOf, digitsOf, reverseBytes } from './digits.ts';
import type { BaseShare } from './division.ts';
import { sumOfRigs } from './rigs.ts';
import { rolledCounters } from './rolled.ts';
import { FEWEST_SHARES, LOG_SURE } from './terms.ts';
import { readUnits } from './units.ts';

const NOTHING: Candidate = {
  evidence: Number.NEGATIVE_INFINITY,
  clock: null,
  rigs: null,
  unsteady: false,
};

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
  if (!byProxy) {
    const reading = readClock([...rigs.values()][0] ?? [], width, input.dialect === 'cryptonote');
    return { ...reading, rigs: null };
  }
  return sumOfRigs([...rigs.values()], width);
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

/** Stratum v1: digits that the miner chooses as a counter of whole units of work, where shares tell how large one is. */
function fromUnits(input: CounterInput, shares: readonly CounterShare[]): Candidate {
  let best = NOTHING;
  const counters = rolledCounters(shares);
  for (const { values, isTime } of counters) {
    const placed: BaseShare[] = [];
    for (const [index, share] of shares.entries()) {
      const nonce = values[index] ?? null;
      if (nonce === null || !Number.isFinite(share.timeUs)) continue;
      placed.push({
        nonce,
        key: '',
        seconds: ageOf(share, input),
        job: share.jobIndex,
        timeUs: share.timeUs,
      });
    }
    if (placed.length < FEWEST_SHARES) continue;
    const works = worksWithin(shares, placed[0]?.timeUs ?? 0, placed.at(-1)?.timeUs ?? 0);
    if (works === null) continue;
    const reading = readUnits(placed, works, isTime);
    // Each counter is a look of its own at the same shares.
    const evidence = reading.evidence - Math.log(counters.length);
    if (evidence > best.evidence) best = { ...reading, evidence, rigs: null, unsteady: false };
  }
  return best;
}

/** What the shares of a span stand for, also of those without a place in it; null where one cannot be priced. */
function worksWithin(shares: readonly CounterShare[], fromUs: number, toUs: number): number[] | null {
  const works: number[] = [];
  for (const { timeUs, workHashes } of shares) {
    if (!(timeUs >= fromUs && timeUs <= toUs)) continue;
    if (workHashes === null || !(workHashes > 0)) return null;
    works.push(workHashes);
  }
  return works;
}
