/** Asks the server about the table: its columns and its partitions. */
import { refuse, type StoreConnection } from './connection.ts';
import type { StoreLocation } from './location.ts';
import { Parameters } from './parameters.ts';
import type { Slice } from './queries.ts';
import {
  namedSchema,
  ownName,
  REQUIRED,
  resolveTable,
  STORE_SCHEMAS,
  type StoreField,
  type StoreTable,
} from './table.ts';

/** Finds the table and its schema. Throws INPUT_UNREADABLE if no schema fits. */
export async function probeTable(connection: StoreConnection, location: StoreLocation): Promise<StoreTable> {
  const wanted = namedSchema(location.schema);
  const schemas = wanted === null ? STORE_SCHEMAS : [wanted];
  const names =
    location.table === null ? [...new Set(schemas.flatMap(({ tables }) => tables))] : [location.table];
  const types = await columnTypes(connection, location.database, names);
  let fewest: readonly StoreField[] = REQUIRED;
  for (const name of names) {
    const columns = types.get(name);
    if (columns === undefined) continue;
    for (const schema of schemas) {
      const table = resolveTable(location.database, name, schema, columns);
      if (!('missing' in table)) return table;
      if (table.missing.length < fewest.length) fewest = table.missing;
    }
  }
  if (types.size === 0) {
    refuse(
      `no table ${names.join(', ')} in database ${location.database}`,
      location,
      'Name it with ?table=.',
    );
  }
  return refuse(
    `schema=${location.schema} finds no readable column for ${fewest.map(ownName).join(', ')} in the table`,
    location,
    'Name them with schema=columns:src=…,dst=…,sport=…,dport=…,start=…,bytes=….',
  );
}

async function columnTypes(
  connection: StoreConnection,
  database: string,
  names: readonly string[],
): Promise<Map<string, Map<string, string>>> {
  const tables = new Map<string, Map<string, string>>();
  const parameters = new Parameters();
  const sql = `SELECT table AS m_table, name AS m_name, type AS m_type FROM system.columns
WHERE database = ${parameters.add('String', database)} AND table IN ${parameters.add('Array(String)', names)}`;
  for await (const row of connection.rows({ title: 'columns', sql, parameters, isQuick: true })) {
    const name = String(row.m_table);
    const columns = tables.get(name) ?? new Map<string, string>();
    tables.set(name, columns.set(String(row.m_name), String(row.m_type)));
  }
  return tables;
}

const HOUR_US = 3_600_000_000;
/** A slice is one query: long ones are cut, so that progress and interruptions stay fine. */
const LONGEST_SLICE_US = 6 * HOUR_US;

/**
 * The times asked for, cut along the table's partitions if it has its own (a Distributed table or a view has none),
 * else by hours; no slice is longer than six hours.
 */
export async function slicesOf(
  connection: StoreConnection,
  table: StoreTable,
  whole: Slice,
): Promise<Slice[]> {
  const parameters = new Parameters();
  const sql = `SELECT toUnixTimestamp(min(min_time)) AS m_first FROM system.parts
WHERE active AND database = ${parameters.add('String', table.database)} AND table = ${parameters.add('String', table.name)}
GROUP BY partition HAVING m_first > 0 ORDER BY m_first`;
  const edges: number[] = [];
  const query = { title: 'partitions', sql, parameters };
  for await (const row of connection.rows(query)) edges.push(Number(row.m_first) * 1e6);
  const step = edges.length === 0 ? HOUR_US : LONGEST_SLICE_US;
  return cut(whole, edges, step);
}

/** Slices joined to days: what asks with a long list is asked once a day, as the list travels with each query. */
export function joined(slices: readonly Slice[]): Slice[] {
  const days: Slice[] = [];
  for (const { fromUs, toUs } of slices) {
    const last = days.at(-1);
    if (last === undefined || last.toUs !== fromUs || toUs - last.fromUs > 24 * HOUR_US)
      days.push({ fromUs, toUs, parts: 1 });
    else days[days.length - 1] = { fromUs: last.fromUs, toUs, parts: (last.parts ?? 1) + 1 };
  }
  return days;
}

/** Cuts a time at the edges that lie in it, and pieces longer than `step` at its multiples. */
export function cut({ fromUs, toUs }: Slice, edges: readonly number[], step: number): Slice[] {
  const inside = edges.filter((edge) => edge > fromUs && edge < toUs);
  const slices: Slice[] = [];
  let from = fromUs;
  for (const edge of [...inside, toUs]) {
    while (edge - from > step) {
      const next = (Math.floor(from / step) + 1) * step;
      slices.push({ fromUs: from, toUs: next });
      from = next;
    }
    if (edge > from) slices.push({ fromUs: from, toUs: edge });
    from = edge;
  }
  return slices;
}
