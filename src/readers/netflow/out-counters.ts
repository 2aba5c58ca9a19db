/**
 * What OUT_BYTES (23) and OUT_PKTS (24) mean where they stand beside IN_BYTES and IN_PKTS: to Cisco what left the router
 * of the same packets, to nProbe the other direction. An exporter's own records tell. No more octets leave a router than
 * came in, tunnel headers aside, unless to a group: if they do, they are other packets. An exporter that reports the
 * other direction in a record of its own means the same packets.
 */
import type { RecordView } from '../../rows/records-kernel.ts';

/** No tunnel adds more to a packet. */
const MOST_ADDED_BYTES = 100;
/**
 * One record in so many cannot be of the same packets, at least, if OUT is the other direction: downloads are among all
 * traffic. Fewer are slips of counters.
 */
const RECORDS_A_SIGN = 10;
/** Records that decide it at once; of fewer, all that come are waited for. */
const ENOUGH_RECORDS = 64;
/** Ends of flows that are remembered; a power of two. */
const SLOTS = 4096;

export class OutCounters {
  /** True while it is not decided. */
  isOpen = true;
  isReverse = false;
  /** True if the exporter reports the other direction by itself. */
  isSame = false;
  /** Flows whose counters were left out although they differ, and nothing tells what they are. */
  unread = 0;
  private records = 0;
  private signs = 0;
  private ends: Int32Array | null = null;

  /** Looks at a record with both counters. */
  look(view: DataView, record: RecordView): void {
    const { destination4At, destination6At, outPackets } = record;
    if (isToGroup(view, destination4At, destination6At)) return;
    this.records++;
    if (record.outBytes > record.bytes + MOST_ADDED_BYTES * outPackets) this.signs++;
    this.ends ??= new Int32Array(SLOTS);
    const source = endHash(view, record.source4At, record.source6At, record.sourcePort);
    const destination = endHash(view, destination4At, destination6At, record.destinationPort);
    // The same place for both directions.
    const slot = (source + destination) & (SLOTS - 1);
    const reverse = Math.imul(destination, 0x9e3779b1) ^ source;
    const forward = Math.imul(source, 0x9e3779b1) ^ destination;
    if (this.ends[slot] === reverse && forward !== reverse) {
      this.isSame = true;
      this.decide(false);
    } else if (this.records >= ENOUGH_RECORDS && this.isReverseLikely()) this.decide(true);
    this.ends[slot] = forward;
  }

  /** Decides it by what came so far. */
  close(): void {
    if (this.isOpen) this.decide(this.isReverseLikely());
  }

  private isReverseLikely(): boolean {
    return this.signs > 0 && this.signs * RECORDS_A_SIGN >= this.records;
  }

  private decide(isReverse: boolean): void {
    this.isReverse = isReverse;
    this.isOpen = false;
  }
}

/** To many receivers: every copy is counted where it goes out. */
function isToGroup(view: DataView, at4: number, at6: number): boolean {
  if (at4 > 0) return view.getUint8(at4) >= 224;
  return at6 > 0 && view.getUint8(at6) === 255;
}

function endHash(view: DataView, at4: number, at6: number, port: number): number {
  let hash = port;
  if (at4 > 0) hash = Math.imul(hash ^ view.getInt32(at4), 0x85ebca77);
  else if (at6 > 0) {
    for (let at = at6; at < at6 + 16; at += 4) hash = Math.imul(hash ^ view.getInt32(at), 0x85ebca77) + 1;
  }
  return hash ^ (hash >>> 15);
}
