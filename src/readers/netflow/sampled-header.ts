/**
 * HOT. The first bytes of one sampled packet (sFlow raw headers, IPFIX dataLinkFrameSection) to a flow record of one
 * packet. TCP and UDP are decoded as packets of a capture are; any other IP packet (ICMP, IPv6 extensions, tunnels whose
 * inside the sample cuts off) is a flow of the innermost IP header that was reached. Frames without IP are not flows.
 */
import { FrameDecoder } from '../../packets/frame-decoder.ts';
import type { Packet } from '../../packets/packet.ts';
import { DECODED } from '../../packets/skip-reason.ts';
import type { RowView } from '../../rows/batches.ts';

/** LINKTYPE_ values (tcpdump.org registry). */
export const ETHERNET = 1;
export const RAW_IP = 101;

const TCP = 6;
const UDP = 17;
const MAPPED = 0xffff;

/** Of all samples, which are read one at a time; it keeps nothing from one to the next. */
let decoder: FrameDecoder | null = null;

export class SampledHeader {
  /** When the samples to come were taken, us since 1970. */
  timeUs = Number.NaN;

  /**
   * Fills the row with addresses, protocol, ports, flags and IP bytes of the packet whose first
   * bytes lie in [at, at + captured) and which had `wireBytes` on the wire. False if it carries no IP.
   */
  read(
    record: RowView,
    bytes: Uint8Array,
    at: number,
    captured: number,
    linkType: number,
    wireBytes: number,
  ): boolean {
    decoder ??= new FrameDecoder();
    const reason = decoder.decode({ bytes, at, captured, wireBytes, linkType, timeUs: this.timeUs });
    const { packet } = decoder;
    // A sample is one packet, though it may be a fragment.
    decoder.endFragments();
    if (reason !== DECODED) return packet.ipBytes > 0 && this.network(record, packet);
    record.source0 = packet.source0;
    record.source1 = packet.source1;
    record.source2 = packet.source2;
    record.source3 = packet.source3;
    record.destination0 = packet.destination0;
    record.destination1 = packet.destination1;
    record.destination2 = packet.destination2;
    record.destination3 = packet.destination3;
    record.sourcePort = packet.sourcePort;
    record.destinationPort = packet.destinationPort;
    record.protocol = packet.protocol;
    record.tcpFlags = packet.flags;
    record.bytes = packet.ipBytes;
    return true;
  }

  /** The IP header that the decoder reached last (RFC 791 section 3.1, RFC 8200 section 3). */
  private network(record: RowView, { memory, ipAt, ipVersion, ipBytes, limit }: Packet): boolean {
    const { view } = memory;
    record.bytes = ipBytes;
    if (ipVersion === 4) {
      putEnds(record, view, ipAt + 12, 4);
      record.protocol = view.getUint8(ipAt + 9);
      const isFirst = (view.getUint16(ipAt + 6) & 0x1fff) === 0;
      if (isFirst) this.ports(record, view, ipAt + ((view.getUint8(ipAt) & 15) << 2), limit);
      return true;
    }
    putEnds(record, view, ipAt + 8, 16);
    record.protocol = view.getUint8(ipAt + 6);
    this.ports(record, view, ipAt + 40, limit);
    return true;
  }

  /** Of a TCP or UDP header that the sample cuts behind its ports. */
  private ports(record: RowView, view: DataView, at: number, to: number): void {
    if ((record.protocol !== TCP && record.protocol !== UDP) || at + 4 > to) return;
    record.sourcePort = view.getUint16(at);
    record.destinationPort = view.getUint16(at + 2);
  }
}

/** The addresses of the sender and, behind it, of the receiver, 4 or 16 bytes each. */
export function putEnds(record: RowView, view: DataView, at: number, bytes: number): void {
  const behind = at + bytes;
  record.source3 = view.getInt32(behind - 4);
  record.destination3 = view.getInt32(behind + bytes - 4);
  if (bytes === 4) {
    record.source2 = MAPPED;
    record.destination2 = MAPPED;
    return;
  }
  record.source0 = view.getInt32(at);
  record.source1 = view.getInt32(at + 4);
  record.source2 = view.getInt32(at + 8);
  record.destination0 = view.getInt32(behind);
  record.destination1 = view.getInt32(behind + 4);
  record.destination2 = view.getInt32(behind + 8);
}
