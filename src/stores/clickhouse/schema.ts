/**
 * What a schema is: for each of our fields the names that its table may have for it, and facts that no column tells.
 * The types come from the server (`system.columns`), so that one schema serves several versions of a table.
 */

/** Our fields of a flow table. */
export type StoreField =
  | 'source'
  | 'destination'
  | 'sourcePort'
  | 'destinationPort'
  | 'protocol'
  | 'start'
  | 'end'
  /** When the row was written: what partitions go by. `start` if absent. */
  | 'received'
  | 'packets'
  | 'bytes'
  | 'reversePackets'
  | 'reverseBytes'
  | 'tcpFlags'
  | 'sampling'
  | 'exporter'
  | 'direction'
  | 'name';

export interface StoreSchema {
  /** Stable word of `schema=`. */
  readonly id: string;
  readonly title: string;
  /** Where the columns were read, with version or date. */
  readonly reference: string;
  /** Tables that usually have it, the likeliest first. */
  readonly tables: readonly string[];
  /** Names of a column, the present one first; a field that is absent here is absent there. */
  readonly columns: Readonly<Partial<Record<StoreField, readonly string[]>>>;
  /** Columns that hold the address if the first one is 0 (ntopng keeps IPv4 and IPv6 apart). */
  readonly second?: Readonly<Partial<Record<'source' | 'destination', string>>>;
  /** True if counters are multiplied by the sampling rate already. */
  readonly isScaled: boolean;
  /** FixedString(16) that holds IPv4 in its first four bytes. */
  readonly isLeftAligned?: boolean;
}

/** Without these no flow can be told. */
export const REQUIRED: readonly StoreField[] = [
  'source',
  'destination',
  'sourcePort',
  'destinationPort',
  'start',
  'bytes',
];

/** Columns whose lack a note of the audit tells (`store-no-…`). */
export const WEAKER_WITHOUT = ['end', 'packets', 'tcpFlags', 'sampling', 'exporter', 'protocol'] as const;
export type WeakerWithout = (typeof WEAKER_WITHOUT)[number];
