import type { DamageLog } from './damage.ts';

export type CaptureKind = 'pcap' | 'pcapng';

/** Parses one capture file, handed over block by block, and calls its sink for each record. */
export interface RecordReader {
  readonly kind: CaptureKind;
  /**
   * Parses the whole records in [from, to) and returns the offset of the first byte not consumed, which the
   * caller must present again at the start of the next block. Never throws for what the bytes hold.
   */
  consume(bytes: Uint8Array, from: number, to: number): number;
  /** What is left at the end of the input: whole records after lost footing are still read, the rest is damage. */
  finish(bytes: Uint8Array, from: number, to: number): void;
  readonly damage: DamageLog;
  /** Records given to the sink. */
  readonly packets: number;
  /** Earliest capture time, us since 1970; NaN while no record had one. */
  readonly firstUs: number;
  /** Latest capture time, us since 1970; NaN while no record had one. */
  readonly lastUs: number;
  /** After `consume`: bytes beyond `to` without which the next record cannot be read. At least 1. */
  readonly needed: number;
}
