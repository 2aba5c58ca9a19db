/**
 * Shares and jobs, a column for each thing that is kept of them. The shares of all sessions of a run are in one table: those
 * of one session are a chain of rows in the order in which they came; rows of shares that are forgotten are used again.
 */
import type { Difficulty, Outcome } from '../evidence/fact.ts';

/** One share, for estimators that need each share: its hashes, its time, and its answer. */
export interface LoggedShare {
  readonly timeUs: number;
  /** When its job reached the miner; null if the job was not seen. */
  jobTimeUs: number | null;
  readonly jobId: string | null;
  readonly nonce: string | null;
  readonly extraNonce2: string | null;
  /** Null if it is not known, or one that no hash can meet. */
  difficulty: Difficulty | null;
  /** Algorithm that its job names; null if the session's own holds. */
  algorithm: string | null;
  outcome: Outcome | 'unanswered';
  /** It meets no target, or was sent before: it says nothing of a search. */
  readonly isMadeUp: boolean;
}

/** A share as its work is counted. */
export interface CountedShare {
  readonly timeUs: number;
  readonly difficulty: Difficulty | null;
  /** Number of the work interval of work that it is counted in; null if it counts for none. */
  readonly workInterval: number | null;
  /** True if its job came before any difficulty was known. */
  readonly isBare: boolean;
}

export const NO_ROW = -1;
const FIRST_ROWS = 256;
const OUTCOMES: readonly LoggedShare['outcome'][] = [
  ...(['unanswered', 'accepted', 'stale', 'duplicate', 'low-difficulty'] as const),
  ...(['unauthorised', 'malformed', 'other'] as const),
];
const BARE = 1;
const IN_UNITS = 2;
const MADE_UP = 4;

export class ShareTable {
  /** Rows that were ever used, and the first of those that are free again. */
  private used = 0;
  private free = NO_ROW;
  private owners = 0;
  private owner = new Int32Array(FIRST_ROWS);
  private next = new Int32Array(FIRST_ROWS);
  private workInterval = new Int32Array(FIRST_ROWS);
  private flags = new Uint8Array(FIRST_ROWS);
  private outcome = new Uint8Array(FIRST_ROWS);
  private timeUs = new Float64Array(FIRST_ROWS);
  /** NaN where it is not known. */
  private jobTimeUs = new Float64Array(FIRST_ROWS);
  private worth = new Float64Array(FIRST_ROWS);
  private readonly jobIds: (string | null)[] = [];
  private readonly nonces: (string | null)[] = [];
  private readonly extras: (string | null)[] = [];
  private readonly algorithms: (string | null)[] = [];

  /** A number for who keeps shares here. */
  newOwner(): number {
    return ++this.owners;
  }

  /** Adds a share behind another one of its owner; answers its row. */
  add(
    owner: number,
    after: number,
    share: Readonly<LoggedShare>,
    workInterval: number | null,
    isBare: boolean,
  ): number {
    const row = this.newRow();
    if (after !== NO_ROW) this.next[after] = row;
    this.owner[row] = owner;
    this.next[row] = NO_ROW;
    this.workInterval[row] = workInterval ?? -1;
    const isInUnits = share.difficulty?.scale === 'units';
    this.flags[row] = (isBare ? BARE : 0) | (isInUnits ? IN_UNITS : 0) | (share.isMadeUp ? MADE_UP : 0);
    this.outcome[row] = OUTCOMES.indexOf(share.outcome);
    this.timeUs[row] = share.timeUs;
    this.jobTimeUs[row] = share.jobTimeUs ?? Number.NaN;
    this.worth[row] = share.difficulty?.value ?? Number.NaN;
    this.jobIds[row] = share.jobId;
    this.nonces[row] = share.nonce;
    this.extras[row] = share.extraNonce2;
    this.algorithms[row] = share.algorithm;
    return row;
  }

  /** Notes the answer to a share of the owner; false if it is no longer kept, or was answered. */
  answer(owner: number, row: number, outcome: Outcome): boolean {
    if (this.owner[row] !== owner || this.outcome[row] !== 0) return false;
    this.outcome[row] = OUTCOMES.indexOf(outcome);
    return true;
  }

  hasJob(row: number): boolean {
    return this.jobIds[row] !== null;
  }

  counted(row: number): CountedShare {
    const workInterval = this.workInterval[row];
    return {
      timeUs: this.timeUs[row],
      difficulty: this.difficulty(row),
      workInterval: workInterval === -1 ? null : workInterval,
      isBare: (this.flags[row] & BARE) !== 0,
    };
  }

  /** The shares from this row on. */
  chain(first: number): LoggedShare[] {
    const shares: LoggedShare[] = [];
    for (let row = first; row !== NO_ROW; row = this.next[row]) {
      const jobTimeUs = this.jobTimeUs[row];
      shares.push({
        timeUs: this.timeUs[row],
        jobTimeUs: Number.isNaN(jobTimeUs) ? null : jobTimeUs,
        jobId: this.jobIds[row],
        nonce: this.nonces[row],
        extraNonce2: this.extras[row],
        difficulty: this.difficulty(row),
        algorithm: this.algorithms[row],
        outcome: OUTCOMES[this.outcome[row]],
        isMadeUp: (this.flags[row] & MADE_UP) !== 0,
      });
    }
    return shares;
  }

  /** Frees so many rows from this one on; answers the one behind them. */
  release(first: number, count: number): number {
    let row = first;
    for (let left = count; left > 0 && row !== NO_ROW; left--) {
      const behind = this.next[row];
      this.owner[row] = 0;
      this.jobIds[row] = null;
      this.nonces[row] = null;
      this.extras[row] = null;
      this.next[row] = this.free;
      this.free = row;
      row = behind;
    }
    return row;
  }

  private difficulty(row: number): Difficulty | null {
    const value = this.worth[row];
    if (Number.isNaN(value)) return null;
    return { scale: (this.flags[row] & IN_UNITS) === 0 ? 'hashes' : 'units', value };
  }

  private newRow(): number {
    if (this.free !== NO_ROW) {
      const row = this.free;
      this.free = this.next[row];
      return row;
    }
    if (this.used === this.owner.length) this.grow();
    return this.used++;
  }

  private grow(): void {
    const rows = this.used * 2;
    this.owner = grown(this.owner, new Int32Array(rows));
    this.next = grown(this.next, new Int32Array(rows));
    this.workInterval = grown(this.workInterval, new Int32Array(rows));
    this.flags = grown(this.flags, new Uint8Array(rows));
    this.outcome = grown(this.outcome, new Uint8Array(rows));
    this.timeUs = grown(this.timeUs, new Float64Array(rows));
    this.jobTimeUs = grown(this.jobTimeUs, new Float64Array(rows));
    this.worth = grown(this.worth, new Float64Array(rows));
  }
}

function grown<T extends { set(of: T): void }>(column: T, larger: T): T {
  larger.set(column);
  return larger;
}

export interface Job {
  readonly difficulty: Difficulty | null;
  readonly algorithm: string | null;
  readonly timeUs: number;
}

const MOST_JOBS = 128;

/** The last jobs of a session by their ids, in the order in which they came. */
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
