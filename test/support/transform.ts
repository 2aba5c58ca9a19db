/**
 * The same conversation in other packets: cut anew, repeated, swapped, tagged, moved to IPv6, tunnelled, or with
 * parts missing. Pure functions over lists of captured packets; lengths and checksums stay right. Packets that are
 * no TCP over Ethernet, or that the snap length cut, pass unchanged where a change would need their payload.
 */
import type { CapturedPacket } from './capture-reader.ts';
import {
  ETHERNET,
  ethernetHeader,
  FIN,
  ipv4Header,
  ipv6Header,
  type Layers,
  layersOf,
  PSH,
  SYN,
  setIpTotal,
  setTcpChecksum,
  UDP,
  udpHeader,
} from './layers.ts';
import { random } from './random.ts';

type Packets = readonly CapturedPacket[];

/** Joins byte arrays. */
function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Cuts each TCP payload into segments; `cut` gives the lengths of the segments, which add up to its argument. */
export function resegment(
  packets: Packets,
  cut: (payloadBytes: number) => readonly number[],
): CapturedPacket[] {
  const result: CapturedPacket[] = [];
  for (const packet of packets) {
    const layers = layersOf(packet);
    const payload = layers === null || layers.tcp === null ? 0 : layers.end - layers.payload;
    if (layers === null || payload < 2 || packet.bytes.length < layers.end) result.push(packet);
    else result.push(...segments(packet, layers, cut(payload)));
  }
  return result;
}

/** Every segment carries one byte. */
export function resegmentAtEveryByte(packets: Packets): CapturedPacket[] {
  return resegment(packets, (payloadBytes) => new Array<number>(payloadBytes).fill(1));
}

/** Segments of 1 to `most` bytes, drawn with a seed. */
export function resegmentAtRandom(packets: Packets, seed: number, most = 40): CapturedPacket[] {
  const draw = random(seed);
  return resegment(packets, (payloadBytes) => {
    const lengths: number[] = [];
    for (let left = payloadBytes; left > 0; left -= lengths.at(-1) ?? left) {
      lengths.push(Math.min(left, draw.between(1, most)));
    }
    return lengths;
  });
}

function segments(packet: CapturedPacket, layers: Layers, lengths: readonly number[]): CapturedPacket[] {
  const head = packet.bytes.subarray(0, layers.payload);
  const tcp = layers.tcp ?? 0;
  const flags = packet.bytes[tcp + 13] ?? 0;
  const sequence = layers.view.getUint32(tcp + 4);
  const result: CapturedPacket[] = [];
  let offset = 0;
  for (const [index, length] of lengths.entries()) {
    const from = layers.payload + offset;
    const bytes = joined(head, packet.bytes.subarray(from, from + length));
    const view = new DataView(bytes.buffer);
    const isFirst = index === 0;
    const isLast = index === lengths.length - 1;
    // A SYN takes one number itself, so the bytes behind it start one later.
    const shift = !isFirst && (flags & SYN) !== 0 ? 1 : 0;
    view.setUint32(tcp + 4, (sequence + offset + shift) >>> 0);
    bytes[tcp + 13] = (isLast ? flags : flags & ~(PSH | FIN)) & (isFirst ? 0xff : ~SYN);
    if (layers.version === 4) {
      view.setUint16(layers.ip + 4, (layers.view.getUint16(layers.ip + 4) + index) & 0xffff);
    }
    setIpTotal(bytes, layers, bytes.length - layers.ip);
    setTcpChecksum(bytes, layers);
    result.push({ ...packet, bytes, wireBytes: bytes.length });
    offset += length;
  }
  return result;
}

/** Repeats every n-th packet `later` packets further on (1: at once), at the time of its new neighbours. */
export function duplicate(packets: Packets, every: number, later = 1): CapturedPacket[] {
  const result: CapturedPacket[] = [];
  for (const [index, packet] of packets.entries()) {
    result.push(packet);
    const earlier = packets[index + 1 - later];
    if (earlier !== undefined && (index + 1 - later) % every === 0) {
      result.push({ ...earlier, timeUs: packet.timeUs });
    }
  }
  return result;
}

export interface Reordering {
  readonly seed: number;
  /** A packet moves at most this many places. */
  readonly window: number;
  /** Only packets nearer than this in time change places. */
  readonly withinUs?: number;
  /**
   * `flight`: only packets of one direction of one flow change places, with nothing of the other direction between,
   * as a network does; `direction`: the same, whatever lies between; `any`: all, as captures from several queues do.
   */
  readonly among?: 'flight' | 'direction' | 'any';
  /** `travel`: a packet keeps its time, so times run backwards; `stay`: the times stay in order. */
  readonly times?: 'travel' | 'stay';
}

/** Swaps packets with near neighbours. */
export function reorder(packets: Packets, options: Reordering): CapturedPacket[] {
  const { window, withinUs = 20_000, among = 'flight', times = 'travel' } = options;
  const draw = random(options.seed);
  const result = [...packets];
  const moved = new Set<CapturedPacket>();
  for (let index = 0; index < result.length; index++) {
    const other = index + 1 + draw.below(window);
    const here = result[index];
    const there = result[other];
    if (here === undefined || there === undefined || moved.has(here) || moved.has(there)) continue;
    if (Math.abs(there.timeUs - here.timeUs) > withinUs) continue;
    const direction = directionOf(here);
    if (among !== 'any' && direction !== directionOf(there)) continue;
    if (
      among === 'flight' &&
      result.slice(index, other).some((packet) => isOtherDirection(direction, packet))
    )
      continue;
    result[index] = there;
    result[other] = here;
    moved.add(here).add(there);
  }
  if (times === 'travel') return result;
  return result.map((packet, index) => ({ ...packet, timeUs: packets[index]?.timeUs ?? packet.timeUs }));
}

function isOtherDirection(direction: string, packet: CapturedPacket): boolean {
  const other = directionOf(packet);
  if (other.length !== direction.length || other === direction) return false;
  // Addresses are all but the last eight digits, which are the ports.
  const half = (direction.length - 8) / 2;
  const swapped =
    direction.slice(half, 2 * half) +
    direction.slice(0, half) +
    direction.slice(-4) +
    direction.slice(-8, -4);
  return other === swapped;
}

/** Source, destination and ports as one text; '' for what is no TCP or UDP. */
function directionOf(packet: CapturedPacket): string {
  const layers = layersOf(packet);
  if (layers === null || layers.transport === null) return '';
  const addresses = packet.bytes.subarray(layers.ip + (layers.version === 4 ? 12 : 8), layers.transport);
  const ports = packet.bytes.subarray(layers.transport, layers.transport + 4);
  return Buffer.from(joined(addresses, ports)).toString('hex');
}

/** Puts VLAN tags after the Ethernet addresses, the outer one first: 0x8100 for one, 0x88a8 outside for more. */
export function tagVlan(packets: Packets, ...tags: readonly number[]): CapturedPacket[] {
  const header = new Uint8Array(tags.length * 4);
  const view = new DataView(header.buffer);
  for (const [index, tag] of tags.entries()) {
    view.setUint16(index * 4, index < tags.length - 1 ? 0x88a8 : 0x8100);
    view.setUint16(index * 4 + 2, tag);
  }
  return packets.map((packet) => {
    if (packet.linkType !== ETHERNET) return packet;
    const bytes = joined(packet.bytes.subarray(0, 12), header, packet.bytes.subarray(12));
    return { ...packet, bytes, wireBytes: packet.wireBytes + header.length };
  });
}

/** The IPv6 address, in its canonical text, that `toIpv6` gives to an IPv4 address: 2001:db8::/96 and the four bytes. */
export function ipv6Of(address: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return `2001:db8::${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

/** Rebuilds every IPv4 packet as IPv6 with the addresses of `ipv6Of`; the rest passes. */
export function toIpv6(packets: Packets): CapturedPacket[] {
  return packets.map((packet) => {
    const layers = layersOf(packet);
    if (layers === null || layers.version !== 4 || packet.bytes.length < layers.end) return packet;
    const old = packet.bytes;
    const link = old.slice(0, layers.ip);
    if (packet.linkType === ETHERNET) new DataView(link.buffer).setUint16(layers.ip - 2, 0x86dd);
    const body = old.subarray(layers.ip + layers.ipHeader, layers.end);
    const header = ipv6Header({
      source: mapped(old.subarray(layers.ip + 12, layers.ip + 16)),
      destination: mapped(old.subarray(layers.ip + 16, layers.ip + 20)),
      next: old[layers.ip + 9] ?? 0,
      proxies: old[layers.ip + 8] ?? 64,
      payloadBytes: body.length,
    });
    const bytes = joined(link, header, body);
    const rebuilt = { ...packet, bytes, wireBytes: bytes.length };
    const after = layersOf(rebuilt);
    if (after !== null) setTcpChecksum(bytes, after);
    return rebuilt;
  });
}

function mapped(ipv4: Uint8Array): Uint8Array {
  const address = new Uint8Array(16);
  address.set([0x20, 0x01, 0x0d, 0xb8]);
  address.set(ipv4, 12);
  return address;
}

/** Who sends all packets of the tunnels below, in both directions, as a switch does that mirrors. */
export const TUNNEL_SENDER = '192.0.2.251';
const TUNNEL_ENDS = { source: Uint8Array.of(192, 0, 2, 251), destination: Uint8Array.of(192, 0, 2, 252) };

/** Carries each IP packet in GRE (RFC 2784) between two routers. */
export function wrapGre(packets: Packets): CapturedPacket[] {
  return packets.map((packet) => {
    const layers = layersOf(packet);
    if (layers === null || packet.linkType !== ETHERNET) return packet;
    const gre = layers.version === 4 ? Uint8Array.of(0, 0, 8, 0) : Uint8Array.of(0, 0, 0x86, 0xdd);
    const onWire = gre.length + packet.wireBytes - layers.ip;
    const outer = ipv4Header({ ...TUNNEL_ENDS, protocol: 47, payloadBytes: onWire });
    return {
      ...packet,
      bytes: joined(ethernetHeader(0x0800), outer, gre, packet.bytes.subarray(layers.ip)),
      wireBytes: 14 + outer.length + onWire,
    };
  });
}

/** Carries each Ethernet frame in VXLAN (RFC 7348) between two tunnel ends, network identifier 42. */
export function wrapVxlan(packets: Packets): CapturedPacket[] {
  return packets.map((packet) => {
    if (packet.linkType !== ETHERNET) return packet;
    const vxlan = Uint8Array.of(8, 0, 0, 0, 0, 0, 42, 0);
    const onWire = vxlan.length + packet.wireBytes;
    const udp = udpHeader({ from: 54_321, to: 4789, payloadBytes: onWire });
    const outer = ipv4Header({ ...TUNNEL_ENDS, protocol: UDP, payloadBytes: udp.length + onWire });
    return {
      ...packet,
      bytes: joined(ethernetHeader(0x0800), outer, udp, vxlan, packet.bytes),
      wireBytes: 14 + outer.length + udp.length + onWire,
    };
  });
}

/** The same in UDP between ports that nobody has, behind a head of any kind, the packets alone or with their frames. */
export function wrapUdp(packets: Packets, head: Uint8Array, withFrame: boolean): CapturedPacket[] {
  return packets.map((packet) => {
    if (packet.linkType !== ETHERNET) return packet;
    const inner = withFrame ? packet.bytes : packet.bytes.subarray(14);
    const onWire = head.length + inner.length;
    const udp = udpHeader({ from: 41_414, to: 42_424, payloadBytes: onWire });
    const outer = ipv4Header({ ...TUNNEL_ENDS, protocol: UDP, payloadBytes: udp.length + onWire });
    return {
      ...packet,
      bytes: joined(ethernetHeader(0x0800), outer, udp, head, inner),
      wireBytes: 14 + outer.length + udp.length + onWire,
    };
  });
}

/** Leaves out every packet with SYN: the connection exists already when the capture starts. */
export function dropHandshake(packets: Packets): CapturedPacket[] {
  return packets.filter((packet) => {
    const tcp = layersOf(packet)?.tcp ?? null;
    return tcp === null || ((packet.bytes[tcp + 13] ?? 0) & SYN) === 0;
  });
}

/** Leaves out one direction: packets whose source port is `port`. */
export function dropFromPort(packets: Packets, port: number): CapturedPacket[] {
  return packets.filter((packet) => {
    const layers = layersOf(packet);
    return layers === null || layers.transport === null || layers.view.getUint16(layers.transport) !== port;
  });
}

/** Cuts each packet to a snap length; the length on the wire stays. */
export function snap(packets: Packets, snapLength: number): CapturedPacket[] {
  return packets.map((packet) => ({ ...packet, bytes: packet.bytes.subarray(0, snapLength) }));
}

/** The packets in `parts` runs of almost equal count, for files split at packet boundaries. */
export function split(packets: Packets, parts: number): CapturedPacket[][] {
  const result: CapturedPacket[][] = [];
  for (let part = 0; part < parts; part++) {
    const from = Math.round((part * packets.length) / parts);
    result.push(packets.slice(from, Math.round(((part + 1) * packets.length) / parts)));
  }
  return result;
}
