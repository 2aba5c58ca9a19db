/**
 * The registry of flow-log formats, most specific first: the first whose `sniff` agrees reads the input. Binary
 * formats come before text, JSON before tables, and tables whose columns must be guessed come last.
 */

import type { FlowFormat } from './flow-format.ts';
import { azure } from './json/azure.ts';
import { azureFirewall } from './json/azure-firewall.ts';
import { eve } from './json/eve.ts';
import { jsonFlows } from './json/json-flows.ts';
import { jsonFormat } from './json/json-reader.ts';
import { nfdumpJson } from './json/nfdump-json.ts';
import { jsonLogs } from './json/product-json.ts';
import { zeekJson } from './json/zeek-json.ts';
import { lineLogs } from './lines/line-log.ts';
import { nameTable } from './names/name-table.ts';
import { passiveDns } from './names/passive-dns.ts';
import { queryJson } from './names/query-json.ts';
import { resolverLog } from './names/resolver-log.ts';
import { ipfix } from './netflow/ipfix.ts';
import { nfcapd } from './nfcapd/nfcapd.ts';
import { parquet } from './parquet/parquet.ts';
import { awsVpc } from './tables/aws-vpc.ts';
import { csv } from './tables/csv.ts';
import { headedTable } from './tables/headed-table.ts';
import { nfdumpCsv } from './tables/nfdump-csv.ts';
import { zeek } from './tables/zeek.ts';

export const FLOW_FORMATS: readonly FlowFormat[] = [
  nfcapd,
  ipfix,
  parquet,
  azure,
  jsonFormat('gcp-vpc'),
  nfdumpJson,
  zeekJson,
  passiveDns,
  ...jsonLogs,
  eve,
  azureFirewall,
  queryJson,
  jsonFlows,
  zeek,
  ...lineLogs,
  resolverLog,
  nfdumpCsv,
  awsVpc,
  headedTable('silk'),
  headedTable('argus'),
  nameTable,
  csv,
];

/** The format that the first bytes show (SNIFF_BYTES of them), or null. */
export function sniffFlowFormat(head: Uint8Array): FlowFormat | null {
  for (const format of FLOW_FORMATS) if (format.sniff(head)) return format;
  return null;
}

/** The format of an id, or null. */
export function flowFormat(id: string): FlowFormat | null {
  return FLOW_FORMATS.find((format) => format.id === id) ?? null;
}
