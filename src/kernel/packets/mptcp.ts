/** Subflows of a connection that takes several ways (Multipath TCP, RFC 8684): none of them shows all that was said. */

import { packet } from './memory.ts';

const MPTCP: u32 = 30;
const JOIN: u32 = 1;
/** Of a TCP header without options. */
const HEADER_BYTES: u32 = 20;

// RFC 8684, section 3.2:  0 kind 30 | 1 length | 2 subtype (4 bits: 1 joins a connection that is there) …
/** True if the current SYN opens a further way of a connection that is there. */
export function joinsAnother(): bool {
  const to = min(packet.payloadStart, packet.limit);
  for (let at = packet.transportAt + HEADER_BYTES; at + 2 < to; ) {
    const kind = <u32>load<u8>(at);
    const length = kind === 1 ? 1 : <u32>load<u8>(at + 1);
    if (kind === 0 || length === 0) return false;
    if (kind === MPTCP) return <u32>load<u8>(at + 2) >> 4 === JOIN;
    at += length;
  }
  return false;
}
