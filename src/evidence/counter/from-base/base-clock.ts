/**
 * The clock of miners that count up from starts of their own: ethminer and its kind (64-bit start drawn once per
 * connection, a segment for each device, back to the start at each job), Equihash miners (a counter per device,
 * either anew at each job or through the whole session). Shares fall into tracks by what their nonces begin with; in
 * each track nonce against time must lie on a line that random nonces of the same span would miss.
 */
import { totalOf } from '../../../order.ts';
import type { Span } from '../../../span.ts';
import { type Clock, NOTHING, type Reading } from '../clock.ts';
import type { CounterRate } from '../counter-input.ts';
import { countOf } from '../statistics/mathematics.ts';
import { FEWEST_SHARES, isTooWide, LEAST_ON, LOG_CLOCK, type OpenTracks, SERIES_SECONDS } from '../terms.ts';
import { type Devices, devicesOf, rateOverTime } from './devices.ts';
import {
  type BaseShare,
  byKey,
  type Division,
  divide,
  intoTracks,
  isPlaced,
  lookAt,
  sortedSteps,
  spanOf,
  stepsOf,
} from './division.ts';
import { type Line, timesOf } from './line.ts';
import { followsWallClock } from './timed.ts';

const MOST_TRACKS = 256;
/** The earliest shares of each job, as parts of all, that are tried if all shares together give no track. */
const YOUNGEST_PARTS = [0.9, 0.75, 0.55];
/** No device counts further within a job. If no two nonces are nearer, devices are far apart and coarse gaps suffice. */
const FURTHEST = 2 ** 44;

/**
 * Reads the clock of shares that count up from unknown starts, of at most `most` tracks: one where it is known that
 * there is but one counter.
 */
export function readBaseClock(shares: readonly BaseShare[], most = MOST_TRACKS): Reading {
  const keys = byKey(shares);
  // Tracks are parts of keys: with too few shares for a line in each there is none.
  if (keys.every((list) => list.length < FEWEST_SHARES)) return NOTHING;
  const placed = keys.map((list) => list.filter(isPlaced));
  const steps = placed.map(stepsOf);
  const mayOverlap = steps.some((list) => list.filter((step) => step < FURTHEST).length >= FEWEST_SHARES);
  const search = new Search(spanOf(shares), most, mayOverlap ? 2 : 4);
  search.look(placed, steps, true, 0);
  search.look(keys, keys.map(stepsOf), false, 0);
  // If devices run into the range of the next one in long jobs, early shares of each job are still apart.
  if (mayOverlap && !search.hasLines) {
    const ages = Float64Array.from(placed.flat(), ({ seconds }) => seconds ?? 0).sort();
    for (const part of YOUNGEST_PARTS) {
      const young = Math.floor(part * ages.length);
      const limit = ages[young] ?? 0;
      const runs = placed.map((list) => list.filter(({ seconds }) => (seconds ?? 0) < limit));
      search.look(runs, runs.map(stepsOf), true, ages.length - young);
      if (search.hasLines) break;
    }
  }
  const { best, tried } = search;
  if (best === null || !search.hasLines) return NOTHING;
  const evidence = best.evidence - Math.log(Math.max(1, tried));
  const none = { ...NOTHING, evidence };
  if (evidence < LOG_CLOCK || onLines(best.lines) < LEAST_ON * shares.length) return none;
  if (!best.restart && best.lines.some(followsWallClock)) return { ...none, doubt: 'timed' };
  return { ...none, clock: clockOf(best, shares.length, most) };
}

/** Looks for the division that makes the nonces most likely. */
class Search {
  readonly #width: number;
  readonly #most: number;
  readonly #bits: number;
  best: Division | null = null;
  /** Divisions tried: each is a look at the same shares. */
  tried = 0;

  /** Of at most `most` tracks; gaps differ by so many bits. */
  constructor(width: number, most: number, bits: number) {
    this.#width = width;
    this.#most = most;
    this.#bits = bits;
  }

  /** True if a track was found. */
  get hasLines(): boolean {
    return this.best !== null && this.best.lines.length > 0;
  }

  /** Tries gaps of all sizes, on the shares of each key and the steps between them; `left` are those left out. */
  look(
    runs: readonly (readonly BaseShare[])[],
    steps: readonly Float64Array[],
    restart: boolean,
    left: number,
  ): void {
    const sorted = sortedSteps(steps);
    const look = lookAt(runs, steps, restart);
    let parts = 0;
    let before = -1;
    for (let bits = 60; bits >= 16; bits -= this.#bits) {
      const gap = 2 ** bits;
      while (parts < sorted.length && sorted[sorted.length - 1 - parts] > gap) parts += 1;
      // Smaller gaps part more: as many breaks as before are the same breaks.
      if (parts === before) continue;
      before = parts;
      if (parts > this.#most) break;
      this.tried += 1;
      const division = divide(intoTracks(look, gap), look, this.#width);
      if (division === null) continue;
      // What is left out lies anywhere.
      const likelihood = division.likelihood - left * Math.log(this.#width);
      if (this.best === null || likelihood > this.best.likelihood) this.best = { ...division, likelihood };
    }
  }
}

function clockOf(division: Division, shares: number, most: number): Clock | null {
  const { lines, restart } = division;
  const times = devicesOf(division, shares, most);
  const whole = rateOverTime(times, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  if (whole === null || isTooWide(whole)) return null;
  const { firstUs, lastUs } = timesOf(lines.flatMap(({ points }) => points));
  const series: CounterRate[] = [];
  const spans = Math.min(1000, Math.ceil((lastUs - firstUs + 1) / (SERIES_SECONDS * 1e6)));
  for (let age = spans; age >= 1; age -= 1) {
    const startUs = lastUs - age * SERIES_SECONDS * 1e6;
    const endUs = startUs + SERIES_SECONDS * 1e6;
    const rate = spans === 1 ? whole : rateOverTime(times, startUs, endUs);
    // A lower limit of 0 says nothing, as in a span in which the capture's clock was set; its logarithm is no number.
    if (rate !== null && rate.low95 > 0) series.push({ startUs, endUs, ...rate });
  }
  // Those of a slow spell are among them, which lie beside the line.
  const used = onLines(times.flatMap(({ course }) => course.lines));
  return {
    structure: {
      kind: restart ? 'base-job' : 'base-session',
      size: null,
      spread: Math.max(...lines.map((line) => line.spread)),
      outliers: 1 - used / shares,
    },
    estimate: whole.estimate,
    low95: whole.low95,
    high95: whole.high95,
    tracks: tracksOf(times),
    sharesUsed: used,
    series,
    unlike: times.some(({ course }) => course.changes.length > 0) ? 1 : 0,
  };
}

/** How many shares lie on lines. */
function onLines(lines: readonly Line[]): number {
  return totalOf(lines, ({ usable }) => countOf(usable));
}

/** How many devices there are, at most at a time. */
function tracksOf(times: readonly Devices[]): Span {
  const tracks = { low: 1, central: 1, high: 1 };
  for (const { open } of times) {
    tracks.low = Math.max(tracks.low, open[0]?.tracks ?? 1);
    tracks.central = Math.max(tracks.central, heaviest(open));
    tracks.high = Math.max(tracks.high, open.at(-1)?.tracks ?? 1);
  }
  return tracks;
}

function heaviest(open: readonly OpenTracks[]): number {
  let best = open[0];
  for (const one of open) if (best !== undefined && one.weight > best.weight) best = one;
  return best?.tracks ?? 1;
}
