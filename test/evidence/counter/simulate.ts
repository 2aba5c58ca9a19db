/**
 * Miners made of chance: sessions of shares with a known true rate, by the ways that miners are known to hand out
 * nonces (reference `docs/reference/protocols.md 7`): chunks of one counter, fixed parts of the range. Seeded, so that a test fails the same way twice.
 * Nothing here comes from the code under test.
 */
import type { CounterInput, CounterShare } from '../../../src/evidence/counter/counter-input.ts';
import type { Chance } from './chance.ts';
import { countOf, type Spell, type TimeInterval, timelineOf, timeOf } from './course.ts';
import { digitsOf, type NonceMaker } from './nonces.ts';

export interface Miner {
  readonly dialect: CounterInput['dialect'];
  readonly kind: 'chunks' | 'lanes';
  readonly tracks: number;
  /** Counts per second of one track, on average. */
  readonly rate: number;
  /** Nonces of a chunk. */
  readonly chunk: number;
  /** Relative spread of the tracks' rates, of a job's rate about the session's, and a trend over the session. */
  readonly unlike: number;
  readonly wander: number;
  readonly trend: number;
  /** Every other track runs at this part of the rate (efficient cores, older cards); 1: at the same. */
  readonly slower: number;
  /** When the rate of all tracks is another: for a while, or for good. */
  readonly spells: readonly Spell[];
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
  /** Seconds without work, and the part of the session after which they begin (a donation minute, a restart). */
  readonly pause: number;
  readonly pauseAt: number;
}

export interface Simulated {
  readonly input: CounterInput;
  /** Counts over the seconds worked from the first job seen that has a share to the last share, summed over tracks. */
  readonly truth: number;
  /** The same for a part of that time, us since the start of the session; NaN where nothing was worked. */
  truthOver(fromUs: number, toUs: number): number;
}

/** Plays one session. */
export function simulate(miner: Miner, chance: Chance): Simulated {
  const factors = Array.from(
    { length: miner.tracks },
    (_, track) => Math.max(0.3, 1 + miner.unlike * chance.normal()) * (track % 2 === 1 ? miner.slower : 1),
  );
  const difficulty = (miner.rate * miner.tracks * miner.seconds) / miner.shares;
  const nonces: NonceMaker = digitsOf(miner, chance);
  const shares: CounterShare[] = [];
  const intervals: TimeInterval[] = [];
  const pausedFrom = miner.pauseAt * miner.seconds;
  let job = 0;
  for (let at = 0; at < miner.seconds; job += 1) {
    const length = Math.min(Math.max(1, chance.exponential(miner.jobSeconds)), miner.seconds - at);
    const idle = Math.max(0, Math.min(at + length, pausedFrom + miner.pause) - Math.max(at, pausedFrom));
    // The job that came during the pause is taken up at its end; one that was under way stops for good.
    const begins = at > pausedFrom ? idle : 0;
    const works = at > pausedFrom || idle === 0 ? length - idle : pausedFrom - at;
    const level = 1 + miner.wander * chance.normal() + miner.trend * (at / miner.seconds - 0.5);
    // The capture point sees the job half a round trip, and what the network adds to it, before the miner has it.
    const seenAt = at - miner.roundTrip / 2 - chance.exponential(miner.jitter);
    const known = chance.uniform() >= miner.loss && at >= miner.late;
    const rates = factors.map((factor) => miner.rate * factor * Math.max(0.2, level));
    // All tracks change together, so that draws follow one another as they would at one rate for a longer or shorter time.
    const same = countOf(timelineOf(miner.spells, miner.seconds, 1, [at + begins, at + begins + works]));
    nonces.begin(rates, same);
    for (const [track, rate] of rates.entries()) {
      const first = chance.between(0, 0.05) + Math.min(1, 0.5 / rate);
      const until = at + begins + Math.max(first, works);
      const course = timelineOf(miner.spells, miner.seconds, rate, [at + begins + first, until]);
      const done = countOf(course);
      intervals.push(...course);
      for (let left = chance.poisson(done / difficulty); left > 0; left -= 1) {
        const count = Math.floor(chance.uniform() * done);
        const foundAt = timeOf(course, count + 1);
        const seconds = foundAt + miner.roundTrip / 2 + chance.exponential(miner.jitter);
        if (chance.uniform() < miner.loss || seconds < miner.late) continue;
        shares.push({
          jobIndex: known ? job : -1,
          jobTimeUs: known ? seenAt * 1e6 : null,
          timeUs: seconds * 1e6,
          workHashes: difficulty,
          nonce: nonces.nonce(track, count),
        });
      }
    }
    at += length;
  }
  shares.sort((a, b) => a.timeUs - b.timeUs);
  const firstShare = shares[0]?.timeUs ?? 0;
  const lastShare = Math.max(shares.at(-1)?.timeUs ?? 0, firstShare + 1);
  const firstJob = shares.find(({ jobTimeUs }) => jobTimeUs !== null)?.jobTimeUs ?? firstShare;
  const truthOver = (fromUs: number, toUs: number): number =>
    meanRate(miner, intervals, Math.max(firstJob, fromUs), Math.min(lastShare, toUs));
  return {
    input: { dialect: miner.dialect, shares, roundTripUs: miner.roundTrip * 1e6 },
    truth: truthOver(0, Number.POSITIVE_INFINITY),
    truthOver,
  };
}

function meanRate(miner: Miner, intervals: readonly TimeInterval[], fromUs: number, toUs: number): number {
  let counts = 0;
  let worked = 0;
  for (const { from, to, rate } of intervals) {
    const seconds = Math.min(to, toUs / 1e6) - Math.max(from, fromUs / 1e6);
    if (seconds <= 0) continue;
    counts += rate * seconds;
    worked += seconds / miner.tracks;
  }
  return counts / worked;
}

/**
 * Plays several machines behind a proxy, told apart by the byte of the nonce that it fixes. The proxy numbers its jobs
 * alike for all; here each machine brings its own, which comes to the same.
 */
export function simulateProxy(miners: readonly Miner[], chance: Chance): Simulated {
  const bytes = new Set<number>();
  while (bytes.size < miners.length) bytes.add(Math.floor(chance.uniform() * 256));
  const rigs = miners.map((miner) => simulate(miner, chance));
  const fixed = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  const shares = rigs.flatMap((rig, index) =>
    rig.input.shares.map((share) => ({
      ...share,
      jobIndex: share.jobIndex < 0 ? -1 : share.jobIndex + 100_000 * index,
      nonce: `${share.nonce.slice(0, 6)}${fixed[index] ?? '00'}`,
    })),
  );
  shares.sort((a, b) => a.timeUs - b.timeUs);
  const truthOver = (fromUs: number, toUs: number): number =>
    rigs.reduce((sum, rig) => sum + rig.truthOver(fromUs, toUs), 0);
  return {
    input: {
      dialect: 'cryptonote',
      niceHash: true,
      shares,
      roundTripUs: rigs[0]?.input.roundTripUs ?? null,
    },
    truth: rigs.reduce((sum, rig) => sum + rig.truth, 0),
    truthOver,
  };
}
