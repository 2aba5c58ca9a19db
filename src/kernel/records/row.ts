/** A flow record as a row of numbers: what every reader fills, and what the main thread takes (batch/record-row.ts). */
import * as place from './row-places.ts';

/** The third word of an IPv4 address as ::ffff:a.b.c.d. */
export const MAPPED: i32 = 0xffff;

@unmanaged
export class Row {
  /** us since 1970, NaN if unknown. */
  startUs: f64;
  endUs: f64;
  packets: f64;
  bytes: f64;
  /** -1 if the record has one direction only. */
  reversePackets: f64;
  reverseBytes: f64;
  /** One packet in so many was looked at, 0 if nobody knows. */
  samplingInterval: f64;
  /** Number of the record in its input, from 1 on. */
  number: f64;
  /** Addresses, IPv4 as ::ffff:a.b.c.d. */
  source0: i32;
  source1: i32;
  source2: i32;
  source3: i32;
  destination0: i32;
  destination1: i32;
  destination2: i32;
  destination3: i32;
  sourcePort: i32;
  destinationPort: i32;
  protocol: i32;
  /** -1 if absent. */
  tcpFlags: i32;
  reverseTcpFlags: i32;
  exporter: i32;
  /** marks.ts. */
  marks: i32;
  /** Of its two ends, while the kernel of conversations has it in hand. */
  hash: u32;
}

// The compiler ends here if a place is another.
if (
  offsetof<Row>('startUs') !== place.START_US << 3 ||
  offsetof<Row>('endUs') !== place.END_US << 3 ||
  offsetof<Row>('packets') !== place.PACKETS << 3 ||
  offsetof<Row>('bytes') !== place.BYTES << 3 ||
  offsetof<Row>('reversePackets') !== place.REVERSE_PACKETS << 3 ||
  offsetof<Row>('reverseBytes') !== place.REVERSE_BYTES << 3 ||
  offsetof<Row>('samplingInterval') !== place.SAMPLING_INTERVAL << 3 ||
  offsetof<Row>('number') !== place.NUMBER << 3 ||
  offsetof<Row>('source0') !== place.SOURCE << 2 ||
  offsetof<Row>('destination0') !== place.DESTINATION << 2 ||
  offsetof<Row>('sourcePort') !== place.SOURCE_PORT << 2 ||
  offsetof<Row>('destinationPort') !== place.DESTINATION_PORT << 2 ||
  offsetof<Row>('protocol') !== place.PROTOCOL << 2 ||
  offsetof<Row>('tcpFlags') !== place.TCP_FLAGS << 2 ||
  offsetof<Row>('reverseTcpFlags') !== place.REVERSE_TCP_FLAGS << 2 ||
  offsetof<Row>('exporter') !== place.EXPORTER << 2 ||
  offsetof<Row>('marks') !== place.MARKS << 2
)
  ERROR('row-places.ts');
