/**
 * Logged shares as short lines and back: time in us, number of the job in a list beside them, outcome, length of the
 * nonce (-1: none), 1 with and 0 without a second part, and the two parts. Shares are most of what a merge needs to be
 * told, and as objects they would take five times the room. What is no such line gives nothing.
 */
import type { Difficulty, Outcome } from '../evidence/fact.ts';
import type { LoggedShare } from './logged-share.ts';

/** What shares of one job have in common. */
export interface ShareJob {
  readonly jobId: string | null;
  readonly jobTimeUs: number | null;
  readonly algorithm: string | null;
  readonly difficulty: Difficulty | null;
}

export interface PackedShares {
  readonly shareJobs: readonly ShareJob[];
  readonly shareRows: readonly string[];
}

const LETTERS: Readonly<Record<Outcome | 'unanswered', string>> = {
  unanswered: '-',
  accepted: 'a',
  stale: 's',
  duplicate: 'd',
  'low-difficulty': 'l',
  unauthorised: 'u',
  malformed: 'm',
  other: 'o',
};
const OUTCOMES = new Map<string, LoggedShare['outcome']>();
for (const outcome of ['accepted', 'stale', 'duplicate', 'low-difficulty'] as const)
  OUTCOMES.set(LETTERS[outcome], outcome);
for (const outcome of ['unauthorised', 'malformed', 'other', 'unanswered'] as const)
  OUTCOMES.set(LETTERS[outcome], outcome);
/** Words before the nonce. */
const WORDS = 5;

export function packShares(shares: readonly LoggedShare[]): PackedShares {
  const shareJobs: ShareJob[] = [];
  const known = new Map<string, number>();
  let last = -1;
  const shareRows = shares.map((share) => {
    if (last < 0 || !isOf(share, shareJobs[last])) last = numberOf(share, shareJobs, known);
    const { timeUs, nonce, extraNonce2, outcome } = share;
    const lead = `${timeUs} ${last} ${LETTERS[outcome]} ${nonce === null ? -1 : nonce.length}`;
    return `${lead} ${extraNonce2 === null ? 0 : 1} ${nonce ?? ''}${extraNonce2 ?? ''}`;
  });
  return { shareJobs, shareRows };
}

function isOf(share: LoggedShare, job: ShareJob): boolean {
  return (
    share.jobId === job.jobId &&
    share.jobTimeUs === job.jobTimeUs &&
    share.algorithm === job.algorithm &&
    share.difficulty?.scale === job.difficulty?.scale &&
    share.difficulty?.value === job.difficulty?.value
  );
}

function numberOf(share: LoggedShare, jobs: ShareJob[], known: Map<string, number>): number {
  const { jobId, jobTimeUs, algorithm, difficulty } = share;
  const key = JSON.stringify([jobId, jobTimeUs, algorithm, difficulty?.scale, difficulty?.value]);
  let number = known.get(key);
  if (number === undefined) {
    number = jobs.push({ jobId, jobTimeUs, algorithm, difficulty }) - 1;
    known.set(key, number);
  }
  return number;
}

/** The shares of the lines; null stands for a line that is none, so that places in the list stay. */
export function unpackShares({ shareJobs, shareRows }: PackedShares): (LoggedShare | null)[] {
  return shareRows.map((row) => shareOf(row, shareJobs));
}

function shareOf(row: string, jobs: readonly ShareJob[]): LoggedShare | null {
  const words: string[] = [];
  let at = 0;
  while (words.length < WORDS) {
    const to = row.indexOf(' ', at);
    if (to < 0) return null;
    words.push(row.slice(at, to));
    at = to + 1;
  }
  const [time, job, letter, length, second] = words;
  const timeUs = Number(time);
  const { jobId, jobTimeUs, algorithm, difficulty } = jobs[Number(job)] ?? NO_JOB;
  const outcome = OUTCOMES.get(letter);
  if (!Number.isFinite(timeUs) || outcome === undefined) return null;
  const nonceEnd = at + Math.max(0, Number(length) || 0);
  return {
    timeUs,
    jobTimeUs,
    jobId,
    nonce: length === '-1' ? null : row.slice(at, nonceEnd),
    extraNonce2: second === '1' ? row.slice(nonceEnd) : null,
    difficulty,
    algorithm,
    outcome,
  };
}

const NO_JOB: ShareJob = { jobId: null, jobTimeUs: null, algorithm: null, difficulty: null };
