/**
 * A flow record as a row of numbers, the same from every reader. A new field is a line here, and the place that fills it.
 */
import { struct } from './struct.ts';

/** Two cache lines. */
export const FLOW_ROW = struct('Row', [
  ['startUs', 'f64', Number.NaN, 'First packet, us since 1970; NaN if unknown.'],
  ['endUs', 'f64', Number.NaN, 'Last packet, us since 1970; NaN if unknown.'],
  ['packets', 'f64', 0, 'Source to destination, as observed (times the sampling interval if `isScaled`).'],
  ['bytes', 'f64', 0, 'Source to destination, counted as `byteLayer` says.'],
  ['reversePackets', 'f64', -1, 'Destination to source; -1 if the record has one direction only.'],
  ['reverseBytes', 'f64', -1, 'Destination to source; -1 if the record has one direction only.'],
  ['samplingInterval', 'f64', 0, 'One packet in so many was looked at; 1 if all, 0 if nobody knows.'],
  ['number', 'f64', 0, 'Number of the record in its input, from 1 on.'],
  ['source', 'address', 0, 'Address of the sender.'],
  ['destination', 'address', 0, 'Address of the receiver.'],
  ['sourcePort', 'i32', 0, 'Port of the sender.'],
  ['destinationPort', 'i32', 0, 'Port of the receiver.'],
  ['protocol', 'i32', 0, 'IP protocol; 0 if unknown.'],
  ['tcpFlags', 'i32', -1, 'TCP flags of the source, all together; -1 if unknown.'],
  ['reverseTcpFlags', 'i32', -1, 'TCP flags of the destination, all together; -1 if unknown.'],
  ['exporter', 'i32', 0, 'Who saw it: its ordinal in the input, 0 if there is one only.'],
  ['marks', 'i32', 0, 'The bits below (kernel/records/marks.ts).'],
  ['byteLayer', 'bits', 0, 'What bytes count: 0 IP packets, 1 frames, 2 payload.', [0, 2]],
  ['isScaled', 'bits', 0, '1 if counters are multiplied by the sampling interval already.', [2, 1]],
  ['isDenied', 'bits', 0, '1 if the source says that the traffic was blocked.', [3, 1]],
  ['originator', 'bits', 0, 'Who opened the connection: 1 the source, 2 the destination, 0 unknown.', [4, 2]],
  ['isThinned', 'bits', 0, '1 if packets are sampled at a rate that the log does not tell.', [6, 1]],
  ['hash', 'u32', 0, 'Of its two ends, while the kernel of conversations reads it.'],
]);

/** The row that a reader of cells fills: behind the flow record what its cells say besides. */
export const CELL_ROW = struct(
  'CellRow',
  [
    ['durationUs', 'f64', 0, 'Duration, in units of the column.'],
    ['payload', 'f64', 0, 'Bytes of payload, source to destination.'],
    ['reversePayload', 'f64', 0, 'Bytes of payload, destination to source.'],
    ['totalPackets', 'f64', 0, 'Packets of both directions together.'],
    ['totalBytes', 'f64', 0, 'Bytes of both directions together.'],
    ['dayUs', 'f64', 0, 'Date of the start, if the time of day stands in another column.'],
    ['clockUs', 'f64', 0, 'Time of day of the start.'],
    ['endDayUs', 'f64', 0, 'Date of the end.'],
    ['endClockUs', 'f64', 0, 'Time of day of the end.'],
    ['line', 'usize', 0, 'Where in memory its line begins.'],
    ['behind', 'usize', 0, 'Where the next one begins.'],
    ['got', 'u32', 0, 'Bits of the roles whose cells said something (kernel/records/roles.ts).'],
    ['bad', 'u32', 0, 'Bits of the roles whose cells held nonsense.'],
    ['status', 'u32', 0, 'First four bytes of the STATUS cell, the first one lowest.'],
    ['originatorFlags', 'i32', 0, 'TCP flags of the originator in the history of Zeek.'],
    ['responderFlags', 'i32', 0, 'TCP flags of the responder.'],
    ['isFlipped', 'i32', 0, '1 if Zeek swapped the two by its own guess.'],
    ['startMarks', 'i32', 0, 'What must be known of the text of the start (kernel/records/marks.ts).'],
    ['endMarks', 'i32', 0, 'What must be known of the text of the end.'],
    ['exporterHash', 'u32', 0, 'Hash of the text that names the exporter.'],
    ['exporterFrom', 'usize', 0, 'Where that text begins; 0 if there is none.'],
    ['exporterTo', 'usize', 0, 'Where it ends.'],
    ['nameFrom', 'usize', 0, 'Where a name of the receiver begins.'],
    ['nameTo', 'usize', 0, 'Where it ends; 0 if the row tells none.'],
    [
      'onlyNames',
      'i32',
      0,
      '1 if the line tells a name, and of a flow that another line counts; 2 if a name server has answered.',
    ],
  ],
  FLOW_ROW,
);

/** What a log may say of a flow, as formats name it in their own words, and what it means (readers/FORMATS.md). */
export const FLOW_FIELDS = {
  start: 'first packet',
  end: 'last packet',
  source: 'address of the sender',
  destination: 'address of the receiver',
  sourcePort: 'port of the sender',
  destinationPort: 'port of the receiver',
  protocol: 'IP protocol',
  packets: 'packets, source to destination',
  bytes: 'IP bytes, source to destination',
  reversePackets: 'packets, destination to source',
  reverseBytes: 'IP bytes, destination to source',
  tcpFlags: 'flags of the source, all together',
  reverseTcpFlags: 'flags of the destination',
  samplingInterval: 'one packet in so many',
  originator: 'who opened the connection',
  denied: 'blocked on its way',
  exporter: 'who saw it',
  name: 'name of an address',
} as const;

// Rows of a batch stand one behind the other, and begin with a number of eight bytes.
if (FLOW_ROW.bytes % 8 !== 0)
  throw new Error(
    `a flow row of ${FLOW_ROW.bytes} bytes, which 8 does not divide: put an f64 among the f64 fields, or add two i32`,
  );

export type FlowField = keyof typeof FLOW_FIELDS;
