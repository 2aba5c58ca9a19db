/** The same packets as files: every form of capture that must give the same audit. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CapturedPacket } from './capture-reader.ts';
import { writePcap, writePcapng } from './capture-writer.ts';
import { split } from './transform.ts';

/** Writes a microsecond pcap file and returns its path. */
export function writeCapture(folder: string, name: string, packets: readonly CapturedPacket[]): string {
  const file = path.join(folder, `${name}.pcap`);
  writeFileSync(file, writePcap(packets));
  return file;
}

export interface Form {
  readonly name: string;
  /** The inputs of one scan; several files where the capture was split. */
  readonly inputs: readonly string[];
}

/** Writes the packets in every form, the plain pcap first. Times are whole microseconds in all of them. */
export function writeForms(folder: string, name: string, packets: readonly CapturedPacket[]): Form[] {
  const whole = packets.map((packet) => ({ ...packet, timeUs: Math.floor(packet.timeUs) }));
  const put = (ending: string, bytes: Uint8Array): string => {
    const file = path.join(folder, `${name}.${ending}`);
    writeFileSync(file, bytes);
    return file;
  };
  const pcap = writePcap(whole);
  const [first = [], second = [], third = []] = split(whole, 3);
  // Named against their order in time: the packets say what comes first, not the names.
  const parts = [
    put('part-c', writePcap(first)),
    put('part-a', writePcap(second)),
    put('part-b', writePcap(third)),
  ];
  return [
    { name: 'pcap', inputs: [put('pcap', pcap)] },
    { name: 'pcap in big-endian order', inputs: [put('be', writePcap(whole, { littleEndian: false }))] },
    { name: 'pcap with nanoseconds', inputs: [put('ns', writePcap(whole, { nanoseconds: true }))] },
    { name: 'pcap, gzipped', inputs: [put('pcap.gz', gzipSync(pcap))] },
    { name: 'pcapng', inputs: [put('pcapng', writePcapng(whole))] },
    {
      name: 'pcapng of two sections, two interfaces and other blocks between',
      inputs: [put('extra', writePcapng(whole, { sections: 2, idleInterfaces: 1, extras: true }))],
    },
    {
      name: 'pcapng with nanoseconds in big-endian order, gzipped',
      inputs: [put('ng.gz', gzipSync(writePcapng(whole, { resolution: 9, littleEndian: false })))],
    },
    {
      name: 'three gzipped pcap files in one, each with its own clock and byte order',
      inputs: [
        put(
          'joined.gz',
          Buffer.concat([
            gzipSync(writePcap(first)),
            gzipSync(writePcap(second, { nanoseconds: true })),
            gzipSync(writePcap(third, { littleEndian: false })),
          ]),
        ),
      ],
    },
    { name: 'three files in the wrong order', inputs: parts },
  ];
}
