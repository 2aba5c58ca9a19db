/**
 * Argus flow records as `ra -c ,` prints them (ra(1); docs/formats.md). Bytes count link headers. Totals are of both
 * directions together: beside those of the source they give the destination's. Without these they are parted by halves
 * if the state says that both ends spoke, and stand as sent if it does not; `-s spkts,dpkts,sbytes,dbytes`
 * distinguishes them. Times without a year (the default of ra) are of the last such day, those without a day cannot be
 * used; `-u` prints them whole. Management records and flows of other than IP are read over.
 */

import { ARGUS_STATE } from '../../kernel/records/rules.ts';
import { LINK_BYTES } from '../../rows/flow-sink.ts';
import type { FlowFormat } from '../flow-format.ts';
import { firstLine, namesColumns, readTable, type TableSpec } from './headed-table.ts';
import * as Column from './roles.ts';

const SPEC: TableSpec = {
  names: new Map([
    [Column.START, ['StartTime', 'stime']],
    [Column.END, ['LastTime', 'ltime']],
    [Column.DURATION, ['Dur']],
    [Column.SOURCE, ['SrcAddr', 'saddr']],
    [Column.DESTINATION, ['DstAddr', 'daddr']],
    [Column.SOURCE_PORT, ['Sport']],
    [Column.DESTINATION_PORT, ['Dport']],
    [Column.PROTOCOL, ['Proto']],
    [Column.ARROW, ['Dir']],
    [Column.STATUS, ['State']],
    [Column.PACKETS, ['SrcPkts', 'spkts']],
    [Column.BYTES, ['SrcBytes', 'sbytes']],
    [Column.TOTAL_PACKETS, ['TotPkts', 'pkts']],
    [Column.TOTAL_BYTES, ['TotBytes', 'bytes']],
    [Column.REVERSE_PACKETS, ['DstPkts', 'dpkts']],
    [Column.REVERSE_BYTES, ['DstBytes', 'dbytes']],
  ]),
  needed: [Column.SOURCE, Column.DESTINATION, Column.DESTINATION_PORT],
  delimiters: ',\t;|',
  isQuoted: true,
  facts: { byteLayer: LINK_BYTES, samplingInterval: 1 },
  rules: ARGUS_STATE,
};

export const argus: FlowFormat = {
  id: 'argus',
  title: 'Argus, printed by ra',
  reference: 'argus-clients, ra(1), fields of -s',
  sniff: (head) =>
    /\b(TotPkts|SrcPkts|TotBytes|SrcBytes|s?pkts|s?bytes)\b/i.test(firstLine(head)) &&
    /\bSrcAddr\b.*\bDstAddr\b|\bsaddr\b.*\bdaddr\b/i.test(firstLine(head)) &&
    /\b(Dir|Flgs|StartTime|stime|Dur)\b/i.test(firstLine(head)) &&
    namesColumns(head, SPEC),
  fields: {
    start: 'StartTime',
    end: 'LastTime, or StartTime + Dur',
    source: 'SrcAddr',
    destination: 'DstAddr',
    sourcePort: 'Sport',
    destinationPort: 'Dport',
    protocol: 'Proto',
    packets: 'SrcPkts, else a part of TotPkts',
    bytes: 'SrcBytes, else a part of TotBytes (link header included)',
    reversePackets: 'DstPkts, or TotPkts - SrcPkts',
    reverseBytes: 'DstBytes, or TotBytes - SrcBytes',
    originator: 'Dir',
  },
  abilities: {
    time: 'flow',
    tcpFlags: 'no',
    bothDirections: 'partial',
    packets: 'counted',
    records: 'either',
  },
  read: readTable(SPEC),
};
