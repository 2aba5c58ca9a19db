/**
 * The last messages of many flows: sizes and times in one ring of numbers per slot, and what the whole of them comes
 * to. A ring says when its flow is not worth watching: it carries bulk, or no side of it keeps to a size.
 *
 * HOT: `add` and `extend` run once a message. Nothing is allocated in them.
 */
import { grown } from './columns.ts';

/** Messages that a flow's ring holds; a power of two. */
export const RING = 256;
/** Slots that there are at first. */
export const FIRST_SLOTS = 16;
/** A ring that fills faster than this carries no shares. */
const LEAST_RING_US = 20_000_000;
/** After so many messages a flow is let go unless one side says mostly one size, as shares or requests have. */
const FIRST_JUDGED = 48;
const SHARE_WIDTH = 14;
const LEAST_CONSTANCY = 0.6;
const LEAST_SHARE = 60;
/** What one side sends within so short a time is one message, however it is cut. */
const TOGETHER_US = 1000;

const MINUTE_US = 60_000_000;
const MAX_SIZE = 0x7fff;

/** What a ring knows, copied out of it in the order of time. */
export interface Messages {
  /** us since 1970. */
  readonly timesUs: Float64Array;
  /** Bytes of each message, those of lane 1 negative. */
  readonly sizes: Int16Array;
  /** Messages over the whole time, by lane. */
  readonly messages: readonly [number, number];
  /** Minutes in which something was said. */
  readonly activeMinutes: number;
  /** Time of the first message, us since 1970, and from there to the last one, us. */
  readonly startUs: number;
  readonly spanUs: number;
}

export class MessageRings {
  #times = new Float64Array(FIRST_SLOTS * RING);
  #sizes = new Int16Array(FIRST_SLOTS * RING);
  #count = new Float64Array(FIRST_SLOTS);
  #messages1 = new Float64Array(FIRST_SLOTS);
  #firstUs = new Float64Array(FIRST_SLOTS);
  #lastUs = new Float64Array(FIRST_SLOTS);
  #minute = new Float64Array(FIRST_SLOTS);
  #activeMinutes = new Uint32Array(FIRST_SLOTS);
  /** 1 where the flow carries too much, or nothing that shares could be. */
  #isDull = new Uint8Array(FIRST_SLOTS);

  /** Empties a ring. */
  clear(slot: number): void {
    this.#count[slot] = 0;
    this.#messages1[slot] = 0;
    this.#firstUs[slot] = 0;
    this.#lastUs[slot] = 0;
    this.#minute[slot] = -1;
    this.#activeMinutes[slot] = 0;
    this.#isDull[slot] = 0;
  }

  /** True where the flow is not worth watching on. */
  isDull(slot: number): boolean {
    return this.#isDull[slot] === 1;
  }

  add(slot: number, lane: 0 | 1, size: number, timeUs: number): void {
    const count = this.#count[slot];
    const at = slot * RING + (count & (RING - 1));
    // The place of the oldest message is taken next: how long ago was it?
    if (count >= RING && (count & (RING - 1)) === 0 && timeUs - this.#times[at] < LEAST_RING_US) {
      this.#isDull[slot] = 1;
    }
    if (count === FIRST_JUDGED && !this.#isConstant(slot, 1) && !this.#isConstant(slot, -1)) {
      this.#isDull[slot] = 1;
    }
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
  }

  /** Adds to the last message where the same lane goes on at once; false where it does not. */
  extend(slot: number, lane: 0 | 1, bytes: number, timeUs: number): boolean {
    const count = this.#count[slot];
    if (count === 0 || timeUs - this.#lastUs[slot] >= TOGETHER_US) return false;
    const at = slot * RING + ((count - 1) & (RING - 1));
    const size = this.#sizes[at];
    if (size > 0 !== (lane === 0)) return false;
    const sum = Math.min(MAX_SIZE, Math.abs(size) + bytes);
    this.#sizes[at] = lane === 0 ? sum : -sum;
    this.#lastUs[slot] = timeUs;
    return true;
  }

  /** What the ring knows. Allocates: for flows that are over. */
  read(slot: number): Messages {
    const count = this.#count[slot];
    const kept = Math.min(count, RING);
    const from = slot * RING;
    const oldest = from + ((count - kept) & (RING - 1));
    return {
      timesUs: unrolled(this.#times, from, oldest, new Float64Array(kept)),
      sizes: unrolled(this.#sizes, from, oldest, new Int16Array(kept)),
      messages: [count - this.#messages1[slot], this.#messages1[slot]],
      activeMinutes: this.#activeMinutes[slot],
      startUs: this.#firstUs[slot],
      spanUs: this.#lastUs[slot] - this.#firstUs[slot],
    };
  }

  grow(slots: number): void {
    this.#times = grown(this.#times, new Float64Array(slots * RING));
    this.#sizes = grown(this.#sizes, new Int16Array(slots * RING));
    this.#count = grown(this.#count, new Float64Array(slots));
    this.#messages1 = grown(this.#messages1, new Float64Array(slots));
    this.#firstUs = grown(this.#firstUs, new Float64Array(slots));
    this.#lastUs = grown(this.#lastUs, new Float64Array(slots));
    this.#minute = grown(this.#minute, new Float64Array(slots));
    this.#activeMinutes = grown(this.#activeMinutes, new Uint32Array(slots));
    this.#isDull = grown(this.#isDull, new Uint8Array(slots));
  }

  /** True where most messages of a lane (1: lane 0, -1: lane 1) have one size, and none too small for a share. */
  #isConstant(slot: number, sign: number): boolean {
    const from = slot * RING;
    let count = 0;
    let most = 0;
    for (let i = from; i < from + FIRST_JUDGED; i++) {
      const size = this.#sizes[i] * sign;
      if (size <= 0) continue;
      count++;
      if (size < LEAST_SHARE) continue;
      let alike = 0;
      for (let j = from; j < from + FIRST_JUDGED; j++) {
        const above = this.#sizes[j] * sign - size;
        if (above >= 0 && above <= SHARE_WIDTH) alike++;
      }
      if (alike > most) most = alike;
    }
    return count > 0 && most >= count * LEAST_CONSTANCY;
  }
}

/** Fills `target` from the ring that begins at `from`, the oldest entry first. */
function unrolled<A extends Float64Array | Int16Array>(ring: A, from: number, oldest: number, target: A): A {
  const newer = Math.min(target.length, from + RING - oldest);
  target.set(ring.subarray(oldest, oldest + newer));
  target.set(ring.subarray(from, from + target.length - newer), newer);
  return target;
}
