/** Stretches of time that may overlap: of sessions, connections and inputs. */

import { totalOf } from './order.ts';

/** Microseconds since 1970. */
export interface Stretch {
  readonly startUs: number;
  readonly endUs: number;
}

/** In the order of time; those with no more than `gapUs` between them are one. */
export function unionOf(stretches: Iterable<Stretch>, gapUs = 0): Stretch[] {
  const union: { startUs: number; endUs: number }[] = [];
  for (const { startUs, endUs } of [...stretches].sort((a, b) => a.startUs - b.startUs)) {
    const last = union.at(-1);
    if (last !== undefined && startUs <= last.endUs + gapUs) last.endUs = Math.max(last.endUs, endUs);
    else union.push({ startUs, endUs });
  }
  return union;
}

/** Length of all stretches together, us. */
export function lengthUs(stretches: readonly Stretch[]): number {
  return totalOf(stretches, ({ startUs, endUs }) => endUs - startUs);
}

/** Seconds that two stretches have in common. */
export function sharedSeconds(a: Stretch, b: Stretch): number {
  return Math.max(0, Math.min(a.endUs, b.endUs) - Math.max(a.startUs, b.startUs)) / 1e6;
}

/** Most stretches at one time, each for as many as it counts for; one that ends as another begins is over. */
export function mostAtOnce(stretches: readonly (Stretch & { readonly count?: number })[]): number {
  const edges = stretches.flatMap(({ startUs, endUs, count = 1 }) => [
    { atUs: startUs, step: count },
    { atUs: endUs, step: -count },
  ]);
  let [open, most] = [0, 0];
  for (const { step } of edges.sort((a, b) => a.atUs - b.atUs || a.step - b.step)) {
    open += step;
    most = Math.max(most, open);
  }
  return most;
}

/** Length in seconds of the union of stretches. */
export function unionSeconds(stretches: Iterable<Stretch>): number {
  return lengthUs(unionOf(stretches)) / 1e6;
}
