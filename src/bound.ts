/**
 * Methods as call-backs. What lives from packet to packet holds no closure, so that a state can keep it (state/image.ts):
 * a function made here is written down as its object and the name of its method.
 */

interface Binding {
  readonly owner: object;
  readonly method: string;
}

const bindings = new WeakMap<object, Binding>();

/** The method of `owner` as a function of its own. */
export function bound<Given extends unknown[], Result>(
  owner: object,
  method: (...given: Given) => Result,
): (...given: Given) => Result {
  const made = method.bind(owner);
  bindings.set(made, { owner, method: method.name });
  return made;
}

/** Whose method a function is; undefined if it was not made here. */
export function bindingOf(made: object): Binding | undefined {
  return bindings.get(made);
}
