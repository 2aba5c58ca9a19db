/**
 * The time that was watched: the union of what the inputs cover, each from its first to its last packet or record, without the
 * holes in which no connection was captured. Means, duty and energy a day are over it: of other times nobody knows anything.
 */
import type { Audit, AuditInput } from '../audit/audit.ts';
import { timeUsOf } from '../audit/time.ts';
import { type TimeInterval, unionOf, within, without } from '../time-interval.ts';

/** A rotation of files, and the silence of a small network between two of them, are no hole. */
const PAUSE_US = 60_000_000;

export function observedOf(
  inputs: readonly AuditInput[],
  window: TimeInterval | null,
  holes: readonly TimeInterval[],
  /** Of each input, by its place among them: times within it that nobody watched. */
  blind: ReadonlyMap<number, readonly TimeInterval[]> = new Map(),
): readonly TimeInterval[] {
  const covered = inputs.flatMap(({ first, last, packets = 0, flows = 0 }, at) =>
    first === null || last === null || packets + flows === 0
      ? []
      : without([{ startUs: timeUsOf(first), endUs: timeUsOf(last) }], unionOf(blind.get(at) ?? [])),
  );
  return without(inWindow(covered, window), holes);
}

/** The same of audits that are merged. */
export function observedOfAudits(
  audits: readonly Audit[],
  window: TimeInterval | null,
): readonly TimeInterval[] {
  const all = audits.flatMap((audit) => audit.window.observed);
  return inWindow(
    all.map(({ start, end }) => ({ startUs: timeUsOf(start), endUs: timeUsOf(end) })),
    window,
  );
}

/** The union; the whole window if nothing of it is told. */
function inWindow(covered: readonly TimeInterval[], window: TimeInterval | null): readonly TimeInterval[] {
  if (window === null) return [];
  const observed = within(unionOf(covered, PAUSE_US), [window]);
  return observed.length === 0 ? [window] : observed;
}
