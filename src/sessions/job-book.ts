/** The jobs of a session, and the difficulties that price its shares. */
import type { Difficulty } from '../evidence/fact.ts';
import { boundedDifficulty } from '../evidence/target.ts';
import { JobsFields } from './fields.ts';
import { join } from './groups.ts';
import { withItem } from './short-list.ts';

const MAX_DIFFICULTIES = 4096;

export class JobBook extends JobsFields {
  add(jobId: string, difficulty: Difficulty | null, timeUs: number): void {
    this.count++;
    if (difficulty !== null) this.setDifficulty(difficulty, timeUs);
    // A job that comes again keeps its place: the miner goes on where it was.
    if (this.recent.get(jobId) !== undefined) return;
    this.recent.set(jobId, { difficulty: this.difficulty, algorithm: this.algorithm, timeUs });
  }

  setDifficulty(given: Difficulty, timeUs: number): void {
    const difficulty = boundedDifficulty(given);
    const isChange = !isSame(this.difficulty, difficulty);
    this.difficulty = difficulty;
    if (!isChange) return;
    if (this.difficulties.length === MAX_DIFFICULTIES) this.overflow++;
    else this.difficulties = withItem(this.difficulties, { timeUs, difficulty });
  }

  /** Adds the jobs of a later part of the session. */
  absorb(later: JobBook): void {
    const [first, ...rest] = later.difficulties;
    const isChange = first !== undefined && !isSame(this.difficulty, first.difficulty);
    this.difficulties = [...this.difficulties, ...(isChange ? [first] : []), ...rest];
    join('jobs', this, later);
    for (const [jobId, job] of later.recent)
      if (this.recent.get(jobId) === undefined) this.recent.set(jobId, job);
  }
}

export function isSame(a: Difficulty | null, b: Difficulty | null): boolean {
  return a?.scale === b?.scale && a?.value === b?.value;
}
