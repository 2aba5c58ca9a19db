/**
 * The shares of a session within the times asked for: how many, how they were answered, and the last of them one by one.
 * What they are worth is in work.ts.
 */
import type { Outcome } from '../evidence/fact.ts';
import type { RepriceableShare } from './field-types.ts';
import { SharesFields } from './fields.ts';
import { beginPeriod } from './groups.ts';
import { type CountedShare, type LoggedShare, NO_ROW, ShareTable } from './share-table.ts';
import { withItem } from './short-list.ts';

/**
 * At this many logged shares the older half is forgotten: the newest say what the miner does now (sessions/counter.ts).
 */
const MAX_LOGGED = 4096;
/** Shares that an earlier part of the session may price otherwise. */
const MOST_REPRICEABLE = 64;
/** Shares without an answer that are distinguished at the end. */
const MAX_UNANSWERED = 32;

export class ShareBook extends SharesFields {
  /** Hashes of what was found for which job, of as many shares as are kept. */
  private found: Set<number> | null = null;
  private owner: number;
  private first = NO_ROW;
  private last = NO_ROW;

  /** @param table Where its shares are kept, beside those of others. */
  constructor(private readonly table = new ShareTable()) {
    super();
    this.owner = table.newOwner();
  }

  /** The shares that are kept, one by one. */
  get log(): LoggedShare[] {
    return this.table.chain(this.first);
  }

  set log(shares: readonly LoggedShare[]) {
    this.forget(this.kept);
    this.found = null;
    for (const share of shares) this.keep(share, null, false);
  }

  /**
   * True if the same was found for the same job before, or this hash for any: a share that is sent again is no more work.
   */
  repeats(
    jobId: string | null,
    nonce: string | null,
    extraNonce2: string | null,
    hash: string | null,
  ): boolean {
    const isKnownHash = hash !== null && this.wasFound(hash.toLowerCase());
    if (jobId === null || nonce === null) return isKnownHash;
    return this.wasFound(`${jobId} ${nonce.toLowerCase()} ${extraNonce2}`) || isKnownHash;
  }

  private wasFound(key: string): boolean {
    // Of 30 bits, as V8 keeps such numbers in place: one in 130,000 shares at most is taken for another.
    let hash = 0x811c9dc5;
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
    hash = (hash ^ (hash >>> 30)) & 0x3fffffff;
    if (this.found?.has(hash)) return true;
    if (this.found === null || this.found.size === MAX_LOGGED) this.found = new Set();
    this.found.add(hash);
    return false;
  }

  /** Takes a share, whose work is counted in a work interval; answers its row. */
  submit(share: LoggedShare, workInterval: number | null, isBare: boolean): number {
    this.submitted++;
    this.logged++;
    if (this.kept === MAX_LOGGED) this.forget(MAX_LOGGED / 2);
    return this.keep(share, workInterval, isBare);
  }

  /** The session goes on in another period, of which no share is known: answers to earlier ones find none. */
  turn(): void {
    this.log = [];
    this.owner = this.table.newOwner();
    beginPeriod('shares', this, new SharesFields());
  }

  private keep(share: LoggedShare, workInterval: number | null, isBare: boolean): number {
    this.last = this.table.add(this.owner, this.last, share, workInterval, isBare);
    if (this.first === NO_ROW) this.first = this.last;
    this.kept++;
    return this.last;
  }

  private forget(count: number): void {
    this.first = this.table.release(this.first, count);
    this.kept -= count;
    if (this.first === NO_ROW) this.last = NO_ROW;
    // They are among the first of all.
    for (const early of this.repriceable) early.row = NO_ROW;
  }

  /** A share carries a hash that reaches this difficulty. */
  reach(difficulty: number): void {
    this.hashed++;
    this.leastReached = Math.min(this.leastReached, difficulty);
  }

  keepRepriceable(early: RepriceableShare): void {
    if (this.repriceable.length < MOST_REPRICEABLE) this.repriceable = withItem(this.repriceable, early);
  }

  /** Takes an answer, if the share of the row waits for one. One that it rejects comes back: it is no work. */
  answer(row: number, outcome: Outcome): CountedShare | null {
    if (!this.table.answer(this.owner, row, outcome)) return null;
    for (const early of this.repriceable) if (early.row === row) early.logged.outcome = outcome;
    if (outcome !== 'unauthorised' && this.table.hasJob(row)) this.wholeAnswers++;
    if (outcome === 'accepted') this.accepted++;
    else if (outcome === 'stale') this.stale++;
    else {
      this.rejected++;
      this.rejects = withRejects(this.rejects, outcome, 1);
      return this.table.counted(row);
    }
    return null;
  }

  /** What still waits for an answer is unanswered, when the session is over. */
  finalize(): void {
    this.unanswered = this.submitted - this.accepted - this.rejected - this.stale;
    if (this.kept === 0 || this.unanswered === 0) return;
    this.leftOpen = this.log.filter(({ outcome }) => outcome === 'unanswered').slice(-MAX_UNANSWERED);
  }
}

function withRejects(rejects: ShareBook['rejects'], reason: string, count: number): ShareBook['rejects'] {
  return { ...rejects, [reason]: (rejects[reason] ?? 0) + count };
}
