/**
 * AWS VPC Flow Logs as text, versions 2 to 5 and custom formats (VPC user guide, "Flow log records"; docs/formats.md
 * 3.5). Files in S3 name their columns in the first line; without one, the 14 columns of version 2 are taken, or the
 * layout of the operator. Times are the edges of an aggregation window. Rows without data are none; rows that AWS
 * lost are counted. Behind a NAT gateway the addresses of the packet count, not those of the gateway.
 */

import { AWS_STATUS } from '../../kernel/records/rules.ts';
import type { BatchWriter } from '../../rows/batches.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { LAYOUT } from './column-map.ts';
import {
  ENDPOINT_AND_TIME,
  firstLine,
  HeadedTableReader,
  namesColumns,
  type TableSpec,
} from './headed-table.ts';
import * as Column from './roles.ts';
import { readRows } from './row-reader.ts';

export const VERSION_2 =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

const SPEC: TableSpec = {
  names: new Map([
    [Column.START, ['start']],
    [Column.END, ['end']],
    [Column.SOURCE, ['srcaddr', 'pkt-srcaddr']],
    [Column.DESTINATION, ['dstaddr', 'pkt-dstaddr']],
    [Column.PACKET_SOURCE, ['pkt-srcaddr']],
    [Column.PACKET_DESTINATION, ['pkt-dstaddr']],
    [Column.SOURCE_PORT, ['srcport']],
    [Column.DESTINATION_PORT, ['dstport']],
    [Column.PROTOCOL, ['protocol']],
    [Column.PACKETS, ['packets']],
    [Column.BYTES, ['bytes']],
    [Column.TCP_FLAGS, ['tcp-flags']],
    [Column.ACTION, ['action']],
    [Column.STATUS, ['log-status']],
    [Column.EXPORTER, ['interface-id']],
  ]),
  needed: ENDPOINT_AND_TIME,
  delimiters: ' ,\t',
  isQuoted: false,
  facts: { samplingInterval: 1 },
  rules: AWS_STATUS,
};

/** A row of version 2, of an account or of AWS itself (unknown); CloudWatch puts the time of export in front. */
const DEFAULT_ROW = /^(\d{4}-\d\d-\d\dT\S+ )?2 (\d{12}|unknown) eni-\S+( \S+){11}$/;

class AwsVpcReader extends HeadedTableReader {
  readonly #layout: string | undefined;

  constructor(writer: BatchWriter, options: FlowReadOptions) {
    super(writer, options, SPEC);
    this.#layout = options.columns?.[LAYOUT];
  }

  protected override line(text: string, at: number): boolean {
    if (/(^|[\s,])(pkt-)?srcaddr([\s,]|$)/.test(text)) return super.line(text, at);
    const stamp = /^\d{4}-\d\d-\d\dT\S+ (?=\d)/.test(text) ? 'exported ' : '';
    if (this.#layout !== undefined) this.takeHeader(stamp + this.#layout, at);
    else if (DEFAULT_ROW.test(text)) this.takeHeader(stamp + VERSION_2, at);
    else this.lacks(SPEC.needed, at);
    return false;
  }
}

/** Is a layout that the operator gives one of AWS, and the file that begins like this a log without a header in it? */
export function isAwsLayout(layout: string | undefined, head: Uint8Array): boolean {
  if (layout === undefined || !/(^| )(pkt-)?srcaddr( |$)/.test(layout)) return false;
  return !/[,;\t|]/.test(firstLine(head));
}

export const awsVpc: FlowFormat = {
  id: 'aws-vpc',
  title: 'AWS VPC Flow Logs',
  reference: 'Amazon VPC user guide, Flow log records, available fields of versions 2 to 5',
  sniff: (head) => {
    const line = firstLine(head);
    return (
      DEFAULT_ROW.test(line) || (/\bsrcaddr\b/.test(line) && /[ ,]/.test(line) && namesColumns(head, SPEC))
    );
  },
  fields: {
    start: 'start',
    end: 'end',
    source: 'pkt-srcaddr, else srcaddr',
    destination: 'pkt-dstaddr, else dstaddr',
    sourcePort: 'srcport',
    destinationPort: 'dstport',
    protocol: 'protocol',
    packets: 'packets',
    bytes: 'bytes',
    tcpFlags: 'tcp-flags (SYN, FIN, RST only)',
    denied: 'action REJECT',
    exporter: 'interface-id',
  },
  abilities: {
    time: 'window',
    tcpFlags: 'partial',
    bothDirections: 'no',
    packets: 'counted',
    records: 'many',
  },
  read: async (source, writer, options = {}) => readRows(source, new AwsVpcReader(writer, options), options),
};
