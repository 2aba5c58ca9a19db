import type { Difficulty, Outcome } from '../evidence/fact.ts';

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
