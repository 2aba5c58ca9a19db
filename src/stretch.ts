/** Stretches of time that may overlap: of sessions, connections and inputs. */

/** Microseconds since 1970. */
export interface Stretch {
  readonly startUs: number;
  readonly endUs: number;
}

/** In the order of time; those that overlap or touch are one. */
export function unionOf(stretches: Iterable<Stretch>): Stretch[] {
  const union: { startUs: number; endUs: number }[] = [];
  for (const { startUs, endUs } of [...stretches].sort((a, b) => a.startUs - b.startUs)) {
    const last = union.at(-1);
    if (last !== undefined && startUs <= last.endUs) last.endUs = Math.max(last.endUs, endUs);
    else union.push({ startUs, endUs });
  }
  return union;
}

/** Length in seconds of the union of stretches. */
export function unionSeconds(stretches: Iterable<Stretch>): number {
  return unionOf(stretches).reduce((sumUs, { startUs, endUs }) => sumUs + endUs - startUs, 0) / 1e6;
}
