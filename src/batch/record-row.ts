/**
 * HOT. A flow record as a row of numbers in the kernel's memory (kernel/records/row.ts), 128 bytes (two cache lines): what
 * readers write and the main thread takes. Every field of the record has its place; nothing is allocated.
 */
import type { ByteLayer, FlowRecord } from '../flows/flow-record.ts';
import { DENIED, SCALED } from '../kernel/records/marks.ts';
import { ROW_BYTES } from '../kernel/records/memory.ts';

export const ROW_DOUBLES = ROW_BYTES / 8;
const ROW_WORDS = 2 * ROW_DOUBLES;

// Doubles: 0 start | 1 end | 2 packets | 3 bytes | 4 reverse packets | 5 reverse bytes | 6 sampling interval | 7 number
// Words:  16 source (4) | 20 destination (4) | 24 source port | 25 destination port | 26 protocol | 27 flags
//         28 reverse flags | 29 exporter | 30 marks (kernel/records/marks.ts)

/** Writes the record to the row. */
export function writeRow(numbers: Float64Array, words: Int32Array, row: number, record: FlowRecord): void {
  const d = row * ROW_DOUBLES;
  numbers[d] = record.startUs;
  numbers[d + 1] = record.endUs;
  numbers[d + 2] = record.packets;
  numbers[d + 3] = record.bytes;
  numbers[d + 4] = record.reversePackets;
  numbers[d + 5] = record.reverseBytes;
  numbers[d + 6] = record.samplingInterval;
  numbers[d + 7] = record.number;
  const w = row * ROW_WORDS + 16;
  words[w] = record.source0;
  words[w + 1] = record.source1;
  words[w + 2] = record.source2;
  words[w + 3] = record.source3;
  words[w + 4] = record.destination0;
  words[w + 5] = record.destination1;
  words[w + 6] = record.destination2;
  words[w + 7] = record.destination3;
  words[w + 8] = record.sourcePort;
  words[w + 9] = record.destinationPort;
  words[w + 10] = record.protocol;
  words[w + 11] = record.tcpFlags;
  words[w + 12] = record.reverseTcpFlags;
  words[w + 13] = record.exporter;
  words[w + 14] =
    record.byteLayer |
    (record.isScaled ? SCALED : 0) |
    (record.isDenied ? DENIED : 0) |
    (record.originator << 4);
}

/** Fills the record from the row. */
export function readRow(numbers: Float64Array, words: Int32Array, row: number, record: FlowRecord): void {
  const d = row * ROW_DOUBLES;
  record.startUs = numbers[d];
  record.endUs = numbers[d + 1];
  record.packets = numbers[d + 2];
  record.bytes = numbers[d + 3];
  record.reversePackets = numbers[d + 4];
  record.reverseBytes = numbers[d + 5];
  record.samplingInterval = numbers[d + 6];
  record.number = numbers[d + 7];
  const w = row * ROW_WORDS + 16;
  record.source0 = words[w];
  record.source1 = words[w + 1];
  record.source2 = words[w + 2];
  record.source3 = words[w + 3];
  record.destination0 = words[w + 4];
  record.destination1 = words[w + 5];
  record.destination2 = words[w + 6];
  record.destination3 = words[w + 7];
  record.sourcePort = words[w + 8];
  record.destinationPort = words[w + 9];
  record.protocol = words[w + 10];
  record.tcpFlags = words[w + 11];
  record.reverseTcpFlags = words[w + 12];
  record.exporter = words[w + 13];
  const marks = words[w + 14];
  record.byteLayer = LAYERS[marks & 3];
  record.isScaled = (marks & SCALED) !== 0;
  record.isDenied = (marks & DENIED) !== 0;
  record.originator = marks >> 4;
}

const LAYERS: readonly ByteLayer[] = [0, 1, 2, 0];
