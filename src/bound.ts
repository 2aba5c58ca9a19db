/**
 * Methods as call-backs. What lives from packet to packet holds no closure, so that a state can keep it (state/image.ts):
 * a function made here is written down as its object and the name of its method.
 */

interface Binding {
  readonly owner: object;
  readonly method: string;
}

/** What the function carries: a property costs a fraction of an entry in a WeakMap. */
const BINDING = Symbol('binding');

/** The method of `owner` as a function of its own. */
export function bound<Given extends unknown[], Result>(
  owner: object,
  method: (...given: Given) => Result,
): (...given: Given) => Result {
  const made: ((...given: Given) => Result) & { [BINDING]?: Binding } = method.bind(owner);
  made[BINDING] = { owner, method: method.name };
  return made;
}

/** Whose method a function is; undefined if it was not made here. */
export function bindingOf(made: { readonly [BINDING]?: Binding } & object): Binding | undefined {
  return made[BINDING];
}
