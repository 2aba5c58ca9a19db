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

/** Takes records of pcap in little endian and of Ethernet by itself, as many in a row as are common. */
export interface CommonRecords {
  /** Before the records of a block. False where it cannot take them from there; `divisor` is that of PcapReader. */
  begin(bytes: Uint8Array, divisor: number): boolean;
  /**
   * Takes records from bytes[from, to), of which the first is the next after `number`; returns where it ended: at a record
   * that is not common, which `record` is to be given, or that is not whole.
   */
  run(from: number, to: number, number: number): number;
  readonly taken: TakenRecords;
}

export interface TakenRecords {
  /** Number of the last record, and the seconds of its time and of that of the one before it. */
  readonly number: number;
  readonly lastSecond: number;
  readonly earlierSecond: number;
  /** Times of all records since `begin`; infinite where there were none. */
  readonly firstUs: number;
  readonly lastUs: number;
}
