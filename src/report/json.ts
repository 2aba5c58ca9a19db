/**
 * The audit for programs: audit.json itself, and ndjson with one typed object a line. Keys stand in the order in
 * which audit.tsv declares them, whatever the order they were made in; unknown ones follow in order of name. The text is plain
 * JSON, with characters that could act on a terminal or break a JavaScript line as \uXXXX.
 */
import { AUDIT, type Audit, HOST, POOL, SESSION } from '../audit/audit.ts';
import { escapeJson } from '../escape.ts';
import type { Fields, Type } from '../schema/field.ts';

/** The value with its keys in the declared order, at every depth; an outer one keeps its lists, whose rows come one by one. */
export function inOrder(value: unknown, type: Type | undefined, isOuter = false): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => inOrder(item, type?.items));
  const fields = type?.fields ?? NO_FIELDS;
  const ordered: Record<string, unknown> = {};
  let others = Object.keys(value).length;
  for (const key in fields) {
    if (!Object.hasOwn(value, key)) continue;
    const member = Reflect.get(value, key);
    // For no reader's eyes, and most of a row.
    const isKept = fields[key].shown === 'merge' || (isOuter && Array.isArray(member));
    ordered[key] = isKept ? member : inOrder(member, fields[key].type);
    others--;
  }
  if (others === 0) return ordered;
  const keys = Object.keys(value).filter((key) => !Object.hasOwn(fields, key));
  for (const key of keys.sort()) {
    const member = Reflect.get(value, key);
    put(ordered, key, isOuter && Array.isArray(member) ? member : inOrder(member, type?.items));
  }
  return ordered;
}

const NO_FIELDS: Fields = {};
const FIELDS: Fields = AUDIT.fields;

/** Sets a field of its own, whatever its name. */
function put(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true });
  else object[key] = value;
}

/** audit.json: indented, with a line for each row of the long lists. */
export function renderJson(audit: Audit): Generator<string> {
  return objectInPieces(topLevel(audit), (value, key) => {
    const items = FIELDS[key]?.type.items;
    if (Array.isArray(value))
      return listInPieces(value, (item) => escapeJson(JSON.stringify(inOrder(item, items))));
    // For no reader's eyes, and long: on one line.
    return key === 'merge' ? onOneLine(value) : [indented(value, 2)];
  });
}

/** An object of JSON with a field a line, each as `piecesOf` says: all of it may be longer than a string can be. */
export function* objectInPieces(
  object: object,
  piecesOf: (value: unknown, key: string) => Iterable<string>,
): Generator<string> {
  let before = '{\n';
  for (const [key, value] of Object.entries(object)) {
    yield `${before}  ${escapeJson(JSON.stringify(key))}: `;
    before = ',\n';
    yield* piecesOf(value, key);
  }
  yield '\n}\n';
}

/** A list of such an object, an item a line. */
export function* listInPieces(
  list: readonly unknown[],
  textOf: (item: unknown) => string,
): Generator<string> {
  let before = '[\n    ';
  for (const item of list) {
    yield before + textOf(item);
    before = ',\n    ';
  }
  yield list.length === 0 ? '[]' : '\n  ]';
}

/** One object per host, session and pool, then one of type 'totals' with everything else but what a merge needs. */
export function* renderNdjson(audit: Audit): Generator<string> {
  const { hosts, sessions, pools, totals, merge: _, ...rest } = audit;
  for (const host of hosts) yield typed('host', host, HOST);
  for (const { facts: _facts, ...session } of sessions) yield typed('session', session, SESSION);
  for (const pool of pools) yield typed('pool', pool, POOL);
  const inTotals = FIELDS.totals.type.fields;
  const fields: Fields = { ...inTotals, ...FIELDS, ...inTotals };
  const ordered = Object.entries(Object(inOrder({ ...rest, ...totals }, { kind: 'record', fields }, true)));
  // The first entry keeps its place, the second its value, should a foreign audit bring a type of its own.
  yield* onOneLine(Object.fromEntries([['type', 'totals'], ...ordered, ['type', 'totals']]), (item, key) =>
    inOrder(item, fields[key]?.type.items),
  );
  yield '\n';
}

/** The top level in order. */
function topLevel({ merge, ...shown }: Audit): Record<string, unknown> {
  // What a merge needs is long and for no reader: it comes last, in the order in which it was made.
  return { ...Object(inOrder(shown, AUDIT, true)), ...(merge === undefined ? {} : { merge }) };
}

/** Thousands of short rows are written faster by the dozen; all at once could be longer than a string can be. */
const AT_ONCE = 32;

/**
 * The value as JSON.stringify writes it, piece by piece: all of it may be longer than a string can be. `shown` makes of
 * an item of a list what is written of it.
 */
function* onOneLine(
  value: unknown,
  shown: (item: unknown, key: string) => unknown = (item) => item,
): Generator<string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield escapeJson(JSON.stringify(value));
    return;
  }
  let before = '{';
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    yield `${before}${escapeJson(JSON.stringify(key))}:`;
    before = ',';
    if (!Array.isArray(member)) yield escapeJson(JSON.stringify(member));
    else yield* itemsOnOneLine(member, (item) => shown(item, key));
  }
  yield before === '{' ? '{}' : '}';
}

function* itemsOnOneLine(list: readonly unknown[], shown: (item: unknown) => unknown): Generator<string> {
  let before = '[';
  for (let from = 0; from < list.length; from += AT_ONCE) {
    const items = escapeJson(JSON.stringify(list.slice(from, from + AT_ONCE).map(shown)));
    yield before + items.slice(1, -1);
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

/** The value over several lines, all but the first indented by so many blanks. */
export function indented(value: unknown, by: number): string {
  return escapeJson(JSON.stringify(value, null, 2)).replaceAll('\n', `\n${' '.repeat(by)}`);
}

function typed(kind: string, row: object, type: Type): string {
  const body = Object(inOrder(row, type));
  // The first entry keeps its place, the second its value, should a foreign row bring a type of its own.
  return `${escapeJson(JSON.stringify(Object.fromEntries([['type', kind], ...Object.entries(body), ['type', kind]])))}\n`;
}
