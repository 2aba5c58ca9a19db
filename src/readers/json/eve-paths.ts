/** The JSON paths that are read from EVE, what each means for a flow, and its place in the list for the kernel. */
import * as Column from '../tables/roles.ts';

const VALUES = {
  timestamp: ['timestamp', Column.SKIP],
  eventType: ['event_type', Column.SKIP],
  srcIp: ['src_ip', Column.SOURCE],
  destIp: ['dest_ip', Column.DESTINATION],
  srcPort: ['src_port', Column.SOURCE_PORT],
  destPort: ['dest_port', Column.DESTINATION_PORT],
  proto: ['proto', Column.PROTOCOL],
  host: ['host', Column.EXPORTER],
  vlan: ['vlan', Column.SKIP],
  flowStart: ['flow.start', Column.START],
  flowEnd: ['flow.end', Column.END],
  packetsToServer: ['flow.pkts_toserver', Column.PACKETS],
  packetsToClient: ['flow.pkts_toclient', Column.REVERSE_PACKETS],
  bytesToServer: ['flow.bytes_toserver', Column.BYTES],
  bytesToClient: ['flow.bytes_toclient', Column.REVERSE_BYTES],
  flowAction: ['flow.action', Column.ACTION],
  // Of records of one direction; those of both have the next two, which win.
  tcpFlags: ['tcp.tcp_flags', Column.TCP_FLAGS],
  flagsToServer: ['tcp.tcp_flags_ts', Column.TCP_FLAGS],
  flagsToClient: ['tcp.tcp_flags_tc', Column.REVERSE_TCP_FLAGS],
  netflowStart: ['netflow.start', Column.START],
  netflowEnd: ['netflow.end', Column.END],
  netflowPackets: ['netflow.pkts', Column.PACKETS],
  netflowBytes: ['netflow.bytes', Column.BYTES],
  sni: ['tls.sni', Column.SKIP],
  subject: ['tls.subject', Column.SKIP],
  alternativeNames: ['tls.subjectaltname', Column.SKIP],
  quicSni: ['quic.sni', Column.SKIP],
  hostname: ['http.hostname', Column.SKIP],
  dnsName: ['dns.rrname', Column.SKIP],
  dnsData: ['dns.rdata', Column.SKIP],
  dnsQueries: ['dns.queries', Column.SKIP],
  dnsAnswers: ['dns.answers', Column.SKIP],
  dnsGroupedA: ['dns.grouped.A', Column.SKIP],
  dnsGroupedAaaa: ['dns.grouped.AAAA', Column.SKIP],
  signature: ['alert.signature', Column.SKIP],
  category: ['alert.category', Column.SKIP],
} as const;

export const EVE_VALUES: readonly (readonly [path: string, role: Column.Role])[] = Object.values(VALUES);

/** Places in EVE_VALUES. */
export const EVE = Object.fromEntries(Object.keys(VALUES).map((name, place) => [name, place])) as Readonly<
  Record<keyof typeof VALUES, number>
>;
