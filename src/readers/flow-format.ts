/**
 * What a flow-log format is: one typed constant per file, registered in index.ts. `async` belongs to a block of bytes,
 * never to a record.
 */

import type { BatchWriter } from '../rows/batches.ts';
import type { FlowField } from '../schema/flow-row.ts';
import type { FlowReadOptions, FlowReadResult, FlowSource } from './flow-reading.ts';

/** Our field -> theirs, in the format's own words. A field that is absent here is absent there. */
export type FlowFieldMap = Readonly<Partial<Record<FlowField, string>>>;

/** What behaviour can be read from a format, as data/formats.tsv explains the words. */
export interface FlowAbilities {
  readonly time: 'flow' | 'window' | 'arrival';
  readonly tcpFlags: 'yes' | 'partial' | 'no';
  readonly bothDirections: 'yes' | 'partial' | 'no';
  readonly packets: 'counted' | 'interpolated' | 'no';
  readonly records: 'many' | 'one' | 'either' | 'none';
}

export interface FlowFormat {
  /** Lower case, stable: the `kind` of an input and the value of --input-format. */
  readonly id: string;
  readonly title: string;
  /** Specification with section, or the project that defines it. */
  readonly reference: string;
  /** Does an input that begins like this (up to SNIFF_BYTES) hold this format? */
  readonly sniff: (head: Uint8Array) => boolean;
  readonly fields: FlowFieldMap;
  /** Does an input that begins like this hold names and no flows? It is then read before those that do. Absent: never. */
  readonly holdsNames?: (head: Uint8Array) => boolean;
  readonly abilities: FlowAbilities;
  /** True of rows of text, which can be read as they are appended. */
  readonly isLines?: boolean;
  /**
   * When an input that begins like this begins, us since 1970, or null; absent if its first records can be read from
   * the head like the rest.
   */
  readonly beganUs?: (head: Uint8Array) => number | null | Promise<number | null>;
  /** Reads to the end. Never rejects for what the bytes hold. */
  readonly read: (
    source: FlowSource,
    writer: BatchWriter,
    options?: FlowReadOptions,
  ) => Promise<FlowReadResult>;
}

/** Bytes of an input that a `sniff` may ask for: a hundred long lines, as the first ones may be of another kind. */
export const SNIFF_BYTES = 65_536;
