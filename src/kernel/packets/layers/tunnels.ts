/**
 * IP carried in IP, GRE (with ERSPAN and PPTP), VXLAN (and its GPE), GENEVE, GTP-U, L2TP, LISP, MPLS in UDP, Teredo, TZSP and CAPWAP: a
 * function a header, and the innermost packet is the one that counts. A UDP port is a hint only, so those tunnels check every field that has a fixed value
 * before they go on. On any other port a packet counts whose checksum fits. Left out on purpose: L2TP version 3, and whatever is encrypted (ESP, WireGuard).
 */

import { be16, be32 } from '../bytes.ts';
import { packet, SHIM_LIMIT, Skip, TUNNEL_LIMIT } from '../memory.ts';
import { carried, ETHERNET, IP, IPV4, IPV6, MPLS, PPP, WIFI } from './carried.ts';
import { TCP, takeEnds, UDP } from './packet.ts';
import { enterTunnel } from './through.ts';

/** A protocol number of IP (IANA "Protocol Numbers") that is neither TCP nor UDP. */
export function ipTunnel(protocol: u32, at: u32): i32 {
  packet.protocol = protocol;
  packet.sourcePort = 0;
  packet.destinationPort = 0;
  switch (protocol) {
    case 4: // RFC 2003, RFC 2473
      return enter() ? carried(IPV4, at) : Skip.TOO_MANY_LAYERS;
    case 41: // RFC 4213, RFC 2473
      return enter() ? carried(IPV6, at) : Skip.TOO_MANY_LAYERS;
    case 47:
      return enter() ? gre(at) : Skip.TOO_MANY_LAYERS;
    case 97:
      return enter() ? etherIp(at) : Skip.TOO_MANY_LAYERS;
    case 137: // RFC 4023
      return enter() ? carried(MPLS, at) : Skip.TOO_MANY_LAYERS;
    default:
      takeOther(protocol, at);
      return Skip.OTHER_TRANSPORT;
  }
}

/** Ends and payload of a packet of another protocol: ports lie in the first four bytes, if it has some. */
function takeOther(protocol: u32, at: u32): void {
  takeEnds();
  packet.payloadStart = min(at, packet.limit);
  packet.payloadEnd = packet.limit;
  packet.payloadBytes = packet.wireEnd - min(at, packet.wireEnd);
  const hasPorts = protocol === DCCP || protocol === SCTP || protocol === UDP_LITE;
  if (!hasPorts || at + 4 > packet.limit) return;
  packet.sourcePort = be16(at);
  packet.destinationPort = be16(at + 2);
}

const DCCP: u32 = 33;
const SCTP: u32 = 132;
const UDP_LITE: u32 = 136;
const TEREDO: u32 = 3544;
const CAPWAP: u32 = 5247;
/** RFC 7510 */
const MPLS_IN_UDP: u32 = 6635;

/** The port of the tunnel that UDP between these ports may carry; 0 if none. */
export function tunnelPort(source: u32, destination: u32): u32 {
  switch (destination) {
    case 1701:
    case 2152:
    case TEREDO:
    case 4341:
    case 4789:
    case 4790:
    case CAPWAP:
    case 6081:
    case MPLS_IN_UDP:
    case 8472:
    case 37008:
      return destination;
    default:
      // Of these only servers have the port of their own, and they answer from it.
      return source === TEREDO || source === CAPWAP ? source : 0;
  }
}

/** What stands at most before a packet that is found by its checksum: a head of a tunnel, Ethernet, tags, options. */
const MOST_BEFORE: u32 = 64;
/** What fills a short frame of Ethernet behind its packet (IEEE 802.3 3.2.7). */
const MOST_PADDING: u32 = 46;
const IPV4_BYTES: u32 = 20;
const IPV6_BYTES: u32 = 40;
/** Where it begins, and what it is. */
let foundAt: u32 = 0;
let foundLayer: u32 = 0;

/**
 * True if memory [from, end) holds an IP packet behind some head: it ends where the memory does (padding aside), and its checksum
 * fits: of IPv4 that of the header (RFC 791 3.1), of IPv6 that of the segment (RFC 8200 8.1). Chance makes none. Exported flow
 * records, which may hold packets, are left out.
 */
export function findsPacket(from: u32, end: u32): bool {
  if (end > packet.limit || end < from + IPV4_BYTES) return false;
  const version = be16(from);
  if (version === 5 || version === 9 || version === 10) return false;
  const to = min(end - IPV4_BYTES, from + MOST_BEFORE);
  for (let at = from; at <= to; at += 2) {
    const first = <u32>load<u8>(at);
    if (first === 0x45) {
      if (end - at - be16(at + 2) > MOST_PADDING || sumOf(at, at + IPV4_BYTES, 0) !== 0xffff) continue;
      foundLayer = IPV4;
    } else if (first >> 4 === 6) {
      if (at + IPV6_BYTES > end || be16(at + 4) !== end - at - IPV6_BYTES) continue;
      const next = <u32>load<u8>(at + 6);
      if (next !== TCP && next !== UDP) continue;
      if (sumOf(at + 8, end, next + end - at - IPV6_BYTES) !== 0xffff) continue;
      foundLayer = IPV6;
    } else continue;
    foundAt = at;
    return true;
  }
  return false;
}

/** The sum of the 16-bit words in memory [from, to) and another number, carries added (RFC 1071). */
function sumOf(from: u32, to: u32, start: u32): u32 {
  let sum = start;
  let at = from;
  for (; at + 2 <= to; at += 2) sum += be16(at);
  if (at < to) sum += (<u32>load<u8>(at)) << 8;
  while (sum >> 16 !== 0) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

/** In place of a port: the packet that `findsPacket` found. */
export const FOUND: u32 = 0;

/** The tunnel that UDP to this port may carry. The packet must end where the UDP payload does. */
export function udpTunnel(port: u32, at: u32): i32 {
  if (!enter()) return Skip.TOO_MANY_LAYERS;
  switch (port) {
    case FOUND:
      return carried(foundLayer, foundAt);
    case 1701:
      return l2tp(at);
    case 2152:
      return gtpU(at);
    case TEREDO:
      return teredo(at);
    case 4341:
      return lisp(at);
    case 4790:
      return vxlanGpe(at);
    case CAPWAP:
      return capwap(at);
    case 6081:
      return geneve(at);
    case MPLS_IN_UDP:
      return carried(MPLS, at);
    case 37008:
      return tzsp(at);
    default: // 4789, and 8472, where Linux had VXLAN before it was assigned a port
      return vxlan(at);
  }
}

function enter(): bool {
  if (++packet.tunnels > TUNNEL_LIMIT) return false;
  enterTunnel();
  return true;
}

// RFC 2784 and 2890, routing from RFC 1701:
//   0 C, R, K, S, reserved, version | 2 EtherType | [C or R: checksum, offset] | [K: key] | [S: sequence] | [R: routes]
function gre(start: u32): i32 {
  if (start + 4 > packet.limit) return Skip.LINK_HEADER_CUT;
  const flags = be16(start);
  const etherType = be16(start + 2);
  const version = flags & 7;
  if (version !== 0) return version === 1 ? pptp(flags, etherType, start) : Skip.NOT_IP;
  const sequenced = (flags & 0x1000) !== 0;
  let at =
    start + 4 + ((flags & 0xc000) !== 0 ? 4 : 0) + ((flags & 0x2000) !== 0 ? 4 : 0) + (sequenced ? 4 : 0);
  if ((flags & 0x4000) !== 0) {
    at = afterRoutes(at);
    if (at === 0) return Skip.LINK_HEADER_CUT;
  }
  switch (etherType) {
    case 0x88be:
      return erspan(sequenced, at);
    case 0x22eb:
      return erspan3(at);
    default:
      return carried(etherType, at);
  }
}

// RFC 1701, source route entries:  0 address family | 2 offset | 3 length | 4 route; family and length 0 end them.
// 0 comes back if the packet ends before they do.
function afterRoutes(start: u32): u32 {
  let at = start;
  for (let i: u32 = 0; i < SHIM_LIMIT && at + 4 <= packet.limit; i++) {
    const length = <u32>load<u8>(at + 3);
    if (length === 0 && be16(at) === 0) return at + 4;
    at += 4 + length;
  }
  return 0;
}

// RFC 2637, section 4.1:
//   0 flags, version 1 | 2 0x880b | 4 payload length | 6 call | [S: 8 sequence] | [A: acknowledgement] | PPP
function pptp(flags: u32, etherType: u32, at: u32): i32 {
  if (etherType !== 0x880b || (flags & 0x1000) === 0) return Skip.NOT_IP; // without a sequence there is no payload
  return carried(PPP, at + 12 + ((flags & 0x0080) !== 0 ? 4 : 0));
}

// draft-foschiano-erspan, type II:  0 version 1, VLAN | 2 class, session | 4 index. Type I, which has no header at
// all, differs from it by the absent GRE sequence number.
function erspan(sequenced: bool, at: u32): i32 {
  if (!sequenced) return carried(ETHERNET, at);
  if (at + 8 > packet.limit) return Skip.LINK_HEADER_CUT;
  return <u32>load<u8>(at) >> 4 === 1 ? carried(ETHERNET, at + 8) : Skip.NOT_IP;
}

// The same draft, type III:  0 version 2, VLAN | 2 class, session | 4 timestamp | 8 group
//   | 10 P, frame type (5 bits: 0 Ethernet, 2 IP), hardware, direction, granularity, O | [O: 12 subheader]
function erspan3(at: u32): i32 {
  if (at + 12 > packet.limit) return Skip.LINK_HEADER_CUT;
  if (<u32>load<u8>(at) >> 4 !== 2) return Skip.NOT_IP;
  const last = be16(at + 10);
  const frameAt = at + 12 + ((last & 1) << 3);
  const frameType = (last >> 10) & 31;
  if (frameType === 0) return carried(ETHERNET, frameAt);
  return frameType === 2 ? carried(IP, frameAt) : Skip.NOT_IP;
}

// RFC 3378:  0 version 3, reserved 0 | 2 Ethernet
function etherIp(at: u32): i32 {
  if (at + 2 > packet.limit) return Skip.LINK_HEADER_CUT;
  return be16(at) === 0x3000 ? carried(ETHERNET, at + 2) : Skip.NOT_IP;
}

// RFC 7348, section 5:  0 flags (08; 88 with a group policy) | 1 reserved, or policy | 4 network | 7 reserved | 8 Ethernet
function vxlan(at: u32): i32 {
  if (at + 8 > packet.limit) return Skip.LINK_HEADER_CUT;
  if ((<u32>load<u8>(at) & 0x7f) !== 0x08 || <u32>load<u8>(at + 7) !== 0) return Skip.NOT_IP;
  return carried(ETHERNET, at + 8);
}

// draft-ietf-nvo3-vxlan-gpe, section 3.2:  0 version (2 bits), I, P, B, O | 3 next protocol, if P | 4 network | 7 reserved
function vxlanGpe(at: u32): i32 {
  if (at + 8 > packet.limit) return Skip.LINK_HEADER_CUT;
  const flags = <u32>load<u8>(at);
  if ((flags & 0xf9) !== 0x08 || <u32>load<u8>(at + 7) !== 0) return Skip.NOT_IP;
  switch ((flags & 4) === 0 ? 3 : <u32>load<u8>(at + 3)) {
    case 1:
      return carried(IPV4, at + 8);
    case 2:
      return carried(IPV6, at + 8);
    case 3:
      return carried(ETHERNET, at + 8);
    default:
      return Skip.NOT_IP;
  }
}

// RFC 9300, section 5.1:  0 N, L, E, V, I, R (0), key (2 bits: 0 in clear) | 1 nonce or versions | 4 instance, status | 8 IP
function lisp(at: u32): i32 {
  if (at + 8 > packet.limit) return Skip.LINK_HEADER_CUT;
  const flags = <u32>load<u8>(at);
  // A nonce and versions share their place, and only a nonce is echoed.
  if ((flags & 7) !== 0 || (flags & 0x90) === 0x90 || (flags & 0xa0) === 0x20) return Skip.NOT_IP;
  return endsWithPacket(at + 8) ? carried(IP, at + 8) : Skip.NOT_IP;
}

// RFC 4380, section 5.1.1:  [0001: 2 lengths of client id and value | both, 8 nonce, 1 confirmation] | [0000: 8 origin] | IPv6
function teredo(start: u32): i32 {
  let at = start;
  if (at + 4 > packet.limit) return Skip.LINK_HEADER_CUT;
  if (be16(at) === 1) at += 13 + <u32>load<u8>(at + 2) + <u32>load<u8>(at + 3);
  if (at + 2 > packet.limit) return Skip.LINK_HEADER_CUT;
  if (be16(at) === 0) at += 8;
  return endsWithPacket(at) && load<u8>(at) >> 4 === 6 ? carried(IPV6, at) : Skip.NOT_IP;
}

/** True if an IP packet begins here that ends where the tunnel's payload does. */
function endsWithPacket(at: u32): bool {
  if (at + 6 > packet.limit) return false;
  const isSix = load<u8>(at) >> 4 === 6;
  return at + (isSix ? 40 + be16(at + 4) : be16(at + 2)) === packet.wireEnd;
}

// TaZmen Sniffer Protocol, as mirroring routers send it:
//   0 version 1 | 1 type: 0 received, 1 to be sent | 2 what follows: 1 Ethernet, 18 802.11
//   | tags: 0 padding, 1 the last; others with a length | frame
function tzsp(start: u32): i32 {
  if (start + 4 > packet.limit) return Skip.LINK_HEADER_CUT;
  if (<u32>load<u8>(start) !== 1 || <u32>load<u8>(start + 1) > 1) return Skip.NOT_IP;
  let at = start + 4;
  for (let tags: u32 = 0; tags < SHIM_LIMIT && at + 2 <= packet.limit; tags++) {
    const tag = <u32>load<u8>(at);
    if (tag === 1) {
      const kind = be16(start + 2);
      return kind === 1 ? carried(ETHERNET, at + 1) : kind === 18 ? carried(WIFI, at + 1) : Skip.NOT_IP;
    }
    at += tag === 0 ? 1 : 2 + <u32>load<u8>(at + 1);
  }
  return Skip.NOT_IP;
}

// RFC 5415, sections 4.2 and 4.3:  0 version 0, type: 0 clear, 1 DTLS (then 3 reserved, a record of 0xfe..)
//   | 1 header words (5 bits), radio (5), what is carried (5: 0 nothing in the air, 1 802.11), T: as in the air
//   | 3 F: a piece, L, W: information, M: address, K: keep alive | 4 number | 6 place of the piece | 8 the rest of the header
function capwap(at: u32): i32 {
  if (at + 8 > packet.limit) return Skip.LINK_HEADER_CUT;
  const preamble = <u32>load<u8>(at);
  if (preamble === 1) {
    return be32(at) === 0x0100_0000 && <u32>load<u8>(at + 5) === 0xfe ? Skip.SEALED_TUNNEL : Skip.NOT_IP;
  }
  const second = <u32>load<u8>(at + 2);
  const flags = <u32>load<u8>(at + 3);
  const headerBytes = (<u32>load<u8>(at + 1) >> 3) << 2;
  const carries = (second >> 1) & 31;
  if (preamble !== 0 || headerBytes < 8 || carries > 1 || (flags & 0x0f) !== 0) return Skip.NOT_IP;
  if ((flags & 0x80) !== 0) return Skip.SEALED_TUNNEL;
  return (second & 1) === 0 ? carried(ETHERNET, at + headerBytes) : carried(WIFI, at + headerBytes);
}

// RFC 8926, section 3.4:  0 version, option words | 1 flags | 2 EtherType | 4 network | 7 reserved | 8 options
function geneve(at: u32): i32 {
  if (at + 8 > packet.limit) return Skip.LINK_HEADER_CUT;
  const first = <u32>load<u8>(at);
  if (first >> 6 !== 0 || <u32>load<u8>(at + 7) !== 0) return Skip.NOT_IP;
  return carried(be16(at + 2), at + 8 + (first << 2));
}

// 3GPP TS 29.281, section 5.1:
//   0 version 1, PT, 0, E, S, PN | 1 message | 2 length after the first 8 bytes | 4 tunnel
//   | [E, S or PN: 8 sequence | 10 N-PDU | 11 next extension]
function gtpU(at: u32): i32 {
  if (at + 8 > packet.limit) return Skip.LINK_HEADER_CUT;
  const flags = <u32>load<u8>(at);
  const end = at + 8 + be16(at + 2);
  if ((flags & 0xf8) !== 0x30 || <u32>load<u8>(at + 1) !== 255 || end !== packet.wireEnd) return Skip.NOT_IP;
  if ((flags & 7) === 0) return carried(IP, at + 8);
  if (at + 12 > packet.limit) return Skip.LINK_HEADER_CUT;
  return gtpExtensions((flags & 4) !== 0 ? <u32>load<u8>(at + 11) : 0, at + 12);
}

// TS 29.281, section 5.2:  0 length in words | 1 content | last byte: next extension, 0 at the end
function gtpExtensions(first: u32, start: u32): i32 {
  let next = first;
  let at = start;
  while (next !== 0) {
    if (++packet.shims > SHIM_LIMIT) return Skip.TOO_MANY_LAYERS;
    if (at >= packet.limit) return Skip.LINK_HEADER_CUT;
    const length = (<u32>load<u8>(at)) << 2;
    if (length === 0) return Skip.NOT_IP;
    at += length;
    if (at > packet.limit) return Skip.LINK_HEADER_CUT;
    next = <u32>load<u8>(at - 1);
  }
  return carried(IP, at);
}

// RFC 2661, section 3.1:
//   0 T, L, S, O, P, version 2 | [L: length] | tunnel | session | [S: two sequences] | [O: offset, padding] | PPP
function l2tp(start: u32): i32 {
  if (start + 8 > packet.limit) return Skip.LINK_HEADER_CUT;
  const flags = be16(start);
  if ((flags & 0xb4ff) !== 0x0002) return Skip.NOT_IP; // control messages carry no PPP, reserved bits are 0
  if ((flags & 0x4000) !== 0 && start + be16(start + 2) !== packet.wireEnd) return Skip.NOT_IP;
  let at = start + 6 + ((flags & 0x4000) !== 0 ? 2 : 0) + ((flags & 0x0800) !== 0 ? 4 : 0);
  if ((flags & 0x0200) !== 0) {
    if (at + 2 > packet.limit) return Skip.LINK_HEADER_CUT;
    at += 2 + be16(at);
  }
  return carried(PPP, at);
}
