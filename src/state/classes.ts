/** The classes of a state (kept.ts), and what every run has anyway. */
import { DIALECTS } from '../dialects/index.ts';
import type { ClassList } from './image.ts';
import * as KEPT from './kept.ts';

const ORDINARY = new Set<object | null>([
  null,
  Object.prototype,
  Array.prototype,
  Map.prototype,
  Set.prototype,
]);

/** All classes, and the objects of the dialects that no run changes, by their names. */
export function keptClasses(): { readonly classes: ClassList; readonly fixed: ReadonlyMap<string, object> } {
  const classes = new Map<string, { readonly prototype: object }>(Object.entries(KEPT));
  const fixed = new Map<string, object>([['dialects', DIALECTS]]);
  /** A fresh reader shows what readers are made of. */
  const visit = (one: unknown, name: string): void => {
    if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one)) return;
    const prototype = Object.getPrototypeOf(one);
    if (!ORDINARY.has(prototype)) {
      const { name: known } = prototype.constructor;
      if ((classes.get(known)?.prototype ?? prototype) !== prototype)
        throw new Error(`two classes are named ${known}`);
      classes.set(known, prototype.constructor);
    } else if (Object.values(one).some((value) => typeof value === 'function')) {
      fixed.set(name, one);
      return;
    }
    for (const [key, value] of Object.entries(one)) visit(value, `${name} ${key}`);
  };
  for (const dialect of DIALECTS) {
    fixed.set(`dialect ${dialect.id}`, dialect);
    visit(dialect.reader(), `reader ${dialect.id}`);
  }
  return { classes, fixed };
}
