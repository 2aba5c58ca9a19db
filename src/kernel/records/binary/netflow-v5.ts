/** Records of NetFlow v1, v5 and v7 to rows: all IPv4, of fixed fields (readers/netflow/netflow-v5.ts has the header). */
import { putIpv4 } from '../../ends.ts';
import { be16, be32 } from '../../packets/bytes.ts';
import { Row, reading } from '../memory.ts';
import { validate } from '../validate.ts';
import { uptimeDistance } from './template-flows.ts';

/**
 * Record:  0 source | 4 destination | 8 next proxy | 12 interfaces | 16 packets | 20 bytes | 24 first | 28 last
 *          32 ports | 36 pad | 37 flags (40 in v1) | 38 protocol | 39 service | 40 AS numbers
 * Reads so many records from `from` on, each of `size` bytes, to rows, of which there is room for all; returns how many were
 * made. `uptime` is 0 if the exporter does not tell it.
 */
export function readV5(
  from: usize,
  count: i32,
  size: usize,
  flagsAt: usize,
  exportUs: f64,
  uptime: u32,
  interval: f64,
  exporter: i32,
  number: f64,
  rowsAt: usize,
): i32 {
  reading.bootless = 0;
  let rowAt = rowsAt;
  for (let left = count, at = from; left > 0; left--, at += size) {
    const row = changetype<Row>(rowAt);
    putIpv4(row.source, be32(at));
    putIpv4(row.destination, be32(at + 4));
    row.packets = be32(at + 16);
    row.bytes = be32(at + 20);
    row.reversePackets = -1;
    row.reverseBytes = -1;
    const first = be32(at + 24);
    const last = be32(at + 28);
    // Without an uptime, a flow is taken to end when it is exported.
    const now = uptime > 0 ? uptime : last;
    if (uptime === 0 && last > 0) reading.bootless += 1;
    row.startUs = exportUs - <f64>uptimeDistance(now, first) * 1000;
    row.endUs = exportUs - <f64>uptimeDistance(now, last) * 1000;
    row.sourcePort = be16(at + 32);
    row.destinationPort = be16(at + 34);
    row.tcpFlags = load<u8>(at + flagsAt);
    row.reverseTcpFlags = -1;
    row.protocol = load<u8>(at + 38);
    row.samplingInterval = interval;
    row.exporter = exporter;
    row.number = number;
    row.marks = 0;
    if (validate(row, exportUs, exportUs, 0)) rowAt += offsetof<Row>();
  }
  return <i32>((rowAt - rowsAt) / offsetof<Row>());
}
