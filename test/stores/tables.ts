/**
 * The records of a file of flows, as nfdump prints them, as tables of each schema: statements that make and fill them.
 * Written from the schemas' own sources, not from our column maps.
 */
import { execFileSync } from 'node:child_process';

export interface NfdumpRecord {
  readonly first: string;
  readonly last: string;
  readonly in_packets: number;
  readonly in_bytes: number;
  readonly proto: number;
  readonly tcp_flags?: string;
  readonly src_port: number;
  readonly dst_port: number;
  readonly src4_addr: string;
  readonly dst4_addr: string;
  /** 1 if absent. */
  readonly sampling?: number;
}

/** IPv4 records of a file. Throws if nfdump is not there. */
export function recordsOf(file: string): NfdumpRecord[] {
  const text = execFileSync('nfdump', ['-r', file, '-o', 'json'], {
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC' },
    maxBuffer: 1 << 28,
  });
  const records: NfdumpRecord[] = JSON.parse(text);
  return records.filter(({ src4_addr }) => src4_addr !== undefined);
}

const time = (text: string): string => `toDateTime64('${text.replace('T', ' ')}', 3, 'UTC')`;
const isV6 = (ip: string): boolean => ip.includes(':');
const mapped = (ip: string): string => (isV6(ip) ? ip : `::ffff:${ip}`);
/** Of IPv4 the four bytes and zeros, as GoFlow2 writes them; of IPv6 what stands before and behind `::`. */
const hexOf = (ip: string): string => {
  if (!isV6(ip)) return hexOf4(ip);
  const [head = '', tail = ''] = ip.split('::').map((part) =>
    part
      .split(':')
      .map((group) => group.padStart(4, '0'))
      .join(''),
  );
  return head.padEnd(32 - tail.length, '0') + tail;
};
const hexOf4 = (ip: string): string =>
  ip
    .split('.')
    .map((octet) => Number(octet).toString(16).padStart(2, '0'))
    .join('')
    .padEnd(32, '0');

/** Statements by schema. The tables of `akvorado` and `goflow2` lack what the products leave out by default. */
export const TABLES: Readonly<Record<string, (records: readonly NfdumpRecord[]) => string[]>> = {
  akvorado: (records) => [
    'SET allow_suspicious_low_cardinality_types = 1',
    'CREATE DATABASE akvorado',
    `CREATE TABLE akvorado.flows (TimeReceived DateTime CODEC(DoubleDelta, LZ4), SamplingRate UInt64,
      ExporterAddress LowCardinality(IPv6), SrcAddr IPv6, DstAddr IPv6, SrcPort UInt16, DstPort UInt16, Proto UInt32,
      Bytes UInt64, Packets UInt64,
      INDEX idx_SrcAddr SrcAddr TYPE bloom_filter(0.001), INDEX idx_DstAddr DstAddr TYPE bloom_filter(0.001))
      ENGINE = MergeTree PARTITION BY toYYYYMMDDhhmmss(toStartOfInterval(TimeReceived, INTERVAL 25920 second))
      ORDER BY (toStartOfFiveMinutes(TimeReceived), ExporterAddress)`,
    insert('akvorado.flows', records, (r) => [
      `toDateTime(${time(r.last)})`,
      r.sampling ?? 1,
      `'::ffff:10.0.0.1'`,
      `'${mapped(r.src4_addr)}'`,
      `'${mapped(r.dst4_addr)}'`,
      r.src_port,
      r.dst_port,
      r.proto,
      r.in_bytes,
      r.in_packets,
    ]),
  ],
  goflow2: (records) => [
    'CREATE DATABASE goflow2',
    `CREATE TABLE goflow2.flows_raw (date Date, time_received_ns DateTime64(9), time_flow_start_ns DateTime64(9),
      sequence_num UInt32, sampling_rate UInt64, sampler_address FixedString(16), src_addr FixedString(16),
      dst_addr FixedString(16), src_as UInt32, dst_as UInt32, etype UInt32, proto UInt32, src_port UInt32,
      dst_port UInt32, bytes UInt64, packets UInt64)
      ENGINE = MergeTree PARTITION BY date ORDER BY time_received_ns`,
    insert('goflow2.flows_raw', records, (r) => [
      `toDate(${time(r.last)})`,
      time(r.last),
      time(r.first),
      0,
      r.sampling ?? 1,
      `unhex('${hexOf('10.0.0.1')}')`,
      `unhex('${hexOf(r.src4_addr)}')`,
      `unhex('${hexOf(r.dst4_addr)}')`,
      0,
      0,
      2048,
      r.proto,
      r.src_port,
      r.dst_port,
      r.in_bytes,
      r.in_packets,
    ]),
  ],
  theia: (records) => [
    'CREATE DATABASE theia',
    `CREATE TABLE theia.flows (timeInserted DateTime DEFAULT now(), flowStartSeconds DateTime, flowEndSeconds DateTime,
      sourceIP String, destinationIP String, sourceTransportPort UInt16, destinationTransportPort UInt16,
      protocolIdentifier UInt8, packetDeltaCount UInt64, octetDeltaCount UInt64, reversePacketDeltaCount UInt64,
      reverseOctetDeltaCount UInt64, sourceNodeName String)
      ENGINE = MergeTree ORDER BY (timeInserted, flowEndSeconds)`,
    insert('theia.flows', records, (r) => [
      `toDateTime(${time(r.last)})`,
      `toDateTime(${time(r.first)})`,
      `toDateTime(${time(r.last)})`,
      `'${r.src4_addr}'`,
      `'${r.dst4_addr}'`,
      r.src_port,
      r.dst_port,
      r.proto,
      r.in_packets,
      r.in_bytes,
      0,
      0,
      `'node'`,
    ]),
  ],
  ntopng: (records) => ntopng('ntopng', true, records),
  // As it was before it had packets of each direction.
  ntopngOld: (records) => ntopng('ntopngold', false, records),
  columns: (records) => [
    'CREATE DATABASE own',
    `CREATE TABLE own.log (t UInt64, until_ms UInt64, a String, b String, ap UInt16, bp UInt16, octets UInt64, pk UInt64, p UInt8, rate UInt32)
      ENGINE = MergeTree ORDER BY t`,
    insert('own.log', records, (r) => [
      `toUnixTimestamp(${time(r.first)})`,
      `toUnixTimestamp64Milli(${time(r.last)})`,
      `'${r.src4_addr}'`,
      `'${r.dst4_addr}'`,
      r.src_port,
      r.dst_port,
      r.in_bytes,
      r.in_packets,
      r.proto,
      r.sampling ?? 1,
    ]),
  ],
};

function ntopng(database: string, hasPackets: boolean, records: readonly NfdumpRecord[]): string[] {
  const ends = (ip: string): string[] => (isV6(ip) ? ['0', `'${ip}'`] : [`IPv4StringToNum('${ip}')`, `'::'`]);
  return [
    `CREATE DATABASE ${database}`,
    `CREATE TABLE ${database}.flows (FLOW_ID UInt64, IP_PROTOCOL_VERSION UInt8, FIRST_SEEN DateTime, LAST_SEEN DateTime,
      PACKETS UInt32, TOTAL_BYTES UInt64, SRC2DST_BYTES UInt64, DST2SRC_BYTES UInt64, PROTOCOL UInt8,
      IPV4_SRC_ADDR UInt32, IPV6_SRC_ADDR IPv6, IP_SRC_PORT UInt16, IPV4_DST_ADDR UInt32, IPV6_DST_ADDR IPv6,
      IP_DST_PORT UInt16, ${hasPackets ? 'SRC2DST_PACKETS UInt32, DST2SRC_PACKETS UInt32, ' : ''}INFO String, PROBE_IP UInt32, SRC2DST_TCP_FLAGS UInt8, DST2SRC_TCP_FLAGS UInt8)
      ENGINE = MergeTree PARTITION BY toYYYYMMDD(FIRST_SEEN) ORDER BY (IPV4_SRC_ADDR, IPV4_DST_ADDR, FIRST_SEEN)`,
    insert(`${database}.flows`, records, (r) => [
      0,
      4,
      `toDateTime(${time(r.first)})`,
      `toDateTime(${time(r.last)})`,
      r.in_packets,
      r.in_bytes,
      r.in_bytes,
      0,
      r.proto,
      ...ends(r.src4_addr),
      r.src_port,
      ...ends(r.dst4_addr),
      r.dst_port,
      ...(hasPackets ? [r.in_packets, 0] : []),
      `''`,
      0,
      flagBits(r.tcp_flags),
      0,
    ]),
  ];
}

function insert(
  table: string,
  records: readonly NfdumpRecord[],
  cells: (record: NfdumpRecord) => readonly (string | number)[],
): string {
  return `INSERT INTO ${table} VALUES ${records.map((record) => `(${cells(record).join(', ')})`).join(',\n')}`;
}

/** nfdump prints the flags as "UAPRSF", a dot for each that was not seen. */
function flagBits(text = ''): number {
  return [...'FSRPAU'].reduce((bits, letter, i) => (text.includes(letter) ? bits | (1 << i) : bits), 0);
}
