/**
 * Bytes that mining connections sent and the capture does not hold: packets that a mirror port or a capturing machine
 * dropped. The shares among them are not counted, so a rate from shares is too low by as much. A rate
 * from nonces is not affected.
 */
import { isPatchy } from '../audit/rate-rows.ts';
import type { TrafficSum } from '../endpoints/traffic.ts';
import { totalOf } from '../order.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { observationOf } from '../sessions/observations.ts';
import type { Session } from '../sessions/session.ts';
import { type Statement, statement } from '../statements/index.ts';

/** Headers of IP and TCP without options, which traffic counts. */
const LEAST_HEADERS = 40;

/** Which part of the bytes of the sessions' connections is missing in the capture, 0 to 1, at least. */
export function missedPart(finalized: readonly Pick<FinalSession, 'session'>[]): number {
  const { missed, seen } = sumsOf(finalized);
  return missed === 0 ? 0 : missed / (missed + seen);
}

/** What the audit says of it. */
export function missedNotes(finalized: readonly Pick<FinalSession, 'session'>[]): Statement[] {
  const notes: Statement[] = [];
  const patchy = finalized.filter((each) => isPatchy(missedPart([each])));
  if (patchy.length > 0) {
    const percent = Math.round(100 * missedPart(patchy));
    notes.push(statement('not-captured', { bytes: sumsOf(patchy).missed, sessions: patchy.length, percent }));
  }
  const unsure = finalized.filter(({ session }) => mayLackDifficulty(session)).length;
  if (unsure > 0) notes.push(statement('difficulty-unsure', { sessions: unsure }));
  return notes;
}

/** A difficulty holds until the pool says another one, which may be among the bytes that are missing. */
function mayLackDifficulty({ connections, observed, shares }: Session): boolean {
  const isSet = observationOf(observed.observations, 'difficulty') !== undefined;
  return isSet && connections.missed > 0 && shares.submitted > 0;
}

function sumsOf(finalized: readonly Pick<FinalSession, 'session'>[]): { missed: number; seen: number } {
  const seenOf = ({ bytesOut, bytesIn, packetsOut, packetsIn }: TrafficSum): number =>
    Math.max(0, bytesOut + bytesIn - LEAST_HEADERS * (packetsOut + packetsIn));
  return {
    missed: totalOf(finalized, ({ session }) => session.connections.missed),
    seen: totalOf(finalized, ({ session }) => seenOf(session.connections.traffic)),
  };
}
