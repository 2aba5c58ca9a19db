/**
 * Bytes that a mining connection sent and the capture does not hold: packets that a mirror port or a capturing machine
 * dropped. The shares among them are not counted, so that work is divided by the part that was captured. A rate from nonces
 * is not affected.
 */
import type { ShareSum } from '../evidence/poisson.ts';
import { lengthUs } from '../time-interval.ts';
import type { AlgorithmWork } from './finalize.ts';
import type { Session } from './session.ts';

/** Part of the miner's bytes that is missing, 0 to 1, at least: shares are what a miner says. */
export function lostOut({ connections: { missedOut, saidOut } }: Session): number {
  return missedOut > 0 ? missedOut / (missedOut + saidOut) : 0;
}

/** The work of a session's part with what was not captured, for a rate. */
export function shareSumOf(session: Session, part: AlgorithmWork): ShareSum {
  const factor = 1 / (1 - Math.min(lostOut(session), MOST_LOST));
  const work = part.work ?? 0;
  return {
    work: work * factor,
    workSquared: part.workSquared * factor * factor,
    shares: part.shares,
    seconds: lengthUs(part.intervals) / 1e6,
    workInForce: part.workInForce * factor,
    captured: work,
  };
}

/** More is missing only where next to nothing was captured. */
const MOST_LOST = 0.99;
