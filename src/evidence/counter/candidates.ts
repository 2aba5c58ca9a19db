/**
 * Reads a session's nonces as counters that begin at 0, or at a fixed start, with each job: of one machine or of several
 * behind a proxy. Stratum v1 miners write them either way round. Left out on purpose: nonces from starts that nobody
 * knows, and extranonce2 (docs/internals/decisions.md).
 */

import { groupBy } from '../../order.ts';
import { NOTHING, type Reading } from './clock.ts';
import type { CounterInput } from './counter-input.ts';
import type { ReadShares } from './digits.ts';
import { firstUnits } from './from-zero/first-unit.ts';
import { PlacedShares } from './from-zero/placed-shares.ts';
import { sumOfRigs } from './from-zero/rigs.ts';
import { readZeroClock } from './from-zero/zero-clock.ts';
import { FEWEST_SHARES, LOG_SURE } from './terms.ts';

/** Shares from one that was seen to the next, at most, if some were not; and steps that tell how large one is. */
const MOST_UNSEEN = 4;
const MOST_STEPS = 100;

/** What the ways of the dialect make of the shares, up to the first that is beyond doubt. */
export function candidatesOf(input: CounterInput, read: ReadShares): Reading[] {
  const big = placed(input, read);
  const little = big.reversed();
  if (input.dialect === 'cryptonote') return [fromZero(input, little)];
  // The way in which more of the nonces are small comes first.
  const [likely, other] = rises(read) ? [big, little] : [little, big];
  const first = fromZero(input, likely);
  const isSure = first.clock !== null && first.evidence > LOG_SURE;
  // Read the wrong way round, the threads of a miner look like many more: only one counter for all leaves no doubt.
  if (isSure && first.clock?.structure.kind === 'single') return [first];
  return [first, fromZero(input, other)];
}

/** True if nonces have more zeros in front than behind, as counters from 0 that are written highest byte first. */
function rises({ nonces }: ReadShares): boolean {
  let difference = 0;
  for (const nonce of nonces) difference += (nonce >>> 24) - (nonce & 0xff);
  return difference < 0;
}

/** The shares that have their place on a clock from 0, nonces read highest byte first. */
function placed({ dialect }: CounterInput, { shares, nonces, ages }: ReadShares): PlacedShares {
  const units = dialect === 'stratum-v1' ? firstUnits(shares) : null;
  const all = new PlacedShares(shares.length);
  for (let index = 0; index < shares.length; index++) {
    const { jobIndex, timeUs, extraNonce2, workHashes } = shares[index];
    if (!(ages[index] >= 0) || Number.isNaN(nonces[index])) continue;
    if (units !== null && units.get(jobIndex) !== (extraNonce2 ?? '')) continue;
    const work = workHashes !== null && workHashes > 0 ? workHashes : 1;
    all.put(nonces[index], ages[index], timeUs, jobIndex, work);
  }
  return all;
}

function fromZero(input: CounterInput, placed: PlacedShares): Reading {
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
