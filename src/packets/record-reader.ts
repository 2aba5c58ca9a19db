import type { DamageRow } from './capture-damage.ts';

export type CaptureKind = 'pcap' | 'pcapng';

/** Reads captures one after another, each handed over block by block: the kernel (packets/packet-kernel.ts). */
export interface RecordReader {
  beginInput(kind: CaptureKind): void;
  /** Where the next bytes go, behind the `held` ones that are left: at least `wanted`, as far as a record can be long. */
  room(held: number, wanted: number): Uint8Array;
  /** Reads the whole records of the first `length` bytes there; returns how many are left, now at the front. */
  consume(length: number): number;
  /** What is left at the end of the input: whole records after lost footing are still read, the rest is damage. */
  finish(length: number): void;
  /** Of the current input. */
  damage(): readonly DamageRow[];
  /** Records read. */
  readonly packets: number;
  /** Earliest and latest capture time, us since 1970; NaN while no record had one. */
  readonly firstUs: number;
  readonly lastUs: number;
  /** After `consume`: bytes beyond the last without which the next record cannot be read. At least 1. */
  readonly needed: number;
}
