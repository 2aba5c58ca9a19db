/**
 * The clock of a miner that restarts at 0 with each job: structure by likelihood, the number of tracks with its own
 * uncertainty, and the rate with an interval that carries both.
 */

import type { ClockReading } from '../clock.ts';
import type { PlacedShare } from '../counter-input.ts';
import { changesOf } from '../statistics/changes.ts';
import { countOf } from '../statistics/mathematics.ts';
import type { Place } from '../statistics/neighbours.ts';
import { isTooWide, LEAST_ON, LOG_CLOCK } from '../terms.ts';
import { openAlternatives, tracksOf } from './alternatives.ts';
import type { Fit } from './fit.ts';
import { type Lag, lagOf, placesOf, progressOf } from './rate.ts';
import { rateOver, seriesOf, timeOf } from './spans.ts';
import { readingsOf } from './strays.ts';
import { stretchesOf } from './stretches.ts';
import { inferStructure } from './structure.ts';
import { isUnlike, ofFirstChunks, unlikePart } from './unlike.ts';

/**
 * Reads the clock of shares that restart at 0 with each job. `lastUs` is where the series ends; see `inferStructure`
 * for the rest.
 */
export function readZeroClock(
  all: readonly PlacedShare[],
  width: number,
  chunks: boolean,
  lastUs = all.at(-1)?.timeUs ?? 0,
): ClockReading {
  const whole = inferStructure(all, width, chunks);
  if (whole.best === null || whole.evidence < LOG_CLOCK) {
    return { evidence: whole.evidence, clock: null, unsteady: false };
  }
  const shares = isUnlike(whole.best) ? ofFirstChunks(all, whole.best) : all;
  const inference =
    shares === all ? whole : { ...inferStructure(shares, width, chunks), evidence: whole.evidence };
  const best = inference.best ?? whole.best;
  const none = { evidence: inference.evidence, clock: null, unsteady: true };
  const { progress, lag, places, on } = fittedTo(shares, best);
  if (countOf(on) < LEAST_ON * shares.length) return none;
  const behind = shares.map(
    ({ seconds }, index) => seconds - lag.seconds - (progress[index] ?? 0) / best.rate,
  );
  // Of tracks that are unlike each share counts, whatever its neighbours are.
  const readings = isUnlike(best)
    ? [{ usable: places.map((place) => place !== 'off'), weight: 1, isUnlike: true }]
    : readingsOf(shares, places, behind);
  const used = countOf(readings[0]?.usable ?? on);
  const alternatives = openAlternatives(inference.fits, best, shares, on, readings, width);
  const isOne = best.hypothesis.tracks === 1;
  const { fromUs, toUs } = timeOf(shares);
  const uses = readings.map(({ usable, ...reading }) => {
    const stretches = stretchesOf(shares, 0, shares.length, usable, progress, lag, isOne);
    const { changes, paused } = changesOf(stretches, isOne);
    const working = [...usable];
    for (const { index } of paused) working[index] = false;
    return { ...reading, usable: working, changes };
  });
  const rate = rateOver(shares, { from: 0, to: shares.length, fromUs, toUs }, uses, alternatives, null);
  if (rate === null || isTooWide(rate)) return none;
  const { hypothesis } = best;
  return {
    evidence: inference.evidence,
    unsteady: false,
    clock: {
      structure: {
        kind: hypothesis.kind,
        size: hypothesis.kind === 'chunks' || hypothesis.kind === 'lanes' ? hypothesis.size : null,
        spread: Math.sqrt(rate.jobVariance),
        outliers: 1 - used / shares.length,
      },
      estimate: rate.estimate,
      low95: rate.low95,
      high95: rate.high95,
      tracks: hypothesis.kind === 'pooled' ? null : tracksOf(alternatives),
      sharesUsed: used,
      series: seriesOf(shares, uses, alternatives, rate, lastUs),
      unlike: uses.some(({ changes }) => changes.length > 0)
        ? 1
        : unlikePart(shares, readings.at(-1)?.usable ?? on, { fit: best, progress, lag }),
    },
  };
}

/** The positions of the shares by a fit. */
interface Fitted {
  readonly progress: Float64Array;
  readonly lag: Lag;
  readonly places: readonly Place[];
  /** Whether each is on the clock. */
  readonly on: readonly boolean[];
}

/** The positions of all shares. If some are off the clock, the fit is made again from those that are on it. */
function fittedTo(shares: readonly PlacedShare[], fit: Fit): Fitted {
  const progress = progressOf(shares, fit);
  const by = (among: readonly boolean[] | null): Fitted => {
    const lag = lagOf(shares, progress, among, fit);
    const places = placesOf(shares, progress, fit, lag);
    return { progress, lag, places, on: places.map((place) => place === 'on') };
  };
  const first = by(null);
  return countOf(first.on) === shares.length ? first : by(first.on);
}
