/**
 * Flow tables in Parquet (Apache Parquet format; columns as AWS writes VPC flow logs, or by the usual names of csv.ts,
 * or by the operator's column map). The directory of the format stands at its end, so input that cannot be
 * read backwards is spooled. Addresses may be text, 4 or 16 bytes, or IPv4 as a number. Nested columns are not read.
 */
import type { BatchWriter } from '../../rows/batches.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions, FlowReadResult, FlowSource } from '../flow-reading.ts';
import { Spool } from '../tables/spool.ts';
import { ParquetRows } from './parquet-rows.ts';

async function read(
  source: FlowSource,
  writer: BatchWriter,
  options: FlowReadOptions = {},
): Promise<FlowReadResult> {
  const rows = new ParquetRows(writer, options);
  const spool = new Spool();
  try {
    await spool.fill(source);
    if (spool.byteLength === 0) rows.damage.add('empty', 0);
    // hyparquet is loaded when the first such file comes.
    else await (await import('./row-groups.ts')).readFile(spool, rows, options);
  } finally {
    await spool.close();
  }
  return rows.result();
}

export const parquet: FlowFormat = {
  id: 'parquet',
  title: 'flow tables in Parquet',
  reference: 'Apache Parquet format 2; column names of AWS VPC Flow Logs and of the usual collectors',
  sniff: (head) => head[0] === 0x50 && head[1] === 0x41 && head[2] === 0x52 && head[3] === 0x31,
  fields: {
    start: 'start, starttime, …',
    end: 'end, endtime, …, or start + duration',
    source: 'pkt_srcaddr, srcaddr, srcip, …',
    destination: 'pkt_dstaddr, dstaddr, dstip, …',
    sourcePort: 'srcport, …',
    destinationPort: 'dstport, …',
    protocol: 'protocol, proto, …',
    packets: 'packets, …',
    bytes: 'bytes, octets, …',
    reversePackets: 'reversepackets, outpackets, …',
    reverseBytes: 'reversebytes, outbytes, …',
    tcpFlags: 'tcp_flags, flags',
    samplingInterval: 'samplingrate, samplinginterval',
    denied: 'action',
    exporter: 'interface_id, exporter, …',
  },
  abilities: {
    time: 'flow',
    tcpFlags: 'partial',
    bothDirections: 'partial',
    packets: 'counted',
    records: 'either',
  },
  // Its directory stands at its end.
  beganUs: () => null,
  read,
};
