/** The jobs of a session, and the difficulties that price its shares. */
import type { Difficulty } from '../evidence/fact.ts';
import { boundedDifficulty } from '../evidence/target.ts';
import { withItem } from './short-list.ts';

export interface Job {
  readonly difficulty: Difficulty | null;
  readonly algorithm: string | null;
  readonly timeUs: number;
}

const MAX_JOBS = 128;
const MAX_DIFFICULTIES = 4096;

export class JobBook {
  count = 0;
  /** The last ones, by id. */
  readonly recent = new Map<string, Job>();
  /** Of the jobs that follow; null if none was heard. */
  difficulty: Difficulty | null = null;
  /** Named by the last job that names one. */
  algorithm: string | null = null;
  /** All difficulties, each with the time from which on it held. */
  difficulties: { timeUs: number; difficulty: Difficulty }[] = [];
  /** True if part of each nonce is set by the pool or a proxy. */
  fixesNonce = false;
  /** The block that its last job builds on; null if no job says so. */
  previous: string | null = null;
  /** Difficulties that had no room. */
  overflow = 0;

  add(jobId: string, difficulty: Difficulty | null, timeUs: number): void {
    this.count++;
    if (difficulty !== null) this.setDifficulty(difficulty, timeUs);
    // A job that comes again keeps its place: the miner goes on where it was.
    if (this.recent.has(jobId)) return;
    this.recent.set(jobId, { difficulty: this.difficulty, algorithm: this.algorithm, timeUs });
    this.forgetOldest();
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
    this.count += later.count;
    const [first, ...rest] = later.difficulties;
    if (first !== undefined) {
      const isChange = !isSame(this.difficulty, first.difficulty);
      this.difficulties.push(...(isChange ? [first] : []), ...rest);
    }
    this.difficulty = later.difficulty ?? this.difficulty;
    this.algorithm = later.algorithm ?? this.algorithm;
    this.fixesNonce ||= later.fixesNonce;
    this.overflow += later.overflow;
    for (const [jobId, job] of later.recent) if (!this.recent.has(jobId)) this.recent.set(jobId, job);
    this.forgetOldest();
  }

  private forgetOldest(): void {
    if (this.recent.size <= MAX_JOBS) return;
    for (const oldest of [...this.recent.keys()].slice(0, -MAX_JOBS)) this.recent.delete(oldest);
  }
}

export function isSame(a: Difficulty | null, b: Difficulty | null): boolean {
  return a?.scale === b?.scale && a?.value === b?.value;
}
