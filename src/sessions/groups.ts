/**
 * What data/session.tsv says of the fields of a session, done: two parts of a session are joined, a new period begins, and
 * what a later merge needs is written into the row of the audit and read back.
 */
import { type SessionField, sessionFields } from './declared.ts';
import type { GroupName } from './fields.ts';
import { withItem } from './short-list.ts';

type Join = (earlier: unknown, later: unknown, keys: readonly string[]) => unknown;

/** How an earlier and a later part of a session make the whole; what `own` means is in the class of the group. */
const JOINS: Readonly<Record<string, Join>> = {
  sum: (earlier, later) => Number(earlier) + Number(later),
  min: (earlier, later) => nearest(Math.min, earlier, later),
  max: (earlier, later) => nearest(Math.max, earlier, later),
  first: (earlier, later) => (earlier === null || earlier === '' ? later : earlier),
  last: (earlier, later) => later ?? earlier,
  either: (earlier, later) => earlier === true || later === true || (earlier ?? later),
  concat: (earlier, later) => [...itemsOf(earlier), ...itemsOf(later)],
  union: (earlier, later, keys) =>
    keys.length === 0 ? unionOf(earlier, later) : unionBy(itemsOf(earlier), itemsOf(later), keys),
  sums: (earlier, later) => sumsOf(Object(earlier), Object(later)),
  own: (earlier) => earlier,
};

const FIELDS = sessionFields();

type Groups = Readonly<Record<GroupName, object>>;

function fieldsOf(group: GroupName): readonly SessionField[] {
  return FIELDS.get(group) ?? [];
}

/** Joins a group of a session with that of a later part, which must not be used afterwards. */
export function join<Group extends object>(name: GroupName, own: Group, later: Group): void {
  for (const {
    name: field,
    join: [law, ...keys],
  } of fieldsOf(name))
    Reflect.set(own, field, JOINS[law](Reflect.get(own, field), Reflect.get(later, field), keys));
}

/** A new period begins: `fresh` is a group of which nothing is known. */
export function beginPeriod<Group extends object>(name: GroupName, own: Group, fresh: Group): void {
  for (const { name: field, period } of fieldsOf(name))
    if (period === 'reset') Reflect.set(own, field, Reflect.get(fresh, field));
}

/** What a later merge needs of the groups of a session, and the row of the audit does not have elsewhere. */
export function factsOfGroups(groups: Groups): Readonly<Record<GroupName, object>> {
  const facts = { ...groups };
  for (const [group, fields] of FIELDS) {
    const own: Record<string, unknown> = {};
    for (const { name, kept } of fields)
      if (kept === 'merge') own[name] = toJson(Reflect.get(groups[group], name));
    facts[group] = own;
  }
  return facts;
}

/** Reads groups, of which nothing is known, from the row of an audit. */
export function restoreGroups(groups: Groups, row: object): void {
  for (const [group, fields] of FIELDS)
    for (const { name, kept } of fields) {
      const path = kept === 'merge' ? ['facts', group, name] : kept.slice(1).split('.');
      const own = groups[group];
      if (kept !== '') Reflect.set(own, name, fromJson(Reflect.get(own, name), valueAt(row, path)));
    }
}

/** A value that says of itself how it is written. */
interface Written {
  toFacts(): unknown;
  fromFacts(facts: unknown): unknown;
}

function isWritten(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && 'toFacts' in value;
}

/** JSON has no infinite numbers and no sets. */
function toJson(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value instanceof Set) return [...value];
  return isWritten(value) ? value.toFacts() : (value ?? null);
}

/** The value in place of `initial`, which the group begins with. */
function fromJson(initial: unknown, written: unknown): unknown {
  if (written === null || written === undefined) return initial;
  if (isWritten(initial)) return initial.fromFacts(written);
  const names = Array.isArray(initial) || initial instanceof Set ? [] : Object.keys(Object(initial));
  // The row may say more of it.
  if (names.length > 0) return Object.fromEntries(names.map((name) => [name, valueAt(written, [name])]));
  return copyOf(written);
}

/** The audit that is read stays as it is. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  return typeof value === 'object' && value !== null ? { ...value } : value;
}

function valueAt(row: unknown, path: readonly string[]): unknown {
  return path.reduce((at: unknown, name) => (at == null ? null : Reflect.get(Object(at), name)), row);
}

function nearest(of: (a: number, b: number) => number, earlier: unknown, later: unknown): unknown {
  if (earlier === null || later === null) return earlier ?? later;
  return of(Number(earlier), Number(later));
}

function itemsOf(list: unknown): readonly object[] {
  return Array.isArray(list) ? list : [];
}

function unionOf(earlier: unknown, later: unknown): unknown {
  if (!(later instanceof Set)) return earlier;
  return earlier instanceof Set ? new Set([...earlier, ...later]) : later;
}

function unionBy(list: readonly object[], later: readonly object[], keys: readonly string[]) {
  return later.reduce<readonly object[]>(
    (all, item) => (lacks(all, item, keys) ? withItem(all, item) : all),
    list,
  );
}

/** True if no item of the list is the same by these keys. */
export function lacks<Item extends object>(
  list: readonly Item[],
  item: Item,
  keys: readonly string[],
): boolean {
  return !list.some((known) => keys.every((key) => Reflect.get(known, key) === Reflect.get(item, key)));
}

function sumsOf(earlier: Readonly<Record<string, number>>, later: Readonly<Record<string, number>>) {
  const sums: Record<string, number> = { ...earlier };
  for (const [name, value] of Object.entries(later)) sums[name] = (sums[name] ?? 0) + value;
  return sums;
}
