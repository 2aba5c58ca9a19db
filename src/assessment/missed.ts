/**
 * Bytes that mining connections sent and the capture does not hold: packets that a mirror port or a capturing machine
 * dropped. The shares among them are not counted, so a rate from shares is too low by as much. A rate
 * from nonces is not affected.
 */
import { isPatchy } from '../audit/rate-rows.ts';
import type { TrafficSum } from '../endpoints/traffic.ts';
import { totalOf } from '../order.ts';
import type { Session } from '../sessions/session.ts';
import type { SettledSession } from '../sessions/settle.ts';
import { sightingOf } from '../sessions/sightings.ts';
import { type Statement, statement } from '../statements/index.ts';

/** Headers of IP and TCP without options, which traffic counts. */
const LEAST_HEADERS = 40;

/** Which part of the bytes of the sessions' connections is missing in the capture, 0 to 1, at least. */
export function missedPart(settled: readonly Pick<SettledSession, 'session'>[]): number {
  const { missed, seen } = sumsOf(settled);
  return missed === 0 ? 0 : missed / (missed + seen);
}

/** What the audit says of it. */
export function missedNotes(settled: readonly Pick<SettledSession, 'session'>[]): Statement[] {
  const notes: Statement[] = [];
  const patchy = settled.filter((each) => isPatchy(missedPart([each])));
  if (patchy.length > 0) {
    const percent = Math.round(100 * missedPart(patchy));
    notes.push(statement('not-captured', { bytes: sumsOf(patchy).missed, sessions: patchy.length, percent }));
  }
  const unsure = settled.filter(({ session }) => mayLackDifficulty(session)).length;
  if (unsure > 0) notes.push(statement('difficulty-unsure', { sessions: unsure }));
  return notes;
}

/** A difficulty holds until the pool says another one, which may be among the bytes that are missing. */
function mayLackDifficulty({ connections, heard, shares }: Session): boolean {
  const isSet = sightingOf(heard.sightings, 'difficulty') !== undefined;
  return isSet && connections.missed > 0 && shares.submitted > 0;
}

function sumsOf(settled: readonly Pick<SettledSession, 'session'>[]): { missed: number; seen: number } {
  const seenOf = ({ bytesOut, bytesIn, packetsOut, packetsIn }: TrafficSum): number =>
    Math.max(0, bytesOut + bytesIn - LEAST_HEADERS * (packetsOut + packetsIn));
  return {
    missed: totalOf(settled, ({ session }) => session.connections.missed),
    seen: totalOf(settled, ({ session }) => seenOf(session.connections.traffic)),
  };
}
