/**
 * TCP payload of one candidate flow, put in order: segments in, contiguous bytes of each lane out (RFC 9293 3.4,
 * 3.10). Bytes that came before win over later copies. A segment that runs ahead of its lane waits, and so does
 * one that acknowledges bytes of the other lane which have not been delivered yet: so a request always comes out
 * before its answer, however the capture ordered the packets. Waiting ends when too much or too old a segment
 * waits: then the missing bytes are reported as a gap. A later copy that says something else is told of, too: nobody
 * knows which of them the other end took. Only candidates have a stream, so objects are allowed here.
 */

import { limits } from '../limits.ts';
import { type Doubt, Doubts } from './doubts.ts';
import { RoundTrip } from './round-trip.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** Receives the ordered bytes of a flow. `bytes` is valid during the call only. */
export interface StreamListener {
  payload(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void;
  /** `missing` bytes of the lane were not captured; `isCut`: of a packet of which the rest was. */
  gap(lane: 0 | 1, missing: number, stamp: Stamp, isCut: boolean): void;
  /** Other bytes than before came for a place in the lane that was delivered: `bytes[from, to)` instead. */
  conflict?(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void;
  /** Bytes of the lane were acknowledged more quickly than any before: the round trip to who got them, us. */
  roundTrip?(lane: 0 | 1, tripUs: number): void;
  /** Something speaks against the packets of the lane, so many times; -1 takes one back. */
  doubt?(doubt: Doubt, lane: 0 | 1, stamp: Stamp, count: number): void;
}

/** When and where a packet was captured. */
export interface Stamp {
  /** us since 1970. */
  timeUs: number;
  /** 1-based number within its input. */
  record: number;
  /** Ordinal of the input. */
  input: number;
}

interface WaitingSegment extends Stamp {
  readonly lane: 0 | 1;
  readonly sequence: number;
  /** Payload length on the wire; `bytes` may hold less (snap length). */
  readonly length: number;
  readonly acknowledgement: number;
  readonly hasAck: boolean;
  readonly bytes: Uint8Array;
}

const WAITING_SEGMENTS = 256;
const WAITING_US = 3_000_000;
/** Farther than this from the expected number is not a reordering but another connection or junk. */
const WINDOW = 1 << 24;
/** So many segments in a row that are that far away move the lane there. */
const FAR_SEGMENTS = 3;
/** So near to each other: anybody can send numbers that are far away, and each other ones. */
const FAR_REACH = 1 << 16;
/** An end of the connection that is farther than this from the expected number is somebody else's (RFC 5961 3). */
const END_REACH = 1 << 20;
/** Forced releases on account of a silent lane, after which its acknowledgements hold nothing back any more. */
const PATIENCE = 4;

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;

/** Counts of what reassembly met, shared by all streams of a run. */
export class StreamCounters {
  retransmittedBytes = 0;
  gaps = 0;
  gapBytes = 0;
  farSegments = 0;
}

/** A packet as the stream needs it. */
export interface StreamPacket {
  readonly flags: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly payloadStart: number;
  readonly payloadEnd: number;
  readonly payloadBytes: number;
  readonly bytes: Uint8Array;
}

/** How far a lane has come. */
interface LaneOrder {
  /** Sequence number to deliver next. */
  next: number;
  known: boolean;
  finAt: number | null;
  /** Times that it was skipped forward because it stayed silent. */
  skipped: number;
  far: number;
  /** Where the last segment that was far away ended. */
  farEnd: number;
  readonly trip: RoundTrip;
}

function newLane(): LaneOrder {
  return { next: 0, known: false, finAt: null, skipped: 0, far: 0, farEnd: 0, trip: new RoundTrip() };
}

export class TcpStream {
  private readonly listener: StreamListener;
  private readonly counters: StreamCounters;
  private readonly lanes: readonly [LaneOrder, LaneOrder] = [newLane(), newLane()];
  /** Null if nobody asks. */
  private readonly doubts: Doubts | null;
  private readonly room: WaitingRoom;
  private waiting: WaitingSegment[] = [];
  private waitingBytes = 0;

  constructor(listener: StreamListener, counters: StreamCounters, room: WaitingRoom) {
    this.listener = listener;
    this.counters = counters;
    this.room = room;
    this.doubts = listener.doubt === undefined ? null : new Doubts(listener);
  }

  /** Tells where a lane begins, from a SYN seen before the stream was made. */
  begin(lane: 0 | 1, firstSequence: number): void {
    const own = this.lanes[lane];
    own.next = firstSequence | 0;
    own.known = true;
  }

  /** True if segments wait for bytes that have not come. */
  get isWaiting(): boolean {
    return this.waiting.length > 0;
  }

  /** Sequence number of the lane's next byte; null before it has said anything. */
  nextOf(lane: 0 | 1): number | null {
    const { known, next } = this.lanes[lane];
    return known ? next : null;
  }

  /** Takes a packet of the flow, with or without payload. True if it ends its lane: FIN or RST, and the number fits. */
  accept(lane: 0 | 1, packet: StreamPacket, stamp: Stamp): boolean {
    let sequence = packet.sequence;
    this.doubts?.packet(lane, packet, this.lanes[lane].next, stamp);
    if ((packet.flags & SYN) !== 0) {
      sequence = (sequence + 1) | 0;
      if (!this.lanes[lane].known) this.begin(lane, sequence);
    }
    if ((packet.flags & ACK) !== 0)
      this.acknowledge(lane === 0 ? 1 : 0, packet.acknowledgement, stamp.timeUs);
    const length = packet.payloadBytes;
    const isEnd = (packet.flags & (FIN | RST)) !== 0 && this.isNear(lane, (sequence + length) | 0);
    if (isEnd && (packet.flags & FIN) !== 0) this.lanes[lane].finAt = (sequence + length) | 0;
    if (length > 0) {
      if (!this.lanes[lane].known) this.begin(lane, sequence);
      this.take(lane, sequence, length, packet, stamp);
    }
    this.passFin(lane);
    if (this.waiting.length > 0) this.release(stamp.timeUs);
    return isEnd;
  }

  /** True if the number may be that of the lane's end. */
  private isNear(lane: 0 | 1, sequence: number): boolean {
    const { known, next } = this.lanes[lane];
    return !known || Math.abs((sequence - next) | 0) < END_REACH;
  }

  private acknowledge(lane: 0 | 1, acknowledgement: number, timeUs: number): void {
    const { trip } = this.lanes[lane];
    if (!trip.acknowledged(acknowledgement, timeUs)) return;
    this.listener.roundTrip?.(lane, trip.leastUs);
  }

  /** Delivers whatever still waits, gaps and all: the flow is over. */
  end(): void {
    while (this.waiting.length > 0) this.force();
  }

  /** Drops whatever still waits: nobody listens any more. */
  forget(): void {
    while (this.waiting.length > 0) this.drop(this.waiting.length - 1);
  }

  private take(lane: 0 | 1, sequence: number, length: number, packet: StreamPacket, stamp: Stamp): void {
    const own = this.lanes[lane];
    let ahead = (sequence - own.next) | 0;
    if (ahead > WINDOW || ahead < -WINDOW) {
      this.counters.farSegments++;
      const isOnward = Math.abs((sequence - own.farEnd) | 0) < FAR_REACH;
      own.far = isOnward ? own.far + 1 : 1;
      own.farEnd = (sequence + length) | 0;
      if (own.far < FAR_SEGMENTS) return;
      this.tellGap(lane, Math.abs(ahead), stamp);
      this.begin(lane, sequence);
      ahead = 0;
    }
    own.far = 0;
    if (ahead + length <= 0) {
      this.counters.retransmittedBytes += length;
      this.repeats(lane, sequence, packet.bytes, packet.payloadStart, packet.payloadEnd, stamp);
      return;
    }
    own.trip.sent((sequence + length) | 0, stamp.timeUs);
    const hasAck = (packet.flags & ACK) !== 0;
    if (ahead <= 0 && !(hasAck && this.isHeld(lane, packet.acknowledgement))) {
      const end = packet.payloadEnd;
      this.deliver(lane, packet.bytes, packet.payloadStart, end, sequence, length, stamp);
      return;
    }
    const bytes = new Uint8Array(packet.bytes.subarray(packet.payloadStart, packet.payloadEnd));
    this.waiting.push({
      lane,
      sequence,
      length,
      acknowledgement: packet.acknowledgement,
      hasAck,
      bytes,
      timeUs: stamp.timeUs,
      record: stamp.record,
      input: stamp.input,
    });
    this.waitingBytes += bytes.length;
    this.room.enter(this, bytes.length);
  }

  /** True if the acknowledgement covers bytes of the other lane that have not been delivered. */
  private isHeld(lane: 0 | 1, acknowledgement: number): boolean {
    const { known, skipped, next } = this.lanes[lane === 0 ? 1 : 0];
    if (!known || skipped >= PATIENCE) return false;
    const ahead = (acknowledgement - next) | 0;
    return ahead > 0 && ahead < WINDOW;
  }

  private deliver(
    lane: 0 | 1,
    bytes: Uint8Array,
    from: number,
    to: number,
    sequence: number,
    length: number,
    stamp: Stamp,
  ): void {
    const own = this.lanes[lane];
    const old = (own.next - sequence) | 0; // bytes of it that were delivered before
    this.counters.retransmittedBytes += old;
    const isOther = old > 0 && this.repeats(lane, sequence, bytes, from, to, stamp);
    const start = from + old;
    // Of a segment that begins in what was delivered the rest may be forged as well.
    if (old === 0 || (!isOther && start < to)) this.doubts?.sent(lane, own.next, bytes, start, to, stamp);
    if (start < to) {
      own.skipped = 0;
      // What goes on from other bytes than before goes on from its own.
      if (!isOther) this.listener.payload(lane, bytes, start, to, stamp);
    }
    const captured = Math.max(to - from, old);
    if (captured < length) this.tellGap(lane, length - captured, stamp, true);
    own.next = (sequence + length) | 0;
    this.passFin(lane);
  }

  /** Bytes whose place was delivered before. True if they are others: they are told, too. */
  private repeats(
    lane: 0 | 1,
    sequence: number,
    bytes: Uint8Array,
    from: number,
    to: number,
    stamp: Stamp,
  ): boolean {
    if (this.doubts?.repeated(lane, sequence, bytes, from, to, stamp) !== true) return false;
    this.listener.conflict?.(lane, bytes, from, to, stamp);
    return true;
  }

  /** A FIN takes one sequence number (RFC 9293 3.4). */
  private passFin(lane: 0 | 1): void {
    const own = this.lanes[lane];
    if (own.finAt === own.next && own.known) {
      own.next = (own.next + 1) | 0;
      own.finAt = null;
    }
  }

  /** Delivers what no longer has to wait; forces the oldest out where the limits are reached. */
  private release(nowUs: number): void {
    for (;;) {
      while (this.releaseOne());
      if (this.waiting.length === 0) return;
      const oldest = this.waiting[0];
      if (
        this.waiting.length <= WAITING_SEGMENTS &&
        this.waitingBytes <= limits.reorder &&
        nowUs - oldest.timeUs <= WAITING_US
      )
        return;
      this.force();
    }
  }

  private releaseOne(): boolean {
    for (let i = 0; i < this.waiting.length; i++) {
      const segment = this.waiting[i];
      const ahead = (segment.sequence - this.lanes[segment.lane].next) | 0;
      if (ahead > 0) continue;
      if (ahead + segment.length > 0 && segment.hasAck && this.isHeld(segment.lane, segment.acknowledgement))
        continue;
      this.drop(i);
      if (ahead + segment.length <= 0) {
        const { lane, sequence, bytes } = segment;
        this.counters.retransmittedBytes += segment.length;
        this.repeats(lane, sequence, bytes, 0, bytes.length, segment);
      } else {
        this.deliver(
          segment.lane,
          segment.bytes,
          0,
          segment.bytes.length,
          segment.sequence,
          segment.length,
          segment,
        );
      }
      return true;
    }
    return false;
  }

  /** Gives up on the bytes that the oldest waiting segment waits for; at least one segment leaves. */
  private force(): void {
    const oldest = this.waiting[0];
    const ahead = (oldest.sequence - this.lanes[oldest.lane].next) | 0;
    if (ahead > 0) {
      this.skipTo(oldest.lane, this.nearestWaiting(oldest.lane, oldest.sequence), oldest);
    } else {
      const other = oldest.lane === 0 ? 1 : 0;
      this.lanes[other].skipped++;
      this.skipTo(other, this.nearestWaiting(other, oldest.acknowledgement), oldest);
    }
    if (this.releaseOne()) return;
    // Two segments that wait for each other: no honest capture has them. The older one goes first.
    this.drop(0);
    this.skipTo(oldest.lane, oldest.sequence, oldest);
    const { lane, bytes, sequence, length } = oldest;
    this.deliver(lane, bytes, 0, bytes.length, sequence, length, oldest);
  }

  /** The lowest sequence number that waits on the lane, at most `limit`. */
  private nearestWaiting(lane: 0 | 1, limit: number): number {
    let nearest = limit;
    for (const segment of this.waiting) {
      if (segment.lane === lane && ((segment.sequence - nearest) | 0) < 0) nearest = segment.sequence;
    }
    return nearest;
  }

  private skipTo(lane: 0 | 1, sequence: number, stamp: Stamp): void {
    const own = this.lanes[lane];
    const missing = (sequence - own.next) | 0;
    if (missing <= 0) return;
    this.tellGap(lane, missing, stamp);
    own.next = sequence | 0;
    this.passFin(lane);
  }

  private tellGap(lane: 0 | 1, missing: number, stamp: Stamp, isCut = false): void {
    this.counters.gaps++;
    this.counters.gapBytes += missing;
    this.listener.gap(lane, missing, stamp, isCut);
  }

  private drop(i: number): void {
    const [{ bytes }] = this.waiting.splice(i, 1);
    this.waitingBytes -= bytes.length;
    this.room.leave(this, bytes.length, this.waiting.length === 0);
  }
}
