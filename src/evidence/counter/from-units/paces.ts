/**
 * What a value that rises through a session may advance with besides work: time (a timer that hands out work whether
 * the last was searched or not), jobs, shares. All three rise with work, too, so that a line over time proves nothing
 * of it. What distinguishes them is that work is done at a rate that drifts, by a little at least: the distance of the
 * values from their line is smooth then. If a timer makes them, it is noise, and a random walk as far as each tick is
 * early or late on its own. Both are weighed as Gaussian processes (Kalman filter, likelihood at its best); a steady
 * miner is left a timer.
 */
import type { BaseShare } from '../from-base/division.ts';
import { FEWEST_SHARES } from '../terms.ts';
import { type Columns, columnsOf, type Fitted, type Pace, type Walk, weigh } from './walk.ts';

/** Seconds in which the rate of work forgets where it was, as tried. */
const DRIFTS = [30, 150, 750];
/** Rates of timers drift by less than this part. */
const STEADY = 0.001;
/** Times that counting may stop, or leap, in a session, whatever it goes by. */
const BREAKS = 2;
/** Variance of a walk from one share to the next over that of the noise, as tried; a factor of 8 apart. */
const WALKS = Array.from({ length: 11 }, (_, index) => 8 ** (index - 5));
/** Variance that each job may add, over that of the noise: a unit begun anew at each. */
const RESTARTS = [0, 0.3, 1];

interface WeighedPace {
  readonly pace: Pace;
  readonly fitted: Fitted;
}

/**
 * ln Bayes factor, at least, of values that advance with work against those that advance with time, jobs or shares;
 * `restart` where they begin again at each job, `rate` in counts a second.
 */
export function evidenceOfWork(shares: readonly BaseShare[], restart: boolean, rate: number): number {
  const columns = columnsOf(shares, restart);
  const count = columns.values.length;
  if (count < FEWEST_SHARES + 2) return Number.NEGATIVE_INFINITY;
  let seconds = 0;
  for (const span of columns.seconds) seconds += span;
  const between = Math.max(seconds / count, 1e-3);
  const ordinals = [columns.times, columns.jobs, columns.shares];
  const drifting = DRIFTS.flatMap((memory) =>
    // Over times that are long beside its own, a rate that drifts makes such a walk.
    WALKS.map((walk) => ({ variance: walk / between / (2 * memory), seconds: memory })),
  );

  const place = Math.log(count);
  const breaks: number[] = [];
  const stops: number[] = [];
  let work = Number.NEGATIVE_INFINITY;
  let otherwise = Number.NEGATIVE_INFINITY;
  // Each break may be at any share; it is looked for where values lie furthest from where those before put them, by
  // either reading.
  for (let broken = 0; broken <= BREAKS; broken += 1) {
    const timed = timerOf(columns, ordinals, between, stops);
    // What jobs do to work is what they do to a timer, or nothing.
    const restarts = [...new Set([0, timed.pace.walk.job])];
    const works = drifting.map((drift) =>
      bestOf(
        columns,
        restarts.map((job) => ({ ordinals, walk: { ...STILL, job }, drift })),
        breaks,
      ),
    );
    let best = NOTHING;
    for (const one of works) if (one.fitted.log > best.fitted.log) best = one;
    // Of all as likely as each other those that drift no more than a timer speak for no work.
    let sum = 0;
    for (const { pace, fitted } of works)
      if ((pace.drift?.variance ?? 0) * fitted.noise ** 2 > (STEADY * rate) ** 2)
        sum += Math.exp(fitted.log - best.fitted.log);
    work = Math.max(work, Math.log(sum / works.length) + best.fitted.log - broken * place);
    otherwise = Math.max(otherwise, timed.fitted.log - broken * place);
    if (broken > 0)
      otherwise = Math.max(
        otherwise,
        timerOf(columns, ordinals, between, breaks).fitted.log - broken * place,
      );
    breaks.push(best.fitted.furthest);
    stops.push(timed.fitted.furthest);
    // A break that explains less than it costs is none, and neither are more.
    const gains = (one: WeighedPace, at: readonly number[]): boolean =>
      weigh(columns, one.pace, at).log > one.fitted.log + place;
    if (!gains(best, breaks) && !gains(timed, stops)) break;
  }
  // Steps of any size at each job, or at each share, have a variance of their own. Work is a sum of two ordinals more,
  // each free to fit chance.
  return work - Math.max(otherwise, stepsOf(columns, 'job') + place, stepsOf(columns, 'share') + place);
}

/** The best timer: by what its ticks jitter, and what jobs do to it. */
function timerOf(
  columns: Columns,
  ordinals: readonly Float64Array[],
  between: number,
  breaks: readonly number[],
): WeighedPace {
  const pace = (second: number, job: number): Pace => ({ ordinals, walk: { second, job, share: 0 } });
  const coarse = bestOf(
    columns,
    [0, ...WALKS].flatMap((walk) => RESTARTS.map((job) => pace(walk / between, job))),
    breaks,
  );
  const { second, job } = coarse.pace.walk;
  const near = NEAR.map((times) => pace(second * times, job));
  return bestOf(columns, [coarse.pace, ...near], breaks);
}

/** Walks between those that are tried first. */
const NEAR = [-3, -2, -1, 1, 2, 3].map((steps) => 8 ** (steps / 4));
const STILL: Walk = { second: 0, job: 0, share: 0 };
const NOTHING: WeighedPace = {
  pace: { ordinals: [], walk: STILL },
  fitted: { log: Number.NEGATIVE_INFINITY, noise: 1, furthest: 0 },
};

function bestOf(columns: Columns, paces: readonly Pace[], breaks: readonly number[]): WeighedPace {
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
  const near = NEAR.map((times) => pace(walk * times));
  return Math.max(coarse.fitted.log, bestOf(columns, near, []).fitted.log);
}
