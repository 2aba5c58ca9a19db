/**
 * The clock of a miner that restarts at 0 with each job: structure by likelihood, the number of tracks with its own
 * uncertainty, and the rate with an interval that carries both.
 */
import { changesOf } from './changes.ts';
import type { CounterRate, CounterStructure, CounterTracks, PlacedShare } from './counter-input.ts';
import type { Fit } from './fit.ts';
import { countOf, type MixturePart, mixtureQuantile } from './mathematics.ts';
import { lagOf, placesOf, progressOf, type Span, type Track, trackRate, type Use } from './rate.ts';
import { type Reading, readingsOf } from './strays.ts';
import { stretchesOf } from './stretches.ts';
import { inferStructure } from './structure.ts';
import { LOG_CLOCK, openTracks, SERIES_SECONDS } from './terms.ts';
import { isUnlike, ofFirstChunks, unlikePart } from './unlike.ts';

/** A clock whose interval spans more than this says less than the shares do. */
const WIDEST_RATIO = 4;
/** The least likely fits, all together as likely as this, are left out. */
const RARE = 1e-3;

export interface Clock {
  readonly structure: CounterStructure;
  readonly estimate: number;
  readonly low95: number;
  readonly high95: number;
  readonly tracks: CounterTracks | null;
  readonly sharesUsed: number;
  readonly series: readonly CounterRate[];
  /** How much of the spread is of tracks that are not alike, or of a rate that changes: 0 (none) to 1; 0 where absent. */
  readonly unlike?: number;
}

export interface ClockReading {
  readonly evidence: number;
  /** Null where random nonces explain the shares about as well, or where too few of them fit. */
  readonly clock: Clock | null;
  readonly unsteady: boolean;
}

/** One way of reading a session's digits, and what came of it. */
export interface Candidate extends ClockReading {
  /** Machines told apart by fixed nonce bytes; null where the dialect has none. */
  readonly rigs: number | null;
  /** True where the values rise, but by a timer, jobs or shares, whatever work is done; false where absent. */
  readonly isTimed?: boolean;
}

/**
 * Reads the clock of shares that restart at 0 with each job. `lastUs` is where the series ends; see `inferStructure`
 * for the rest.
 */
export function readClock(
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
  // Once with all shares, once more without those that are off the clock.
  const progress = progressOf(shares, best);
  const firstLag = lagOf(shares, progress, null, best);
  const firstPlaces = placesOf(shares, progress, best, firstLag);
  const first = firstPlaces.map((place) => place === 'on');
  const areAllOn = countOf(first) === shares.length;
  const lag = areAllOn ? firstLag : lagOf(shares, progress, first, best);
  const places = areAllOn ? firstPlaces : placesOf(shares, progress, best, lag);
  const on = areAllOn ? first : places.map((place) => place === 'on');
  if (countOf(on) < 0.5 * shares.length) return { evidence: inference.evidence, clock: null, unsteady: true };
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
  const everything = { from: 0, to: shares.length };
  const uses = readings.map(({ usable, ...reading }) => {
    const stretches = stretchesOf(shares, everything, usable, progress, lag, isOne);
    const { changes, paused } = changesOf(stretches, isOne);
    const working = [...usable];
    for (const { index } of paused) working[index] = false;
    return { ...reading, usable: working, changes };
  });
  const rate = rateOver(shares, { ...everything, ...timeOf(shares) }, uses, alternatives, null);
  if (rate === null) return { evidence: inference.evidence, clock: null, unsteady: true };
  // An interval this wide (tracks unknown, most often) would be no clock.
  if (rate.high95 > WIDEST_RATIO * rate.low95) {
    return { evidence: inference.evidence, clock: null, unsteady: true };
  }
  const hypothesis = best.hypothesis;
  const series = seriesOf(shares, uses, alternatives, rate, lastUs);
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
      series,
      unlike: uses.some(({ changes }) => changes.length > 0)
        ? 1
        : unlikePart(shares, readings.at(-1)?.usable ?? on, { fit: best, progress, lag }),
    },
  };
}

interface Alternative {
  readonly track: Track;
  readonly weight: number;
  /** Tracks, for lanes with those that have not found a share yet. */
  readonly tracks: number;
}

/** Everything that the shares leave open, by its weight, but what is rare. */
function openAlternatives(
  fits: readonly Fit[],
  best: Fit,
  shares: readonly PlacedShare[],
  on: readonly boolean[],
  readings: readonly Reading[],
  width: number,
): Alternative[] {
  const likeliest = [...fits].sort((a, b) => b.evidence - a.evidence);
  let rest = 0;
  for (const fit of fits) rest += Math.exp(fit.evidence - best.evidence);
  const least = RARE * rest;
  const alternatives: Alternative[] = [];
  for (const fit of likeliest) {
    if (rest < least) break;
    const weight = Math.exp(fit.evidence - best.evidence);
    rest -= weight;
    const progress = progressOf(shares, fit);
    const track = { fit, progress, lag: lagOf(shares, progress, on, fit) };
    if (fit.hypothesis.kind !== 'lanes' || fit.hypothesis.full) {
      alternatives.push({ track, weight, tracks: fit.hypothesis.tracks });
      continue;
    }
    // Lanes are counted by the shares seen in them: some may not have found one yet, but there is an end of the range.
    const size = fit.hypothesis.size;
    const lanes = new Set<number>();
    for (const { usable } of readings) {
      for (let index = 0; index < shares.length; index += 1)
        if (usable[index] === true) lanes.add(Math.floor(shares[index].nonce / size));
    }
    const most = Math.max(lanes.size, Math.round(width / size));
    for (const open of openTracks(lanes.size, shares.length, most)) {
      alternatives.push({ track, weight: weight * open.weight, tracks: open.tracks });
    }
  }
  return alternatives;
}

function tracksOf(alternatives: readonly Alternative[]): CounterTracks {
  const sorted = [...alternatives].sort((a, b) => a.tracks - b.tracks);
  let total = 0;
  for (const one of sorted) total += one.weight;
  const at = (level: number): number => {
    let below = 0;
    for (const one of sorted) {
      below += one.weight;
      if (below >= level * total) return one.tracks;
    }
    return sorted.at(-1)?.tracks ?? 1;
  };
  return { low: at(0.025), central: at(0.5), high: at(0.975) };
}

/** From the first job to the last share. */
function timeOf(shares: readonly PlacedShare[]): { readonly fromUs: number; readonly toUs: number } {
  let fromUs = Number.POSITIVE_INFINITY;
  for (const { timeUs, seconds } of shares) fromUs = Math.min(fromUs, timeUs - seconds * 1e6);
  return { fromUs, toUs: shares.at(-1)?.timeUs ?? fromUs };
}

/** A way of using the shares, and how likely it is. */
interface WeightedUse extends Use {
  readonly weight: number;
}

interface WholeRate {
  readonly estimate: number;
  readonly low95: number;
  readonly high95: number;
  readonly jobVariance: number;
  readonly shares: number;
}

function rateOver(
  shares: readonly PlacedShare[],
  span: Span,
  uses: readonly WeightedUse[],
  alternatives: readonly Alternative[],
  priorVariance: number | null,
): WholeRate | null {
  const parts: MixturePart[] = [];
  let heaviest: { weight: number; jobVariance: number; shares: number } | null = null;
  for (const use of uses) {
    for (const { track, weight: likelihood, tracks } of alternatives) {
      const one = trackRate(shares, span, use, track, priorVariance);
      if (one === null) continue;
      const weight = use.weight * likelihood;
      parts.push({ weight, centre: Math.log(one.rate * tracks), deviation: one.deviation });
      if (heaviest === null || weight > heaviest.weight) {
        heaviest = { weight, jobVariance: one.jobVariance, shares: one.shares };
      }
    }
  }
  if (heaviest === null) return null;
  return {
    estimate: Math.exp(mixtureQuantile(parts, 0.5)),
    low95: Math.exp(mixtureQuantile(parts, 0.025)),
    high95: Math.exp(mixtureQuantile(parts, 0.975)),
    jobVariance: heaviest.jobVariance,
    shares: heaviest.shares,
  };
}

function seriesOf(
  shares: readonly PlacedShare[],
  uses: readonly WeightedUse[],
  alternatives: readonly Alternative[],
  whole: WholeRate,
  lastUs: number,
): CounterRate[] {
  const { fromUs, toUs } = timeOf(shares);
  const series: CounterRate[] = [];
  let end = shares.length;
  while (end > 0) {
    const age = Math.floor((lastUs - (shares[end - 1]?.timeUs ?? 0)) / (SERIES_SECONDS * 1e6));
    const startUs = lastUs - (age + 1) * SERIES_SECONDS * 1e6;
    let start = end;
    while (start > 0 && (shares[start - 1]?.timeUs ?? 0) > startUs) start -= 1;
    if (start === end) start -= 1;
    const endUs = startUs + SERIES_SECONDS * 1e6;
    const span = { from: start, to: end, fromUs: Math.max(startUs, fromUs), toUs: Math.min(endUs, toUs) };
    const isAll = end - start === shares.length;
    const rate = isAll ? whole : rateOver(shares, span, uses, alternatives, whole.jobVariance);
    if (rate !== null) {
      series.push({
        startUs,
        endUs,
        shares: rate.shares,
        estimate: rate.estimate,
        low95: rate.low95,
        high95: rate.high95,
      });
    }
    end = start;
  }
  return series.reverse();
}
