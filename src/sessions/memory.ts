/**
 * The working memory of a session: the jobs and the difficulty that price later shares, the shares that wait for an
 * answer, and those that an earlier part of the session, scanned separately, may price better.
 */
import type { Difficulty } from '../evidence/fact.ts';
import type { LoggedShare } from './logged-share.ts';
import { NONE } from './short-list.ts';
import type { Span } from './span.ts';

export interface Job {
  readonly difficulty: Difficulty | null;
  readonly algorithm: string | null;
  readonly timeUs: number;
}

export interface PendingShare {
  readonly logged: LoggedShare;
  span: Span | null;
  /** True if its job came before any difficulty was known. */
  isBare: boolean;
}

/** A share whose job was not seen, or was one of the first and may have been sent before. */
export interface Stray {
  readonly logged: LoggedShare;
  readonly span: Span | null;
  /** True if it was priced by the difficulty in force. */
  readonly assumed: boolean;
}

export interface Memory {
  difficulty: Difficulty | null;
  jobAlgorithm: string | null;
  readonly jobs: Map<string, Job>;
  /** By token; null if none waits. */
  pending: Map<number, PendingShare> | null;
  /** The last of those that had no answer when the session was settled. */
  unanswered: readonly LoggedShare[];
  /** Time of the first job that came before any difficulty was known, us; null if there was none. */
  bareJobUs: number | null;
  /** Shares of such jobs, rejected ones left out. */
  bareShares: number;
  strays: readonly Stray[];
  /** Shares ever logged, forgotten ones included. */
  logged: number;
  /** True if a login, not merely a request, opened the session. */
  openedByLogin: boolean;
  /** Time of the first message, us. */
  firstHeardUs: number;
}

export function newMemory(): Memory {
  return {
    difficulty: null,
    jobAlgorithm: null,
    jobs: new Map(),
    pending: null,
    unanswered: NONE,
    bareJobUs: null,
    bareShares: 0,
    strays: NONE,
    logged: 0,
    openedByLogin: false,
    firstHeardUs: Number.POSITIVE_INFINITY,
  };
}
