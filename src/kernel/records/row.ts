/** A flow record as a row of numbers: what every reader fills, and what the main thread takes (batch/record-row.ts). */

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
  unused: i32;
}
