/** Stores of flows as inputs: the queries, and the rows of the audit for them. */

import { addressWords } from '../../address.ts';
import type { AuditInput } from '../../audit/audit.ts';
import { damageRow } from '../../audit/damage.ts';
import { isoTimeOrNull } from '../../audit/time.ts';
import { MOST_SAMPLING } from '../../flows/flow-behaviour.ts';
import type { PoolSet } from '../../pools/pool-set.ts';
import { readHere } from '../../rows/batches.ts';
import { Secret } from '../../secret.ts';
import { type Statement, statement } from '../../statements/index.ts';
import type { StoreEndpoint } from '../../stores/clickhouse/columns.ts';
import { parseStoreUrl } from '../../stores/clickhouse/location.ts';
import type { Slice, Wanted } from '../../stores/clickhouse/queries.ts';
import {
  explainSql,
  type StoreProgress,
  type StoreScan,
  scanStore,
} from '../../stores/clickhouse/scan-store.ts';
import type { FlowAnalysis } from '../flow-analysis.ts';
import type { ScanOptions } from '../scan-options.ts';
import { StoreContents } from './store-contents.ts';

interface StoreOptions extends Pick<ScanOptions, 'sinceUs' | 'untilUs' | 'signal' | 'storePassword'> {
  readonly flows: FlowAnalysis;
  readonly pools: PoolSet;
  readonly onRows: Parameters<typeof scanStore>[1]['onProgress'];
  readonly warn: (note: Statement) => void;
  /** How far an earlier run has come with the stores, by how they are shown; what comes on is noted there. */
  readonly progress: Map<string, StoreProgress>;
  /** Called behind each slice that was read whole. */
  readonly between: () => Promise<void>;
}

const DAY_US = 86_400_000_000;

/** The times asked for; the last 24 hours if none are, because a store may hold years. */
function timesOf({ sinceUs, untilUs }: Pick<StoreOptions, 'sinceUs' | 'untilUs'>): Slice {
  const toUs = untilUs ?? (sinceUs === null ? Date.now() * 1000 : sinceUs + DAY_US);
  return { fromUs: sinceUs ?? toUs - DAY_US, toUs };
}

/** Endpoints that the operator's lists and the names read so far give, and the domains of the catalogue. */
function wantedOf(flows: FlowAnalysis, pools: PoolSet): Wanted {
  const endpoints: StoreEndpoint[] = [];
  const prefixes: Wanted['prefixes'][number][] = [];
  for (const { network, ports } of pools.listedPrefixes()) {
    const { length } = network;
    const words = Int32Array.from(network.words);
    if (length < 128) prefixes.push({ network, ports });
    else for (const port of ports.length === 0 ? [0] : ports) endpoints.push({ words, port });
  }
  for (const { ip } of flows.nameBook.entries()) {
    const words = addressWords(ip);
    if (words !== null) endpoints.push({ words, port: 0 });
  }
  return { endpoints, prefixes, domains: [...pools.domains()] };
}

/** The SQL that a scan of a store would run. Nothing is sent. */
export function explainStore(
  url: string,
  options: Pick<StoreOptions, 'flows' | 'pools' | 'sinceUs' | 'untilUs'>,
): string {
  const location = parseStoreUrl(url, new Secret(''));
  return explainSql(location, timesOf(options), wantedOf(options.flows, options.pools));
}

/** Reads one store into the survey of flows, and says what it was. Throws INPUT_UNREADABLE if it cannot be read. */
export async function readStore(url: string, ordinal: number, options: StoreOptions): Promise<AuditInput> {
  const { flows, warn } = options;
  const location = parseStoreUrl(url, options.storePassword ?? new Secret(''));
  const wanted = wantedOf(flows, options.pools);
  const exporters: string[] = [];
  const contents = new StoreContents();
  const scan = await readHere({ sink: flows, exporters }, (writer) =>
    scanStore(location, {
      whole: timesOf(options),
      wanted,
      writer,
      signal: options.signal,
      mostSampling: MOST_SAMPLING,
      onContent: (content) => {
        contents.add(content);
        flows.inStores.add(content);
      },
      onTaken: (taken) => flows.inStores.addTaken(taken),
      onBegin: () => flows.beginInput(ordinal, 'clickhouse', exporters, [], location.shown),
      earlier: options.progress.get(location.shown) ?? null,
      onSlice: async (progress) => {
        options.progress.set(location.shown, progress);
        await options.between();
      },
      onProgress: options.onRows,
    }),
  );
  const progress = options.progress.get(location.shown);
  if (progress !== undefined && !options.signal.aborted)
    options.progress.set(location.shown, { ...progress, pairs: null });
  for (const note of notesOf(location.shown, scan, wanted)) warn(note);
  // A run that goes on with a store does not count again what it holds.
  const all = contents.left().rows;
  const { firstUs, lastUs } = all === 0 ? scan : contents;
  return {
    path: location.shown,
    kind: `clickhouse-${scan.table.schema.id}`,
    bytes: 0,
    sha256: null,
    flows: Math.max(all, scan.records),
    first: isoTimeOrNull(firstUs),
    last: isoTimeOrNull(lastUs),
    damage: [
      ...scan.damage.map(damageRow),
      ...(scan.partialBecause === null ? [] : [damageRow({ kind: 'partial-answer', count: 1, at: 0 })]),
    ],
  };
}

/** What a reader must know of how the store was asked. */
function notesOf(store: string, scan: StoreScan, wanted: Wanted): Statement[] {
  const { search, table, partialBecause: settings } = scan;
  const isUnnamed = wanted.endpoints.length + wanted.prefixes.length === 0 && !table.columns.has('name');
  const { slicesSearched: searched = 0, slices = 0, pairs = 0, isCut = false } = search ?? {};
  const isPart = searched < slices || isCut;
  return [
    ...table.weaker.map((column) => statement('store-lacks', { store, column })),
    ...(settings === null ? [] : [statement('store-partial', { store, settings })]),
    ...(isUnnamed ? [statement('store-no-endpoint', { store })] : []),
    ...(search === null ? [statement('store-not-judged', { store })] : []),
    ...(isPart ? [statement('store-search-cut', { store, searched, slices, pairs })] : []),
  ];
}
