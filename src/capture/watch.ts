/**
 * Lasting flows that cannot be read: the sizes and times of what their two sides say, kept in a ring of numbers per
 * flow. A flow is watched once it has lived a while at a low rate; one that turns out to carry bulk is let go.
 * Of TLS each application-data record (RFC 8446 5.1) is a message, of anything else each segment with payload;
 * segments seen before are passed over, bytes that are missing are not waited for.
 *
 * HOT: `note` runs once a segment of a watched flow. Nothing is allocated in it.
 */
import type { StreamPacket } from './stream.ts';

/** Messages that a flow's ring holds; a power of two. */
export const RING = 256;
/** Flows that can be watched at once. */
export const MAX_WATCHED = 8192;
/** A ring that fills faster than this carries no shares. */
const LEAST_RING_US = 20_000_000;

const FIRST_SLOTS = 16;
const MINUTE_US = 60_000_000;
const MAX_SIZE = 0x7fff;
/** Records of one segment that are told apart. */
const MAX_RECORDS = 64;
/** Bytes of a segment that are looked at to tell ciphertext from text. */
const SAMPLE_BYTES = 16;

const APPLICATION_DATA = 0x17;
const FIRST_RECORD_TYPE = 0x14;
const LAST_RECORD_TYPE = 0x18;

/** What is known of a watched flow, copied out of the ring in the order of time. */
export interface WatchedFlow {
  /** Where the watch began: 1-based record within the input, and the input's ordinal; when, in us since 1970. */
  readonly record: number;
  readonly input: number;
  readonly startUs: number;
  /** us since 1970. */
  readonly timesUs: Float64Array;
  /** Bytes of each message, those of lane 1 negative. Of TLS without the record header. */
  readonly sizes: Int16Array;
  /** Messages over the whole watch, by lane. */
  readonly messages: readonly [number, number];
  /** Minutes in which something was said. */
  readonly activeMinutes: number;
  /** Time between the first and the last message of the watch, us. */
  readonly spanUs: number;
  /** Parts of the segments: TLS records, and bytes that look random. The rest is text or zeros. */
  readonly tlsShare: number;
  readonly randomShare: number;
}

export class Watch {
  #times = new Float64Array(FIRST_SLOTS * RING);
  #sizes = new Int16Array(FIRST_SLOTS * RING);
  #record = new Float64Array(FIRST_SLOTS);
  #input = new Uint32Array(FIRST_SLOTS);
  #count = new Float64Array(FIRST_SLOTS);
  #messages1 = new Float64Array(FIRST_SLOTS);
  #firstUs = new Float64Array(FIRST_SLOTS);
  #lastUs = new Float64Array(FIRST_SLOTS);
  #minute = new Float64Array(FIRST_SLOTS);
  #activeMinutes = new Uint32Array(FIRST_SLOTS);
  #segments = new Float64Array(FIRST_SLOTS);
  #tlsSegments = new Float64Array(FIRST_SLOTS);
  #randomSegments = new Float64Array(FIRST_SLOTS);
  /** Two entries a slot, one a lane: next sequence number, whether it is known, bytes left of a record. */
  #next = new Int32Array(FIRST_SLOTS * 2);
  #known = new Uint8Array(FIRST_SLOTS * 2);
  #left = new Int32Array(FIRST_SLOTS * 2);
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
    this.#firstUs[slot] = 0;
    this.#count[slot] = 0;
    this.#messages1[slot] = 0;
    this.#minute[slot] = -1;
    this.#activeMinutes[slot] = 0;
    this.#segments[slot] = 0;
    this.#tlsSegments[slot] = 0;
    this.#randomSegments[slot] = 0;
    this.#known[slot * 2] = 0;
    this.#known[slot * 2 + 1] = 0;
    this.#left[slot * 2] = 0;
    this.#left[slot * 2 + 1] = 0;
    return slot;
  }

  /** The flow of the slot is no longer watched. */
  close(slot: number): void {
    this.#free[this.#freeCount++] = slot;
  }

  /** Takes a segment with payload; false where the flow carries too much to be watched on. */
  note(slot: number, lane: 0 | 1, packet: StreamPacket, timeUs: number): boolean {
    const side = slot * 2 + lane;
    const length = packet.payloadBytes;
    const ahead = (packet.sequence - this.#next[side]) | 0;
    if (this.#known[side] === 1 && ahead < 0) return true; // seen before, or late
    if (ahead !== 0) this.#left[side] = 0; // the record's end was missed
    this.#known[side] = 1;
    this.#next[side] = (packet.sequence + length) | 0;
    this.#segments[slot]++;
    const bytes = packet.bytes;
    const end = packet.payloadEnd;
    let at = packet.payloadStart;
    if (this.#left[side] > 0) {
      // The rest of a record that began in an earlier segment.
      this.#tlsSegments[slot]++;
      if (this.#left[side] >= length) {
        this.#left[side] -= length;
        return true;
      }
      at += this.#left[side];
      this.#left[side] = 0;
      return this.#records(slot, lane, bytes, at, end, timeUs);
    }
    if (isRecordHead(bytes, at, end)) {
      this.#tlsSegments[slot]++;
      return this.#records(slot, lane, bytes, at, end, timeUs);
    }
    if (looksRandom(bytes, at, end)) this.#randomSegments[slot]++;
    return this.#add(slot, lane, length, timeUs);
  }

  /** What the slot knows. Allocates: for flows that are over. */
  read(slot: number): WatchedFlow {
    const count = this.#count[slot];
    const kept = Math.min(count, RING);
    const timesUs = new Float64Array(kept);
    const sizes = new Int16Array(kept);
    for (let i = 0; i < kept; i++) {
      const at = slot * RING + ((count - kept + i) & (RING - 1));
      timesUs[i] = this.#times[at];
      sizes[i] = this.#sizes[at];
    }
    const segments = Math.max(1, this.#segments[slot]);
    return {
      record: this.#record[slot],
      input: this.#input[slot],
      startUs: this.#firstUs[slot],
      timesUs,
      sizes,
      messages: [count - this.#messages1[slot], this.#messages1[slot]],
      activeMinutes: this.#activeMinutes[slot],
      spanUs: count === 0 ? 0 : this.#lastUs[slot] - this.#firstUs[slot],
      tlsShare: this.#tlsSegments[slot] / segments,
      randomShare: this.#randomSegments[slot] / segments,
    };
  }

  /** type 1, version 2 (3, 0 to 4), length 2, then the record; what follows begins the next one. */
  #records(slot: number, lane: 0 | 1, bytes: Uint8Array, from: number, end: number, timeUs: number): boolean {
    let at = from;
    for (let records = 0; records < MAX_RECORDS && at < end; records++) {
      if (!isRecordHead(bytes, at, end)) return true; // cut by the snap length, or a header over two segments
      const length = (bytes[at + 3] << 8) | bytes[at + 4];
      if (bytes[at] === APPLICATION_DATA && !this.#add(slot, lane, length, timeUs)) return false;
      at += 5 + length;
    }
    this.#left[slot * 2 + lane] = at > end ? at - end : 0;
    return true;
  }

  #add(slot: number, lane: 0 | 1, size: number, timeUs: number): boolean {
    const count = this.#count[slot];
    const at = slot * RING + (count & (RING - 1));
    // The place of the oldest message is taken next: how long ago was it?
    if (count >= RING && (count & (RING - 1)) === 0 && timeUs - this.#times[at] < LEAST_RING_US) return false;
    const kept = Math.max(1, Math.min(MAX_SIZE, size));
    this.#times[at] = timeUs;
    this.#sizes[at] = lane === 0 ? kept : -kept;
    this.#count[slot] = count + 1;
    if (lane === 1) this.#messages1[slot]++;
    if (count === 0) this.#firstUs[slot] = timeUs;
    this.#lastUs[slot] = timeUs;
    const minute = Math.floor(timeUs / MINUTE_US);
    if (minute !== this.#minute[slot]) {
      this.#minute[slot] = minute;
      this.#activeMinutes[slot]++;
    }
    return true;
  }

  #grow(): void {
    const slots = this.#capacity * 2;
    this.#times = grown(this.#times, new Float64Array(slots * RING));
    this.#sizes = grown(this.#sizes, new Int16Array(slots * RING));
    this.#record = grown(this.#record, new Float64Array(slots));
    this.#input = grown(this.#input, new Uint32Array(slots));
    this.#count = grown(this.#count, new Float64Array(slots));
    this.#messages1 = grown(this.#messages1, new Float64Array(slots));
    this.#firstUs = grown(this.#firstUs, new Float64Array(slots));
    this.#lastUs = grown(this.#lastUs, new Float64Array(slots));
    this.#minute = grown(this.#minute, new Float64Array(slots));
    this.#activeMinutes = grown(this.#activeMinutes, new Uint32Array(slots));
    this.#segments = grown(this.#segments, new Float64Array(slots));
    this.#tlsSegments = grown(this.#tlsSegments, new Float64Array(slots));
    this.#randomSegments = grown(this.#randomSegments, new Float64Array(slots));
    this.#next = grown(this.#next, new Int32Array(slots * 2));
    this.#known = grown(this.#known, new Uint8Array(slots * 2));
    this.#left = grown(this.#left, new Int32Array(slots * 2));
    this.#free = grown(this.#free, new Int32Array(slots));
    this.#capacity = slots;
  }
}

function isRecordHead(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    at + 5 <= end &&
    bytes[at] >= FIRST_RECORD_TYPE &&
    bytes[at] <= LAST_RECORD_TYPE &&
    bytes[at + 1] === 3 &&
    bytes[at + 2] <= 4
  );
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

function grown<A extends { set(source: ArrayLike<number>): void }>(old: A & ArrayLike<number>, larger: A): A {
  larger.set(old);
  return larger;
}
