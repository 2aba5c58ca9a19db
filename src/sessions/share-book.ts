/**
 * The shares of a session within the times asked for: how many, how they were answered, and the last of them one by one.
 * What they are worth is in work.ts.
 */
import type { Outcome } from '../evidence/fact.ts';
import type { LoggedShare, SubmittedShare } from './logged-share.ts';
import { NONE, withItem } from './short-list.ts';
import type { Span } from './span.ts';

/** A share whose job was not seen, or was one of the first and may have been sent before. */
export interface Stray {
  readonly logged: LoggedShare;
  readonly span: Span | null;
  /** True if it was priced by the difficulty in force. */
  readonly assumed: boolean;
}

/**
 * At this many logged shares the older half is forgotten: the newest say what the miner does now (sessions/counter.ts).
 */
const MAX_LOGGED = 4096;
/** Shares that an earlier part of the session may price otherwise. */
const MAX_STRAYS = 64;
/** Shares without an answer that are distinguished at the end. */
const MAX_UNANSWERED = 32;

/** What most sessions have: one for all. */
const NO_REJECTS = Object.freeze({});
const REACHED_NOTHING = Object.freeze({ shares: 0, least: Number.POSITIVE_INFINITY });

export class ShareBook {
  submitted = 0;
  accepted = 0;
  rejected = 0;
  stale = 0;
  unanswered = 0;
  /** Rejected shares by reason. */
  rejects: Readonly<Record<string, number>> = NO_REJECTS;
  /** Answered shares whose job was visible: the facts that a confirmation needs. */
  wholeAnswers = 0;
  /** Shares that carry their hash, and the least difficulty that one of them reaches. */
  reached: { readonly shares: number; readonly least: number } = REACHED_NOTHING;
  /** Shares whose job was not seen and that were priced by the difficulty in force. */
  assumed = 0;
  /** The last shares, and how many were ever logged. */
  log: LoggedShare[] = [];
  logged = 0;
  /** The last of those that had no answer when the session was settled. */
  leftOpen: readonly LoggedShare[] = NONE;
  /** Those that an earlier part of the session, scanned separately, may price better. */
  strays: readonly Stray[] = NONE;

  submit(share: SubmittedShare): void {
    this.submitted++;
    if (this.log.length === MAX_LOGGED) this.log.splice(0, MAX_LOGGED / 2);
    this.log = withItem<LoggedShare>(this.log, share);
    this.logged++;
  }

  /** A share carries a hash that reaches this difficulty. */
  reach(difficulty: number): void {
    const { shares, least } = this.reached;
    this.reached = { shares: shares + 1, least: Math.min(least, difficulty) };
  }

  stray(stray: Stray): void {
    if (this.strays.length < MAX_STRAYS) this.strays = withItem(this.strays, stray);
  }

  /** Takes an answer, if the share waits for one; true if it rejects the share: that is no work. */
  answer(share: SubmittedShare, outcome: Outcome): boolean {
    if (share.book !== this || share.outcome !== 'unanswered') return false;
    share.outcome = outcome;
    if (share.jobId !== null && outcome !== 'unauthorised') this.wholeAnswers++;
    if (outcome === 'accepted') this.accepted++;
    else if (outcome === 'stale') this.stale++;
    else {
      this.rejected++;
      this.rejects = withRejects(this.rejects, outcome, 1);
      return true;
    }
    return false;
  }

  /** What still waits for an answer is unanswered, when the session is over. */
  settle(): void {
    this.unanswered = this.submitted - this.accepted - this.rejected - this.stale;
    if (this.log.length === 0) return;
    this.leftOpen = this.log.filter(({ outcome }) => outcome === 'unanswered').slice(-MAX_UNANSWERED);
  }

  /** Adds the shares of a later part of the session, except those left open, which that part alone knows. */
  absorb(later: ShareBook): void {
    this.submitted += later.submitted;
    this.accepted += later.accepted;
    this.rejected += later.rejected;
    this.stale += later.stale;
    this.unanswered += later.unanswered;
    for (const [reason, count] of Object.entries(later.rejects))
      this.rejects = withRejects(this.rejects, reason, count);
    this.wholeAnswers += later.wholeAnswers;
    const { shares, least } = this.reached;
    this.reached = {
      shares: shares + later.reached.shares,
      least: Math.min(least, later.reached.least),
    };
    this.assumed += later.assumed;
    this.logged += later.logged;
    this.log.push(...later.log);
    this.log.splice(0, this.log.length - keptOf(this.logged));
    this.strays = [...this.strays, ...later.strays];
  }
}

function withRejects(rejects: ShareBook['rejects'], reason: string, count: number): ShareBook['rejects'] {
  return { ...rejects, [reason]: (rejects[reason] ?? 0) + count };
}

/** How many of so many logged shares a session still has (`MAX_LOGGED`). */
function keptOf(logged: number): number {
  if (logged <= MAX_LOGGED) return logged;
  return MAX_LOGGED / 2 + ((logged - MAX_LOGGED - 1) % (MAX_LOGGED / 2)) + 1;
}
