/**
 * The time that was watched: the union of what the inputs cover, each from its first to its last packet or record, without
 * holes, in which no connection was captured, and without pauses of captures (sessions/silences.ts). Means, duty and energy a
 * day are over it: of other times nobody knows anything.
 */
import type { Audit, AuditInput } from '../audit/audit.ts';
import { timeUsOf } from '../audit/time.ts';
import { ROTATION_US, type TimeInterval, unionOf, within, without } from '../time-interval.ts';

/**
 * What the inputs cover of the window, holes included, and the pauses of captures that were taken out of it.
 * `silent`: times without any packet, in order and apart.
 */
export function coverOf(
  inputs: readonly AuditInput[],
  window: TimeInterval | null,
  silent: readonly TimeInterval[],
  /** Of each input, by its place among them: times within it that nobody watched. */
  blind: ReadonlyMap<number, readonly TimeInterval[]> = new Map(),
): { readonly covered: readonly TimeInterval[]; readonly pauses: readonly TimeInterval[] } {
  const timed = inputs.map((input, at) => ({
    isOfCapture: isCapture(input),
    times: without(timesOf(input), unionOf(blind.get(at) ?? [])),
  }));
  const [captures, logs] = [true, false].map((which) =>
    unionOf(
      timed.flatMap(({ isOfCapture, times }) => (isOfCapture === which ? times : [])),
      ROTATION_US,
    ),
  );
  // A pause ends with the captures before it: what lies between two of them is covered by none.
  const pauses = within(silent, captures).filter(({ startUs, endUs }) => endUs > startUs);
  return { covered: inWindow([...without(captures, pauses), ...logs], window), pauses };
}

function isCapture({ packets = 0 }: AuditInput): boolean {
  return packets > 0;
}

export function timesOf({ first, last, packets = 0, flows = 0 }: AuditInput): readonly TimeInterval[] {
  if (first === null || last === null || packets + flows === 0) return [];
  return [{ startUs: timeUsOf(first), endUs: timeUsOf(last) }];
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
  const observed = within(unionOf(covered, ROTATION_US), [window]);
  return observed.length === 0 ? [window] : observed;
}
