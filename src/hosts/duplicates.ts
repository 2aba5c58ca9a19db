/**
 * Sessions that may have been captured twice: on both sides of a router that translates addresses, or of a relay that
 * passes every message on (docs/reference/protocols.md 5.8). The same work for the same jobs is in both. Somebody may have played one
 * again as well, at any time. They are reported and both count: addresses do not show which is the copy, and to lose a miner
 * is worse than to count one twice and say so.
 */
import { proxiesOf } from '../endpoints/servers.ts';
import { push, under } from '../order.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { compareEnds } from '../sessions/session.ts';
import { type Statement, statement } from '../statements/index.ts';

/** So many shares must be the same: no two miners of one pool find one nonce for one job three times. */
const FEWEST = 3;
/** Of the shares of the shorter session this part, as packets of either side may be missing. */
const LEAST_PART = 0.8;
/** Shares by which others are found that may be the same. */
const PROBES = 8;

/** The sessions, those marked that repeat what another one said before. */
export function markDuplicates(finalized: readonly FinalSession[]): FinalSession[] {
  const places = new Map<string, number[]>();
  // By their ends: two parts of one input then mark the same session of a pair.
  const order = finalized
    .map((_, index) => index)
    .sort((a, b) => compareEnds(finalized[a].session, finalized[b].session));
  for (const index of order) {
    for (const key of sharesOf(finalized[index], PROBES)) push(places, key, index);
  }
  const duplicates = new Set<number>();
  // Two sessions with one share in common mostly have others: each pair is looked at once.
  const known = new Map<number, ReadonlySet<string>>();
  const workOf = (index: number): ReadonlySet<string> =>
    under(known, index, () => sharesOf(finalized[index]));
  const seen = new Set<number>();
  for (const [first, ...others] of places.values()) {
    for (const other of others) {
      const pair = first * finalized.length + other;
      if (seen.has(pair) || duplicates.has(other) || isRelayed(finalized[first], finalized[other])) continue;
      seen.add(pair);
      if (areSame(workOf(first), workOf(other))) duplicates.add(other);
    }
  }
  return finalized.map((own, index) => (duplicates.has(index) ? { ...own, isDuplicate: true } : own));
}

/** What the audit says of it: nothing, or one note. */
export function duplicateNotes(finalized: readonly FinalSession[]): Statement[] {
  const sessions = finalized.filter(({ isDuplicate = false }) => isDuplicate).length;
  return sessions === 0 ? [] : [statement('same-work', { sessions })];
}

/** The shares, or the first ones, each by its job and what was found for it. */
function sharesOf({ session }: FinalSession, most = Number.POSITIVE_INFINITY): ReadonlySet<string> {
  const shares = new Set<string>();
  for (const { jobId, nonce, extraNonce2 } of session.shares.log) {
    if (shares.size >= most) break;
    if (jobId !== null && nonce !== null)
      shares.add(`${session.dialect} ${jobId} ${nonce} ${extraNonce2 ?? ''}`);
  }
  return shares;
}

/** Whether one of the two is the next step of the other: hosts tell such by their addresses (servedAlgorithms). */
function isRelayed({ session: a }: FinalSession, { session: b }: FinalSession): boolean {
  const isStep = (first: typeof a, next: typeof a): boolean =>
    [first.pool, ...proxiesOf(first.via)].some(({ ip }) => ip !== '' && ip === next.miner.ip);
  return isStep(a, b) || isStep(b, a);
}

/** Whether most shares of the one with fewer are also those of the other. */
function areSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [fewer, more] = a.size <= b.size ? [a, b] : [b, a];
  let same = 0;
  for (const share of fewer) if (more.has(share)) same++;
  return same >= FEWEST && same >= LEAST_PART * fewer.size;
}
