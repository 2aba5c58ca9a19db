/** The last jobs of a session by their ids, a column for each thing that is known of them, in the order in which they came. */
import type { Job } from './field-types.ts';

const MOST_JOBS = 128;

export class RecentJobs {
  private readonly ids: string[] = [];
  private readonly timesUs: number[] = [];
  /** What shares of them are worth: jobs that have the same share one object. */
  private readonly worths: Pick<Job, 'difficulty' | 'algorithm'>[] = [];

  get size(): number {
    return this.ids.length;
  }

  get(id: string): Job | undefined {
    const row = this.ids.lastIndexOf(id);
    return row === -1 ? undefined : this.job(row);
  }

  /** Notes a job, in place of one that has the id. The oldest ones are forgotten. */
  set(id: string, { difficulty, algorithm, timeUs }: Job): void {
    const { ids, timesUs, worths } = this;
    const known = ids.lastIndexOf(id);
    const row = known === -1 ? ids.length : known;
    const last = worths.at(-1);
    const isSame = last?.difficulty === difficulty && last.algorithm === algorithm;
    ids[row] = id;
    timesUs[row] = timeUs;
    worths[row] = isSame ? last : { difficulty, algorithm };
    if (ids.length > MOST_JOBS) for (const column of [ids, timesUs, worths]) column.shift();
  }

  *[Symbol.iterator](): Generator<[string, Job]> {
    for (let row = 0; row < this.ids.length; row++) yield [this.ids[row], this.job(row)];
  }

  private job(row: number): Job {
    const { difficulty, algorithm } = this.worths[row];
    return { difficulty, algorithm, timeUs: this.timesUs[row] };
  }
}
