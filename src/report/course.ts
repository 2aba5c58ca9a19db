/** Shares over time in equal steps, of sessions of which windows with shares are known. */
import type { AuditSession } from '../audit/audit.ts';
import { type Steps, spread, stepsOver } from './steps.ts';

/** Windows with shares, and the connections that they came in. */
type Course = Pick<NonNullable<AuditSession['sharesSeen']>, 'series' | 'connections'>;

/** Steps that people read in a line. */
const MOST_STEPS = 12;
const LEAST_SECONDS = 60;

/** Shares of a session by step from its first connection to the end of its last; null if all of it is one step. */
export function courseOf({
  series,
  connections,
}: Course): (Steps & { readonly shares: readonly number[] }) | null {
  const [first] = connections;
  const last = connections.at(-1);
  if (first === undefined || last === undefined) return null;
  const steps = stepsOver(first.start, last.end, MOST_STEPS, LEAST_SECONDS);
  if (steps === null || steps.count < 2) return null;
  const shares = new Float64Array(steps.count);
  for (const { start, seconds, shares: count } of series)
    spread(shares, steps, Date.parse(start), Date.parse(start) + seconds * 1000, count);
  return { ...steps, shares: [...shares] };
}
