/**
 * A capture of mixed traffic for the bench, one gigabyte or more, streamed to a file from one seed: some two thousand
 * flows at a time interleave, a fifth of them on IPv6, a tenth with a VLAN tag; the laboratory's mining sessions are
 * mixed in at their own pace. Checksums of TCP and UDP stay zero, as with checksum offload.
 */
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { KINDS, type Kind, makePools, type Turn } from './bench-traffic.ts';
import { type CapturedPacket, readCapture } from './capture-reader.ts';
import { FIN, SYN } from './layers.ts';
import { type Random, random } from './random.ts';
import { laboratory } from './truth.ts';

export interface BenchFigures {
  readonly bytes: number;
  readonly packets: number;
  readonly flows: number;
  readonly miningPackets: number;
}

interface Flow {
  readonly turns: Generator<Turn>;
  /** Header templates of both directions, link to transport; [0] is sent by the client. */
  readonly headers: readonly [Buffer, Buffer];
  readonly isUdp: boolean;
  readonly isIpv6: boolean;
  readonly ip: number;
  readonly transport: number;
  readonly next: [number, number];
}

const CONCURRENT = 2000;
const START_S = 1_760_000_000;
const SECONDS = 240;
const BLOCK = 8 << 20;

/** Writes the capture; `file` appears whole or not at all. */
export function buildBenchCapture(file: string, targetBytes: number, seed = 1): BenchFigures {
  const draw = random(seed);
  const pools = makePools(draw);
  const mining = miningPackets(START_S * 1e6);
  const out = new Output(`${file}.part`);
  const kinds = KINDS.flatMap((kind) => new Array<Kind>(kind.weight).fill(kind));
  const flows: Flow[] = [];
  let started = 0;
  const start = (): Flow => newFlow(draw, draw.pick(kinds), pools, started++);
  while (flows.length < CONCURRENT) flows.push(start());
  let nextMining = 0;
  while (out.bytes < targetBytes) {
    const timeUs = START_S * 1e6 + Math.floor((out.bytes / targetBytes) * SECONDS * 1e6);
    for (
      let due = mining[nextMining];
      due !== undefined && due.timeUs <= timeUs;
      due = mining[++nextMining]
    ) {
      out.packet(due.timeUs, due.bytes, due.bytes.length, NO_CONTENT, 0, 0);
    }
    const index = draw.below(flows.length);
    const flow = flows[index];
    if (flow === undefined) break;
    for (let burst = draw.between(1, 4); burst > 0; burst--) {
      const { value, done } = flow.turns.next();
      if (done) {
        flows[index] = start();
        break;
      }
      emit(out, flow, value, timeUs);
    }
  }
  out.close();
  renameSync(`${file}.part`, file);
  return { bytes: out.bytes, packets: out.packets, flows: started, miningPackets: nextMining };
}

const NO_CONTENT = new Uint8Array(0);

/** Every mining session of the laboratory, started three seconds after one another. */
function miningPackets(startUs: number): CapturedPacket[] {
  const packets: CapturedPacket[] = [];
  let turn = 0;
  for (const truth of laboratory().filter((each) => each.mining)) {
    const session = readCapture(truth.capture);
    const shiftUs = startUs + ++turn * 3e6 - (session[0]?.timeUs ?? 0);
    for (const packet of session) packets.push({ ...packet, timeUs: Math.floor(packet.timeUs + shiftUs) });
  }
  return packets.sort((a, b) => a.timeUs - b.timeUs);
}

function newFlow(draw: Random, kind: Kind, pools: ReturnType<typeof makePools>, ordinal: number): Flow {
  const isIpv6 = draw.chance(0.2);
  const vlan = draw.chance(0.1) ? draw.between(2, 400) : 0;
  const ip = vlan === 0 ? 14 : 18;
  const transport = ip + (isIpv6 ? 40 : 20);
  // 500 clients of one site, 20,000 servers outside, the near ones more often than the far ones.
  const client = draw.below(500);
  const server = Math.floor(20_000 * draw.next() ** 3);
  const clientPort = 1024 + ((ordinal * 7919) % 64_000);
  const headers: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];
  for (const direction of [0, 1] as const) {
    const header = Buffer.alloc(transport + (kind.isUdp ? 8 : 32));
    header.set(direction === 0 ? [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1] : [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]);
    if (vlan !== 0) {
      header.writeUInt16BE(0x8100, 12);
      header.writeUInt16BE(vlan, 14);
    }
    header.writeUInt16BE(isIpv6 ? 0x86dd : 0x0800, ip - 2);
    writeNetwork(header, ip, isIpv6, kind.isUdp ? 17 : 6, client, server);
    if (direction === 1) swapAddresses(header, ip, isIpv6);
    header.writeUInt16BE(direction === 0 ? clientPort : kind.port, transport);
    header.writeUInt16BE(direction === 0 ? kind.port : clientPort, transport + 2);
    if (!kind.isUdp) {
      header[transport + 12] = 8 << 4;
      header.writeUInt16BE(64_240, transport + 14);
      header.set([1, 1, 8, 10], transport + 20);
    }
    headers[direction] = header;
  }
  const next: [number, number] = [draw.below(2 ** 32), draw.below(2 ** 32)];
  return { turns: kind.turns(draw, pools), headers, isUdp: kind.isUdp, isIpv6, ip, transport, next };
}

/** IP header with the client as its source; lengths come later. Clients are 10.20.0.0/16, servers 198.18.0.0/15. */
function writeNetwork(
  header: Buffer,
  ip: number,
  isIpv6: boolean,
  protocol: number,
  client: number,
  server: number,
): void {
  if (isIpv6) {
    header[ip] = 0x60;
    header[ip + 6] = protocol;
    header[ip + 7] = 64;
    header.set([0x20, 0x01, 0x0d, 0xb8, 0, 20], ip + 8);
    header.writeUInt16BE(client + 1, ip + 22);
    header.set([0x20, 0x01, 0x0d, 0xb8, 0xff, 0], ip + 24);
    header.writeUInt16BE(server + 1, ip + 38);
    return;
  }
  header.set([0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, protocol], ip);
  header.set([10, 20, (client + 1) >> 8, (client + 1) & 0xff], ip + 12);
  header.set([198, 18, (server + 1) >> 8, (server + 1) & 0xff], ip + 16);
}

function swapAddresses(header: Buffer, ip: number, isIpv6: boolean): void {
  const at = ip + (isIpv6 ? 8 : 12);
  const size = isIpv6 ? 16 : 4;
  const source = Buffer.from(header.subarray(at, at + size));
  header.copyWithin(at, at + size, at + 2 * size);
  header.set(source, at + size);
}

function emit(out: Output, flow: Flow, turn: Turn, timeUs: number): void {
  const direction = turn.fromClient ? 0 : 1;
  const header = flow.headers[direction];
  const size = header.length + turn.length;
  if (flow.isIpv6) header.writeUInt16BE(size - flow.ip - 40, flow.ip + 4);
  else {
    header.writeUInt16BE(size - flow.ip, flow.ip + 2);
    header.writeUInt16BE(out.packets & 0xffff, flow.ip + 4);
    header.writeUInt16BE(0, flow.ip + 10);
    header.writeUInt16BE(headerChecksum(header, flow.ip), flow.ip + 10);
  }
  if (flow.isUdp) header.writeUInt16BE(8 + turn.length, flow.transport + 4);
  else {
    const other = direction === 0 ? 1 : 0;
    header.writeUInt32BE(flow.next[direction], flow.transport + 4);
    header.writeUInt32BE(turn.flags === SYN ? 0 : flow.next[other], flow.transport + 8);
    header[flow.transport + 13] = turn.flags;
    const advance = turn.length + ((turn.flags & (SYN | FIN)) === 0 ? 0 : 1);
    flow.next[direction] = (flow.next[direction] + advance) >>> 0;
  }
  out.packet(timeUs, header, header.length, turn.content, turn.at, turn.length);
}

function headerChecksum(header: Buffer, ip: number): number {
  let sum = 0;
  for (let at = ip; at < ip + 20; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** A pcap file that grows block by block. */
class Output {
  bytes = 24;
  packets = 0;
  readonly #block = Buffer.alloc(BLOCK);
  #used = 24;
  readonly #file: number;

  constructor(file: string) {
    this.#file = openSync(file, 'w');
    this.#block.writeUInt32LE(0xa1b2c3d4, 0);
    this.#block.writeUInt16LE(2, 4);
    this.#block.writeUInt16LE(4, 6);
    this.#block.writeUInt32LE(262_144, 16);
    this.#block.writeUInt32LE(1, 20);
  }

  packet(
    timeUs: number,
    head: Uint8Array,
    headBytes: number,
    content: Uint8Array,
    at: number,
    length: number,
  ): void {
    const size = headBytes + length;
    if (this.#used + 16 + size > BLOCK) this.#flush();
    const block = this.#block;
    const seconds = Math.floor(timeUs / 1e6);
    block.writeUInt32LE(seconds, this.#used);
    block.writeUInt32LE(timeUs - seconds * 1e6, this.#used + 4);
    block.writeUInt32LE(size, this.#used + 8);
    block.writeUInt32LE(size, this.#used + 12);
    block.set(head, this.#used + 16);
    if (length > 0) block.set(content.subarray(at, at + length), this.#used + 16 + headBytes);
    this.#used += 16 + size;
    this.bytes += 16 + size;
    this.packets++;
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#block, 0, this.#used);
    this.#used = 0;
  }
}
