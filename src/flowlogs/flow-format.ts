/**
 * What a flow-log format is: one typed constant a file, registered in index.ts. `async` belongs to a block of bytes,
 * never to a record.
 */
import type { BlockQueues } from './block-queue.ts';
import type { CertificateJoin } from './certificate-names.ts';
import type { FlowDamageRow } from './flow-damage.ts';
import type { FlowSink } from './flow-record.ts';
import type { NfcapdProgram } from './nfcapd-program.ts';
import type { Room } from './text/room.ts';
import type { RowReader } from './text/row-reader.ts';
import type { FlowSieve } from './thread/sieve.ts';

/** Our fields, as the generated table of all formats names them. */
export type FlowField =
  | 'start'
  | 'end'
  | 'source'
  | 'destination'
  | 'sourcePort'
  | 'destinationPort'
  | 'protocol'
  | 'packets'
  | 'bytes'
  | 'reversePackets'
  | 'reverseBytes'
  | 'tcpFlags'
  | 'reverseTcpFlags'
  | 'samplingInterval'
  | 'originator'
  | 'denied'
  | 'exporter'
  | 'name';

/** Our field -> theirs, in the format's own words. A field that is absent here is absent there. */
export type FlowFieldMap = Readonly<Partial<Record<FlowField, string>>>;

/** What behaviour can be read from a format. */
export interface FlowAbilities {
  /**
   * What a record's times are: `flow` its first and last packet, `window` the edges of an aggregation window,
   * `arrival` only when it was exported or logged.
   */
  readonly time: 'flow' | 'window' | 'arrival';
  /** `partial`: some flags only, or only where the exporter sends them. */
  readonly tcpFlags: 'yes' | 'partial' | 'no';
  /** True where one record holds both directions, so that "no answer" is known for sure. */
  readonly bothDirections: 'yes' | 'partial' | 'no';
  /** `interpolated`: estimated by the source; `no`: bytes only, or nothing. */
  readonly packets: 'counted' | 'interpolated' | 'no';
  /**
   * Records of a long connection: `many`, for an active timeout or window cuts it; `one`, at its end; `either`, as the
   * source was set; `none`, the log holds no flows.
   */
  readonly records: 'many' | 'one' | 'either' | 'none';
}

/** Where the bytes come from, decompressed: a ByteSource, or anything like it. */
export interface FlowSource {
  /**
   * Writes the next bytes to `target`, at least one, and returns how many; 0 at the end. Never rejects. `onTheSpot`: a
   * file is read by the calling thread.
   */
  fill(target: Uint8Array, onTheSpot?: boolean): Promise<number>;
}

export interface NfcapdHelp {
  /** Reads common records where they lie in its memory, if there is a sieve. */
  readonly program: NfcapdProgram;
  /** Of that memory, INTAKE_BYTES to read blocks into. */
  readonly room: Uint8Array;
}

export interface FlowReadOptions {
  /** Called after each block with the records so far; false ends the reading early. */
  readonly onBlock?: (records: number) => boolean;
  /** Where the reader appends the texts of exporters as it meets them, before the first flow of each. */
  readonly exporters?: string[];
  /** The operator's word on who samples how, where the log says nothing: one packet in so many; 0: unknown. */
  readonly samplingInterval?: number;
  /** Zone of times without one (IANA name); UTC where absent. */
  readonly timeZone?: string;
  /** Column map of the operator (`src=...,dst=...`), our name -> theirs. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Where compressed blocks wait to be read; where absent, each is decoded as it comes. */
  readonly blockQueue?: BlockQueues;
  /**
   * What tells which records only count: those that it would hold back may be added to its totals and not be given to the
   * sink. For formats without names only. Absent: all are wanted.
   */
  readonly sieve?: FlowSieve;
  /** What makes nfcapd quicker, made where it is asked for; null where there is no memory for it. */
  readonly nfcapdHelp?: () => NfcapdHelp | null;
  /** Memory in which the bytes to come may lie, so that WebAssembly may read what is plain; absent: nowhere. */
  readonly room?: Room;
  /** Joins certificates to servers across the files of a scan; where absent, within one file. */
  readonly certificates?: CertificateJoin;
}

/** What a whole input held. */
export interface FlowReadResult {
  /** Flow records given to the sink. */
  readonly records: number;
  /** Earliest start and latest end, us since 1970; NaN where no record had a time. */
  readonly firstUs: number;
  readonly lastUs: number;
  readonly damage: readonly FlowDamageRow[];
  /** Texts of the exporters, by `FlowRecord.exporter`; empty where the format names none. */
  readonly exporters: readonly string[];
  /** Our names of columns that a table needs and has none known for; empty for formats without columns. */
  readonly missingColumns?: readonly string[];
  /** True where counters are those of both directions together, which stand as sent. */
  readonly isTogether?: boolean;
  /** True where times stated no zone and were read as `timeZone` says, as UTC where it says nothing. */
  readonly hasLocalTimes?: boolean;
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
  /**
   * When an input that begins like this begins, us since 1970, or null; absent where its first records can be read from
   * the head like the rest.
   */
  readonly beganUs?: (head: Uint8Array) => number | null;
  /** A reader of lines, for formats whose lines may be read by several; absent where only `read` can. */
  readonly rows?: (sink: FlowSink, options: FlowReadOptions) => RowReader;
  /** Reads to the end. Never rejects for what the bytes hold. */
  readonly read: (source: FlowSource, sink: FlowSink, options?: FlowReadOptions) => Promise<FlowReadResult>;
}

/** Bytes of an input that a `sniff` may ask for. */
export const SNIFF_BYTES = 4096;
