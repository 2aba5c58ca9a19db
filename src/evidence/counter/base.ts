/**
 * The clock of miners that count up from starts of their own: ethminer and its kind (64-bit start drawn once per
 * connection, a segment for each device, back to the start at each job), Equihash miners (a counter per device,
 * either anew at each job or through the whole session). Shares fall into tracks by what their nonces begin with; in
 * each track nonce against time must lie on a line that random nonces of the same span would miss.
 */
import type { CounterRate, CounterStructure, CounterTracks } from './counter-input.ts';
import { type MixturePart, median, mixtureQuantile, student4 } from './mathematics.ts';
import { type Piece, ratioOf } from './ratio.ts';
import { LOG_CLOCK, type OpenTracks, openTracks, SERIES_SECONDS } from './terms.ts';

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

interface Point {
  readonly seconds: number;
  /** Nonce less the lowest of its track. */
  readonly count: number;
  readonly job: number;
  readonly timeUs: number;
}

interface Line {
  readonly rate: number;
  readonly spread: number;
  readonly points: readonly Point[];
  readonly usable: readonly boolean[];
  readonly start: number;
}

const SPREADS = [0.003, 0.01, 0.03, 0.1, 0.25];
const OFF = 0.1;
/** Rates in steps of 1 % over twelve decades, starts in 200 steps of the span, five spreads. */
const LOG_LINE = Math.log(2_777) + Math.log(200) + Math.log(SPREADS.length);
/** Kernel launches, queues: seconds by which a share may come off its count. */
const JITTER_SECONDS = 0.15;
const MOST_TRACKS = 256;
const FLOOR = 0.002;
/** A clock whose interval spans more than this says less than the shares do. */
const WIDEST_RATIO = 4;
const SAMPLE = 400;

/** Reads the clock of shares that count up from unknown starts. */
export function readBaseClock(shares: readonly BaseShare[]): BaseReading {
  const width = spanOf(shares);
  let best: Division | null = null;
  let tried = 0;
  for (const restart of [true, false]) {
    const seen = new Set<string>();
    for (let bits = 60; bits >= 16; bits -= 4) {
      const tracks = intoTracks(shares, restart, 1n << BigInt(bits));
      const shape = tracks.map((track) => track.length).join(' ');
      if (tracks.length > MOST_TRACKS || seen.has(shape)) continue;
      seen.add(shape);
      tried += 1;
      const division = divide(tracks, restart, width);
      if (best === null || division.likelihood > best.likelihood) best = division;
    }
  }
  if (best === null || best.lines.length === 0) return { evidence: Number.NEGATIVE_INFINITY, clock: null };
  const evidence = best.evidence - Math.log(Math.max(1, tried));
  let placed = 0;
  for (const line of best.lines) for (const yes of line.usable) if (yes) placed += 1;
  if (evidence < LOG_CLOCK || placed < 0.5 * shares.length) return { evidence, clock: null };
  return { evidence, clock: clockOf(best, shares.length, placed) };
}

/** One way of parting the shares into tracks. */
interface Division {
  readonly restart: boolean;
  readonly lines: readonly Line[];
  /** Tracks with too few shares for a line. */
  readonly loose: number;
  /** ln likelihood of all nonces, the same measure for every division: by it divisions compete. */
  readonly likelihood: number;
  /** ln Bayes factor of the lines against random nonces within each track's own span. */
  readonly evidence: number;
}

function divide(tracks: readonly Point[][], restart: boolean, width: number): Division {
  const lines: Line[] = [];
  let likelihood = 0;
  let evidence = 0;
  let loose = 0;
  for (const track of tracks) {
    const line = track.length >= 4 ? fitLine(track) : null;
    if (line === null) {
      loose += 1;
      likelihood -= track.length * Math.log(width);
      continue;
    }
    evidence += line.evidence;
    likelihood += line.likelihood - Math.log(width);
    lines.push(line);
  }
  return { restart, lines, loose, likelihood, evidence };
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

function intoTracks(shares: readonly BaseShare[], restart: boolean, gap: bigint): Point[][] {
  const keys = new Map<string, BaseShare[]>();
  const originUs = shares[0]?.timeUs ?? 0;
  for (const share of shares) {
    if (restart && (share.seconds === null || share.seconds < 0)) continue;
    const list = keys.get(share.key);
    if (list === undefined) keys.set(share.key, [share]);
    else list.push(share);
  }
  const tracks: Point[][] = [];
  for (const list of keys.values()) {
    const sorted = [...list].sort((a, b) => (a.nonce < b.nonce ? -1 : a.nonce > b.nonce ? 1 : 0));
    let track: Point[] = [];
    let low = 0n;
    let previous: bigint | null = null;
    for (const share of sorted) {
      if (previous === null || share.nonce - previous > gap) {
        track = [];
        tracks.push(track);
        low = share.nonce;
      }
      const seconds = restart ? (share.seconds ?? 0) : (share.timeUs - originUs) / 1e6;
      track.push({ seconds, count: Number(share.nonce - low), job: share.job, timeUs: share.timeUs });
      previous = share.nonce;
    }
  }
  return tracks;
}

function fitLine(track: readonly Point[]): (Line & { evidence: number; likelihood: number }) | null {
  const sample = thin(track);
  const slopes: number[] = [];
  for (const [index, a] of sample.entries()) {
    // Far partners give slopes of use; near ones only noise.
    for (let step = 1; step <= 40; step += 1) {
      const b = sample[(index + Math.floor((step * sample.length) / 41) + 1) % sample.length];
      if (b !== undefined && Math.abs(b.seconds - a.seconds) > 0.3) {
        slopes.push((b.count - a.count) / (b.seconds - a.seconds));
      }
    }
  }
  const rate = median(slopes);
  if (!(rate > 0)) return null;
  const start = median(sample.map((point) => point.count - rate * point.seconds));
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const point of sample) {
    low = Math.min(low, point.count);
    high = Math.max(high, point.count);
    least = Math.min(least, point.seconds);
  }
  const span = Math.max(((high - low) * (sample.length + 1)) / (sample.length - 1), 1);
  let best: { evidence: number; likelihood: number; spread: number } | null = null;
  for (const spread of SPREADS) {
    let evidence = -LOG_LINE;
    let likelihood = -LOG_LINE;
    for (const point of sample) {
      const scale = lineScale(rate, point.seconds - least, spread);
      const on = student4((point.count - start - rate * point.seconds) / scale) / scale;
      likelihood += Math.log(OFF / span + (1 - OFF) * on);
      // The outermost nonces set the span that random ones are thought to come from: they prove nothing.
      if (point.count > low && point.count < high) evidence += Math.log(OFF + (1 - OFF) * span * on);
    }
    if (best === null || evidence > best.evidence) best = { evidence, likelihood, spread };
  }
  if (best === null) return null;
  const spread = best.spread;
  const usable = track.map(
    (point) =>
      Math.abs(point.count - start - rate * point.seconds) <
      5 * lineScale(rate, point.seconds - least, spread),
  );
  const likelihood = (best.likelihood * track.length) / sample.length;
  return { rate, spread, start, points: track, usable, evidence: best.evidence, likelihood };
}

function lineScale(rate: number, seconds: number, spread: number): number {
  return Math.sqrt((spread * rate * seconds) ** 2 + (JITTER_SECONDS * rate) ** 2 + 0.4);
}

function thin(track: readonly Point[]): readonly Point[] {
  if (track.length <= SAMPLE) return track;
  return track.filter(
    (_, index) =>
      Math.floor((index * SAMPLE) / track.length) !== Math.floor(((index - 1) * SAMPLE) / track.length),
  );
}

/** Where a line starts, in counts, with its deviation: least squares by the precision of each share. */
function startOf(line: Line): { start: number; deviation: number } {
  let s0 = 1e-12;
  let s1 = 0;
  let s2 = 1e-12;
  let t0 = 0;
  let t1 = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const point of line.points) least = Math.min(least, point.seconds);
  for (const [index, point] of line.points.entries()) {
    if (line.usable[index] !== true) continue;
    const precision = 1 / (2 * lineScale(1, point.seconds - least, line.spread)) ** 2;
    s0 += precision;
    s1 += precision * point.seconds;
    s2 += precision * point.seconds ** 2;
    t0 += (precision * point.count) / line.rate;
    t1 += (precision * point.count * point.seconds) / line.rate;
  }
  const determinant = Math.max(s0 * s2 - s1 * s1, 1e-12);
  return {
    start: ((s2 * t0 - s1 * t1) / determinant) * line.rate,
    deviation: Math.sqrt(s2 / determinant) * line.rate,
  };
}

/** Counts and seconds of a line by job: back to the start at each job up to its last share, or share by share. */
function piecesOf(
  line: Line,
  restart: boolean,
  start: number,
  fromUs: number,
  toUs: number,
): Map<number, Piece> {
  const pieces = new Map<number, Piece>();
  const order = [...line.points.keys()].sort(
    (a, b) => (line.points[a]?.timeUs ?? 0) - (line.points[b]?.timeUs ?? 0),
  );
  let previous: Point | null = null;
  for (const index of order) {
    const point = line.points[index];
    if (point === undefined || line.usable[index] !== true) continue;
    if (point.timeUs > fromUs && point.timeUs <= toUs) {
      const piece = pieces.get(point.job) ?? { top: 0, bottom: 0 };
      if (restart) {
        if (point.seconds > piece.bottom) {
          piece.top = point.count - start;
          piece.bottom = point.seconds;
        }
      } else if (previous !== null) {
        piece.top += point.count - previous.count;
        piece.bottom += point.seconds - previous.seconds;
      }
      if (piece.bottom > 0) pieces.set(point.job, piece);
    }
    previous = point;
  }
  return pieces;
}

function clockOf(division: Division, shares: number, placed: number): BaseClock | null {
  const { lines, loose, restart } = division;
  const open = openTracks(lines.length + loose, shares, MOST_TRACKS);
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
  const tracks: Map<number, Piece>[] = [];
  const rates: number[] = [];
  let starts = 0;
  let shares = 0;
  let spread = 0.01;
  for (const line of division.lines) {
    const { start, deviation } = startOf(line);
    const pieces = piecesOf(line, division.restart, start, fromUs, toUs);
    let top = 0;
    let bottom = 0;
    for (const piece of pieces.values()) {
      top += piece.top;
      bottom += piece.bottom;
    }
    if (!(top > 0) || !(bottom > 0)) continue;
    for (const [index, point] of line.points.entries()) {
      if (line.usable[index] === true && point.timeUs > fromUs && point.timeUs <= toUs) shares += 1;
    }
    tracks.push(pieces);
    rates.push(top / bottom);
    spread = Math.max(spread, line.spread);
    // An error of the start is in every job; without restarts only the two ends count.
    const perJob = bottom / pieces.size;
    starts += (division.restart ? deviation / perJob : (JITTER_SECONDS * line.rate * 1.5) / bottom) ** 2;
  }
  const ratio = ratioOf(tracks, spread ** 2, 2);
  if (ratio === null) return null;
  const sum = ratio.rate;
  const mean = sum / rates.length;
  const own = Math.hypot(ratio.deviation, Math.sqrt(starts) / sum, FLOOR) * sum;
  let between = 0;
  for (const rate of rates) between += (rate - mean) ** 2;
  // A track without a line of its own is thought to be like the others; one alone tells nothing of another.
  const unlike =
    rates.length > 1 ? Math.max(between / (rates.length - 1), (0.1 * mean) ** 2) : (0.4 * mean) ** 2;
  const parts: MixturePart[] = open.map(({ tracks: number, weight }) => {
    const others = Math.max(0, number - rates.length);
    const centre = sum + others * mean;
    return { weight, centre, deviation: Math.hypot((own * centre) / sum, Math.sqrt(others * unlike)) };
  });
  return {
    shares,
    estimate: mixtureQuantile(parts, 0.5),
    low95: Math.max(0, mixtureQuantile(parts, 0.025)),
    high95: mixtureQuantile(parts, 0.975),
  };
}

function heaviest(open: readonly OpenTracks[]): number {
  let best = open[0];
  for (const one of open) if (best !== undefined && one.weight > best.weight) best = one;
  return best?.tracks ?? 1;
}
