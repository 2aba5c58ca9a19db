/**
 * Lasting flows that cannot be read: the sizes and times of what their two sides say, kept in a ring of numbers per
 * flow. A flow is watched once it has lived a while at a low rate; one that turns out to carry bulk is let go. Once
 * its segments come out of order, a stream puts them in order, as those of a candidate. Of TLS each application-data
 * record (RFC 8446 5.1) is a message, of anything else what one side sends at one time.
 *
 * HOT: `note` runs once a segment of a watched flow. Nothing is allocated in it while the segments are in order.
 */
import { grown } from './columns.ts';
import { FIRST_SLOTS, MessageRings, type Messages } from './message-ring.ts';
import { type Stamp, StreamCounters, type StreamListener, type StreamPacket, TcpStream } from './stream.ts';

/** Flows that can be watched at once. */
export const MAX_WATCHED = 8192;
const HEADER_BYTES = 5;
const ACK = 0x10;
/** Bytes of a segment that are looked at to tell ciphertext from text. */
const SAMPLE_BYTES = 16;

const APPLICATION_DATA = 0x17;
const FIRST_RECORD_TYPE = 0x14;
const LAST_RECORD_TYPE = 0x18;

/** What is known of a watched flow. Sizes are those of TLS records without their headers, or of what was sent. */
export interface WatchedFlow extends Messages {
  /** Where the watch began: 1-based record within the input, and the input's ordinal. */
  readonly record: number;
  readonly input: number;
  /** Parts of the segments: TLS records, and bytes that look random. The rest is text or zeros. */
  readonly tlsShare: number;
  readonly randomShare: number;
}

export class Watch {
  readonly #rings = new MessageRings();
  #record = new Float64Array(FIRST_SLOTS);
  #input = new Uint32Array(FIRST_SLOTS);
  #segments = new Float64Array(FIRST_SLOTS);
  #tlsSegments = new Float64Array(FIRST_SLOTS);
  #randomSegments = new Float64Array(FIRST_SLOTS);
  /** Two entries a slot, one a lane: next sequence number, and whether it is known. */
  #next = new Int32Array(FIRST_SLOTS * 2);
  #known = new Uint8Array(FIRST_SLOTS * 2);
  /** The same: bytes left of a record; of its header those seen, and what they say. */
  #left = new Int32Array(FIRST_SLOTS * 2);
  #headerBytes = new Uint8Array(FIRST_SLOTS * 2);
  #type = new Uint8Array(FIRST_SLOTS * 2);
  #length = new Int32Array(FIRST_SLOTS * 2);
  /** 1 where the last message was bytes without records, which may go on. */
  #isOpen = new Uint8Array(FIRST_SLOTS);
  readonly #streams: (TcpStream | null)[] = [];
  readonly #counters = new StreamCounters();
  #free = new Int32Array(FIRST_SLOTS);
  #freeCount = 0;
  #slots = 0;
  #capacity = FIRST_SLOTS;

  /** A slot for another flow, watched from this record on; -1 where as many are watched as can be. */
  open(record: number, input: number): number {
    let slot: number;
    if (this.#freeCount > 0) slot = this.#free[--this.#freeCount];
    else {
      if (this.#slots === MAX_WATCHED) return -1;
      if (this.#slots === this.#capacity) this.#grow();
      slot = this.#slots++;
    }
    this.#record[slot] = record;
    this.#input[slot] = input;
    this.#rings.clear(slot);
    this.#segments[slot] = 0;
    this.#tlsSegments[slot] = 0;
    this.#randomSegments[slot] = 0;
    this.#isOpen[slot] = 0;
    this.#startOver(slot * 2);
    this.#startOver(slot * 2 + 1);
    this.#known[slot * 2] = 0;
    this.#known[slot * 2 + 1] = 0;
    this.#streams[slot] = null;
    return slot;
  }

  /** True while less than half of the slots are taken. */
  get isRoomy(): boolean {
    return this.#slots - this.#freeCount < MAX_WATCHED / 2;
  }

  /** The flow of the slot is no longer watched. */
  close(slot: number): void {
    this.#streams[slot] = null;
    this.#free[this.#freeCount++] = slot;
  }

  /** Takes a segment with payload; false where the flow carries too much, or too many sizes, to be watched on. */
  note(slot: number, lane: 0 | 1, packet: StreamPacket, stamp: Stamp): boolean {
    const stream = this.#streams[slot];
    if (stream !== null) stream.accept(lane, packet, stamp);
    else {
      const side = slot * 2 + lane;
      const length = packet.payloadBytes;
      const ahead = this.#known[side] === 0 ? 0 : (packet.sequence - this.#next[side]) | 0;
      if (ahead + length <= 0) return true; // seen before
      if (
        ahead === 0 &&
        packet.payloadEnd - packet.payloadStart === length &&
        !this.#isEarly(slot, lane, packet)
      ) {
        this.#known[side] = 1;
        this.#next[side] = (packet.sequence + length) | 0;
        this.#take(slot, lane, packet.bytes, packet.payloadStart, packet.payloadEnd, stamp.timeUs);
      } else this.#order(slot).accept(lane, packet, stamp);
    }
    return !this.#rings.isDull(slot);
  }

  /** True where the segment acknowledges bytes of the other lane that have not come yet. */
  #isEarly(slot: number, lane: 0 | 1, packet: StreamPacket): boolean {
    const other = slot * 2 + 1 - lane;
    const hasAck = (packet.flags & ACK) !== 0 && this.#known[other] === 1;
    return hasAck && ((packet.acknowledgement - this.#next[other]) | 0) > 0;
  }

  /** From here on a stream puts the segments in order. */
  #order(slot: number): TcpStream {
    const stream = new TcpStream(this.#listener(slot), this.#counters);
    for (const lane of [0, 1] as const) {
      if (this.#known[slot * 2 + lane] === 1) stream.begin(lane, this.#next[slot * 2 + lane]);
    }
    this.#streams[slot] = stream;
    return stream;
  }

  /** What the slot knows. Allocates: for flows that are over. */
  read(slot: number): WatchedFlow {
    this.#streams[slot]?.end();
    const segments = Math.max(1, this.#segments[slot]);
    return {
      ...this.#rings.read(slot),
      record: this.#record[slot],
      input: this.#input[slot],
      tlsShare: this.#tlsSegments[slot] / segments,
      randomShare: this.#randomSegments[slot] / segments,
    };
  }

  #listener(slot: number): StreamListener {
    return {
      payload: (lane, bytes, from, to, stamp) => this.#take(slot, lane, bytes, from, to, stamp.timeUs),
      gap: (lane, missing) => this.#miss(slot * 2 + lane, missing),
    };
  }

  /** Bytes of a record may be missing: its header has told how many there are. */
  #miss(side: number, missing: number): void {
    if (this.#headerBytes[side] === 0 && this.#left[side] >= missing) this.#left[side] -= missing;
    else this.#startOver(side);
  }

  #startOver(side: number): void {
    this.#left[side] = 0;
    this.#headerBytes[side] = 0;
  }

  /** The next bytes of a lane: type 1, version 2 (3, 0 to 4), length 2, then the record, and so on. */
  #take(slot: number, lane: 0 | 1, bytes: Uint8Array, from: number, to: number, timeUs: number): void {
    const side = slot * 2 + lane;
    this.#segments[slot]++;
    let at = from;
    while (at < to) {
      const left = this.#left[side];
      if (left > 0) {
        const passed = Math.min(left, to - at);
        this.#left[side] = left - passed;
        at += passed;
      } else if (this.#takesHeader(side, bytes[at])) {
        at++;
        if (this.#headerBytes[side] === HEADER_BYTES) {
          this.#headerBytes[side] = 0;
          this.#left[side] = this.#length[side];
          if (this.#type[side] === APPLICATION_DATA) {
            this.#rings.add(slot, lane, this.#length[side], timeUs);
            this.#isOpen[slot] = 0;
          }
        }
      } else {
        this.#takeBare(slot, lane, bytes, at, to, timeUs);
        return;
      }
    }
    this.#tlsSegments[slot]++;
  }

  /** Takes a byte of a record's header; false where it can be none. */
  #takesHeader(side: number, byte: number): boolean {
    const count = this.#headerBytes[side];
    if (count === 0) {
      if (byte < FIRST_RECORD_TYPE || byte > LAST_RECORD_TYPE) return false;
      this.#type[side] = byte;
    } else if (count === 1) {
      if (byte !== 3) return false;
    } else if (count === 2) {
      if (byte > 4) return false;
    } else this.#length[side] = count === 3 ? byte << 8 : this.#length[side] | byte;
    this.#headerBytes[side] = count + 1;
    return true;
  }

  /** Bytes that begin with no record, those that looked like the beginning of a header before them. */
  #takeBare(slot: number, lane: 0 | 1, bytes: Uint8Array, from: number, to: number, timeUs: number): void {
    const side = slot * 2 + lane;
    const length = to - from + this.#headerBytes[side];
    this.#headerBytes[side] = 0;
    if (looksRandom(bytes, from, to)) this.#randomSegments[slot]++;
    if (this.#isOpen[slot] === 1 && this.#rings.extend(slot, lane, length, timeUs)) return;
    this.#rings.add(slot, lane, length, timeUs);
    this.#isOpen[slot] = 1;
  }

  #grow(): void {
    const slots = this.#capacity * 2;
    this.#rings.grow(slots);
    this.#record = grown(this.#record, new Float64Array(slots));
    this.#input = grown(this.#input, new Uint32Array(slots));
    this.#segments = grown(this.#segments, new Float64Array(slots));
    this.#tlsSegments = grown(this.#tlsSegments, new Float64Array(slots));
    this.#randomSegments = grown(this.#randomSegments, new Float64Array(slots));
    this.#next = grown(this.#next, new Int32Array(slots * 2));
    this.#known = grown(this.#known, new Uint8Array(slots * 2));
    this.#left = grown(this.#left, new Int32Array(slots * 2));
    this.#headerBytes = grown(this.#headerBytes, new Uint8Array(slots * 2));
    this.#type = grown(this.#type, new Uint8Array(slots * 2));
    this.#length = grown(this.#length, new Int32Array(slots * 2));
    this.#isOpen = grown(this.#isOpen, new Uint8Array(slots));
    this.#free = grown(this.#free, new Int32Array(slots));
    this.#capacity = slots;
  }
}

/** Of random bytes half have the high bit set and hardly any is 0: text has none of the one, structures many zeros. */
function looksRandom(bytes: Uint8Array, from: number, end: number): boolean {
  const to = Math.min(end, from + SAMPLE_BYTES);
  let high = 0;
  let zeros = 0;
  for (let at = from; at < to; at++) {
    if (bytes[at] >= 0x80) high++;
    else if (bytes[at] === 0) zeros++;
  }
  const length = to - from;
  return length >= 8 && zeros <= 1 && high * 5 >= length && high * 5 <= length * 4;
}
