/**
 * Attempts: connections over which a miner asked for a session and was served nothing. Those of one miner at one endpoint
 * with one outcome, one soon after the other, become one session that counts them: who is kept out tries again and again.
 * Folding goes by what all of a group share, so that parts of an input fold to the same sessions in any order.
 */
import { totalOf } from '../order.ts';
import type { Session } from './session.ts';
import type { SettledSession } from './settle.ts';
import { sightingOf } from './sightings.ts';

/** What is sighted of a connection that nothing was served on. */
const OF_ATTEMPTS: ReadonlySet<string> = new Set(['login', 'agent', 'request', 'refusal', 'denial']);

/** Connections with less time between them than this, us, are taken for one stretch of time. */
export const SAME_TIME_US = 600_000_000;

/** The settlements with those of attempts folded, both in the order of time. */
export function foldAttempts(settled: readonly SettledSession[]): SettledSession[] {
  const folded = new Map<string, Session>();
  return settled.filter((settlement) => {
    if (!isAttempt(settlement)) return true;
    const { session } = settlement;
    const key = groupOf(settlement);
    const before = folded.get(key);
    const goesOn =
      before !== undefined && session.connections.startUs <= before.connections.endUs + SAME_TIME_US;
    if (goesOn) addAttempt(before, session);
    else folded.set(key, session);
    return !goesOn;
  });
}

/** True if the whole connection was seen, nothing was served on it, and nothing speaks against its packets. */
function isAttempt({ session, verdict }: SettledSession): boolean {
  const { claims, connections, heard, jobs, shares, transport } = session;
  const { minerByPool, poolByMiner, resets, conflicts, stalls } = heard.voices;
  return (
    verdict.verdict === 'attempted' &&
    connections.fromStart &&
    !connections.isOpen &&
    transport !== 'noise' &&
    jobs.count + jobs.difficulties.length + shares.submitted + shares.wholeAnswers === 0 &&
    minerByPool + poolByMiner + resets + conflicts + stalls === 0 &&
    claims.targets.length + claims.overflow === 0 &&
    heard.sightings.every(({ kind }) => OF_ATTEMPTS.has(kind))
  );
}

function groupOf({ session, verdict, algorithm, algorithmSource, coin, match }: SettledSession): string {
  const { miner, pool, via, transport, dialect, claims, heard, connections } = session;
  return JSON.stringify([
    ...[miner.ip, pool, via, transport, dialect, verdict.reason.text, algorithm, algorithmSource, coin],
    ...[claims.admitted, claims.refusal, heard.certain, heard.opened],
    ...[match.names, [...(connections.names ?? [])].sort()],
  ]);
}

function addAttempt(session: Session, { claims, heard, connections }: Session): void {
  session.claims.absorb(claims);
  session.heard.absorb(heard, false, false);
  session.connections.absorb(connections);
  session.connections.attempts += connections.attempts;
  // The first agent of all; logins in an order that does not depend on who is folded first.
  session.claims.agent = sightingOf(session.heard.sightings, 'agent')?.detail ?? session.claims.agent;
  session.claims.logins = session.claims.logins.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

function textOf({ account, worker }: Session['claims']['logins'][number]): string {
  return `${account} ${worker ?? ''}`;
}

/** How many sessions these are, with each attempt that was folded. */
export function countSessions(settled: readonly { readonly session: Session }[]): number {
  return totalOf(settled, ({ session }) => session.connections.attempts);
}
