/**
 * What the nonces of sessions say (evidence/counter): which of their shares are read, which digits in which dialect, and
 * how many sessions of a run. Left out on purpose: dialects whose miners start at nonces of their own (Ethash, KawPow,
 * Equihash) or have not been seen counting (docs/internals/decisions.md).
 */
import { identifyAgent } from '../evidence/agent.ts';
import { canonicalAlgorithm, hashesPerUnit } from '../evidence/algorithm.ts';
import { estimateCounter, tooFewShares } from '../evidence/counter/counter.ts';
import type { CounterDialect, CounterEstimate, CounterShare } from '../evidence/counter/counter-input.ts';
import { counterShares } from '../evidence/counter/share-log.ts';
import { groupBy } from '../order.ts';
import type { Session } from './session.ts';
import type { LoggedShare } from './share-table.ts';

/** A session's rate by its nonces, with the algorithm of the shares that were read. */
export interface SessionCounter {
  /** Canonical id; null if it is not known, and then the rate belongs to no algorithm. */
  readonly algorithm: string | null;
  /** Null if the run had no time left for this session. */
  readonly estimate: CounterEstimate | null;
  /** Machines that searched at one time, by set nonce bytes, at most; 0 if the dialect tells none apart. */
  readonly rigs: number;
  /** The same at least: one at the most where the bytes may as well be the miner's own, drawn at random. */
  readonly leastRigs: number;
  /** Shares before those that were read: not 0 if the estimate is of the newest part of the session. */
  readonly unreadShares: number;
}

const FEWEST_SHARES = 4;
/** One machine of a session costs about as much as so many shares. */
const MACHINE_COST = 100;
/**
 * Cost of all sessions of a run: enough for some 4,500 miners with 120 shares each, as the audit of Jiangsu had them. It
 * takes one thread 3 to 15 s, and up to a minute where every session is as hard to read as they come.
 */
const RUN_COST = 1_000_000;

/** How much reading a run has left: a capture of countless short sessions must end like any other. */
export class CounterBudget {
  private left = RUN_COST;

  /** Takes the cost of a reading; false if it is not there. */
  take(cost: number): boolean {
    if (cost > this.left) return false;
    this.left -= cost;
    return true;
  }
}

/**
 * What the session's nonces say; null if there are none or the dialect's are not read. `algorithm` is the session's own;
 * if its jobs name several, the one with most shares is read.
 */
export function readCounter(
  session: Session,
  algorithm: string | null,
  budget: CounterBudget,
): SessionCounter | null {
  const dialect = COUNTER_DIALECTS.get(session.dialect);
  if (dialect === undefined || session.shares.kept === 0) return null;
  const [mined, log] = mostMined(session.shares.log, algorithm);
  // Those that the log forgot may have been of another algorithm: then there is no telling, and it is a part.
  const unreadShares = Math.max(0, session.shares.logged - session.shares.kept);
  if (log.length < FEWEST_SHARES) {
    const used = log.filter(({ nonce, isMadeUp }) => nonce !== null && !isMadeUp).length;
    if (used === 0) return null;
    return { algorithm: mined, estimate: tooFewShares(used), rigs: 0, leastRigs: 0, unreadShares };
  }
  const perUnit = mined === null ? null : hashesPerUnit(mined);
  const shares = counterShares(log, perUnit);
  if (shares.length === 0) return null;
  const niceHash =
    dialect === 'cryptonote' && (session.jobs.fixesNonce || isXmrigProxy(session.claims.agent));
  const rigs = niceHash ? rigsAtOnce(shares) : 0;
  const leastRigs = rigs > 1 && !areBytesSet(shares) ? 1 : rigs;
  const machines = niceHash ? machinesToRead(shares) : 1;
  if (shares.length >= FEWEST_SHARES && !budget.take(MACHINE_COST * machines + shares.length))
    return { algorithm: mined, estimate: null, rigs, leastRigs, unreadShares };
  // Below a millisecond it is the capture's own noise, which the order of two packets can change.
  const roundTripUs =
    session.connections.roundTripUs === null
      ? null
      : Math.floor(session.connections.roundTripUs / 1000) * 1000;
  const estimate = estimateCounter({ dialect, shares, roundTripUs, niceHash });
  return { algorithm: mined, estimate, rigs, leastRigs, unreadShares };
}

/** Names the algorithm of a share or work interval: the one that its job names, or else the session's own. */
export function namedOr(own: string | null): (of: { readonly algorithm: string | null }) => string | null {
  return ({ algorithm }) => (algorithm === null ? own : (canonicalAlgorithm(algorithm) ?? algorithm));
}

function mostMined(log: readonly LoggedShare[], algorithm: string | null): [string | null, LoggedShare[]] {
  let best: [string | null, LoggedShare[]] = [null, []];
  for (const entry of groupBy(log, namedOr(algorithm))) if (entry[1].length > best[1].length) best = entry;
  return best;
}

const COUNTER_DIALECTS: ReadonlyMap<string, CounterDialect> = new Map([
  ['cryptonote', 'cryptonote'],
  ['stratum-v1', 'stratum-v1'],
]);

/** It distinguishes its miners by the last byte of the nonce, whether the pool's jobs show that or not. */
function isXmrigProxy(agent: string | null): boolean {
  return agent !== null && identifyAgent(agent)?.software === 'xmrig-proxy';
}

/** Machines by their byte that have shares enough to be read, at least one. */
function machinesToRead(shares: readonly CounterShare[]): number {
  const machines = [...groupBy(shares, lastByte).values()];
  return Math.max(1, machines.filter((own) => own.length >= FEWEST_SHARES).length);
}

function lastByte({ nonce }: CounterShare): string {
  return nonce.slice(6).toLowerCase();
}

/** Most values of the last nonce byte within one job: machines come and go, but hardly within one. */
function rigsAtOnce(shares: readonly CounterShare[]): number {
  const seen = shares.filter(({ jobIndex, nonce }) => jobIndex >= 0 && nonce.length === 8);
  const byJob = groupBy(seen, ({ jobIndex }) => jobIndex);
  return Math.max(0, ...[...byJob.values()].map((own) => new Set(own.map(lastByte)).size));
}

const BYTES = 256;
/** Standard deviations below what chance gives: one session in 30,000 is that far below. */
const FEWER = 4;

/**
 * True if the last nonce bytes have fewer values than bytes drawn at random would have: somebody sets them. Miners
 * that heed no set byte draw it with the rest of the nonce. The mean and variance are those of the classical occupancy
 * problem.
 */
function areBytesSet(shares: readonly CounterShare[]): boolean {
  const bytes = shares.filter(({ nonce }) => nonce.length === 8).map(lastByte);
  const drawn = bytes.length;
  const missedByOne = (1 - 1 / BYTES) ** drawn;
  const missedByTwo = (1 - 2 / BYTES) ** drawn;
  const mean = BYTES * (1 - missedByOne);
  const variance = BYTES * missedByOne + BYTES * (BYTES - 1) * missedByTwo - (BYTES * missedByOne) ** 2;
  return new Set(bytes).size < mean - FEWER * Math.sqrt(Math.max(0, variance));
}
