/** Lists that mostly have no item, or one: a connection has several of them, and there may be 100,000 connections. */

/** A list that has no item yet: one for all. */
export const NONE: readonly never[] = Object.freeze([]);

/** Rejects of a session that has none: one for all. */
export const NO_REJECTS: Readonly<Record<string, number>> = Object.freeze({});

/** What `map` gives, for lists to which nothing is added later: empty ones are one in memory. */
export function mapped<T, R>(list: readonly T[], made: (item: T) => R): R[] {
  const none: readonly R[] = NONE;
  return list.length === 0 ? (none as R[]) : list.map(made);
}

/** The list with one item more. The first makes a list of its own: `push` would make room for sixteen more. */
export function withItem<T>(list: readonly T[], item: T): T[] {
  if (list.length === 0) return [item];
  const own = list as T[];
  own.push(item);
  return own;
}
