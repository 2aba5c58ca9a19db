/** The larger column, with the numbers of the old one in front. */
export function grown<A extends { set(source: ArrayLike<number>): void }>(
  old: ArrayLike<number>,
  larger: A,
): A {
  larger.set(old);
  return larger;
}
