/**
 * HOT. A flow record as a row of numbers in the kernel's memory (kernel/records/row.ts), 128 bytes (two cache lines): what
 * readers write and the main thread takes. Every field of the record has its place; nothing is allocated.
 */
import type { ByteLayer, FlowRecord } from '../flows/flow-record.ts';
import { BY_SOURCE, BYTE_LAYER, DENIED, ORIGINATORS, SCALED } from '../kernel/records/marks.ts';
import { ROW_BYTES } from '../kernel/records/memory.ts';
import * as Place from '../kernel/records/row-places.ts';

export const ROW_DOUBLES = ROW_BYTES / 8;
const ROW_WORDS = 2 * ROW_DOUBLES;

/** Writes the record to the row. */
export function writeRow(numbers: Float64Array, words: Int32Array, row: number, record: FlowRecord): void {
  const d = row * ROW_DOUBLES;
  numbers[d + Place.START_US] = record.startUs;
  numbers[d + Place.END_US] = record.endUs;
  numbers[d + Place.PACKETS] = record.packets;
  numbers[d + Place.BYTES] = record.bytes;
  numbers[d + Place.REVERSE_PACKETS] = record.reversePackets;
  numbers[d + Place.REVERSE_BYTES] = record.reverseBytes;
  numbers[d + Place.SAMPLING_INTERVAL] = record.samplingInterval;
  numbers[d + Place.NUMBER] = record.number;
  const w = row * ROW_WORDS;
  words[w + Place.SOURCE] = record.source0;
  words[w + Place.SOURCE + 1] = record.source1;
  words[w + Place.SOURCE + 2] = record.source2;
  words[w + Place.SOURCE + 3] = record.source3;
  words[w + Place.DESTINATION] = record.destination0;
  words[w + Place.DESTINATION + 1] = record.destination1;
  words[w + Place.DESTINATION + 2] = record.destination2;
  words[w + Place.DESTINATION + 3] = record.destination3;
  words[w + Place.SOURCE_PORT] = record.sourcePort;
  words[w + Place.DESTINATION_PORT] = record.destinationPort;
  words[w + Place.PROTOCOL] = record.protocol;
  words[w + Place.TCP_FLAGS] = record.tcpFlags;
  words[w + Place.REVERSE_TCP_FLAGS] = record.reverseTcpFlags;
  words[w + Place.EXPORTER] = record.exporter;
  words[w + Place.MARKS] =
    record.byteLayer |
    (record.isScaled ? SCALED : 0) |
    (record.isDenied ? DENIED : 0) |
    (record.originator * BY_SOURCE);
}

/** Fills the record from the row. */
export function readRow(numbers: Float64Array, words: Int32Array, row: number, record: FlowRecord): void {
  const d = row * ROW_DOUBLES;
  record.startUs = numbers[d + Place.START_US];
  record.endUs = numbers[d + Place.END_US];
  record.packets = numbers[d + Place.PACKETS];
  record.bytes = numbers[d + Place.BYTES];
  record.reversePackets = numbers[d + Place.REVERSE_PACKETS];
  record.reverseBytes = numbers[d + Place.REVERSE_BYTES];
  record.samplingInterval = numbers[d + Place.SAMPLING_INTERVAL];
  record.number = numbers[d + Place.NUMBER];
  const w = row * ROW_WORDS;
  record.source0 = words[w + Place.SOURCE];
  record.source1 = words[w + Place.SOURCE + 1];
  record.source2 = words[w + Place.SOURCE + 2];
  record.source3 = words[w + Place.SOURCE + 3];
  record.destination0 = words[w + Place.DESTINATION];
  record.destination1 = words[w + Place.DESTINATION + 1];
  record.destination2 = words[w + Place.DESTINATION + 2];
  record.destination3 = words[w + Place.DESTINATION + 3];
  record.sourcePort = words[w + Place.SOURCE_PORT];
  record.destinationPort = words[w + Place.DESTINATION_PORT];
  record.protocol = words[w + Place.PROTOCOL];
  record.tcpFlags = words[w + Place.TCP_FLAGS];
  record.reverseTcpFlags = words[w + Place.REVERSE_TCP_FLAGS];
  record.exporter = words[w + Place.EXPORTER];
  const marks = words[w + Place.MARKS];
  record.byteLayer = LAYERS[marks & BYTE_LAYER];
  record.isScaled = (marks & SCALED) !== 0;
  record.isDenied = (marks & DENIED) !== 0;
  record.originator = (marks & ORIGINATORS) / BY_SOURCE;
}

const LAYERS: readonly ByteLayer[] = [0, 1, 2, 0];
