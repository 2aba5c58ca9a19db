/**
 * Attempts: connections over which a miner asked for a session and was served nothing. Those of one miner at one endpoint
 * with one outcome become one session that counts them: who is kept out tries again and again.
 * Folding goes by what all of a group share, so that parts of an input fold to the same sessions in any order.
 */
import { totalOf } from '../order.ts';
import type { Login } from './field-types.ts';
import { join } from './groups.ts';
import type { Session } from './session.ts';
import type { SettledSession } from './settle.ts';
import { NONE } from './short-list.ts';
import { sightingOf } from './sightings.ts';

/** What is sighted of a connection that nothing was served on. */
const OF_ATTEMPTS: ReadonlySet<string> = new Set(['login', 'agent', 'request', 'refusal', 'denial']);

/** In the words of a refusal these tell no outcomes apart: they count down, or are times or numbers of a request. */
const NUMBERS = /\d(?:[\d.,:-]*\d)?/g;

/** The settlements with those of attempts folded, both in the order of time. */
export function foldAttempts(settled: readonly SettledSession[]): SettledSession[] {
  const groups = new Map<string, [Session, ...Session[]]>();
  const kept = settled.filter((settlement) => {
    if (!isAttempt(settlement)) return true;
    const key = groupOf(settlement);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [settlement.session]);
    else group.push(settlement.session);
    return group === undefined;
  });
  for (const [first, ...others] of groups.values()) if (others.length > 0) addAttempts(first, others);
  return kept;
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
    ...[claims.admitted, claims.refusal.replace(NUMBERS, '0'), heard.certain, heard.opened],
    ...[match.names, [...(connections.names ?? [])].sort()],
  ]);
}

function addAttempts(session: Session, others: readonly Session[]): void {
  const logins = new Map<string, Login>();
  for (const { claims } of [session, ...others])
    for (const login of claims.logins) logins.set(textOf(login), login);
  for (const { claims, heard, connections } of others) {
    claims.logins = NONE; // to look each up in the list of all would take too long
    join('claims', session.claims, claims);
    session.heard.absorb(heard, false, false);
    session.connections.absorb(connections);
    session.connections.attempts += connections.attempts;
  }
  // The first agent of all; logins in an order that does not depend on who is folded first.
  session.claims.agent = sightingOf(session.heard.sightings, 'agent')?.detail ?? session.claims.agent;
  session.claims.logins = [...logins].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, login]) => login);
}

function textOf({ account, worker }: Login): string {
  return `${account}\n${worker ?? ''}`;
}

/** How many sessions these are, with each attempt that was folded. */
export function countSessions(settled: readonly { readonly session: Session }[]): number {
  return totalOf(settled, ({ session }) => session.connections.attempts);
}
