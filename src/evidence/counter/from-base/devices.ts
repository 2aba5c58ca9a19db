/**
 * The rate of all devices of a division over a span of time: of those that have a line, and of those that have none or
 * have not found a share yet, with what is not known of them.
 */
import { totalOf } from '../../../order.ts';
import type { CounterRate } from '../counter-input.ts';
import { type MixturePart, mixtureInterval } from '../statistics/interval.ts';
import { Pieces, ratioOf } from '../statistics/ratio.ts';
import { type OpenTracks, openTracks } from '../terms.ts';
import { type Course, courseOf, meanOver, paceAt, spanOfLines } from './course.ts';
import { type Division, sharesOf } from './division.ts';
import { epochsOf } from './epochs.ts';
import { type Line, lastOfJobs } from './line.ts';
import { type Presence, partOfSpan, presencesOf } from './presence.ts';
import { throughRate } from './through.ts';

const FLOOR = 0.002;
/**
 * A track without a line of its own is as fast as the others, for which this many shares speak, and as its own shares
 * say (a gamma prior: devices of one rig differ by 30 % or so).
 */
const ALIKE = 12;

/** The devices of one time of a session, how many there may be, and how their rate goes. */
export interface Devices {
  readonly division: Division;
  readonly open: readonly OpenTracks[];
  readonly course: Course;
  /** For each line when its device runs; null if that is all the time. */
  readonly presences: readonly (Presence | null)[];
}

type DevicesRate = Omit<CounterRate, 'startUs' | 'endUs'>;

/** All devices of a division, of `shares` in all and at most so many: anew for each time that the miner starts. */
export function devicesOf(division: Division, shares: number, most: number): Devices[] {
  const epochs = epochsOf(division);
  return epochs.map((epoch) => {
    const { lines, loose, restart } = epoch;
    const own = epoch === division ? shares : sharesOf(epoch);
    const open = openTracks(lines.length + loose.length, own, most);
    const course = restart ? courseOf(lines) : spanOfLines(lines, false);
    return { division: epoch, open, course, presences: presencesOf(epoch) };
  });
}

/** The rate over a span, us: the mean over the times for which devices are known; null if no line has a share in it. */
export function rateOverTime(times: readonly Devices[], fromUs: number, toUs: number): DevicesRate | null {
  const parts: { readonly seconds: number; readonly rate: DevicesRate }[] = [];
  for (const devices of times) {
    const { fromUs: firstUs, toUs: lastUs } = devices.course;
    const seconds = (Math.min(toUs, lastUs) - Math.max(fromUs, firstUs)) / 1e6;
    const rate = times.length === 1 || seconds > 0 ? rateOfDevices(devices, fromUs, toUs) : null;
    if (rate !== null) parts.push({ seconds, rate });
  }
  const [only] = parts;
  if (only === undefined || parts.length === 1) return only?.rate ?? null;
  const all = secondsOf(times, parts, fromUs, toUs);
  let [shares, estimate, below, above] = [0, 0, 0, 0];
  for (const { seconds, rate } of parts) {
    const part = seconds / all;
    shares += rate.shares;
    estimate += part * rate.estimate;
    below += (part * (rate.estimate - rate.low95)) ** 2;
    above += (part * (rate.high95 - rate.estimate)) ** 2;
  }
  const low95 = Math.max(0, estimate - Math.sqrt(below));
  return { shares, estimate, low95, high95: estimate + Math.sqrt(above) };
}

/**
 * The seconds that a mean is over. Counts that run through the session count the time between two lives of the miner in,
 * as they do every pause.
 */
function secondsOf(
  times: readonly Devices[],
  parts: readonly { readonly seconds: number }[],
  fromUs: number,
  toUs: number,
): number {
  if (times[0].division.restart) return totalOf(parts, ({ seconds }) => seconds);
  const { fromUs: firstUs } = times[0].course;
  const { toUs: lastUs } = times[times.length - 1].course;
  return (Math.min(toUs, lastUs) - Math.max(fromUs, firstUs)) / 1e6;
}

/** The rate over a span, us, for each number of devices that there may be; null if no line has a share in it. */
function rateOfDevices(
  { division, open, course, presences }: Devices,
  fromUs: number,
  toUs: number,
): DevicesRate | null {
  const read = division.restart
    ? restarted(course, fromUs, toUs)
    : // A span begins behind its first microsecond, a course at its first share.
      running(division.lines, Math.max(fromUs, course.fromUs - 1), Math.min(toUs, course.toUs));
  if (read === null) return null;
  const { rates, shares } = read;
  let sum = 0;
  let full = 0;
  let stays = 0;
  let lines = 0;
  let points = 0;
  const others = division.loose.map((points) => points.length);
  const [startUs, endUs] = [Math.max(fromUs, course.fromUs), Math.min(toUs, course.toUs)];
  for (const [index, line] of division.lines.entries()) {
    const rate = rates[index] ?? null;
    const { part, deviation } = partOfSpan(presences[index] ?? null, startUs, endUs);
    if (rate === null) {
      if (part > 0) others.push(line.points.length);
      continue;
    }
    sum += part * rate;
    full += rate;
    stays += (deviation * rate) ** 2;
    lines += 1;
    points += line.points.length;
  }
  const own = Math.hypot((read.deviation * sum) / full, Math.sqrt(stays), FLOOR * sum);
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
  return { shares, ...mixtureInterval(parts, (rate) => Math.max(0, rate)) };
}

/** Rates of the lines in a span (null if one has none in it), and the standard deviation of their sum. */
interface TrackRates {
  readonly rates: readonly (number | null)[];
  readonly deviation: number;
  readonly shares: number;
}

function restarted(course: Course, fromUs: number, toUs: number): TrackRates | null {
  const tracks: Pieces[] = [];
  const rates: (number | null)[] = [];
  let starts = 0;
  let shares = 0;
  let spread = 0.01;
  const mean = meanOver(course, fromUs, toUs);
  for (const [number, line] of course.lines.entries()) {
    const { start, deviation } = course.starts[number];
    const pieces = new Pieces();
    for (const point of lastOfJobs(line, fromUs, toUs))
      pieces.add(point.job, (point.count - start) / (mean === null ? 1 : paceAt(mean, point)), point.seconds);
    const { top, bottom } = pieces.sum();
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
    starts += ((deviation * pieces.jobs.length) / bottom) ** 2;
  }
  const ratio = ratioOf(tracks, spread ** 2, 2);
  if (ratio === null) return null;
  // A course that changes is known less well than the rates at which the devices follow it.
  const own = Math.max(ratio.deviation, mean?.deviation ?? 0);
  return { rates, deviation: Math.hypot(own * ratio.rate, Math.sqrt(starts)), shares };
}

function running(lines: readonly Line[], fromUs: number, toUs: number): TrackRates | null {
  const rates: (number | null)[] = [];
  let variance = 0;
  let shares = 0;
  for (const line of lines) {
    const own = throughRate(line, fromUs, toUs);
    rates.push(own?.rate ?? null);
    if (own === null) continue;
    variance += own.deviation ** 2;
    shares += own.shares;
  }
  return shares === 0 && variance === 0 ? null : { rates, deviation: Math.sqrt(variance), shares };
}
