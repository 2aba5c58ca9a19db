/** Which UDP packets more than count. */
import type { PacketFields } from './packet-fields.ts';

const DNS_PORT = 53;
const LEAST_EXPORT_BYTES = 16;

/** To or from a name server. */
export function isDns(packet: PacketFields): boolean {
  return packet.sourcePort === DNS_PORT || packet.destinationPort === DNS_PORT;
}

/** Versions of NetFlow (5, 9) and IPFIX (10) in 16 bits, of sFlow (5) in 32. */
export function opensExport(packet: PacketFields): boolean {
  const at = packet.payloadStart;
  if (packet.payloadEnd - at < LEAST_EXPORT_BYTES || packet.bytes[at] !== 0) return false;
  const second = packet.bytes[at + 1];
  if (second === 5 || second === 9 || second === 10) return true;
  return second === 0 && packet.bytes[at + 2] === 0 && packet.bytes[at + 3] === 5;
}
