/** Which UDP packets more than count. */
import type { PacketFields } from './packet-fields.ts';

const DNS_PORT = 53;
const LEAST_EXPORT_BYTES = 16;

/** To or from a name server. */
export function isDns(packet: PacketFields): boolean {
  return packet.sourcePort === DNS_PORT || packet.destinationPort === DNS_PORT;
}

/** Versions of NetFlow (1, 5, 7, 9) and IPFIX (10) in 16 bits, of sFlow (5) in 32. */
export function opensExport(packet: PacketFields): boolean {
  const at = packet.payloadStart;
  if (packet.payloadEnd - at < LEAST_EXPORT_BYTES || packet.bytes[at] !== 0) return false;
  switch (packet.bytes[at + 1]) {
    case 1:
    case 5:
    case 7:
    case 9:
    case 10:
      return true;
    case 0:
      return packet.bytes[at + 2] === 0 && packet.bytes[at + 3] === 5;
    default:
      return false;
  }
}
