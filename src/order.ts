/** Orders, groups, sums, and what is kept by a key. */

/** By code units, so that the order is the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Distinct names in order; null is not a name. */
export function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))].sort();
}

/** The sum of what each of the items has. */
export function totalOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

/** What is under a key; made and put there if there is nothing. */
export function under<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => NoInfer<V>,
): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Adds to the list under a key. */
export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  // An empty list that grows takes room for 17 values.
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

/** The same where each value stands once. */
export function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  under(map, key, () => new Set()).add(value);
}

/** The items by their keys, in the order in which keys come first. */
export function groupBy<K, V>(items: Iterable<V>, keyOf: (item: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const item of items) push(groups, keyOf(item), item);
  return groups;
}
