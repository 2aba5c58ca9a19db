/**
 * A session's share log as the counter reads it: jobs become ordinals by the time at which they first came, work
 * becomes hashes. What the log does not know stays unknown.
 */
import type { Difficulty } from '../fact.ts';
import type { CounterShare } from './counter-input.ts';

/** What a share log has to say of one share; behind its extranonce2 and a colon each the time and the version bits. */
interface CountedShare extends Pick<CounterShare, 'timeUs' | 'jobTimeUs' | 'extraNonce2'> {
  readonly jobId: string | null;
  readonly nonce: string | null;
  readonly difficulty: Difficulty | null;
  readonly isMadeUp?: boolean;
}

/**
 * Shares with a nonce, for the estimator. `hashesPerUnit` is what one unit of a Stratum v1 difficulty is worth (2^32
 * for SHA-256d); null if the algorithm is not known.
 */
export function counterShares(log: readonly CountedShare[], hashesPerUnit: number | null): CounterShare[] {
  /** The last job of each id, as an id may come again for other work. */
  const jobs = new Map<string, { readonly timeUs: number; readonly index: number }>();
  let count = 0;
  const shares: CounterShare[] = [];
  for (const one of log) {
    if (one.nonce === null || one.isMadeUp === true) continue;
    let jobIndex = -1;
    if (one.jobId !== null && one.jobTimeUs !== null) {
      const last = jobs.get(one.jobId);
      jobIndex = last?.timeUs === one.jobTimeUs ? last.index : count++;
      if (jobIndex !== last?.index) jobs.set(one.jobId, { timeUs: one.jobTimeUs, index: jobIndex });
    }
    shares.push({
      jobIndex,
      jobTimeUs: one.jobTimeUs,
      timeUs: one.timeUs,
      nonce: one.nonce,
      workHashes: hashesOf(one.difficulty, hashesPerUnit),
      extraNonce2: one.extraNonce2?.split(':', 1)[0] ?? null,
    });
  }
  return shares;
}

function hashesOf(difficulty: Difficulty | null, hashesPerUnit: number | null): number | null {
  if (difficulty === null) return null;
  if (difficulty.scale === 'hashes') return difficulty.value;
  return hashesPerUnit === null ? null : difficulty.value * hashesPerUnit;
}
