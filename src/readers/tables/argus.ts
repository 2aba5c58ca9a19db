/**
 * Argus flow records as `ra -c ,` prints them (ra(1); flow-formats 3.8). Bytes count link headers. Where only totals
 * are printed they are those of both directions together and stand as sent; `-s spkts,dpkts,sbytes,dbytes` tells them
 * apart. Times without a year (the default of ra) are of the last such day, those without a day cannot be used; `-u`
 * prints them whole. Management records and flows of other than IP are read over.
 */

import { type FlowSink, LINK_BYTES } from '../../flows/flow-record.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions, FlowReadResult } from '../flow-reading.ts';
import { firstLine, HeadedTableReader, namesColumns, type TableSpec } from './headed-table.ts';
import * as Column from './roles.ts';
import { readRows } from './row-reader.ts';

const ADDRESSES = (1 << Column.SOURCE) | (1 << Column.DESTINATION);

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
    [Column.PACKETS, ['SrcPkts', 'spkts', 'TotPkts', 'pkts']],
    [Column.BYTES, ['SrcBytes', 'sbytes', 'TotBytes', 'bytes']],
    [Column.REVERSE_PACKETS, ['DstPkts', 'dpkts']],
    [Column.REVERSE_BYTES, ['DstBytes', 'dbytes']],
  ]),
  needed: [Column.SOURCE, Column.DESTINATION, Column.DESTINATION_PORT],
  delimiters: ',\t;|',
  isQuoted: true,
  facts: { byteLayer: LINK_BYTES, samplingInterval: 1 },
};

class ArgusReader extends HeadedTableReader {
  constructor(sink: FlowSink, options: FlowReadOptions) {
    super(sink, options, SPEC);
  }

  #isTogether = false;

  protected override rolesOf(names: readonly string[]): Uint8Array {
    const plain = names.map(Column.plainName);
    this.#isTogether = !plain.some((name) => name === 'srcbytes' || name === 'sbytes');
    return super.rolesOf(names);
  }

  protected override settings(): readonly unknown[] {
    return [this.#isTogether];
  }

  override result(): FlowReadResult {
    return { ...super.result(), isTogether: this.#isTogether };
  }

  protected override complete(): boolean {
    return this.record.protocol !== 0 || (this.got & ADDRESSES) === ADDRESSES;
  }
}

export const argus: FlowFormat = {
  id: 'argus',
  title: 'Argus, printed by ra',
  reference: 'argus-clients, ra(1), fields of -s',
  sniff: (head) =>
    /\b(TotPkts|SrcPkts|TotBytes|SrcBytes)\b/.test(firstLine(head)) &&
    /\bSrcAddr\b.*\bDstAddr\b/.test(firstLine(head)) &&
    namesColumns(head, SPEC),
  fields: {
    start: 'StartTime',
    end: 'LastTime, or StartTime + Dur',
    source: 'SrcAddr',
    destination: 'DstAddr',
    sourcePort: 'Sport',
    destinationPort: 'Dport',
    protocol: 'Proto',
    packets: 'SrcPkts, else TotPkts (both ways)',
    bytes: 'SrcBytes, else TotBytes (both ways; link header included)',
    reversePackets: 'DstPkts',
    reverseBytes: 'DstBytes',
    originator: 'Dir',
  },
  abilities: {
    time: 'flow',
    tcpFlags: 'no',
    bothDirections: 'partial',
    packets: 'counted',
    records: 'either',
  },
  rows: (sink, options) => new ArgusReader(sink, options),
  read: async (source, sink, options = {}) => readRows(source, new ArgusReader(sink, options), options),
};
