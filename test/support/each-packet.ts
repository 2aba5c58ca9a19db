/** The packets of a capture file one by one, as the kernel reads them. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { eachRecord, type RecordListener } from '../../src/packets/packet-kernel.ts';
import { pumpCapture, sniffCapture } from '../../src/readers/pcap/reader.ts';
import { bytesSource } from './capture-reading.ts';

export async function eachPacket(file: string, listener: RecordListener): Promise<void> {
  const stored = readFileSync(file);
  const bytes = file.endsWith('.gz') ? gunzipSync(stored) : stored;
  await pumpCapture(bytesSource(bytes), sniffCapture(bytes) ?? 'pcap', eachRecord(listener));
}
