/** Packets and bytes of a capture, all and by fate. */
import type { CaptureRecord } from '../readers/pcap/record.ts';
import { DECODED, SKIP_REASONS } from './skip-reason.ts';

const REASONS = SKIP_REASONS.length;
const FIRST_REASON = 7;
/** Numbers that the counts take where they go from one thread to another. */
export const COUNT_NUMBERS = FIRST_REASON + 2 * REASONS;

export class PacketCounts {
  packets = 0;
  bytes = 0;
  truncatedPackets = 0;
  truncatedBytes = 0;
  /** Bytes of decoded packets that were cut off. */
  cutBytes = 0;
  /** Packets by skip reason; index 0 counts the decoded ones. */
  readonly reasonPackets = new Float64Array(REASONS);
  readonly reasonBytes = new Float64Array(REASONS);
  /** Capture time of the packets counted, us; NaN before the first. */
  firstUs = Number.NaN;
  lastUs = Number.NaN;

  /** HOT. Counts a packet of the wire. */
  count(record: CaptureRecord, reason: number): void {
    this.packets++;
    this.bytes += record.wireBytes;
    this.reasonPackets[reason]++;
    this.reasonBytes[reason] += record.wireBytes;
    if (record.captured < record.wireBytes) {
      this.truncatedPackets++;
      this.truncatedBytes += record.wireBytes;
      if (reason === DECODED) this.cutBytes += record.wireBytes - record.captured;
    }
    // Written so that the first time replaces NaN.
    const timeUs = record.timeUs;
    if (!(timeUs >= this.firstUs)) this.firstUs = timeUs;
    if (!(timeUs <= this.lastUs)) this.lastUs = timeUs;
  }

  /** Writes the counts to `numbers` from `at` on and begins anew. */
  moveTo(numbers: Float64Array, at: number): void {
    numbers[at] = this.packets;
    numbers[at + 1] = this.bytes;
    numbers[at + 2] = this.truncatedPackets;
    numbers[at + 3] = this.truncatedBytes;
    numbers[at + 4] = this.firstUs;
    numbers[at + 5] = this.lastUs;
    numbers[at + 6] = this.cutBytes;
    numbers.set(this.reasonPackets, at + FIRST_REASON);
    numbers.set(this.reasonBytes, at + FIRST_REASON + REASONS);
    this.packets = 0;
    this.bytes = 0;
    this.truncatedPackets = 0;
    this.truncatedBytes = 0;
    this.cutBytes = 0;
    this.firstUs = Number.NaN;
    this.lastUs = Number.NaN;
    this.reasonPackets.fill(0);
    this.reasonBytes.fill(0);
  }

  /** Adds what `moveTo` wrote. */
  addFrom(numbers: Float64Array, at: number): void {
    this.packets += numbers[at];
    this.bytes += numbers[at + 1];
    this.truncatedPackets += numbers[at + 2];
    this.truncatedBytes += numbers[at + 3];
    this.cutBytes += numbers[at + 6];
    const firstUs = numbers[at + 4];
    const lastUs = numbers[at + 5];
    if (!(firstUs >= this.firstUs) && !Number.isNaN(firstUs)) this.firstUs = firstUs;
    if (!(lastUs <= this.lastUs) && !Number.isNaN(lastUs)) this.lastUs = lastUs;
    for (let reason = 0; reason < REASONS; reason++) {
      this.reasonPackets[reason] += numbers[at + FIRST_REASON + reason];
      this.reasonBytes[reason] += numbers[at + FIRST_REASON + REASONS + reason];
    }
  }
}
