/**
 * The part of a session row that only a merge needs: facts that the row does not show, and what is open at the end of
 * the input.
 */
import type { AlgorithmFact, CoinFact, Difficulty, Outcome } from '../evidence/fact.ts';
import type { SessionCounter } from '../sessions/counter.ts';
import type { Sighting } from '../sessions/sightings.ts';
import type { Span } from '../sessions/span.ts';
import type { Voices } from '../sessions/voices.ts';

/** A share near the beginning of the input, whose job an earlier part may have seen. */
export interface EarlyShare {
  readonly timeUs: number;
  readonly jobId: string | null;
  readonly jobTimeUs: number | null;
  readonly algorithm: string | null;
  readonly difficulty: Difficulty | null;
  readonly outcome: Outcome | 'unanswered';
  /** Number of its span; null if it is in none. */
  readonly span: number | null;
  /** Priced by the difficulty in force, as its job was not seen. */
  readonly assumed: boolean;
}

export interface SessionFacts {
  readonly startUs: number;
  readonly endUs: number;
  readonly firstHeardUs: number | null;
  readonly heardUs: number | null;
  readonly certain: boolean;
  readonly opened: boolean;
  readonly openedByLogin: boolean;
  /** The connection was seen from its first packet on. */
  readonly fromStart: boolean;
  readonly admitted: boolean | null;
  readonly refusal: string;
  /** Name by which a proxy was asked for the pool. */
  readonly poolName: string | null;
  readonly names: readonly string[];
  readonly algorithms: readonly AlgorithmFact[];
  readonly coins: readonly CoinFact[];
  readonly targets: readonly { readonly host: string; readonly port: number }[];
  readonly reconnects: readonly { readonly host: string; readonly port: number; readonly timeUs: number }[];
  readonly jobAlgorithm: string | null;
  readonly jobs: number;
  readonly wholeAnswers: number;
  /** Shares priced by the difficulty in force, as their job was not seen. */
  readonly assumed: number;
  /** Bytes that were sent and not captured. */
  readonly missed: number;
  readonly overflow: number;
  readonly logged: number;
  /** Shares of jobs that came before any difficulty, and the time of the first such job. */
  readonly bareShares: number;
  readonly bareJobUs: number | null;
  /** Shares that carry their hash, and the least difficulty that they reach. */
  readonly reached: { readonly shares: number; readonly least: number } | null;
  readonly voices: Readonly<Voices>;
  readonly spans: readonly Readonly<Span>[];
  /** Windows of `seconds`: index, shares, hashes, difficulty units, shares without a price. */
  readonly windows: { readonly seconds: number; readonly rows: readonly (readonly number[])[] };
  readonly evidence: readonly Sighting[];
  readonly fixesNonce: boolean;
  readonly roundTripUs: number | null;
  readonly counter:
    | (Pick<SessionCounter, 'rigs' | 'leastRigs' | 'unreadShares'> & { readonly clockRigs: number | null })
    | null;
  /** It submits what another session does at the same time. */
  readonly isDuplicate: boolean;
  readonly early: readonly EarlyShare[];
}

/** What a later part needs to price what it sees of a session that goes on. */
export interface OpenSession {
  /** Difficulty in force; null if unknown. `difficultyUnits` is null if it came in hashes. */
  hashesPerShare: number | null;
  difficultyUnits: number | null;
  /** Jobs that shares may still be for, the newest last. */
  jobs: {
    id: string;
    time: string;
    algorithm: string | null;
    hashesPerShare: number | null;
    difficultyUnits: number | null;
  }[];
  /** Shares whose answer has not come. */
  unanswered: { time: string; jobId: string | null; hashesPerShare: number | null }[];
  /** Messages that had begun and whose end has not come. */
  unfinished: number;
}
