/** The scan of one store, from its address to its slices: what `scan` calls for an input that is a URL. */

import { fail } from '../../errors.ts';
import type { BatchWriter } from '../../rows/batches.ts';
import type { FlowDamageRow } from '../../rows/flow-damage.ts';
import { StoreConnection, type StoreTold } from './connection.ts';
import type { StoreLocation } from './location.ts';
import { joined, probeTable, slicesOf } from './probe.ts';
import {
  candidateQuery,
  endpointQuery,
  pairQuery,
  type Slice,
  type StorePair,
  type StoreQuery,
  type Wanted,
} from './queries.ts';
import {
  BEHAVIOUR_BUDGET,
  type BehaviourSearch,
  chooseArms,
  type StoreContent,
  StoreReader,
} from './read.ts';
import { namedSchema, ownName, resolveTable, type StoreTable } from './table.ts';

interface StoreScanOptions {
  /** Times asked for, us since 1970; both are required, because a store may hold years. */
  readonly whole: Slice;
  readonly wanted: Wanted;
  readonly writer: BatchWriter;
  readonly signal: AbortSignal;
  /** Of more than one in so many the sampling hides behaviour. */
  readonly mostSampling: number;
  /** Called once, before the first record. */
  readonly onBegin: () => void;
  /** Hears what each slice holds that is searched for the first time. */
  readonly onContent: (content: StoreContent) => void;
  /** Called behind the records of a slice, with how much of the store they are. */
  readonly onTaken: (taken: StoreReader['taken']) => void;
  readonly onProgress: (told: StoreTold & { readonly slice: number; readonly slices: number }) => void;
  /** Called after each slice, with what another run needs to go on behind it. */
  readonly onSlice: (progress: StoreProgress) => Promise<void>;
  /** How far an earlier run has come; null: not begun. */
  readonly earlier: StoreProgress | null;
}

/** How far the scan of a store has come. */
export interface StoreProgress {
  /** End of the last finished slice, us since 1970. */
  readonly doneUs: number;
  /** Pairs whose behaviour is judged, chosen by all slices; null if those are finished, and others may be chosen. */
  readonly pairs: readonly StorePair[] | null;
  readonly search: BehaviourSearch | null;
}

export interface StoreScan {
  readonly table: StoreTable;
  /** What all slices held of interest. */
  readonly records: number;
  readonly firstUs: number;
  readonly lastUs: number;
  readonly damage: readonly FlowDamageRow[];
  /** Null if behaviour cannot be judged from this table. */
  readonly search: BehaviourSearch | null;
  /** Settings of the server by which answers may lack rows; null if they cannot. */
  readonly partialBecause: readonly string[] | null;
}

/** A longer list is not sent with every slice. */
const MOST_IN_EACH_SLICE = 10_000;

/** Scans a table. Throws INPUT_UNREADABLE or USAGE; an interrupted scan returns what it has. */
export async function scanStore(location: StoreLocation, options: StoreScanOptions): Promise<StoreScan> {
  const { whole, wanted, writer, signal, earlier } = options;
  const connection = new StoreConnection(location, signal);
  try {
    await connection.greet();
    const table = await probeTable(connection, location);
    const slices = (await slicesOf(connection, table, whole)).filter(
      ({ toUs }) => toUs > (earlier?.doneUs ?? Number.NEGATIVE_INFINITY),
    );
    const reader = new StoreReader(connection, table, writer);
    options.onBegin();
    const isWanted = wanted.endpoints.length + wanted.prefixes.length > 0 || hasNames(table, wanted);
    const [first] = slices;
    const arms =
      first === undefined || !isWanted ? 'one' : await chooseArms(connection, table, first, wanted);
    const chosen = earlier !== null && earlier.pairs !== null ? { ...earlier, pairs: earlier.pairs } : null;
    const { pairs, search } =
      chosen ?? (await reader.candidates(slices, options.mostSampling, options.onContent));
    const asked = wanted.endpoints.length > MOST_IN_EACH_SLICE ? joined(slices) : slices;
    let rowsLeft = BEHAVIOUR_BUDGET.pairRows;
    for (const [ordinal, slice] of asked.entries()) {
      if (signal.aborted) break;
      connection.onProgress = (told) =>
        options.onProgress({ ...told, slice: ordinal + 1, slices: asked.length });
      if (isWanted) await reader.endpoints(slice, wanted, arms);
      if (pairs.length > 0 && rowsLeft > 0) rowsLeft -= await reader.pairs(slice, pairs, wanted, rowsLeft);
      if (signal.aborted) break;
      writer.flush();
      options.onTaken({ ...reader.taken });
      Object.assign(reader.taken, { records: 0, bytes: 0, packets: 0 });
      await options.onSlice({ doneUs: slice.toUs, pairs, search });
    }
    const { rows } = reader;
    const isCut = search !== null && (search.isCut || rowsLeft <= 0);
    return {
      table,
      records: rows.records,
      firstUs: rows.times.firstUs,
      lastUs: rows.times.lastUs,
      damage: rows.damage.rows(),
      search: search === null ? null : { ...search, isCut },
      partialBecause: connection.partialBecause,
    };
  } finally {
    await connection.close();
  }
}

/** The SQL that a scan would run, with a schema that is named: nothing is sent. Throws USAGE for `schema=auto`. */
export function explainSql(location: StoreLocation, whole: Slice, wanted: Wanted): string {
  const schema = namedSchema(location.schema);
  if (schema === null) {
    fail('USAGE', 'the schema of the table is unknown if the server is not asked', {
      where: location.shown,
      hint: 'Name it in the address: schema=akvorado, or columns:src=…,dst=….',
    });
  }
  const usual = new Map(Object.values(schema.columns).map((names) => [names[0] ?? '', '']));
  const types = new Map([...usual.keys()].map((name) => [name, usualType(schema.columns, name)]));
  const name = location.table ?? schema.tables[0] ?? 'flows';
  const table = resolveTable(location.database, name, schema, types);
  if ('missing' in table) {
    const lacking = table.missing.map(ownName).join(', ');
    return fail('USAGE', `this schema has no column for ${lacking}`, { where: location.shown });
  }
  const pair = { client: Int32Array.of(0, 0, 0xffff, 1), server: Int32Array.of(0, 0, 0xffff, 2), port: 3333 };
  const queries = [
    endpointQuery(table, whole, wanted, 'one'),
    candidateQuery(table, whole, BEHAVIOUR_BUDGET.pairs),
    pairQuery(table, whole, [pair], wanted, BEHAVIOUR_BUDGET.pairRows),
  ];
  return queries.map(shown).join('\n\n');
}

function usualType(columns: Readonly<Record<string, readonly string[] | undefined>>, name: string): string {
  const is = (...fields: readonly string[]): boolean => fields.some((field) => columns[field]?.[0] === name);
  if (is('source', 'destination', 'exporter')) return 'IPv6';
  if (is('start', 'end', 'received')) return 'DateTime';
  return 'UInt64';
}

function shown({ title, sql, parameters }: StoreQuery): string {
  return [`-- ${title}`, ...parameters.shown(), `${sql};`].join('\n');
}

function hasNames(table: StoreTable, { domains }: Wanted): boolean {
  return table.columns.has('name') && domains.length > 0;
}
