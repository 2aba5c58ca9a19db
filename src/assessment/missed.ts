/**
 * Bytes that mining connections sent and the capture does not hold: packets that a mirror port or a capturing machine
 * dropped. The shares among them are not counted, so a rate from shares is too low by as much. A rate
 * from nonces is not affected.
 */
import { isPatchy } from '../audit/rate-rows.ts';
import type { TrafficSum } from '../endpoints/traffic.ts';
import { totalOf } from '../order.ts';
import type { SettledSession } from '../sessions/settle.ts';
import { type Statement, statement } from '../statements/index.ts';

/** Headers of IP and TCP without options, which traffic counts. */
const LEAST_HEADERS = 40;

/** Which part of the bytes of the sessions' connections is missing in the capture, 0 to 1, at least. */
export function missedPart(settled: readonly Pick<SettledSession, 'session'>[]): number {
  const { missed, seen } = sumsOf(settled);
  return missed === 0 ? 0 : missed / (missed + seen);
}

/** What the audit says of it: nothing, or one note. */
export function missedNotes(settled: readonly Pick<SettledSession, 'session'>[]): Statement[] {
  const patchy = settled.filter((each) => isPatchy(missedPart([each])));
  if (patchy.length === 0) return [];
  const { missed } = sumsOf(patchy);
  const percent = Math.round(100 * missedPart(patchy));
  return [statement('not-captured', { bytes: missed, sessions: patchy.length, percent })];
}

function sumsOf(settled: readonly Pick<SettledSession, 'session'>[]): { missed: number; seen: number } {
  const seenOf = ({ bytesOut, bytesIn, packetsOut, packetsIn }: TrafficSum): number =>
    Math.max(0, bytesOut + bytesIn - LEAST_HEADERS * (packetsOut + packetsIn));
  return {
    missed: totalOf(settled, ({ session }) => session.connections.missed),
    seen: totalOf(settled, ({ session }) => seenOf(session.connections.traffic)),
  };
}
