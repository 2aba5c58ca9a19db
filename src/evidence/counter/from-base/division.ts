/**
 * The parting of shares into tracks (devices), by what their nonces begin with and how far apart they lie, and the line
 * of each track. Divisions compete by the likelihood of all nonces.
 */

import { groupBy, totalOf } from '../../../order.ts';
import { countOf } from '../statistics/mathematics.ts';
import { FEWEST_SHARES } from '../terms.ts';
import { byTime, fitLine, type Line, type Point } from './line.ts';

/** A share of a base clock: nonce digits as a number of any size, and what else the nonce carries (device bytes). */
export interface BaseShare {
  readonly nonce: bigint;
  readonly key: string;
  /** Seconds since its job; null if the job was not seen. */
  readonly seconds: number | null;
  readonly job: number;
  readonly timeUs: number;
}

/** A counter that runs through the session is seen in this part of it at least. */
const LEAST_SPAN = 0.1;
/**
 * This part of a track's shares lies on its line at least: what lies beside it is of another device, not distinguished.
 */
const LEAST_ON_LINE = 0.8;
/** So many of its shares one after another beside the line, and this part of them: its counts begin again in between. */
const FEWEST_RESTARTS = 3;
const LEAST_RESTART_PART = 0.02;

/** Shares of one key whose nonces lie close together. */
interface Track {
  /** How far its lowest nonce lies above the highest of the track below; infinite if its key has none below. */
  readonly step: number;
  readonly points: readonly Point[];
}

/** One way of parting the shares into tracks. */
export interface Division {
  readonly restart: boolean;
  readonly lines: readonly Line[];
  /** Tracks that have too few shares for a line. */
  readonly loose: readonly (readonly Point[])[];
  /** ln likelihood of all nonces, the same measure for every division: by it divisions compete. */
  readonly likelihood: number;
  /** ln Bayes factor of the lines against random nonces within each track's own span. */
  readonly evidence: number;
}

/** The shares of all tracks of a division, those with a line first. */
export function tracksOf({ lines, loose }: Division): (readonly Point[])[] {
  return [...lines.map(({ points }) => points), ...loose];
}

/** How many shares a division has. */
export function sharesOf(division: Division): number {
  return totalOf(tracksOf(division), (points) => points.length);
}

/**
 * Fits all tracks; null if the division cuts a line in two or joins two devices: what lies further from a track
 * than it counts in all its time is another device's, what lies nearer is its own.
 */
export function divide(
  tracks: readonly Track[],
  { restart, longest, jobs }: Look,
  width: number,
): Division | null {
  const lines: Line[] = [];
  let likelihood = 0;
  let evidence = 0;
  const loose: (readonly Point[])[] = [];
  for (const [index, track] of tracks.entries()) {
    const line = track.points.length >= FEWEST_SHARES ? fitLine(track.points, restart) : null;
    if (
      line === null ||
      countOf(line.usable) < Math.max(FEWEST_SHARES, LEAST_ON_LINE * line.points.length) ||
      (!restart && hasRestarts(line))
    ) {
      loose.push(track.points);
      likelihood -= track.points.length * Math.log(width);
      continue;
    }
    // A device is seen in more than one job: a counter that runs on falls apart into its jobs where it is thought to
    // begin again at each, and starts drawn at random for each job are not devices that all run at once.
    if (jobs > 1 && line.points.every(({ job }) => job === line.points[0]?.job)) return null;
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

/** Whether shares beside a line that runs through the session follow one another, as those of another life do. */
function hasRestarts({ points, usable }: Line): boolean {
  let run = 0;
  let longest = 0;
  for (const index of byTime(points)) {
    run = usable[index] === true ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest >= Math.max(FEWEST_RESTARTS, LEAST_RESTART_PART * points.length);
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
export function spanOf(shares: readonly BaseShare[]): number {
  let low: bigint | null = null;
  let high = 0n;
  for (const share of shares) {
    if (low === null || share.nonce < low) low = share.nonce;
    if (share.nonce > high) high = share.nonce;
  }
  return Math.max(Number(high - (low ?? 0n)), 2 ** 16);
}

/** Whether the age of a share is known. */
export function isPlaced({ seconds }: BaseShare): boolean {
  return seconds !== null && seconds >= 0;
}

/** The shares of each key, by nonce. */
export function byKey(shares: readonly BaseShare[]): BaseShare[][] {
  const lists = [...groupBy(shares, ({ key }) => key).values()];
  for (const list of lists) list.sort((a, b) => (a.nonce < b.nonce ? -1 : a.nonce > b.nonce ? 1 : 0));
  return lists;
}

/** How far each nonce lies above the one before it; the first of a key above all gaps. */
export function stepsOf(list: readonly BaseShare[]): Float64Array {
  const steps = new Float64Array(list.length);
  let previous: bigint | null = null;
  for (let index = 0; index < list.length; index += 1) {
    const { nonce } = list[index];
    steps[index] = previous === null ? Number.POSITIVE_INFINITY : Number(nonce - previous);
    previous = nonce;
  }
  return steps;
}

/** The steps of all keys, ascending. */
export function sortedSteps(steps: readonly Float64Array[]): Float64Array {
  return Float64Array.from(steps.flatMap((list) => [...list])).sort();
}

/** Shares that are parted in several ways, and what is the same for all of these. */
export interface Look {
  /** The shares of each key, by nonce, and how far each lies above the one before it. */
  readonly runs: readonly (readonly BaseShare[])[];
  readonly steps: readonly Float64Array[];
  /** Whether counts begin again at each job; else seconds are those since the first share. */
  readonly restart: boolean;
  readonly originUs: number;
  /** The most seconds that a share tells of, and how many jobs there are. */
  readonly longest: number;
  readonly jobs: number;
}

/** A look at shares of known age as counts that begin again at each job, or at all as counts that do not. */
export function lookAt(
  runs: readonly (readonly BaseShare[])[],
  steps: readonly Float64Array[],
  restart: boolean,
): Look {
  let originUs = Number.POSITIVE_INFINITY;
  let lastUs = Number.NEGATIVE_INFINITY;
  let oldest = 0;
  const jobs = new Set<number>();
  for (const list of runs) {
    for (let index = 0; index < list.length; index += 1) {
      const { timeUs, seconds, job } = list[index];
      if (timeUs < originUs) originUs = timeUs;
      if (timeUs > lastUs) lastUs = timeUs;
      if (seconds !== null && seconds > oldest) oldest = seconds;
      jobs.add(job);
    }
  }
  const longest = restart ? oldest : Math.max(0, (lastUs - originUs) / 1e6);
  return { runs, steps, restart, originUs, longest, jobs: jobs.size };
}

/** Parts the shares of each key wherever a nonce lies more than `gap` above the one before it. */
export function intoTracks({ runs, steps, restart, originUs }: Look, gap: number): Track[] {
  const tracks: Track[] = [];
  for (const [key, list] of runs.entries()) {
    let track: Point[] = [];
    let low = 0n;
    for (let index = 0; index < list.length; index += 1) {
      const { nonce, seconds, job, timeUs } = list[index];
      const step = steps[key]?.[index] ?? 0;
      if (step > gap) {
        track = [];
        low = nonce;
        tracks.push({ step, points: track });
      }
      const at = restart ? (seconds ?? 0) : (timeUs - originUs) / 1e6;
      track.push({ seconds: at, count: Number(nonce - low), job, timeUs, age: seconds });
    }
  }
  return tracks;
}
