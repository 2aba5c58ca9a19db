/** A record to what it is for: counts, and a segment, a datagram or a packet of another protocol. */

import { countRecord } from './counts.ts';
import { countOuters, datagram, otherPacket } from './datagrams.ts';
import * as host from './host.ts';
import { decode } from './layers/link.ts';
import { TCP } from './layers/packet.ts';
import { control, packet, record, Skip, counts as sums } from './memory.ts';
import { isDnsPort, readDatagram } from './payload/dns.ts';
import { segment } from './tcp.ts';

/** Takes the current record. */
export function dispatch(): void {
  const reason = decode();
  if (control.eachRecord !== 0) {
    host.record(reason);
    return;
  }
  const counts = record.timeUs >= control.sinceUs && record.timeUs < control.untilUs;
  if (counts) countRecord(reason);
  switch (reason) {
    case Skip.DECODED:
      countOuters(counts, true);
      if (packet.protocol === TCP) segment(counts);
      else {
        if (isDnsPort()) readDatagram();
        datagram(counts);
      }
      break;
    case Skip.OTHER_TRANSPORT:
      countOuters(counts, true);
      otherPacket(counts);
      break;
    case Skip.FRAGMENT:
      countOuters(counts, true);
      // It counts in a conversation once its datagram is whole.
      if (counts) sums.apartBytes += <f64>packet.ownBytes;
      break;
    default:
      if (packet.outers > 0) countOuters(counts, false);
      else if (counts)
        sums.apartBytes += <f64>(packet.recordBytes > 0 ? packet.recordBytes : record.wireBytes);
  }
}
