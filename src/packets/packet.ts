/** The current packet, in the kernel's memory: the numbers of its innermost TCP or UDP packet. */
import { PACKET_AT } from '../kernel/packets/memory.ts';

export const TCP = 6;
export const UDP = 17;

interface Memory {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  offset(field: string): number;
}

export class Packet {
  /** Where its payload lies: memory that the next block overwrites. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  private readonly words: Int32Array;
  private readonly at: Readonly<Record<Field, number>>;

  constructor(memory: Memory) {
    const { bytes } = memory;
    this.bytes = bytes;
    this.view = memory.view;
    this.words = new Int32Array(bytes.buffer, 0, (PACKET_AT + 256) / 4);
    const at = FIELDS.map((field) => [field, (PACKET_AT + memory.offset(`packet_${field}`)) / 4]);
    this.at = Object.fromEntries(at);
  }

  // Addresses are four 32-bit words, as signed integers. IPv4 is IPv4-mapped: 0, 0, 0xffff, address.
  get source0(): number {
    return this.words[this.at.source];
  }

  get source1(): number {
    return this.words[this.at.source + 1];
  }

  get source2(): number {
    return this.words[this.at.source + 2];
  }

  get source3(): number {
    return this.words[this.at.source + 3];
  }

  get destination0(): number {
    return this.words[this.at.destination];
  }

  get destination1(): number {
    return this.words[this.at.destination + 1];
  }

  get destination2(): number {
    return this.words[this.at.destination + 2];
  }

  get destination3(): number {
    return this.words[this.at.destination + 3];
  }

  /** Address words of an end, written to `target[0..3]`. */
  address(end: 'source' | 'destination', target: Int32Array): void {
    for (let word = 0; word < 4; word++) target[word] = this.words[this.at[end] + word];
  }

  /** TCP (6) or UDP (17). */
  get protocol(): number {
    return this.words[this.at.protocol];
  }

  get sourcePort(): number {
    return this.words[this.at.sourcePort];
  }

  get destinationPort(): number {
    return this.words[this.at.destinationPort];
  }

  /** The TCP flags byte; 0 for UDP. */
  get flags(): number {
    return this.words[this.at.flags];
  }

  /** TCP sequence and acknowledgement numbers as signed integers; 0 for UDP. */
  get sequence(): number {
    return this.words[this.at.sequence];
  }

  get acknowledgement(): number {
    return this.words[this.at.acknowledgement];
  }

  /** Bytes of the innermost IP packet by its header; of a reassembled datagram the sum over all its fragments. */
  get ipBytes(): number {
    return this.words[this.at.ipBytes];
  }

  /** Captured payload is bytes[payloadStart, payloadEnd). */
  get payloadStart(): number {
    return this.words[this.at.payloadStart];
  }

  get payloadEnd(): number {
    return this.words[this.at.payloadEnd];
  }

  /** Payload on the wire by the IP header; more than was captured where the snap length cut it. */
  get payloadBytes(): number {
    return this.words[this.at.payloadBytes];
  }

  /** Tunnels crossed to reach this packet. */
  get tunnels(): number {
    return this.words[this.at.tunnels];
  }

  /** Captured bytes of the layer end here. */
  get limit(): number {
    return this.words[this.at.limit];
  }

  /** Offset and version of the innermost IP header. */
  get ipAt(): number {
    return this.words[this.at.ipAt];
  }

  get ipVersion(): number {
    return this.words[this.at.ipVersion];
  }

  /** The tunnel that it came through (packets/tunnel-table.ts); 0 if it came through none. */
  get through(): number {
    return this.words[this.at.through];
  }
}

const FIELDS = [
  ...(['source', 'destination', 'protocol', 'sourcePort', 'destinationPort', 'flags'] as const),
  ...(['sequence', 'acknowledgement', 'ipBytes', 'payloadStart', 'payloadEnd', 'payloadBytes'] as const),
  ...(['tunnels', 'limit', 'ipAt', 'ipVersion', 'through'] as const),
] as const;
type Field = (typeof FIELDS)[number];
