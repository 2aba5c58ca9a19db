/**
 * Link layers (tcpdump.org LINKTYPE_ registry), and what an EtherType may announce: IP, VLAN tags, MPLS, PPPoE, LLC/SNAP.
 * Left out on purpose: encrypted and aggregated 802.11 frames, PPP multilink and compression.
 */

import { be16, be32, u16At } from '../bytes.ts';
import { packet, record, SHIM_LIMIT, Skip, TUNNEL_LIMIT } from '../memory.ts';
import { decodeCarriedBy, ETHERNET, IP, WIFI } from './carried.ts';
import { ip, ipv4, ipv6 } from './ip.ts';

const SNAP: u32 = 0xaaaa;
/** Netfilter attributes that a system puts before the payload number about a dozen. */
const NFLOG_ATTRIBUTES = 32;
/** Wire lengths are cut to this. */
const LARGEST_WIRE: u32 = 0x1fff_ffff;

/** Decodes the current record: DECODED if a TCP or UDP header was found, else the skip reason. */
export function decode(): i32 {
  const at = record.dataAt;
  packet.limit = at + record.captured;
  packet.wireEnd = at + min(max(record.wireBytes, record.captured), LARGEST_WIRE);
  packet.ipBytes = 0;
  packet.ownBytes = 0;
  packet.recordBytes = 0;
  packet.outers = 0;
  packet.tunnels = 0;
  packet.through = 0;
  packet.shims = 0;
  return record.linkType === 1 ? ethernet(at) : otherLink(record.linkType, at);
}

decodeCarriedBy(carriedLayer);

function carriedLayer(layer: u32, at: u32): i32 {
  switch (layer) {
    case ETHERNET:
      return ethernet(at);
    case IP:
      return ip(at);
    case WIFI:
      return wifi(at);
    default:
      return network(layer, at);
  }
}

// IEEE 802.3:  0 destination | 6 source | 12 EtherType
function ethernet(at: u32): i32 {
  if (at + 14 > packet.limit) return Skip.LINK_HEADER_CUT;
  return network(be16(at + 12), at + 14);
}

function otherLink(linkType: i32, at: u32): i32 {
  if (at >= packet.limit) return Skip.LINK_HEADER_CUT;
  switch (linkType) {
    case 101: // LINKTYPE_RAW, and the DLT_RAW values that some writers put in files
    case 12:
    case 14:
      return ip(at);
    case 228:
      return ipv4(at);
    case 229:
      return ipv6(at);
    case 113:
      return cooked(at, 14, 16);
    case 276:
      return cooked(at, 0, 20);
    case 0: // LINKTYPE_NULL
    case 108: // LINKTYPE_LOOP
      return loopback(at);
    case 9: // LINKTYPE_PPP
    case 50: // LINKTYPE_PPP_HDLC
      return pppOrHdlc(at);
    case 51:
      return pppoe(at);
    case 104:
      return cooked(at, 2, 4); // Cisco HDLC:  0 address | 1 control | 2 EtherType
    case 105:
      return wifi(at);
    case 127:
      return radiotap(at);
    case 239:
      return nflog(at);
    default:
      return Skip.UNKNOWN_LINK_TYPE;
  }
}

/** What an EtherType (IANA "IEEE 802 Numbers") announces at this offset; below 1,536 it is the length of an 802.3 frame. */
function network(etherType: u32, at: u32): i32 {
  switch (etherType) {
    case 0x0800:
      return ipv4(at);
    case 0x86dd:
      return ipv6(at);
    case 0x8100: // 802.1Q
    case 0x88a8: // 802.1ad
    case 0x9100: // stacked tags before 802.1ad had a number
    case 0x9200:
      return vlan(at);
    case 0x8847:
    case 0x8848:
      return mpls(at);
    case 0x8864: // PPPoE session; 8863, discovery, carries no IP
      return pppoe(at);
    case 0x880b: // PPP, as in GRE
      return ppp(at);
    default:
      return etherType < 1536 ? llc(at) : Skip.NOT_IP;
  }
}

// IEEE 802.1Q, after the EtherType:  0 priority, VLAN id | 2 EtherType
function vlan(at: u32): i32 {
  if (at + 4 > packet.limit) return Skip.LINK_HEADER_CUT;
  if (++packet.shims > SHIM_LIMIT) return Skip.TOO_MANY_LAYERS;
  return network(be16(at + 2), at + 4);
}

// A header of fixed length with an EtherType in it.
//   SLL:   0 packet type | 2 ARPHRD | 4 address length | 6 address | 14 EtherType
//   SLL2:  0 EtherType | 2 reserved | 4 interface | 8 ARPHRD | 10 packet type | 11 address length | 12 address
function cooked(at: u32, typeAt: u32, length: u32): i32 {
  if (at + length > packet.limit) return Skip.LINK_HEADER_CUT;
  return network(be16(at + typeAt), at + length);
}

// LINKTYPE_NULL:  0 address family in the byte order of the writer; it fits in a byte, so either order can be told.
function loopback(at: u32): i32 {
  if (at + 4 > packet.limit) return Skip.LINK_HEADER_CUT;
  const big = be32(at);
  switch (big > 0xffff ? load<u32>(at) : big) {
    case 2:
      return ipv4(at + 4);
    case 10: // AF_INET6 of Linux
    case 24: // of NetBSD and OpenBSD
    case 28: // of FreeBSD
    case 30: // of Darwin
      return ipv6(at + 4);
    default:
      return Skip.NOT_IP;
  }
}

// LLC and SNAP (IEEE 802.2, RFC 1042):  0 aa aa 03 | 3 organisation 0 | 6 EtherType
function llc(at: u32): i32 {
  if (at + 8 > packet.limit) return at + 8 > packet.wireEnd ? Skip.NOT_IP : Skip.LINK_HEADER_CUT;
  if (be16(at) !== SNAP || be32(at + 2) !== 0x0300_0000) return Skip.NOT_IP;
  const etherType = be16(at + 6);
  return etherType < 1536 ? Skip.NOT_IP : network(etherType, at + 8);
}

// RFC 2516, section 4:  0 version, type (0x11) | 1 code | 2 session | 4 length | 6 PPP protocol
function pppoe(at: u32): i32 {
  if (at + 6 > packet.limit) return Skip.LINK_HEADER_CUT;
  if (be16(at) !== 0x1100) return Skip.NOT_IP;
  if (++packet.shims > SHIM_LIMIT) return Skip.TOO_MANY_LAYERS;
  return ppp(at + 6);
}

// LINKTYPE_PPP_HDLC may also hold Cisco's framing, known by its address byte: 0x0f unicast, 0x8f multicast.
function pppOrHdlc(at: u32): i32 {
  const first = load<u8>(at);
  return first === 0x0f || first === 0x8f ? cooked(at, 2, 4) : ppp(at);
}

// RFC 1661 and 1662:  [0 ff 03] | 0 protocol, of one byte if compressed: only a last byte of it is odd
function ppp(at: u32): i32 {
  const start = at + 2 <= packet.limit && be16(at) === 0xff03 ? at + 2 : at;
  if (start + 2 > packet.limit) return Skip.LINK_HEADER_CUT;
  const short = <u32>load<u8>(start) & 1;
  const after = start + 2 - short;
  switch (short === 1 ? <u32>load<u8>(start) : be16(start)) {
    case 0x0021:
      return ipv4(after);
    case 0x0057:
      return ipv6(after);
    case 0x0281:
      return mpls(after);
    default:
      return Skip.NOT_IP;
  }
}

// RFC 3032, section 2.1:  0 label (20 bits), class (3), bottom of stack (1) | 3 time to live
function mpls(start: u32): i32 {
  for (let at = start; at + 4 <= packet.limit; at += 4) {
    if (++packet.shims > SHIM_LIMIT) return Skip.TOO_MANY_LAYERS;
    if ((load<u8>(at + 2) & 1) === 1) return mplsPayload(at + 4);
  }
  return Skip.LINK_HEADER_CUT;
}

/**
 * Labels do not say what they carry (RFC 4928). By the first four bits: 4 or 6 is IP, unless an Ethernet frame
 * without control word begins with such an address, which its EtherType betrays. 0 is a pseudowire's control word
 * (RFC 4385) with Ethernet after it, or again such an address. 1 is the associated channel, which carries no IP.
 * Other pseudowires (ATM, TDM) stay "not IP".
 */
function mplsPayload(at: u32): i32 {
  const first: u32 = at < packet.limit ? <u32>load<u8>(at) >> 4 : 1;
  if ((first === 4 || first === 6) && !isEthernet(at)) return ip(at);
  const frameAt = first === 0 && isEthernet(at + 4) ? at + 4 : at;
  if (first === 1 || !isEthernet(frameAt)) return Skip.NOT_IP;
  return ++packet.tunnels > TUNNEL_LIMIT ? Skip.TOO_MANY_LAYERS : ethernet(frameAt);
}

/** Whether an Ethernet frame with IP stands here, by its EtherType (behind two tags at most) and the IP version. */
function isEthernet(at: u32): bool {
  for (let typeAt = at + 12; typeAt <= at + 20 && typeAt + 3 <= packet.limit; typeAt += 4) {
    switch (be16(typeAt)) {
      case 0x0800:
        return load<u8>(typeAt + 2) >> 4 === 4;
      case 0x86dd:
        return load<u8>(typeAt + 2) >> 4 === 6;
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
// Some controllers of access points swap type and flags on their way to CAPWAP.
function wifi(at: u32): i32 {
  if (at + 24 > packet.limit) return Skip.LINK_HEADER_CUT;
  const first = <u32>load<u8>(at);
  const second = <u32>load<u8>(at + 1);
  const isSwapped = packet.tunnels > 0 && (first & 0x0f) !== 0x08 && (second & 0x0f) === 0x08;
  const control = isSwapped ? second : first;
  const flags = isSwapped ? first : second;
  // Data frames only (type 2) that do carry data (subtype bit 4 clear), in clear text (0x40, protected).
  if ((control & 0x4f) !== 0x08 || (flags & 0x40) !== 0) return Skip.NOT_IP;
  let llcAt = at + ((flags & 3) === 3 ? 30 : 24);
  if ((control & 0x80) !== 0) {
    if (llcAt + 2 > packet.limit) return Skip.LINK_HEADER_CUT;
    if ((load<u8>(llcAt) & 0x80) !== 0) return Skip.NOT_IP; // several frames in one
    llcAt += (flags & 0x80) !== 0 ? 6 : 2;
  }
  // Some drivers pad the header to four bytes before they hand it on (radiotap flag 0x20).
  const padding = (llcAt - at) & 3;
  if (padding !== 0 && llcAt + padding + 2 <= packet.limit && be16(llcAt + padding) === SNAP)
    llcAt += padding;
  return llc(llcAt);
}

// radiotap.org:  0 version | 1 padding | 2 header length, little endian
function radiotap(at: u32): i32 {
  if (at + 4 > packet.limit) return Skip.LINK_HEADER_CUT;
  const length = <u32>load<u16>(at + 2);
  return length < 8 ? Skip.NOT_IP : wifi(at + length);
}

// LINKTYPE_NFLOG:  0 family | 1 version | 2 resource | then attributes: 0 length | 2 type | 4 value, padded to 4,
// both in the writer's byte order. Types are small: one above 255 shows the other byte order.
function nflog(start: u32): i32 {
  let at = start + 4;
  for (let i = 0; i < NFLOG_ATTRIBUTES && at + 4 <= packet.limit; i++) {
    const little = be16(at + 2) > 255;
    const length = u16At(at, little);
    if (length < 4) return Skip.NOT_IP;
    if (u16At(at + 2, little) === 9) return ip(at + 4); // NFULA_PAYLOAD
    at += (length + 3) & ~3;
  }
  return Skip.LINK_HEADER_CUT;
}
