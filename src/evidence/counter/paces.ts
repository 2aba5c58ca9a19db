/**
 * What a value that rises through a session may advance with besides work: time (a timer that hands out work whether
 * the last was searched or not), jobs, shares. All three rise with work, too, so that a line over time proves nothing of
 * it. What tells them apart is that work is done at a rate that wanders, by a little at least: the distance of the
 * values from their line is a random walk then, where that of a timer or of a count of jobs is noise. Both are weighed
 * as Gaussian processes (Kalman filter, likelihood at its best); a steady miner is left a timer.
 */
import type { BaseShare } from './division.ts';
import { FEWEST_SHARES } from './terms.ts';
import { type Columns, columnsOf, type Fitted, type Pace, ROUNDED, weigh } from './walk.ts';

/** Part of its interval, and seconds, by which a timer's each tick may come early or late, as deviations. */
const TICK = 0.03;
const LATE_SECONDS = 0.002;
/** Times that counting may stop, or leap, in a session, whatever it goes by. */
const BREAKS = 2;
/** Variance of a walk from one share to the next over that of the noise, as tried; a factor of 8 apart. */
const WALKS = Array.from({ length: 11 }, (_, index) => 8 ** (index - 5));
/** Variance that each job may add to a timer's values, over that of the noise: a unit begun anew at each. */
const RESTARTS = [0, 0.3, 1];
/** Noise of a timer over that of work that walks, as tried. */
const NOISES = [1, 1.4, 2];

interface Weighed {
  readonly pace: Pace;
  readonly fitted: Fitted;
}

/**
 * ln Bayes factor, at least, of values that advance with work against those that advance with time, jobs or shares;
 * `restart` where they begin anew at each job, `rate` in counts a second.
 */
export function evidenceOfWork(shares: readonly BaseShare[], restart: boolean, rate: number): number {
  const columns = columnsOf(shares, restart);
  const count = columns.values.length;
  if (count < FEWEST_SHARES + 2) return Number.NEGATIVE_INFINITY;
  let seconds = 0;
  for (const span of columns.seconds) seconds += span;
  const between = Math.max(seconds / count, 1e-3);
  const ordinals = [columns.times, columns.jobs, columns.shares];

  const place = Math.log(count);
  const breaks: number[] = [];
  let work = Number.NEGATIVE_INFINITY;
  let otherwise = Number.NEGATIVE_INFINITY;
  // Each break may be at any share; it is looked for where work, as it walks, lies furthest from where it was.
  for (let broken = 0; broken <= BREAKS; broken += 1) {
    const works = WALKS.map((walk) => ({
      walk: walk / between,
      ...bestOf(
        columns,
        RESTARTS.map((job) => ({ ordinals, walk: { second: walk / between, job, share: 0 } })),
        breaks,
      ),
    }));
    let best = NOTHING;
    for (const one of works) if (one.fitted.log > best.fitted.log) best = one;
    // A timer whose ticks jitter walks, too. Its tick is one count, or as many as are noise (digits below it that do
    // not count).
    const { noise, log, furthest } = best.fitted;
    const tick = Math.max(1, noise / ROUNDED);
    const late = Math.hypot(TICK * tick, LATE_SECONDS * rate);
    const jitter = (late ** 2 * rate) / tick;
    const timed = RESTARTS.map((job): Pace => ({ ordinals, walk: { second: 0, job, share: 0 } }));
    // Its jitter is known in counts, so that more noise does not make it more.
    for (const times of NOISES) {
      const second = jitter / (times * noise) ** 2;
      for (const job of RESTARTS)
        for (const part of [0.1, 1])
          timed.push({ ordinals, walk: { second: part * second, job, share: 0 }, noise: times * noise });
    }
    otherwise = Math.max(otherwise, bestOf(columns, timed, breaks).fitted.log - broken * place);
    // Of all walks as likely as each other those that a timer may make speak for no work.
    let sum = 0;
    for (const one of works)
      if (one.walk * one.fitted.noise ** 2 > 2 * jitter) sum += Math.exp(one.fitted.log - log);
    work = Math.max(work, Math.log(sum / WALKS.length) + log - broken * place);
    breaks.push(furthest);
  }
  // Steps of any size at each job, or at each share, have a variance of their own. Work is a sum of two ordinals more,
  // each free to fit chance.
  return work - Math.max(otherwise, stepsOf(columns, 'job') + place, stepsOf(columns, 'share') + place);
}

const NOTHING: Weighed = {
  pace: { ordinals: [], walk: { second: 0, job: 0, share: 0 } },
  fitted: { log: Number.NEGATIVE_INFINITY, noise: 1, furthest: 0 },
};

function bestOf(columns: Columns, paces: readonly Pace[], breaks: readonly number[]): Weighed {
  let best = NOTHING;
  for (const pace of paces) {
    const fitted = weigh(columns, pace, breaks);
    if (fitted.log > best.fitted.log) best = { pace, fitted };
  }
  return best;
}

/** ln likelihood of steps at each job or share, by the best walk. */
function stepsOf(columns: Columns, at: 'job' | 'share'): number {
  const pace = (walk: number): Pace => ({
    ordinals: [at === 'job' ? columns.jobs : columns.shares],
    walk: { second: 0, job: 0, share: 0, [at]: walk },
  });
  const coarse = bestOf(columns, [0, ...WALKS].map(pace), []);
  const walk = coarse.pace.walk[at];
  const near = [-3, -2, -1, 1, 2, 3].map((steps) => pace(walk * 8 ** (steps / 4)));
  return Math.max(coarse.fitted.log, bestOf(columns, near, []).fitted.log);
}
