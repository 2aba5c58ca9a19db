/**
 * What speaks against a stream, told while it goes by: a host that resets the connection and yet sends on in it, other
 * bytes at sequence numbers that were sent before, and a side that never acknowledges what it answers. Packets that
 * somebody else sends in a host's name show so; honest ones do not (RFC 9293 3.5.2, 3.10.7).
 */

/** When and where a packet was captured: a `Stamp`. */
interface Place {
  timeUs: number;
  record: number;
  input: number;
}

/** What is looked at of each packet. */
interface Heard {
  readonly flags: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly payloadBytes: number;
}

export type Doubt = 'reset' | 'conflict' | 'stall';

/** Who is told, how many times; -1 takes one back. */
interface Listener {
  doubt?(doubt: Doubt, lane: 0 | 1, place: Place, count: number): void;
}

const RST = 0x04;
const ACK = 0x10;
/** Segments that are remembered a lane: the first ones, and the latest. */
const KEPT = 32;
const KEPT_FIRST = 8;
/** Bytes by which two segments from one number on are compared if they differ in length. */
const COMPARED = 16;
/** A shorter one may be the probe of a keep-alive, whose byte means nothing (RFC 9293 3.8.4). */
const LEAST = 8;
/** Segments with one acknowledgement, from which on it has stalled: opening messages are sent without waiting. */
const STALLED = 3;

export class Doubts {
  private readonly listener: Listener;
  /** sequence, length, hash of the beginning, hash of all; per lane. */
  private readonly kept: readonly [number[], number[]] = [[], []];
  private readonly count: [number, number] = [0, 0];
  private readonly resets: [number, number] = [0, 0];
  private readonly packets: [number, number] = [0, 0];
  private readonly segments: [number, number] = [0, 0];
  private readonly firstAck: [number, number] = [0, 0];
  /** Sequence numbers: of the first new segment, and behind the last one. */
  private readonly from: [number, number] = [0, 0];
  private readonly to: [number, number] = [0, 0];
  private readonly hasAdvanced: [boolean, boolean] = [false, false];
  private readonly hasStalled: [boolean, boolean] = [false, false];

  constructor(listener: Listener) {
    this.listener = listener;
  }

  /** Takes each packet of the flow; `next` is the sequence number that its lane goes on with. */
  packet(lane: 0 | 1, packet: Heard, next: number, place: Place): void {
    this.packets[lane]++;
    // A reset with another number is none for its receiver.
    if ((packet.flags & RST) !== 0 && packet.sequence === next) this.resets[lane]++;
    if ((packet.flags & ACK) !== 0) this.acknowledges(lane, packet, next);
    this.judgeStall(0, place);
    this.judgeStall(1, place);
  }

  private judgeStall(side: 0 | 1, place: Place): void {
    const other = side === 0 ? 1 : 0;
    const isUnheard = this.packets[other] === 0 || this.segments[other] > 0;
    const stalls = this.segments[side] >= STALLED && !this.hasAdvanced[side] && isUnheard;
    if (stalls === this.hasStalled[side]) return;
    this.hasStalled[side] = stalls;
    this.listener.doubt?.('stall', side, place, stalls ? 1 : -1);
  }

  /** An acknowledgement counts without payload, too: a request of many segments is answered after its last one. */
  private acknowledges(lane: 0 | 1, { acknowledgement, sequence, payloadBytes }: Heard, next: number): void {
    if (this.segments[lane] > 0 && acknowledgement !== this.firstAck[lane]) this.hasAdvanced[lane] = true;
    // The first one may be the answer to what was heard.
    const other = lane === 0 ? 1 : 0;
    const heard = (acknowledgement - this.from[other]) | 0;
    if (heard > 0 && heard <= ((this.to[other] - this.from[other]) | 0)) this.hasAdvanced[lane] = true;
    const isNew = this.segments[lane] === 0 || ((sequence - next) | 0) >= 0;
    if (payloadBytes === 0 || !isNew) return;
    this.to[lane] = (sequence + payloadBytes) | 0;
    if (this.segments[lane]++ > 0) return;
    this.from[lane] = sequence;
    this.firstAck[lane] = acknowledgement;
  }

  /** Bytes that are delivered. */
  sent(lane: 0 | 1, sequence: number, bytes: Uint8Array, from: number, to: number, place: Place): void {
    if (this.resets[lane] > 0) {
      this.listener.doubt?.('reset', lane, place, this.resets[lane]);
      this.resets[lane] = 0;
    }
    if (to - from < LEAST) return;
    const count = this.count[lane]++;
    const slot = count < KEPT ? count : KEPT_FIRST + ((count - KEPT) % (KEPT - KEPT_FIRST));
    const kept = this.kept[lane];
    const at = slot * 4;
    kept[at] = sequence | 0;
    kept[at + 1] = to - from;
    kept[at + 2] = hash(bytes, from, beginning(from, to));
    kept[at + 3] = hash(bytes, from, to);
  }

  /** Bytes whose numbers have been delivered before. True if others were, and these were not told of yet. */
  repeated(
    lane: 0 | 1,
    sequence: number,
    bytes: Uint8Array,
    from: number,
    to: number,
    place: Place,
  ): boolean {
    const kept = this.kept[lane];
    if (to - from < LEAST) return false;
    let isConflict = false;
    const length = to - from;
    for (let at = 0; at < Math.min(this.count[lane], KEPT) * 4; at += 4) {
      if (kept[at] !== (sequence | 0)) continue;
      const isOther =
        kept[at + 1] === length
          ? kept[at + 3] !== hash(bytes, from, to)
          : Math.min(kept[at + 1], length) >= COMPARED &&
            kept[at + 2] !== hash(bytes, from, beginning(from, to));
      if (!isOther) return false;
      isConflict = true;
    }
    if (!isConflict) return false;
    this.listener.doubt?.('conflict', lane, place, 1);
    this.sent(lane, sequence, bytes, from, to, place);
    return true;
  }
}

function beginning(from: number, to: number): number {
  return Math.min(to, from + COMPARED);
}

/** FNV-1a, of four bytes at a time: each segment that is delivered goes through it. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = 0x811c9dc5 | 0;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    value = Math.imul(value ^ word, 0x01000193);
    value ^= value >>> 15;
  }
  for (; at < to; at++) value = Math.imul(value ^ bytes[at], 0x01000193);
  return value;
}
