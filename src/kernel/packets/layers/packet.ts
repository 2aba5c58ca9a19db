/** The current packet as its layers make it, and the numbers that they go by. */
import { putIpv4, putIpv6 } from '../../ends.ts';
import { be32 } from '../bytes.ts';
import { packet } from '../memory.ts';

export const TCP: u32 = 6;
export const UDP: u32 = 17;

export const FIN: u32 = 0x01;
export const SYN: u32 = 0x02;
export const RST: u32 = 0x04;
export const ACK: u32 = 0x10;

/** Takes the addresses of the IP header that was read last. */
export function takeEnds(): void {
  const at = packet.ipAt;
  if (packet.ipVersion === 4) {
    putIpv4(packet.source, be32(at + 12));
    putIpv4(packet.destination, be32(at + 16));
  } else {
    putIpv6(packet.source, at + 8);
    putIpv6(packet.destination, at + 24);
  }
}
