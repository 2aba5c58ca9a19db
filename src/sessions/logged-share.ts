import type { Difficulty, Outcome } from '../evidence/fact.ts';
import type { Span } from './span.ts';

/** One share, for estimators that need each share: its hashes, its time, and its answer. */
export interface LoggedShare {
  readonly timeUs: number;
  /** When its job reached the miner; null if the job was not seen. */
  jobTimeUs: number | null;
  jobId: string | null;
  readonly nonce: string | null;
  readonly extraNonce2: string | null;
  /** Null if it is not known, or one that no hash can meet. */
  difficulty: Difficulty | null;
  /** Algorithm that its job names; null if the session's own holds. */
  algorithm: string | null;
  outcome: Outcome | 'unanswered';
}

/** The same in the session in which it was submitted. */
export class SubmittedShare implements LoggedShare {
  readonly timeUs: number;
  jobTimeUs: number | null;
  jobId: string | null;
  readonly nonce: string | null;
  readonly extraNonce2: string | null;
  difficulty: Difficulty | null;
  algorithm: string | null;
  outcome: Outcome | 'unanswered' = 'unanswered';
  /** Where its work is counted; null if it counts for none. */
  readonly span: Span | null;
  /** True if its job came before any difficulty was known. */
  readonly isBare: boolean;
  /** The book in which it is counted: that of a period that is over counts no answers. */
  readonly book: object;

  constructor(of: Omit<SubmittedShare, 'outcome'>) {
    this.timeUs = of.timeUs;
    this.jobTimeUs = of.jobTimeUs;
    this.jobId = of.jobId;
    this.nonce = of.nonce;
    this.extraNonce2 = of.extraNonce2;
    this.difficulty = of.difficulty;
    this.algorithm = of.algorithm;
    this.span = of.span;
    this.isBare = of.isBare;
    this.book = of.book;
  }
}
