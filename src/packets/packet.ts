/**
 * HOT: the bytes of one captured record become the numbers of its innermost TCP or UDP packet. One instance is
 * reused for every packet and nothing is allocated (no objects, closures, subarrays, strings, BigInt, try), for an
 * object a packet costs more than all the decoding.
 * One method a layer in wire order, bounds first, each returning DECODED or a skip reason, and before them one for the
 * frames that most captures are made of. The rarer link layers are in layers-link.ts, tunnels in tunnels.ts, fragments
 * (cold) in fragments.ts. Checksums are not verified: offloading leaves them wrong in most captures made on a host.
 */

import type { CaptureRecord } from '../readers/pcap/record.ts';
import { type Datagram, Fragments } from './fragments.ts';
import { linkLayer, otherNetwork } from './layers-link.ts';
import { PacketFields } from './packet-fields.ts';
import { AUTHENTICATION, FRAGMENT_HEADER, isExtension, isReassembled, TCP, UDP } from './protocols.ts';
import {
  BAD_IP_HEADER,
  BAD_TRANSPORT_HEADER,
  DECODED,
  FRAGMENT,
  IP_HEADER_CUT,
  LINK_HEADER_CUT,
  OTHER_TRANSPORT,
  SHIM_LIMIT,
  TOO_MANY_LAYERS,
  TRANSPORT_HEADER_CUT,
} from './skip-reason.ts';
import { ipTunnel, isTunnelPort, udpTunnel } from './tunnels.ts';

export { TCP, UDP } from './protocols.ts';

/** Linux hands down no larger segment than GSO_MAX_SIZE, 8 * 65,535 bytes; a longer "total length 0" is a lie. */
const LARGEST_OFFLOADED = 524_280;
/** Wire lengths are cut to this, so that every offset stays a small integer. */
const LARGEST_WIRE = 0x3fff_ffff;
const NO_TUNNEL = -1;

const MORE_FRAGMENTS = 0x10000;

export class Packet extends PacketFields {
  /** Fragments in flight and what became of them. Call `fragments.finish()` at the end of the input. */
  readonly fragments = new Fragments();

  /**
   * Decodes the record: DECODED (0) where a TCP or UDP header was found, else the skip reason. After a skip the
   * fields hold whatever the last layers left there.
   */
  decode(record: CaptureRecord): number {
    const at = record.at;
    const wireBytes = Math.max(record.wireBytes, record.captured);
    this.bytes = record.bytes;
    this.view = record.view;
    this.timeUs = record.timeUs;
    this.limit = at + record.captured;
    this.wireEnd = at + Math.min(wireBytes, LARGEST_WIRE);
    this.ipBytes = 0;
    this.tunnels = 0;
    this.shims = 0;
    if (record.linkType !== 1) return linkLayer(this, record.linkType, at);
    return this.plainTcp(at) ? DECODED : this.ethernet(at);
  }

  /**
   * Most frames in one piece: Ethernet, IPv4 without options or fragments, TCP. Layer by layer they take seven calls,
   * and twice the time. False where the frame is another one, or not as it should be: the layers say what it is.
   */
  private plainTcp(at: number): boolean {
    if (at + 54 > this.limit) return false;
    const view = this.view;
    // EtherType, version and header words; flags and fragment offset, time to live, protocol.
    if (view.getUint32(at + 12) >>> 8 !== 0x080045) return false;
    if ((view.getUint32(at + 20) & 0x3fff00ff) !== TCP) return false;
    const ipBytes = view.getUint16(at + 16);
    const wireEnd = at + 14 + ipBytes;
    const payloadAt = at + 34 + ((view.getUint8(at + 46) >> 4) << 2);
    if (payloadAt < at + 54 || payloadAt > wireEnd) return false;
    this.ipVersion = 4;
    this.ipAt = at + 14;
    this.ipBytes = ipBytes;
    this.narrow(wireEnd);
    this.protocol = TCP;
    this.source0 = 0;
    this.source1 = 0;
    this.source2 = 0xffff;
    this.source3 = view.getInt32(at + 26);
    this.destination0 = 0;
    this.destination1 = 0;
    this.destination2 = 0xffff;
    this.destination3 = view.getInt32(at + 30);
    this.sourcePort = view.getUint16(at + 34);
    this.destinationPort = view.getUint16(at + 36);
    this.sequence = view.getInt32(at + 38);
    this.acknowledgement = view.getInt32(at + 42);
    this.flags = view.getUint8(at + 47);
    const limit = this.limit;
    this.payloadStart = Math.min(payloadAt, limit);
    this.payloadEnd = limit;
    this.payloadBytes = wireEnd - payloadAt;
    return true;
  }

  // IEEE 802.3:  0 destination | 6 source | 12 EtherType
  ethernet(at: number): number {
    if (at + 14 > this.limit) return LINK_HEADER_CUT;
    return this.network(this.view.getUint16(at + 12), at + 14);
  }

  /** What an EtherType (IANA "IEEE 802 Numbers") announces at this offset. */
  network(etherType: number, at: number): number {
    switch (etherType) {
      case 0x0800:
        return this.ipv4(at);
      case 0x86dd:
        return this.ipv6(at);
      case 0x8100: // 802.1Q
      case 0x88a8: // 802.1ad
      case 0x9100: // stacked tags before 802.1ad had a number
      case 0x9200:
        return this.vlan(at);
      default:
        return otherNetwork(this, etherType, at);
    }
  }

  // IEEE 802.1Q, after the EtherType:  0 priority, VLAN id | 2 EtherType
  private vlan(at: number): number {
    if (at + 4 > this.limit) return LINK_HEADER_CUT;
    if (++this.shims > SHIM_LIMIT) return TOO_MANY_LAYERS;
    return this.network(this.view.getUint16(at + 2), at + 4);
  }

  /** IP of the version that its first four bits say. */
  ip(at: number): number {
    if (at >= this.limit) return IP_HEADER_CUT;
    const version = this.view.getUint8(at) >> 4;
    return version === 4 ? this.ipv4(at) : version === 6 ? this.ipv6(at) : BAD_IP_HEADER;
  }

  // RFC 791, section 3.1:
  //   0 version, header words | 1 service | 2 total length | 4 id | 6 flags, fragment offset
  //   8 time to live | 9 protocol | 10 checksum | 12 source | 16 destination | 20 options
  ipv4(at: number): number {
    if (at + 20 > this.limit) return IP_HEADER_CUT;
    const view = this.view;
    const first = view.getUint8(at);
    const headerBytes = (first & 15) << 2;
    const totalLength = view.getUint16(at + 2);
    const ipBytes = totalLength === 0 ? this.wireEnd - at : totalLength;
    if (first >> 4 !== 4 || headerBytes < 20 || ipBytes < headerBytes) return BAD_IP_HEADER;
    if (ipBytes > LARGEST_OFFLOADED) return BAD_IP_HEADER;
    this.enter(4, at, ipBytes);

    const protocol = view.getUint8(at + 9);
    const fragmentation = view.getUint16(at + 6) & 0x3fff; // more fragments, offset in 8 bytes
    if (fragmentation !== 0) {
      return this.fragment(at + headerBytes, protocol, view.getUint16(at + 4), fragmentation << 3);
    }
    return this.upper(protocol, at + headerBytes);
  }

  // RFC 8200, section 3:
  //   0 version, class, flow label | 4 payload length | 6 next header | 7 hop limit | 8 source | 24 destination
  ipv6(at: number): number {
    if (at + 40 > this.limit) return IP_HEADER_CUT;
    const view = this.view;
    const payloadLength = view.getUint16(at + 4);
    const ipBytes = payloadLength === 0 ? this.wireEnd - at : 40 + payloadLength;
    if (view.getUint8(at) >> 4 !== 6 || ipBytes > LARGEST_OFFLOADED) return BAD_IP_HEADER;
    this.enter(6, at, ipBytes);
    return this.upper(view.getUint8(at + 6), at + 40);
  }

  /** Narrows the packet to an IP packet of so many bytes: Ethernet padding ends here. */
  private enter(version: number, at: number, ipBytes: number): void {
    this.ipVersion = version;
    this.ipAt = at;
    this.ipBytes = ipBytes;
    this.narrow(at + ipBytes);
  }

  /** Ends the current layer at this offset on the wire. */
  narrow(wireEnd: number): void {
    this.wireEnd = wireEnd;
    if (this.limit > wireEnd) this.limit = wireEnd;
  }

  private upper(protocol: number, at: number): number {
    if (protocol === TCP) return this.tcp(at);
    if (protocol === UDP) return this.udp(at);
    if (protocol === AUTHENTICATION || (this.ipVersion === 6 && isExtension(protocol))) {
      return this.extensions(protocol, at);
    }
    return ipTunnel(this, protocol, at);
  }

  // RFC 8200, section 4; the authentication header (RFC 4302) alone counts in other units:
  //   0 next header | 1 length beyond the first 8 bytes, in 8 bytes (AH: beyond 8 bytes, in 4)
  private extensions(first: number, start: number): number {
    const view = this.view;
    let header = first;
    let at = start;
    while (isExtension(header)) {
      if (++this.shims > SHIM_LIMIT) return TOO_MANY_LAYERS;
      if (at + 8 > this.limit) return at + 8 > this.wireEnd ? BAD_IP_HEADER : IP_HEADER_CUT;
      const next = view.getUint8(at);
      const length = view.getUint8(at + 1);
      if (header === FRAGMENT_HEADER) {
        // 2 offset in 8 bytes, 2 reserved bits, more | 4 id. Offset 0 without more is a whole packet (RFC 6946).
        const word = view.getUint16(at + 2);
        const place = (word & 0xfff8) | ((word & 1) << 16);
        if (place !== 0) return this.fragment(at + 8, next, view.getInt32(at + 4), place);
        at += 8;
      } else {
        at += header === AUTHENTICATION ? (length + 2) << 2 : (length + 1) << 3;
      }
      header = next;
    }
    return this.upper(header, at);
  }

  // RFC 9293, section 3.1:
  //   0 source port | 2 destination port | 4 sequence | 8 acknowledgement | 12 header words | 13 flags
  //   14 window | 16 checksum | 18 urgent pointer | 20 options
  private tcp(at: number): number {
    if (at + 20 > this.limit) return at + 20 > this.wireEnd ? BAD_TRANSPORT_HEADER : TRANSPORT_HEADER_CUT;
    const view = this.view;
    const payloadAt = at + ((view.getUint8(at + 12) >> 4) << 2);
    if (payloadAt < at + 20 || payloadAt > this.wireEnd) return BAD_TRANSPORT_HEADER;
    this.protocol = TCP;
    this.sourcePort = view.getUint16(at);
    this.destinationPort = view.getUint16(at + 2);
    this.sequence = view.getInt32(at + 4);
    this.acknowledgement = view.getInt32(at + 8);
    this.flags = view.getUint8(at + 13);
    return this.finish(payloadAt, this.wireEnd);
  }

  // RFC 768:  0 source port | 2 destination port | 4 length | 6 checksum
  private udp(at: number): number {
    if (at + 8 > this.limit) return at + 8 > this.wireEnd ? BAD_TRANSPORT_HEADER : TRANSPORT_HEADER_CUT;
    const view = this.view;
    const sourcePort = view.getUint16(at);
    const destinationPort = view.getUint16(at + 2);
    const length = view.getUint16(at + 4);
    // 0 means "up to the end" (RFC 2675, and offloading); between the UDP and the IP end there is no payload.
    if (length !== 0 && length < 8) return BAD_TRANSPORT_HEADER;
    const end = length === 0 || at + length > this.wireEnd ? this.wireEnd : at + length;
    if (isTunnelPort(destinationPort)) {
      const outcome = this.tunnelled(destinationPort, at + 8, end);
      if (outcome !== NO_TUNNEL) return outcome;
    }
    this.protocol = UDP;
    this.sourcePort = sourcePort;
    this.destinationPort = destinationPort;
    this.sequence = 0;
    this.acknowledgement = 0;
    this.flags = 0;
    return this.finish(at + 8, end);
  }

  /** Addresses and payload of the packet whose transport header was just read. */
  private finish(payloadAt: number, payloadWireEnd: number): number {
    const view = this.view;
    const ipAt = this.ipAt;
    if (this.ipVersion === 4) {
      this.source0 = 0;
      this.source1 = 0;
      this.source2 = 0xffff;
      this.source3 = view.getInt32(ipAt + 12);
      this.destination0 = 0;
      this.destination1 = 0;
      this.destination2 = 0xffff;
      this.destination3 = view.getInt32(ipAt + 16);
    } else {
      this.source0 = view.getInt32(ipAt + 8);
      this.source1 = view.getInt32(ipAt + 12);
      this.source2 = view.getInt32(ipAt + 16);
      this.source3 = view.getInt32(ipAt + 20);
      this.destination0 = view.getInt32(ipAt + 24);
      this.destination1 = view.getInt32(ipAt + 28);
      this.destination2 = view.getInt32(ipAt + 32);
      this.destination3 = view.getInt32(ipAt + 36);
    }
    const limit = this.limit;
    this.payloadStart = Math.min(payloadAt, limit);
    this.payloadEnd = Math.min(payloadWireEnd, limit);
    this.payloadBytes = payloadWireEnd - payloadAt;
    return DECODED;
  }

  /**
   * What a UDP tunnel carries, or NO_TUNNEL with the packet as it was: the port is a hint, and a payload that
   * holds no good tunnel and IP header stays the plain UDP packet that it is.
   */
  private tunnelled(port: number, at: number, end: number): number {
    const { bytes, view, limit, wireEnd, ipAt, ipVersion, ipBytes, tunnels, shims } = this;
    this.narrow(end);
    const outcome = udpTunnel(this, port, at);
    switch (outcome) {
      case DECODED:
      case FRAGMENT:
      case OTHER_TRANSPORT:
      case TRANSPORT_HEADER_CUT:
      case TOO_MANY_LAYERS:
        return outcome;
      default:
    }
    this.bytes = bytes;
    this.view = view;
    this.limit = limit;
    this.wireEnd = wireEnd;
    this.ipAt = ipAt;
    this.ipVersion = ipVersion;
    this.ipBytes = ipBytes;
    this.tunnels = tunnels;
    this.shims = shims;
    return NO_TUNNEL;
  }

  /**
   * Cold, so it may allocate: keeps a fragment, and goes on with the whole datagram when this was the last.
   * `place` is its offset in bytes, plus MORE_FRAGMENTS.
   */
  private fragment(dataAt: number, protocol: number, id: number, place: number): number {
    if (!isReassembled(protocol)) return OTHER_TRANSPORT;
    if (dataAt > this.limit) return IP_HEADER_CUT;
    const datagram = this.fragments.add({
      bytes: this.bytes,
      headerAt: this.ipAt,
      headerBytes: this.ipVersion === 4 ? 20 : 40,
      dataAt,
      dataEnd: this.limit,
      wireEnd: this.wireEnd,
      ipBytes: this.ipBytes,
      protocol,
      id,
      offset: place & 0xffff,
      more: (place & MORE_FRAGMENTS) !== 0,
      tunnels: this.tunnels,
      timeUs: this.timeUs,
    });
    return datagram === null ? FRAGMENT : this.present(datagram);
  }

  private present(datagram: Datagram): number {
    this.bytes = datagram.bytes;
    this.view = datagram.view;
    this.ipAt = 0;
    this.ipBytes = datagram.ipBytes;
    this.limit = datagram.captured;
    this.wireEnd = datagram.wireBytes;
    return this.upper(datagram.protocol, datagram.headerBytes);
  }
}
