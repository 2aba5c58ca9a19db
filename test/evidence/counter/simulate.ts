/**
 * Miners made of chance: sessions of shares with a known true rate, by the ways that miners are known to hand out
 * nonces (reference `nonce-clock`): chunks of one counter, fixed parts of the range, 64-bit starts, random nonces.
 * Seeded, so that a test fails the same way twice. Nothing here comes from the code under test.
 */
import type { CounterInput, CounterShare } from '../../../src/evidence/counter/counter.ts';

/** A generator of uniform numbers in [0, 1) (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.uniform());
  }

  pick<T>(list: readonly T[]): T {
    const one = list[Math.floor(this.uniform() * list.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  poisson(mean: number): number {
    let count = 0;
    for (let sum = this.exponential(1); sum < mean; sum += this.exponential(1)) count += 1;
    return count;
  }
}

export interface Miner {
  readonly kind: 'chunks' | 'lanes' | 'base' | 'random';
  readonly tracks: number;
  /** Counts per second of one track, on average. */
  readonly rate: number;
  /** Nonces of a chunk. */
  readonly chunk: number;
  /** Relative spread of the tracks' rates, of a job's rate about the session's, and a trend over the session. */
  readonly unlike: number;
  readonly wander: number;
  readonly trend: number;
  /** Mean seconds between jobs, seconds in all, and expected shares in all. */
  readonly jobSeconds: number;
  readonly seconds: number;
  readonly shares: number;
  /** Mean seconds of network delay beyond the round trip, each way; round trip of the capture point. */
  readonly jitter: number;
  readonly roundTrip: number;
  /** Chance that a share or job is missing from the capture; the capture starts so many seconds late. */
  readonly loss: number;
  readonly late: number;
  /** Seconds without work after a third of the session (a donation minute, a restart). */
  readonly pause: number;
}

export interface Simulated {
  readonly input: CounterInput;
  /** Counts over the seconds worked, summed over tracks. */
  readonly truth: number;
}

/** Plays one session. */
export function simulate(miner: Miner, chance: Chance): Simulated {
  const factors = Array.from({ length: miner.tracks }, () =>
    Math.max(0.3, 1 + miner.unlike * chance.normal()),
  );
  const total = miner.rate * miner.tracks;
  const difficulty = (total * miner.seconds) / miner.shares;
  const starts = Array.from({ length: miner.tracks }, (_, track) => laneStart(miner, track));
  const base = BigInt(Math.floor(chance.uniform() * 2 ** 52)) << 11n;
  const shares: CounterShare[] = [];
  const counts = new Float64Array(miner.tracks);
  const worked = new Float64Array(miner.tracks);
  let job = 0;
  for (let at = 0; at < miner.seconds; job += 1) {
    const length = Math.min(Math.max(1, chance.exponential(miner.jobSeconds)), miner.seconds - at);
    const pausedFrom = miner.seconds / 3;
    const idle = Math.max(0, Math.min(at + length, pausedFrom + miner.pause) - Math.max(at, pausedFrom));
    // The job that came during the pause is taken up at its end; one that was under way stops for good.
    const begins = at > pausedFrom ? idle : 0;
    const works = length - idle;
    const level = 1 + miner.wander * chance.normal() + miner.trend * (at / miner.seconds - 0.5);
    const seenAt = at + miner.roundTrip / 2 + chance.exponential(miner.jitter);
    const known = chance.uniform() >= miner.loss && at >= miner.late;
    const rates = factors.map((factor) => miner.rate * factor * Math.max(0.2, level));
    const draws =
      miner.kind === 'chunks' ? drawOrder(rates, works, miner.chunk, chance) : new Map<string, number>();
    for (const [track, rate] of rates.entries()) {
      const first = chance.between(0, 0.05) + 0.5 / rate;
      const done = rate * Math.max(0, works - first);
      counts[track] = (counts[track] ?? 0) + done;
      worked[track] = (worked[track] ?? 0) + Math.max(0, works - first);
      for (let left = chance.poisson(done / difficulty); left > 0; left -= 1) {
        const count = Math.floor(chance.uniform() * done);
        const foundAt = at + begins + first + (count + 1) / rate;
        // Both are seen at the capture point: the job half a round trip before the miner gets it.
        const seconds = foundAt + miner.roundTrip / 2 + chance.exponential(miner.jitter);
        if (chance.uniform() < miner.loss || seconds < miner.late) continue;
        shares.push({
          jobIndex: known ? job : -1,
          jobTimeUs: known ? (seenAt - miner.roundTrip) * 1e6 : null,
          timeUs: seconds * 1e6,
          nonce: digits(miner, track, count, starts, base, draws, chance),
          workHashes: difficulty,
        });
      }
    }
    at += length;
  }
  shares.sort((a, b) => a.timeUs - b.timeUs);
  return {
    input: {
      dialect: miner.kind === 'base' ? 'ethash' : 'cryptonote',
      shares,
      roundTripUs: miner.roundTrip * 1e6,
    },
    truth: factors.reduce(
      (sum, _, track) => sum + (counts[track] ?? 0) / Math.max(1e-9, worked[track] ?? 0),
      0,
    ),
  };
}

function laneStart(miner: Miner, track: number): number {
  return Math.floor(0xffffffff / miner.tracks) * track;
}

/** Which number each track's each chunk has: in the order of the times at which they were drawn. */
function drawOrder(
  rates: readonly number[],
  seconds: number,
  chunk: number,
  chance: Chance,
): Map<string, number> {
  const draws: { at: number; key: string }[] = [];
  for (const [track, rate] of rates.entries()) {
    // All threads wake at once; who is first at the counter is chance.
    draws.push({ at: -chance.uniform(), key: `${track}:0` });
    for (let round = 1; (round * chunk) / rate < seconds; round += 1) {
      draws.push({ at: (round * chunk) / rate, key: `${track}:${round}` });
    }
  }
  draws.sort((a, b) => a.at - b.at);
  return new Map(draws.map((draw, number) => [draw.key, number]));
}

function digits(
  miner: Miner,
  track: number,
  count: number,
  starts: readonly number[],
  base: bigint,
  draws: ReadonlyMap<string, number>,
  chance: Chance,
): string {
  switch (miner.kind) {
    case 'chunks': {
      const number = draws.get(`${track}:${Math.floor(count / miner.chunk)}`) ?? 0;
      return littleEndian(number * miner.chunk + (count % miner.chunk));
    }
    case 'lanes':
      return littleEndian(((starts[track] ?? 0) + count) % 2 ** 32);
    case 'base':
      return ((base + (BigInt(track) << 40n) + BigInt(count)) & 0xffffffffffffffffn)
        .toString(16)
        .padStart(16, '0');
    default:
      return littleEndian(Math.floor(chance.uniform() * 2 ** 32));
  }
}

/** Eight hex digits, lowest byte first. */
export function littleEndian(value: number): string {
  const big = (value >>> 0).toString(16).padStart(8, '0');
  return big.slice(6, 8) + big.slice(4, 6) + big.slice(2, 4) + big.slice(0, 2);
}
