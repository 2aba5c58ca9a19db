/**
 * Google Cloud VPC Flow Logs: entries of Cloud Logging, one a line or as an array, or their payloads alone (VPC
 * documentation, "VPC Flow Logs records"; docs/formats.md). One record a direction; what is seen by both ends is
 * reported by both, which `reporter` tells apart as exporters. The platform samples packets and states estimates.
 */

import { toldFormat } from '../format-table.ts';
import { rowFormat } from '../tables/row-reader.ts';
import { firstObjectHas, JsonReader } from './json-reader.ts';

class GcpVpcReader extends JsonReader {
  protected decode(): void {
    this.deliver();
  }
}

export const gcpVpc = rowFormat(toldFormat('gcp-vpc'), GcpVpcReader, {
  sniff: (head) =>
    firstObjectHas(head, ['jsonPayload.connection.src_ip']) ||
    firstObjectHas(head, ['connection.src_ip', 'reporter']),
});
