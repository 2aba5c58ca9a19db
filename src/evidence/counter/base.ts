/**
 * The clock of miners that count up from starts of their own: ethminer and its kind (64-bit start drawn once per
 * connection, a segment for each device, back to the start at each job), Equihash miners (a counter per device,
 * either anew at each job or through the whole session). Shares fall into tracks by what their nonces begin with; in
 * each track nonce against time must lie on a line that random nonces of the same span would miss.
 */
import type { CounterRate, CounterStructure, CounterTracks } from './counter-input.ts';
import { fitLine, type Line, type Point, piecesOf, startOf } from './line.ts';
import { countOf, type MixturePart, mixtureQuantile } from './mathematics.ts';
import { type Piece, ratioOf } from './ratio.ts';
import { FEWEST_SHARES, LOG_CLOCK, type OpenTracks, openTracks, SERIES_SECONDS } from './terms.ts';
import { stretchOf } from './through.ts';

/** A share of a base clock: nonce digits as a number of any size, and what else the nonce carries (device bytes). */
export interface BaseShare {
  readonly nonce: bigint;
  readonly key: string;
  /** Seconds since its job; null where the job was not seen. */
  readonly seconds: number | null;
  readonly job: number;
  readonly timeUs: number;
}

export interface BaseClock {
  readonly structure: CounterStructure;
  readonly estimate: number;
  readonly low95: number;
  readonly high95: number;
  readonly tracks: CounterTracks;
  readonly sharesUsed: number;
  readonly series: readonly CounterRate[];
}

export interface BaseReading {
  readonly evidence: number;
  readonly clock: BaseClock | null;
}

const MOST_TRACKS = 256;
const FLOOR = 0.002;
/**
 * A track without a line of its own is as fast as the others, for which this many shares speak, and as its own shares
 * say (a gamma prior: devices of one rig differ by 30 % or so).
 */
const ALIKE = 12;
/** A counter that runs through the session is seen in this part of it at least. */
const LEAST_SPAN = 0.1;
/** A clock whose interval spans more than this says less than the shares do. */
const WIDEST_RATIO = 4;

/**
 * Reads the clock of shares that count up from unknown starts, of at most `most` tracks: one where it is known that
 * there is but one counter.
 */
export function readBaseClock(shares: readonly BaseShare[], most = MOST_TRACKS): BaseReading {
  const width = spanOf(shares);
  const keys = byKey(shares);
  let best: Division | null = null;
  let tried = 0;
  for (const restart of [true, false]) {
    const runs = restart ? keys.map((list) => list.filter(isPlaced)) : keys;
    const steps = runs.map(stepsOf);
    let before = -1;
    for (let bits = 60; bits >= 16; bits -= 4) {
      const gap = 2 ** bits;
      let parts = 0;
      for (const list of steps) for (const step of list) if (step > gap) parts += 1;
      // Smaller gaps part more: as many breaks as before are the same breaks.
      if (parts === before) continue;
      before = parts;
      if (parts > most) break;
      tried += 1;
      const division = divide(intoTracks(runs, steps, restart, gap), restart, width);
      if (division !== null && (best === null || division.likelihood > best.likelihood)) best = division;
    }
  }
  if (best === null || best.lines.length === 0) return { evidence: Number.NEGATIVE_INFINITY, clock: null };
  const evidence = best.evidence - Math.log(Math.max(1, tried));
  let placed = 0;
  for (const line of best.lines) placed += countOf(line.usable);
  if (evidence < LOG_CLOCK || placed < 0.5 * shares.length) return { evidence, clock: null };
  return { evidence, clock: clockOf(best, shares.length, placed, most) };
}

/** Shares of one key whose nonces lie close together. */
interface Track {
  /** How far its lowest nonce lies above the highest of the track below; infinite where its key has none below. */
  readonly step: number;
  readonly points: readonly Point[];
}

/** One way of parting the shares into tracks. */
interface Division {
  readonly restart: boolean;
  readonly lines: readonly Line[];
  /** Shares of each track that has too few of them for a line. */
  readonly loose: readonly number[];
  /** ln likelihood of all nonces, the same measure for every division: by it divisions compete. */
  readonly likelihood: number;
  /** ln Bayes factor of the lines against random nonces within each track's own span. */
  readonly evidence: number;
}

/**
 * Fits all tracks; null where the division cuts a line in two or joins two devices: what lies further from a track
 * than it counts in all its time is another device's, what lies nearer is its own.
 */
function divide(tracks: readonly Track[], restart: boolean, width: number): Division | null {
  let longest = 0;
  const jobs = new Set<number>();
  for (const { points } of tracks) {
    for (const { seconds, job } of points) {
      longest = Math.max(longest, seconds);
      jobs.add(job);
    }
  }
  const lines: Line[] = [];
  let likelihood = 0;
  let evidence = 0;
  const loose: number[] = [];
  for (const [index, track] of tracks.entries()) {
    const line = track.points.length >= FEWEST_SHARES ? fitLine(track.points, restart) : null;
    if (line === null || countOf(line.usable) < FEWEST_SHARES) {
      loose.push(track.points.length);
      likelihood -= track.points.length * Math.log(width);
      continue;
    }
    // A device is seen in more than one job: a counter that runs on falls apart into its jobs where it is thought to
    // begin anew at each, and starts drawn at random for each job are no devices that all run at once.
    if (jobs.size > 1 && line.points.every(({ job }) => job === line.points[0]?.job)) return null;
    if (!restart && !isLong(line.points, longest)) return null;
    const reach = line.rate * longest;
    if (Math.min(track.step, tracks[index + 1]?.step ?? Number.POSITIVE_INFINITY) < reach) return null;
    if (line.points.some(({ count, seconds }) => Math.abs(count - line.start - line.rate * seconds) > reach))
      return null;
    evidence += line.evidence;
    likelihood += line.likelihood - Math.log(width);
    lines.push(line);
  }
  return { restart, lines, loose, likelihood, evidence };
}

/** Whether a track's shares are spread over the session; four or more that are lie within a tenth of it once in 300. */
function isLong(points: readonly Point[], longest: number): boolean {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const { seconds } of points) {
    first = Math.min(first, seconds);
    last = Math.max(last, seconds);
  }
  return last - first > LEAST_SPAN * longest;
}

/** How far apart the lowest and the highest nonce are, at least 2^16. */
function spanOf(shares: readonly BaseShare[]): number {
  let low: bigint | null = null;
  let high = 0n;
  for (const share of shares) {
    if (low === null || share.nonce < low) low = share.nonce;
    if (share.nonce > high) high = share.nonce;
  }
  return Math.max(Number(high - (low ?? 0n)), 2 ** 16);
}

function isPlaced({ seconds }: BaseShare): boolean {
  return seconds !== null && seconds >= 0;
}

/** The shares of each key, by nonce. */
function byKey(shares: readonly BaseShare[]): BaseShare[][] {
  const keys = new Map<string, BaseShare[]>();
  for (const share of shares) {
    const list = keys.get(share.key);
    if (list === undefined) keys.set(share.key, [share]);
    else list.push(share);
  }
  const lists = [...keys.values()];
  for (const list of lists) list.sort((a, b) => (a.nonce < b.nonce ? -1 : a.nonce > b.nonce ? 1 : 0));
  return lists;
}

/** How far each nonce lies above the one before it; the first of a key above all gaps. */
function stepsOf(list: readonly BaseShare[]): Float64Array {
  const steps = new Float64Array(list.length);
  let previous: bigint | null = null;
  for (const [index, { nonce }] of list.entries()) {
    steps[index] = previous === null ? Number.POSITIVE_INFINITY : Number(nonce - previous);
    previous = nonce;
  }
  return steps;
}

function intoTracks(
  runs: readonly (readonly BaseShare[])[],
  steps: readonly Float64Array[],
  restart: boolean,
  gap: number,
): Track[] {
  let originUs = Number.POSITIVE_INFINITY;
  for (const list of runs) for (const { timeUs } of list) originUs = Math.min(originUs, timeUs);
  const tracks: Track[] = [];
  for (const [key, list] of runs.entries()) {
    let track: Point[] = [];
    let low = 0n;
    for (const [index, { nonce, seconds, job, timeUs }] of list.entries()) {
      const step = steps[key]?.[index] ?? 0;
      if (step > gap) {
        track = [];
        low = nonce;
        tracks.push({ step, points: track });
      }
      const age = restart ? (seconds ?? 0) : (timeUs - originUs) / 1e6;
      track.push({ seconds: age, count: Number(nonce - low), job, timeUs });
    }
  }
  return tracks;
}

function clockOf(division: Division, shares: number, placed: number, most: number): BaseClock | null {
  const { lines, loose, restart } = division;
  const open = openTracks(lines.length + loose.length, shares, most);
  const whole = total(division, open, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  if (whole !== null && whole.high95 > WIDEST_RATIO * whole.low95) return null;
  if (whole === null) return null;
  let lastUs = 0;
  let firstUs = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    for (const point of line.points) {
      lastUs = Math.max(lastUs, point.timeUs);
      firstUs = Math.min(firstUs, point.timeUs);
    }
  }
  const series: CounterRate[] = [];
  const spans = Math.min(1000, Math.ceil((lastUs - firstUs + 1) / (SERIES_SECONDS * 1e6)));
  for (let age = spans; age >= 1; age -= 1) {
    const startUs = lastUs - age * SERIES_SECONDS * 1e6;
    const endUs = startUs + SERIES_SECONDS * 1e6;
    const rate = spans === 1 ? whole : total(division, open, startUs, endUs);
    if (rate !== null) series.push({ startUs, endUs, ...rate });
  }
  let spread = 0;
  for (const line of lines) spread = Math.max(spread, line.spread);
  return {
    structure: {
      kind: restart ? 'base-job' : 'base-session',
      size: null,
      spread,
      outliers: 1 - placed / shares,
    },
    estimate: whole.estimate,
    low95: whole.low95,
    high95: whole.high95,
    tracks: {
      low: open[0]?.tracks ?? 1,
      central: heaviest(open),
      high: open.at(-1)?.tracks ?? 1,
    },
    sharesUsed: placed,
    series,
  };
}

function total(
  division: Division,
  open: readonly OpenTracks[],
  fromUs: number,
  toUs: number,
): Omit<CounterRate, 'startUs' | 'endUs'> | null {
  const read = division.restart
    ? restarted(division.lines, fromUs, toUs)
    : running(division.lines, fromUs, toUs);
  if (read === null) return null;
  const { rates, shares } = read;
  let sum = 0;
  let lines = 0;
  let points = 0;
  const others = [...division.loose];
  for (const [index, line] of division.lines.entries()) {
    const rate = rates[index] ?? null;
    if (rate === null) {
      others.push(line.points.length);
      continue;
    }
    sum += rate;
    lines += 1;
    points += line.points.length;
  }
  const own = Math.hypot(read.deviation, FLOOR * sum);
  const mean = sum / lines;
  const divisor = ALIKE + points / lines;
  let rest = 0;
  for (const one of others) rest += (mean * (ALIKE + one)) / divisor;
  const parts: MixturePart[] = open.map(({ tracks: number, weight }) => {
    const unseen = Math.max(0, number - division.lines.length - division.loose.length);
    const without = rest + (unseen * mean * ALIKE) / divisor;
    const centre = sum + without;
    const variance = (without * mean) / divisor;
    return { weight, centre, deviation: Math.hypot((own * centre) / sum, Math.sqrt(variance)) };
  });
  return {
    shares,
    estimate: mixtureQuantile(parts, 0.5),
    low95: Math.max(0, mixtureQuantile(parts, 0.025)),
    high95: mixtureQuantile(parts, 0.975),
  };
}

/** Rates of the lines in a span (null where one has none in it), and the standard deviation of their sum. */
interface TrackRates {
  readonly rates: readonly (number | null)[];
  readonly deviation: number;
  readonly shares: number;
}

function restarted(lines: readonly Line[], fromUs: number, toUs: number): TrackRates | null {
  const tracks: Map<number, Piece>[] = [];
  const rates: (number | null)[] = [];
  let starts = 0;
  let shares = 0;
  let spread = 0.01;
  for (const line of lines) {
    const { start, deviation } = startOf(line);
    const pieces = piecesOf(line, start, fromUs, toUs);
    let top = 0;
    let bottom = 0;
    for (const piece of pieces.values()) {
      top += piece.top;
      bottom += piece.bottom;
    }
    if (!(top > 0) || !(bottom > 0)) {
      rates.push(null);
      continue;
    }
    for (const [index, point] of line.points.entries()) {
      if (line.usable[index] === true && point.timeUs > fromUs && point.timeUs <= toUs) shares += 1;
    }
    tracks.push(pieces);
    rates.push(top / bottom);
    spread = Math.max(spread, line.spread);
    // An error of the start is in every job.
    starts += ((deviation * pieces.size) / bottom) ** 2;
  }
  const ratio = ratioOf(tracks, spread ** 2, 2);
  if (ratio === null) return null;
  return { rates, deviation: Math.hypot(ratio.deviation * ratio.rate, Math.sqrt(starts)), shares };
}

function running(lines: readonly Line[], fromUs: number, toUs: number): TrackRates | null {
  const rates: (number | null)[] = [];
  let variance = 0;
  let shares = 0;
  for (const line of lines) {
    const stretch = stretchOf(line, fromUs, toUs);
    rates.push(stretch?.rate ?? null);
    if (stretch === null) continue;
    variance += stretch.deviation ** 2;
    shares += stretch.shares;
  }
  return shares === 0 && variance === 0 ? null : { rates, deviation: Math.sqrt(variance), shares };
}

function heaviest(open: readonly OpenTracks[]): number {
  let best = open[0];
  for (const one of open) if (best !== undefined && one.weight > best.weight) best = one;
  return best?.tracks ?? 1;
}
