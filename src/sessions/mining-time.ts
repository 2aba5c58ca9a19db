/**
 * From when to when a session mined (docs/reference/hashrate.md has the rules, and what bias is left). Captures show messages,
 * and between the last message and the end of a connection, or of the capture, a miner goes on. If mining ended with the last
 * message, each rate would be too high, by most where messages are few.
 */
import { FOLDED } from '../dialects/index.ts';
import { push } from '../order.ts';
import type { TimeInterval } from '../time-interval.ts';
import { MOST_ALIKE, type Session } from './session.ts';

/**
 * A silence is usual up to so many times the longest one between two messages of the session, by which it is seldom passed: of
 * ten exponential waiting times the next one is six times as long as the longest with a probability of 1 in 8,000.
 */
const USUAL_TIMES_LONGEST = 6;
/** Shorter silences always are, and some minutes where few messages tell the pace: pools wait for blocks, miners for luck. */
const USUAL_US = 30_000_000;
const USUAL_OF_FEW_US = 300_000_000;
const FEW_MESSAGES = 20;

export class MiningTimes {
  /** Until when sessions without a FIN or RST mined at most, because their miner connected anew. */
  private readonly nextUs = new Map<Session, number>();

  /** @param observedOf The times in which a session was watched, in order and apart; null if they are not known. */
  constructor(
    sessions: readonly Session[],
    readonly observedOf: (session: Session) => readonly TimeInterval[] | null,
  ) {
    const byMiner = new Map<string, Session[]>();
    for (const session of sessions) push(byMiner, minerKey(session), session);
    for (const own of byMiner.values()) if (own.length > 1) this.follow(own);
  }

  /** The end of mining, us since 1970: no earlier than the last message. */
  endUs(session: Session): number {
    const { connections, observed, work } = session;
    const knownUs = work.workIntervals.at(-1)?.endUs ?? Math.min(connections.endUs, observed.lastUs);
    const watched = this.watchedAt(session, observed.lastUs);
    const untilUs = connections.isClosed
      ? connections.endUs
      : Math.min(this.nextUs.get(session) ?? Number.POSITIVE_INFINITY, watched?.endUs ?? knownUs);
    return isUsual(session, untilUs - observed.lastUs) ? Math.max(knownUs, untilUs) : knownUs;
  }

  /** Of one that was met in its middle, since when it mined before its first job that was seen; else infinite. */
  startUs(session: Session): number {
    const { connections, observed, dialect } = session;
    const watched = this.watchedAt(session, observed.firstUs);
    if (connections.fromStart || FOLDED.has(dialect) || watched === null) return Number.POSITIVE_INFINITY;
    const { startUs } = watched;
    return isUsual(session, observed.firstUs - startUs) ? startUs : connections.startUs;
  }

  private watchedAt(session: Session, timeUs: number): TimeInterval | null {
    const observed = this.observedOf(session);
    return observed?.find(({ startUs, endUs }) => startUs <= timeUs && timeUs <= endUs) ?? null;
  }

  /**
   * A connection without FIN or RST ended before the same miner opened the next one: a pause before, which is the shortest
   * silence before any of its connections less what that one is longer than the pause by chance. (The least of n waiting times
   * exceeds their minimum by the nth part of their mean.)
   */
  private follow(sessions: Session[]): void {
    sessions.sort((a, b) => a.connections.startUs - b.connections.startUs);
    const open: Session[] = [];
    const followed: { readonly session: Session; readonly nextUs: number; readonly silenceUs: number }[] = [];
    for (const next of sessions) {
      const { startUs, fromStart } = next.connections;
      const before = fromStart ? lastEnded(open, startUs) : -1;
      if (before >= 0) {
        const [session] = open.splice(before, 1);
        followed.push({ session, nextUs: startUs, silenceUs: startUs - session.connections.endUs });
      }
      if (!next.connections.isClosed && open.push(next) > MOST_ALIKE) open.shift();
    }
    const least = Math.min(...followed.map(({ silenceUs }) => silenceUs));
    const mean = followed.reduce((sum, { silenceUs }) => sum + silenceUs, 0) / followed.length;
    const pauseUs = followed.length < 2 ? 0 : Math.max(0, least - (mean - least) / (followed.length - 1));
    for (const { session, nextUs } of followed) this.nextUs.set(session, nextUs - pauseUs);
  }
}

/** All that tells miners behind one address apart; the pool is another one where a miner changes it. */
function minerKey({ miner, pool, claims }: Session): string {
  const logins = claims.logins.map(({ account, worker }) => `${account} ${worker}`).join(' ');
  return `${miner.ip} ${pool.ip}${pool.name ?? ''} ${pool.port} ${claims.agent} ${logins}`;
}

/** The one of them that ended last before this time; -1 if none did. */
function lastEnded(sessions: readonly Session[], timeUs: number): number {
  let last = -1;
  for (const [i, { connections }] of sessions.entries())
    if (connections.endUs <= timeUs && (last < 0 || connections.endUs > sessions[last].connections.endUs))
      last = i;
  return last;
}

function isUsual({ observed }: Session, silenceUs: number): boolean {
  const { miner, pool } = observed.messages;
  const leastUs = miner + pool < FEW_MESSAGES ? USUAL_OF_FEW_US : USUAL_US;
  return silenceUs <= Math.max(leastUs, USUAL_TIMES_LONGEST * observed.longestGapUs);
}
