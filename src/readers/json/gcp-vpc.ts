/**
 * Google Cloud VPC Flow Logs: entries of Cloud Logging, one a line or as an array, or their payloads alone (VPC
 * documentation, "VPC Flow Logs records"; docs/formats.md). One record a direction; what is seen by both ends is
 * reported by both, which `reporter` tells apart as exporters. The platform samples packets and states estimates.
 */

import type { BatchWriter } from '../../rows/batches.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import * as Column from '../tables/roles.ts';
import { readRows } from '../tables/row-reader.ts';
import { firstObjectHas, JsonReader } from './json-reader.ts';

const KEYS: readonly (readonly [string, Column.Role])[] = [
  ['connection.src_ip', Column.SOURCE],
  ['connection.dest_ip', Column.DESTINATION],
  ['connection.src_port', Column.SOURCE_PORT],
  ['connection.dest_port', Column.DESTINATION_PORT],
  ['connection.protocol', Column.PROTOCOL],
  ['start_time', Column.START],
  ['end_time', Column.END],
  ['packets_sent', Column.PACKETS],
  ['bytes_sent', Column.BYTES],
  ['reporter', Column.EXPORTER],
];

class GcpVpcReader extends JsonReader {
  constructor(writer: BatchWriter, options: FlowReadOptions) {
    const wrapped = KEYS.map(([key, role]) => [`jsonPayload.${key}`, role] as const);
    super(writer, options, [...wrapped, ...KEYS], { isScaled: true });
  }

  protected decode(): void {
    this.deliver();
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
