/**
 * All SQL of the scan of a store, from one description of its table. Three kinds: sums of flows with listed endpoints,
 * pairs of hosts that may be miners by a cheap aggregate, and the rows of such pairs. `distributed_group_by_no_merge` is
 * never used: the rows of one conversation may lie on several shards.
 */

import type { Network } from '../../networks.ts';
import {
  addressType,
  asPort,
  type Column,
  isAmong,
  isBelow,
  isBetween,
  microseconds,
  quoted,
  type StoreEndpoint,
  setOf,
} from './columns.ts';
import { Parameters } from './parameters.ts';
import { columnOf, type StoreField, type StoreTable } from './table.ts';

export interface Slice {
  readonly fromUs: number;
  readonly toUs: number;
  /** Of how many slices it was joined; one if absent. */
  readonly parts?: number;
}

export interface StoreQuery {
  /** For people: what the query is for. */
  readonly title: string;
  readonly sql: string;
  readonly parameters: Parameters;
  /** For how many slices it asks, each of which may take its time; one if absent. */
  readonly parts?: number | undefined;
  /** It asks for no rows of the table: a server that is there answers at once. */
  readonly isQuick?: true;
}

/** What is looked for: addresses with a port or any port, networks, and domains of pools. */
export interface Wanted {
  readonly endpoints: readonly StoreEndpoint[];
  readonly prefixes: readonly { readonly network: Network; readonly ports: readonly number[] }[];
  /** For tables with a column of names. */
  readonly domains: readonly string[];
}

/** How the two directions are asked for: by one condition with OR, or by two selects, if only these use skip indexes. */
export type Arms = 'one' | 'two';

/** A client, its server and the server's port. */
export interface StorePair {
  readonly client: Int32Array;
  readonly server: Int32Array;
  readonly port: number;
}

/** Sums of flows with the wanted endpoints, per connection, exporter, sampling rate and hour. */
export function endpointQuery(table: StoreTable, slice: Slice, wanted: Wanted, arms: Arms): StoreQuery {
  const parameters = new Parameters();
  const source = `(${rowsOf(table, slice, wanted, arms, parameters)})`;
  const f = fieldsOf(table);
  const sql = `SELECT
  ${f.source} AS m_source, ${f.destination} AS m_destination, ${f.sourcePort} AS m_sourcePort,
  ${f.destinationPort} AS m_destinationPort, ${f.protocol} AS m_protocol, ${f.exporter} AS m_exporter,
  ${f.sampling} AS m_sampling, ${f.name} AS m_name,
  min(${f.start}) AS m_start, max(${f.end}) AS m_end,
  sum(${f.bytes}) AS m_bytes, sum(${f.packets}) AS m_packets,
  sum(${f.reverseBytes}) AS m_reverseBytes, sum(${f.reversePackets}) AS m_reversePackets,
  groupBitOr(${f.tcpFlags}) AS m_tcpFlags, count() AS m_rows
FROM ${source}
GROUP BY m_source, m_destination, m_sourcePort, m_destinationPort, m_protocol, m_exporter, m_sampling, m_name,
  intDiv(${f.start}, 3600000000)`;
  return { title: 'sums of flows with listed endpoints', sql, parameters, parts: slice.parts };
}

/** The rows of a slice that concern a wanted endpoint: either side of a flow is one, or its name is a pool's. */
function rowsOf(table: StoreTable, slice: Slice, wanted: Wanted, arms: Arms, parameters: Parameters): string {
  const base = `SELECT * FROM ${tableName(table)} WHERE ${inSlice(table, slice, parameters)}`;
  const to = concerns(table, 'destination', wanted, parameters);
  const from = concerns(table, 'source', wanted, parameters);
  const named = namedAsPool(table, wanted, parameters);
  if (arms === 'one') return `${base} AND (${[to, from, ...named].join(' OR ')})`;
  return `${base} AND (${[to, ...named].join(' OR ')}) UNION ALL ${base} AND ${from} AND NOT (${[to, ...named].join(' OR ')})`;
}

/** What `EXPLAIN indexes = 1` is asked about: the rows that the query above would read. */
export function explainQuery(table: StoreTable, slice: Slice, wanted: Wanted, arms: Arms): StoreQuery {
  const parameters = new Parameters();
  const sql = `EXPLAIN indexes = 1 SELECT count() FROM (${rowsOf(table, slice, wanted, arms, parameters)})`;
  return { title: 'which indexes apply', sql, parameters };
}

/** Least distinct minutes with traffic of a pair, for each hour of a slice: exporters report every 5 minutes or less. */
const LEAST_MINUTES_PER_HOUR = 6;
/** A miner sends and receives less; mean over the minutes with traffic. */
const MOST_BYTES_PER_MINUTE = 1_000_000;

/**
 * Pairs that are with each other for many minutes, in both directions, with little traffic. The side with the lower port
 * is taken for the server. This is no judgement: the rows of these pairs are judged like those of files. Most pairs have
 * few rows; a first pass that only counts leaves them out, so that minutes are kept for few.
 */
export function candidateQuery(table: StoreTable, slice: Slice, most: number): StoreQuery {
  const parameters = new Parameters();
  const f = fieldsOf(table);
  const least = parameters.add('UInt32', leastMinutes(slice));
  // Only what is returned becomes text.
  const { source, destination, text } = storedEnds(table);
  const port = `least(${f.sourcePort}, ${f.destinationPort})`;
  const rows = `${tableName(table)} WHERE ${inSlice(table, slice, parameters)} AND ${f.sourcePort} != ${f.destinationPort}`;
  const pair = pairHash(table);
  const sql = `SELECT ${text('g_client')} AS m_client, ${text('g_server')} AS m_server, m_port, m_minutes
FROM (
SELECT g_client, g_server, m_port, uniqExact(m_minute) AS m_minutes
FROM (
  SELECT ${f.sourcePort} > ${f.destinationPort} AS m_up,
    if(m_up, ${source}, ${destination}) AS g_client, if(m_up, ${destination}, ${source}) AS g_server,
    ${port} AS m_port, intDiv(${f.start}, 60000000) AS m_minute,
    if(m_up, ${f.bytes}, ${f.reverseBytes}) AS m_out, if(m_up, ${f.reverseBytes}, ${f.bytes}) AS m_in
  FROM ${rows}
    AND ${pair} GLOBAL IN (
    SELECT ${pair} AS m_pair FROM ${rows} GROUP BY m_pair HAVING count() >= ${least}
  )
)
GROUP BY g_client, g_server, m_port
HAVING m_minutes >= ${least} AND sum(m_out) > 0 AND sum(m_in) > 0
  AND (sum(m_out) + sum(m_in)) / m_minutes <= ${MOST_BYTES_PER_MINUTE}
ORDER BY m_minutes DESC, m_port
LIMIT ${parameters.add('UInt32', most)}
)`;
  return { title: 'pairs that may be miners', sql, parameters };
}

/** Rows of these pairs, one by one, so that they are judged like records of files; without those that a name has found. */
export function pairQuery(
  table: StoreTable,
  slice: Slice,
  pairs: readonly StorePair[],
  wanted: Pick<Wanted, 'domains'>,
  mostRows: number,
): StoreQuery {
  const parameters = new Parameters();
  const f = fieldsOf(table);
  const both = [{ source: columnOf(table, 'source'), destination: columnOf(table, 'destination') }];
  const [source, destination] = [table.second.get('source'), table.second.get('destination')];
  if (source !== undefined && destination !== undefined) both.push({ source, destination });
  const ofPairs = both.flatMap((ends) => [
    isPair(ends.source, ends.destination, columnOf(table, 'destinationPort'), pairs, parameters),
    isPair(ends.destination, ends.source, columnOf(table, 'sourcePort'), pairs, parameters),
  ]);
  const named = namedAsPool(table, wanted, parameters).map((sql) => ` AND NOT ${sql}`);
  const sql = `SELECT
  ${f.source} AS m_source, ${f.destination} AS m_destination, ${f.sourcePort} AS m_sourcePort,
  ${f.destinationPort} AS m_destinationPort, ${f.protocol} AS m_protocol, ${f.exporter} AS m_exporter,
  ${f.sampling} AS m_sampling, '' AS m_name, ${f.start} AS m_start, ${f.end} AS m_end,
  ${f.bytes} AS m_bytes, ${f.packets} AS m_packets, ${f.reverseBytes} AS m_reverseBytes,
  ${f.reversePackets} AS m_reversePackets, ${f.tcpFlags} AS m_tcpFlags, 1 AS m_rows
FROM ${tableName(table)}
WHERE ${inSlice(table, slice, parameters)} AND (${ofPairs.join(' OR ')})${named.join('')}
ORDER BY m_start
LIMIT ${parameters.add('UInt64', mostRows)}`;
  return { title: 'flows of pairs that may be miners', sql, parameters, parts: slice.parts };
}

/**
 * What a slice holds, sampling multiplied, by whether behaviour can be judged: rows that are sampled more coarsely than one in
 * `mostSampling`, rows of pairs that have too few, all others. Without `byPairs`, which groups all rows once more, a slice is of
 * one kind.
 */
export function contentQuery(
  table: StoreTable,
  slice: Slice,
  mostSampling: number,
  byPairs: boolean,
): StoreQuery {
  const parameters = new Parameters();
  const f = fieldsOf(table);
  const scale = table.schema.isScaled ? '1' : `greatest(1, ${f.sampling})`;
  const sums = `count() AS m_rows, sum((${f.bytes} + ${f.reverseBytes}) * ${scale}) AS m_bytes,
  sum((${f.packets} + ${f.reversePackets}) * ${scale}) AS m_packets, min(${f.start}) AS m_first, max(${f.end}) AS m_last,
  min(${f.sampling}) > ${mostSampling} AS m_isCoarse`;
  const rows = `FROM ${tableName(table)} WHERE ${inSlice(table, slice, parameters)}`;
  const plain = `SELECT ${sums} ${rows} HAVING m_rows > 0`;
  const grouped = `SELECT multiIf(g.m_isCoarse, 'sampled', g.m_rows < ${leastMinutes(slice)}, 'too-short', 'byBehaviour') AS m_kind,
  sum(g.m_rows) AS m_rows, sum(g.m_bytes) AS m_bytes, sum(g.m_packets) AS m_packets, min(g.m_first) AS m_first,
  max(g.m_last) AS m_last
FROM (SELECT ${sums} ${rows} GROUP BY ${pairHash(table)}) AS g
GROUP BY m_kind`;
  return { title: 'what the slice holds', sql: byPairs ? grouped : plain, parameters };
}

/** A pair as one number, whichever way its rows go. */
function pairHash(table: StoreTable): string {
  const f = fieldsOf(table);
  const { source, destination } = storedEnds(table);
  const isUp = `${f.sourcePort} > ${f.destinationPort}`;
  const port = `least(${f.sourcePort}, ${f.destinationPort})`;
  return `cityHash64(if(${isUp}, (${source}, ${destination}), (${destination}, ${source})), ${port})`;
}

/** SQL of both addresses as they are stored, which is shorter than text; as text if they stand in two columns each. */
function storedEnds(table: StoreTable): {
  readonly source: string;
  readonly destination: string;
  readonly text: (column: string) => string;
} {
  const type = table.second.size === 0 ? addressType(columnOf(table, 'source').type) : null;
  if (type === null) return { ...fieldsOf(table), text: (column) => column };
  return {
    source: quoted(columnOf(table, 'source').name),
    destination: quoted(columnOf(table, 'destination').name),
    text: (column) => type.text(column),
  };
}

function leastMinutes({ fromUs, toUs }: Slice): number {
  return Math.max(5, Math.floor((LEAST_MINUTES_PER_HOUR * (toUs - fromUs)) / 3_600_000_000));
}

function tableName({ database, name }: StoreTable): string {
  return `${quoted(database)}.${quoted(name)}`;
}

function inSlice(table: StoreTable, slice: Slice, parameters: Parameters): string {
  const received = table.columns.get('received') ?? columnOf(table, 'start');
  const protocol = table.columns.get('protocol');
  const isTcp = protocol === undefined ? '' : ` AND ${quoted(protocol.name)} = 6`;
  return `${isBetween(received, slice.fromUs, slice.toUs, parameters)}${isTcp}`;
}

/** One side of a flow is a wanted endpoint. */
function concerns(
  table: StoreTable,
  side: 'source' | 'destination',
  { endpoints, prefixes }: Wanted,
  parameters: Parameters,
): string {
  const port = columnOf(table, side === 'source' ? 'sourcePort' : 'destinationPort');
  const addresses = [columnOf(table, side), table.second.get(side)].filter((column) => column !== undefined);
  const conditions = addresses.flatMap((address) => [
    ...isAmong(address, port, endpoints, parameters),
    ...prefixes.map((prefix) => {
      const below = isBelow(address, prefix.network, parameters);
      if (below === null || prefix.ports.length === 0) return below;
      return `(${below} AND ${quoted(port.name)} IN (${prefix.ports.map(Number).join(', ')}))`;
    }),
  ]);
  const known = conditions.filter((condition) => condition !== null);
  return known.length === 0 ? '0' : `(${known.join(' OR ')})`;
}

/** The table's own name of the server is a pool's domain, or below one. */
function namedAsPool(
  table: StoreTable,
  { domains }: Pick<Wanted, 'domains'>,
  parameters: Parameters,
): string[] {
  const name = table.columns.get('name');
  if (name === undefined || domains.length === 0) return [];
  const list = parameters.add('Array(String)', domains);
  const labels = `splitByChar('.', lower(${quoted(name.name)}))`;
  const suffixes = `arrayMap(i -> arrayStringConcat(arraySlice(${labels}, i), '.'), range(1, length(${labels}) + 1))`;
  return [`(${quoted(name.name)} != '' AND hasAny(${suffixes}, ${list}))`];
}

function isPair(
  client: Column,
  server: Column,
  port: Column,
  pairs: readonly StorePair[],
  parameters: Parameters,
): string {
  const type = addressType(client.type);
  if (type === null) return '0';
  const set = setOf(
    pairs,
    client.type,
    (pair) => {
      const [from, to] = [type.value(pair.client), type.value(pair.server)];
      return from === null || to === null ? null : [from, to, pair.port];
    },
    [type.decode, type.decode, asPort],
    parameters,
  );
  return set === null
    ? '0'
    : `(${quoted(client.name)}, ${quoted(server.name)}, ${quoted(port.name)}) IN ${set}`;
}

/** SQL of our fields; a field that the table lacks is a constant. */
function fieldsOf(table: StoreTable) {
  const number = (field: StoreField, otherwise: string): string => {
    const column = table.columns.get(field);
    return column === undefined ? otherwise : `toInt64(${quoted(column.name)})`;
  };
  const text = (field: StoreField): string => {
    const column = table.columns.get(field);
    if (column === undefined) return "''";
    return addressType(column.type)?.text(quoted(column.name)) ?? `toString(${quoted(column.name)})`;
  };
  const address = (side: 'source' | 'destination'): string => {
    const second = table.second.get(side);
    if (second === undefined) return text(side);
    const other = addressType(second.type)?.text(quoted(second.name)) ?? "''";
    return `if(${quoted(columnOf(table, side).name)} = 0, ${other}, ${text(side)})`;
  };
  const start = microseconds(columnOf(table, 'start'));
  const end = table.columns.get('end');
  const exporter = text('exporter');
  const direction = table.columns.has('direction')
    ? `concat(${exporter}, ' ', ${text('direction')})`
    : exporter;
  return {
    source: address('source'),
    destination: address('destination'),
    sourcePort: number('sourcePort', '0'),
    destinationPort: number('destinationPort', '0'),
    protocol: number('protocol', '6'),
    exporter: direction,
    sampling: number('sampling', '-1'),
    name: text('name'),
    start,
    end: end === undefined ? start : microseconds(end),
    bytes: number('bytes', '0'),
    packets: number('packets', '0'),
    reverseBytes: number('reverseBytes', '0'),
    reversePackets: number('reversePackets', '0'),
    tcpFlags: `toUInt8(${number('tcpFlags', '0')})`,
  };
}
