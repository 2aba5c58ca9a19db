/**
 * The rate of all devices of a division over a span of time: of those that have a line, and of those that have none or
 * have not found a share yet, with what is not known of them.
 */
import type { CounterRate } from './counter-input.ts';
import type { Division } from './division.ts';
import { type Line, piecesOf, startOf } from './line.ts';
import { type MixturePart, mixtureQuantile } from './mathematics.ts';
import { type Piece, ratioOf, sumOfPieces } from './ratio.ts';
import type { OpenTracks } from './terms.ts';
import { stretchOf } from './through.ts';

const FLOOR = 0.002;
/**
 * A track without a line of its own is as fast as the others, for which this many shares speak, and as its own shares
 * say (a gamma prior: devices of one rig differ by 30 % or so).
 */
const ALIKE = 12;

/** The rate over a span, us, for each number of devices that there may be; null where no line has a share in it. */
export function rateOfDevices(
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
    // What is taken over from the lines is known as well as their number and their shares allow, for all alike.
    const common =
      without ** 2 * ((ALIKE / divisor) ** 2 / (ALIKE * lines) + (1 - ALIKE / divisor) ** 2 / points);
    const variance = (without * mean) / divisor + common;
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
    const { top, bottom } = sumOfPieces(pieces.values());
    if (!(top > 0) || !(bottom > 0)) {
      rates.push(null);
      continue;
    }
    for (let index = 0; index < line.points.length; index += 1) {
      const point = line.points[index];
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
