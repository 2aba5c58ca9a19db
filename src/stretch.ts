/** Stretches of time that may overlap: of sessions, connections and inputs. */

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
  return stretches.reduce((sumUs, { startUs, endUs }) => sumUs + endUs - startUs, 0);
}

/** Length in seconds of the union of stretches. */
export function unionSeconds(stretches: Iterable<Stretch>): number {
  return lengthUs(unionOf(stretches)) / 1e6;
}
