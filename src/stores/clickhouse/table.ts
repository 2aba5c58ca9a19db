/** A table as it stands on the server: our fields by its columns, and what it lacks. */
import schemas from '../../../data/stores.json' with { type: 'json' };
import { beginning, fail } from '../../errors.ts';
import { addressType, type Column } from './columns.ts';

/** Our fields of a flow table, by the words of `schema=columns:`. */
const OWN_NAMES = {
  src: 'source',
  dst: 'destination',
  sport: 'sourcePort',
  dport: 'destinationPort',
  proto: 'protocol',
  start: 'start',
  end: 'end',
  // When the row was written: what partitions go by. `start` if absent.
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
} as const;
export type StoreField = (typeof OWN_NAMES)[keyof typeof OWN_NAMES];

/** Without these no flow can be told. */
export const REQUIRED = ['source', 'destination', 'sourcePort', 'destinationPort', 'start', 'bytes'] as const;
/** Columns whose lack a note of the audit tells. */
const WEAKER_WITHOUT = ['end', 'packets', 'tcpFlags', 'sampling', 'exporter', 'protocol'] as const;

/** For each of our fields the names that a table may have for it, and facts that no column tells; types come from the server. */
export interface StoreSchema {
  /** Stable word of `schema=`. */
  readonly id: string;
  /** Tables that usually have it, the likeliest first. */
  readonly tables: readonly string[];
  /** Names of a column, the present one first; a field that is absent here is absent there. */
  readonly columns: Readonly<Partial<Record<StoreField, readonly string[]>>>;
  /** Columns that hold the address if the first one is 0 (ntopng keeps IPv4 and IPv6 apart). */
  readonly second?: Readonly<Partial<Record<'source' | 'destination', string>>>;
  /** True if counters are multiplied by the sampling rate already. */
  readonly isScaled: boolean;
}

/** The most specific first: `auto` takes the first whose required columns a table has. */
export const STORE_SCHEMAS: readonly StoreSchema[] = schemas;

export interface StoreTable {
  readonly database: string;
  readonly name: string;
  readonly schema: StoreSchema;
  readonly columns: ReadonlyMap<StoreField, Column>;
  /** The columns that hold an address if the first one is 0. */
  readonly second: ReadonlyMap<'source' | 'destination', Column>;
  /** Columns that are missing and whose lack makes the audit weaker. */
  readonly weaker: readonly (typeof WEAKER_WITHOUT)[number][];
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
    const [, field] = Object.entries(OWN_NAMES).find(([word]) => word === key) ?? [];
    if (field === undefined || column === '') {
      fail('USAGE', `'${beginning(part)}' does not name a column`, {
        where: 'schema=columns:',
        hint: `Write src=COLUMN,dst=COLUMN,…; the names are ${Object.keys(OWN_NAMES).join(', ')}.`,
      });
    }
    columns[field] = [column];
  }
  return { id: 'columns', tables: [], columns, isScaled: false };
}

/** The word of `columns:` for a field. */
export function ownName(field: StoreField): string {
  return Object.entries(OWN_NAMES).find(([, ours]) => ours === field)?.[0] ?? field;
}

/** The schema that `schema=` names; null for `auto`. Throws USAGE. */
export function namedSchema(text: string): StoreSchema | null {
  if (text === 'auto') return null;
  if (text.startsWith('columns:')) return ownSchema(text.slice('columns:'.length));
  const ids = STORE_SCHEMAS.map(({ id }) => id);
  return (
    STORE_SCHEMAS.find(({ id }) => id === text) ??
    fail('USAGE', `'${beginning(text)}' is not a schema`, {
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
