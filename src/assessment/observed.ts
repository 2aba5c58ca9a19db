/**
 * The time that was watched: the union of what the inputs cover, each from its first to its last packet or record. Means, duty
 * and energy a day are over it: of the time between nobody knows anything.
 */
import type { AuditInput } from '../audit/audit.ts';
import { timeUsOf } from '../audit/time.ts';
import { type TimeInterval, unionOf, within } from '../time-interval.ts';

/** A rotation of files, and the silence of a small network between two of them, are no hole. */
const PAUSE_US = 60_000_000;

export function observedOf(
  inputs: readonly AuditInput[],
  window: TimeInterval | null,
): readonly TimeInterval[] {
  if (window === null) return [];
  const covered = inputs.flatMap(({ first, last, packets = 0, flows = 0 }) =>
    first === null || last === null || packets + flows === 0
      ? []
      : [{ startUs: timeUsOf(first), endUs: timeUsOf(last) }],
  );
  const observed = within(unionOf(covered, PAUSE_US), [window]);
  return observed.length === 0 ? [window] : observed;
}
