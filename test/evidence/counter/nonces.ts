/** How simulated miners write their counters into nonces, by kind and dialect. */
import type { CounterShare } from '../../../src/evidence/counter/counter-input.ts';
import type { Chance } from './chance.ts';
import type { Miner } from './simulate.ts';

/** What a share carries of its track's count. */
export type Digits = Pick<CounterShare, 'nonce' | 'extraNonce2' | 'time' | 'version'>;

export interface NonceMaker {
  /** A new job: rates of the tracks, seconds that they work on it, and when it came. */
  begin(rates: readonly number[], seconds: number, at: number): void;
  /** The miner has started anew, with other starts of its own. */
  restart(): void;
  /** `count` of the track within the job, `total` within the session. */
  share(track: number, count: number, total: number): Digits;
}

const NOTHING = (): void => {};
/** A time of no account, Unix seconds. */
const NOW = 1_760_000_000;

/** The nonces of one session's miner. */
export function digitsOf(miner: Miner, chance: Chance): NonceMaker {
  const anyStart = (): bigint => BigInt(Math.floor(chance.uniform() * 2 ** 52)) << 11n;
  let start = anyStart();
  // CPU miners of Stratum v1 write the 32 bits either way.
  const big = miner.dialect === 'stratum-v1' && chance.uniform() < 0.5;
  const written = (value: number): string => (big ? hex(value >>> 0, 8) : littleEndian(value));
  switch (miner.kind) {
    case 'chunks': {
      let draws: readonly Int32Array[] = [];
      return {
        restart: NOTHING,
        begin: (rates, seconds) => {
          draws = drawOrder(rates, seconds, miner.chunk, chance);
        },
        share: (track, count) => {
          const number = draws[track]?.[Math.floor(count / miner.chunk)] ?? 0;
          return { nonce: written(number * miner.chunk + (count % miner.chunk)) };
        },
      };
    }
    case 'lanes': {
      const part = Math.floor(0xffffffff / miner.tracks);
      return {
        restart: NOTHING,
        begin: NOTHING,
        share: (track, count) => ({ nonce: written((part * track + count) % 2 ** 32) }),
      };
    }
    case 'base':
      return {
        restart: () => {
          start = anyStart();
        },
        begin: NOTHING,
        share: (track, count) => {
          const nonce = ((start + (BigInt(track) << 40n) + BigInt(count)) & 0xffffffffffffffffn)
            .toString(16)
            .padStart(16, '0');
          return { nonce: miner.dialect === 'equihash' ? `${'5c'.repeat(20)}${nonce}` : nonce };
        },
      };
    case 'session': {
      const tail = hex(Math.floor(chance.uniform() * 2 ** 32), 8).repeat(4);
      return {
        restart: NOTHING,
        begin: NOTHING,
        share: (track, _, total) => ({
          nonce: `${littleEndian(Math.floor(total) % 2 ** 32)}${'00'.repeat(7)}${tail}${hex(track, 2)}`,
        }),
      };
    }
    case 'units':
    case 'version': {
      // With version rolling the lowest bits of the count are those of the version (BIP 310: from bit 13 on).
      const bits = miner.kind === 'version' ? chance.pick([4, 8, 12]) : 0;
      return {
        restart: NOTHING,
        begin: NOTHING,
        share: (_, __, total) => {
          const count = Math.floor(total);
          return {
            nonce: hex(Math.floor(chance.uniform() * 2 ** 32), 8),
            extraNonce2: hex(Math.floor(count / 2 ** bits) % 2 ** 32, 8),
            time: hex(NOW, 8),
            version: bits === 0 ? null : hex((count % 2 ** bits) * 2 ** 13, 8),
          };
        },
      };
    }
    case 'time': {
      let base = NOW;
      return {
        restart: NOTHING,
        begin: (_, __, at) => {
          base = Math.floor(at) + 3;
        },
        share: (_, count) => ({
          nonce: hex(Math.floor(chance.uniform() * 2 ** 32), 8),
          extraNonce2: '00000000',
          time: hex(base + count, 8),
        }),
      };
    }
    default:
      return {
        restart: NOTHING,
        begin: NOTHING,
        share: () => ({ nonce: littleEndian(Math.floor(chance.uniform() * 2 ** 32)) }),
      };
  }
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
