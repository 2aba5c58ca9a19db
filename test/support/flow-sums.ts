/**
 * Flow logs to what each address sent and received, as our readers tell it: every record of every protocol, both ends,
 * sampling multiplied, frames made IP packets. Addresses are worded as nfdump's statistics word them.
 */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UDP } from '../../src/packets/packet.ts';
import { DECODED } from '../../src/packets/skip-reason.ts';
import type { FlowFormat } from '../../src/readers/flow-format.ts';
import type { FlowDamageRow } from '../../src/rows/flow-damage.ts';
import { bytesSource, exportCollector, readInto } from './binary-flows.ts';
import { eachPacket } from './each-packet.ts';
import type { Sum } from './flow-exporting.ts';
import type { FlowRecord } from './flow-record.ts';
import { flowSink } from './flow-rows.ts';

/** Ethernet header of a frame without tags, which Suricata counts. */
const LINK_HEADER = 14;

export class AddressSums {
  readonly byAddress = new Map<string, Sum>();
  records = 0;
  /** Intervals of sampling that the records name. */
  readonly sampling = new Set<number>();
  readonly damage: FlowDamageRow[] = [];

  readonly add = (record: FlowRecord): void => {
    this.records++;
    this.sampling.add(record.samplingInterval);
    const factor = !record.isScaled && record.samplingInterval > 1 ? record.samplingInterval : 1;
    const link = record.byteLayer === 1 ? LINK_HEADER : 0;
    const packets = record.packets + Math.max(0, record.reversePackets);
    const bytes = record.bytes + Math.max(0, record.reverseBytes) - link * packets;
    const { source0, source1, source2, source3 } = record;
    const { destination0, destination1, destination2, destination3 } = record;
    for (const words of [
      [source0, source1, source2, source3],
      [destination0, destination1, destination2, destination3],
    ]) {
      const address = nfdumpText(words);
      const known = this.byAddress.get(address) ?? { bytes: 0, packets: 0 };
      this.byAddress.set(address, {
        bytes: known.bytes + bytes * factor,
        packets: known.packets + packets * factor,
      });
    }
  };
}

/** Every file of a folder, or the one file. */
export async function sumsOf(format: FlowFormat, place: string): Promise<AddressSums> {
  const sums = new AddressSums();
  for (const file of filesOf(place)) {
    const result = await readInto(format, bytesSource(readFileSync(file)), flowSink(sums.add));
    sums.damage.push(...result.damage);
  }
  return sums;
}

/** Files that hold records: nfcapd's of a folder, or the one file itself. */
export function filesOf(place: string): string[] {
  try {
    return readdirSync(place)
      .filter((name) => /^nfcapd\.\d/.test(name))
      .sort()
      .map((name) => path.join(place, name));
  } catch {
    return /\.(json|pcap|csv)$/.test(place) ? [place] : [];
  }
}

/** The datagrams of a capture of exports. */
export async function sumsOfExport(file: string): Promise<AddressSums> {
  const sums = new AddressSums();
  const collector = exportCollector(sums.add);
  await eachPacket(file, (record, packet, reason) => {
    if (reason === DECODED && packet.protocol === UDP) {
      collector.datagram(packet, record.timeUs, record.number);
    }
  });
  collector.finish();
  sums.damage.push(...collector.damage);
  return sums;
}

/** As `nfdump -6 -s ip` prints it: full hexadecimal groups, and below ::1:0:0 as if it were IPv4. */
export function nfdumpText(words: readonly number[]): string {
  const [word0 = 0, word1 = 0, word2 = 0, word3 = 0] = words;
  const isIpv4 = word0 === 0 && word1 === 0 && (word2 === 0xffff || word2 === 0);
  if (isIpv4) return [24, 16, 8, 0].map((shift) => (word3 >>> shift) & 0xff).join('.');
  const groups = [word0, word1, word2, word3].flatMap((word) => [word >>> 16, word & 0xffff]);
  return compressed(groups);
}

/** RFC 5952: the first longest run of two or more zero groups shortened. */
function compressed(groups: readonly number[]): string {
  let at = -1;
  let length = 1;
  for (let from = 0; from < groups.length; from++) {
    let to = from;
    while (to < groups.length && groups[to] === 0) to++;
    if (to - from > length) [at, length] = [from, to - from];
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (at < 0) return text(groups);
  return `${text(groups.slice(0, at))}::${text(groups.slice(at + length))}`;
}
