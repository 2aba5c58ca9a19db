/** Reads capture bytes through the readers and keeps what came out, for tests that compare whole record lists. */

import type { CaptureRecord } from '../../src/packets/packet.ts';
import { type CaptureKind, type DamageRow, eachRecord } from '../../src/packets/packet-kernel.ts';
import { type PumpSource, pumpCapture, sniffCapture } from '../../src/readers/pcap/reader.ts';

export interface ReadRecord {
  readonly timeUs: number;
  readonly linkType: number;
  readonly wireBytes: number;
  /** The captured bytes in hex. */
  readonly hex: string;
}

export interface Reading {
  readonly records: readonly ReadRecord[];
  readonly damage: readonly DamageRow[];
  readonly packets: number;
  readonly firstUs: number;
  readonly lastUs: number;
}

/** Copies each record that it is given. */
export class KeepingSink {
  readonly records: ReadRecord[] = [];

  record(record: CaptureRecord): void {
    if (record.number !== this.records.length + 1) throw new Error('records are not numbered from 1');
    const { dataAt, captured, memory } = record;
    if (dataAt + captured > memory.u8.length) throw new Error('a record leaves its block');
    const bytes = memory.u8.subarray(dataAt, dataAt + captured);
    this.records.push({
      timeUs: record.timeUs,
      linkType: record.linkType,
      wireBytes: record.wireBytes,
      hex: Buffer.from(bytes).toString('hex'),
    });
  }
}

/** Hands out `bytes`, never more than `atMost` at a time. */
export function bytesSource(bytes: Uint8Array, atMost = Number.POSITIVE_INFINITY) {
  let at = 0;
  return {
    get storedBytes(): number {
      return at;
    },
    async fill(target: Uint8Array): Promise<number> {
      const count = Math.min(target.length, bytes.length - at, atMost);
      target.set(bytes.subarray(at, at + count));
      at += count;
      return count;
    },
  };
}

let keeping = new KeepingSink();
/** One for all readings: what an input left behind must not be seen in the next. */
const SHARED = eachRecord((record) => keeping.record(record));

/** Reads a whole capture through the pump. Bytes that no reader knows are read as pcap. */
export async function readCapture(bytes: Uint8Array, blockBytes?: number, atMost?: number): Promise<Reading> {
  return readFrom(bytesSource(bytes, atMost), sniffCapture(bytes) ?? 'pcap', blockBytes);
}

/** Reads a source through the pump. */
export async function readFrom(source: PumpSource, kind: CaptureKind, blockBytes?: number): Promise<Reading> {
  const sink = new KeepingSink();
  keeping = sink;
  await pumpCapture(source, kind, SHARED, undefined, blockBytes);
  const { packets, firstUs, lastUs } = SHARED.input;
  return { records: sink.records, damage: SHARED.damage(), packets, firstUs, lastUs };
}
