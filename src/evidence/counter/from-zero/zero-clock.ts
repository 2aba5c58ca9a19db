/**
 * The clock of a miner that restarts at 0 with each job: structure by likelihood, the number of tracks with its own
 * uncertainty, and the rate with an interval that carries both.
 */

import { NOTHING, type Reading } from '../clock.ts';
import { changesOf } from '../statistics/changes.ts';
import { countOf } from '../statistics/mathematics.ts';
import type { Place } from '../statistics/neighbours.ts';
import { isTooWide, LEAST_ON, LOG_CLOCK } from '../terms.ts';
import { openAlternatives, tracksOf } from './alternatives.ts';
import { type Fit, progressOf } from './fit.ts';
import { intervalsOf } from './intervals.ts';
import { readingsOf } from './outliers.ts';
import type { PlacedShares } from './placed-shares.ts';
import { lagOf, placesOf, type Track } from './rate.ts';
import { allOf, rateOver, seriesOf } from './spans.ts';
import { inferStructure } from './structure.ts';
import { isUnlike, ofFirstChunks, unlikePart } from './unlike.ts';

/**
 * Reads the clock of shares that restart at 0 with each job. `lastUs` is where the series ends; see `inferStructure`
 * for the rest.
 */
export function readZeroClock(
  all: PlacedShares,
  width: number,
  chunks: boolean,
  lastUs = all.lastUs,
): Reading {
  const whole = inferStructure(all, width, chunks);
  const { evidence } = whole;
  if (whole.best === null || evidence < LOG_CLOCK) return { ...NOTHING, evidence };
  const shares = isUnlike(whole.best) ? ofFirstChunks(all, whole.best) : all;
  const inference = shares === all ? whole : inferStructure(shares, width, chunks);
  const best = inference.best ?? whole.best;
  const none: Reading = { ...NOTHING, evidence, doubt: 'unsteady' };
  const { track, places, on } = fittedTo(shares, best);
  if (countOf(on) < LEAST_ON * shares.count) return none;
  // Of tracks that are unlike each share counts, whatever its neighbours are.
  const readings = isUnlike(best)
    ? [{ usable: places.map((place) => place !== 'off'), weight: 1, isUnlike: true }]
    : readingsOf(shares, places, lagsOf(shares, track));
  const used = countOf(readings[0].usable);
  const alternatives = openAlternatives(inference.fits, best, shares, on, readings, width);
  const isOne = best.tracks === 1;
  const section = allOf(shares);
  const uses = readings.map(({ usable, ...reading }) => {
    const intervals = intervalsOf(shares, 0, shares.count, usable, track.progress, track.lag, isOne);
    const { changes, paused } = changesOf(intervals, isOne);
    const working = [...usable];
    for (const { index } of paused) working[index] = false;
    return { ...reading, usable: working, changes };
  });
  const rate = rateOver(shares, section, uses, alternatives, null);
  if (rate === null || isTooWide(rate.interval)) return none;
  const { kind, size } = best;
  const clock = {
    structure: {
      kind,
      size: kind === 'chunks' || kind === 'lanes' ? size : null,
      spread: Math.sqrt(rate.jobVariance),
      outliers: 1 - used / shares.count,
    },
    ...rate.interval,
    tracks: tracksOf(alternatives),
    sharesUsed: used,
    series: seriesOf(shares, section, uses, alternatives, rate, lastUs),
    unlike: uses.some(({ changes }) => changes.length > 0)
      ? 1
      : unlikePart(shares, readings[readings.length - 1].usable, track),
  };
  return { ...NOTHING, evidence, clock };
}

/** Seconds by which each share is behind its clock. */
function lagsOf({ count, seconds }: PlacedShares, { fit, progress, lag }: Track): Float64Array {
  const lags = new Float64Array(count);
  for (let index = 0; index < count; index += 1)
    lags[index] = seconds[index] - lag.seconds - progress[index] / fit.rate;
  return lags;
}

/** The positions of the shares by a fit. */
interface Fitted {
  readonly track: Track;
  readonly places: readonly Place[];
  /** Whether each is on the clock. */
  readonly on: readonly boolean[];
}

/** The positions of all shares. If some are off the clock, the fit is made again from those that are on it. */
function fittedTo(shares: PlacedShares, fit: Fit): Fitted {
  const progress = progressOf(shares, fit);
  const by = (among: readonly boolean[] | null): Fitted => {
    const lag = lagOf(shares, progress, among, fit);
    const places = placesOf(shares, progress, fit, lag);
    return { track: { fit, progress, lag }, places, on: places.map((place) => place === 'on') };
  };
  const first = by(null);
  return countOf(first.on) === shares.count ? first : by(first.on);
}
