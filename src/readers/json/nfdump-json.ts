/**
 * What nfdump prints as json (an array over many lines) and ndjson (nfdump, src/output/output_json.c; docs/formats.md
 * 2.8). Times are of the clock of the machine that printed, without a zone: `timeZone` says which. Counters are
 * multiplied by the sampling factor already.
 */

import { SILENCE_UNKNOWN } from '../../kernel/records/rules.ts';
import type { BatchWriter } from '../../rows/batches.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import * as Column from '../tables/roles.ts';
import { readRows } from '../tables/row-reader.ts';
import { firstObjectHas, JsonReader } from './json-reader.ts';

const VALUES: readonly (readonly [string, Column.Role])[] = [
  ['fwd_status', Column.SKIP],
  ['first', Column.START],
  ['last', Column.END],
  ['t_first', Column.START],
  ['t_last', Column.END],
  ['in_packets', Column.PACKETS],
  ['in_bytes', Column.BYTES],
  ['out_packets', Column.REVERSE_PACKETS],
  ['out_bytes', Column.REVERSE_BYTES],
  ['proto', Column.PROTOCOL],
  ['tcp_flags', Column.TCP_FLAGS],
  ['src_port', Column.SOURCE_PORT],
  ['dst_port', Column.DESTINATION_PORT],
  ['src4_addr', Column.SOURCE],
  ['dst4_addr', Column.DESTINATION],
  ['src6_addr', Column.SOURCE],
  ['dst6_addr', Column.DESTINATION],
  ['ip4_router', Column.EXPORTER],
  ['ip6_router', Column.EXPORTER],
];
const FWD_STATUS = 0;
/** The two highest bits of a forwarding status that say that the packets were dropped (RFC 7270 section 4.12). */
const DROPPED = 2;

class NfdumpJsonReader extends JsonReader {
  constructor(writer: BatchWriter, options: FlowReadOptions) {
    super(writer, options, VALUES, { isScaled: true });
    this.kernel.calls.useRules(SILENCE_UNKNOWN, 1);
  }

  protected decode(): void {
    if (this.number(FWD_STATUS) >> 6 === DROPPED) this.row.isDenied = 1;
    this.deliver();
  }
}

export const nfdumpJson: FlowFormat = {
  id: 'nfdump-json',
  title: 'nfdump json and ndjson',
  reference: 'nfdump 1.7.5, src/output/output_json.c and output_ndjson.c',
  sniff: (head) =>
    firstObjectHas(head, ['type', 'in_packets', 'src4_addr']) ||
    firstObjectHas(head, ['type', 'in_packets', 'src6_addr']),
  fields: {
    start: 'first',
    end: 'last',
    source: 'src4_addr, src6_addr',
    destination: 'dst4_addr, dst6_addr',
    sourcePort: 'src_port',
    destinationPort: 'dst_port',
    protocol: 'proto',
    packets: 'in_packets (multiplied)',
    bytes: 'in_bytes (multiplied)',
    reversePackets: 'out_packets',
    reverseBytes: 'out_bytes',
    tcpFlags: 'tcp_flags',
    denied: 'fwd_status 128 to 191',
    exporter: 'ip4_router, ip6_router',
  },
  abilities: {
    time: 'flow',
    tcpFlags: 'partial',
    bothDirections: 'partial',
    packets: 'counted',
    records: 'many',
  },
  read: async (source, writer, options = {}) =>
    readRows(source, new NfdumpJsonReader(writer, options), options),
};
