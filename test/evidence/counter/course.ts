/** How the rate of a simulated session goes: spells at another rate, short or for good. */

/** A span of the session, as parts of it (0 to 1), in which the rate is so many times what it is else. */
export interface Spell {
  readonly from: number;
  readonly to: number;
  readonly times: number;
}

/** Seconds of work at one rate. */
export interface TimeInterval {
  readonly from: number;
  readonly to: number;
  readonly rate: number;
}

/** What a track does at `rate` between two times of a session of `seconds`, cut where spells begin and end. */
export function timelineOf(
  spells: readonly Spell[],
  seconds: number,
  rate: number,
  [from, to]: readonly [number, number],
): TimeInterval[] {
  const edges = spells.flatMap((spell) => [spell.from * seconds, spell.to * seconds]);
  const within = [from, ...edges.filter((edge) => edge > from && edge < to).sort((a, b) => a - b), to];
  return within.slice(1).map((end, index) => {
    const start = within[index] ?? from;
    const middle = (start + end) / 2 / seconds;
    const times = spells.reduce(
      (all, spell) => all * (spell.from <= middle && middle < spell.to ? spell.times : 1),
      1,
    );
    return { from: start, to: end, rate: rate * times };
  });
}

/** Counts of a course in all. */
export function countOf(course: readonly TimeInterval[]): number {
  return course.reduce((sum, { from, to, rate }) => sum + rate * (to - from), 0);
}

/** When a course reaches a count. */
export function timeOf(course: readonly TimeInterval[], count: number): number {
  let left = count;
  for (const { from, to, rate } of course) {
    const own = rate * (to - from);
    if (left <= own) return from + left / rate;
    left -= own;
  }
  const last = course.at(-1);
  return last === undefined ? 0 : last.to + left / last.rate;
}
