/**
 * How the rate of devices that count anew at each job goes over time: all of them together, relative to the rate of each,
 * with the changes that there are. Shares are found where hashes are: between changes the mean is one over time.
 */
import {
  type Change,
  changesOf,
  type Part,
  partAt,
  partsOf,
  placeTerm,
  type Stretch,
  timedParts,
} from '../statistics/changes.ts';
import { ratioOf } from '../statistics/ratio.ts';
import { type Line, lastOfJobs, type Point, type Start, startOf } from './line.ts';

export interface Course {
  /** From the first job, or the first share of counts that run through the session, to the last share. */
  readonly fromUs: number;
  readonly toUs: number;
  /** The lines, with the shares that are used of each. */
  readonly lines: readonly Line[];
  /** Where each line starts, in counts, and how well that is known; empty for counts that run through the session. */
  readonly starts: readonly Start[];
  /** What each job tells of the rate, in the order of time; empty if the rate does not change. */
  readonly stretches: readonly Stretch[];
  readonly changes: readonly Change[];
}

/** Shorter pieces say too little of a rate to find its changes. */
const LEAST_SECONDS = 1;
/** Jobs that a slow spell takes, at least: a pause delays the shares of one, or of a few here and there. */
const FEWEST_JOBS = 3;
/** Shares of a spell lie so near its rate (a logarithm). */
const ALIKE = 0.15;

/** The time of lines that begin again at each job or not: no changes are looked for. */
export function spanOfLines(lines: readonly Line[], restart: boolean): Course {
  let fromUs = Number.POSITIVE_INFINITY;
  let toUs = Number.NEGATIVE_INFINITY;
  for (const { points, usable } of lines) {
    for (let index = 0; index < points.length; index += 1) {
      if (usable[index] !== true) continue;
      const { timeUs, age } = points[index];
      fromUs = Math.min(fromUs, restart ? timeUs - (age ?? 0) * 1e6 : timeUs);
      toUs = Math.max(toUs, timeUs);
    }
  }
  return { fromUs, toUs, lines, starts: [], stretches: [], changes: [] };
}

/**
 * The course of lines that begin again at each job. Shares below the clock, as after a pause, are left out; but where
 * they make a slow spell they are of the rate, too.
 */
export function courseOf(lines: readonly Line[]): Course {
  if (lines.every(({ near, usable }) => near === usable)) return courseBy(lines);
  const near = courseBy(lines.map((line) => ({ ...line, usable: line.near })));
  if (near.changes.length === 0) return courseBy(lines);
  const parts = partsOf(near.changes, near.fromUs, near.toUs);
  for (const stretch of near.stretches) addTo(parts, near.changes, stretch);
  const rates = parts.map(({ pieces }) => {
    const { top, bottom } = pieces.sum();
    return pieces.jobs.length < FEWEST_JOBS ? Number.NaN : top / bottom;
  });
  return courseBy(
    lines.map((line, number) => {
      const start = near.starts[number];
      const mean = rateOf(near.lines[number], start);
      const isOfSpell = ({ count, seconds, timeUs }: Point): boolean => {
        const rate = (count - start.start) / (mean * seconds);
        const part = rates[partAt(near.changes, timeUs - seconds * 5e5)];
        return Math.abs(Math.log(rate / part)) < ALIKE;
      };
      return {
        ...line,
        usable: line.usable.map((yes, at) => yes || (line.near[at] && isOfSpell(line.points[at]))),
      };
    }),
  );
}

/** A stretch is of the part that its middle lies in. */
function addTo(parts: readonly Part[], changes: readonly Change[], stretch: Stretch): void {
  const { pieces } = parts[partAt(changes, (stretch.fromUs + stretch.toUs) / 2)];
  pieces.add(stretch.job, stretch.top, stretch.bottom);
}

function courseBy(lines: readonly Line[]): Course {
  const all = spanOfLines(lines, true);
  const starts = lines.map((line) => startOf(line));
  const { changes } = changesOf(piecesInTime(lines, starts), true);
  if (changes.length === 0) return { ...all, starts };
  // Starts are better known once the changes are.
  const better = lines.map((line) => startOf(line, changes));
  return { ...all, starts: better, stretches: piecesInTime(lines, better), changes };
}

/** The rate of a line over all jobs. */
function rateOf(line: Line, { start }: Start): number {
  let top = 0;
  let bottom = 0;
  for (const { count, seconds } of lastOfJobs(line, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)) {
    top += count - start;
    bottom += seconds;
  }
  return top / bottom;
}

/** What each job tells of the rate, relative to that of its line. */
function piecesInTime(lines: readonly Line[], starts: readonly Start[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const [index, line] of lines.entries()) {
    const { start } = starts[index];
    const rate = rateOf(line, starts[index]);
    for (const point of lastOfJobs(line, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)) {
      const { count, seconds, job, timeUs: toUs } = point;
      if (!(count > start) || seconds < LEAST_SECONDS) continue;
      const fromUs = toUs - seconds * 1e6;
      stretches.push({ job, fromUs, toUs, age: seconds, top: (count - start) / rate, bottom: seconds });
    }
  }
  return stretches.sort((a, b) => a.toUs - b.toUs);
}

/** The mean of a course over a span, and when what part of it was; null if it does not change. */
interface CourseMean {
  readonly changes: readonly Change[];
  /** The rate of each part between changes over the mean over time; null of those that nothing tells of. */
  readonly parts: readonly (number | null)[];
  /** Relative standard deviation of the mean. */
  readonly deviation: number;
}

export function meanOver(
  { stretches, changes, ...all }: Course,
  fromUs: number,
  toUs: number,
): CourseMean | null {
  if (changes.length === 0) return null;
  const parts = partsOf(changes, Math.max(fromUs, all.fromUs), Math.min(toUs, all.toUs));
  for (const stretch of stretches) {
    if (stretch.toUs > fromUs && stretch.toUs <= toUs) addTo(parts, changes, stretch);
  }
  const ratio = ratioOf(timedParts(parts), 0.01 ** 2, 2);
  if (ratio === null) return null;
  return {
    changes,
    parts: parts.map(({ pieces }) => {
      const { top, bottom } = pieces.sum();
      return top > 0 && bottom > 0 ? top / bottom / ratio.rate : null;
    }),
    deviation: Math.hypot(ratio.deviation, placeTerm(parts, changes) / ratio.rate),
  };
}

/** By how much faster than the mean of a course the part is in which a share was found. */
export function paceAt({ changes, parts }: CourseMean, { timeUs, seconds }: Point): number {
  return parts[partAt(changes, timeUs - seconds * 5e5)] ?? 1;
}
