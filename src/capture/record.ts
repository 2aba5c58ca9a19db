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
}
