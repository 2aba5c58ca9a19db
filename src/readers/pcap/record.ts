/** No packet has more bytes on the wire, jumbo frames and offloaded segments included. */
export const MOST_WIRE_BYTES = 2 ** 24;

const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(EMPTY.buffer);

/**
 * One captured record as its file describes it: where its bytes lie in the current block, and what the
 * record header says of them. A reader owns one instance, fills it anew for each record and calls the sink;
 * nothing may keep a reference to `bytes` beyond that call, for the block is overwritten.
 */
export class CaptureRecord {
  /** The block that holds the record. Changes only when the reader moves to another block. */
  bytes: Uint8Array = EMPTY;
  view: DataView = EMPTY_VIEW;
  /** Offset of the first captured byte in `bytes`. */
  at = 0;
  /** Bytes that the capture kept, at least 0. */
  captured = 0;
  /** Bytes that were on the wire, link header included. */
  wireBytes = 0;
  /** LINKTYPE_ value (tcpdump.org registry) that the record was captured with. */
  linkType = 0;
  /** Capture time in microseconds since 1970, UTC. Nanosecond files give fractions (resolution 0.25 us). */
  timeUs = 0;
  /** 1-based number of the record within its input. */
  number = 0;

  /**
   * Gives it both lengths. False where no packet has as many bytes on the wire, as then it weighs what was captured: it
   * would weigh as much in all shares of the whole.
   */
  measure(captured: number, wireBytes: number): boolean {
    const longer = Math.max(captured, wireBytes);
    const isPossible = longer <= MOST_WIRE_BYTES;
    this.captured = captured;
    this.wireBytes = isPossible ? longer : captured;
    return isPossible;
  }

  /** Points the record at another block. */
  useBlock(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

/** Receives each record while it is in place. Runs once a packet: nothing in it may allocate. */
export interface RecordSink {
  record(record: CaptureRecord): void;
  /** Null or absent where all records are to be given. */
  readonly common?: CommonRecords | null;
}

/**
 * Where records of Ethernet lie in a file in little endian: behind headers of pcap, or in enhanced packet blocks of one
 * interface of pcapng; and their clock, 1e6 or 1e9 ticks a second.
 */
export type RecordLayout =
  | { readonly kind: 'pcap'; readonly ticksPerSecond: number }
  | { readonly kind: 'pcapng'; readonly ticksPerSecond: number; readonly id: number };

/** Takes records of such a layout by itself, as many in a row as are common. */
export interface CommonRecords {
  /** Before the records of a block. False where it cannot take them from there. */
  begin(bytes: Uint8Array, layout: RecordLayout): boolean;
  /**
   * Takes records from bytes[from, to), of which the first is the next after `number`; returns where it ended: at a record
   * that is not common, which `record` is to be given, or that is not whole.
   */
  run(from: number, to: number, number: number): number;
  readonly taken: TakenRecords;
}

export interface TakenRecords {
  /** Number of the last record, and its time, us. */
  readonly number: number;
  readonly timeUs: number;
  /** Of pcap, the seconds of that time and of that of the record before it. */
  readonly lastSecond: number;
  readonly earlierSecond: number;
  /** Times of all records since `begin`; infinite where there were none. */
  readonly firstUs: number;
  readonly lastUs: number;
}
