/**
 * What nfdump prints as json (an array over many lines) and ndjson (nfdump, src/output/output_json.c; docs/formats.md
 * 2.8). Times are of the clock of the machine that printed, without a zone: `timeZone` says which. Counters are
 * multiplied by the sampling factor already.
 */

import type { BatchWriter } from '../../batch/batches.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { readRows } from '../tables/row-reader.ts';
import { firstObjectHas, JsonReader } from './json-reader.ts';

const PATHS = [
  'first',
  'last',
  'in_packets',
  'in_bytes',
  'out_packets',
  'out_bytes',
  'proto',
  'tcp_flags',
  'src_port',
  'dst_port',
  'src4_addr',
  'dst4_addr',
  'src6_addr',
  'dst6_addr',
  'ip4_router',
  'ip6_router',
  'fwd_status',
  't_first',
  't_last',
] as const;
const at = (path: (typeof PATHS)[number]): number => PATHS.indexOf(path);

const FIRST = at('first');
const LAST = at('last');
const IN_PACKETS = at('in_packets');
const IN_BYTES = at('in_bytes');
const OUT_PACKETS = at('out_packets');
const OUT_BYTES = at('out_bytes');
const PROTO = at('proto');
const TCP_FLAGS = at('tcp_flags');
const SRC_PORT = at('src_port');
const DST_PORT = at('dst_port');
const SRC4 = at('src4_addr');
const DST4 = at('dst4_addr');
const SRC6 = at('src6_addr');
const DST6 = at('dst6_addr');
const ROUTER4 = at('ip4_router');
const ROUTER6 = at('ip6_router');
const FWD_STATUS = at('fwd_status');
const T_FIRST = at('t_first');
const T_LAST = at('t_last');

class NfdumpJsonReader extends JsonReader {
  readonly #samplingInterval: number;

  constructor(writer: BatchWriter, options: FlowReadOptions) {
    super(writer, options, PATHS);
    this.#samplingInterval = options.samplingInterval ?? 0;
  }

  protected decode(at: number): void {
    const record = this.record;
    record.clear();
    if (!this.readSource(SRC4) && !this.readSource(SRC6)) {
      this.unread(at);
      return;
    }
    if (!this.readDestination(DST4) && !this.readDestination(DST6)) {
      this.unread(at);
      return;
    }
    if (this.readTime(FIRST) || this.readTime(T_FIRST)) record.startUs = this.time.timeUs;
    if (this.readTime(LAST) || this.readTime(T_LAST)) record.endUs = this.time.timeUs;
    record.sourcePort = this.port(SRC_PORT);
    record.destinationPort = this.port(DST_PORT);
    record.protocol = this.protocol(PROTO);
    record.packets = Math.max(0, this.number(IN_PACKETS));
    record.bytes = Math.max(0, this.number(IN_BYTES));
    if (this.number(OUT_PACKETS) > 0) {
      record.reversePackets = this.number(OUT_PACKETS);
      record.reverseBytes = Math.max(0, this.number(OUT_BYTES));
    }
    record.tcpFlags = this.flags(TCP_FLAGS);
    record.isDenied = this.number(FWD_STATUS) >> 6 === 2;
    record.exporter = this.has(ROUTER4) ? this.sensor(ROUTER4) : this.sensor(ROUTER6);
    record.samplingInterval = this.#samplingInterval;
    record.isScaled = true;
    this.deliver(at);
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
