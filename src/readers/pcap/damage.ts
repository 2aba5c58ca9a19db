/**
 * Damage found in a capture file: each kind with how often it came and where it came first. Broken bytes end here
 * as counts; they never throw.
 */

/** A record of more bytes than this is damage; it bounds what a block can grow to. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024;

/** What can be wrong with the bytes of a capture. */
export type DamageKind =
  | 'empty' // no bytes at all
  | 'not-a-capture' // no magic number that a reader knows
  | 'truncated-header' // the input ends inside the file header
  | 'truncated-record' // the input ends inside a record or block
  | 'bad-record-length' // a captured length that the format, or the block around it, rules out
  | 'bad-wire-length' // more bytes on the wire than any packet has: the record counts with those that were captured
  | 'bad-block-length' // a pcapng block length that is no multiple of 4, absurd, or unlike its copy at the end
  | 'bad-section' // a pcapng section header without a byte-order magic
  | 'unknown-interface' // a packet of an interface that the section never described
  | 'too-many-interfaces' // more interfaces in a section than a reader keeps
  | 'skipped-bytes'; // the count is bytes: what lay between lost and regained footing

/** One kind of damage; `at` is the byte offset, in the decompressed input, of the first. */
export interface DamageRow {
  readonly kind: DamageKind;
  readonly count: number;
  readonly at: number;
}

/** Counts damage by kind. Bounded: one row a kind. */
export class DamageLog {
  readonly #rows = new Map<DamageKind, { count: number; at: number }>();

  /** Counts `count` more of a kind (bytes for skipped-bytes); `at` is kept from the first call. */
  add(kind: DamageKind, at: number, count = 1): void {
    const row = this.#rows.get(kind);
    if (row === undefined) this.#rows.set(kind, { count, at });
    else row.count += count;
  }

  /** The rows, in order of first appearance. */
  rows(): readonly DamageRow[] {
    return [...this.#rows].map(([kind, { count, at }]) => ({ kind, count, at }));
  }
}
