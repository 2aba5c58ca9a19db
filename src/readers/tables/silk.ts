/**
 * SiLK flow records as rwcut prints them: cells padded with blanks, a bar behind each, times in UTC (rwcut(1);
 * docs/formats.md). One record a direction. Its legacy dates are MM/DD/YYYY, and addresses may be whole numbers.
 */

import type { FlowFormat } from '../flow-format.ts';
import { ENDPOINT_AND_TIME, firstLine, namesColumns, readTable, type TableSpec } from './headed-table.ts';
import * as Column from './roles.ts';

const SPEC: TableSpec = {
  names: new Map([
    [Column.START, ['sTime', 'sTime+msec']],
    [Column.END, ['eTime', 'eTime+msec']],
    [Column.DURATION, ['duration', 'dur', 'dur+msec']],
    [Column.SOURCE, ['sIP']],
    [Column.DESTINATION, ['dIP']],
    [Column.SOURCE_PORT, ['sPort']],
    [Column.DESTINATION_PORT, ['dPort']],
    [Column.PROTOCOL, ['pro', 'protocol']],
    [Column.PACKETS, ['packets', 'pkts']],
    [Column.BYTES, ['bytes']],
    [Column.TCP_FLAGS, ['flags']],
    [Column.EXPORTER, ['sen', 'sensor']],
  ]),
  needed: ENDPOINT_AND_TIME,
  delimiters: '|,\t',
  isQuoted: false,
  facts: {},
};

export const silk: FlowFormat = {
  id: 'silk',
  title: 'SiLK, printed by rwcut',
  reference: 'SiLK, rwcut(1), --fields',
  sniff: (head) => /(^|[|,\t])\s*sIP\s*[|,\t]/.test(firstLine(head)) && namesColumns(head, SPEC),
  fields: {
    start: 'sTime',
    end: 'eTime, or sTime + duration',
    source: 'sIP',
    destination: 'dIP',
    sourcePort: 'sPort',
    destinationPort: 'dPort',
    protocol: 'pro',
    packets: 'packets',
    bytes: 'bytes',
    tcpFlags: 'flags',
    exporter: 'sen',
  },
  abilities: { time: 'flow', tcpFlags: 'yes', bothDirections: 'no', packets: 'counted', records: 'many' },
  read: readTable(SPEC),
};
