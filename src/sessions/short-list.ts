/** Lists that mostly have one item: a connection has several of them, and there may be 100,000 connections. */

/** The list with one item more. The first makes a list of its own: `push` would make room for sixteen more. */
export function withItem<T>(list: T[], item: T): T[] {
  if (list.length === 0) return [item];
  list.push(item);
  return list;
}
