/** How simulated miners write their counters into nonces, by kind and dialect. */
import type { Chance } from './chance.ts';
import type { Miner } from './simulate.ts';

export interface NonceMaker {
  /** A new job: rates of the tracks, and seconds that they work on it. */
  begin(rates: readonly number[], seconds: number): void;
  /** The nonce at a count of the track within the job. */
  nonce(track: number, count: number): string;
}

const NOTHING = (): void => {};

/** The nonces of one session's miner. */
export function digitsOf(miner: Miner, chance: Chance): NonceMaker {
  // CPU miners of Stratum v1 write the 32 bits either way.
  const big = miner.dialect === 'stratum-v1' && chance.uniform() < 0.5;
  const written = (value: number): string => (big ? hex(value >>> 0, 8) : littleEndian(value));
  if (miner.kind === 'lanes') {
    const part = Math.floor(0xffffffff / miner.tracks);
    return { begin: NOTHING, nonce: (track, count) => written((part * track + count) % 2 ** 32) };
  }
  let draws: readonly Int32Array[] = [];
  return {
    begin: (rates, seconds) => {
      draws = drawOrder(rates, seconds, miner.chunk, chance);
    },
    nonce: (track, count) => {
      const number = draws[track]?.[Math.floor(count / miner.chunk)] ?? 0;
      return written(number * miner.chunk + (count % miner.chunk));
    },
  };
}

/** Which number each track's each chunk has: in the order of the times at which they were drawn. */
function drawOrder(
  rates: readonly number[],
  seconds: number,
  chunk: number,
  chance: Chance,
): readonly Int32Array[] {
  const draws: { readonly at: number; readonly track: number; readonly round: number }[] = [];
  const numbers: Int32Array[] = [];
  for (const [track, rate] of rates.entries()) {
    // All threads wake at once; who is first at the counter is chance.
    draws.push({ at: -chance.uniform(), track, round: 0 });
    let rounds = 1;
    for (; (rounds * chunk) / rate < seconds; rounds += 1) {
      draws.push({ at: (rounds * chunk) / rate, track, round: rounds });
    }
    numbers.push(new Int32Array(rounds));
  }
  draws.sort((a, b) => a.at - b.at);
  for (const [number, { track, round }] of draws.entries()) {
    const own = numbers[track];
    if (own !== undefined) own[round] = number;
  }
  return numbers;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** Eight hex digits, lowest byte first. */
export function littleEndian(value: number): string {
  const big = hex(value >>> 0, 8);
  return big.slice(6, 8) + big.slice(4, 6) + big.slice(2, 4) + big.slice(0, 2);
}
