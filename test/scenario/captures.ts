/**
 * A tenth of the province's miners as captures of ten minutes, one a city: every machine behind every tenth address
 * connects within the first seconds and mines to the end. Names of pools are looked up in front of each session.
 * Relays are left out: under TLS they would show bytes and no work.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { ETHERNET } from '../support/layers.ts';
import { ethernet, ipv4, udp } from '../support/packet-builder.ts';
import { type Random, random } from '../support/random.ts';
import { CITIES, type Endpoint, type Miner } from './province.ts';
import { session } from './sessions.ts';

/** Ten in the morning of 7 October 2021, in China. */
export const CAPTURE_START_US = Date.UTC(2021, 9, 7, 2) * 1000;
export const CAPTURE_SECONDS = 600;
const RESOLVER = '198.19.255.53';

export interface CaptureFigures {
  readonly packets: number;
  readonly files: number;
}

/** Writes the captures into a folder that is there. */
export function writeCaptures(folder: string, miners: readonly Miner[], seed: number): CaptureFigures {
  const draw = random(seed);
  let packets = 0;
  let files = 0;
  for (const city of CITIES) {
    const inCity = miners.filter((miner) => miner.city === city);
    if (inCity.length === 0) continue;
    const captured = inCity.flatMap((miner) => packetsOf(miner, draw)).sort((a, b) => a.timeUs - b.timeUs);
    writePcapFile(path.join(folder, `${city.name.toLowerCase().replace("'", '')}.pcap`), captured);
    packets += captured.length;
    files++;
  }
  return { packets, files };
}

function packetsOf(miner: Miner, draw: Random): CapturedPacket[] {
  const packets: CapturedPacket[] = [];
  const endUs = CAPTURE_START_US + CAPTURE_SECONDS * 1e6;
  const firstPort = draw.between(32_768, 50_000);
  for (const [i, machine] of miner.machines.entries()) {
    const startUs = CAPTURE_START_US + draw.below(4_000_000);
    if (i === 0) packets.push(...lookUp(miner, startUs - 20_000, draw));
    const plan = { miner, machine, clientPort: firstPort + i, startUs, endUs };
    packets.push(...session(plan, draw).toPackets({ seed: draw.below(2 ** 31) }));
  }
  return packets;
}

/** A question and its answer. */
function lookUp({ ip, pool }: Miner, timeUs: number, draw: Random): CapturedPacket[] {
  const id = draw.below(65_536);
  const sourcePort = draw.between(32_768, 60_999);
  const packet = (atUs: number, frame: Uint8Array): CapturedPacket => ({
    timeUs: atUs,
    linkType: ETHERNET,
    bytes: frame,
    wireBytes: frame.length,
  });
  const question = ipv4(
    { source: ip, destination: RESOLVER },
    udp({ sourcePort, destinationPort: 53 }, dnsMessage(id, pool, false)),
  );
  const answer = ipv4(
    { source: RESOLVER, destination: ip },
    udp({ sourcePort: 53, destinationPort: sourcePort }, dnsMessage(id, pool, true)),
  );
  return [packet(timeUs, ethernet({}, question).bytes), packet(timeUs + 8000, ethernet({}, answer).bytes)];
}

/** RFC 1035, section 4: one question of type A, with one answer or without. */
function dnsMessage(id: number, { name, ip }: Endpoint, isAnswer: boolean): Uint8Array {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(isAnswer ? 0x8180 : 0x0100, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(isAnswer ? 1 : 0, 6);
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  const question = [...labels, Buffer.from([0, 0, 1, 0, 1])];
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, ...ip.split('.').map(Number)]);
  return Buffer.concat([header, ...question, ...(isAnswer ? [record] : [])]);
}

/** A pcap file, little endian, microseconds, written in pieces of about a megabyte. */
function writePcapFile(file: string, packets: readonly CapturedPacket[]): void {
  const descriptor = openSync(file, 'w');
  const piece = Buffer.alloc(1 << 20);
  let used = 0;
  const put = (...words: readonly number[]): void => {
    for (const word of words) used = piece.writeUInt32LE(word, used);
  };
  put(0xa1b2c3d4, 0x0004_0002, 0, 0, 262_144, ETHERNET);
  for (const { timeUs, bytes } of packets) {
    if (used + 16 + bytes.length > piece.length) {
      writeSync(descriptor, piece, 0, used);
      used = 0;
    }
    put(Math.floor(timeUs / 1e6), timeUs % 1e6, bytes.length, bytes.length);
    piece.set(bytes, used);
    used += bytes.length;
  }
  writeSync(descriptor, piece, 0, used);
  closeSync(descriptor);
}
