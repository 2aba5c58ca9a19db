/** A table as it stands on the server: our fields by its columns, and what it lacks. */
import { fail } from '../../errors.ts';
import { addressType, type Column } from './columns.ts';
import { REQUIRED, type StoreField, type StoreSchema, WEAKER_WITHOUT, type WeakerWithout } from './schema.ts';
import { STORE_SCHEMAS } from './schemas/index.ts';

export interface StoreTable {
  readonly database: string;
  readonly name: string;
  readonly schema: StoreSchema;
  readonly columns: ReadonlyMap<StoreField, Column>;
  /** The columns that hold an address if the first one is 0. */
  readonly second: ReadonlyMap<'source' | 'destination', Column>;
  /** Columns that are missing and whose lack makes the audit weaker. */
  readonly weaker: readonly WeakerWithout[];
}

/** Name and type of the columns of a table, as `system.columns` has them. */
type ColumnTypes = ReadonlyMap<string, string>;

/** The column of a field. Throws if the table was resolved without it, which `resolveTable` rules out for required ones. */
export function columnOf(table: StoreTable, field: StoreField): Column {
  return (
    table.columns.get(field) ??
    fail('INPUT_UNREADABLE', `the table has no column for ${field}`, { where: table.name })
  );
}

/** A schema from `columns:src=…,dst=…`. Throws USAGE. */
function ownSchema(text: string): StoreSchema {
  const columns: Partial<Record<StoreField, readonly string[]>> = {};
  for (const part of text.split(',')) {
    const [key = '', column = ''] = part.split('=');
    const field = OWN_NAMES[key];
    if (field === undefined || column === '') {
      fail('USAGE', `'${part}' does not name a column`, {
        where: 'schema=columns:',
        hint: `Write src=COLUMN,dst=COLUMN,…; the names are ${Object.keys(OWN_NAMES).join(', ')}.`,
      });
    }
    columns[field] = [column];
  }
  return { id: 'columns', title: 'columns as given', reference: '', tables: [], columns, isScaled: false };
}

const OWN_NAMES: Readonly<Record<string, StoreField>> = {
  src: 'source',
  dst: 'destination',
  sport: 'sourcePort',
  dport: 'destinationPort',
  proto: 'protocol',
  start: 'start',
  end: 'end',
  received: 'received',
  packets: 'packets',
  bytes: 'bytes',
  reversePackets: 'reversePackets',
  reverseBytes: 'reverseBytes',
  flags: 'tcpFlags',
  sampling: 'sampling',
  exporter: 'exporter',
  direction: 'direction',
  name: 'name',
};

/** The word of `columns:` for a field. */
export function ownName(field: StoreField): string {
  return Object.keys(OWN_NAMES).find((word) => OWN_NAMES[word] === field) ?? field;
}

/** The schema that `schema=` names; null for `auto`. Throws USAGE. */
export function namedSchema(text: string): StoreSchema | null {
  if (text === 'auto') return null;
  if (text.startsWith('columns:')) return ownSchema(text.slice('columns:'.length));
  const ids = STORE_SCHEMAS.map(({ id }) => id);
  return (
    STORE_SCHEMAS.find(({ id }) => id === text) ??
    fail('USAGE', `'${text}' is not a schema`, {
      where: 'schema=',
      hint: `One of: auto, ${ids.join(', ')}, columns:src=…,dst=….`,
    })
  );
}

/** Our fields by the columns that are there; the fields that are required and have none, if any. */
export function resolveTable(
  database: string,
  name: string,
  schema: StoreSchema,
  types: ColumnTypes,
): StoreTable | { readonly missing: readonly StoreField[] } {
  const find = (candidate: string): Column | null => {
    const type = types.get(candidate);
    return type === undefined ? null : { name: candidate, type: plainType(type) };
  };
  const columns = new Map<StoreField, Column>();
  for (const [field, names] of Object.entries(schema.columns) as [StoreField, readonly string[]][]) {
    const column = names.map(find).find((found) => found !== null);
    if (column != null) columns.set(field, column);
  }
  const isReadable = (field: StoreField): boolean => addressType(columns.get(field)?.type ?? '') !== null;
  const missing = REQUIRED.filter((field) =>
    field === 'source' || field === 'destination' ? !isReadable(field) : !columns.has(field),
  );
  if (missing.length > 0) return { missing };
  const second = new Map<'source' | 'destination', Column>();
  for (const [field, column] of Object.entries(schema.second ?? {}) as ['source' | 'destination', string][]) {
    const found = find(column);
    if (found !== null) second.set(field, found);
  }
  const weaker = WEAKER_WITHOUT.filter((field) => !columns.has(field));
  return { database, name, schema, columns, second, weaker };
}

/** Without LowCardinality and Nullable, which change nothing for us. */
function plainType(type: string): string {
  const inner = /^(?:LowCardinality|Nullable)\((.*)\)$/.exec(type)?.[1];
  return inner === undefined ? type : plainType(inner);
}
