/** Damage found in a flow log: each kind with its count and its first place. Broken bytes never throw. */

/** What can be wrong with the bytes of a flow log. */
export type FlowDamageKind =
  | 'empty' // no bytes at all
  | 'not-a-flow-log' // the head promised a format that the rest does not keep
  | 'unsupported-version' // a layout of the format that is not read
  | 'encrypted' // the file is encrypted
  | 'anonymised' // addresses were rewritten: matching pools means nothing
  | 'truncated-file' // the input ends inside its header, a block, a message or a line
  | 'bad-block' // a block, set or message whose length is impossible
  | 'bad-compression' // a block that does not decompress
  | 'bad-record' // a record whose length, fields or numbers are impossible
  | 'bad-template' // a template that describes no record, or more than is kept
  | 'unknown-template' // data sets (of unknown size in records) whose template never came
  | 'unknown-record' // a record kind that carries nothing for us
  | 'absurd-time' // flow times far from the export time, replaced by it
  | 'no-time' // records without any time
  | 'assumed-year' // times that name no year, taken for the last such day
  | 'counter-overflow' // a counter beyond 2^53, cut to it
  | 'lost-flows' // flows that the exporter's sequence numbers miss
  | 'lost-datagrams' // export datagrams that the sequence numbers miss
  | 'lost-samples' // samples that the agent dropped
  | 'lost-records' // records that the source says it lost (SKIPDATA and the like)
  | 'repeated-datagram' // export datagrams that the capture holds more than once, each of which counts once
  | 'trailing-bytes' // export datagrams with bytes behind their last record
  | 'cut-datagram' // export datagrams that the capture cut short; what is whole in them is read
  | 'unread-flow' // flows without what a conversation needs (no address, no IP)
  | 'late-sampling' // flows that count as they are, since their sampling interval was told when no more were kept
  | 'unknown-sampling' // flows that count as they are, since the sampler that they name was never described
  | 'table-full' // entries of a bounded table that did not fit
  | 'other-line' // lines of another kind than those that hold connections
  | 'only-named' // lines that name their server and hold no address of it: only the name is looked at
  | 'bad-row' // a row that does not parse
  | 'long-line' // a line longer than is kept
  | 'missing-column'; // a column without which rows mean nothing

/** Kinds of damage of which each is a record that could not be read. */
export const REFUSED_RECORDS: ReadonlySet<string> = new Set<FlowDamageKind>([
  'bad-row',
  'bad-record',
  'long-line',
  'unread-flow',
]);

/** Kinds that are no damage: lines and records of other kinds, as a product writes them beside its connections. */
export const OTHER_RECORDS: ReadonlySet<string> = new Set<FlowDamageKind>(['other-line', 'unknown-record']);

/** One kind of damage; `at` is the byte offset, in the decompressed input, of the first. */
export interface FlowDamageRow {
  readonly kind: FlowDamageKind;
  readonly count: number;
  readonly at: number;
}

/** Counts damage by kind. Bounded: one row a kind. Allocates for the first of a kind only. */
export class FlowDamageLog {
  private readonly byKind = new Map<FlowDamageKind, { count: number; at: number }>();

  /** Counts `count` more of a kind; `at` is kept from the first call. */
  add(kind: FlowDamageKind, at: number, count = 1): void {
    if (count <= 0) return;
    const row = this.byKind.get(kind);
    if (row === undefined) this.byKind.set(kind, { count, at });
    else row.count += count;
  }

  /** Bytes of the input that could not be read, as far as they are known. */
  refusedBytes = 0;

  /** Counts one of a kind, and the bytes that could not be read for it. */
  refuse(kind: FlowDamageKind, at: number, bytes: number): void {
    this.add(kind, at);
    this.refusedBytes += bytes;
  }

  /** Offset behind which nothing of the input was read; NaN if it was read to its end. */
  stoppedAt = Number.NaN;

  /** Counts one of a kind that ends the reading. */
  stop(kind: FlowDamageKind, at: number): void {
    this.add(kind, at);
    this.stoppedAt = at;
  }

  count(kind: FlowDamageKind): number {
    return this.byKind.get(kind)?.count ?? 0;
  }

  /** The rows so far, which begin again. */
  take(): readonly FlowDamageRow[] {
    const rows = this.rows();
    this.byKind.clear();
    return rows;
  }

  /** The rows, in order of first appearance. */
  rows(): readonly FlowDamageRow[] {
    return [...this.byKind].map(([kind, { count, at }]) => ({ kind, count, at }));
  }
}
