/** Every record of captures, decoded, for those who want them one by one: first times, extracts. No flows are kept. */

import type { CaptureRecord } from './capture-record.ts';
import type { Packet } from './packet.ts';
import { PacketKernel } from './packet-kernel.ts';
import type { RecordReader } from './record-reader.ts';

/** Receives a record while it is in place; `packet` is what was decoded, DECODED or a skip reason says how far. */
export type RecordListener = (record: CaptureRecord, packet: Packet, reason: number) => void;

export class EachRecord {
  /** Takes the bytes. */
  readonly reader: RecordReader;

  constructor(listener: RecordListener) {
    const kernel: PacketKernel = new PacketKernel(
      { record: (reason) => listener(kernel.record, kernel.packet, reason) },
      false,
    );
    this.reader = kernel;
  }
}
