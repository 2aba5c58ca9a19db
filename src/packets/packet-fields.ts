/**
 * The numbers of the packet that was decoded last: what the layers leave behind, and what they tell each other on
 * the way. All are small integers, which V8 keeps in place without allocating.
 */

const EMPTY = new Uint8Array(0);

/** What a decoded packet says, as numbers. */
export class PacketFields {
  /** Where the payload lies: the record's block, or the buffer of a reassembled datagram. */
  bytes: Uint8Array = EMPTY;
  view: DataView = new DataView(EMPTY.buffer);

  // Addresses are four 32-bit words in network order, as signed integers (`| 0`): V8 keeps those unboxed.
  // IPv4 is IPv4-mapped: 0, 0, 0xffff, address.
  source0 = 0;
  source1 = 0;
  source2 = 0;
  source3 = 0;
  destination0 = 0;
  destination1 = 0;
  destination2 = 0;
  destination3 = 0;
  /** TCP (6) or UDP (17). */
  protocol = 0;
  sourcePort = 0;
  destinationPort = 0;
  /** The TCP flags byte (CWR, ECE, URG, ACK, PSH, RST, SYN, FIN from the top); 0 for UDP. */
  flags = 0;
  /** TCP sequence and acknowledgement numbers as signed integers; 0 for UDP. */
  sequence = 0;
  acknowledgement = 0;
  /**
   * Bytes of the innermost IP packet by its header; of a reassembled datagram the sum over all its fragments.
   * Where the header says 0 (segmentation offload, jumbograms), the wire length less what stands before IP.
   */
  ipBytes = 0;
  /** Captured payload is bytes[payloadStart, payloadEnd). */
  payloadStart = 0;
  payloadEnd = 0;
  /** First byte of the captured payload, 0 where there is none; of TCP, once `Tap` has it. */
  opening = 0;
  /** Payload on the wire by the IP header; more than payloadEnd - payloadStart where the snap length cut it. */
  payloadBytes = 0;
  /** Tunnels crossed to reach this packet. */
  tunnels = 0;
  /** VLAN tags, MPLS labels and extension headers crossed. */
  shims = 0;

  // For the layers: captured bytes end at `limit`; on the wire, the current layer ends at `wireEnd` >= limit.
  limit = 0;
  wireEnd = 0;
  /** Offset and version of the innermost IP header. */
  ipAt = 0;
  ipVersion = 4;
  protected timeUs = 0;
}

/** The packet as its layers see it: each may begin another one, at an offset; DECODED or a skip reason comes back. */
export interface PacketLayers extends PacketFields {
  ethernet(at: number): number;
  /** What an EtherType announces. */
  network(etherType: number, at: number): number;
  /** IP of the version that its first byte says. */
  ip(at: number): number;
  ipv4(at: number): number;
  ipv6(at: number): number;
}
