/**
 * Signs of forged packets in a stream: a host that resets the connection and keeps sending, different bytes at the same
 * sequence numbers, and a side that never acknowledges what it answers. Packets that somebody else sends in a host's name
 * show these signs; real ones do not (RFC 9293 3.5.2, 3.10.7).
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
/** Bytes by which a segment is compared with a longer one before it. */
const COMPARED = 16;
/** A shorter one may be the probe of a keep-alive, whose byte means nothing (RFC 9293 3.8.4). */
const LEAST = 2;
/** Segments with one acknowledgement, from which on it has stalled: opening messages are sent without waiting. */
const STALLED = 3;

/** What one lane has said so far. */
interface LaneSigns {
  /** sequence, length, hash of the beginning, hash of all; of each segment that is remembered. */
  readonly kept: number[];
  count: number;
  resets: number;
  packets: number;
  segments: number;
  firstAck: number;
  /** Sequence numbers: of the first new segment, and behind the last one. */
  from: number;
  to: number;
  hasAdvanced: boolean;
  hasStalled: boolean;
  /** Up to this number somebody has sent other bytes; null if nobody has. */
  contestedTo: number | null;
}

function noSigns(): LaneSigns {
  return {
    kept: [],
    count: 0,
    resets: 0,
    packets: 0,
    segments: 0,
    firstAck: 0,
    from: 0,
    to: 0,
    hasAdvanced: false,
    hasStalled: false,
    contestedTo: null,
  };
}

export class Doubts {
  private readonly listener: Listener;
  private readonly lanes: readonly [LaneSigns, LaneSigns] = [noSigns(), noSigns()];

  constructor(listener: Listener) {
    this.listener = listener;
  }

  /** Takes each packet of the flow; `next` is the sequence number that its lane goes on with. */
  packet(lane: 0 | 1, packet: Heard, next: number, place: Place): void {
    const own = this.lanes[lane];
    own.packets++;
    // A reset with another number is none for its receiver.
    if ((packet.flags & RST) !== 0 && packet.sequence === next) own.resets++;
    if ((packet.flags & ACK) !== 0) this.acknowledges(lane, packet, next);
    this.judgeStall(0, place);
    this.judgeStall(1, place);
  }

  private judgeStall(side: 0 | 1, place: Place): void {
    const own = this.lanes[side];
    const other = this.lanes[side === 0 ? 1 : 0];
    const isUnheard = other.packets === 0 || other.segments > 0;
    const stalls = own.segments >= STALLED && !own.hasAdvanced && isUnheard;
    if (stalls === own.hasStalled) return;
    own.hasStalled = stalls;
    this.listener.doubt?.('stall', side, place, stalls ? 1 : -1);
  }

  /** An acknowledgement counts without payload, too: a request of many segments is answered after its last one. */
  private acknowledges(lane: 0 | 1, { acknowledgement, sequence, payloadBytes }: Heard, next: number): void {
    const own = this.lanes[lane];
    if (own.segments > 0 && acknowledgement !== own.firstAck) own.hasAdvanced = true;
    // The first one may be the answer to what was heard.
    const other = this.lanes[lane === 0 ? 1 : 0];
    const heard = (acknowledgement - other.from) | 0;
    if (heard > 0 && heard <= ((other.to - other.from) | 0)) own.hasAdvanced = true;
    const isNew = own.segments === 0 || ((sequence - next) | 0) >= 0;
    if (payloadBytes === 0 || !isNew) return;
    own.to = (sequence + payloadBytes) | 0;
    if (own.segments++ > 0) return;
    own.from = sequence;
    own.firstAck = acknowledgement;
  }

  /** Bytes that are delivered. */
  sent(lane: 0 | 1, sequence: number, bytes: Uint8Array, from: number, to: number, place: Place): void {
    const own = this.lanes[lane];
    if (own.resets > 0) {
      this.listener.doubt?.('reset', lane, place, own.resets);
      own.resets = 0;
    }
    if (to - from < LEAST) return;
    const count = own.count++;
    const slot = count < KEPT ? count : KEPT_FIRST + ((count - KEPT) % (KEPT - KEPT_FIRST));
    const { kept } = own;
    const at = slot * 4;
    kept[at] = sequence | 0;
    kept[at + 1] = to - from;
    kept[at + 2] = hash(bytes, from, beginning(from, to));
    kept[at + 3] = hash(bytes, from, to);
  }

  /**
   * Bytes whose numbers have been delivered before. True if others were, or may have been, as they were before; and these
   * were not told of yet.
   */
  repeated(
    lane: 0 | 1,
    sequence: number,
    bytes: Uint8Array,
    from: number,
    to: number,
    place: Place,
  ): boolean {
    const own = this.lanes[lane];
    const { kept, count, contestedTo } = own;
    const length = to - from;
    if (length < LEAST) return false;
    let isConflict = false;
    for (let at = 0; at < Math.min(count, KEPT) * 4; at += 4) {
      if (kept[at] !== (sequence | 0)) continue;
      const known = kept[at + 1];
      const isOther =
        known <= length
          ? kept[at + 3] !== hash(bytes, from, from + known)
          : length >= COMPARED && kept[at + 2] !== hash(bytes, from, beginning(from, to));
      if (!isOther) return false;
      isConflict = true;
    }
    if (isConflict) {
      this.listener.doubt?.('conflict', lane, place, 1);
      own.contestedTo = own.to;
    } else if (contestedTo === null || ((sequence - contestedTo) | 0) >= 0) return false;
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
