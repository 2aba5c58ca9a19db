/**
 * Damage found in a capture file: each kind with how often it came and where it came first. Broken bytes end here
 * as counts; they never throw.
 */

/** What can be wrong with the bytes of a capture. */
export type DamageKind =
  | 'empty' // no bytes at all
  | 'not-a-capture' // no magic number that a reader knows
  | 'truncated-header' // the input ends inside the file header
  | 'truncated-record' // the input ends inside a record or block
  | 'bad-record-length' // a captured length that the format, or the block around it, rules out
  | 'bad-wire-length' // more bytes on the wire than any packet has: the record counts with those that were captured
  | 'bad-block-length' // a pcapng block length that is not a multiple of 4, absurd, or unlike its copy at the end
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
