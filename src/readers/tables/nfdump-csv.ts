/**
 * What nfdump prints as csv, csv-fast and csv:LIST, of 1.6 and 1.7 (nfdump, src/output; docs/formats.md). Counters
 * are multiplied by the sampling factor already, which the table does not state (2.4). Apart from csv-fast and the
 * raw tags, times are of the clock of the machine that printed, without a zone: `timeZone` says which.
 */

import { SILENCE_UNKNOWN } from '../../kernel/records/rules.ts';
import type { BatchWriter } from '../../rows/batches.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import {
  ENDPOINT_AND_TIME,
  firstLine,
  HeadedTableReader,
  namesColumns,
  type TableSpec,
} from './headed-table.ts';
import * as Column from './roles.ts';
import { readRows } from './row-reader.ts';

const SPEC: TableSpec = {
  names: new Map([
    [Column.START, ['firstSeen', 'ts']],
    [Column.END, ['lastSeen', 'te']],
    [Column.DURATION, ['duration', 'td']],
    [Column.SOURCE, ['srcAddr', 'sa']],
    [Column.DESTINATION, ['dstAddr', 'da']],
    [Column.SOURCE_PORT, ['srcPort', 'sp']],
    [Column.DESTINATION_PORT, ['dstPort', 'dp']],
    [Column.PROTOCOL, ['proto', 'pr']],
    [Column.TCP_FLAGS, ['flags', 'flg']],
    [Column.PACKETS, ['packets', 'inPackets', 'ipkt']],
    [Column.BYTES, ['bytes', 'inBytes', 'ibyt']],
    [Column.REVERSE_PACKETS, ['outPackets', 'opkt']],
    [Column.REVERSE_BYTES, ['outBytes', 'obyt']],
    [Column.EXPORTER, ['routerIP', 'ra']],
  ]),
  needed: ENDPOINT_AND_TIME,
  delimiters: ',',
  isQuoted: true,
  facts: { isScaled: true },
  rules: SILENCE_UNKNOWN,
};

/** Names that only nfdump uses, of 1.7 and of 1.6. */
const HEADER = /(^|,)(firstSeen|lastSeen)(,|$)|^ts,te,td,sa,da,/;

class NfdumpCsvReader extends HeadedTableReader {
  #isOver = false;

  constructor(writer: BatchWriter, options: FlowReadOptions) {
    super(writer, options, SPEC);
    this.marker = 0x53; // S of `Summary`, behind which nfdump 1.6 adds totals
  }

  protected override line(text: string, at: number): boolean {
    if (text.startsWith('Summary')) {
      this.#isOver = true;
      this.hasLayout = false;
    } else if (HEADER.test(text)) {
      this.#isOver = false;
      this.takeHeader(text, at);
    } else if (!this.#isOver) {
      // Lines in front of the header; one among the rows that begins like `Summary` is broken.
      if (this.hasLayout) this.damage.add('bad-row', this.blockOffset + at);
      else super.line(text, at);
    }
    return true;
  }
}

export const nfdumpCsv: FlowFormat = {
  id: 'nfdump-csv',
  title: 'nfdump csv',
  reference: 'nfdump 1.7.5, src/output/output_csv.c and output_csv_fast.c; 1.6 of the same',
  sniff: (head) => HEADER.test(firstLine(head)) && namesColumns(head, SPEC),
  fields: {
    start: 'firstSeen, ts',
    end: 'lastSeen, te, or firstSeen + duration',
    source: 'srcAddr, sa',
    destination: 'dstAddr, da',
    sourcePort: 'srcPort, sp',
    destinationPort: 'dstPort, dp',
    protocol: 'proto, pr',
    packets: 'packets, inPackets, ipkt (multiplied)',
    bytes: 'bytes, inBytes, ibyt (multiplied)',
    reversePackets: 'outPackets, opkt',
    reverseBytes: 'outBytes, obyt',
    tcpFlags: 'flags, flg',
    exporter: 'routerIP, ra',
  },
  abilities: {
    time: 'flow',
    tcpFlags: 'partial',
    bothDirections: 'partial',
    packets: 'counted',
    records: 'many',
  },
  read: async (source, writer, options = {}) =>
    readRows(source, new NfdumpCsvReader(writer, options), options),
};
