/**
 * Compares unreadable sessions that have the marks of mining with new blocks: those in readable jobs, those in the
 * operator's files, or those that other unreadable sessions with unrelated servers show. Every test counts in the
 * correction (Bonferroni), whatever its result. The method and its figures: docs/reference/in-step.md.
 */
import { networkOf } from '../address.ts';
import {
  type InStep,
  type PoolConnection,
  type PoolConnectionTable,
  poolConnectionKey,
} from '../endpoints/pool-connection.ts';
import {
  canFollow,
  canFollowEachOther,
  followEachOther,
  followsBlocks,
  type PushTrain,
  type Step,
  withoutBeats,
} from '../evidence/in-step.ts';
import { limits } from '../limits.ts';
import { compareText, under } from '../order.ts';
import type { BlockBook } from '../sessions/block-book.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { statement } from '../statements/index.ts';

/** Chance that a scan calls anything in step that is not. */
const MOST_CHANCE = 0.001;
/** Blocks of one chain, in the order of time. */
export interface Chain {
  /** Null if it is not known which. */
  readonly coin: string | null;
  readonly source: 'file' | 'sessions';
  readonly timesUs: readonly number[];
}

export class InStepFinder {
  /** By pool connection; of one with several connections the pushes of the one that has most. */
  readonly trains = new Map<string, PushTrain>();
  /** Pool connections that were not held against each other. */
  overflow = 0;

  add(poolConnection: PoolConnection, train: PushTrain): void {
    const key = poolConnectionKey(poolConnection);
    const known = this.trains.get(key);
    if (known === undefined || known.timesUs.length < train.timesUs.length) this.trains.set(key, train);
  }

  /** Marks what is in step among the pool connections, and lifts what was suspected. Call once, when all are known. */
  mark(poolConnections: PoolConnectionTable, chains: readonly Chain[]): void {
    const watched = this.watchedOf(poolConnections);
    const paired = watched.slice(0, limits.paired);
    this.overflow += watched.length - paired.length;
    let tests = 0;
    for (const { train } of watched) for (const { timesUs } of chains) if (canFollow(train, timesUs)) tests++;
    for (const [a, b] of pairsOf(paired)) if (canFollowEachOther(a.train, b.train)) tests++;
    for (const one of watched) {
      for (const { coin, source, timesUs } of chains) {
        const step = canFollow(one.train, timesUs) ? followsBlocks(one.train, timesUs) : null;
        if (step !== null && note(one.poolConnection, step, tests, coin, source)) lift(one, coin);
      }
    }
    for (const [a, b] of pairsOf(paired)) {
      if ((a.isInStep && b.isInStep) || !canFollowEachOther(a.train, b.train)) continue;
      const step = followEachOther(a.train, b.train);
      if (step === null || step.probability * tests > MOST_CHANCE) continue;
      for (const [one, other] of [
        [a, b],
        [b, a],
      ] as const) {
        if (one.isInStep) continue;
        note(one.poolConnection, step, tests, null, 'unreadable');
        if (one.partners.some((partner) => areUnrelated(partner, other))) lift(one, null);
        one.partners.push(other);
      }
    }
  }

  /** Those that behave like mining, in an order of their own: what has room must not depend on who came first. */
  private watchedOf(poolConnections: PoolConnectionTable): Watched[] {
    const watched: Watched[] = [];
    for (const [key, train] of [...this.trains].sort(([a], [b]) => compareText(a, b))) {
      const poolConnection = poolConnections.get(key);
      if (poolConnection?.verdict !== 'suspected' && poolConnection?.verdict !== 'probable') continue;
      watched.push({
        poolConnection,
        train: withoutBeats(train),
        network: networkOf(poolConnection.server?.ip ?? ''),
        names: namesOf(poolConnection),
        partners: [],
        isInStep: false,
      });
    }
    return watched.sort((a, b) => b.train.timesUs.length - a.train.timesUs.length);
  }
}

interface Watched {
  readonly poolConnection: PoolConnection;
  readonly train: PushTrain;
  /** Of its server. */
  readonly network: string;
  readonly names: readonly string[];
  /** Others that it is in step with. */
  readonly partners: Watched[];
  /** It was found to be in step. */
  isInStep: boolean;
}

/** Pairs that share nothing but perhaps a coin. */
function* pairsOf(watched: readonly Watched[]): Iterable<readonly [Watched, Watched]> {
  for (const [i, a] of watched.entries()) {
    for (let j = i + 1; j < watched.length; j++) {
      const b = watched[j];
      if (areUnrelated(a, b)) yield [a, b];
    }
  }
}

/** Notes what chance does not explain, the least likely first; false if it may. */
function note(
  poolConnection: PoolConnection,
  { blocks, followed, probability }: Step,
  tests: number,
  coin: string | null,
  source: InStep['source'],
): boolean {
  const chance = probability * tests;
  if (chance > MOST_CHANCE) return false;
  if (chance < (poolConnection.inStep?.chance ?? 1))
    poolConnection.inStep = { coin, source, blocks, followed, tests, chance };
  return true;
}

function lift(one: Watched, coin: string | null): void {
  one.isInStep = true;
  if (one.poolConnection.verdict !== 'suspected') return;
  one.poolConnection.verdict = 'probable';
  one.poolConnection.reason = statement('marks-in-step', { coin });
}

/** The chains that the jobs of sessions tell of, each with its coin if all that name one agree. */
export function chainsOf(book: BlockBook, sessions: readonly FinalSession[]): Chain[] {
  const coins = new Map<number, Set<string>>();
  for (const { session, coin, verdict } of sessions) {
    if (session.jobs.previous === null || (verdict.verdict !== 'confirmed' && verdict.verdict !== 'probable'))
      continue;
    const chain = book.chainOf(session.jobs.previous);
    const known = under(coins, chain, () => new Set());
    if (coin !== null) known.add(coin);
  }
  return [...book.times()].flatMap(([chain, timesUs]) => {
    const named = coins.get(chain);
    const [coin = null] = named?.size === 1 ? named : [];
    return named === undefined ? [] : [{ coin, source: 'sessions' as const, timesUs }];
  });
}

/**
 * True for pool connections that share nothing but perhaps a coin: other clients, servers of other networks, other pools and
 * other names. Two servers of one service may push the same news at the same moment.
 */
function areUnrelated(a: Watched, b: Watched): boolean {
  const pool = a.poolConnection.match.pool;
  return (
    a.poolConnection.client.ip !== b.poolConnection.client.ip &&
    a.network !== b.network &&
    (pool === null || pool !== b.poolConnection.match.pool) &&
    !a.names.some((name) => b.names.includes(name))
  );
}

/** The last two labels of each name of the server, and the owner of its certificate. */
function namesOf({ tls, ownName, match }: PoolConnection): string[] {
  const names = [tls?.serverName ?? '', ownName, match.name ?? ''];
  const subject = tls?.certificate?.subject ?? '';
  return [...names.map((name) => name.split('.').slice(-2).join('.')), subject].filter((name) => name !== '');
}
