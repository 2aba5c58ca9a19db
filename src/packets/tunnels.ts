/**
 * HOT, but rarer than packet.ts: IP carried in IP, GRE (with ERSPAN and PPTP), VXLAN, GENEVE, GTP-U and L2TP.
 * Functions over the one Packet, a header each; the innermost packet is the one that counts.
 * A UDP port is a hint only, so those tunnels check every field that has a fixed value before they go on.
 * Left out on purpose: TEREDO, L2TP version 3, and whatever is encrypted (ESP, WireGuard).
 */
import { mpls, ppp } from './layers-link.ts';
import type { PacketLayers } from './packet-fields.ts';
import {
  LINK_HEADER_CUT,
  NOT_IP,
  OTHER_TRANSPORT,
  SHIM_LIMIT,
  TOO_MANY_LAYERS,
  TUNNEL_LIMIT,
} from './skip-reason.ts';

const TRANSPARENT_ETHERNET = 0x6558;

/** A protocol number of IP (IANA "Protocol Numbers") that is neither TCP nor UDP. */
export function ipTunnel(packet: PacketLayers, protocol: number, at: number): number {
  switch (protocol) {
    case 4: // RFC 2003, RFC 2473
      return enter(packet) ? packet.ipv4(at) : TOO_MANY_LAYERS;
    case 41: // RFC 4213, RFC 2473
      return enter(packet) ? packet.ipv6(at) : TOO_MANY_LAYERS;
    case 47:
      return enter(packet) ? gre(packet, at) : TOO_MANY_LAYERS;
    case 97:
      return enter(packet) ? etherIp(packet, at) : TOO_MANY_LAYERS;
    case 137: // RFC 4023
      return enter(packet) ? mpls(packet, at) : TOO_MANY_LAYERS;
    default:
      return OTHER_TRANSPORT;
  }
}

/** Whether UDP to this port may carry a tunnel. */
export function isTunnelPort(port: number): boolean {
  switch (port) {
    case 1701:
    case 2152:
    case 4789:
    case 6081:
    case 8472:
      return true;
    default:
      return false;
  }
}

/** The tunnel that UDP to this port may carry. The packet must end where the UDP payload does. */
export function udpTunnel(packet: PacketLayers, port: number, at: number): number {
  if (!enter(packet)) return TOO_MANY_LAYERS;
  switch (port) {
    case 1701:
      return l2tp(packet, at);
    case 2152:
      return gtpU(packet, at);
    case 6081:
      return geneve(packet, at);
    default: // 4789, and 8472, where Linux had VXLAN before it was assigned a port
      return vxlan(packet, at);
  }
}

function enter(packet: PacketLayers): boolean {
  return ++packet.tunnels <= TUNNEL_LIMIT;
}

/** What an EtherType announces, where a whole Ethernet frame has one too. */
function carried(packet: PacketLayers, etherType: number, at: number): number {
  return etherType === TRANSPARENT_ETHERNET ? packet.ethernet(at) : packet.network(etherType, at);
}

// RFC 2784 and 2890, routing from RFC 1701:
//   0 C, R, K, S, reserved, version | 2 EtherType | [C or R: checksum, offset] | [K: key] | [S: sequence] | [R: routes]
function gre(packet: PacketLayers, start: number): number {
  if (start + 4 > packet.limit) return LINK_HEADER_CUT;
  const flags = packet.view.getUint16(start);
  const etherType = packet.view.getUint16(start + 2);
  const version = flags & 7;
  if (version !== 0) return version === 1 ? pptp(packet, flags, etherType, start) : NOT_IP;
  const sequenced = (flags & 0x1000) !== 0;
  let at =
    start + 4 + ((flags & 0xc000) !== 0 ? 4 : 0) + ((flags & 0x2000) !== 0 ? 4 : 0) + (sequenced ? 4 : 0);
  if ((flags & 0x4000) !== 0) {
    at = afterRoutes(packet, at);
    if (at < 0) return LINK_HEADER_CUT;
  }
  switch (etherType) {
    case 0x88be:
      return erspan(packet, sequenced, at);
    case 0x22eb:
      return erspan3(packet, at);
    default:
      return carried(packet, etherType, at);
  }
}

// RFC 1701, source route entries:  0 address family | 2 offset | 3 length | 4 route; family and length 0 end them
function afterRoutes(packet: PacketLayers, start: number): number {
  let at = start;
  for (let i = 0; i < SHIM_LIMIT && at + 4 <= packet.limit; i++) {
    const length = packet.view.getUint8(at + 3);
    if (length === 0 && packet.view.getUint16(at) === 0) return at + 4;
    at += 4 + length;
  }
  return -1;
}

// RFC 2637, section 4.1:
//   0 flags, version 1 | 2 0x880b | 4 payload length | 6 call | [S: 8 sequence] | [A: acknowledgement] | PPP
function pptp(packet: PacketLayers, flags: number, etherType: number, at: number): number {
  if (etherType !== 0x880b || (flags & 0x1000) === 0) return NOT_IP; // without a sequence there is no payload
  return ppp(packet, at + 12 + ((flags & 0x0080) !== 0 ? 4 : 0));
}

// draft-foschiano-erspan, type II:  0 version 1, VLAN | 2 class, session | 4 index. Type I, which has no header at
// all, differs from it by the absent GRE sequence number.
function erspan(packet: PacketLayers, sequenced: boolean, at: number): number {
  if (!sequenced) return packet.ethernet(at);
  if (at + 8 > packet.limit) return LINK_HEADER_CUT;
  return packet.view.getUint8(at) >> 4 === 1 ? packet.ethernet(at + 8) : NOT_IP;
}

// The same draft, type III:  0 version 2, VLAN | 2 class, session | 4 timestamp | 8 group
//   | 10 P, frame type (5 bits: 0 Ethernet, 2 IP), hardware, direction, granularity, O | [O: 12 subheader]
function erspan3(packet: PacketLayers, at: number): number {
  if (at + 12 > packet.limit) return LINK_HEADER_CUT;
  const view = packet.view;
  if (view.getUint8(at) >> 4 !== 2) return NOT_IP;
  const last = view.getUint16(at + 10);
  const frameAt = at + 12 + ((last & 1) << 3);
  const frameType = (last >> 10) & 31;
  if (frameType === 0) return packet.ethernet(frameAt);
  return frameType === 2 ? packet.ip(frameAt) : NOT_IP;
}

// RFC 3378:  0 version 3, reserved 0 | 2 Ethernet
function etherIp(packet: PacketLayers, at: number): number {
  if (at + 2 > packet.limit) return LINK_HEADER_CUT;
  return packet.view.getUint16(at) === 0x3000 ? packet.ethernet(at + 2) : NOT_IP;
}

// RFC 7348, section 5:  0 flags (08; 88 with a group policy) | 1 reserved, or policy | 4 network | 7 reserved | 8 Ethernet
function vxlan(packet: PacketLayers, at: number): number {
  if (at + 8 > packet.limit) return LINK_HEADER_CUT;
  const view = packet.view;
  if ((view.getUint8(at) & 0x7f) !== 0x08 || view.getUint8(at + 7) !== 0) return NOT_IP;
  return packet.ethernet(at + 8);
}

// RFC 8926, section 3.4:  0 version, option words | 1 flags | 2 EtherType | 4 network | 7 reserved | 8 options
function geneve(packet: PacketLayers, at: number): number {
  if (at + 8 > packet.limit) return LINK_HEADER_CUT;
  const view = packet.view;
  const first = view.getUint8(at);
  if (first >> 6 !== 0 || view.getUint8(at + 7) !== 0) return NOT_IP;
  return carried(packet, view.getUint16(at + 2), at + 8 + (first << 2));
}

// 3GPP TS 29.281, section 5.1:
//   0 version 1, PT, 0, E, S, PN | 1 message | 2 length after the first 8 bytes | 4 tunnel
//   | [E, S or PN: 8 sequence | 10 N-PDU | 11 next extension]
function gtpU(packet: PacketLayers, at: number): number {
  if (at + 8 > packet.limit) return LINK_HEADER_CUT;
  const view = packet.view;
  const flags = view.getUint8(at);
  const end = at + 8 + view.getUint16(at + 2);
  if ((flags & 0xf8) !== 0x30 || view.getUint8(at + 1) !== 255 || end !== packet.wireEnd) return NOT_IP;
  if ((flags & 7) === 0) return packet.ip(at + 8);
  if (at + 12 > packet.limit) return LINK_HEADER_CUT;
  return gtpExtensions(packet, (flags & 4) !== 0 ? view.getUint8(at + 11) : 0, at + 12);
}

// TS 29.281, section 5.2:  0 length in words | 1 content | last byte: next extension, 0 at the end
function gtpExtensions(packet: PacketLayers, first: number, start: number): number {
  let next = first;
  let at = start;
  while (next !== 0) {
    if (++packet.shims > SHIM_LIMIT) return TOO_MANY_LAYERS;
    if (at >= packet.limit) return LINK_HEADER_CUT;
    const length = packet.view.getUint8(at) << 2;
    if (length === 0) return NOT_IP;
    at += length;
    if (at > packet.limit) return LINK_HEADER_CUT;
    next = packet.view.getUint8(at - 1);
  }
  return packet.ip(at);
}

// RFC 2661, section 3.1:
//   0 T, L, S, O, P, version 2 | [L: length] | tunnel | session | [S: two sequences] | [O: offset, padding] | PPP
function l2tp(packet: PacketLayers, start: number): number {
  if (start + 8 > packet.limit) return LINK_HEADER_CUT;
  const view = packet.view;
  const flags = view.getUint16(start);
  if ((flags & 0xb4ff) !== 0x0002) return NOT_IP; // control messages carry no PPP, reserved bits are 0
  if ((flags & 0x4000) !== 0 && start + view.getUint16(start + 2) !== packet.wireEnd) return NOT_IP;
  let at = start + 6 + ((flags & 0x4000) !== 0 ? 2 : 0) + ((flags & 0x0800) !== 0 ? 4 : 0);
  if ((flags & 0x0200) !== 0) {
    if (at + 2 > packet.limit) return LINK_HEADER_CUT;
    at += 2 + view.getUint16(at);
  }
  return ppp(packet, at);
}
