/**
 * Stratum v1: the extranonce2 with which a miner began a job. Nonces count from 0 since the job came with that one
 * alone: with another they began again at a time that nobody saw. The first that a share shows need not be it, if a
 * miner gets through its part of the range within a job; cpuminer counts extranonce2 up by one for each work it makes.
 */
import type { CounterShare } from '../counter-input.ts';
import { reverseBytes } from '../digits.ts';

/** Jobs that begin with one value, of all: so many, and extranonce2 starts again with each job. */
const MOST_JOBS = 0.5;

/** By job the extranonce2 that it began with; jobs of which that is open are left out. */
export function firstUnits(shares: readonly CounterShare[]): Map<number, string> {
  const seen = new Map<number, { readonly first: string; last: string }>();
  let runsOut = false;
  for (const { jobIndex, extraNonce2 } of shares) {
    const unit = extraNonce2 ?? '';
    const own = seen.get(jobIndex);
    if (own === undefined) seen.set(jobIndex, { first: unit, last: unit });
    else if (own.last !== unit) {
      runsOut = true;
      own.last = unit;
    }
  }
  const common = runsOut ? commonFirst([...seen.values()]) : null;
  const units = new Map<number, string>();
  let before: string | null = null;
  for (const [job, { first, last }] of seen) {
    // What follows the last of the job before is the first of this one: no other lies between them.
    const isSure =
      !runsOut || (common === null ? before !== null && follows(before, first) : first === common);
    if (isSure) units.set(job, first);
    before = last;
  }
  return units;
}

/** The value that most jobs begin with; null if they do not. */
function commonFirst(jobs: readonly { readonly first: string }[]): string | null {
  const counts = new Map<string, number>();
  for (const { first } of jobs) counts.set(first, (counts.get(first) ?? 0) + 1);
  for (const [unit, count] of counts) if (count > 1 && count >= MOST_JOBS * jobs.length) return unit;
  return null;
}

/** Whether a value is the next one, written lowest or highest byte first. */
function follows(before: string, after: string): boolean {
  if (before.length !== after.length || !/^([0-9a-f]{2})+$/i.test(before + after)) return false;
  const isNext = (low: string, high: string): boolean => BigInt(`0x${high}`) - BigInt(`0x${low}`) === 1n;
  return isNext(before, after) || isNext(reverseBytes(before), reverseBytes(after));
}
