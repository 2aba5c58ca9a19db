/** A record to what it is for: counts, and a segment or datagram. */

import { countRecord } from './counts.ts';
import * as host from './host.ts';
import { decode } from './layers/link.ts';
import { TCP } from './layers/packet.ts';
import { control, packet, record, Skip } from './memory.ts';
import { isDnsPort, readDatagram } from './payload/dns.ts';
import { segment } from './tcp.ts';

const LEAST_EXPORT_BYTES: u32 = 16;

/** Takes the current record. */
export function dispatch(): void {
  const reason = decode();
  if (control.eachRecord !== 0) {
    host.record(reason);
    return;
  }
  const counts = record.timeUs >= control.sinceUs && record.timeUs < control.untilUs;
  if (counts) countRecord(reason);
  if (reason !== Skip.DECODED) return;
  if (packet.protocol === TCP) segment(counts);
  else datagram();
}

/** Most UDP only counts; names and exported flow records are of interest. */
function datagram(): void {
  if (isDnsPort()) readDatagram();
  else if (opensExport(packet.payloadStart, packet.payloadEnd)) host.exported();
}

/** Versions of NetFlow (1, 5, 7, 9) and IPFIX (10) in 16 bits, of sFlow (5) in 32. */
function opensExport(from: u32, to: u32): bool {
  if (to < from + LEAST_EXPORT_BYTES || load<u8>(from) !== 0) return false;
  switch (<u32>load<u8>(from + 1)) {
    case 1:
    case 5:
    case 7:
    case 9:
    case 10:
      return true;
    case 0:
      return load<u8>(from + 2) === 0 && load<u8>(from + 3) === 5;
    default:
      return false;
  }
}
