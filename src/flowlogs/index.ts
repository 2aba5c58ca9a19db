/**
 * The registry of flow-log formats, most specific first: the first whose `sniff` agrees reads the input. Binary
 * formats come before text, JSON before tables, and tables whose columns must be guessed come last.
 */
import { argus } from './argus.ts';
import { awsVpc } from './aws-vpc.ts';
import { azure } from './azure.ts';
import { csv } from './csv.ts';
import { eve } from './eve.ts';
import type { FlowFormat } from './flow-format.ts';
import { gcpVpc } from './gcp-vpc.ts';
import { ipfix } from './ipfix.ts';
import { nameTable } from './name-table.ts';
import { nfcapd } from './nfcapd.ts';
import { nfdumpCsv } from './nfdump-csv.ts';
import { nfdumpJson } from './nfdump-json.ts';
import { parquet } from './parquet.ts';
import { passiveDns } from './passive-dns.ts';
import { resolverLog } from './resolver-log.ts';
import { silk } from './silk.ts';
import { zeek } from './zeek.ts';
import { zeekJson } from './zeek-json.ts';

export const FLOW_FORMATS: readonly FlowFormat[] = [
  nfcapd,
  ipfix,
  parquet,
  azure,
  gcpVpc,
  nfdumpJson,
  zeekJson,
  eve,
  passiveDns,
  zeek,
  resolverLog,
  nfdumpCsv,
  awsVpc,
  silk,
  argus,
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
