/** A conversation of flow records: its two ends, and what records said of both directions. */

@unmanaged
export class Address {
  word0: u32;
  word1: u32;
  word2: u32;
  word3: u32;
}

@unmanaged
export class Conversation {
  /** The end that sorts lower, and the other. */
  low0: u32;
  low1: u32;
  low2: u32;
  low3: u32;
  high0: u32;
  high1: u32;
  high2: u32;
  high3: u32;
  /** Low << 16 | high. */
  ports: u32;
  /** Least mean of the packets of a record, IP bytes; 0 before the first. */
  smallestMean: f32;
  /** conversation-marks.ts. */
  marks: u32;
  /** First of the views of further observers, plus one; 0: none. */
  views: u32;
  /** Who reported what stands in the lanes. */
  observer: u32;
  records: u32;
  /** Stretches of activity with long silence between them. */
  activePeriods: u32;
  /** First minute of the activity bits, since 1970. */
  minute: i32;
  /** Activity in 64 buckets of 2^shift minutes, the first in bit 0 of the first word. */
  busyLow: u32;
  busyHigh: u32;
  shift: u8;
  /** TCP flags by lane, of all records together. */
  flags0: u8;
  flags1: u8;
  unused: u8;
  /** Of its first record: the input's ordinal, and its number there. */
  input: i32;
  record: f64;
  firstUs: f64;
  lastUs: f64;
  /** us covered by records, short silences between them included. */
  activeUs: f64;
  /** Packets that were looked at, of both lanes and all observers. */
  observed: f64;
  /** Largest sampling interval of a record. */
  sampling: f64;
  // Two lanes follow.
}

/** What one end sent. */
@unmanaged
export class Lane {
  packets: f64;
  bytes: f64;
  /** Start of the first record. */
  startUs: f64;
  // Of records that last: how evenly packets are spread (pulse.ts).
  pulseSquares: f32; // sum of packets² / seconds
  pulsePackets: f32;
  pulseSeconds: f32;
  pulseRecords: f32;
}

export function laneOf(conversation: Conversation, lane: u32): Lane {
  return changetype<Lane>(
    changetype<usize>(conversation) + offsetof<Conversation>() + <usize>lane * offsetof<Lane>(),
  );
}
