/** Shares over time in equal steps, of sessions of which windows with shares are known. */
import type { AuditSession } from '../audit/audit.ts';
import { type Steps, sharesBy, stepsOver } from './steps.ts';

/** Windows with shares, and the connections that they came in. */
type ExchangePattern = Pick<NonNullable<AuditSession['sharesSeen']>, 'series' | 'connections'>;

/** Steps that people read in a line. */
const MOST_STEPS = 12;
const LEAST_SECONDS = 60;

/** Shares of a session by step from its first connection to the end of its last; null if all of it is one step. */
export function timelineOf({
  series,
  connections,
}: ExchangePattern): (Steps & { readonly shares: number[] }) | null {
  const [from, to] = [connections[0]?.start, connections.at(-1)?.end].map((time) => Date.parse(time ?? ''));
  const steps = stepsOver(from, to, MOST_STEPS, LEAST_SECONDS);
  return steps === null || steps.count < 2 ? null : { ...steps, shares: sharesBy(steps, series) };
}
