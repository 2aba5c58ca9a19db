/**
 * The hardware address of the machine that sent the current packet, if no router forwarded it: a router puts its own address in
 * the frame, and takes one from the time to live that the sender began with.
 */

import { be16, be32 } from '../bytes.ts';
import { packet, record } from '../memory.ts';

/** What systems begin the time to live with: Unix and macOS 64, Windows 128, network devices 255. */
function isFirst(timeToLive: u32): bool {
  return timeToLive === 64 || timeToLive === 128 || timeToLive === 255;
}

/** 48 bits as a number; 0 if the frame has none, or it may be a router's. */
export function hardwareOfSender(): f64 {
  if (packet.tunnels !== 0 || packet.outers !== 0) return 0;
  const timeToLiveAt = packet.ipAt + (packet.ipVersion === 4 ? 8 : 7);
  if (!isFirst(load<u8>(timeToLiveAt))) return 0;
  const at = addressAt();
  // The lowest bit of the first byte is that of a group, which sends nothing (IEEE 802, section 8.2).
  if (at === 0 || at + 6 > timeToLiveAt || (load<u8>(at) & 1) !== 0) return 0;
  return <f64>be16(at) * 4_294_967_296 + <f64>be32(at + 2);
}

// Ethernet:  0 destination | 6 source
// SLL:       4 address length | 6 address
// SLL2:      11 address length | 12 address
function addressAt(): u32 {
  const at = record.dataAt;
  switch (record.linkType) {
    case 1:
      return at + 6;
    case 113:
      return be16(at + 4) === 6 ? at + 6 : 0;
    case 276:
      return load<u8>(at + 11) === 6 ? at + 12 : 0;
    default:
      return 0;
  }
}
