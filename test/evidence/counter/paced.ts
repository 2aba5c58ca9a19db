/**
 * ASICs whose extranonce2 does not count work: random nonces at a steady rate, and values that go by a timer, by jobs or
 * by shares. The hashrate is such that a step, by the number of shares, stands for 2^40 hashes: the worst case, for any
 * other would be told from a whole unit. Seeded; nothing here comes from the code under test.
 */
import type { CounterInput, CounterShare } from '../../../src/evidence/counter/counter-input.ts';
import type { Chance } from './chance.ts';

export interface Pace {
  readonly name: string;
  /** What extranonce2 goes up by one with. */
  readonly by: 'timer' | 'job' | 'share';
  /** Part of a timer's interval by which each tick is early or late. */
  readonly jitter?: number;
  /** What a new job does to a timer: nothing, its interval begins anew, or the values do, too. */
  readonly atJob?: 'interval' | 'values';
  /** Chance that one step more is taken, as of a job that the capture lacks. */
  readonly more?: number;
  /** Seconds for which a timer stands still after a third of the session, and the miner with it. */
  readonly pause?: number;
}

export const PACES: readonly Pace[] = [
  { name: 'a timer', by: 'timer' },
  { name: 'a timer that is early or late', by: 'timer', jitter: 0.03 },
  { name: 'a timer each of whose ticks is early or late by a third', by: 'timer', jitter: 0.3 },
  { name: 'a timer that goes off at any time', by: 'timer', jitter: 1 },
  { name: 'a timer that stops for a minute', by: 'timer', pause: 60 },
  { name: 'a timer that is early or late, and stops for a minute', by: 'timer', jitter: 0.1, pause: 60 },
  { name: 'a timer that begins its interval anew at each job', by: 'timer', atJob: 'interval' },
  { name: 'a timer that begins at 0 with each job', by: 'timer', atJob: 'values' },
  { name: 'jobs', by: 'job' },
  { name: 'jobs of which some are not seen', by: 'job', more: 0.05 },
  { name: 'one or two steps a job', by: 'job', more: 0.5 },
  { name: 'shares', by: 'share' },
  { name: 'shares of which some are not seen', by: 'share', more: 0.05 },
];

/** A session of about so many shares; `isRolled` where version bits are rolled at random, too. */
export function pacedSession(pace: Pace, shares: number, isRolled: boolean, chance: Chance): CounterInput {
  const seconds = chance.pick([600, 1800, 7200]);
  const every = chance.pick([0.03, 0.1, 0.5, 2]) * chance.between(0.8, 1.2);
  const jobs: number[] = [0];
  const template = chance.pick([20, 30, 60]);
  let block = chance.exponential(600);
  for (;;) {
    const at = (jobs.at(-1) ?? 0) + template * chance.between(0.95, 1.05);
    if (Math.min(at, block) >= seconds) break;
    jobs.push(Math.min(at, block));
    if (block <= at) block += chance.exponential(600);
  }
  const times = Array.from({ length: chance.poisson(shares) }, () => chance.between(0, seconds));
  times.sort((a, b) => a - b);
  const steps =
    pace.by === 'timer' ? ticks(pace, every, seconds, jobs, chance) : pace.by === 'job' ? jobs : times;
  const perSecond = pace.by === 'timer' ? 1 / every : steps.length / seconds;
  const list: CounterShare[] = [];
  let value = Math.floor(chance.between(0, 1000));
  let step = 0;
  let job = 0;
  const isIdle = (at: number): boolean => at > seconds / 3 && at < seconds / 3 + (pace.pause ?? 0);
  for (const at of times) {
    if (isIdle(at)) continue;
    for (; (steps[step] ?? seconds) <= at; step += 1) value += chance.uniform() < (pace.more ?? 0) ? 2 : 1;
    while ((jobs[job + 1] ?? seconds) <= at) job += 1;
    const began = jobs[job] ?? 0;
    const own = pace.atJob === 'values' ? Math.floor((at - began) / every) : value;
    list.push({
      jobIndex: job,
      jobTimeUs: began * 1e6,
      timeUs: (at + chance.exponential(0.01)) * 1e6,
      nonce: hex(chance.uniform() * 2 ** 32),
      workHashes: (perSecond * 2 ** 40 * seconds) / shares,
      extraNonce2: hex(own),
      version: isRolled ? hex(0x20000000 + Math.floor(chance.uniform() * 2 ** 16) * 2 ** 13) : null,
    });
  }
  return { dialect: 'stratum-v1', shares: list, roundTripUs: null };
}

/** When a timer goes off. */
function ticks(
  { jitter = 0, atJob, pause = 0 }: Pace,
  every: number,
  seconds: number,
  jobs: readonly number[],
  chance: Chance,
): number[] {
  const list: number[] = [];
  let job = 1;
  let isPaused = false;
  for (let at = chance.between(0, every); at < seconds; ) {
    list.push(at);
    at += every * Math.max(0.1, 1 + jitter * chance.normal());
    const next = jobs[job] ?? seconds;
    if (next <= at) {
      job += 1;
      if (atJob === 'interval') at = next;
    }
    if (!isPaused && at > seconds / 3) {
      isPaused = true;
      at = Math.max(at, seconds / 3 + pause);
    }
  }
  return list;
}

function hex(value: number): string {
  return Math.floor(value).toString(16).padStart(8, '0');
}
