/** The current packet: the numbers of its innermost TCP or UDP packet, and what the layers tell each other on the way. */
import { be32 } from '../bytes.ts';
import { PACKET_AT } from '../memory.ts';

@unmanaged
export class Packet {
  /** Addresses in four words of host order; IPv4 is IPv4-mapped: 0, 0, 0xffff, address. */
  source0: u32;
  source1: u32;
  source2: u32;
  source3: u32;
  destination0: u32;
  destination1: u32;
  destination2: u32;
  destination3: u32;
  /** TCP (6) or UDP (17). */
  protocol: u32;
  sourcePort: u32;
  destinationPort: u32;
  /** The TCP flags byte; 0 for UDP. */
  flags: u32;
  sequence: u32;
  acknowledgement: u32;
  /**
   * Bytes of the innermost IP packet by its header; of a reassembled datagram the sum over all its fragments.
   * If the header says 0 (segmentation offload, jumbograms), the wire length less what stands before IP. Outside of
   * tunnels never more than that; what a tunnel carries may have been cut by the port that mirrors it.
   */
  ipBytes: u32;
  /** Captured payload is memory[payloadStart, payloadEnd). */
  payloadStart: u32;
  payloadEnd: u32;
  /** Payload on the wire by the IP header; more than was captured if the snap length cut it. */
  payloadBytes: u32;
  /** Tunnels crossed, and VLAN tags, MPLS labels and extension headers. */
  tunnels: i32;
  shims: i32;
  /** Captured bytes end at `limit`; on the wire, the current layer ends at `wireEnd` >= limit. */
  limit: u32;
  wireEnd: u32;
  /** Offset and version of the innermost IP header. */
  ipAt: u32;
  ipVersion: u32;
  /** The tunnel that it came through (through.ts); 0 if it came through none. */
  through: u32;

  /** Takes the addresses of the IP header that was read last. */
  takeEnds(): void {
    const at = this.ipAt;
    if (this.ipVersion === 4) {
      this.source0 = 0;
      this.source1 = 0;
      this.source2 = 0xffff;
      this.source3 = be32(at + 12);
      this.destination0 = 0;
      this.destination1 = 0;
      this.destination2 = 0xffff;
      this.destination3 = be32(at + 16);
    } else {
      this.source0 = be32(at + 8);
      this.source1 = be32(at + 12);
      this.source2 = be32(at + 16);
      this.source3 = be32(at + 20);
      this.destination0 = be32(at + 24);
      this.destination1 = be32(at + 28);
      this.destination2 = be32(at + 32);
      this.destination3 = be32(at + 36);
    }
  }
}

export const packet = changetype<Packet>(PACKET_AT);
/** Where its addresses lie. */
export const SOURCE_AT: usize = PACKET_AT + offsetof<Packet>('source0');
export const DESTINATION_AT: usize = PACKET_AT + offsetof<Packet>('destination0');

export const TCP: u32 = 6;
export const UDP: u32 = 17;

export const FIN: u32 = 0x01;
export const SYN: u32 = 0x02;
export const RST: u32 = 0x04;
export const ACK: u32 = 0x10;
