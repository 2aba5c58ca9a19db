/**
 * HOT, but rarer than packet.ts: link layers other than Ethernet (tcpdump.org LINKTYPE_ registry), and what an
 * EtherType other than IP or VLAN may announce: MPLS, PPPoE, LLC/SNAP. Functions over the one Packet, a layer each.
 * Left out on purpose: encrypted and aggregated 802.11 frames, PPP multilink and compression.
 */
import type { PacketLayers } from './packet-fields.ts';
import {
  LINK_HEADER_CUT,
  NOT_IP,
  SHIM_LIMIT,
  TOO_MANY_LAYERS,
  TUNNEL_LIMIT,
  UNKNOWN_LINK_TYPE,
} from './skip-reason.ts';

const SNAP = 0xaaaa;
/** Netfilter attributes that a kernel puts before the payload number about a dozen. */
const NFLOG_ATTRIBUTES = 32;

/** The record's first layer, by its LINKTYPE. */
export function linkLayer(packet: PacketLayers, linkType: number, at: number): number {
  if (at >= packet.limit) return LINK_HEADER_CUT;
  switch (linkType) {
    case 1:
      return packet.ethernet(at);
    case 101: // LINKTYPE_RAW, and the DLT_RAW values that some writers put in files
    case 12:
    case 14:
      return packet.ip(at);
    case 228:
      return packet.ipv4(at);
    case 229:
      return packet.ipv6(at);
    case 113:
      return cooked(packet, at, 14, 16);
    case 276:
      return cooked(packet, at, 0, 20);
    case 0: // LINKTYPE_NULL
    case 108: // LINKTYPE_LOOP
      return loopback(packet, at);
    case 9: // LINKTYPE_PPP
    case 50: // LINKTYPE_PPP_HDLC
      return pppOrHdlc(packet, at);
    case 51:
      return pppoe(packet, at);
    case 104:
      return cooked(packet, at, 2, 4); // Cisco HDLC:  0 address | 1 control | 2 EtherType
    case 105:
      return wifi(packet, at);
    case 127:
      return radiotap(packet, at);
    case 239:
      return nflog(packet, at);
    default:
      return UNKNOWN_LINK_TYPE;
  }
}

/** An EtherType that is neither IP nor a VLAN tag; below 1,536 it is the length of an 802.3 frame. */
export function otherNetwork(packet: PacketLayers, etherType: number, at: number): number {
  switch (etherType) {
    case 0x8847:
    case 0x8848:
      return mpls(packet, at);
    case 0x8864: // PPPoE session; 8863, discovery, carries no IP
      return pppoe(packet, at);
    case 0x880b: // PPP, as in GRE
      return ppp(packet, at);
    default:
      return etherType < 1536 ? llc(packet, at) : NOT_IP;
  }
}

// A header of fixed length with an EtherType in it.
//   SLL:   0 packet type | 2 ARPHRD | 4 address length | 6 address | 14 EtherType
//   SLL2:  0 EtherType | 2 reserved | 4 interface | 8 ARPHRD | 10 packet type | 11 address length | 12 address
function cooked(packet: PacketLayers, at: number, typeAt: number, length: number): number {
  if (at + length > packet.limit) return LINK_HEADER_CUT;
  return packet.network(packet.view.getUint16(at + typeAt), at + length);
}

// LINKTYPE_NULL:  0 address family in the byte order of the writer; it fits in a byte, so either order can be told.
function loopback(packet: PacketLayers, at: number): number {
  if (at + 4 > packet.limit) return LINK_HEADER_CUT;
  const big = packet.view.getInt32(at);
  switch (big >>> 0 > 0xffff ? packet.view.getInt32(at, true) : big) {
    case 2:
      return packet.ipv4(at + 4);
    case 10: // AF_INET6 of Linux
    case 24: // of NetBSD and OpenBSD
    case 28: // of FreeBSD
    case 30: // of Darwin
      return packet.ipv6(at + 4);
    default:
      return NOT_IP;
  }
}

// LLC and SNAP (IEEE 802.2, RFC 1042):  0 aa aa 03 | 3 organisation 0 | 6 EtherType
function llc(packet: PacketLayers, at: number): number {
  if (at + 8 > packet.limit) return at + 8 > packet.wireEnd ? NOT_IP : LINK_HEADER_CUT;
  const view = packet.view;
  if (view.getUint16(at) !== SNAP || view.getInt32(at + 2) !== 0x0300_0000) return NOT_IP;
  const etherType = view.getUint16(at + 6);
  return etherType < 1536 ? NOT_IP : packet.network(etherType, at + 8);
}

// RFC 2516, section 4:  0 version, type (0x11) | 1 code | 2 session | 4 length | 6 PPP protocol
function pppoe(packet: PacketLayers, at: number): number {
  if (at + 6 > packet.limit) return LINK_HEADER_CUT;
  if (packet.view.getUint16(at) !== 0x1100) return NOT_IP;
  if (++packet.shims > SHIM_LIMIT) return TOO_MANY_LAYERS;
  return ppp(packet, at + 6);
}

// LINKTYPE_PPP_HDLC may also hold Cisco's framing, known by its address byte: 0x0f unicast, 0x8f multicast.
function pppOrHdlc(packet: PacketLayers, at: number): number {
  const first = packet.view.getUint8(at);
  return first === 0x0f || first === 0x8f ? cooked(packet, at, 2, 4) : ppp(packet, at);
}

// RFC 1661 and 1662:  [0 ff 03] | 0 protocol, of one byte where compressed: only a last byte of it is odd
export function ppp(packet: PacketLayers, at: number): number {
  const view = packet.view;
  const start = at + 2 <= packet.limit && view.getUint16(at) === 0xff03 ? at + 2 : at;
  if (start + 2 > packet.limit) return LINK_HEADER_CUT;
  const short = view.getUint8(start) & 1;
  const after = start + 2 - short;
  switch (short === 1 ? view.getUint8(start) : view.getUint16(start)) {
    case 0x0021:
      return packet.ipv4(after);
    case 0x0057:
      return packet.ipv6(after);
    case 0x0281:
      return mpls(packet, after);
    default:
      return NOT_IP;
  }
}

// RFC 3032, section 2.1:  0 label (20 bits), class (3), bottom of stack (1) | 3 time to live
export function mpls(packet: PacketLayers, start: number): number {
  const view = packet.view;
  for (let at = start; at + 4 <= packet.limit; at += 4) {
    if (++packet.shims > SHIM_LIMIT) return TOO_MANY_LAYERS;
    if ((view.getUint8(at + 2) & 1) === 1) return mplsPayload(packet, at + 4);
  }
  return LINK_HEADER_CUT;
}

/**
 * Labels do not say what they carry (RFC 4928). By the first four bits: 4 or 6 is IP, unless an Ethernet frame
 * without control word begins with such an address, which its EtherType betrays. 0 is a pseudowire's control word
 * (RFC 4385) with Ethernet after it, or again such an address. 1 is the associated channel, which carries no IP.
 * Other pseudowires (ATM, TDM) stay "not IP".
 */
function mplsPayload(packet: PacketLayers, at: number): number {
  const first = at < packet.limit ? packet.view.getUint8(at) >> 4 : 1;
  if ((first === 4 || first === 6) && !isEthernet(packet, at)) return packet.ip(at);
  const frameAt = first === 0 && isEthernet(packet, at + 4) ? at + 4 : at;
  if (first === 1 || !isEthernet(packet, frameAt)) return NOT_IP;
  return ++packet.tunnels > TUNNEL_LIMIT ? TOO_MANY_LAYERS : packet.ethernet(frameAt);
}

/** Whether an Ethernet frame with IP stands here, by its EtherType (behind two tags at most) and the IP version. */
function isEthernet(packet: PacketLayers, at: number): boolean {
  const view = packet.view;
  for (let typeAt = at + 12; typeAt <= at + 20 && typeAt + 3 <= packet.limit; typeAt += 4) {
    switch (view.getUint16(typeAt)) {
      case 0x0800:
        return view.getUint8(typeAt + 2) >> 4 === 4;
      case 0x86dd:
        return view.getUint8(typeAt + 2) >> 4 === 6;
      case 0x8100:
      case 0x88a8:
        break;
      default:
        return false;
    }
  }
  return false;
}

// IEEE 802.11, section 9.2:  0 version, type, subtype | 1 flags | 2 duration | 4, 10, 16 addresses | 22 sequence
//   | [24 fourth address, between access points] | [QoS control] | [HT control] | LLC
function wifi(packet: PacketLayers, at: number): number {
  if (at + 24 > packet.limit) return LINK_HEADER_CUT;
  const view = packet.view;
  const control = view.getUint8(at);
  const flags = view.getUint8(at + 1);
  // Data frames only (type 2) that do carry data (subtype bit 4 clear), in clear text (0x40, protected).
  if ((control & 0x4f) !== 0x08 || (flags & 0x40) !== 0) return NOT_IP;
  let llcAt = at + ((flags & 3) === 3 ? 30 : 24);
  if ((control & 0x80) !== 0) {
    if (llcAt + 2 > packet.limit) return LINK_HEADER_CUT;
    if ((view.getUint8(llcAt) & 0x80) !== 0) return NOT_IP; // several frames in one
    llcAt += (flags & 0x80) !== 0 ? 6 : 2;
  }
  // Some drivers pad the header to four bytes before they hand it on (radiotap flag 0x20).
  const padding = (llcAt - at) & 3;
  if (padding !== 0 && llcAt + padding + 2 <= packet.limit && view.getUint16(llcAt + padding) === SNAP) {
    llcAt += padding;
  }
  return llc(packet, llcAt);
}

// radiotap.org:  0 version | 1 padding | 2 header length, little endian
function radiotap(packet: PacketLayers, at: number): number {
  if (at + 4 > packet.limit) return LINK_HEADER_CUT;
  const length = packet.view.getUint16(at + 2, true);
  return length < 8 ? NOT_IP : wifi(packet, at + length);
}

// LINKTYPE_NFLOG:  0 family | 1 version | 2 resource | then attributes: 0 length | 2 type | 4 value, padded to 4,
// both in the writer's byte order. Types are small, so a type above 255 is one that stands the other way round.
function nflog(packet: PacketLayers, start: number): number {
  const view = packet.view;
  let at = start + 4;
  for (let i = 0; i < NFLOG_ATTRIBUTES && at + 4 <= packet.limit; i++) {
    const little = view.getUint16(at + 2) > 255;
    const length = view.getUint16(at, little);
    if (length < 4) return NOT_IP;
    if (view.getUint16(at + 2, little) === 9) return packet.ip(at + 4); // NFULA_PAYLOAD
    at += (length + 3) & ~3;
  }
  return LINK_HEADER_CUT;
}
