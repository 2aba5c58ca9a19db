/** What the audit says of packets of mining connections that the capture does not hold (sessions/loss.ts). */
import { isPatchy } from '../audit/rate-rows.ts';
import { totalOf } from '../order.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { lostOut } from '../sessions/loss.ts';
import { observationOf } from '../sessions/observations.ts';
import type { Session } from '../sessions/session.ts';
import { type Statement, statement } from '../statements/index.ts';

/** Which part of what the miners of the sessions sent is missing in the capture, 0 to 1, at least. */
export function missedPart(finalized: readonly Pick<FinalSession, 'session'>[]): number {
  const lost = totalOf(finalized, ({ session }) => session.connections.missedOut);
  return lost === 0 ? 0 : lost / (lost + totalOf(finalized, ({ session }) => session.connections.saidOut));
}

export function missedNotes(finalized: readonly Pick<FinalSession, 'session'>[]): Statement[] {
  const notes: Statement[] = [];
  const patchy = finalized.filter(({ session }) => isPatchy(lostOut(session)));
  if (patchy.length > 0) {
    const bytes = totalOf(patchy, ({ session }) => session.connections.missedOut);
    const percent = Math.round(100 * missedPart(patchy));
    notes.push(statement('loss-corrected', { bytes, sessions: patchy.length, percent }));
  }
  const unsure = finalized.filter(({ session }) => mayLackDifficulty(session)).length;
  if (unsure > 0) notes.push(statement('difficulty-unsure', { sessions: unsure }));
  return notes;
}

/** A difficulty holds until the pool says another one, which may be among the bytes that are missing. */
function mayLackDifficulty({ connections, observed, shares }: Session): boolean {
  const isSet = observationOf(observed.observations, 'difficulty') !== undefined;
  return isSet && connections.missedIn > 0 && shares.submitted > 0;
}
