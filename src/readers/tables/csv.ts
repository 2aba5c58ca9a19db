/**
 * Any table of flows whose columns the operator names, or whose header uses the usual names (RFC 4180; flow-formats
 * 3.15): exports of collectors and databases, pmacct csv. Times by their size or as ISO text; those without a zone
 * are of `timeZone`. Whether counters are multiplied by the sampling factor such a table does not say: they are not.
 */

import type { FlowSink } from '../../flows/flow-record.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { COLUMN_ROLES, LAYOUT } from './column-map.ts';
import {
  ENDPOINT_AND_TIME,
  HeadedTableReader,
  namesColumns,
  splitLine,
  type TableSpec,
} from './headed-table.ts';
import * as Column from './roles.ts';
import { readRows } from './row-reader.ts';

/** The usual names of each field. */
export const USUAL_NAMES: Column.RoleNames = new Map([
  [
    Column.START,
    'start starttime stime firstseen flowstart eventstart timestampstart timeflowstart timeflowstartns ts timestamp time timereceived timereceivedns'.split(
      ' ',
    ),
  ],
  [
    Column.END,
    'end endtime ltime etime lastseen flowend eventend timestampend timeflowend timeflowendns lasttime te'.split(
      ' ',
    ),
  ],
  [Column.DURATION, 'duration dur td durationsec'.split(' ')],
  [Column.SOURCE, 'srcaddr srcip sourceip sourceaddress sa sip src ipsrc idorigh'.split(' ')],
  [
    Column.DESTINATION,
    'dstaddr dstip destip destinationip destinationaddress da dip dst ipdst idresph'.split(' '),
  ],
  [Column.SOURCE_PORT, 'srcport sourceport sport sp portsrc idorigp'.split(' ')],
  [Column.DESTINATION_PORT, 'dstport destport destinationport dport dp portdst idrespp'.split(' ')],
  [Column.PROTOCOL, 'protocol proto pr prot ipproto protocolidentifier'.split(' ')],
  [Column.PACKETS, 'packets pkts pkt ipkt inpackets inpkts totpkts packetdeltacount origpkts'.split(' ')],
  [Column.BYTES, 'bytes octets byt ibyt inbytes totbytes octetdeltacount origipbytes'.split(' ')],
  [Column.REVERSE_PACKETS, 'reversepackets outpackets outpkts opkt dpkts resppkts'.split(' ')],
  [Column.REVERSE_BYTES, 'reversebytes outbytes obyt dbytes respbytes respipbytes'.split(' ')],
  [Column.TCP_FLAGS, 'tcpflags flags flg tcpcontrolbits'.split(' ')],
  [Column.SAMPLING, 'samplingrate samplinginterval'.split(' ')],
  [Column.ACTION, ['action']],
  [Column.EXPORTER, 'exporter exporteraddress sampleraddress peeripsrc'.split(' ')],
]);

const SPEC: TableSpec = {
  names: USUAL_NAMES,
  needed: ENDPOINT_AND_TIME,
  delimiters: ',;\t|',
  isQuoted: true,
  facts: {},
};

class CsvReader extends HeadedTableReader {
  readonly #columns: Readonly<Record<string, string>>;

  constructor(sink: FlowSink, options: FlowReadOptions) {
    super(sink, options, SPEC);
    this.#columns = options.columns ?? {};
  }

  protected override line(text: string, at: number): boolean {
    const layout = this.#columns[LAYOUT];
    if (layout !== undefined) {
      const delimiter = delimiterIn(text);
      this.settle(layout.split(' ').join(delimiter), at, delimiter);
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
    const roles = new Uint8Array(names.length);
    const free = new Map(USUAL_NAMES);
    for (const [ours, theirs] of Object.entries(this.#columns)) {
      const role = COLUMN_ROLES.get(ours);
      if (role === undefined) continue;
      free.delete(role);
      const column = columnNamed(theirs, names);
      if (column >= 0) roles[column] = role;
    }
    const usual = Column.rolesOf(names, free);
    return roles.map((role, column) => (role === Column.SKIP ? usual[column] : role));
  }

  /** A column that the operator names and the file does not have is missing, however little rows need it. */
  protected override missing(roles: Uint8Array): readonly Column.Role[] {
    const named = Object.keys(this.#columns).map((ours) => COLUMN_ROLES.get(ours));
    const needed = new Set([...SPEC.needed, ...named.filter((role) => role !== undefined)]);
    return Column.missingRoles(roles, [...needed]);
  }
}

/** By position, by the exact name, or by the name without case and what stands between words; -1 where absent. */
export function columnNamed(theirs: string, names: readonly string[]): number {
  const position = /^#(\d+)$/.exec(theirs);
  if (position !== null) return Number(position[1]) <= names.length ? Number(position[1]) - 1 : -1;
  const exact = names.indexOf(theirs);
  return exact >= 0 ? exact : names.map(Column.plainName).indexOf(Column.plainName(theirs));
}

function delimiterIn(row: string): string {
  return [...SPEC.delimiters, ' '].find((candidate) => row.includes(candidate)) ?? ',';
}

/** True where a cell is an address: headers hold none. */
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
    start: 'start, starttime, firstseen, timestamp, …',
    end: 'end, endtime, lastseen, …, or start + duration',
    source: 'srcaddr, srcip, sourceip, src, …',
    destination: 'dstaddr, dstip, destip, dst, …',
    sourcePort: 'srcport, sport, …',
    destinationPort: 'dstport, dport, …',
    protocol: 'protocol, proto, …',
    packets: 'packets, pkts, …',
    bytes: 'bytes, octets, …',
    reversePackets: 'reversepackets, outpackets, dpkts, …',
    reverseBytes: 'reversebytes, outbytes, dbytes, …',
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
  rows: (sink, options) => new CsvReader(sink, options),
  read: async (source, sink, options = {}) => readRows(source, new CsvReader(sink, options), options),
};
