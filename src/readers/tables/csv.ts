/**
 * Any table of flows whose columns the operator names, or whose header uses the usual names (RFC 4180; docs/formats.md
 * 3.15): exports of collectors and databases, pmacct csv. Times by their size or as ISO text; those without a zone
 * are of `timeZone`. Whether counters are multiplied by the sampling factor such a table does not say: they are not.
 */

import type { BatchWriter } from '../../rows/batches.ts';
import { LINK_BYTES } from '../../rows/flow-sink.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { COLUMN_ROLES, LAYOUT } from './column-map.ts';
import {
  delimiterOf,
  ENDPOINT_AND_TIME,
  HeadedTableReader,
  isCicFlowMeter,
  namesColumns,
  splitLine,
  type TableSpec,
} from './headed-table.ts';
import * as Column from './roles.ts';
import { readRows } from './row-reader.ts';

/** Words of one text. */
const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/**
 * The usual names of each field, without case and what stands between words; the first that a header has wins. Sources:
 * docs/formats.md; nProbe and ntopng (field names of their templates and databases), NFStream, ndpiReader, pmacct,
 * goflow2, Akvorado, Zeek, Argus, YAF, CICFlowMeter, Elastic Common Schema, Azure and GCP exports, FortiGate and Palo
 * Alto logs as CSV.
 */
const USUAL_NAMES: Column.RoleNames = new Map([
  [
    Column.START,
    words(`start starttime stime firstseen flowstart eventstart timestampstart timeflowstart timeflowstartns
      bidirectionalfirstseenms flowstartmilliseconds flowstartmicroseconds flowstartnanoseconds flowstartseconds
      flowstarttime firstswitched starttimestamp startdatetime begintime begin datefirstseen firsttime tfirst
      jsonpayloadstarttime flowstarttimet ts timestamp timegenerated generatetime generatedtime eventtime
      timereceived timereceivedns datetime stampinserted unixsecs receivetime time first date`),
  ],
  [
    Column.END,
    words(`end endtime ltime etime lastseen flowend eventend timestampend timeflowend timeflowendns
      bidirectionallastseenms flowendmilliseconds flowendmicroseconds flowendnanoseconds flowendseconds flowendtime
      lastswitched endtimestamp enddatetime datelastseen lasttime tlast jsonpayloadendtime flowendtimet stampupdated
      last te`),
  ],
  [
    Column.DURATION,
    words(`duration dur td durationsec durations durationms bidirectionaldurationms flowdurationmilliseconds
      flowdurationmicroseconds flowduration elapsedtimesec elapsed elapsedtime sessionduration eventduration`),
  ],
  [Column.DAY, words('startdate datestart startday date day eventdate flowdate')],
  [Column.CLOCK, words('starttime timestart time clock eventtime flowtime')],
  [Column.END_DAY, words('enddate dateend endday')],
  [Column.END_CLOCK, words('endtime timeend')],
  [
    Column.SOURCE,
    words(`srcaddr srcip sourceip sourceaddress saddr sa sip srcipaddr srcipaddress sourceipaddress srcipv4addr
      ipv4srcaddr sourceipv4address srchost ipsrc idorigh origh clientip clientaddress cliip localip jsonpayloadconnectionsrcip
      connectionsrcip srcips srcipaddrs src4addr ipv6srcaddr sourceipv6address src6addr srcaddress initiatorip src source`),
  ],
  [
    Column.DESTINATION,
    words(`dstaddr dstip destip destinationip destinationaddress destaddr daddr da dip dstipaddr dstipaddress
      destinationipaddress destipaddress dstipv4addr ipv4dstaddr destinationipv4address dsthost desthost ipdst idresph resph
      serverip serveraddress srvip remoteip jsonpayloadconnectiondestip connectiondestip destips dst4addr ipv6dstaddr
      destinationipv6address dst6addr dstaddress destaddress responderip dst dest destination`),
  ],
  [
    Column.SOURCE_PORT,
    words(`srcport sourceport sport sp portsrc srcpt l4srcport ipsrcport sourcetransportport idorigp origp clientport cliport
      srcl4port localport jsonpayloadconnectionsrcport connectionsrcport tcpsourceport initiatorport`),
  ],
  [
    Column.DESTINATION_PORT,
    words(`dstport destport destinationport dport dp portdst dstpt dsport l4dstport ipdstport destinationtransportport
      idrespp respp serverport srvport dstl4port remoteport jsonpayloadconnectiondestport connectiondestport destportd
      tcpdestinationport responderport`),
  ],
  [
    Column.PROTOCOL,
    words(`protocol proto pr pro prot ipproto ipprotocol protocolidentifier protocolnumber protonumber networkiananumber
      transport networktransport l4protocol l4proto protocolname transportprotocol jsonpayloadconnectionprotocol
      connectionprotocol`),
  ],
  [
    Column.PACKETS,
    words(`src2dstpackets ctospkts srcpkts spkts origpkts fwdpkts fwdpackets totalfwdpackets totalfwdpacket totfwdpkts
      sourcepackets packetssent sentpackets sentpkt pktssent packetssrctodest packetstoserver pktstoserver clientpackets
      initiatorpackets inpackets inpkts ipkt packetdeltacount packettotalcount jsonpayloadpacketssent outboundpackets
      packets pkts pkt dpkts npackets numpackets packetcount pktcount`),
  ],
  [
    Column.BYTES,
    words(`src2dstbytes ctosbytes srcipbytes origipbytes srcbytes sbytes sourcebytes bytessent sentbytes sentbyte
      bytessrctodest bytestoserver clientbytes initiatoroctets inbytes ibyt octetdeltacount octettotalcount fwdbytes
      jsonpayloadbytessent outboundbytes bytesout bytes octets byt doctets nbytes numbytes bytecount ipbytes`),
  ],
  [
    Column.REVERSE_PACKETS,
    words(`reversepackets dst2srcpackets stocpkts dstpkts dpkts resppkts bwdpkts bwdpackets totalbackwardpackets
      totalbwdpackets totalbwdpacket totbwdpkts destinationpackets packetsreceived receivedpackets rcvdpkt pktsreceived packetsdesttosrc
      packetstoclient pktstoclient serverpackets responderpackets reversepacketdeltacount reversepackettotalcount outpackets
      outpkts opkt inboundpackets`),
  ],
  [
    Column.REVERSE_BYTES,
    words(`reversebytes dst2srcbytes stocbytes dstipbytes respipbytes dstbytes dbytes destinationbytes bytesreceived
      receivedbytes rcvdbytes rcvdbyte bytesdesttosrc bytestoclient serverbytes responderoctets reverseoctetdeltacount
      reverseoctettotalcount outbytes obyt bwdbytes inboundbytes bytesin`),
  ],
  [
    Column.PAYLOAD,
    words(`origbytes srcbytes totallengthoffwdpackets totallengthoffwdpacket totlenfwdpkts sappbytes srcappbytes
      payloadbytes appbytes`),
  ],
  [
    Column.REVERSE_PAYLOAD,
    words(`respbytes dstbytes totallengthofbwdpackets totallengthofbwdpacket totlenbwdpkts dappbytes dstappbytes
      reversepayloadbytes`),
  ],
  [
    Column.TOTAL_PACKETS,
    words('totpkts totalpackets totalpkts bidirectionalpackets networkpackets flowpackets packets pkts'),
  ],
  [
    Column.TOTAL_BYTES,
    words(
      'totbytes totalbytes bidirectionalbytes networkbytes flowbytes bytestotal totaloctets bytes octets',
    ),
  ],
  [
    Column.TCP_FLAGS,
    words(
      `src2dsttcpflags clienttcpflags fwdtcpflags tcpflags initialtcpflags flags flg tcpcontrolbits tcpflag`,
    ),
  ],
  [Column.REVERSE_TCP_FLAGS, words('dst2srctcpflags servertcpflags reversetcpflags reversetcpcontrolbits')],
  [Column.SAMPLING, words('samplingrate samplinginterval samplerinterval samplerate')],
  [Column.ACTION, words('action eventaction firewallaction flowstatus fwaction disposition')],
  [Column.HISTORY, ['history']],
  [
    Column.EXPORTER,
    words(`exporter exporteraddress exporterip exporteripaddress exporteripv4address sampleraddress peeripsrc routerip
      exaddr probeip sensor agentip observername devicename`),
  ],
]);

/** The same in tables of stores that keep AWS VPC Flow Logs, too. */
export const STORED_NAMES: Column.RoleNames = new Map([
  ...USUAL_NAMES,
  [Column.PACKET_SOURCE, ['pkt_srcaddr']],
  [Column.PACKET_DESTINATION, ['pkt_dstaddr']],
  [Column.STATUS, ['log_status']],
  [Column.EXPORTER, ['interface_id', ...(USUAL_NAMES.get(Column.EXPORTER) ?? [])]],
]);

/** Columns of a count whose direction the name does not say. */
const NEUTRAL: ReadonlyMap<Column.Role, RegExp> = new Map([
  [Column.PACKETS, /^(packets|pkts|pkt|npackets|numpackets|packetcount|pktcount)$/],
  [Column.BYTES, /^(bytes|octets|byt|nbytes|numbytes|bytecount)$/],
]);

/**
 * The roles of the columns of a header by their usual names, if one name has several meanings: `dpkts` and `doctets` of
 * flow-tools are no way back, a date beside a time of day is half a time, and packets without a direction beside bytes of
 * both directions are a total.
 */
export function usualRoles(names: readonly string[], free: Column.RoleNames = USUAL_NAMES): Uint8Array {
  const plain = names.map(Column.plainName);
  const chosen = new Map(free);
  const without = (role: Column.Role, ...left: readonly string[]): void => {
    chosen.set(
      role,
      (chosen.get(role) ?? []).filter((name) => !left.includes(name)),
    );
  };
  if (plain.includes('doctets')) without(Column.REVERSE_PACKETS, 'dpkts');
  else without(Column.PACKETS, 'dpkts');
  // Zeek's and ToN-IoT's payload beside the bytes of IP.
  if (!plain.includes('srcipbytes')) without(Column.PAYLOAD, 'srcbytes');
  if (!plain.includes('dstipbytes')) without(Column.REVERSE_PAYLOAD, 'dstbytes');
  // Times since the boot of a router.
  if (plain.includes('unixsecs')) {
    without(Column.START, 'first');
    without(Column.END, 'last');
  }
  const hasDay = plain.some((name) => free.get(Column.DAY)?.includes(name));
  const hasClock = plain.some((name) => free.get(Column.CLOCK)?.includes(name) && !name.startsWith('event'));
  const isApart = hasDay && hasClock && !plain.some((name) => WHOLE_TIMES.test(name));
  if (isApart) {
    const clocks = free.get(Column.CLOCK) ?? [];
    const days = free.get(Column.DAY) ?? [];
    without(Column.START, ...clocks, ...days);
    if (plain.includes('enddate')) without(Column.END, ...(free.get(Column.END_CLOCK) ?? []));
    else without(Column.END_CLOCK, ...(free.get(Column.END_CLOCK) ?? []));
  } else for (const role of [Column.DAY, Column.CLOCK, Column.END_DAY, Column.END_CLOCK]) chosen.delete(role);
  const roles = Column.rolesOf(names, chosen);
  const isNeutral = (role: Column.Role): boolean => {
    const column = roles.indexOf(role);
    return free.has(role) && column >= 0 && NEUTRAL.get(role)?.test(plain[column] ?? '') === true;
  };
  const isTwoWay =
    roles.includes(Column.REVERSE_BYTES) && roles.includes(Column.BYTES) && !isNeutral(Column.BYTES);
  if (isTwoWay && isNeutral(Column.PACKETS) && !roles.includes(Column.REVERSE_PACKETS)) {
    roles[roles.indexOf(Column.PACKETS)] = Column.TOTAL_PACKETS;
  }
  // One direction or none: what is called a total is the only count there is.
  for (const [total, reverse] of TOTALS) {
    const column = roles.indexOf(total);
    if (column >= 0 && roles.includes(reverse)) roles[column] = Column.SKIP;
  }
  return roles;
}

const TOTALS = [
  [Column.TOTAL_PACKETS, Column.REVERSE_PACKETS],
  [Column.TOTAL_BYTES, Column.REVERSE_BYTES],
] as const;

/** Names of columns that hold a date and a time of day together. */
const WHOLE_TIMES =
  /^(start|stime|firstseen|flowstart|eventstart|timestamp.*|timeflowstart(ns)?|flowstart.*|firstswitched|ts|timereceived(ns)?|datefirstseen|startdatetime|datetime)$/;

const SPEC: TableSpec = {
  names: USUAL_NAMES,
  rolesOf: usualRoles,
  needed: ENDPOINT_AND_TIME,
  delimiters: ',;\t|',
  isQuoted: true,
  facts: {},
};

class CsvReader extends HeadedTableReader {
  readonly #columns: Readonly<Record<string, string>>;

  constructor(writer: BatchWriter, options: FlowReadOptions) {
    super(writer, options, SPEC);
    this.#columns = options.columns ?? {};
  }

  protected override takeHeader(header: string, at: number, delimiter?: string): void {
    const names = splitLine(header, delimiter ?? delimiterOf(header, SPEC.delimiters));
    // NFStream counts frames unless it is told otherwise (accounting_mode 0 of its streamer.py).
    if (names.includes('bidirectional_first_seen_ms')) this.assume({ byteLayer: LINK_BYTES });
    super.takeHeader(header, at, delimiter);
    // CICFlowMeter writes dd/MM/yyyy.
    this.time.isDayFirst = isCicFlowMeter(names);
  }

  protected override line(text: string, at: number): boolean {
    const layout = this.#columns[LAYOUT];
    if (layout !== undefined) {
      const delimiter = delimiterIn(text);
      this.takeHeader(layout.split(' ').join(delimiter), at, delimiter);
      return false;
    }
    super.line(text, at);
    // Columns named by position alone: the file may have no header, and then its first line is a row.
    return !(
      this.hasLayout &&
      isRow(text) &&
      Object.values(this.#columns).every((theirs) => theirs.startsWith('#'))
    );
  }

  /** The operator's columns first; the others by their usual names. */
  protected override rolesOf(names: readonly string[]): Uint8Array {
    return chosenRoles(names, this.#columns, USUAL_NAMES);
  }

  /** A column that the operator names and the file does not have is missing, however little rows need it. */
  protected override missing(roles: Uint8Array): readonly Column.Role[] {
    const named = Object.keys(this.#columns).map((ours) => COLUMN_ROLES.get(ours));
    const needed = new Set([...SPEC.needed, ...named.filter((role) => role !== undefined)]);
    return Column.missingRoles(roles, [...needed]);
  }
}

/**
 * Roles of columns: those of the operator first, found among `given` if the names are not as the table has them; the others by
 * their usual names.
 */
export function chosenRoles(
  names: readonly string[],
  columns: Readonly<Record<string, string>>,
  usual: Column.RoleNames,
  given: readonly string[] = names,
): Uint8Array {
  const roles = new Uint8Array(names.length);
  const free = new Map(usual);
  for (const [ours, theirs] of Object.entries(columns)) {
    const role = COLUMN_ROLES.get(ours);
    const column = columnNamed(theirs, given);
    if (role === undefined) continue;
    free.delete(role);
    if (column >= 0) roles[column] = role;
  }
  const others = usualRoles(names, free);
  return roles.map((role, column) => (role === Column.SKIP ? (others[column] ?? Column.SKIP) : role));
}

/** By position, by the exact name, or by the name without case and what stands between words; -1 if absent. */
export function columnNamed(theirs: string, names: readonly string[]): number {
  const position = /^#(\d+)$/.exec(theirs);
  if (position !== null) return Number(position[1]) <= names.length ? Number(position[1]) - 1 : -1;
  const exact = names.indexOf(theirs);
  return exact >= 0 ? exact : names.map(Column.plainName).indexOf(Column.plainName(theirs));
}

function delimiterIn(row: string): string {
  return [...SPEC.delimiters, ' '].find((candidate) => row.includes(candidate)) ?? ',';
}

/** True if a cell is an address: headers hold none. */
function isRow(line: string): boolean {
  return splitLine(line, delimiterIn(line)).some((cell) =>
    /^(\d+\.\d+\.\d+\.\d+|[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*)$/i.test(cell),
  );
}

export const csv: FlowFormat = {
  id: 'csv',
  title: 'any CSV, by its header or a column map',
  reference: 'RFC 4180; column names of the usual collectors',
  sniff: (head) => namesColumns(head, SPEC),
  fields: {
    start: 'start, starttime, firstseen, timestamp, …, or a date and a time of day',
    end: 'end, endtime, lastseen, …, or start + duration',
    source: 'srcaddr, srcip, sourceip, src, …',
    destination: 'dstaddr, dstip, destip, dst, …',
    sourcePort: 'srcport, sport, …',
    destinationPort: 'dstport, dport, …',
    protocol: 'protocol, proto, …',
    packets: 'srcpkts, inpackets, packets, pkts, …, else a part of totpkts',
    bytes: 'srcbytes, inbytes, bytes, octets, …, else payload (origbytes, …), else totbytes',
    reversePackets: 'reversepackets, dstpkts, outpackets, …, or the rest of a total',
    reverseBytes: 'reversebytes, dstbytes, outbytes, …, or the rest of a total',
    tcpFlags: 'tcpflags, flags, …',
    samplingInterval: 'samplingrate, samplinginterval',
    denied: 'action',
    exporter: 'exporter, exporteraddress, …',
  },
  abilities: {
    time: 'flow',
    tcpFlags: 'partial',
    bothDirections: 'partial',
    packets: 'counted',
    records: 'either',
  },
  read: async (source, writer, options = {}) => readRows(source, new CsvReader(writer, options), options),
};
