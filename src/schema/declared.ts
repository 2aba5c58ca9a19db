/**
 * Types that a table of data/ declares, a row a field: its place ('host.owner', with '?' if it may be absent), type, meaning,
 * unit, version, where it is shown, and the TypeScript type that the program has for it. data/audit.tsv explains how a type
 * is written.
 */
import {
  address,
  amount,
  count,
  type Field,
  type Fields,
  flag,
  list,
  map,
  number,
  orNull,
  part,
  type Type,
  text,
} from './field.ts';
import * as cells from './table.ts';

const SIMPLE: Readonly<Record<string, Type>> = {
  address,
  text,
  flag,
  number,
  amount,
  count,
  fraction: part,
  whole: { kind: 'whole' },
};
const MEMBERS = { '[]': list, '{}': map, '?': orNull } as const;
const TYPE = /^(?<base>.+?)(?<bound>[<>]=\d+)?(?<members>(?:\[\]|\{\}|\?)*)$/;

interface Row extends Omit<Field, 'type'> {
  readonly name: string;
  readonly cell: string;
  readonly unit: string;
  readonly known: string;
}

/** Types by name, those of which nothing but fields is told too. `others` are declared in the program. */
export function declaredTypes(file: string, source: string, others: Readonly<Record<string, Type>>) {
  const rows = cells.table(file, source, {
    field: cells.text,
    type: cells.text,
    meaning: cells.note,
    unit: cells.note,
    shown: cells.optional(cells.oneOf('json', 'merge')),
    known: cells.note,
  });
  const below = new Map<string, Row[]>([['', []]]);
  for (const { field, type: cell, shown, ...row } of rows()) {
    const isOptional = field.endsWith('?');
    const at = field.replace('?', '').split('.');
    const name = at.pop() ?? '';
    const parent = at.join('.');
    below.set(parent, [
      ...(below.get(parent) ?? []),
      { ...row, name, cell, isOptional, shown: shown ?? 'all' },
    ]);
  }
  const types = new Map(Object.entries(others));
  const heads = new Map(below.get('')?.map((row) => [row.name, row]));

  const named = (name: string): Type => {
    const found = types.get(name);
    if (found !== undefined) return found;
    const head = heads.get(name);
    if (head === undefined && !below.has(name)) throw new Error(`data/${file}: there is no type '${name}'`);
    const { meaning = '', known = '', cell = 'record' } = head ?? {};
    const type = {
      ...typeOf(cell, name),
      ...(head && { name }),
      ...(meaning && { meaning }),
      ...(known && { known }),
    };
    types.set(name, type);
    return type;
  };
  const typeOf = (cell: string, at: string): Type => {
    const { base = '', bound = '', members = '' } = TYPE.exec(cell)?.groups ?? {};
    const single = baseOf(base, at);
    const limited =
      bound === ''
        ? single
        : { ...single, [bound.startsWith('<') ? 'most' : 'least']: Number(bound.slice(2)) };
    return (members.match(/\[\]|\{\}|\?/g) ?? []).reduce<Type>(
      (type, member) => MEMBERS[member as '?'](type),
      limited,
    );
  };
  const baseOf = (base: string, at: string): Type => {
    if (base === 'record') return { kind: 'record', fields: fieldsOf(at) };
    if (base.startsWith('/')) return { kind: 'text', pattern: base.slice(1, -1) };
    if (base.includes('|')) return { kind: 'words', words: base.split('|') };
    return SIMPLE[base] ?? named(base);
  };
  const fieldsOf = (at: string): Fields =>
    Object.fromEntries(
      (below.get(at) ?? []).flatMap(({ name, cell, unit, known, ...row }): [string, Field][] => {
        // The fields of another type, as they are.
        if (name === '*') return Object.entries(named(cell).fields ?? {});
        const type = { ...typeOf(cell, `${at}.${name}`), ...(unit && { unit }), ...(known && { known }) };
        return [[name, { ...row, type }]];
      }),
    );
  for (const at of [...heads.keys(), ...below.keys()]) if (at !== '' && !at.includes('.')) named(at);
  return types;
}
