/**
 * Google Cloud VPC Flow Logs: entries of Cloud Logging, one a line or as an array, or their payloads alone (VPC
 * documentation, "VPC Flow Logs records"; docs/formats.md). One record a direction; what is seen by both ends is
 * reported by both, which `reporter` tells apart as exporters. The platform samples packets and states estimates.
 */

import type { BatchWriter } from '../../batch/batches.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { readRows } from '../tables/row-reader.ts';
import { firstObjectHas, JsonReader } from './json-reader.ts';

const KEYS = [
  'connection.src_ip',
  'connection.dest_ip',
  'connection.src_port',
  'connection.dest_port',
  'connection.protocol',
  'start_time',
  'end_time',
  'packets_sent',
  'bytes_sent',
  'reporter',
] as const;
const at = (key: (typeof KEYS)[number]): number => KEYS.indexOf(key);

const SRC_IP = at('connection.src_ip');
const DEST_IP = at('connection.dest_ip');
const SRC_PORT = at('connection.src_port');
const DEST_PORT = at('connection.dest_port');
const PROTOCOL = at('connection.protocol');
const START_TIME = at('start_time');
const END_TIME = at('end_time');
const PACKETS_SENT = at('packets_sent');
const BYTES_SENT = at('bytes_sent');
const REPORTER = at('reporter');

class GcpVpcReader extends JsonReader {
  constructor(writer: BatchWriter, options: FlowReadOptions) {
    super(writer, options, [...KEYS.map((key) => `jsonPayload.${key}`), ...KEYS]);
  }

  protected decode(at: number): void {
    const record = this.record;
    record.clear();
    const base = this.has(SRC_IP) ? 0 : KEYS.length;
    if (!this.readSource(base + SRC_IP) || !this.readDestination(base + DEST_IP)) {
      this.unread(at);
      return;
    }
    record.sourcePort = this.port(base + SRC_PORT);
    record.destinationPort = this.port(base + DEST_PORT);
    record.protocol = this.protocol(base + PROTOCOL);
    if (this.readTime(base + START_TIME)) record.startUs = this.time.timeUs;
    if (this.readTime(base + END_TIME)) record.endUs = this.time.timeUs;
    record.packets = Math.max(0, this.number(base + PACKETS_SENT));
    record.bytes = Math.max(0, this.number(base + BYTES_SENT));
    record.exporter = this.sensor(base + REPORTER);
    record.samplingInterval = 0;
    record.isScaled = true;
    this.deliver(at);
  }
}

export const gcpVpc: FlowFormat = {
  id: 'gcp-vpc',
  title: 'Google Cloud VPC Flow Logs',
  reference: 'Google Cloud VPC documentation, VPC Flow Logs records',
  sniff: (head) =>
    firstObjectHas(head, ['jsonPayload.connection.src_ip']) ||
    firstObjectHas(head, ['connection.src_ip', 'reporter']),
  fields: {
    start: 'start_time',
    end: 'end_time',
    source: 'connection.src_ip',
    destination: 'connection.dest_ip',
    sourcePort: 'connection.src_port',
    destinationPort: 'connection.dest_port',
    protocol: 'connection.protocol',
    packets: 'packets_sent (estimated)',
    bytes: 'bytes_sent (estimated)',
    exporter: 'reporter',
  },
  abilities: { time: 'flow', tcpFlags: 'no', bothDirections: 'no', packets: 'interpolated', records: 'many' },
  read: async (source, writer, options = {}) => readRows(source, new GcpVpcReader(writer, options), options),
};
