/**
 * Counts over seconds as a ratio of sums, by job, with a standard error that knows that the shares of one job hang
 * together: each job is one observation, of all tracks at once. With few jobs the error leans on a prior.
 */
import { studentQuantile } from './mathematics.ts';

/** What one track did, by job: counts over seconds, tops over bottoms, which go by the number of the job. */
export class Pieces {
  constructor(
    /** The jobs in the order in which they are first added. */
    readonly jobs: number[] = [],
    readonly tops: number[] = [],
    readonly bottoms: number[] = [],
  ) {}

  add(job: number, top: number, bottom: number): void {
    if (this.tops[job] === undefined) {
      this.jobs.push(job);
      this.tops[job] = top;
      this.bottoms[job] = bottom;
    } else {
      this.tops[job] += top;
      this.bottoms[job] += bottom;
    }
  }

  /** The same with a part of the counts, to which nothing is added. */
  times(part: number, all: number): Pieces {
    const tops: number[] = [];
    for (const job of this.jobs) tops[job] = (this.tops[job] * part) / all;
    return new Pieces(this.jobs, tops, this.bottoms);
  }

  sum(): { readonly top: number; readonly bottom: number } {
    let top = 0;
    let bottom = 0;
    for (const job of this.jobs) {
      top += this.tops[job];
      bottom += this.bottoms[job];
    }
    return { top, bottom };
  }
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
export function ratioOf(tracks: readonly Pieces[], priorVariance: number, priorJobs: number): Ratio | null {
  // By job: how far it moves the rate, and how much of it is of that job.
  const moves = new Pieces();
  let rate = 0;
  for (const track of tracks) {
    const { top, bottom } = track.sum();
    if (!(top > 0) || !(bottom > 0)) continue;
    const own = top / bottom;
    rate += own;
    for (const job of track.jobs) {
      const due = own * track.bottoms[job];
      moves.add(job, (track.tops[job] - due) / bottom, due / bottom);
    }
  }
  if (!(rate > 0)) return null;
  const jobs = moves.jobs.length;
  let scatter = 0;
  let squares = 0;
  for (const job of moves.jobs) {
    scatter += moves.tops[job] ** 2;
    squares += moves.bottoms[job] ** 2;
  }
  const effective = rate ** 2 / squares;
  const observed = jobs > 1 ? (scatter / rate ** 2) * effective * (jobs / (jobs - 1)) : 0;
  const freedom = priorJobs + effective - 1;
  const jobVariance = (priorJobs * priorVariance + (effective - 1) * observed) / freedom;
  const deviation = (studentQuantile(freedom) / 1.96) * Math.sqrt(jobVariance / effective);
  return { rate, deviation, jobs, jobVariance };
}
