/**
 * XMRig played thread by thread, apart from `simulate.ts`, on which the intervals were calibrated. From its sources
 * (src/crypto/common/Nonce.cpp, src/backend/common/WorkerJob.h, src/core/Miner.cpp): all threads draw chunks of one
 * counter, which a new job sets back to 0; a thread finishes the hash in hand before it takes the new job; with several
 * hashes a round each has its own chunk; after a donation minute the same job goes on where it stood, and another
 * that came meanwhile begins then; a pause keeps the chunk. Rates follow heat, other programs and chance.
 */
import type { CounterInput, CounterShare } from '../../../src/evidence/counter/counter-input.ts';
import type { Chance } from './chance.ts';
import { littleEndian } from './nonces.ts';

/** What happens to a miner, its machine and the network; times in seconds, rates relative. */
export interface XmrigLife {
  readonly threads: number;
  /** Hashes of a round: so many chunks a thread. */
  readonly ways: number;
  readonly chunk: number;
  /** Hashes a second of one thread, warm. */
  readonly rate: number;
  /** Spread of threads (small and large cores). */
  readonly unlike: number;
  /** Every other thread runs at this part of the rate (efficient cores beside fast ones); absent: as the others. */
  readonly efficient?: number;
  /** Spread and time of the wander of all threads together. */
  readonly wander: number;
  readonly wanderSeconds: number;
  /** How much faster the cold machine is, and how fast it warms up. */
  readonly cold: number;
  readonly warmSeconds: number;
  /** Other programs: mean seconds without and with them, and what they leave of so many threads. */
  readonly quietSeconds: number;
  readonly busySeconds: number;
  readonly leaves: number;
  readonly busyThreads: number;
  /** Minutes in a hundred that it works for its authors. */
  readonly donate: number;
  /** Pauses while somebody is at the machine: mean seconds between and of them; 0 for none. */
  readonly pauseEvery: number;
  readonly pauseSeconds: number;
  /** Mean seconds between blocks, and between new templates of the pool (0 for none). */
  readonly blockSeconds: number;
  readonly templateSeconds: number;
  /** Seconds between shares that the pool aims at. */
  readonly shareSeconds: number;
  /** The pool fixes the fourth byte of the nonce. */
  readonly niceHash: boolean;
  /** Capture: begins and ends after the miner; packets missing; what a stamp may be late by; round trip to the miner. */
  readonly from: number;
  readonly seconds: number;
  readonly loss: number;
  readonly stamp: number;
  readonly roundTrip: number;
  /** Chance that a share is sent again by TCP before the capture point sees it. */
  readonly again: number;
}

/** Four threads that do nothing else for an hour. */
export const STEADY: XmrigLife = {
  threads: 4,
  ways: 1,
  chunk: 32_768,
  rate: 200,
  unlike: 0.01,
  wander: 0.01,
  wanderSeconds: 300,
  cold: 0,
  warmSeconds: 600,
  quietSeconds: 1e9,
  busySeconds: 60,
  leaves: 1,
  busyThreads: 1,
  donate: 1,
  pauseEvery: 0,
  pauseSeconds: 60,
  blockSeconds: 120,
  templateSeconds: 0,
  shareSeconds: 25,
  niceHash: false,
  from: 0,
  seconds: 3600,
  loss: 0,
  stamp: 0.005,
  roundTrip: 0,
  again: 0,
};

export interface XmrigPlay {
  readonly input: CounterInput;
  /** Mean hashes a second while it worked for the pool, over a span of the capture, us. */
  truthOver(fromUs: number, toUs: number): number;
}

/** A life made of chance. */
export function anyLife(chance: Chance): XmrigLife {
  return {
    threads: chance.pick([1, 1, 2, 2, 3, 4, 4, 6, 8, 12, 16, 32]),
    ways: chance.pick([1, 1, 1, 1, 2]),
    chunk: chance.pick([4096, 32_768, 32_768]),
    rate: 10 ** chance.between(0.8, 3),
    unlike: chance.pick([0, 0.01, 0.05, 0.3]),
    wander: chance.pick([0.003, 0.01, 0.03, 0.06]),
    wanderSeconds: chance.pick([30, 300, 1800]),
    cold: chance.pick([0, 0, 0.05, 0.2]),
    warmSeconds: chance.between(200, 900),
    quietSeconds: chance.pick([1e9, 1e9, 900, 3600]),
    busySeconds: chance.between(20, 600),
    leaves: chance.between(0.4, 0.95),
    busyThreads: chance.uniform(),
    donate: chance.pick([1, 1, 1, 5]),
    pauseEvery: chance.pick([0, 0, 0, 1200]),
    pauseSeconds: chance.between(10, 200),
    blockSeconds: 120,
    templateSeconds: chance.pick([0, 0, 30, 60]),
    shareSeconds: 10 ** chance.between(0.5, 2),
    niceHash: chance.uniform() < 0.2,
    from: chance.pick([0, 0, chance.between(60, 7200)]),
    seconds: chance.pick([600, 900, 1800, 3600, 7200]),
    loss: chance.pick([0, 0, 0.005, 0.03]),
    stamp: chance.pick([0.0002, 0.005, 0.05]),
    roundTrip: chance.pick([0, 0, 0.05, 0.3]),
    again: chance.pick([0, 0, 0.01]),
  };
}

/** Seconds of one step: within it rates stand still. */
const STEP = 1;

/** The machine under the miner: how fast it is, and when it does not work for the pool at all. */
class Machine {
  readonly #life: XmrigLife;
  readonly #chance: Chance;
  readonly factors: readonly number[];
  readonly #slowed = new Set<number>();
  #wander = 0;
  #busyFrom: number;
  #busyUntil = 0;
  #pauseFrom: number;
  #pauseUntil = 0;
  #donateFrom: number;
  #donateUntil = 0;

  constructor(life: XmrigLife, chance: Chance) {
    this.#life = life;
    this.#chance = chance;
    this.factors = Array.from(
      { length: life.threads },
      (_, thread) =>
        Math.max(0.2, 1 + life.unlike * chance.normal()) * (thread % 2 === 1 ? (life.efficient ?? 1) : 1),
    );
    this.#busyFrom = chance.exponential(life.quietSeconds);
    this.#pauseFrom = life.pauseEvery === 0 ? Number.POSITIVE_INFINITY : chance.exponential(life.pauseEvery);
    // The first donation comes after half to one and a half times the minutes between two.
    this.#donateFrom = 60 * (100 - life.donate) * chance.between(0.5, 1.5);
  }

  step(at: number): void {
    const life = this.#life;
    const chance = this.#chance;
    const decay = Math.exp(-STEP / life.wanderSeconds);
    this.#wander = this.#wander * decay + life.wander * Math.sqrt(1 - decay ** 2) * chance.normal();
    if (at >= this.#busyFrom) {
      this.#busyUntil = at + chance.exponential(life.busySeconds);
      this.#busyFrom = this.#busyUntil + chance.exponential(life.quietSeconds);
      this.#slowed.clear();
      for (let thread = 0; thread < life.threads; thread += 1)
        if (chance.uniform() < life.busyThreads) this.#slowed.add(thread);
    }
    if (at >= this.#pauseFrom) {
      this.#pauseUntil = at + chance.exponential(life.pauseSeconds);
      this.#pauseFrom = this.#pauseUntil + chance.exponential(life.pauseEvery);
    }
    if (at >= this.#donateFrom) {
      this.#donateUntil = at + 60 * life.donate;
      this.#donateFrom = this.#donateUntil + 60 * (100 - life.donate);
    }
  }

  donates(at: number): boolean {
    return at < this.#donateUntil;
  }

  isIdle(at: number): boolean {
    return at < this.#donateUntil || at < this.#pauseUntil;
  }

  /** Hashes a second of each of a thread's chunks. */
  rate(thread: number, at: number): number {
    const { rate, cold, warmSeconds, leaves, ways } = this.#life;
    const heat = 1 + cold * Math.exp(-at / warmSeconds);
    const slow = at < this.#busyUntil && this.#slowed.has(thread) ? leaves : 1;
    return ((1 + this.#wander) * heat * slow * rate * (this.factors[thread] ?? 1)) / ways;
  }
}

/** The pool: when it sends jobs. */
class Pool {
  readonly #life: XmrigLife;
  readonly #chance: Chance;
  #nextBlock: number;
  #nextTemplate: number;
  #next = 0;

  constructor(life: XmrigLife, chance: Chance) {
    this.#life = life;
    this.#chance = chance;
    this.#nextBlock = chance.exponential(life.blockSeconds);
    this.#nextTemplate = this.#template(0);
  }

  /** When within the step a job comes; null where none does. */
  job(at: number): number | null {
    if (at + STEP <= this.#next) return null;
    const comes = Math.max(at, this.#next);
    const isBlock = this.#nextBlock <= comes;
    if (isBlock || this.#nextTemplate <= comes) this.#nextTemplate = this.#template(comes);
    if (isBlock) this.#nextBlock = comes + this.#chance.exponential(this.#life.blockSeconds);
    this.#next = Math.max(comes + STEP, Math.min(this.#nextBlock, this.#nextTemplate));
    return comes;
  }

  #template(after: number): number {
    return this.#life.templateSeconds === 0 ? Number.POSITIVE_INFINITY : after + this.#life.templateSeconds;
  }
}

/** The counter that all threads draw their chunks from. */
class Counter {
  readonly #chunk: number;
  #next = 0;

  constructor(chunk: number) {
    this.#chunk = chunk;
  }

  reset(): void {
    this.#next = 0;
  }

  draw(): number {
    const nonce = this.#next;
    this.#next += this.#chunk;
    return nonce;
  }
}

/** One chunk in the making. */
class Track {
  readonly thread: number;
  readonly #chunk: number;
  readonly #counter: Counter;
  job = -1;
  /** Part of the hash in hand that is done. */
  part: number;
  #nonce = 0;
  #left = 0;

  constructor(thread: number, chunk: number, counter: Counter, part: number) {
    this.thread = thread;
    this.#chunk = chunk;
    this.#counter = counter;
    this.part = part;
  }

  take(job: number): void {
    this.job = job;
    this.part = 0;
    this.#nonce = this.#counter.draw();
    this.#left = this.#chunk;
  }

  /** Goes on by so many nonces and says where it stands. */
  advance(by: number): number {
    let more = by;
    while (more >= this.#left) {
      more -= this.#left;
      this.#nonce = this.#counter.draw();
      this.#left = this.#chunk;
    }
    this.#nonce += more;
    this.#left -= more;
    return this.#nonce;
  }
}

/** Plays one miner and what a capture holds of it. */
export function playXmrig(life: XmrigLife, chance: Chance): XmrigPlay {
  const machine = new Machine(life, chance);
  const pool = new Pool(life, chance);
  const counter = new Counter(life.chunk);
  const capture = new Capture(life, chance, machine);
  const tracks: Track[] = [];
  for (let thread = 0; thread < life.threads; thread += 1) {
    for (let way = 0; way < life.ways; way += 1)
      tracks.push(new Track(thread, life.chunk, counter, chance.uniform()));
  }
  let job = -1;
  let waiting = -1;
  for (let at = 0; at < life.from + life.seconds; at += STEP) {
    machine.step(at);
    const comes = pool.job(at);
    if (comes !== null) waiting = capture.job(comes);
    let from = at;
    // While the miner works for its authors its own pool's jobs wait; a job that none replaced goes on after it.
    if (waiting >= 0 && !machine.donates(at)) {
      counter.reset();
      job = waiting;
      waiting = -1;
      from = comes ?? at;
    }
    if (machine.isIdle(at)) continue;
    const starts = tracks.map((track) => {
      const rate = machine.rate(track.thread, at);
      // The hash in hand is finished first.
      return { track, rate, when: track.job === job ? at : from + (1 - track.part) / rate };
    });
    let hashes = 0;
    // Who is first at the counter draws first.
    starts.sort((a, b) => a.when - b.when);
    for (const { track, rate, when } of starts) {
      hashes += STEP * rate;
      if (when >= at + STEP) track.part += (at + STEP - from) * rate;
      else if (track.job !== job) track.take(job);
    }
    for (const { track, rate, when } of starts) {
      if (when >= at + STEP) continue;
      const done = (at + STEP - when) * rate + track.part;
      const count = Math.floor(done);
      const found: number[] = [];
      for (let left = chance.poisson(count / capture.difficulty); left > 0; left -= 1)
        found.push(Math.floor(chance.uniform() * count));
      let past = 0;
      for (const index of found.sort((a, b) => a - b)) {
        const nonce = track.advance(index - past);
        past = index;
        capture.share(job, nonce, when + (index + 1 - track.part) / rate);
      }
      track.advance(count - past);
      track.part = done - count;
    }
    capture.worked(at, hashes);
  }
  return capture.end();
}

/** What a capture holds: jobs and shares that were not lost, with stamps that may be late. */
class Capture {
  readonly #life: XmrigLife;
  readonly #chance: Chance;
  readonly #fixed: number;
  /** Hashes of a share. */
  readonly difficulty: number;
  /** When each job was seen, seconds; null unseen. */
  readonly #jobs: (number | null)[] = [];
  readonly #shares: CounterShare[] = [];
  readonly #steps: { readonly at: number; readonly hashes: number }[] = [];

  constructor(life: XmrigLife, chance: Chance, machine: Machine) {
    this.#life = life;
    this.#chance = chance;
    this.#fixed = life.niceHash ? Math.floor(chance.uniform() * 255 + 1) * 2 ** 24 : 0;
    let total = 0;
    for (const factor of machine.factors) total += factor * life.rate;
    this.difficulty = total * life.shareSeconds;
  }

  /** A job comes to the miner; its number. */
  job(at: number): number {
    const { from, loss, roundTrip, stamp } = this.#life;
    const seen = at - roundTrip / 2 + this.#chance.exponential(stamp);
    this.#jobs.push(at >= from && this.#chance.uniform() >= loss ? seen : null);
    return this.#jobs.length - 1;
  }

  share(job: number, nonce: number, foundAt: number): void {
    const { from, loss, roundTrip, stamp, again, niceHash } = this.#life;
    const chance = this.#chance;
    const delay = chance.uniform() < again ? chance.between(0.2, 3) : 0;
    const at = foundAt + roundTrip / 2 + chance.exponential(stamp) + delay;
    if (at < from || chance.uniform() < loss) return;
    const seen = this.#jobs[job] ?? null;
    this.#shares.push({
      jobIndex: seen === null ? -1 : job,
      jobTimeUs: seen === null ? null : seen * 1e6,
      timeUs: at * 1e6,
      nonce: littleEndian(niceHash ? this.#fixed + (nonce % 2 ** 24) : nonce),
      workHashes: this.difficulty,
    });
  }

  worked(at: number, hashes: number): void {
    if (at >= this.#life.from) this.#steps.push({ at, hashes });
  }

  end(): XmrigPlay {
    const { roundTrip, niceHash } = this.#life;
    const steps = this.#steps;
    return {
      input: {
        dialect: 'cryptonote',
        shares: this.#shares.sort((a, b) => a.timeUs - b.timeUs),
        roundTripUs: roundTrip === 0 ? null : roundTrip * 1e6,
        niceHash,
      },
      truthOver(fromUs, toUs) {
        const within = steps.filter(({ at }) => at * 1e6 >= fromUs && at * 1e6 < toUs);
        let hashes = 0;
        for (const step of within) hashes += step.hashes;
        return hashes / (STEP * within.length);
      },
    };
  }
}
