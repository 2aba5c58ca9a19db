/**
 * Where the layers of one packet lie, and the headers that the transforms write: enough Ethernet, 802.1Q, IPv4,
 * IPv6 without extension headers, TCP and UDP to move a conversation into other packets. Small and separate from
 * the decoder under test on purpose.
 */
import type { CapturedPacket } from './capture-reader.ts';

export const ETHERNET = 1;
export const TCP = 6;
export const UDP = 17;

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;

export interface Layers {
  readonly view: DataView;
  readonly version: 4 | 6;
  /** Offset of the IP header. */
  readonly ip: number;
  readonly ipHeader: number;
  /** Offset of the TCP or UDP header; null for other protocols and fragments. */
  readonly transport: number | null;
  /** Offset of the TCP header; null where there is none. */
  readonly tcp: number | null;
  /** Offset of the payload of TCP or UDP; 0 where there is none. */
  readonly payload: number;
  /** Offset after the last byte of the IP packet; may lie beyond what was captured. */
  readonly end: number;
}

/** The layers of a packet, or null where it holds no IP. */
export function layersOf(packet: CapturedPacket): Layers | null {
  const { bytes } = packet;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ip = ipOffset(packet, view);
  if (ip === null || bytes.length < ip + 20) return null;
  const version = view.getUint8(ip) >> 4;
  if (version !== 4 && version !== 6) return null;
  if (version === 6 && bytes.length < ip + 40) return null;
  const ipHeader = version === 4 ? (view.getUint8(ip) & 15) * 4 : 40;
  const end = version === 4 ? ip + view.getUint16(ip + 2) : ip + 40 + view.getUint16(ip + 4);
  const protocol = view.getUint8(ip + (version === 4 ? 9 : 6));
  const isFragment = version === 4 && (view.getUint16(ip + 6) & 0x3fff) !== 0;
  const at = ip + ipHeader;
  const isKnown = !isFragment && (protocol === TCP || protocol === UDP) && bytes.length >= at + 8;
  const isTcp = isKnown && protocol === TCP && bytes.length >= at + 20;
  const payload = isTcp ? at + (view.getUint8(at + 12) >> 4) * 4 : isKnown ? at + 8 : 0;
  return {
    view,
    version,
    ip,
    ipHeader,
    transport: isKnown ? at : null,
    tcp: isTcp ? at : null,
    payload,
    end,
  };
}

function ipOffset(packet: CapturedPacket, view: DataView): number | null {
  if (packet.linkType === 101) return 0;
  if (packet.linkType !== ETHERNET) return null;
  for (let at = 12; at + 2 <= view.byteLength; at += 4) {
    const type = view.getUint16(at);
    if (type === 0x0800 || type === 0x86dd) return at + 2;
    if (type !== 0x8100 && type !== 0x88a8) return null;
  }
  return null;
}

/** Writes the length of the IP packet, and of IPv4 the header checksum. */
export function setIpTotal(bytes: Uint8Array, layers: Layers, total: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (layers.version === 6) {
    view.setUint16(layers.ip + 4, total - 40);
    return;
  }
  view.setUint16(layers.ip + 2, total);
  view.setUint16(layers.ip + 10, 0);
  view.setUint16(layers.ip + 10, fold(sum16(bytes, layers.ip, layers.ip + layers.ipHeader)));
}

/** Writes the checksum of the TCP or UDP header over the pseudo header of its IP version (RFC 9293, 8200). */
export function setTcpChecksum(bytes: Uint8Array, layers: Layers): void {
  if (layers.transport === null) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = layers.transport + (layers.tcp === null ? 6 : 16);
  const length = bytes.length - layers.transport;
  const protocol = layers.tcp === null ? UDP : TCP;
  view.setUint16(at, 0);
  const addresses =
    layers.version === 4
      ? sum16(bytes, layers.ip + 12, layers.ip + 20)
      : sum16(bytes, layers.ip + 8, layers.ip + 40);
  view.setUint16(at, fold(addresses + protocol + length + sum16(bytes, layers.transport, bytes.length)));
}

function sum16(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += 2)
    sum += ((bytes[at] ?? 0) << 8) | (at + 1 < to ? (bytes[at + 1] ?? 0) : 0);
  return sum;
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

/** Ethernet header between two locally administered addresses. */
export function ethernetHeader(etherType: number): Uint8Array {
  return Uint8Array.of(2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, etherType >> 8, etherType & 0xff);
}

export function ipv4Header(fields: {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly protocol: number;
  readonly payloadBytes: number;
  readonly id?: number;
}): Uint8Array {
  const header = new Uint8Array(20);
  const view = new DataView(header.buffer);
  header.set([0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, fields.protocol]);
  view.setUint16(2, 20 + fields.payloadBytes);
  view.setUint16(4, fields.id ?? 0);
  header.set(fields.source, 12);
  header.set(fields.destination, 16);
  view.setUint16(10, fold(sum16(header, 0, 20)));
  return header;
}

export function ipv6Header(fields: {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly next: number;
  readonly proxies: number;
  readonly payloadBytes: number;
}): Uint8Array {
  const header = new Uint8Array(40);
  header.set([
    0x60,
    0,
    0,
    0,
    fields.payloadBytes >> 8,
    fields.payloadBytes & 0xff,
    fields.next,
    fields.proxies,
  ]);
  header.set(fields.source, 8);
  header.set(fields.destination, 24);
  return header;
}

/** UDP header without a checksum, which RFC 768 allows over IPv4 and RFC 7348 asks for. */
export function udpHeader(fields: {
  readonly from: number;
  readonly to: number;
  readonly payloadBytes: number;
}): Uint8Array {
  const header = new Uint8Array(8);
  const view = new DataView(header.buffer);
  view.setUint16(0, fields.from);
  view.setUint16(2, fields.to);
  view.setUint16(4, 8 + fields.payloadBytes);
  return header;
}
