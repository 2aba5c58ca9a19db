/**
 * A scan of a ClickHouse table. One query per slice of time sums the flows with listed endpoints. Pairs that may be miners
 * by a cheap aggregate are fetched row by row. Both become flow records: our own ledger handles exporters, sampling,
 * conversations and behaviour, as it does for files.
 */
import { holds } from '../../networks.ts';
import type { BatchWriter } from '../../rows/batches.ts';
import { FilledRows } from '../../rows/filled-rows.ts';
import { FlowDamageLog } from '../../rows/flow-damage.ts';
import { readAddress } from './columns.ts';
import type { StoreConnection, StoreRow } from './connection.ts';
import {
  type Arms,
  candidateQuery,
  contentQuery,
  endpointQuery,
  explainQuery,
  pairQuery,
  type Slice,
  type StorePair,
  type StoreQuery,
  type Wanted,
} from './queries.ts';
import type { StoreTable } from './table.ts';

/** Bytes of an answer that is flows: they are counted as they come, and not kept. */
const FLOWS = Number.POSITIVE_INFINITY;

/** What the search for unlisted miners may cost. */
export const BEHAVIOUR_BUDGET = {
  /** Rows that the server may read to find pairs; slices are taken evenly over the time until it is used up. */
  rows: 1_000_000_000,
  /** Pairs whose rows are fetched. */
  pairs: 5_000,
  /** Rows of these pairs that are fetched. */
  pairRows: 5_000_000,
} as const;

/** How far the search for unlisted miners went. */
export interface BehaviourSearch {
  readonly slices: number;
  readonly slicesSearched: number;
  readonly pairs: number;
  /** True if there were more pairs or rows than the budget takes. */
  readonly isCut: boolean;
}

/** Rows of a store that were compared there, by how their behaviour was judged or why it was not. */
export interface StoreContent {
  readonly kind: 'byBehaviour' | 'too-short' | 'sampled' | 'limit' | 'no-packets';
  readonly rows: number;
  /** IP bytes and packets, sampling multiplied. */
  readonly bytes: number;
  readonly packets: number;
  /** us since 1970. */
  readonly firstUs: number;
  readonly lastUs: number;
}

const KINDS = ['byBehaviour', 'too-short', 'sampled'] as const;

/** Above this many endpoints a bloom filter index skips nothing: it holds some endpoint in every block. */
const MOST_FOR_INDEX = 1_000;

/**
 * Whether two selects read less than one with OR, by the server's own plan for one slice. For a long list the plan of a part of it
 * counts only if it reads projections, which have the rows in the order of an address.
 */
export async function chooseArms(
  connection: StoreConnection,
  table: StoreTable,
  slice: Slice,
  wanted: Wanted,
): Promise<Arms> {
  const step = Math.ceil(wanted.endpoints.length / MOST_FOR_INDEX);
  const some = { ...wanted, endpoints: wanted.endpoints.filter((_, i) => i % step === 0) };
  const one = await planned(connection, table, explainQuery(table, slice, some, 'one'));
  const two = await planned(connection, table, explainQuery(table, slice, some, 'two'));
  return two.granules < one.granules && (step <= 1 || two.readsProjection) ? 'two' : 'one';
}

/** Granules that are left after the last index of each part of a plan. */
async function planned(connection: StoreConnection, { database, name }: StoreTable, query: StoreQuery) {
  let sum = 0;
  let last = 0;
  let readsProjection = false;
  for await (const row of connection.rows(query, FLOWS)) {
    const line = String(Object.values(row)[0] ?? '');
    const source = /ReadFrom(?:MergeTree|PreparedSource) \((.*)\)/.exec(line)?.[1];
    if (line.includes('ReadFrom')) {
      sum += last;
      last = 0;
    }
    if (source !== undefined && source !== `${database}.${name}`) readsProjection = true;
    const left = /Granules: (\d+)\/\d+/.exec(line)?.[1];
    if (left !== undefined) last = Number(left);
  }
  return { granules: sum + last, readsProjection };
}

/** Rows of one table to flow records. */
export class StoreReader {
  readonly #connection: Pick<StoreConnection, 'rows'>;
  readonly #table: StoreTable;
  readonly rows: FilledRows;
  readonly #ordinals = new Map<string, number>();
  /** Of the store's rows, what was read here: sampling multiplied. */
  readonly taken = { records: 0, bytes: 0, packets: 0 };
  #isListed: IsListed | null = null;

  constructor(connection: Pick<StoreConnection, 'rows'>, table: StoreTable, writer: BatchWriter) {
    this.#connection = connection;
    this.#table = table;
    this.rows = new FilledRows({ writer }, new FlowDamageLog());
  }

  /** Reads flows of a slice with the wanted endpoints; returns how many. */
  async endpoints(slice: Slice, wanted: Wanted, arms: Arms): Promise<number> {
    return this.#read(this.#connection.rows(endpointQuery(this.#table, slice, wanted, arms), FLOWS));
  }

  /**
   * Pairs that may be miners: slices are asked evenly over the time until the budget of rows is used up. Null if the table does
   * not tell behaviour. `onContent` hears what each slice holds, searched or not.
   */
  async candidates(
    slices: readonly Slice[],
    mostSampling: number,
    onContent: (content: StoreContent) => void,
  ): Promise<{ pairs: StorePair[]; search: BehaviourSearch | null }> {
    const table = this.#table;
    const canJudge = table.columns.has('packets');
    const pairs = new Map<string, StorePair>();
    let left: number = BEHAVIOUR_BUDGET.rows;
    let searched = 0;
    for (const slice of evenly(slices)) {
      const [whole] = await this.#contents(contentQuery(table, slice, mostSampling, false));
      if (whole === undefined || whole.isCoarse || !canJudge) {
        searched++;
        if (whole !== undefined) onContent({ ...whole, kind: canJudge ? 'sampled' : 'no-packets' });
        continue;
      }
      // The search ends for good, so that it is the same however large the later slices are.
      left = whole.rows > left ? Number.NEGATIVE_INFINITY : left - whole.rows;
      if (left < 0) {
        onContent(whole);
        continue;
      }
      searched++;
      const before = pairs.size;
      for await (const row of this.#connection.rows(
        candidateQuery(table, slice, BEHAVIOUR_BUDGET.pairs + 1),
      )) {
        const pair = pairOf(row);
        const key = `${row.m_client} ${row.m_server} ${row.m_port}`;
        if (pair !== null && pairs.size <= BEHAVIOUR_BUDGET.pairs) pairs.set(key, pair);
      }
      const isFull = pairs.size > BEHAVIOUR_BUDGET.pairs && pairs.size > before;
      for (const content of await this.#contents(contentQuery(table, slice, mostSampling, true)))
        onContent(isFull && content.kind === 'byBehaviour' ? { ...content, kind: 'limit' } : content);
    }
    const found = [...pairs.values()].slice(0, BEHAVIOUR_BUDGET.pairs);
    const isCut = pairs.size > BEHAVIOUR_BUDGET.pairs;
    const search = { slices: slices.length, slicesSearched: searched, pairs: found.length, isCut };
    return { pairs: found, search: canJudge ? search : null };
  }

  /** What a slice holds. Rows are over the limit if the query does not say what they are. */
  async #contents(query: StoreQuery) {
    const contents: (StoreContent & { readonly isCoarse: boolean })[] = [];
    for await (const row of this.#connection.rows(query)) {
      contents.push({
        kind: KINDS.find((known) => known === row.m_kind) ?? 'limit',
        rows: amount(row.m_rows),
        bytes: amount(row.m_bytes),
        packets: amount(row.m_packets),
        firstUs: Number(row.m_first),
        lastUs: Number(row.m_last),
        isCoarse: Number(row.m_isCoarse) === 1,
      });
    }
    return contents;
  }

  /** Reads the rows of these pairs in a slice, at most so many; returns how many. */
  async pairs(slice: Slice, pairs: readonly StorePair[], wanted: Wanted, mostRows: number): Promise<number> {
    this.#isListed ??= listedBy(wanted);
    const unlisted = pairs.filter(({ server, port }) => this.#isListed?.(server, port) !== true);
    if (unlisted.length === 0) return 0;
    const query = pairQuery(this.#table, slice, unlisted, wanted, mostRows);
    // A client's port may be a listed one as well; such a row is in the sums.
    return this.#read(this.#connection.rows(query, FLOWS), this.#isListed);
  }

  /** Returns how many rows came, those that are passed over included. */
  async #read(answers: AsyncIterable<StoreRow>, isOver: IsListed = () => false): Promise<number> {
    const { rows } = this;
    const before = rows.number;
    for await (const row of answers) {
      rows.number++;
      const source = readAddress(String(row.m_source));
      const destination = readAddress(String(row.m_destination));
      if (source === null || destination === null) rows.damage.add('unread-flow', 0);
      else if (
        !isOver(source, Number(row.m_sourcePort)) &&
        !isOver(destination, Number(row.m_destinationPort))
      ) {
        this.#fill(row, source, destination);
        rows.validate(0);
      }
    }
    return rows.number - before;
  }

  #fill(row: StoreRow, source: Int32Array, destination: Int32Array): void {
    const { columns, schema } = this.#table;
    const exporter = this.#exporter(String(row.m_exporter));
    this.#name(row);
    const record = this.rows.writer.nextRow();
    record.startUs = Number(row.m_start);
    record.endUs = Number(row.m_end);
    [record.source0, record.source1, record.source2, record.source3] = source;
    [record.destination0, record.destination1, record.destination2, record.destination3] = destination;
    record.sourcePort = Number(row.m_sourcePort);
    record.destinationPort = Number(row.m_destinationPort);
    record.protocol = Number(row.m_protocol);
    record.packets = Number(row.m_packets);
    record.bytes = Number(row.m_bytes);
    if (columns.has('reversePackets')) record.reversePackets = Number(row.m_reversePackets);
    if (columns.has('reverseBytes')) record.reverseBytes = Number(row.m_reverseBytes);
    if (columns.has('tcpFlags')) record.tcpFlags = Number(row.m_tcpFlags);
    record.samplingInterval = columns.has('sampling') ? Math.max(0, Number(row.m_sampling)) : 1;
    record.isScaled = schema.isScaled ? 1 : 0;
    record.exporter = exporter;
    const scale = schema.isScaled ? 1 : Math.max(1, record.samplingInterval);
    this.taken.records++;
    this.taken.bytes += (amount(row.m_bytes) + amount(row.m_reverseBytes)) * scale;
    this.taken.packets += (amount(row.m_packets) + amount(row.m_reversePackets)) * scale;
  }

  /** The table's own name of the server. */
  #name(row: StoreRow): void {
    if (typeof row.m_name !== 'string' || row.m_name === '') return;
    this.rows.writer.name({
      kind: 'tls-sni',
      name: row.m_name,
      client: String(row.m_source),
      server: String(row.m_destination),
      serverPort: Number(row.m_destinationPort),
      timeUs: Number(row.m_start),
      number: this.rows.number,
    });
  }

  #exporter(text: string): number {
    const known = this.#ordinals.get(text);
    if (known !== undefined) return known;
    const ordinal = this.rows.writer.exporters.push(text) - 1;
    this.#ordinals.set(text, ordinal);
    return ordinal;
  }
}

type IsListed = (words: Int32Array, port: number) => boolean;

/** Whether an address, with this port or any, is in the list: what the sums have is not read as a row again. */
function listedBy({ endpoints, prefixes }: Wanted): IsListed {
  const known = new Set(endpoints.map(({ words, port }) => `${words} ${port}`));
  return (words, port) =>
    known.has(`${words} ${port}`) ||
    known.has(`${words} 0`) ||
    prefixes.some(
      (prefix) => holds(prefix.network, words) && (prefix.ports.length === 0 || prefix.ports.includes(port)),
    );
}

function pairOf(row: StoreRow): StorePair | null {
  const client = readAddress(String(row.m_client));
  const server = readAddress(String(row.m_server));
  return client === null || server === null ? null : { client, server, port: Number(row.m_port) };
}

/** A count of an answer; 0 for what is none. */
function amount(value: unknown): number {
  const number = Number(value);
  return number > 0 && number < Number.POSITIVE_INFINITY ? number : 0;
}

/** The middle first, then the middles of both halves, and so on: however many are taken, they lie evenly. */
export function evenly<T>(items: readonly T[]): T[] {
  const ordered: T[] = [];
  let spans: (readonly [number, number])[] = [[0, items.length]];
  while (spans.length > 0) {
    const next: (readonly [number, number])[] = [];
    for (const [from, to] of spans) {
      if (from >= to) continue;
      const middle = (from + to) >> 1;
      ordered.push(...items.slice(middle, middle + 1));
      next.push([from, middle], [middle + 1, to]);
    }
    spans = next;
  }
  return ordered;
}
