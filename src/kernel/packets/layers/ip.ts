/**
 * IP and what it carries, up to TCP and UDP: one function a layer in wire order, bounds first, each returning DECODED or a
 * skip reason. Checksums are not verified: offloading leaves them wrong in most captures made on a host.
 */

import { be16, be32 } from '../bytes.ts';
import { control, packet, SHIM_LIMIT, Skip } from '../memory.ts';
import { completes, wholeDataAt, wholeProtocol } from './fragments.ts';
import { TCP, takeEnds, UDP } from './packet.ts';
import { FOUND, findsPacket, ipTunnel, tunnelPort, udpTunnel } from './tunnels.ts';

/** Linux hands down no larger segment than GSO_MAX_SIZE, 8 * 65,535 bytes; a longer "total length 0" is a lie. */
const LARGEST_OFFLOADED: u32 = 524_280;
const NO_TUNNEL: i32 = -1;

// Protocol numbers of IP (IANA "Protocol Numbers" and "IPv6 Extension Header Types").
const HOP_BY_HOP: u32 = 0;
const ROUTING: u32 = 43;
const FRAGMENT_HEADER: u32 = 44;
const AUTHENTICATION: u32 = 51;
const DESTINATION_OPTIONS: u32 = 60;
const MOBILITY: u32 = 135; // RFC 6275
const HOST_IDENTITY: u32 = 139; // RFC 7401
const SHIM6: u32 = 140; // RFC 5533

/** Headers between IPv6 and the transport that are skipped. */
function isExtension(protocol: u32): bool {
  switch (protocol) {
    case HOP_BY_HOP:
    case ROUTING:
    case FRAGMENT_HEADER:
    case AUTHENTICATION:
    case DESTINATION_OPTIONS:
    case MOBILITY:
    case HOST_IDENTITY:
    case SHIM6:
      return true;
    default:
      return false;
  }
}

/** Protocols whose fragments are worth keeping: TCP, UDP and what may carry them (IP, GRE, EtherIP, MPLS). */
function isReassembled(protocol: u32): bool {
  switch (protocol) {
    case 4:
    case 6:
    case 17:
    case 41:
    case 47:
    case 97:
    case 137:
      return true;
    default:
      return isExtension(protocol);
  }
}

/** IP of the version that its first four bits say. */
export function ip(at: u32): i32 {
  if (at >= packet.limit) return Skip.IP_HEADER_CUT;
  const version = load<u8>(at) >> 4;
  return version === 4 ? ipv4(at) : version === 6 ? ipv6(at) : Skip.BAD_IP_HEADER;
}

// RFC 791, section 3.1:
//   0 version, header words | 1 service | 2 total length | 4 id | 6 flags, fragment offset
//   8 time to live | 9 protocol | 10 checksum | 12 source | 16 destination | 20 options
export function ipv4(at: u32): i32 {
  if (at + 20 > packet.limit) return Skip.IP_HEADER_CUT;
  const first = <u32>load<u8>(at);
  const headerBytes = (first & 15) << 2;
  const totalLength = be16(at + 2);
  const ipBytes = totalLength === 0 ? packet.wireEnd - at : totalLength;
  if (first >> 4 !== 4 || headerBytes < 20 || ipBytes < headerBytes) return Skip.BAD_IP_HEADER;
  if (ipBytes > LARGEST_OFFLOADED) return Skip.BAD_IP_HEADER;
  enter(4, at, ipBytes);

  const protocol = <u32>load<u8>(at + 9);
  const fragmentation = be16(at + 6) & 0x3fff; // more fragments, offset in 8 bytes
  if (fragmentation !== 0) return fragment(at + headerBytes, protocol, be16(at + 4), fragmentation << 3);
  return upper(protocol, at + headerBytes);
}

// RFC 8200, section 3:
//   0 version, class, flow label | 4 payload length | 6 next header | 7 proxy limit | 8 source | 24 destination
export function ipv6(at: u32): i32 {
  if (at + 40 > packet.limit) return Skip.IP_HEADER_CUT;
  const payloadLength = be16(at + 4);
  const ipBytes = payloadLength === 0 ? packet.wireEnd - at : 40 + payloadLength;
  if (load<u8>(at) >> 4 !== 6 || ipBytes > LARGEST_OFFLOADED) return Skip.BAD_IP_HEADER;
  enter(6, at, ipBytes);
  return upper(load<u8>(at + 6), at + 40);
}

/** Narrows the packet to an IP packet of so many bytes: Ethernet padding ends here. */
function enter(version: u32, at: u32, ipBytes: u32): void {
  packet.ipVersion = version;
  packet.ipAt = at;
  packet.ipBytes = packet.tunnels === 0 ? min(ipBytes, packet.wireEnd - at) : ipBytes;
  packet.ownBytes = packet.ipBytes;
  if (packet.recordBytes === 0) packet.recordBytes = packet.ipBytes;
  narrow(at + ipBytes);
}

/** Ends the current layer at this offset on the wire. */
function narrow(wireEnd: u32): void {
  packet.wireEnd = wireEnd;
  if (packet.limit > wireEnd) packet.limit = wireEnd;
}

function upper(protocol: u32, at: u32): i32 {
  if (protocol === TCP) return tcp(at);
  if (control.looksAhead !== 0) return Skip.OTHER_TRANSPORT;
  if (protocol === UDP) return udp(at);
  if (protocol === AUTHENTICATION || (packet.ipVersion === 6 && isExtension(protocol))) {
    return extensions(protocol, at);
  }
  return ipTunnel(protocol, at);
}

// RFC 8200, section 4; the authentication header (RFC 4302) alone counts in other units:
//   0 next header | 1 length beyond the first 8 bytes, in 8 bytes (AH: beyond 8 bytes, in 4)
function extensions(first: u32, start: u32): i32 {
  let header = first;
  let at = start;
  while (isExtension(header)) {
    if (++packet.shims > SHIM_LIMIT) return Skip.TOO_MANY_LAYERS;
    if (at + 8 > packet.limit) return at + 8 > packet.wireEnd ? Skip.BAD_IP_HEADER : Skip.IP_HEADER_CUT;
    const next = <u32>load<u8>(at);
    const length = <u32>load<u8>(at + 1);
    if (header === FRAGMENT_HEADER) {
      // 2 offset in 8 bytes, 2 reserved bits, more | 4 id. Offset 0 without more is a whole packet (RFC 6946).
      const word = be16(at + 2);
      const place = (word & 0xfff8) | ((word & 1) << 16);
      if (place !== 0) return fragment(at + 8, next, be32(at + 4), place);
      at += 8;
    } else {
      at += header === AUTHENTICATION ? (length + 2) << 2 : (length + 1) << 3;
    }
    header = next;
  }
  return upper(header, at);
}

// RFC 9293, section 3.1:
//   0 source port | 2 destination port | 4 sequence | 8 acknowledgement | 12 header words | 13 flags
//   14 window | 16 checksum | 18 urgent pointer | 20 options
function tcp(at: u32): i32 {
  if (at + 20 > packet.limit)
    return at + 20 > packet.wireEnd ? Skip.BAD_TRANSPORT_HEADER : Skip.TRANSPORT_HEADER_CUT;
  const payloadAt = at + ((<u32>load<u8>(at + 12) >> 4) << 2);
  if (payloadAt < at + 20 || payloadAt > packet.wireEnd) return Skip.BAD_TRANSPORT_HEADER;
  packet.protocol = TCP;
  packet.transportAt = at;
  packet.sourcePort = be16(at);
  packet.destinationPort = be16(at + 2);
  packet.sequence = be32(at + 4);
  packet.acknowledgement = be32(at + 8);
  packet.flags = load<u8>(at + 13);
  return finish(payloadAt, packet.wireEnd);
}

// RFC 768:  0 source port | 2 destination port | 4 length | 6 checksum
function udp(at: u32): i32 {
  if (at + 8 > packet.limit)
    return at + 8 > packet.wireEnd ? Skip.BAD_TRANSPORT_HEADER : Skip.TRANSPORT_HEADER_CUT;
  const destinationPort = be16(at + 2);
  const length = be16(at + 4);
  // 0 means "up to the end" (RFC 2675, and offloading); between the UDP and the IP end there is no payload.
  if (length !== 0 && length < 8) return Skip.BAD_TRANSPORT_HEADER;
  const end = length === 0 || at + length > packet.wireEnd ? packet.wireEnd : at + length;
  const port = tunnelPort(be16(at), destinationPort);
  packet.protocol = UDP;
  packet.sourcePort = be16(at);
  packet.destinationPort = destinationPort;
  if (port !== 0) {
    const outcome = tunnelled(port, at + 8, end);
    if (outcome !== NO_TUNNEL) return outcome;
  }
  if (findsPacket(at + 8, end)) {
    const outcome = tunnelled(FOUND, at + 8, end);
    if (outcome !== NO_TUNNEL) return outcome;
  }
  packet.sequence = 0;
  packet.acknowledgement = 0;
  packet.flags = 0;
  return finish(at + 8, end);
}

/** Addresses and payload of the packet whose transport header was just read. */
export function finish(payloadAt: u32, payloadWireEnd: u32): i32 {
  takeEnds();
  packet.payloadStart = min(payloadAt, packet.limit);
  packet.payloadEnd = min(payloadWireEnd, packet.limit);
  packet.payloadBytes = payloadWireEnd - payloadAt;
  return Skip.DECODED;
}

/**
 * What a UDP tunnel carries, or NO_TUNNEL with the packet as it was: the port is a hint, and a payload that holds no good
 * tunnel and IP header stays the plain UDP packet that it is.
 */
function tunnelled(port: u32, at: u32, end: u32): i32 {
  const limit = packet.limit;
  const wireEnd = packet.wireEnd;
  const ipAt = packet.ipAt;
  const ipVersion = packet.ipVersion;
  const ipBytes = packet.ipBytes;
  const ownBytes = packet.ownBytes;
  const outers = packet.outers;
  const ports = (packet.sourcePort << 16) | packet.destinationPort;
  const tunnels = packet.tunnels;
  const through = packet.through;
  const shims = packet.shims;
  narrow(end);
  const outcome = udpTunnel(port, at);
  switch (outcome) {
    case Skip.DECODED:
    case Skip.FRAGMENT:
    case Skip.OTHER_TRANSPORT:
    case Skip.TRANSPORT_HEADER_CUT:
    case Skip.TOO_MANY_LAYERS:
    case Skip.SEALED_TUNNEL:
      return outcome;
  }
  packet.limit = limit;
  packet.wireEnd = wireEnd;
  packet.ipAt = ipAt;
  packet.ipVersion = ipVersion;
  packet.ipBytes = ipBytes;
  packet.ownBytes = ownBytes;
  packet.outers = outers;
  packet.protocol = UDP;
  packet.sourcePort = ports >>> 16;
  packet.destinationPort = ports & 0xffff;
  packet.tunnels = tunnels;
  packet.through = through;
  packet.shims = shims;
  return NO_TUNNEL;
}

/** A fragment; if it was the last of its datagram, the whole one goes on. `place` is its offset in bytes, plus 0x10000 if more follow. */
function fragment(dataAt: u32, protocol: u32, id: u32, place: u32): i32 {
  if (control.looksAhead !== 0) return Skip.FRAGMENT;
  if (!isReassembled(protocol)) return Skip.OTHER_TRANSPORT;
  if (dataAt > packet.limit) return Skip.IP_HEADER_CUT;
  return completes(dataAt, protocol, id, place) ? upper(wholeProtocol, wholeDataAt) : Skip.FRAGMENT;
}
