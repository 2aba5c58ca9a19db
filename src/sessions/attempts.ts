/**
 * Attempts: connections of a miner to a pool on which nothing was mined, as neither a job nor a share came. Those of one miner
 * at one endpoint with one outcome become one session that counts them: who gets no work tries again and again.
 * Folding goes by what all of a group share, so that parts of an input fold to the same sessions in any order.
 */
import { totalOf } from '../order.ts';
import type { Login } from './field-types.ts';
import type { FinalSession } from './finalize.ts';
import { join } from './groups.ts';
import { observationOf } from './observations.ts';
import type { Session } from './session.ts';
import { NONE } from './short-list.ts';

/** What may be observed of an attempt beside the algorithm and coin. */
const OF_ATTEMPTS: ReadonlySet<string> = new Set([
  ...['login', 'agent', 'request', 'target', 'refusal', 'denial'],
  ...['admission', 'service', 'difficulty', 'reconnect', 'coin', 'echo'],
]);

/** In the words of a refusal these tell no outcomes apart: they count down, or are times or numbers of a request. */
const NUMBERS = /\d(?:[\d.,:-]*\d)?/g;

/** The sessions with those of attempts folded, both in the order of time. */
export function foldAttempts(finalized: readonly FinalSession[]): FinalSession[] {
  const groups = new Map<string, [Session, ...Session[]]>();
  const kept = finalized.filter((finalSession) => {
    if (!isAttempt(finalSession)) return true;
    const key = groupOf(finalSession);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finalSession.session]);
    else group.push(finalSession.session);
    return group === undefined;
  });
  for (const [first, ...others] of groups.values()) if (others.length > 0) addAttempts(first, others);
  return kept;
}

/** True if the whole connection was seen, nothing was mined on it, and nothing speaks against its packets. */
function isAttempt({ session, verdict: { verdict, reason } }: FinalSession): boolean {
  const { claims, connections, observed, jobs, shares, transport } = session;
  const { minerByPool, poolByMiner, resets, conflicts, stalls } = observed.messages;
  return (
    verdict === 'attempted' &&
    connections.fromStart &&
    !connections.isOpen &&
    transport !== 'noise' &&
    jobs.count + shares.submitted + shares.wholeAnswers === 0 &&
    (minerByPool + poolByMiner === 0 || reason.code === 'echo-server') &&
    resets + conflicts + stalls === 0 &&
    claims.selfReported.length + claims.overflow === 0 &&
    observed.observations.every(({ kind }) => OF_ATTEMPTS.has(kind) || kind.startsWith('algorithm-'))
  );
}

function groupOf({ session, verdict, algorithm, algorithmSource, coin, match }: FinalSession): string {
  const { miner, pool, via, transport, dialect, claims, observed, connections, jobs } = session;
  return JSON.stringify([
    ...[miner.ip, pool, via, transport, dialect, verdict.reason.text, algorithm, algorithmSource, coin],
    ...[claims.admitted, claims.refusal.replace(NUMBERS, '0'), observed.certain, observed.opened],
    ...[match.names, [...(connections.names ?? [])].sort()],
    ...[jobs.difficulties.map(({ difficulty }) => difficulty), jobs.algorithm],
    ...[textsOf(claims.algorithms, ['algorithm', 'source']), textsOf(claims.coins, ['coin', 'source'])],
    ...[textsOf(claims.targets, ['host', 'port']), textsOf(claims.reconnects, ['host', 'port'])],
  ]);
}

/** These members of all items of a list, each once and in one order, whoever said them first. */
function textsOf<T>(list: readonly T[], names: readonly (keyof T)[]): string[] {
  return [...new Set(list.map((item) => names.map((name) => item[name]).join('\n')))].sort();
}

function addAttempts(session: Session, others: readonly Session[]): void {
  const logins = new Map<string, Login>();
  for (const { claims } of [session, ...others])
    for (const login of claims.logins) logins.set(textOf(login), login);
  for (const { claims, observed, connections } of others) {
    claims.logins = NONE; // to look each up in the list of all would take too long
    claims.reconnects = NONE; // those of the first are to the same hosts
    join('claims', session.claims, claims);
    session.observed.absorb(observed, false, false);
    session.connections.absorb(connections);
    session.connections.attempts += connections.attempts;
  }
  // The first agent of all; logins in an order that does not depend on who is folded first.
  session.claims.agent =
    observationOf(session.observed.observations, 'agent')?.detail ?? session.claims.agent;
  session.claims.logins = [...logins].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, login]) => login);
}

function textOf({ account, worker }: Login): string {
  return `${account}\n${worker ?? ''}`;
}

/** How many sessions these are, with each attempt that was folded. */
export function countSessions(finalized: readonly { readonly session: Session }[]): number {
  return totalOf(finalized, ({ session }) => session.connections.attempts);
}
