/**
 * AWS VPC Flow Logs as text, versions 2 to 5 and custom formats (VPC user guide, "Flow log records"; docs/reference/formats.md
 * 3.5). Files in S3 name their columns in the first line; without one, the 14 columns of version 2 are taken, or the
 * layout of the operator. Times are the edges of an aggregation window. Rows without data are none; rows that AWS
 * lost are counted. Behind a NAT gateway the addresses of the packet count, not those of the gateway.
 */

import { toldFormat } from '../format-table.ts';
import { LAYOUT } from './column-map.ts';
import { firstLine, HeadedTableReader, namesColumns } from './headed-table.ts';
import { rowFormat } from './row-reader.ts';

const TOLD = toldFormat('aws-vpc');
export const VERSION_2 =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

/**
 * A row of version 2, of an account or of AWS itself (unknown); CloudWatch puts the time of export in front. Huawei Cloud
 * writes the same columns, of a project and a port (VPC user guide, "VPC Flow Log").
 */
const DEFAULT_ROW =
  /^(\d{4}-\d\d-\d\dT\S+ )?(2 (\d{12}|unknown) eni-\S+|1 [0-9a-f]{32} [0-9a-f]{8}-[0-9a-f-]{27})( \S+){11}$/;

class AwsVpcReader extends HeadedTableReader {
  readonly #layout = this.options.columns?.[LAYOUT];

  protected override line(text: string, at: number): boolean {
    if (/(^|[\s,])(pkt-)?srcaddr([\s,]|$)/.test(text)) return super.line(text, at);
    const stamp = /^\d{4}-\d\d-\d\dT\S+ (?=\d)/.test(text) ? 'exported ' : '';
    if (this.#layout !== undefined) this.takeHeader(stamp + this.#layout, at);
    else if (DEFAULT_ROW.test(text)) this.takeHeader(stamp + VERSION_2, at);
    else this.lacks(this.table.needed, at);
    return false;
  }
}

/** Is a layout that the operator gives one of AWS, and the file that begins like this a log without a header in it? */
export function isAwsLayout(layout: string | undefined, head: Uint8Array): boolean {
  if (layout === undefined || !/(^| )(pkt-)?srcaddr( |$)/.test(layout)) return false;
  return !/[,;\t|]/.test(firstLine(head));
}

export const awsVpc = rowFormat(TOLD, AwsVpcReader, {
  sniff: (head) => {
    const line = firstLine(head);
    return (
      DEFAULT_ROW.test(line) || (/\bsrcaddr\b/.test(line) && /[ ,]/.test(line) && namesColumns(head, TOLD))
    );
  },
});
