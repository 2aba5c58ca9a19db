/**
 * Counts over seconds as a ratio of sums, by job, with a standard error that knows that the shares of one job hang
 * together: each job is one observation, of all tracks at once. With few jobs the error leans on a prior.
 */
import { studentQuantile } from './mathematics.ts';

/** What one track did in one job. */
export interface Piece {
  top: number;
  bottom: number;
}

/** Adds to what one track did in a job. */
export function addPiece(jobs: Map<number, Piece>, job: number, { top, bottom }: Readonly<Piece>): void {
  const piece = jobs.get(job);
  if (piece === undefined) {
    jobs.set(job, { top, bottom });
    return;
  }
  piece.top += top;
  piece.bottom += bottom;
}

/** All that pieces hold. */
export function sumOfPieces(pieces: Iterable<Piece>): Piece {
  const sum = { top: 0, bottom: 0 };
  for (const { top, bottom } of pieces) {
    sum.top += top;
    sum.bottom += bottom;
  }
  return sum;
}

interface Ratio {
  /** Sum over tracks of counts per second. */
  readonly rate: number;
  /** Relative standard deviation such that 1.96 of them make the 95 % interval. */
  readonly deviation: number;
  readonly jobs: number;
  /** Relative variance of one job's rate. */
  readonly jobVariance: number;
}

/** Sums the ratios of all tracks. `priorVariance` is the relative variance expected of one job, worth `priorJobs` jobs. */
export function ratioOf(
  tracks: readonly ReadonlyMap<number, Piece>[],
  priorVariance: number,
  priorJobs: number,
): Ratio | null {
  // By job: how far it moves the rate, and how much of it is of that job.
  const parts = new Map<number, Piece>();
  let rate = 0;
  for (const track of tracks) {
    const { top, bottom } = sumOfPieces(track.values());
    if (!(top > 0) || !(bottom > 0)) continue;
    const own = top / bottom;
    rate += own;
    for (const [job, piece] of track) {
      const move = (piece.top - own * piece.bottom) / bottom;
      addPiece(parts, job, { top: move, bottom: (own * piece.bottom) / bottom });
    }
  }
  if (!(rate > 0)) return null;
  let scatter = 0;
  let squares = 0;
  for (const part of parts.values()) {
    scatter += part.top ** 2;
    squares += part.bottom ** 2;
  }
  const effective = rate ** 2 / squares;
  const jobs = parts.size;
  const observed = jobs > 1 ? (scatter / rate ** 2) * effective * (jobs / (jobs - 1)) : 0;
  const freedom = priorJobs + effective - 1;
  const jobVariance = (priorJobs * priorVariance + (effective - 1) * observed) / freedom;
  const deviation = (studentQuantile(freedom) / 1.96) * Math.sqrt(jobVariance / effective);
  return { rate, deviation, jobs, jobVariance };
}
